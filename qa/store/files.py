"""Files that were read to their end: what is as it was need not be opened again, and what is gone can be told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from qa.models.archive import moment_text
from qa.models.deliveries import FileRead
from qa.store.database import Database
from qa.store.engine import Connection

Stamp = tuple[int, int, str]
"""A file's size, the moment of its last change in nanoseconds, and how it was read."""


class FileStates(Database):
    """The files of one catalogue, by the source that names them. Writing in it needs no lock on the archive."""

    def known(self, source: str) -> dict[str, Stamp]:
        """What was noted of each file of a source."""
        rows = self.rows("SELECT path, size, changed_ns, reading FROM files WHERE source = ?", (source,))
        return {row["path"]: (row["size"], row["changed_ns"], row["reading"]) for row in rows}

    def note(self, files: Iterable[FileRead], *, reading: str, at: datetime) -> None:
        """Notes that files were read; `reading` tells one way of reading them from another.

        An article that was in a file and is in it no more is kept in mind as absent, unless a part of the file could
        not be read.
        """
        with self.transaction() as connection:
            for file in files:
                articles, absent = _told(connection, file)
                connection.execute(
                    "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, path) DO UPDATE SET"
                    " size = excluded.size, changed_ns = excluded.changed_ns, reading = excluded.reading,"
                    " articles = excluded.articles, absent = excluded.absent, at = excluded.at",
                    (
                        *(file.source, file.path, file.size, file.changed_ns, reading),
                        *(json.dumps(sorted(ids)) for ids in (articles, absent)),
                        moment_text(at),
                    ),
                )

    def missing(self, gone: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
        """By source, the articles that none of its files names any more; `gone` are the paths of those not there.

        They may be articles of other sources, which are not its to take out.
        """
        lost = {(source, path) for source, paths in gone.items() for path in paths}
        candidates: dict[str, set[str]] = {source: set() for source in gone}
        present: dict[str, set[str]] = {source: set() for source in gone}
        for row in self.rows("SELECT source, path, articles, absent FROM files"):
            articles, absent = set(json.loads(row["articles"])), set(json.loads(row["absent"]))
            is_lost = (row["source"], row["path"]) in lost
            if row["source"] in gone:
                present[row["source"]] |= set() if is_lost else articles
                candidates[row["source"]] |= absent | articles if is_lost else absent
        return {source: candidates[source] - present[source] for source in gone}

    def forget(self, gone: Mapping[str, Iterable[str]]) -> None:
        """Forgets files that are not there, and what was absent in others of their sources."""
        with self.transaction() as connection:
            for source, paths in gone.items():
                connection.execute("UPDATE files SET absent = '[]' WHERE source = ?", (source,))
                connection.executemany(
                    "DELETE FROM files WHERE source = ? AND path = ?", [(source, path) for path in paths]
                )


def _told(connection: Connection, file: FileRead) -> tuple[set[str], set[str]]:
    """The articles of a file, and those that are absent in it."""
    row = connection.execute(
        "SELECT articles, absent FROM files WHERE source = ? AND path = ?", (file.source, file.path)
    ).fetchone()
    before = set(json.loads(row["articles"])) if row else set[str]()
    absent = set(json.loads(row["absent"])) if row else set[str]()
    if file.failed or file.scrolls:
        return before | file.articles, absent - file.articles
    return set(file.articles), (before | absent) - file.articles
