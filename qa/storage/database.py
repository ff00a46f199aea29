"""A file of SQLite: connections, transactions, and its errors in the words of the house."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from qa.errors import NotFound, ShelfBusy, ShelfError, ShelfFull
from qa.storage.queries import folded
from qa.storage.schema import MIGRATIONS, migrate
from qa.storage.stems import stemmed

_MANY = 500
"""Values bound in one statement; SQLite's oldest limit is 999."""


class Database:
    """One file, one connection per thread. Whoever opens it brings its tables up to date.

    `named` is what its file is called where something is wrong with it.
    """

    def __init__(self, path: Path, *, migrations: Sequence[str] = MIGRATIONS, named: str = "catalogue") -> None:
        self._path = path
        self._named = named
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        with self._guarded():
            migrate(self._connection, migrations, named=named)

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            connection.create_function("folded", 1, folded, deterministic=True)
            connection.create_function("stemmed", 2, stemmed, deterministic=True)
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
            if "locked" in str(error):
                raise ShelfBusy(
                    f"The {self._named} {self._path} is being written by another process. Try again in a minute."
                ) from error
            if "full" in str(error):
                raise ShelfFull(
                    "The disk is full: nothing of this batch was stored. Free some space and run it again."
                ) from error
            raise ShelfError(f"The {self._named} {self._path} can't be used: {error}. Run `qa check`.") from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with self._guarded() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with self._guarded() as connection:
            return connection.execute(sql, values).fetchall()

    def rows_of(self, sql: str, members: Sequence[object], *, first: Sequence[object] = ()) -> Iterator[sqlite3.Row]:
        """Rows of a query that ends in `IN (…)`, for any number of members; `first` are the values before it."""
        for start in range(0, len(members), _MANY):
            part = members[start : start + _MANY]
            yield from self.rows(sql.replace("(…)", f"({','.join('?' * len(part))})"), (*first, *part))

    def damage(self) -> list[str]:
        """What SQLite's own check finds wrong with the file."""
        return [row[0] for row in self.rows("PRAGMA quick_check") if row[0] != "ok"]

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()


def not_held(article_id: str) -> NotFound:
    return NotFound(f"The archive holds no article {article_id!r}. `qa list` shows what it holds.")
