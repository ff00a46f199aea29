"""When articles were last taken in, and what could not be read then."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from qa.models.archive import moment_text
from qa.models.deliveries import WITHIN, Failure, IngestReport
from qa.models.journal import AuditedAct
from qa.store.database import Database
from qa.store.journal.audit import note
from qa.store.rows import moment


@dataclass(frozen=True, slots=True)
class Import:
    """One run of the night road; `ended_at` is None where it was cut off."""

    begun_at: datetime
    ended_at: datetime | None
    added: int
    updated: int
    unchanged: int
    failed: int


class ImportLog:
    """The imports of one journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, at: datetime) -> int:
        """Notes that an import has begun; its number."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "INSERT INTO imports (begun_at) VALUES (?) RETURNING number", (moment_text(at),)
            ).fetchone()
        return int(row["number"])

    def end(self, number: int, report: IngestReport, *, paths: Iterable[str], at: datetime) -> None:
        """Notes how an import ended. `paths` are all the files it opened: what failed in them before is forgotten."""
        with self._database.transaction() as connection:
            connection.executemany(
                "DELETE FROM failures WHERE path = ?1 OR substr(path, 1, length(?2)) = ?2",
                [(path, f"{path}{WITHIN}") for path in paths],
            )
            connection.executemany(
                "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?)",
                [(failure.path, failure.line or 0, failure.reason, moment_text(at)) for failure in report.failed],
            )
            connection.execute(
                "UPDATE imports SET ended_at = ?, added = ?, updated = ?, unchanged = ?, failed = ? WHERE number = ?",
                (moment_text(at), report.added, report.updated, report.unchanged, len(report.failed), number),
            )

    def newest(self, *, limit: int = 1) -> list[Import]:
        rows = self._database.rows("SELECT * FROM imports ORDER BY number DESC LIMIT ?", (limit,))
        return [_import(row) for row in rows]

    def failures(self) -> list[tuple[Failure, datetime]]:
        """What could not be read and was not dismissed, with when that was."""
        rows = self._database.rows("SELECT * FROM failures ORDER BY at DESC, path, line")
        return [
            (Failure(row["path"], row["line"] or None, row["reason"]), datetime.fromisoformat(row["at"]))
            for row in rows
        ]

    def dismiss(self, path: str, line: int | None, *, by: str, at: datetime) -> bool:
        """Takes a failure off the list; False where it isn't on it."""
        with self._database.transaction() as connection:
            gone = connection.execute("DELETE FROM failures WHERE path = ? AND line = ?", (path, line or 0)).rowcount
            if gone:
                note(connection, AuditedAct(by, "dismiss failure", path, at, {"line": line}))
        return bool(gone)


def _import(row: sqlite3.Row) -> Import:
    return Import(
        datetime.fromisoformat(row["begun_at"]),
        moment(row["ended_at"]),
        row["added"],
        row["updated"],
        row["unchanged"],
        row["failed"],
    )
