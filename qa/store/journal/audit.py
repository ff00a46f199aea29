"""The journal's logs: what the staff did, each entry chained to those before, and what was ingested when."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from qa.models.archive import moment_text
from qa.models.deliveries import WITHIN, Failure, IngestReport
from qa.models.journal import BEGINNING, AuditedAct, AuditEntry, chain
from qa.store.engine import Connection, ResultRow
from qa.store.entries import moment, value_of
from qa.store.sqlite_file import Database

_AT_ONCE = 1_000  # entries read at once: a log may be longer than the memory holds


def note(connection: Connection, act: AuditedAct) -> None:
    """Adds an act to the log, within the transaction that does it: neither is ever there without the other."""
    last = connection.execute("SELECT number, chained FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    number, previous = (last["number"] + 1, last["chained"]) if last else (1, BEGINNING)
    sides = (json.dumps(dict(side), ensure_ascii=False) for side in (act.before, act.after))
    values = (number, act.by, act.what, act.subject, moment_text(act.at), *sides, chain(previous, number, act))
    connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """How far a log stands; entries cut off at its end break nothing: only a head noted elsewhere shows them."""

    entries: int  # that stand without a break
    head: str  # the digest of the last of them
    wrong: str = ""  # what breaks the chain there


class AuditLog(Database):
    """The audit log of one journal."""

    def add(self, act: AuditedAct) -> None:
        """Notes an act that changed something elsewhere. Raises StoreError."""
        with self.transaction() as connection:
            note(connection, act)

    def entries(self) -> Iterator[AuditEntry]:
        """The entries in order. Raises ValueError at one that can't be read."""
        page, after = "SELECT * FROM audit WHERE number > ? ORDER BY number LIMIT ?", 0
        while rows := self.rows(page, (after, _AT_ONCE)):
            yield from map(_entry, rows)
            after = rows[-1]["number"]

    def newest(self, *, limit: int, skipping: int = 0) -> list[AuditEntry]:
        """The newest entries first. Raises ValueError at one that can't be read."""
        newest = "SELECT * FROM audit ORDER BY number DESC LIMIT ? OFFSET ?"
        return [_entry(row) for row in self.rows(newest, (limit, skipping))]

    def count(self) -> int:
        return self.number("SELECT count(*) AS n FROM audit")

    def verified(self, *, head: str | None = None) -> ChainCheck:
        """Recomputes the chain; `head` is the digest of an entry that was noted before and has to be in it still."""
        number, previous = 0, BEGINNING
        met = head in (None, BEGINNING)
        try:
            for entry in self.entries():
                if entry.number != number + 1:
                    return ChainCheck(number, previous, f"Entry {number + 1} is missing: {entry.number} comes next.")
                if entry.chained != chain(previous, entry.number, entry.act):
                    return ChainCheck(number, previous, f"Entry {entry.number} was changed, or an entry before it.")
                number, previous = entry.number, entry.chained
                met = met or previous == head
        except ValueError:
            return ChainCheck(number, previous, f"Entry {number + 1} was changed: it can't be read.")
        lost = f"No entry has the digest {head}: entries were cut off at the end, or all were written anew."
        return ChainCheck(number, previous, "" if met else lost)


def _entry(row: ResultRow) -> AuditEntry:
    at = datetime.fromisoformat(row["at"])
    before, after = json.loads(row["before"]), json.loads(row["after"])
    if not isinstance(before, dict) or not isinstance(after, dict):
        raise ValueError(f"entry {row['number']} of the audit log is not as it is written")
    act = AuditedAct(row["who"], row["what"], row["subject"], at, before, after)
    return AuditEntry(row["number"], act, row["chained"])


def entry_json(entry: AuditEntry) -> dict[str, object]:
    """An entry with all that its digest is over."""
    act = entry.act
    values = {"number": entry.number, "at": moment_text(act.at), "by": act.by, "what": act.what, "subject": act.subject}
    return values | {"before": dict(act.before), "after": dict(act.after), "chained": entry.chained}


def changes(entry: AuditEntry) -> Iterator[tuple[str, object, object]]:
    """What an entry says that changed: name, before and after; None on the side where it says nothing."""
    before, after = entry.act.before, entry.act.after
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield name, before.get(name), after.get(name)


@dataclass(frozen=True, slots=True)
class Import:
    """One run of an import; `ended_at` is None where it was cut off."""

    begun_at: datetime
    ended_at: datetime | None
    added: int
    updated: int
    unchanged: int
    failed: int


class ImportLog(Database):
    """The imports of one journal."""

    def begin(self, at: datetime) -> int:
        """Notes that an import has begun; its number."""
        begun = "INSERT INTO imports (begun_at) VALUES (?) RETURNING number"
        with self.transaction() as connection:
            return int(connection.execute(begun, (moment_text(at),)).fetchone()["number"])

    def end(self, number: int, report: IngestReport, *, paths: Iterable[str], at: datetime) -> None:
        """Notes how an import ended. `paths` are all the files it opened: what failed in them before is forgotten."""
        with self.transaction() as connection:
            opened = "DELETE FROM failures WHERE path = ?1 OR substr(path, 1, length(CAST(?2 AS TEXT))) = ?2"
            connection.executemany(opened, [(path, f"{path}{WITHIN}") for path in paths])
            connection.executemany(
                "INSERT INTO failures VALUES (?, ?, ?, ?) ON CONFLICT (path, line)"
                " DO UPDATE SET reason = excluded.reason, at = excluded.at",
                [(failure.path, failure.line or 0, failure.reason, moment_text(at)) for failure in report.failed],
            )
            ended = "ended_at = ?, added = ?, updated = ?, unchanged = ?, failed = ?"
            counts = (report.added, report.updated, report.unchanged, len(report.failed))
            connection.execute(f"UPDATE imports SET {ended} WHERE number = ?", (moment_text(at), *counts, number))

    def newest(self, *, limit: int = 1) -> list[Import]:
        newest = "SELECT * FROM imports ORDER BY number DESC LIMIT ?"
        return [value_of(Import, row) for row in self.rows(newest, (limit,))]

    def last_ended(self) -> datetime | None:
        """When an ingestion last ended; None while none has. Raises StoreError."""
        (row,) = self.rows("SELECT max(ended_at) AS at FROM imports")
        return moment(row["at"])

    def failures(self) -> list[tuple[Failure, datetime]]:
        """What could not be read and was not dismissed, with when that was."""
        return [
            (Failure(row["path"], row["line"] or None, row["reason"]), datetime.fromisoformat(row["at"]))
            for row in self.rows("SELECT * FROM failures ORDER BY at DESC, path, line")
        ]

    def dismiss(self, path: str, line: int | None, *, by: str, at: datetime) -> None:
        """Takes a failure off the list, if it is on it."""
        dismissed = "DELETE FROM failures WHERE path = ? AND line = ?"
        with self.transaction() as connection:
            if connection.execute(dismissed, (path, line or 0)).rowcount:
                note(connection, AuditedAct(by, "dismiss failure", path, at, {"line": line}))
