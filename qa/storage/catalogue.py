"""The catalogue: the one truth about what the archive holds, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from qa.domain.annotations import Annotations
from qa.domain.archive import Article, Coverage, Passage, Source
from qa.domain.listing import Listed, Origins
from qa.domain.notices import Standing
from qa.errors import Withdrawn
from qa.ports import ALWAYS, Dates, Shelved, Vectors
from qa.storage import queries
from qa.storage.database import Database, not_held
from qa.storage.queries import READABLE, delete, match, within
from qa.storage.rows import (
    ARTICLE_COLUMNS,
    OWN_COLUMNS,
    STORED_PASSAGE,
    annotations_of,
    annotations_record,
    article_of,
    article_values,
    day,
    listed_of,
    origins_of,
    passage_of,
    passage_values,
    source_of,
    standing_of,
    vectors_of,
)


class Catalogue(Database):
    """Articles, passages, their vectors and the lexical index; one process writes them."""

    # — what is known of the archive as a whole —

    def meta(self, key: str) -> str | None:
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0]["value"] if rows else None

    def set_meta(self, key: str, value: str) -> None:
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def coverage(self) -> Coverage:
        (row,) = self._rows(
            "SELECT count(*) AS articles, min(published) AS first, max(published) AS last FROM articles a"
            f" WHERE {READABLE}"
        )
        return Coverage(row["articles"], day(row["first"]), day(row["last"]))

    def sources(self) -> list[tuple[Source, str]]:
        """Every article held, readable or not, as it stands now, and the path it was read from; by id."""
        rows = self._rows(
            f"SELECT {queries.STAFF_SOURCE}, a.path FROM articles a LEFT JOIN hidden h ON h.article_id = a.id"
            " WHERE a.state = 'live' ORDER BY a.id"
        )
        return [(source_of(row), row["path"]) for row in rows]

    def newest_titles(self, limit: int) -> list[str]:
        """Headlines of the newest readable articles that are dated, newest first."""
        rows = self._rows(
            f"SELECT a.title FROM articles a WHERE a.published IS NOT NULL AND {READABLE}"
            " ORDER BY a.published DESC, a.title DESC LIMIT ?",
            (limit,),
        )
        return [row["title"] for row in rows]

    def listed(self, between: Dates) -> list[Listed]:
        condition, values = within(between)
        return [listed_of(row) for row in self._rows(f"{queries.LISTED} {condition} ORDER BY a.id", values)]

    def origins(self) -> Origins:
        return origins_of(self._rows(queries.ORIGINS))

    def event_dates(self, article_ids: Iterable[str]) -> dict[str, str]:
        rows = self._rows_of(f"{queries.EVENT_DATES} AND a.id IN (…)", list(article_ids))
        return {row["id"]: row["event_date"] for row in rows}

    def article(self, article_id: str) -> Article:
        """One that readers may see. Raises NotFound, Withdrawn."""
        rows = self._rows(
            f"SELECT {queries.SEEN_SOURCE}, {OWN_COLUMNS} FROM articles a WHERE a.id = ? AND {READABLE}", (article_id,)
        )
        if rows:
            return article_of(rows[0])
        told = self._rows("SELECT * FROM hidden WHERE article_id = ? AND status = 'withdrawn'", (article_id,))
        if told:
            raise Withdrawn(article_id, reason=told[0]["reason"], day=day(told[0]["day"]))
        raise not_held(article_id)

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        """What is stored with these articles; only of those that readers may see."""
        rows = self._rows_of(f"{queries.ANNOTATED} AND a.id IN (…)", list(article_ids))
        return {row["id"]: annotations_of(row["record"]) for row in rows}

    def held(self, article_id: str) -> tuple[Article, Standing]:
        """For the staff: an article as it stands now, readable or not. Raises NotFound."""
        columns = f"{queries.STAFF_SOURCE}, {OWN_COLUMNS}, h.reason, h.day, h.until"
        row = self._one(article_id, f"SELECT {columns} FROM articles a LEFT JOIN hidden h ON h.article_id = a.id")
        return article_of(row), standing_of(row)

    def original(self, article_id: str) -> Article:
        """An article as its file has it, without what the staff said since. Raises NotFound."""
        return article_of(self._one(article_id, f"SELECT {ARTICLE_COLUMNS} FROM articles a"))

    def _one(self, article_id: str, sql: str) -> sqlite3.Row:
        """The row of an article that is held, of a query that needs but the condition. Raises NotFound."""
        rows = self._rows(f"{sql} WHERE a.id = ? AND a.state = 'live'", (article_id,))
        if not rows:
            raise not_held(article_id)
        return rows[0]

    def stored(self, article_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Digest and path of each of these articles that is live."""
        rows = self._rows_of(
            "SELECT id, digest, path FROM articles WHERE state = 'live' AND id IN (…)", list(article_ids)
        )
        return {row["id"]: (row["digest"], row["path"]) for row in rows}

    def erased(self, article_ids: Iterable[str]) -> set[str]:
        """Those of the ids whose text the staff had taken off the disk, and not let in again since."""
        rows = self._rows_of(
            "SELECT article_id FROM orders WHERE kind = 'erasure' AND article_id IN (…)", list(article_ids)
        )
        return {row["article_id"] for row in rows}

    # — changing it —

    def put_pending(self, batch: Sequence[Shelved]) -> list[int]:
        """Stores articles that nobody sees yet; returns the numbers of their passages, in order."""
        numbers: list[int] = []
        with self._transaction() as connection:
            for shelved in batch:
                connection.execute(
                    "DELETE FROM articles WHERE id = ? AND state = 'pending'", (shelved.article.article_id,)
                )
                values = article_values(shelved.article)
                cursor = connection.execute(
                    f"INSERT INTO articles ({ARTICLE_COLUMNS}, state, digest, path)"
                    f" VALUES ({'?,' * len(values)} 'pending', ?, ?)",
                    (*values, shelved.article.digest, shelved.path),
                )
                connection.execute(
                    "INSERT INTO annotations VALUES (?, ?)", (cursor.lastrowid, annotations_record(shelved.annotations))
                )
                for passage, vector in zip(shelved.passages, shelved.vectors, strict=True):
                    values = passage_values(passage, vector)
                    row = connection.execute(
                        f"INSERT INTO passages (article, {STORED_PASSAGE}) VALUES (?, ?, ?, ?, ?)",
                        (cursor.lastrowid, *values),
                    )
                    numbers.append(int(row.lastrowid or 0))
        return numbers

    def pending(self) -> list[int]:
        """Numbers of the passages that wait for their vectors to be indexed."""
        return [row["number"] for row in self._rows(f"{queries.PENDING_NUMBERS} ORDER BY p.number")]

    def drop_pending(self) -> None:
        """Forgets articles that never became live."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM articles WHERE state = 'pending'")

    def publish_pending(self, meta: Mapping[str, str] = MappingProxyType({})) -> None:
        """Makes every pending article live, in place of the one it replaces, and notes `meta`, in one step."""
        with self._transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(meta.items()))
            rows = connection.execute("SELECT number, id, title, body FROM articles WHERE state = 'pending'").fetchall()
            for row in rows:
                delete(connection, row["id"])
                connection.execute("UPDATE articles SET state = 'live' WHERE number = ?", (row["number"],))
                spans = connection.execute(
                    'SELECT number, start, "end" FROM passages WHERE article = ?', (row["number"],)
                ).fetchall()
                connection.executemany(
                    "INSERT INTO lexicon (rowid, title, text) VALUES (?, ?, ?)",
                    [(span["number"], row["title"], row["body"][span["start"] : span["end"]]) for span in spans],
                )

    def remove(self, article_id: str) -> None:
        """Takes an article off the shelf. Raises NotFound."""
        with self._transaction() as connection:
            if not delete(connection, article_id):
                raise not_held(article_id)
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('unscrubbed', '1')")

    def awaiting_erasure(self) -> list[str]:
        """Articles that are still held although the staff ordered their text off the disk."""
        rows = self._rows(
            "SELECT DISTINCT id FROM articles a JOIN orders o ON article_id = id WHERE o.kind = 'erasure'"
        )
        return [row["id"] for row in rows]

    def erase(self, article_ids: Sequence[str]) -> None:
        """Deletes articles and the words of their corrections, which may repeat theirs; the notices stay."""
        with self._transaction() as connection:
            for article_id in article_ids:
                delete(connection, article_id)
                for sql in queries.FORGETTING:
                    connection.execute(sql, (article_id,))
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('unscrubbed', '1')")

    def scrub(self) -> None:
        """Leaves nothing of what was deleted in the files: not in the lexical index, not in the log.

        After a removal the whole file is written anew. Where a reader keeps the log from being emptied, the removal
        stays marked as unscrubbed, and whoever opens the archive for writing next tries again.
        """
        removed = self.unscrubbed()
        self._rows("INSERT INTO lexicon (lexicon) VALUES ('optimize')")
        if removed:
            self._rows("VACUUM")
        ((busy, *_),) = self._rows("PRAGMA wal_checkpoint(TRUNCATE)")
        if removed and not busy:
            self._rows("DELETE FROM meta WHERE key = 'unscrubbed'")

    def unscrubbed(self) -> bool:
        """Whether words of an article that was removed may still be in a file."""
        return self.meta("unscrubbed") is not None

    # — finding —

    def vectors(self, numbers: Sequence[int]) -> tuple[list[int], Vectors]:
        """Stored vectors by number, pending ones too; numbers that are gone are left out."""
        rows = list(self._rows_of("SELECT number, vector FROM passages WHERE number IN (…)", numbers))
        return [row["number"] for row in rows], vectors_of([row["vector"] for row in rows])

    def readable_vectors(self, numbers: Sequence[int], *, between: Dates) -> tuple[list[int], Vectors]:
        """Those of the vectors that belong to readable articles within the dates."""
        condition, values = within(between)
        sql = (
            "SELECT p.number, p.vector FROM passages p JOIN articles a ON a.number = p.article"
            f" WHERE {READABLE} {condition} AND p.number IN (…)"
        )
        rows = list(self._rows_of(sql, numbers, first=values))
        return [row["number"] for row in rows], vectors_of([row["vector"] for row in rows])

    def passages(self, numbers: Sequence[int], *, between: Dates) -> dict[int, Passage]:
        """Passages by number, those of readable articles within the dates."""
        condition, values = within(between)
        rows = self._rows_of(
            f"SELECT {queries.SEEN_PASSAGE} FROM passages p JOIN articles a ON a.number = p.article"
            f" JOIN lexicon x ON x.rowid = p.number WHERE {READABLE} {condition} AND p.number IN (…)",
            numbers,
            first=values,
        )
        return {row["number"]: passage_of(row) for row in rows}

    def numbers(self) -> list[int]:
        """Numbers of all passages held, in order: an article that readers may not see today they may see tomorrow."""
        return [row["number"] for row in self._rows(f"{queries.HELD_NUMBERS} ORDER BY p.number")]

    def readable_numbers(self, *, between: Dates = ALWAYS) -> list[int]:
        """Numbers of the passages of readable articles within the dates, in order."""
        condition, values = within(between)
        rows = self._rows(f"{queries.READABLE_NUMBERS} {condition} ORDER BY p.number", values)
        return [row["number"] for row in rows]

    def matching(self, terms: Sequence[str], *, limit: int, between: Dates) -> list[tuple[int, float]]:
        """Numbers of readable passages with any of the terms and their BM25, higher is better, best first."""
        condition, values = within(between)
        # Few are hidden, so leaving them out is quicker than looking for all others.
        chosen = (
            f"NOT IN ({queries.HIDDEN_NUMBERS})" if between.open else f"IN ({queries.READABLE_NUMBERS} {condition})"
        )
        # The plus keeps SQLite from asking the lexicon once for each number: 1.5 s instead of 8 ms for 6,000 passages.
        rows = self._rows(
            "SELECT rowid AS number, -rank AS score FROM lexicon"
            f" WHERE lexicon MATCH ? AND +rowid {chosen} ORDER BY rank LIMIT ?",
            (match(terms), *values, limit),
        )
        return [(row["number"], row["score"]) for row in rows]

    def frequency(self, term: str) -> int:
        """In how many passages a term stands, of those that readers may see."""
        (row,) = self._rows(
            f"SELECT count(*) AS n FROM lexicon WHERE lexicon MATCH ? AND rowid NOT IN ({queries.HIDDEN_NUMBERS})",
            (match([term]),),
        )
        return int(row["n"])

    def each_article(self) -> Iterator[tuple[Article, str, list[Passage]]]:
        """Every article held, its stored digest, and its passages, their text as the lexical index has it."""
        for row in self._rows(
            f"SELECT number, digest, {ARTICLE_COLUMNS} FROM articles WHERE state = 'live' ORDER BY id"
        ):
            passages = self._rows(
                f"SELECT {queries.HELD_PASSAGE} FROM passages p JOIN articles a ON a.number = p.article"
                " LEFT JOIN lexicon x ON x.rowid = p.number WHERE p.article = ? ORDER BY p.start",
                (row["number"],),
            )
            yield article_of(row), row["digest"], [passage_of(passage) for passage in passages]

    def passage_ids(self, article_id: str) -> list[str]:
        rows = self._rows(
            'SELECT p.start, p."end" FROM passages p JOIN articles a ON a.number = p.article'
            " WHERE a.id = ? AND a.state = 'live' ORDER BY p.start",
            (article_id,),
        )
        return [f"{article_id}:{row['start']}-{row['end']}" for row in rows]

    def has_pending(self) -> bool:
        return bool(self._rows("SELECT 1 FROM articles WHERE state = 'pending' LIMIT 1"))

    def passage_count(self) -> int:
        (row,) = self._rows(f"SELECT count(*) AS n FROM passages WHERE number NOT IN ({queries.HIDDEN_NUMBERS})")
        return int(row["n"])

    def changed(self) -> bool:
        """Whether another process has written since this was last asked on this thread."""
        (row,) = self._rows("PRAGMA data_version")
        before: int | None = getattr(self._local, "data_version", None)
        self._local.data_version = row[0]
        return before is not None and before != row[0]

    def verify(self) -> list[str]:
        """What SQLite's own check finds wrong with the file."""
        rows = self._rows("PRAGMA quick_check")
        return [row[0] for row in rows if row[0] != "ok"]
