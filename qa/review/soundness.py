"""Whether the journal is as it should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.models.deliveries import Problem
from qa.review.auditing import verified
from qa.store.journal.opening import Journal

_NAMED = {
    "reviews": "review {} of a question, which counts as withheld until it is decided anew at the desk,",
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
