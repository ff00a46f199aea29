"""What changes the catalogue, each step in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from qa.models.annotations import Annotations
from qa.models.archive import Article
from qa.protocols import IndexedArticle
from qa.store import queries
from qa.store.checksums import intact
from qa.store.noted_state import NotedState
from qa.store.notices import write_awaited
from qa.store.queries import delete
from qa.store.rows import (
    ARTICLE_COLUMNS,
    STORED_PASSAGE,
    annotations_record,
    article_values,
    original_record,
    passage_values,
    sentence_bytes,
)
from qa.store.versions import keep_older, keep_replaced
from qa.text.language import DEFAULT, primary

NOW = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
KEEPING_WHAT_IS_KNOWN = """
    UPDATE articles AS new SET
        original = coalesce(new.original, old.original),
        source = old.source,
        stored_at = CASE WHEN new.digest = old.digest THEN old.stored_at ELSE new.stored_at END
    FROM articles AS old
    WHERE new.state = 'pending' AND old.state = 'live' AND old.id = new.id AND {intact}
""".replace("{intact}", intact("articles", "old"))
"""An article that is only encoded anew keeps when it was stored and what it was read from; a new text its source.

Nothing is taken over from a row that is damaged.
"""
FORGETTING = (
    "DELETE FROM articles WHERE id = ?",
    "DELETE FROM versions WHERE article_id = ?",
    "DELETE FROM awaiting WHERE article_id = ?",
    # A correction may repeat the words that it corrects.
    "UPDATE notices SET text = '', checksum = NULL WHERE article_id = ? AND kind = 'correction'",
)
"""What takes all that was said in and of an article out of the catalogue, by its id; who said it, and when, stays."""
UNSCRUBBED = "INSERT OR REPLACE INTO meta VALUES ('unscrubbed', '1')"


class CatalogueWriter(NotedState):
    """What changes articles in the catalogue; one process at a time may."""

    def put_live(self, batch: Sequence[IndexedArticle]) -> None:
        """Stores articles in place of those that they replace, in one step."""
        with self.transaction() as connection:
            for indexed in batch:
                _insert_pending(connection, indexed)
            _publish_pending(connection)

    def put_pending(self, batch: Sequence[IndexedArticle]) -> None:
        """Stores articles that nobody sees yet."""
        with self.transaction() as connection:
            for indexed in batch:
                _insert_pending(connection, indexed)

    def pending(self) -> list[int]:
        """Numbers of the passages that wait for all others to be encoded anew."""
        return [row["number"] for row in self.rows(f"{queries.PENDING_NUMBERS} ORDER BY p.number")]

    def drop_pending(self) -> None:
        """Forgets articles that never became live."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM articles WHERE state = 'pending'")

    def publish_pending(self, meta: Mapping[str, str]) -> None:
        """Makes every pending article live, in place of the one it replaces, and notes `meta`, in one step."""
        with self.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(meta.items()))
            _publish_pending(connection)

    def delete_articles(self, article_ids: Iterable[str]) -> None:
        """Deletes articles with their earlier texts."""
        with self.transaction() as connection:
            for article_id in article_ids:
                delete(connection, article_id)
                connection.execute("DELETE FROM versions WHERE article_id = ?", (article_id,))
            connection.execute(UNSCRUBBED)

    def awaiting_erasure(self) -> list[str]:
        """Articles that are still held although the staff ordered their text off the disk."""
        rows = self.rows("SELECT DISTINCT id FROM articles a JOIN orders o ON article_id = id WHERE o.kind = 'erasure'")
        return [row["id"] for row in rows]

    def erase(self, article_ids: Sequence[str]) -> None:
        """Deletes articles and the words of their corrections, which may repeat theirs; the notices stay."""
        with self.transaction() as connection:
            for article_id in article_ids:
                delete(connection, article_id)
                for sql in FORGETTING:
                    connection.execute(sql, (article_id,))
            connection.execute(UNSCRUBBED)

    def scrub(self, *, complete: bool = True) -> None:
        """Leaves nothing of what was deleted in the files: not in the lexical index, not in the log.

        After a removal the whole file is written anew. Where a reader keeps the log from being emptied, or it isn't
        `complete` since something is left elsewhere, the removal stays marked as unscrubbed, and whoever opens the
        archive for writing next tries again.
        """
        removed = self.unscrubbed()
        for index in queries.LEXICAL:
            self.rows(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
        if removed:
            self.rows("VACUUM")
        ((busy, *_),) = self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        if removed and complete and not busy:
            self.drop_copies()
            self.rows("DELETE FROM meta WHERE key = 'unscrubbed'")

    def unscrubbed(self) -> bool:
        """True while words of an article that was removed may still be in a file."""
        return self.meta("unscrubbed") is not None

    def delete_versions(self, article_id: str) -> int:
        """Deletes the earlier texts of an article; how many there were."""
        with self.transaction() as connection:
            count = connection.execute("DELETE FROM versions WHERE article_id = ?", (article_id,)).rowcount
            connection.execute(UNSCRUBBED)
        return count

    def relocate(self, paths: Mapping[str, str]) -> None:
        """Notes where articles are found now, by their ids."""
        with self.transaction() as connection:
            for article_id, path in paths.items():
                connection.execute("UPDATE articles SET path = ? WHERE id = ? AND state = 'live'", (path, article_id))

    def reassign(self, sources: Mapping[str, str]) -> None:
        """Makes live articles, and what was said about them, those of other sources, by their ids."""
        with self.transaction() as connection:
            for article_id, source in sources.items():
                connection.execute(
                    "UPDATE articles SET source = ? WHERE id = ? AND state = 'live'", (source, article_id)
                )
                connection.execute("UPDATE noted SET source = ? WHERE article_id = ?", (source, article_id))
                connection.execute("UPDATE OR IGNORE heard SET source = ? WHERE article_id = ?", (source, article_id))
                write_awaited(connection, article_id)

    def keep_older(self, article: Article, *, path: str) -> bool:
        """Keeps a text as an earlier version of an article that is held; False where it is kept already."""
        with self.transaction() as connection:
            (now,) = connection.execute(f"SELECT {NOW}").fetchone()
            return keep_older(connection, article, path=path, at=now)

    # — what was read out of the articles —

    def outdated(self, version: int) -> list[str]:
        """Articles whose annotations were made by another version, or never."""
        if self.meta("reading") == str(version):
            return []
        rows = self.rows(
            "SELECT a.id FROM articles a LEFT JOIN annotations n ON n.article = a.number"
            " WHERE a.state = 'live' AND a.damaged IS NULL"
            " AND coalesce(CASE WHEN json_valid(n.record) THEN json_extract(n.record, '$.version') END, 0) <> ?"
            " ORDER BY a.id",
            (version,),
        )
        return [row["id"] for row in rows]

    def annotate(self, annotated: Mapping[str, Annotations]) -> None:
        """Stores annotations, by the article's id, in place of those that are there."""
        with self.transaction() as connection:
            for article_id, annotations in annotated.items():
                connection.execute(
                    "INSERT OR REPLACE INTO annotations (article, record)"
                    " SELECT number, ? FROM articles WHERE id = ? AND state = 'live'",
                    (annotations_record(annotations), article_id),
                )


def _insert_pending(connection: sqlite3.Connection, indexed: IndexedArticle) -> None:
    connection.execute("DELETE FROM articles WHERE id = ? AND state = 'pending'", (indexed.article.article_id,))
    values = article_values(indexed.article)
    cursor = connection.execute(
        f"INSERT INTO articles ({ARTICLE_COLUMNS}, state, digest, path, original, source, stored_at)"
        f" VALUES ({'?,' * len(values)} 'pending', ?, ?, ?, ?, {NOW})",
        (*values, indexed.article.digest, indexed.path, original_record(indexed.original), indexed.source),
    )
    number = cursor.lastrowid
    connection.execute(
        "INSERT OR REPLACE INTO annotations (article, record) VALUES (?, ?)",
        (number, annotations_record(indexed.annotations)),
    )
    for passage, vectors in zip(indexed.passages, indexed.vectors, strict=True):
        row = connection.execute(
            f"INSERT INTO passages (article, {STORED_PASSAGE}) VALUES (?, ?, ?, ?, ?)",
            (number, *passage_values(passage, vectors)),
        )
        connection.execute(
            "INSERT OR REPLACE INTO sentence_vectors (passage, vectors) VALUES (?, ?)",
            (row.lastrowid, sentence_bytes(vectors.sentences)),
        )


def _publish_pending(connection: sqlite3.Connection) -> None:
    (now,) = connection.execute(f"SELECT {NOW}").fetchone()
    connection.execute(KEEPING_WHAT_IS_KNOWN)
    rows = connection.execute(
        "SELECT number, id, title, body, language FROM articles WHERE state = 'pending'"
    ).fetchall()
    for row in rows:
        keep_replaced(connection, row["id"], title=row["title"], body=row["body"], at=now)
        delete(connection, row["id"])
        connection.execute("UPDATE articles SET state = 'live' WHERE number = ?", (row["number"],))
        write_awaited(connection, row["id"])
        index_words(connection, row)


def index_words(connection: sqlite3.Connection, article: sqlite3.Row) -> None:
    """Enters the passages of an article in the lexical indexes."""
    spans = connection.execute(
        'SELECT number, start, "end" FROM passages WHERE article = ?', (article["number"],)
    ).fetchall()
    texts = [(span["number"], article["title"], article["body"][span["start"] : span["end"]]) for span in spans]
    connection.executemany("INSERT INTO lexicon (rowid, title, text) VALUES (?, ?, ?)", texts)
    if primary(article["language"]) != DEFAULT:
        connection.executemany(
            "INSERT INTO stemmed (rowid, title, text) VALUES (?1, stemmed(?2, ?4), stemmed(?3, ?4))",
            [(*text, article["language"]) for text in texts],
        )
