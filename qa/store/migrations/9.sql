-- One encoder understands all languages.
DROP TABLE IF EXISTS multilingual;
DELETE FROM meta WHERE key = 'multilingual';
-- The vectors of a passage's sentences, one after the other, each as `dimension` signed bytes.
CREATE TABLE sentence_vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages (number) ON DELETE CASCADE, vectors BLOB NOT NULL,
    checksum BLOB
);
-- Passages stored before have none: everything is to be encoded anew.
UPDATE meta SET value = value || ', passages alone' WHERE key = 'encoder';
