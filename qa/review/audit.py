"""The audit log read again: its chain recomputed, and its entries as JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa.models.archive import moment_text
from qa.models.deliveries import Problem
from qa.models.journal import BEGINNING, AuditEntry
from qa.store.journal.audit import AuditLog
from qa.store.journal.opening import Journal


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """How many entries of a log stand without a break, the digest of the last of them, and what breaks the chain there.

    Entries cut off at the end break nothing: only a head that was noted elsewhere shows them.
    """

    entries: int
    head: str
    wrong: str = ""


def verified(book: AuditLog, *, head: str | None = None) -> ChainCheck:
    """Recomputes the chain; `head` is the digest of an entry that was noted before and has to be in it still."""
    number, previous, wrong = 0, BEGINNING, ""
    met = head in (None, BEGINNING)
    try:
        for entry in book.entries():
            if entry.number != number + 1:
                wrong = f"Entry {number + 1} is missing: {entry.number} comes next."
            elif not entry.follows(previous):
                wrong = f"Entry {entry.number} was changed, or an entry before it."
            if wrong:
                break
            number, previous = entry.number, entry.chained
            met = met or previous == head
    except ValueError:
        wrong = f"Entry {number + 1} was changed: it can't be read."
    if not (met or wrong):
        wrong = f"No entry has the digest {head}: entries were cut off at the end, or all were written anew."
    return ChainCheck(number, previous, wrong)


def entry_json(entry: AuditEntry) -> dict[str, object]:
    """An entry with all that its digest is over."""
    act = entry.act
    sides = {"before": dict(act.before), "after": dict(act.after)}
    values = {"number": entry.number, "at": moment_text(act.at), "by": act.by, "what": act.what, "subject": act.subject}
    return values | sides | {"chained": entry.chained}


def changes(entry: AuditEntry) -> Iterator[tuple[str, object, object]]:
    """What an entry says that changed: name, before and after; None on the side where it says nothing."""
    before, after = entry.act.before, entry.act.after
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield name, before.get(name), after.get(name)


_NAMED = {
    "reviews": "review {} of a question, which counts as withheld until it is decided anew in the staff area,",
    "replies": "the kept reply {}, which is shown no more,",
    "records": "record {} of a question and its reply, which is shown no more,",
    "cited": "what record {} rests on, so that it needs a new check,",
    "judgements": "judgement {} of the staff",
    "rejected": "sentence {} that is not to be quoted again",
    "reports": "report {} of a reader",
    "accounts": "the account {}, which lets nobody in until its role or password is set anew by `qa user`,",
}
"""What the row of a table is, by what names it, and what follows."""


def journal_problems(journal: Journal, *, erased: Iterable[str]) -> Iterator[Problem]:
    """What is wrong with its file, its audit log, and with replies that still tell of articles to be erased."""
    yield from (Problem(None, f"the journal's file: {what}") for what in journal.damage())
    for table, key in journal.damaged_rows():
        yield Problem(None, f"the journal: {_NAMED[table].format(key)} is not as it was written")
    if wrong := verified(journal.audit).wrong:
        yield Problem(None, f"the audit log: {wrong}")
    for article_id in erased:
        if count := journal.records.telling_of(article_id):
            yield Problem(article_id, f"it is to be erased, and {count} kept replies still quote it")
