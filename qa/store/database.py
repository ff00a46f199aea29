"""One book of the archive, over whatever engine keeps its tables, and what a catalogue notes of the whole archive."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import NotFound, StoreDamaged, StoreMismatch
from qa.store.engine import Connection, Engine, ResultRow
from qa.store.sqlite_file import SqliteFile

_PASSAGES_ALONE = ", passages alone"
"""What a migration puts behind the name of the encoder of archives whose sentences have no vectors."""

_log = logging.getLogger(__name__)


class Database:
    """One book of the archive, in a file of SQLite (`place` is its path, `file` more of it) or in whatever engine."""

    def __init__(self, place: Path | Engine, **file: Any) -> None:
        engine: Engine = SqliteFile(place, **file) if isinstance(place, Path) else place
        self._engine = engine
        self.read_only, self.lexicon = engine.read_only, engine.lexicon
        self.rows, self.rows_of, self.snapshot, self.version = (
            engine.rows, engine.rows_of, engine.snapshot, engine.version,
        )  # fmt: skip
        self.transaction, self.insert, self.renumber = engine.transaction, engine.insert, engine.renumber
        self.damage, self.empty_log = engine.damage, engine.scrub

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


@dataclass(frozen=True, slots=True)
class PublishedIndex:
    """The generation of the vector index in use: `size` passages with numbers up to `covers`; none where that is 0."""

    generation: int
    covers: int
    size: int
    encoder: str | None


class NotedState(Database):
    """Values by their keys, in the catalogue's table `meta`."""

    def __init__(self, place: Path | Engine) -> None:
        super().__init__(place)
        self._questions_by: str | None = None

    def meta(self, key: str) -> str | None:
        rows = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0]["value"] if rows else None

    def set_meta(self, **values: str) -> None:
        """Notes values by their keys, in one step."""
        with self.transaction() as connection:
            note_meta(connection, values)

    def published(self) -> PublishedIndex:
        """The state of the vector index at one moment."""
        meta = {row["key"]: row["value"] for row in self.rows("SELECT key, value FROM meta")}
        texts = (meta.get(key, "") for key in ("generation", "generation_covers", "generation_size"))
        generation, covers, size = (int(text) if text.isdecimal() else 0 for text in texts)  # damaged, it is not used
        return PublishedIndex(generation, covers, size, meta.get("encoder"))

    def claim(self, fingerprint: str) -> None:
        """Makes the vectors that encoder's, if they are nobody's yet. Raises StoreMismatch."""
        if self.meta("encoder") is None:
            self.set_meta(encoder=fingerprint)
        self.require(fingerprint)

    def require(self, fingerprint: str) -> None:
        """Raises StoreMismatch where another encoder made the vectors, now or whenever some are read from now on."""
        self._questions_by = fingerprint
        self.require_same()

    def require_same(self) -> None:
        """Raises StoreMismatch where another encoder's vectors have taken the place of those that questions go by."""
        if self._questions_by is None or (encoder := self.meta("encoder")) in (None, self._questions_by):
            return
        if self.passages_alone():
            raise StoreMismatch(
                "This archive was encoded by an earlier version of archive-qa. Encode everything again with "
                "`qa reencode`; nothing else of it changes."
            )
        raise StoreMismatch(
            f"This archive was encoded by {encoder}, the encoder now set is {self._questions_by}. Set QA_ENCODER back "
            "and start again, or encode everything again with `qa reencode`."
        )

    def passages_alone(self) -> bool:
        """Whether an earlier version encoded passages without their sentences."""
        return (self.meta("encoder") or "").endswith(_PASSAGES_ALONE)


def note_meta(connection: Connection, values: Mapping[str, str]) -> None:
    sql = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    connection.executemany(sql, list(values.items()))


def not_held(article_id: str) -> NotFound:
    return NotFound(f"The archive holds no article {article_id!r}. `qa list` shows what it holds.")
