"""The catalogue's tables, as numbered migrations."""

from __future__ import annotations

import sqlite3

from qa.errors import ShelfMismatch

MIGRATIONS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    -- An article is pending until its vectors are in the index; only live ones are ever shown.
    CREATE TABLE articles (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'live')),
        digest TEXT NOT NULL,
        title TEXT NOT NULL,
        outlet TEXT NOT NULL,
        url TEXT,
        published TEXT,
        language TEXT NOT NULL,
        kind TEXT NOT NULL,
        status TEXT NOT NULL,
        summarises TEXT,
        event_date TEXT,
        derived_from TEXT,
        note TEXT,
        extra TEXT NOT NULL,
        path TEXT NOT NULL,
        body TEXT NOT NULL
    );
    CREATE UNIQUE INDEX article_id ON articles (id, state);
    CREATE INDEX article_published ON articles (published);
    CREATE TABLE passages (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        sentences TEXT NOT NULL,
        vector BLOB NOT NULL
    );
    CREATE INDEX passage_article ON passages (article);
    -- Holds live passages only; rowid is the passage's number.
    CREATE VIRTUAL TABLE lexicon USING fts5 (
        title, text, tokenize = "porter unicode61 remove_diacritics 2"
    );
    INSERT INTO meta VALUES ('generation', '1');
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """Brings a catalogue of any earlier version to the newest. Raises ShelfMismatch for a later one."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise ShelfMismatch(
            f"This archive was made by a newer version of archive-qa (catalogue {version}, this one knows "
            f"{len(MIGRATIONS)}). Upgrade archive-qa, or set QA_HOME to another folder."
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")
