CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('generation', '1');
-- Articles that are encoded anew are pending until all are; only live ones are ever shown. `corrections`, `embargo`
-- and `withdrawn` are what the article's own file says, `metadata` and `original` what its source says beside its
-- words, and what it was read from, as JSON.
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'live')), digest TEXT NOT NULL, title TEXT NOT NULL,
    outlet TEXT NOT NULL, url TEXT, published TEXT, language TEXT NOT NULL, kind TEXT NOT NULL,
    status TEXT NOT NULL, summarises TEXT, event_date TEXT, derived_from TEXT, note TEXT, extra TEXT NOT NULL,
    path TEXT NOT NULL, body TEXT NOT NULL, corrections TEXT NOT NULL DEFAULT '[]', embargo TEXT, withdrawn TEXT,
    metadata TEXT, original TEXT, stored_at TEXT
);
CREATE UNIQUE INDEX article_id ON articles (id, state);
CREATE INDEX article_published ON articles (published);
CREATE INDEX article_hidden ON articles (id, status, embargo) WHERE status NOT IN ('live', 'corrected');
CREATE INDEX article_language ON articles (language);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, sentences TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passage_article ON passages (article);
-- Live passages by their numbers; those that are not in English also without their language's endings.
CREATE VIRTUAL TABLE lexicon USING fts5 (
    title, text, tokenize = "porter unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE stemmed USING fts5 (title, text, tokenize = "unicode61 remove_diacritics 2");
-- What was read out of a body when it was taken in, as JSON; an article without a row is read when it is asked for.
CREATE TABLE annotations (
    article INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE, record TEXT NOT NULL
);
-- What the staff say of it. Kept by the article's id, so that it outlives the article and each new version of it,
-- with its digest at that time: what another version of its file says is heard again.
CREATE TABLE notices (
    number INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('correction', 'withdrawal', 'erasure', 'embargo', 'restoration')),
    text TEXT NOT NULL, day TEXT, until TEXT, digest TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
    review_on TEXT
);
-- The last word of the staff on whether an article may be read.
CREATE VIEW orders AS
    SELECT *, CASE
        WHEN kind IN ('withdrawal', 'erasure') THEN 'withdrawn'
        WHEN kind = 'embargo' AND until > strftime('%Y-%m-%dT%H:%M:%SZ', 'now') THEN 'embargoed'
        ELSE 'live' END AS status
    FROM notices
    WHERE number IN (SELECT max(number) FROM notices WHERE kind <> 'correction' GROUP BY article_id);
-- Earlier texts of articles, each with all that its file said: `record` is JSON. `status` is how it stood then.
CREATE TABLE versions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL, digest TEXT NOT NULL, status TEXT NOT NULL,
    record TEXT NOT NULL, path TEXT NOT NULL, stored_at TEXT, replaced_at TEXT NOT NULL
);
CREATE INDEX version_article ON versions (article_id, digest);
-- What items of the wire say of other ones, each heard once: the staff may have decided otherwise since. Of the
-- words there is but a digest, which outlives an erasure and tells nothing.
CREATE TABLE heard (
    article_id TEXT NOT NULL, kind TEXT NOT NULL, digest TEXT NOT NULL, path TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (article_id, kind, digest)
) WITHOUT ROWID;
-- Files that were read to their end, as they were then. `articles` are the ids of those in it, as JSON, `absent` of
-- those that were in it before and are not yet pruned.
CREATE TABLE files (
    source TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, changed_ns INTEGER NOT NULL,
    reading TEXT NOT NULL, articles TEXT NOT NULL, absent TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (source, path)
) WITHOUT ROWID;
