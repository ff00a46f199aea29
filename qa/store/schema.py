"""The catalogue's tables, as numbered migrations."""

from qa.store.checksums import CATALOGUE, adding

MIGRATIONS = (
    # What 0.1.0 made; before it there were five versions, which no archive has that was made by a release.
    *("",) * 5,
    """
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
    """,
    """
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
    """,
    f"""
    -- When an article that is not as it was stored was set aside: nobody is shown it until it is ingested again.
    ALTER TABLE articles ADD COLUMN damaged TEXT;
    CREATE INDEX article_damaged ON articles (number) WHERE damaged IS NOT NULL;
    {adding(name for name in CATALOGUE if name != "sentence_vectors")}
    -- One row for each article that readers may not see just now, whether or not it is held. A record that is no JSON
    -- any more ends no query.
    DROP VIEW IF EXISTS hidden;
    CREATE VIEW hidden AS
        SELECT article_id, status, text AS reason, day, until FROM orders WHERE status <> 'live'
        UNION ALL
        SELECT a.id, a.status,
            coalesce(CASE WHEN json_valid(a.withdrawn) THEN json_extract(a.withdrawn, '$.reason') END, ''),
            CASE WHEN json_valid(a.withdrawn) THEN json_extract(a.withdrawn, '$.date') END, a.embargo
        FROM articles a
        WHERE a.status NOT IN ('live', 'corrected') AND a.state = 'live'
            AND (a.status <> 'embargoed' OR a.embargo > strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
            AND NOT EXISTS (
                SELECT 1 FROM orders o WHERE o.article_id = a.id AND (o.status <> 'live' OR o.digest = a.digest)
            );
    """,
    """
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
    """,
    """
    -- Notices are few, and looked for in their table: damage to an index would hide what the staff said.
    DROP INDEX IF EXISTS notice_article;
    """,
    """
    -- The generation of the vector index holds passages up to a number, and so many. One of before, which was written
    -- to while it was in use, is used no more: whoever writes next builds another one.
    INSERT OR REPLACE INTO meta VALUES ('generation_covers', '0'), ('generation_size', '0');
    """,
)
