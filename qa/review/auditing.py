"""The audit log read again: its chain recomputed, and its entries as JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.models.archive import moment_text
from qa.models.journal import BEGINNING, AuditEntry
from qa.store.journal.audit import AuditLog


@dataclass(frozen=True, slots=True)
class Verified:
    """What the chain of a log tells.

    `entries` is how many stand from the first on without a break, `head` the digest of the last of them. `wrong`
    names what breaks the chain there, empty where all is well. Entries cut off at the end break nothing: only a head
    that was noted elsewhere shows them.
    """

    entries: int
    head: str
    wrong: str = ""


def verified(book: AuditLog, *, head: str | None = None) -> Verified:
    """Recomputes the chain; `head` is the digest of an entry that was noted before and has to be in it still."""
    number, previous = 0, BEGINNING
    met = head in (None, BEGINNING)
    entries = book.entries()
    while True:
        try:
            entry = next(entries, None)
        except ValueError:
            return Verified(number, previous, f"Entry {number + 1} was changed: it can't be read.")
        if entry is None:
            break
        if entry.number != number + 1:
            return Verified(number, previous, f"Entry {number + 1} is missing: {entry.number} comes next.")
        if not entry.follows(previous):
            return Verified(number, previous, f"Entry {entry.number} was changed, or an entry before it.")
        number, previous = entry.number, entry.chained
        met = met or previous == head
    if not met:
        wrong = f"No entry has the digest {head}: entries were cut off at the end, or all were written anew."
        return Verified(number, previous, wrong)
    return Verified(number, previous)


def entry_json(entry: AuditEntry) -> dict[str, object]:
    """An entry with all that its digest is over."""
    act = entry.act
    return {
        "number": entry.number,
        "at": moment_text(act.at),
        "by": act.by,
        "what": act.what,
        "subject": act.subject,
        "before": dict(act.before),
        "after": dict(act.after),
        "chained": entry.chained,
    }


def changes(entry: AuditEntry) -> Iterator[tuple[str, object, object]]:
    """What an entry says that changed: name, before and after; None on the side where it says nothing."""
    before, after = entry.act.before, entry.act.after
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield name, before.get(name), after.get(name)
