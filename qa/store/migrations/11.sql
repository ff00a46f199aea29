-- The generation of the vector index holds passages up to a number, and so many. One of before, which was written
-- to while it was in use, is used no more: whoever writes next builds another one.
INSERT OR REPLACE INTO meta VALUES ('generation_covers', '0'), ('generation_size', '0');
