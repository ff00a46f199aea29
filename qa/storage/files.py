"""Files that were read to their end: what is as it was need not be opened again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from qa.domain.archive import moment_text
from qa.domain.deliveries import FileRead
from qa.storage.database import Database

Stamp = tuple[int, int, str]
"""A file's size, the moment of its last change in nanoseconds, and how it was read."""


class FileBook(Database):
    """The files of one catalogue, by the source that names them. Writing in it needs no lock on the archive."""

    def known(self, source: str) -> dict[str, Stamp]:
        """What was noted of each file of a source."""
        rows = self.rows("SELECT path, size, changed_ns, reading FROM files WHERE source = ?", (source,))
        return {row["path"]: (row["size"], row["changed_ns"], row["reading"]) for row in rows}

    def sources(self) -> list[str]:
        """Names of the sources that files were read from."""
        return [row["source"] for row in self.rows("SELECT DISTINCT source FROM files ORDER BY source")]

    def note(self, files: Iterable[FileRead], *, source: str, reading: str, at: datetime) -> None:
        """Notes that files were read; `reading` tells one way of reading them from another."""
        with self.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)",
                [(one.path, source, one.size, one.changed_ns, reading, moment_text(at)) for one in files],
            )

    def forget(self, paths: Iterable[str]) -> None:
        with self.transaction() as connection:
            connection.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in paths])
