"""A reply without the words of sources that may not be quoted any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from qa.models.archive import Source
from qa.models.journal import sources_of
from qa.models.replies import (
    Agreement,
    Answer,
    CaseStatus,
    Citation,
    Conflict,
    Event,
    Party,
    Refusal,
    Reply,
    Statement,
)


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of a reply: None where nothing is. `statements` and `rows` count what was taken out."""

    reply: Reply | None
    statements: int = 0
    rows: int = 0


def remaining(reply: Reply, shown: Mapping[str, Source]) -> Remaining:
    """The reply out of the sources that may be shown, by id, each as it is to be printed.

    A quotation stays while its own source does. A sentence that somebody wrote stays while all its sources do: which
    of its words rest on which nobody can tell. Numbers stay as they were printed.
    """
    keeper = _Keeper(reply, shown)
    return keeper.answer(reply) if isinstance(reply, Answer) else keeper.refusal(reply)


class _Keeper:
    """Keeps what rests on certain sources only."""

    def __init__(self, reply: Reply, shown: Mapping[str, Source]) -> None:
        self._shown = shown
        self._hidden = {one.title for one in sources_of(reply) if one.article_id not in shown}

    def answer(self, answer: Answer) -> Remaining:
        kept = [self._statement(one) for one in answer.statements]
        statements = tuple(one for one in kept if one)
        gone = len(kept) - len(statements)
        conflicts = tuple(one for one in map(self._conflict, answer.conflicts) if one)
        cases = self._cases(answer.cases)
        rows = len(answer.parties) - sum(len(one.parties) for one in conflicts) + len(answer.cases) - len(cases)
        if not statements:
            return Remaining(None, gone, rows)
        agreement = self._agreement(answer.agreement)
        left = replace(answer, statements=statements, conflicts=conflicts, cases=cases, agreement=agreement)
        return Remaining(left, gone, rows)

    def refusal(self, refusal: Refusal) -> Remaining:
        nearest = self._sources(refusal.nearest)
        closest = tuple(one for one in map(self._quote, refusal.closest) if one)
        cases = self._cases(refusal.cases)
        rows = len(refusal.nearest) - len(nearest) + len(refusal.cases) - len(cases)
        return Remaining(replace(refusal, nearest=nearest, closest=closest, cases=cases), 0, rows)

    def _sources(self, sources: Iterable[Source]) -> tuple[Source, ...]:
        return tuple(self._shown[one.article_id] for one in sources if one.article_id in self._shown)

    def _quote(self, quote: Citation) -> Citation | None:
        source = self._shown.get(quote.source.article_id)
        return replace(quote, source=source) if source else None

    def _statement(self, statement: Statement) -> Statement | None:
        kept = [self._quote(one) for one in statement.quotes]
        needed = kept[:1] if statement.verbatim else kept
        if None in needed:
            return None
        quotes = tuple(one for one in kept if one)
        return replace(statement, quotes=quotes, event=self._event(statement.event))

    def _event(self, event: Event | None) -> Event | None:
        """An event by the headline of what is hidden has no name any more."""
        return None if event and event.by_headline and event.name in self._hidden else event

    def _conflict(self, conflict: Conflict) -> Conflict | None:
        """The rows that stay; with fewer than two nothing differs."""
        parties = tuple(one for one in map(self._party, conflict.parties) if one)
        return replace(conflict, parties=parties) if len(parties) > 1 else None

    def _party(self, party: Party) -> Party | None:
        quote = self._quote(party.quote)
        return replace(party, quote=quote, copies=self._sources(party.copies)) if quote else None

    def _agreement(self, agreement: Agreement | None) -> Agreement | None:
        """Nothing where a source is hidden: how many independent ones remain was never counted."""
        if agreement is None or any(one.article_id not in self._shown for one in agreement.sources):
            return None
        return replace(agreement, sources=self._sources(agreement.sources))

    def _cases(self, cases: Iterable[CaseStatus]) -> tuple[CaseStatus, ...]:
        kept = []
        for case in cases:
            quote = self._quote(case.quote)
            if quote:
                event = self._event(case.event) or Event(quote.source.title, case.event.date, by_headline=True)
                kept.append(replace(case, quote=quote, event=event))
        return tuple(kept)
