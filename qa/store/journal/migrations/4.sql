-- What speaks for a look at an answer is read in its reply. What was damaged before stays found.
UPDATE reviews SET checksum = {reviews} WHERE checksum IS {reviews_with_doubt};
ALTER TABLE reviews DROP COLUMN doubt;
