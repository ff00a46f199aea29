"""Digests of the files of an embedded index: one that is damaged would end the process that opens it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

PERSISTED = "index_metadata.pickle"
"""Chroma loads a segment's files where this one is among them, and leaves them as they are until it writes again."""

_REWRITTEN = "length.bin"
"""Chroma writes it at every opening."""


class Manifest:
    """The digests of a generation's files, in a file among them; there is none while they are written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "digests.json"

    def write(self) -> None:
        written = self._file.with_suffix(".new")
        written.write_text(json.dumps(dict(self._digests()), indent=0), encoding="utf-8")
        written.replace(self._file)

    def forget(self) -> None:
        self._file.unlink(missing_ok=True)

    def broken(self) -> list[str]:
        """Files that are not as they were written; nothing where no manifest was written. Raises OSError."""
        if not self._file.exists():
            return []
        try:
            noted = json.loads(self._file.read_bytes())
            expected = {str(name): str(digest) for name, digest in noted.items()}
        except (ValueError, AttributeError):
            return [self._file.name]
        current = dict(self._digests())
        return sorted(name for name in {*expected, *current} if expected.get(name) != current.get(name))

    def _digests(self) -> Iterator[tuple[str, str]]:
        for metadata in sorted(self._folder.rglob(PERSISTED)):
            for path in sorted(metadata.parent.iterdir()):
                if path.name != _REWRITTEN:
                    with path.open("rb") as file:
                        yield str(path.relative_to(self._folder)), hashlib.file_digest(file, "sha256").hexdigest()


def database_damage(path: Path) -> list[str]:
    """What SQLite's own check finds wrong with a file that another program keeps."""
    if not path.exists():
        return [f"{path.name} is missing"]
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.Error as error:
        return [f"{path.name}: {error}"]
    return [f"{path.name}: {row[0]}" for row in rows if row[0] != "ok"]
