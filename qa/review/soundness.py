"""Whether the journal is as it should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.domain.deliveries import Problem
from qa.review.auditing import verified
from qa.storage.journal.opening import Journal


def journal_problems(journal: Journal, *, erased: Iterable[str]) -> Iterator[Problem]:
    """What is wrong with its file, its audit log, and with replies that still tell of articles to be erased."""
    yield from (Problem(None, f"the journal's file: {what}") for what in journal.damage())
    if wrong := verified(journal.audit).wrong:
        yield Problem(None, f"the audit log: {wrong}")
    for article_id in erased:
        if count := journal.records.telling_of(article_id):
            yield Problem(article_id, f"it is to be erased, and {count} kept replies still quote it")
