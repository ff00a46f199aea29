"""What changes the catalogue, each step in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from qa.models.annotations import Annotations
from qa.models.archive import Article, moment_text
from qa.protocols import IndexedArticle
from qa.store import queries
from qa.store.checksums import intact
from qa.store.engine import Connection, Lexicon, ResultRow
from qa.store.noted_state import NotedState, note_meta
from qa.store.notices import write_awaited
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

PUBLISHED_AT_ONCE = 500

KEEPING_WHAT_IS_KNOWN = """
    UPDATE articles AS fresh SET
        original = coalesce(fresh.original, former.original),
        source = former.source,
        stored_at = CASE WHEN fresh.digest = former.digest THEN former.stored_at ELSE fresh.stored_at END
    FROM articles AS former
    WHERE fresh.state = 'pending' AND former.state = 'live' AND former.id = fresh.id AND {intact}
""".replace("{intact}", intact("articles", "former"))
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
UNSCRUBBED = {"unscrubbed": "1"}


_REPLACED = (
    "SELECT former.id FROM articles former JOIN articles fresh ON fresh.id = former.id"
    " WHERE former.state = 'live' AND fresh.state = 'pending'"
)
_AWAITED = "SELECT a.id FROM articles a JOIN awaiting w ON w.article_id = a.id WHERE a.state = 'pending'"
_HEARD_OF_ANOTHER = """
    UPDATE heard SET source = ?1
    WHERE article_id = ?2 AND coalesce(source, '') = (
        SELECT min(coalesce(h.source, '')) FROM heard h
        WHERE h.article_id = heard.article_id AND h.kind = heard.kind AND h.digest = heard.digest
    ) AND NOT EXISTS (
        SELECT 1 FROM heard h
        WHERE h.article_id = heard.article_id AND h.kind = heard.kind AND h.digest = heard.digest AND h.source = ?1
    )
"""
"""What was heard of an article twice, from two sources, is of the new one once."""


class CatalogueWriter(NotedState):
    """What changes articles in the catalogue."""

    def put_live(self, batch: Sequence[IndexedArticle]) -> None:
        """Stores articles in place of those that they replace, in one step."""
        with self.transaction() as connection:
            self._insert_pending(connection, batch)
            _publish_pending(connection, self.lexicon)

    def put_pending(self, batch: Sequence[IndexedArticle]) -> None:
        """Stores articles that nobody sees yet."""
        with self.transaction() as connection:
            self._insert_pending(connection, batch)

    def _insert_pending(self, connection: Connection, batch: Sequence[IndexedArticle]) -> None:
        batch = list({item.article.article_id: item for item in batch}.values())  # of two of one id the later counts
        at, signs = now(), ",".join("?" * len(ARTICLE_COLUMNS.split(",")))
        connection.executemany(
            "DELETE FROM articles WHERE id = ? AND state = 'pending'", [(item.article.article_id,) for item in batch]
        )
        numbers = self.insert(
            connection,
            f"INSERT INTO articles ({ARTICLE_COLUMNS}, state, digest, path, original, source, stored_at)"
            f" VALUES ({signs}, 'pending', ?, ?, ?, ?, ?) RETURNING number",
            [
                (
                    *article_values(item.article),
                    *(item.article.digest, item.path, original_record(item.original), item.source, at),
                )
                for item in batch
            ],
        )
        numbered = list(zip(numbers, batch, strict=True))
        connection.executemany(
            # A row that a flipped bit has parted from its article may have the number already.
            "INSERT INTO annotations (article, record) VALUES (?, ?)"
            " ON CONFLICT (article) DO UPDATE SET record = excluded.record, checksum = NULL",
            [(number, annotations_record(item.annotations)) for number, item in numbered],
        )
        passages = self.insert(
            connection,
            f"INSERT INTO passages (article, {STORED_PASSAGE}) VALUES (?, ?, ?, ?, ?) RETURNING number",
            [
                (number, *passage_values(passage, vectors))
                for number, item in numbered
                for passage, vectors in zip(item.passages, item.vectors, strict=True)
            ],
        )
        sentences = [sentence_bytes(vectors.sentences) for item in batch for vectors in item.vectors]
        connection.executemany(
            "INSERT INTO sentence_vectors (passage, vectors) VALUES (?, ?)"
            " ON CONFLICT (passage) DO UPDATE SET vectors = excluded.vectors, checksum = NULL",
            list(zip(passages, sentences, strict=True)),
        )

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
            note_meta(connection, meta)
            _publish_pending(connection, self.lexicon)

    def delete_articles(self, article_ids: Iterable[str]) -> None:
        """Deletes articles with their earlier texts."""
        with self.transaction() as connection:
            for article_id in article_ids:
                _delete(connection, self.lexicon, article_id)
                connection.execute("DELETE FROM versions WHERE article_id = ?", (article_id,))
            note_meta(connection, UNSCRUBBED)

    def awaiting_erasure(self) -> list[str]:
        """Articles that are still held although the staff ordered their text off the disk."""
        rows = self.rows("SELECT DISTINCT id FROM articles a JOIN orders o ON article_id = id WHERE o.kind = 'erasure'")
        return [row["id"] for row in rows]

    def erase(self, article_ids: Sequence[str]) -> None:
        """Deletes articles and the words of their corrections, which may repeat theirs; the notices stay."""
        with self.transaction() as connection:
            for article_id in article_ids:
                _delete(connection, self.lexicon, article_id)
                for sql in FORGETTING:
                    connection.execute(sql, (article_id,))
            note_meta(connection, UNSCRUBBED)

    def scrub(self, *, complete: bool = True) -> None:
        """Leaves nothing of what was deleted in the files: not in the lexical index, not in the log.

        After a removal the whole file is written anew. Where a reader keeps the log from being emptied, or it isn't
        `complete` since something is left elsewhere, the removal stays marked as unscrubbed, and whoever opens the
        archive for writing next tries again.
        """
        removed = self.unscrubbed()
        if self.empty_log(removed=removed) and removed and complete:
            self.drop_copies()
            with self.transaction() as connection:
                connection.execute("DELETE FROM meta WHERE key = 'unscrubbed'")

    def unscrubbed(self) -> bool:
        """True while words of an article that was removed may still be in a file."""
        return self.meta("unscrubbed") is not None

    def delete_versions(self, article_id: str) -> int:
        """Deletes the earlier texts of an article; how many there were."""
        with self.transaction() as connection:
            count = connection.execute("DELETE FROM versions WHERE article_id = ?", (article_id,)).rowcount
            note_meta(connection, UNSCRUBBED)
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
                connection.execute(_HEARD_OF_ANOTHER, (source, article_id))
                write_awaited(connection, article_id)

    def keep_older(self, article: Article, *, path: str) -> bool:
        """Keeps a text as an earlier version of an article that is held; False where it is kept already."""
        with self.transaction() as connection:
            return keep_older(connection, article, path=path, at=now())

    # — what was read out of the articles —

    def outdated(self, version: int) -> list[str]:
        """Articles whose annotations were made by another version, or never."""
        if self.meta("reading") == str(version):
            return []
        rows = self.rows(
            "SELECT a.id FROM articles a LEFT JOIN annotations n ON n.article = a.number"
            " WHERE a.state = 'live' AND a.damaged IS NULL"
            " AND coalesce(CAST(CASE WHEN json_valid(n.record) THEN json_extract(n.record, '$.version') END"
            " AS INTEGER), 0) <> ?"
            " ORDER BY a.id",
            (version,),
        )
        return [row["id"] for row in rows]

    def annotate(self, annotated: Mapping[str, Annotations]) -> None:
        """Stores annotations, by the article's id, in place of those that are there."""
        with self.transaction() as connection:
            for article_id, annotations in annotated.items():
                connection.execute(
                    "INSERT INTO annotations (article, record) SELECT number, ? FROM articles"
                    " WHERE id = ? AND state = 'live'"
                    " ON CONFLICT (article) DO UPDATE SET record = excluded.record, checksum = NULL",
                    (annotations_record(annotations), article_id),
                )


def now() -> str:
    return moment_text(datetime.now(UTC))


def _publish_pending(connection: Connection, lexicon: Lexicon) -> None:
    at = now()
    connection.execute(KEEPING_WHAT_IS_KNOWN)
    replaced, awaited = ({row["id"] for row in connection.execute(sql).fetchall()} for sql in (_REPLACED, _AWAITED))
    for articles in pages_of(connection, "state = 'pending'"):
        for article in articles:
            if article["id"] in replaced:
                keep_replaced(connection, article["id"], title=article["title"], body=article["body"], at=at)
                _delete(connection, lexicon, article["id"])
        connection.executemany(
            "UPDATE articles SET state = 'live' WHERE number = ?", [(article["number"],) for article in articles]
        )
        for article in articles:
            if article["id"] in awaited:
                write_awaited(connection, article["id"])
        index_words(connection, lexicon, articles)


def pages_of(connection: Connection, condition: str) -> Iterator[list[ResultRow]]:
    """Articles with what the lexical index needs of them, by number, some at once."""
    after = 0
    while rows := connection.execute(
        f"SELECT number, id, title, body, language FROM articles WHERE {condition} AND number > ?"
        f" ORDER BY number LIMIT {PUBLISHED_AT_ONCE}",
        (after,),
    ).fetchall():
        yield rows
        after = rows[-1]["number"]


def index_words(connection: Connection, lexicon: Lexicon, articles: Sequence[ResultRow]) -> None:
    """Enters the passages of articles in the lexical indexes."""
    lexicon.enter(connection, articles)


def _delete(connection: Connection, lexicon: Lexicon, article_id: str) -> None:
    """Deletes an article with its passages and their index entries, if it is there, within a transaction."""
    live = "SELECT number FROM articles WHERE id = ? AND state = 'live'"
    if (row := connection.execute(live, (article_id,)).fetchone()) is not None:
        lexicon.leave(connection, "?", (row["number"],))
        connection.execute("DELETE FROM articles WHERE number = ?", (row["number"],))
