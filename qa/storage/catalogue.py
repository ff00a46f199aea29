"""The catalogue: the one truth about what the archive holds, in SQLite."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from qa.domain.archive import Article, Coverage, Passage, Source
from qa.domain.listing import Listed, Origins
from qa.errors import NotFound, ShelfError, ShelfFull
from qa.ports import ALWAYS, Dates, Shelved, Vectors
from qa.storage.queries import LISTED, LIVE_NUMBERS, ORIGINS, PASSAGE_COLUMNS, folded, match, within
from qa.storage.rows import (
    ARTICLE_COLUMNS,
    SOURCE_COLUMNS,
    article_of,
    article_values,
    day,
    listed_of,
    origins_of,
    passage_of,
    sentences_text,
    source_of,
    vector_bytes,
    vectors_of,
)
from qa.storage.schema import migrate

_MANY = 500
"""Values bound in one statement; SQLite's oldest limit is 999."""


class Catalogue:
    """Articles, passages, their vectors and the lexical index. One connection per thread; one writing process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        with self._guarded():
            migrate(self._connection)

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            connection.create_function("folded", 1, folded, deterministic=True)
            connection.executescript(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                "PRAGMA secure_delete = ON; PRAGMA cache_size = -16384;"
            )
            self._local.connection = connection
            self._connections.append(connection)
        return connection

    @contextmanager
    def _guarded(self) -> Iterator[sqlite3.Connection]:
        """The connection; the database's own errors come out as errors of the shelf."""
        try:
            yield self._connection
        except sqlite3.Error as error:
            if "full" in str(error):
                raise ShelfFull(
                    "The disk is full: nothing of this batch was stored. Free some space and run it again."
                ) from error
            raise ShelfError(f"The catalogue {self._path} can't be used: {error}. Run `qa check`.") from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._guarded() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with self._guarded() as connection:
            return connection.execute(sql, values).fetchall()

    def _rows_of(self, sql: str, members: Sequence[object], *, first: Sequence[object] = ()) -> Iterator[sqlite3.Row]:
        """Rows of a query that ends in `IN (…)`, for any number of members; `first` are the values before it."""
        for start in range(0, len(members), _MANY):
            part = members[start : start + _MANY]
            yield from self._rows(sql.replace("(…)", f"({','.join('?' * len(part))})"), (*first, *part))

    # — what is known of the archive as a whole —

    def meta(self, key: str) -> str | None:
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0]["value"] if rows else None

    def set_meta(self, key: str, value: str) -> None:
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def coverage(self) -> Coverage:
        (row,) = self._rows(
            "SELECT count(*) AS articles, min(published) AS first, max(published) AS last FROM articles"
            " WHERE state = 'live' AND status = 'live'"
        )
        return Coverage(row["articles"], day(row["first"]), day(row["last"]))

    def sources(self) -> list[tuple[Source, str]]:
        rows = self._rows(f"SELECT {SOURCE_COLUMNS}, path FROM articles WHERE state = 'live' ORDER BY id")
        return [(source_of(row), row["path"]) for row in rows]

    def listed(self, between: Dates) -> list[Listed]:
        condition, values = within(between)
        return [listed_of(row) for row in self._rows(f"{LISTED} {condition} ORDER BY a.id", values)]

    def origins(self) -> Origins:
        return origins_of(self._rows(ORIGINS))

    def article(self, article_id: str) -> Article:
        rows = self._rows(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ? AND state = 'live'", (article_id,))
        if not rows:
            raise NotFound(f"The archive holds no article {article_id!r}. `qa list` shows what it holds.")
        return article_of(rows[0])

    def stored(self, article_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Digest and path of each of these articles that is live."""
        rows = self._rows_of(
            "SELECT id, digest, path FROM articles WHERE state = 'live' AND id IN (…)", list(article_ids)
        )
        return {row["id"]: (row["digest"], row["path"]) for row in rows}

    # — changing it —

    def put_pending(self, batch: Sequence[Shelved]) -> list[int]:
        """Stores articles that nobody sees yet; returns the numbers of their passages, in order."""
        numbers: list[int] = []
        with self._transaction() as connection:
            for shelved in batch:
                connection.execute(
                    "DELETE FROM articles WHERE id = ? AND state = 'pending'", (shelved.article.article_id,)
                )
                cursor = connection.execute(
                    f"INSERT INTO articles ({ARTICLE_COLUMNS}, state, digest, path)"
                    f" VALUES ({'?,' * 14} 'pending', ?, ?)",
                    (*article_values(shelved.article), shelved.article.digest, shelved.path),
                )
                for passage, vector in zip(shelved.passages, shelved.vectors, strict=True):
                    row = connection.execute(
                        'INSERT INTO passages (article, start, "end", sentences, vector) VALUES (?, ?, ?, ?, ?)',
                        (
                            cursor.lastrowid,
                            passage.start,
                            passage.end,
                            sentences_text(passage),
                            vector_bytes(vector),
                        ),
                    )
                    numbers.append(int(row.lastrowid or 0))
        return numbers

    def pending(self) -> list[int]:
        """Numbers of the passages that wait for their vectors to be indexed."""
        rows = self._rows(
            "SELECT p.number FROM passages p JOIN articles a ON a.number = p.article WHERE a.state = 'pending'"
            " ORDER BY p.number"
        )
        return [row["number"] for row in rows]

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
                _delete(connection, row["id"])
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
            if not _delete(connection, article_id):
                raise NotFound(f"The archive holds no article {article_id!r}. `qa list` shows what it holds.")
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('unscrubbed', '1')")

    def scrub(self) -> None:
        """Leaves nothing of what was deleted in the files: not in the lexical index, not in the log."""
        with self._transaction() as connection:
            connection.execute("INSERT INTO lexicon (lexicon) VALUES ('optimize')")
            connection.execute("DELETE FROM meta WHERE key = 'unscrubbed'")
        with self._guarded() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # — finding —

    def vectors(self, numbers: Sequence[int]) -> tuple[list[int], Vectors]:
        """Stored vectors by number, pending ones too; numbers that are gone are left out."""
        rows = list(self._rows_of("SELECT number, vector FROM passages WHERE number IN (…)", numbers))
        return [row["number"] for row in rows], vectors_of([row["vector"] for row in rows])

    def live_vectors(self, numbers: Sequence[int], *, between: Dates) -> tuple[list[int], Vectors]:
        """Those of the vectors that belong to live articles within the dates."""
        condition, values = within(between)
        sql = (
            "SELECT p.number, p.vector FROM passages p JOIN articles a ON a.number = p.article"
            f" WHERE a.state = 'live' {condition} AND p.number IN (…)"
        )
        rows = list(self._rows_of(sql, numbers, first=values))
        return [row["number"] for row in rows], vectors_of([row["vector"] for row in rows])

    def passages(self, numbers: Sequence[int], *, between: Dates) -> dict[int, Passage]:
        """Passages by number, those of live articles within the dates."""
        condition, values = within(between)
        rows = self._rows_of(
            f"SELECT {PASSAGE_COLUMNS} FROM passages p JOIN articles a ON a.number = p.article"
            f" JOIN lexicon x ON x.rowid = p.number WHERE a.state = 'live' {condition} AND p.number IN (…)",
            numbers,
            first=values,
        )
        return {row["number"]: passage_of(row) for row in rows}

    def numbers(self, *, between: Dates = ALWAYS) -> list[int]:
        """Numbers of all passages of live articles within the dates, in order."""
        condition, values = within(between)
        rows = self._rows(f"{LIVE_NUMBERS} {condition} ORDER BY p.number", values)
        return [row["number"] for row in rows]

    def matching(self, terms: Sequence[str], *, limit: int, between: Dates) -> list[tuple[int, float]]:
        """Numbers of passages in which any of the terms stands and their BM25, higher is better, best first."""
        condition, values = within(between)
        chosen = "" if between.open else f" AND rowid IN ({LIVE_NUMBERS} {condition})"
        rows = self._rows(
            f"SELECT rowid AS number, -rank AS score FROM lexicon WHERE lexicon MATCH ?{chosen} ORDER BY rank LIMIT ?",
            (match(terms), *values, limit),
        )
        return [(row["number"], row["score"]) for row in rows]

    def frequency(self, term: str) -> int:
        """In how many passages a term stands."""
        (row,) = self._rows("SELECT count(*) AS n FROM lexicon WHERE lexicon MATCH ?", (match([term]),))
        return int(row["n"])

    def each_article(self) -> Iterator[tuple[Article, str, list[Passage]]]:
        """Every live article, its stored digest, and its passages, their text as the lexical index has it."""
        for row in self._rows(
            f"SELECT number, digest, {ARTICLE_COLUMNS} FROM articles WHERE state = 'live' ORDER BY id"
        ):
            passages = self._rows(
                f"SELECT {PASSAGE_COLUMNS} FROM passages p JOIN articles a ON a.number = p.article"
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
        (row,) = self._rows("SELECT count(*) AS n FROM passages")
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

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()


def _delete(connection: sqlite3.Connection, article_id: str) -> bool:
    """Deletes a live article with its passages and their index entries."""
    live = "SELECT number FROM articles WHERE id = ? AND state = 'live'"
    connection.execute(
        f"DELETE FROM lexicon WHERE rowid IN (SELECT number FROM passages WHERE article IN ({live}))", (article_id,)
    )
    return connection.execute("DELETE FROM articles WHERE id = ? AND state = 'live'", (article_id,)).rowcount > 0
