"""What the catalogue notes of the archive as a whole: the encoder of its vectors, and the index made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qa.errors import StoreMismatch
from qa.store.database import Database
from qa.store.engine import Connection, Engine

_PASSAGES_ALONE = ", passages alone"
"""What a migration puts behind the name of the encoder of archives whose sentences have no vectors."""


@dataclass(frozen=True, slots=True)
class PublishedIndex:
    """The generation of the vector index in use: it holds passages with numbers up to `covers`, none where that is 0.

    `size` counts the vectors that it was made of; `encoder` made all vectors.
    """

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
        """Raises StoreMismatch where the vectors that were read are not of the encoder by which questions are asked.

        Another encoder's may have taken their place since the process began.
        """
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
    connection.executemany(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", list(values.items())
    )
