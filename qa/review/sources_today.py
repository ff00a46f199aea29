"""The sources of a reply that was given once, beside today's archive."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from qa.errors import NotFound, Withdrawn
from qa.i18n.forms import lead, long_date
from qa.i18n.locale import N_, _
from qa.models.archive import Article, Correction, Source
from qa.models.journal import Cited, Record
from qa.models.replies import CaseStatus, Citation, Event, Party, Refusal, Reply, Statement, sources_of

T = TypeVar("T")


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
    SourceChange.DETAILS: N_("The text is unchanged; other details changed since."),
    SourceChange.GONE: N_("No longer in the archive. Its words are not shown any more."),
}


@dataclass(frozen=True, slots=True)
class SourceToday:
    """A source as a reply named it, and what became of it.

    `article` is today's, None where its words may not be shown. `corrections` are those that are new in it; `reason`,
    which is public, and `day` tell of a withdrawal.
    """

    source: Source
    change: SourceChange
    article: Article | None = None
    corrections: tuple[Correction, ...] = ()
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
        change = SourceChange.CHANGED
    elif cited.digest == now.digest:
        return SourceToday(source, SourceChange.UNCHANGED, current)
    else:
        change = SourceChange.CORRECTED if new else SourceChange.DETAILS
    return SourceToday(source, change, current, new)


def remaining(reply: Reply, readable: Mapping[str, Source]) -> tuple[Reply | None, int, int]:
    """The reply out of the sources that may be shown, by id, each as it is to be printed; None where nothing is left.

    A quotation stays while its own source does. A sentence that somebody wrote stays while all its sources do: which
    of its words rest on which nobody can tell. Numbers stay as they were printed. With it how many statements, and how
    many rows about sources, were taken out.
    """
    hidden = {source.title for source in sources_of(reply) if source.article_id not in readable}

    def sources(named: Iterable[Source]) -> tuple[Source, ...]:
        return tuple(readable[source.article_id] for source in named if source.article_id in readable)

    def quotation(quote: Citation) -> Citation | None:
        source = readable.get(quote.source.article_id)
        return replace(quote, source=source) if source else None

    def named_event(event: Event | None) -> Event | None:
        """An event by the headline of what is hidden has no name any more."""
        return None if event and event.by_headline and event.name in hidden else event

    def statement_left(statement: Statement) -> Statement | None:
        needed = statement.quotes[:1] if statement.verbatim else statement.quotes
        if len(sources(quote.source for quote in needed)) < len(needed):
            return None
        return replace(statement, quotes=_left(quotation, statement.quotes), event=named_event(statement.event))

    def party_left(party: Party) -> Party | None:
        quote = quotation(party.quote)
        return replace(party, quote=quote, copies=sources(party.copies)) if quote else None

    def case_left(case: CaseStatus) -> CaseStatus | None:
        if not (quote := quotation(case.quote)):
            return None
        event = named_event(case.event) or Event(quote.source.title, case.event.date, by_headline=True)
        return replace(case, quote=quote, event=event)

    cases = _left(case_left, reply.cases)
    rows = len(reply.cases) - len(cases)
    if isinstance(reply, Refusal):
        nearest = sources(reply.nearest)
        left = replace(reply, nearest=nearest, closest=_left(quotation, reply.closest), cases=cases)
        return left, 0, rows + len(reply.nearest) - len(nearest)
    statements = _left(statement_left, reply.statements)
    # Of fewer than two parties nothing differs.
    parties = ((conflict, _left(party_left, conflict.parties)) for conflict in reply.conflicts)
    conflicts = tuple(replace(conflict, parties=named) for conflict, named in parties if len(named) > 1)
    rows += len(reply.parties) - sum(len(conflict.parties) for conflict in conflicts)
    agreement = reply.agreement
    if agreement and len(sources(agreement.sources)) < len(agreement.sources):
        agreement = None  # how many independent sources remain was never counted
    answer = replace(reply, statements=statements, conflicts=conflicts, cases=cases, agreement=agreement)
    return answer if statements else None, len(reply.statements) - len(statements), rows


def _left(change: Callable[[T], T | None], items: Iterable[T]) -> tuple[T, ...]:
    return tuple(changed for item in items if (changed := change(item)) is not None)
