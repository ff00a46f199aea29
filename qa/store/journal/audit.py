"""The audit log: what the staff did, in order, each entry chained to those before it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime

from qa.models.archive import moment_text
from qa.models.journal import BEGINNING, AuditedAct, AuditEntry, chain
from qa.store.database import Database

_AT_ONCE = 1_000
"""Entries read at once: a log may be longer than the memory holds."""


def note(connection: sqlite3.Connection, act: AuditedAct) -> AuditEntry:
    """Adds an act to the log, within the transaction that does it: neither is ever there without the other."""
    last = connection.execute("SELECT number, chained FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    number, previous = (last["number"] + 1, last["chained"]) if last else (1, BEGINNING)
    entry = AuditEntry(number, act, chain(previous, number, act))
    connection.execute(
        "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number, act.by, act.what, act.subject, moment_text(act.at),
            json.dumps(dict(act.before), ensure_ascii=False), json.dumps(dict(act.after), ensure_ascii=False),
            entry.chained,
        ),
    )  # fmt: skip
    return entry


class AuditLog:
    """The audit log of one journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, act: AuditedAct) -> AuditEntry:
        """Notes an act that changed something elsewhere. Raises StoreError."""
        with self._database.transaction() as connection:
            return note(connection, act)

    def entries(self, *, after: int = 0) -> Iterator[AuditEntry]:
        """The entries with numbers above `after`, in order. Raises ValueError at one that can't be read."""
        while rows := self._database.rows(
            "SELECT * FROM audit WHERE number > ? ORDER BY number LIMIT ?", (after, _AT_ONCE)
        ):
            yield from map(_entry, rows)
            after = rows[-1]["number"]

    def newest(self, *, limit: int, skipping: int = 0) -> list[AuditEntry]:
        """The newest entries first. Raises ValueError at one that can't be read."""
        rows = self._database.rows("SELECT * FROM audit ORDER BY number DESC LIMIT ? OFFSET ?", (limit, skipping))
        return [_entry(row) for row in rows]

    def count(self) -> int:
        (row,) = self._database.rows("SELECT count(*) AS n FROM audit")
        return int(row["n"])


def _entry(row: sqlite3.Row) -> AuditEntry:
    at = datetime.fromisoformat(row["at"])
    before, after = json.loads(row["before"]), json.loads(row["after"])
    if not isinstance(before, dict) or not isinstance(after, dict):
        raise ValueError(f"entry {row['number']} of the audit log is not as it is written")
    act = AuditedAct(row["who"], row["what"], row["subject"], at, before, after)
    return AuditEntry(row["number"], act, row["chained"])
