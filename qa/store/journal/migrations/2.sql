-- Questions that repeat words of an article that was erased, until the staff have them blanked or kept.
CREATE TABLE repeating (
    article_id TEXT NOT NULL, review INTEGER NOT NULL REFERENCES reviews (number) ON DELETE CASCADE,
    PRIMARY KEY (article_id, review)
) WITHOUT ROWID;
