"""One book of the archive, over whatever engine keeps its tables."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from qa.errors import NotFound, StoreDamaged
from qa.store.checksums import ChecksummedTable
from qa.store.engine import Connection, Engine, ResultRow
from qa.store.sqlite_file import SqliteFile

_log = logging.getLogger(__name__)


class Database:
    """One book of the archive, in a file of SQLite (where `place` is its path) or in whatever engine."""

    def __init__(
        self,
        place: Path | Engine,
        *,
        migrations: Sequence[str] | None = None,
        named: str = "catalogue",
        tables: Mapping[str, ChecksummedTable] | None = None,
    ) -> None:
        self._engine: Engine = (
            SqliteFile(place, migrations=migrations, named=named, tables=tables) if isinstance(place, Path) else place
        )
        self.lexicon = self._engine.lexicon
        self.scans = self._engine.scans

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written in it."""
        return self._engine.read_only

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[ResultRow]:
        return self._engine.rows(sql, values)

    def rows_of(self, sql: str, members: Sequence[Any], *, first: Sequence[Any] = ()) -> Iterator[ResultRow]:
        """Rows of a query that ends in `IN (…)`, for any number of members; `first` are the values before it."""
        return self._engine.rows_of(sql, members, first=first)

    def readable_rows_of(self, sql: str, members: Sequence[Any], *, first: Sequence[Any] = ()) -> Iterator[ResultRow]:
        """The same without the members that can't be read, because the part of the file that they are in is damaged."""
        try:
            rows = list(self.rows_of(sql, members, first=first))
        except StoreDamaged as error:
            if len(members) == 1:
                _log.error("a row was left out: %s", error)
                return
            half = len(members) // 2
            yield from self.readable_rows_of(sql, members[:half], first=first)
            yield from self.readable_rows_of(sql, members[half:], first=first)
        else:
            yield from rows

    def transaction(self) -> AbstractContextManager[Connection]:
        """All of a block or nothing, one after the other with whoever else writes in the same book."""
        return self._engine.transaction()

    def insert(self, connection: Connection, sql: str, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Inserts rows within a transaction, by a statement that returns the number of each; the numbers in order."""
        return self._engine.insert(connection, sql, rows)

    def snapshot(self) -> AbstractContextManager[None]:
        """All that this thread reads until the block ends is of one moment, whoever writes meanwhile."""
        return self._engine.snapshot()

    def version(self) -> int:
        """Counts up whenever something was committed since it was last asked, in this process or another one.

        Raises StoreError where it is written by others and this process can't follow.
        """
        return self._engine.version()

    def damage(self) -> list[str]:
        """What the engine's own checks find wrong, and tables that are not as they were made."""
        return self._engine.damage()

    def copy(self, target: Path) -> None:
        """Copies it as it is at one moment, whoever writes in it meanwhile. Raises StoreFull, StoreError."""
        self._engine.copy(target)

    def renumber(self, connection: Connection, tables: Sequence[str]) -> None:
        """Has tables into which rows were copied go on with the numbers after those."""
        self._engine.renumber(connection, tables)

    def drop_copies(self) -> None:
        """Deletes copies of it as it was before: what is taken out of the archive has to be out of them too."""
        self._engine.drop_copies()

    def empty_log(self, *, removed: bool = False) -> bool:
        """Leaves nothing of what was deleted in the files, which after a removal are written anew; False where
        somebody who reads keeps that from being done.
        """
        return self._engine.scrub(removed=removed)

    def close(self) -> None:
        self._engine.close()


def not_held(article_id: str) -> NotFound:
    return NotFound(f"The archive holds no article {article_id!r}. `qa list` shows what it holds.")
