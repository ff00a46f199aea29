"""Files that were read to their end: what is as it was need not be opened again, and what is gone can be told."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from qa.models.archive import moment_text
from qa.models.deliveries import FileRead
from qa.store.database import Database

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

        What is no longer in a file is kept in mind as absent, unless a part of the file could not be read.
        """
        with self.transaction() as connection:
            for file in files:
                known = "SELECT articles, absent FROM files WHERE source = ? AND path = ?"
                row = connection.execute(known, (file.source, file.path)).fetchone()
                before, absent = (set(json.loads(ids)) for ids in row or ("[]", "[]"))
                if file.failed or file.scrolls:
                    articles = before | file.articles
                else:
                    articles, absent = set(file.articles), before | absent
                listed = (json.dumps(sorted(ids)) for ids in (articles, absent - file.articles))
                connection.execute(
                    "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, path) DO UPDATE SET"
                    " size = excluded.size, changed_ns = excluded.changed_ns, reading = excluded.reading,"
                    " articles = excluded.articles, absent = excluded.absent, at = excluded.at",
                    (file.source, file.path, file.size, file.changed_ns, reading, *listed, moment_text(at)),
                )

    def missing(self, gone: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
        """By source, ids that none of its files names now, maybe of others; `gone` are paths that are not there."""
        lost = {(source, path) for source, paths in gone.items() for path in paths}
        absent: dict[str, set[str]] = {source: set() for source in gone}
        present: dict[str, set[str]] = {source: set() for source in gone}
        for row in self.rows("SELECT source, path, articles, absent FROM files"):
            if (source := row["source"]) in gone:
                absent[source].update(json.loads(row["absent"]))
                (absent if (source, row["path"]) in lost else present)[source].update(json.loads(row["articles"]))
        return {source: absent[source] - present[source] for source in gone}

    def forget(self, gone: Mapping[str, Iterable[str]]) -> None:
        """Forgets files that are not there, and what was absent in others of their sources."""
        with self.transaction() as connection:
            for source, paths in gone.items():
                connection.execute("UPDATE files SET absent = '[]' WHERE source = ?", (source,))
                connection.executemany(
                    "DELETE FROM files WHERE source = ? AND path = ?", [(source, path) for path in paths]
                )
