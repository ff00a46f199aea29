"""One book of the archive, over whatever engine keeps its tables."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from qa.errors import NotFound, StoreDamaged
from qa.store.engine import Engine, ResultRow
from qa.store.sqlite_file import SqliteFile

_log = logging.getLogger(__name__)


class Database:
    """One book of the archive, in a file of SQLite (where `place` is its path) or in whatever engine.

    `file` is what else there is to say of such a file.
    """

    def __init__(self, place: Path | Engine, **file: Any) -> None:
        engine: Engine = SqliteFile(place, **file) if isinstance(place, Path) else place
        self._engine = engine
        self.read_only, self.lexicon = engine.read_only, engine.lexicon
        self.rows, self.rows_of, self.snapshot, self.version = (
            engine.rows, engine.rows_of, engine.snapshot, engine.version,
        )  # fmt: skip
        self.transaction, self.insert, self.renumber = engine.transaction, engine.insert, engine.renumber
        self.damage, self.copy, self.drop_copies, self.empty_log = (
            engine.damage, engine.copy, engine.drop_copies, engine.scrub,
        )  # fmt: skip

    def readable_rows_of(self, sql: str, members: Sequence[Any], *, first: Sequence[Any] = ()) -> Iterator[ResultRow]:
        """Rows without the members that can't be read, because the part of the file that they are in is damaged."""
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

    def close(self) -> None:
        self._engine.close()


def not_held(article_id: str) -> NotFound:
    return NotFound(f"The archive holds no article {article_id!r}. `qa list` shows what it holds.")
