"""What changes the catalogue, each step in one transaction."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime

from qa.errors import Damaged
from qa.models.annotations import Annotations
from qa.models.archive import Article, moment_text
from qa.protocols import IndexedArticle
from qa.store.checksums import intact
from qa.store.database import NotedState, note_meta
from qa.store.engine import Connection, ResultRow
from qa.store.notices import write_awaited
from qa.store.rows import (
    ARTICLE_COLUMNS,
    HELD_ARTICLE,
    adapter,
    article_values,
    keep_version,
    sentence_bytes,
    sentences_record,
    vector_bytes,
    verified_article_of,
)

_AT_ONCE = 500
_KEEPING_WHAT_IS_KNOWN = f"""
    UPDATE articles AS fresh SET
        original = coalesce(fresh.original, former.original),
        source = former.source,
        stored_at = CASE WHEN fresh.digest = former.digest THEN former.stored_at ELSE fresh.stored_at END
    FROM articles AS former
    WHERE fresh.state = 'pending' AND former.state = 'live' AND former.id = fresh.id
        AND {intact("articles", "former")}
"""
"""An article that is only encoded anew keeps when it was stored and what it was read from; a new text its source."""

_FORGETTING = (
    "DELETE FROM versions WHERE article_id = ?",
    "DELETE FROM articles WHERE id = ?",
    "DELETE FROM awaiting WHERE article_id = ?",
    # A correction may repeat the words that it corrects; who said it, and when, stays.
    "UPDATE notices SET text = '', checksum = NULL WHERE article_id = ? AND kind = 'correction'",
)
_UNSCRUBBED = {"unscrubbed": "1"}
_ANEW = "ON CONFLICT ({key}) DO UPDATE SET {value} = excluded.{value}, checksum = NULL"
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

    # — putting articles —

    def put_live(self, batch: Sequence[IndexedArticle]) -> None:
        """Stores articles in place of those that they replace, in one step."""
        with self.transaction() as connection:
            self._insert_pending(connection, batch)
            self._publish_pending(connection)

    def put_pending(self, batch: Sequence[IndexedArticle]) -> None:
        """Stores articles that nobody sees yet."""
        with self.transaction() as connection:
            self._insert_pending(connection, batch)

    def drop_pending(self) -> None:
        """Forgets articles that never became live."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM articles WHERE state = 'pending'")

    def publish_pending(self, meta: Mapping[str, str]) -> None:
        """Makes every pending article live, in place of the one it replaces, and notes `meta`, in one step."""
        with self.transaction() as connection:
            note_meta(connection, meta)
            self._publish_pending(connection)

    def _insert_pending(self, connection: Connection, batch: Sequence[IndexedArticle]) -> None:
        batch = list({item.article.article_id: item for item in batch}.values())  # of two of one id the later counts
        at, signs = now(), ",".join("?" * len(ARTICLE_COLUMNS.split(",")))
        former = "DELETE FROM articles WHERE id = ? AND state = 'pending'"
        connection.executemany(former, [(item.article.article_id,) for item in batch])
        numbers = self.insert(
            connection,
            f"INSERT INTO articles ({ARTICLE_COLUMNS}, state, digest, path, original, source, stored_at)"
            f" VALUES ({signs}, 'pending', ?, ?, ?, ?, ?) RETURNING number",
            [
                (
                    *(*article_values(item.article), item.article.digest, item.path),
                    *(json.dumps(asdict(item.original)) if item.original else None, item.source, at),
                )
                for item in batch
            ],
        )
        numbered = list(zip(numbers, batch, strict=True))
        # A row that a flipped bit has parted from its article, or its passage, may have the number already.
        connection.executemany(
            f"INSERT INTO annotations (article, record) VALUES (?, ?) {_ANEW.format(key='article', value='record')}",
            [(number, adapter(Annotations).dump_json(item.annotations).decode()) for number, item in numbered],
        )
        encoded = [
            (number, passage, vectors)
            for number, item in numbered
            for passage, vectors in zip(item.passages, item.vectors, strict=True)
        ]
        passages = self.insert(
            connection,
            'INSERT INTO passages (article, start, "end", sentences, vector) VALUES (?, ?, ?, ?, ?) RETURNING number',
            [
                (number, passage.start, passage.end, sentences_record(passage), vector_bytes(vectors.passage))
                for number, passage, vectors in encoded
            ],
        )
        anew = _ANEW.format(key="passage", value="vectors")
        connection.executemany(
            f"INSERT INTO sentence_vectors (passage, vectors) VALUES (?, ?) {anew}",
            [
                (passage, sentence_bytes(vectors.sentences))
                for passage, (*_, vectors) in zip(passages, encoded, strict=True)
            ],
        )

    def _publish_pending(self, connection: Connection) -> None:
        at = now()
        connection.execute(_KEEPING_WHAT_IS_KNOWN)
        replaced, awaited = ({row["id"] for row in connection.execute(sql).fetchall()} for sql in (_REPLACED, _AWAITED))
        for articles in pages_of(connection, "state = 'pending'"):
            for article in articles:
                if article["id"] in replaced:
                    _keep_replaced(connection, article, at=at)
                    self._delete(connection, article["id"])
            newly_live = "UPDATE articles SET state = 'live' WHERE state = 'pending' AND number <= ?"
            connection.execute(newly_live, (articles[-1]["number"],))
            for article_id in awaited & {article["id"] for article in articles}:
                write_awaited(connection, article_id)
            self.lexicon.enter(connection, articles)

    # — taking articles out —

    def awaiting_erasure(self) -> list[str]:
        """Articles that are still held although the staff ordered their text off the disk."""
        rows = self.rows("SELECT DISTINCT id FROM articles a JOIN orders o ON article_id = id WHERE o.kind = 'erasure'")
        return [row["id"] for row in rows]

    def delete_articles(self, article_ids: Iterable[str], *, erasing: bool = False) -> None:
        """Deletes articles with their earlier texts; `erasing`, also what was said in notices of them."""
        with self.transaction() as connection:
            for article_id in article_ids:
                self._delete(connection, article_id)
                for sql in _FORGETTING[: None if erasing else 1]:
                    connection.execute(sql, (article_id,))
            note_meta(connection, _UNSCRUBBED)

    def _delete(self, connection: Connection, article_id: str) -> None:
        """Deletes an article with its passages and their index entries, if it is there."""
        live = "SELECT number FROM articles WHERE id = ? AND state = 'live'"
        if (row := connection.execute(live, (article_id,)).fetchone()) is not None:
            self.lexicon.leave(connection, row["number"])
            connection.execute("DELETE FROM articles WHERE number = ?", (row["number"],))

    def delete_versions(self, article_id: str) -> int:
        """Deletes the earlier texts of an article; how many there were."""
        with self.transaction() as connection:
            note_meta(connection, _UNSCRUBBED)
            return connection.execute("DELETE FROM versions WHERE article_id = ?", (article_id,)).rowcount

    def unscrubbed(self) -> bool:
        """Whether words of an article that was removed may still be in a file."""
        return self.meta("unscrubbed") is not None

    def scrub(self, *, complete: bool = True) -> None:
        """Leaves nothing of what was deleted in the files.

        Where a reader keeps the log in use, or it isn't `complete` since something is left elsewhere, a removal stays
        marked as unscrubbed, and whoever opens the archive for writing next tries again.
        """
        removed = self.unscrubbed()
        if self.empty_log(removed=removed) and removed and complete:
            with self.transaction() as connection:
                connection.execute("DELETE FROM meta WHERE key = 'unscrubbed'")

    # — what else is known of articles —

    def relocate(self, paths: Mapping[str, str]) -> None:
        """Notes where articles are found now, by their ids."""
        with self.transaction() as connection:
            sql = "UPDATE articles SET path = ? WHERE id = ? AND state = 'live'"
            connection.executemany(sql, [(path, article_id) for article_id, path in paths.items()])

    def reassign(self, sources: Mapping[str, str]) -> None:
        """Makes live articles, and what was said about them, those of other sources, by their ids."""
        with self.transaction() as connection:
            for article_id, source in sources.items():
                for sql in (
                    "UPDATE articles SET source = ? WHERE id = ? AND state = 'live'",
                    "UPDATE noted SET source = ? WHERE article_id = ?",
                    _HEARD_OF_ANOTHER,
                ):
                    connection.execute(sql, (source, article_id))
                write_awaited(connection, article_id)

    def keep_older(self, article: Article, *, path: str) -> bool:
        """Keeps a text that came after the one that replaced it; False where it is kept already."""
        with self.transaction() as connection:
            known = "SELECT 1 FROM versions WHERE article_id = ? AND digest = ?"
            if connection.execute(known, (article.article_id, article.digest)).fetchone():
                return False
            keep_version(connection, article, path=path, stored_at=now(), at=now())
        return True

    def outdated(self, version: int) -> list[str]:
        """Articles whose annotations were made by another version, or never."""
        if self.meta("reading") == str(version):
            return []
        read_by = "CAST(CASE WHEN json_valid(n.record) THEN json_extract(n.record, '$.version') END AS INTEGER)"
        sql = (
            "SELECT a.id FROM articles a LEFT JOIN annotations n ON n.article = a.number"
            f" WHERE a.state = 'live' AND a.damaged IS NULL AND coalesce({read_by}, 0) <> ? ORDER BY a.id"
        )
        return [row["id"] for row in self.rows(sql, (version,))]

    def all_read_by(self, version: int) -> None:
        """Notes that no article is `outdated`."""
        if self.meta("reading") != str(version):
            self.set_meta(reading=str(version))

    def annotate(self, annotated: Mapping[str, Annotations]) -> None:
        """Stores annotations, by the article's id, in place of those that are there."""
        with self.transaction() as connection:
            connection.executemany(
                "INSERT INTO annotations (article, record) SELECT number, ? FROM articles"
                f" WHERE id = ? AND state = 'live' {_ANEW.format(key='article', value='record')}",
                [
                    (adapter(Annotations).dump_json(annotations).decode(), article_id)
                    for article_id, annotations in annotated.items()
                ],
            )


def now() -> str:
    return moment_text(datetime.now(UTC))


def _keep_replaced(connection: Connection, fresh: ResultRow, *, at: str) -> None:
    """Keeps the live text of an article that another is about to replace, where their words differ."""
    row = connection.execute(
        f"SELECT {HELD_ARTICLE}, a.stored_at FROM articles a"
        " WHERE a.id = ? AND a.state = 'live' AND (a.title, a.body) <> (?, ?)",
        (fresh["id"], fresh["title"], fresh["body"]),
    ).fetchone()
    with suppress(Damaged):  # what is not as it was stored was never its text
        if row:
            keep_version(connection, verified_article_of(row), path=row["path"], stored_at=row["stored_at"], at=at)


def pages_of(connection: Connection, condition: str) -> Iterator[list[ResultRow]]:
    """Articles with what the lexical index needs of them, by number, some at once."""
    after, some = 0, f"{condition} AND number > ? ORDER BY number LIMIT {_AT_ONCE}"
    sql = f"SELECT number, id, title, body, language FROM articles WHERE {some}"
    while rows := connection.execute(sql, (after,)).fetchall():
        yield rows
        after = rows[-1]["number"]
