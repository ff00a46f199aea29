"""What the catalogue notes of the archive as a whole: the encoder of its vectors, and the index made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import StoreMismatch
from qa.store.database import Database
from qa.store.engine import Connection, Engine

PASSAGES_ALONE = ", passages alone"
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


def note_meta(connection: Connection, values: Mapping[str, str]) -> None:
    """Notes values by their keys, within a transaction."""
    connection.executemany(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", list(values.items())
    )


class NotedState(Database):
    """Values by their keys, in the catalogue's table `meta`."""

    def __init__(self, place: Path | Engine, **more: Any) -> None:
        super().__init__(place, **more)
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

    @property
    def fingerprint(self) -> str | None:
        """The encoder that made the vectors; None where there are none yet."""
        return self.meta("encoder")

    def require(self, fingerprint: str) -> None:
        """Raises StoreMismatch where another encoder made the vectors, now or whenever some are read from now on."""
        self._questions_by = fingerprint
        self.require_same()

    def require_same(self) -> None:
        """Raises StoreMismatch where the vectors are not of the encoder by which questions are asked.

        Asked after vectors were read: they may have been replaced by another encoder's since the process began.
        """
        encoder, questions_by = self.fingerprint, self._questions_by
        if questions_by is None or encoder in (None, questions_by):
            return
        if encoder and encoder.endswith(PASSAGES_ALONE):
            raise StoreMismatch(
                "This archive was encoded by an earlier version of archive-qa. Encode everything again with "
                "`qa reencode`; nothing else of it changes."
            )
        raise StoreMismatch(
            f"This archive was encoded by {encoder}, the encoder now set is {questions_by}. Set QA_ENCODER back and "
            "start again, or encode everything again with `qa reencode`."
        )

    @property
    def outdated_vectors(self) -> bool:
        """True where an earlier version encoded passages without their sentences."""
        return (self.meta("encoder") or "").endswith(PASSAGES_ALONE)
