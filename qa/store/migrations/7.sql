-- The source that an article is of, by its name in archive.toml; empty for those added by hand.
ALTER TABLE articles ADD COLUMN source TEXT NOT NULL DEFAULT '';
CREATE TABLE containing AS SELECT j.value AS id, f.source, f.path, f.at FROM files f, json_each(f.articles) j;
CREATE INDEX containing_id ON containing (id);
UPDATE articles SET source = coalesce(
    (SELECT c.source FROM containing c WHERE c.id = articles.id
        AND substr(articles.path || ' > ', 1, length(c.path) + 3) = c.path || ' > ' ORDER BY c.at DESC LIMIT 1),
    (SELECT c.source FROM containing c WHERE c.id = articles.id ORDER BY c.at DESC, c.source LIMIT 1),
    ''
);
DROP TABLE containing;
-- The source of each article that notices are kept about; it outlives the article.
CREATE TABLE noted (article_id TEXT PRIMARY KEY, source TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO noted SELECT id, source FROM articles WHERE state = 'live' AND id IN (SELECT article_id FROM notices);
INSERT OR IGNORE INTO noted SELECT n.article_id, f.source FROM notices n JOIN files f
    ON substr(n.who || ' > ', 1, length(f.path) + 12) = 'the item ' || f.path || ' > ';
-- What was heard before sources were noted, from whichever, has none.
ALTER TABLE heard RENAME TO heard_before;
CREATE TABLE heard (
    article_id TEXT NOT NULL, kind TEXT NOT NULL, digest TEXT NOT NULL, source TEXT, path TEXT NOT NULL,
    at TEXT NOT NULL
);
INSERT INTO heard SELECT article_id, kind, digest, NULL, path, at FROM heard_before;
DROP TABLE heard_before;
CREATE UNIQUE INDEX heard_once ON heard (article_id, kind, digest, source);
-- What items say of articles that are still to come; it becomes a notice with the article of that source.
CREATE TABLE awaiting (
    article_id TEXT NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, day TEXT,
    path TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX awaiting_article ON awaiting (article_id, source);
