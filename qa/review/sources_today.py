"""The sources of a reply that was given once, beside today's archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from qa.errors import NotFound, Withdrawn
from qa.i18n.forms import long_date
from qa.i18n.locale import N_, _
from qa.i18n.sources import lead
from qa.models.archive import Article, Correction, Source
from qa.models.journal import Cited, Record, sources_of
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

_DETAILS = {
    "outlet": N_("outlet"),
    "published": N_("date of publication"),
    "url": N_("address"),
    "language": N_("language"),
    "kind": N_("kind"),
    "summarises": N_("publication that is summarised"),
}
_CORRECTIONS, _NOTES = N_("corrections"), N_("notes")


class SourceChange(StrEnum):
    """What became of a source since a reply rested on it."""

    UNCHANGED = "unchanged"
    CORRECTED = "corrected"  # the same text, with a further correction
    CHANGED = "changed"  # another headline or text
    DETAILS = "details"  # the same text; something else that readers see of it differs
    WITHDRAWN = "withdrawn"
    GONE = "gone"  # not in the archive, or not for readers

    @property
    def quotable(self) -> bool:
        """Whether its words may still be shown."""
        return self not in (SourceChange.WITHDRAWN, SourceChange.GONE)


_WHAT = {
    SourceChange.UNCHANGED: N_("Unchanged since."),
    SourceChange.CORRECTED: N_("Corrected since; the text is unchanged."),
    SourceChange.CHANGED: N_("Its headline or text was changed since."),
    SourceChange.GONE: N_("No longer in the archive. Its words are not shown any more."),
}


@dataclass(frozen=True, slots=True)
class SourceToday:
    """A source as a reply named it, and what became of it.

    `article` is today's, None where its words may not be shown. `corrections` and `details` are what is new in it;
    `reason`, which is public, and `day` tell of a withdrawal.
    """

    source: Source
    change: SourceChange
    article: Article | None = None
    corrections: tuple[Correction, ...] = ()
    details: tuple[str, ...] = ()
    reason: str = ""
    day: date | None = None

    @property
    def article_id(self) -> str:
        return self.source.article_id

    @property
    def title(self) -> str | None:
        """The headline as it was, None where its words may not be shown: it is one of them."""
        return self.source.title if self.change.quotable else None

    def start_of(self, quote: Citation) -> int | None:
        """Where the words of a quote begin in today's article; None where they don't stand there."""
        if self.article is None:
            return None
        if self.article.body[quote.start : quote.end] == quote.text:
            return quote.start
        start = self.article.body.find(quote.text)
        return None if start < 0 else start

    @property
    def words(self) -> str:
        """What became of it, in sentences for the reader."""
        return " ".join((self.what, *(f"{lead(correction)}: {correction.text}" for correction in self.corrections)))

    @property
    def what(self) -> str:
        """The same without the texts of its corrections."""
        if self.change is SourceChange.WITHDRAWN:
            on = _(" on {day}", day=long_date(self.day)) if self.day else ""
            why = _(" Reason: {reason}", reason=self.reason) if self.reason else ""
            return _("Withdrawn from the archive{on}. Its words are not shown any more.{why}", on=on, why=why)
        if self.change is SourceChange.DETAILS:
            details = ", ".join(map(_, self.details))
            return _("The text is unchanged; other details changed since: {details}.", details=details)
        return _(_WHAT[self.change])


def sources_today(record: Record, article: Callable[[str], Article]) -> tuple[SourceToday, ...]:
    """Each source that a record's reply names beside today's article; those quoted first. Raises StoreError."""
    if record.reply is None:
        return ()
    cited = {version.article_id: version for version in record.cited}
    return tuple(_today(source, cited.get(source.article_id), article) for source in sources_of(record.reply))


def _today(source: Source, cited: Cited | None, article: Callable[[str], Article]) -> SourceToday:
    try:
        current = article(source.article_id)
    except Withdrawn as withdrawn:
        return SourceToday(source, SourceChange.WITHDRAWN, reason=withdrawn.reason, day=withdrawn.day)
    except NotFound:
        return SourceToday(source, SourceChange.GONE)
    new = tuple(correction for correction in current.source.corrections if correction not in source.corrections)
    now = Cited.of(current)
    if cited is None or cited.text != now.text:
        return SourceToday(source, SourceChange.CHANGED, current, new)
    if cited.digest == now.digest:
        return SourceToday(source, SourceChange.UNCHANGED, current)
    if new:
        return SourceToday(source, SourceChange.CORRECTED, current, new)
    return SourceToday(source, SourceChange.DETAILS, current, details=_differing(source, current.source))


def _differing(then: Source, now: Source) -> tuple[str, ...]:
    named = tuple(word for name, word in _DETAILS.items() if getattr(then, name) != getattr(now, name))
    if then.corrections != now.corrections:
        named += (_CORRECTIONS,)
    return named or (_NOTES,)


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of a reply: None where nothing is. `statements` and `rows` count what was taken out."""

    reply: Reply | None
    statements: int = 0
    rows: int = 0


def remaining(reply: Reply, readable: Mapping[str, Source]) -> Remaining:
    """The reply out of the sources that may be shown, by id, each as it is to be printed.

    A quotation stays while its own source does. A sentence that somebody wrote stays while all its sources do: which
    of its words rest on which nobody can tell. Numbers stay as they were printed.
    """
    keeper = _Keeper(reply, readable)
    return keeper.answer(reply) if isinstance(reply, Answer) else keeper.refusal(reply)


class _Keeper:
    """Keeps what rests on certain sources only."""

    def __init__(self, reply: Reply, readable: Mapping[str, Source]) -> None:
        self._readable = readable
        self._hidden = {source.title for source in sources_of(reply) if source.article_id not in readable}

    def answer(self, answer: Answer) -> Remaining:
        remaining_statements = [self._statement(item) for item in answer.statements]
        statements = tuple(item for item in remaining_statements if item)
        gone = len(remaining_statements) - len(statements)
        conflicts = tuple(item for item in map(self._conflict, answer.conflicts) if item)
        cases = self._cases(answer.cases)
        rows = len(answer.parties) - sum(len(item.parties) for item in conflicts) + len(answer.cases) - len(cases)
        if not statements:
            return Remaining(None, gone, rows)
        agreement = self._agreement(answer.agreement)
        left = replace(answer, statements=statements, conflicts=conflicts, cases=cases, agreement=agreement)
        return Remaining(left, gone, rows)

    def refusal(self, refusal: Refusal) -> Remaining:
        nearest = self._sources(refusal.nearest)
        closest = tuple(citation for citation in map(self._quote, refusal.closest) if citation)
        cases = self._cases(refusal.cases)
        rows = len(refusal.nearest) - len(nearest) + len(refusal.cases) - len(cases)
        return Remaining(replace(refusal, nearest=nearest, closest=closest, cases=cases), 0, rows)

    def _sources(self, sources: Iterable[Source]) -> tuple[Source, ...]:
        return tuple(self._readable[source.article_id] for source in sources if source.article_id in self._readable)

    def _quote(self, quote: Citation) -> Citation | None:
        source = self._readable.get(quote.source.article_id)
        return replace(quote, source=source) if source else None

    def _statement(self, statement: Statement) -> Statement | None:
        citations = [self._quote(citation) for citation in statement.quotes]
        needed = citations[:1] if statement.verbatim else citations
        if None in needed:
            return None
        quotes = tuple(citation for citation in citations if citation)
        return replace(statement, quotes=quotes, event=self._event(statement.event))

    def _event(self, event: Event | None) -> Event | None:
        """An event by the headline of what is hidden has no name any more."""
        return None if event and event.by_headline and event.name in self._hidden else event

    def _conflict(self, conflict: Conflict) -> Conflict | None:
        """The rows that stay; with fewer than two nothing differs."""
        parties = tuple(party for party in map(self._party, conflict.parties) if party)
        return replace(conflict, parties=parties) if len(parties) > 1 else None

    def _party(self, party: Party) -> Party | None:
        quote = self._quote(party.quote)
        return replace(party, quote=quote, copies=self._sources(party.copies)) if quote else None

    def _agreement(self, agreement: Agreement | None) -> Agreement | None:
        """Nothing where a source is hidden: how many independent ones remain was never counted."""
        if agreement is None or any(source.article_id not in self._readable for source in agreement.sources):
            return None
        return replace(agreement, sources=self._sources(agreement.sources))

    def _cases(self, cases: Iterable[CaseStatus]) -> tuple[CaseStatus, ...]:
        remaining_cases = []
        for case in cases:
            quote = self._quote(case.quote)
            if quote:
                event = self._event(case.event) or Event(quote.source.title, case.event.date, by_headline=True)
                remaining_cases.append(replace(case, quote=quote, event=event))
        return tuple(remaining_cases)
