"""A file of SQLite: connections, transactions, and its errors in the words of the house."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakSet

from qa.errors import NotFound, ShelfBusy, ShelfError, ShelfFull
from qa.storage.queries import folded
from qa.storage.schema import MIGRATIONS, migrate
from qa.storage.stems import stemmed

_MANY = 500
"""Values bound in one statement; SQLite's oldest limit is 999."""


# Each thread of a server has a connection of its own to each file, up to forty of them: 16 MiB for each were more than
# a gigabyte. What isn't here is in the system's cache of files.
_CACHE_KIB = 4_096


class _Held:
    """A thread's connection, closed when the thread has ended and its variables go."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


class Database:
    """One file, one connection per thread. Whoever opens it brings its tables up to date.

    `named` is what its file is called where something is wrong with it.
    """

    def __init__(self, path: Path, *, migrations: Sequence[str] = MIGRATIONS, named: str = "catalogue") -> None:
        self._path = path
        self._named = named
        self._local = threading.local()
        self._connections: WeakSet[_Held] = WeakSet()
        with self._guarded():
            migrate(self._connection, migrations, named=named)

    @property
    def _connection(self) -> sqlite3.Connection:
        held: _Held | None = getattr(self._local, "held", None)
        if held is None:
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            connection.create_function("folded", 1, folded, deterministic=True)
            connection.create_function("stemmed", 2, stemmed, deterministic=True)
            connection.executescript(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                f"PRAGMA secure_delete = ON; PRAGMA cache_size = -{_CACHE_KIB};"
            )
            held = self._local.held = _Held(connection)
            self._connections.add(held)
        return held.connection

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
        for held in list(self._connections):
            held.connection.close()
        self._connections.clear()
        self._local = threading.local()


def not_held(article_id: str) -> NotFound:
    return NotFound(f"The archive holds no article {article_id!r}. `qa list` shows what it holds.")
