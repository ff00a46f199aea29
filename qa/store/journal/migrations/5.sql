-- What a language model used for a reply, as JSON. What was damaged before stays found.
ALTER TABLE records ADD COLUMN usage TEXT;
UPDATE records SET checksum = {records} WHERE checksum IS {records_without_usage};
