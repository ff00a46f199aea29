"""Answers that are kept: recorded in the journal as they were shown, and looked up beside today's archive."""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from qa.answering.quoting import with_quotes, within_rights
from qa.errors import NotFound, Withdrawn
from qa.i18n.forms import lead, localized, long_date, number
from qa.i18n.locale import ENGLISH, N_, _, ngettext, use_locale
from qa.models.archive import Article, Correction, Coverage, Source
from qa.models.journal import Channel, Cited, Making, Record, Review, State
from qa.models.replies import Answer, Citation, Composer, Event, Refusal, Reply, sources_of
from qa.review.decisions import Look, key_of, version_now
from qa.store.journal.opening import Journal
from qa.store.journal.records import RecordStore


class SourceChange(StrEnum):
    """What became of a source since a reply rested on it."""

    UNCHANGED = "unchanged"
    CORRECTED = "corrected"  # the same text, with a further correction
    CHANGED = "changed"  # another headline or text
    DETAILS = "details"  # the same text; something else that readers see of it differs
    WITHDRAWN = "withdrawn"
    GONE = "gone"  # not in the archive, or not for readers


_WHAT = {
    SourceChange.UNCHANGED: N_("Unchanged since."),
    SourceChange.CORRECTED: N_("Corrected since; the text is unchanged."),
    SourceChange.CHANGED: N_("Its headline or text was changed since."),
    SourceChange.DETAILS: N_("The text is unchanged; other details changed since."),
    SourceChange.GONE: N_("No longer in the archive. Its words are not shown any more."),
}


@dataclass(frozen=True, slots=True)
class SourceToday:
    """A source as a reply named it, and what became of it."""

    source: Source
    change: SourceChange
    article: Article | None = None  # today's, None where its words may not be shown
    corrections: tuple[Correction, ...] = ()  # those that are new in it
    reason: str = ""  # of a withdrawal; public
    day: date | None = None  # likewise

    @property
    def article_id(self) -> str:
        return self.source.article_id

    @property
    def title(self) -> str | None:
        """The headline as it was, None where its words may not be shown: it is one of them."""
        return self.source.title if self.article else None

    def start_of(self, quote: Citation) -> int | None:
        """Where the words of a quote begin in today's article; None where they don't stand there."""
        body = self.article.body if self.article else ""
        if body[quote.start : quote.end] == quote.text:
            return quote.start
        return body.index(quote.text) if quote.text in body else None

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


def sources_today(record: Record, article: Look) -> tuple[SourceToday, ...]:
    """Each source that a record's reply names beside today's article; those quoted first. Raises StoreError."""
    cited = {version.article_id: version for version in record.cited}
    sources = sources_of(record.reply) if record.reply else ()
    return tuple(_today(source, cited.get(source.article_id), article) for source in sources)


def _today(source: Source, cited: Cited | None, article: Look) -> SourceToday:
    try:
        current = article(source.article_id)
    except Withdrawn as withdrawn:
        return SourceToday(source, SourceChange.WITHDRAWN, reason=withdrawn.reason, day=withdrawn.day)
    except NotFound:
        return SourceToday(source, SourceChange.GONE)
    now = Cited.of(current)
    if cited == now:
        return SourceToday(source, SourceChange.UNCHANGED, current)
    new = tuple(correction for correction in current.source.corrections if correction not in source.corrections)
    change = SourceChange.CORRECTED if new else SourceChange.DETAILS
    same_words = cited is not None and cited.text == now.text
    return SourceToday(source, change if same_words else SourceChange.CHANGED, current, new)


def remaining(reply: Reply, readable: Mapping[str, Source]) -> Reply | None:
    """The reply out of the sources that may be shown, by id, each as it is to be printed; None for nothing left."""
    # A quotation stays while its own source does, a sentence that somebody wrote while all its sources do: which of its
    # words rest on which nobody can tell. Numbers stay as they were printed.
    hidden = {source.title for source in sources_of(reply) if source.article_id not in readable}

    def sources(named: Iterable[Source]) -> tuple[Source, ...]:
        return tuple(readable[source.article_id] for source in named if source.article_id in readable)

    def quotation(quote: Citation) -> Citation | None:
        source = readable.get(quote.source.article_id)
        return replace(quote, source=source) if source else None

    def named_event(event: Event | None) -> Event | None:
        """An event by the headline of what is hidden has no name any more."""
        return None if event and event.by_headline and event.name in hidden else event

    left = with_quotes(reply, quotation, first_suffices=True)
    if left is None:
        return None
    titled = ((case, Event(case.quote.source.title, case.event.date, by_headline=True)) for case in left.cases)
    cases = tuple(replace(case, event=named_event(case.event) or event) for case, event in titled)
    if isinstance(left, Refusal):
        return replace(left, nearest=sources(left.nearest), cases=cases)
    statements = tuple(replace(statement, event=named_event(statement.event)) for statement in left.statements)
    conflicts = tuple(
        replace(conflict, parties=tuple(replace(party, copies=sources(party.copies)) for party in conflict.parties))
        for conflict in left.conflicts
    )
    agreement = left.agreement
    if agreement and len(sources(agreement.sources)) < len(agreement.sources):
        agreement = None  # how many independent sources remain was never counted
    return replace(left, statements=statements, conflicts=conflicts, cases=cases, agreement=agreement)


def _counts(reply: Reply | None) -> tuple[int, int]:
    """How many statements it has, and how many rows about sources."""
    if isinstance(reply, Answer):
        return len(reply.statements), len(reply.cases) + len(reply.parties)
    return 0, len(reply.cases) + len(reply.nearest) if reply else 0


@dataclass(frozen=True)
class Recorder:
    """Keeps replies in the journal. Safe between threads."""

    records: RecordStore
    article: Look
    making: Making
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def keep(self, reply: Reply, *, channel: Channel, seconds: float) -> str:
        """Keeps a whole reply, before it is shown; the id of its permanent address. Raises StoreError."""
        record = self.record(in_its_words(reply), channel=channel, seconds=seconds)
        self.records.add(record, key=key_of(reply.question, text=reply.understood_as))
        return record.answer_id

    def record(self, reply: Reply, *, channel: Channel, seconds: float) -> Record:
        """A record that isn't kept yet, with the articles as they are now."""
        sources = sources_of(reply)
        # Beside what it quotes the articles that print the corrections shown with it: their words are in it, too.
        printed = (correction.printed_in for source in sources for correction in source.corrections)
        names = dict.fromkeys([*(source.article_id for source in sources), *filter(None, printed)])
        # One that was taken back since the reply was made has no version: its page will say so.
        cited = tuple(version_now(name, self.article) or Cited(name, "", "") for name in names)
        answer_id, question = secrets.token_urlsafe(16), reply.question.text
        return Record(answer_id, self.now(), channel, question, reply, cited, self.making, seconds, reply.usage)


ANSWER_ID = re.compile(r"[A-Za-z0-9_-]{22}")  # what `secrets.token_urlsafe(16)` gives
SOFTWARE = N_("It can miss things; what counts are the articles.")
_COMPOSED = {
    Composer.STAFF: N_("Written by the staff of the archive."),
    Composer.MODEL: N_(
        "Automatic answer, written by a language model{by}; each sentence was checked against its sources."
    ),
    Composer.QUOTES: N_("Automatic answer, quotes only."),
    None: N_("Automatic reply: no answer was found in the archive."),
}


class Check(StrEnum):
    """How a reply stands with the staff."""

    UNCHECKED = "unchecked"
    CHECKED = "checked"
    OUTDATED = "outdated"  # it was checked, and something that it cites changed since: it needs a new check
    REPLACED = "replaced"  # another answer to the question stands
    WITHHELD = "withheld"


_PUT_RIGHT = N_("The staff of the archive have put this answer right{on}{why}")
_CHECKED = {
    Check.UNCHECKED: N_("Not checked by staff."),
    Check.CHECKED: N_("Checked by staff{on}."),
    Check.OUTDATED: N_("Checked by staff{on}, before something that it cites changed: it needs a new check."),
    Check.REPLACED: N_("Not checked by staff. Another answer to this question was checked{on}."),
    Check.WITHHELD: N_("The staff of the archive have withheld this answer{on}{why}"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What the staff made of a reply: on which `day`, and a public `reason`. `standing` is the answer that stands."""

    check: Check
    day: date | None = None
    reason: str = ""
    standing: str | None = None
    edited: bool = False

    @property
    def words(self) -> str:
        """In a sentence for the reader."""
        words = _PUT_RIGHT if self.check is Check.REPLACED and self.edited else _CHECKED[self.check]
        on = _(" on {day}", day=long_date(self.day)) if self.day else ""
        return _(words, on=on, why=f": {self.reason}" if self.reason else ".")


@dataclass(frozen=True, slots=True)
class PermanentAnswer:
    """A record beside today's archive; `reply` is without what may not be shown any more, None where all is gone."""

    record: Record
    reply: Reply | None
    sources: tuple[SourceToday, ...]
    checked: Checked
    statements_out: int = 0
    rows_out: int = 0

    @property
    def answer_id(self) -> str:
        return self.record.answer_id

    def address(self, base: str) -> str:
        """The permanent address; `base` is the address of the site, without a slash at its end."""
        return f"{base}/answer/{self.answer_id}"

    @property
    def withheld(self) -> bool:
        return self.checked.check is Check.WITHHELD

    @property
    def locale(self) -> str:
        """The language that its own words are in."""
        return self.record.reply.question.locale if self.record.reply else ENGLISH

    @property
    def made(self) -> Composer | None:
        """Who put it together; None for a refusal, and where it isn't known any more."""
        if self.record.channel is Channel.STAFF:
            return Composer.STAFF
        return self.record.reply.composed_by if isinstance(self.record.reply, Answer) else None

    @property
    def missing(self) -> str:
        """Why there is no reply; empty where there is one."""
        if self.reply is not None:
            return ""
        if self.record.reply is not None:
            return _("Nothing of this answer may be shown any more: its sources were taken out of the archive.")
        return _(
            "An article that this answer quoted was erased from the archive. What the answer said is not kept any more."
        )

    @property
    def as_of(self) -> date | None:
        """The newest date that the reply rests on; of a refusal that of the newest article then."""
        if self.reply is None:
            return None
        return self.reply.as_of if isinstance(self.reply, Answer) else self.reply.coverage.last

    @property
    def software(self) -> str:
        """What to make of it, as every page and file says it."""
        return _(SOFTWARE)

    @property
    def composed(self) -> str:
        """Who put it together, in a sentence for the reader."""
        model = self.record.making.model
        return _(_COMPOSED[self.made], by=f" ({model})" if model else "")

    @property
    def notices(self) -> tuple[str, ...]:
        """What was taken out of the reply, in sentences for the reader."""
        notices = []
        if self.reply and self.statements_out:
            out = ngettext(
                "{number} sentence of this answer is not shown any more",
                "{number} sentences of this answer are not shown any more",
                self.statements_out,
                number=number(self.statements_out),
            )
            notices.append(_("{out}, because a source was taken out of the archive.", out=out))
        if self.reply and self.rows_out:
            rows = ngettext(
                "{number} row about a source that was taken out of the archive is not shown any more.",
                "{number} rows about a source that was taken out of the archive are not shown any more.",
                self.rows_out,
                number=number(self.rows_out),
            )
            notices.append(rows)
        return tuple(notices)


def _is_said(article: Look) -> Callable[[Correction], bool]:
    """Tells whether the article that prints a correction may still be read; true of those that no article prints."""
    return lambda correction: not correction.printed_in or version_now(correction.printed_in, article) is not None


def shown(
    record: Record, article: Look, *, review: Review | None = None, standing: Record | None = None
) -> PermanentAnswer:
    """A record as it may be shown today; `standing` is the record that its review names. Raises StoreError."""
    sources = sources_today(record, article)
    # As the reply named them, but with all corrections and with today's limits.
    named = [(today.source, today.article.source) for today in sources if today.article]
    if isinstance(record.reply, Answer) and record.reply.composed_by is Composer.MODEL:
        # What a model wrote of a source may have the words of its correction, which goes with the article that says so.
        named = [(then, now) for then, now in named if all(map(_is_said(article), then.corrections))]
    printed = {
        then.article_id: replace(then, corrections=now.corrections, quote_limit=now.quote_limit) for then, now in named
    }
    reply = remaining(record.reply, printed) if record.reply else None
    statements_out, rows_out = (then - now for then, now in zip(_counts(record.reply), _counts(reply), strict=True))
    # What was approved may rest on what changed before the same was answered again.
    also = sources_today(standing, article) if standing and standing is not record else ()
    checked = _checked(record, review, standing, (*sources, *also))
    if reply is not None:
        # What the owners of its sources allow today, which may be nothing; that it was checked may not hold any more.
        within, day = within_rights(reply, lambda: Coverage(0)), checked.day if checked.check is Check.CHECKED else None
        reply = replace(within, checked_on=day) if isinstance(within, type(reply)) else None
    return PermanentAnswer(record, reply, sources, checked, statements_out, rows_out)


def _words(reply: Reply) -> object:
    """Equal for replies that say the same in the same words of the same articles, in the same order."""
    if isinstance(reply, Answer):
        quotes, texts = [statement.quotes for statement in reply.statements], [item.text for item in reply.statements]
    else:
        quotes, texts = [reply.closest], [reply.reason, *(source.article_id for source in reply.nearest)]
    places = [[(quote.source.article_id, quote.start, quote.end, quote.text) for quote in group] for group in quotes]
    return places, texts


def _checked(record: Record, review: Review | None, standing: Record | None, sources: Sequence[SourceToday]) -> Checked:
    if review is None or review.state is State.OPEN:
        return Checked(Check.UNCHECKED)
    day, edited = review.at.date() if review.at else None, review.state is State.EDITED
    checked = Checked(Check.CHECKED, day, review.reason, review.standing, edited=edited)
    if review.state is State.WITHHELD:
        return replace(checked, check=Check.WITHHELD, standing=None)
    if standing is None:
        return Checked(Check.UNCHECKED)
    words, stand = (_words(reply) if reply else None for reply in (record.reply, standing.reply))
    if record.answer_id != standing.answer_id and (words is None or words != stand):
        return replace(checked, check=Check.REPLACED)
    if record.reply is None or review.changed or any(source.change is not SourceChange.UNCHANGED for source in sources):
        return replace(checked, check=Check.OUTDATED)
    return checked


def in_its_words(reply: Reply) -> Reply:
    """The reply, its reasons and notices in the language of its question; what articles say stays as it is."""
    with use_locale(reply.question.locale):
        notices = tuple(map(localized, reply.notices))
        if isinstance(reply, Answer):
            return replace(reply, notices=notices, fallback=localized(reply.fallback) if reply.fallback else None)
        return replace(reply, notices=notices, reason=localized(reply.reason))


@dataclass(frozen=True)
class PermanentAnswers:
    """The answers that are kept, as they may be shown today. Safe between threads."""

    journal: Journal
    article: Look

    def get(self, answer_id: str) -> PermanentAnswer | None:
        return next(iter(self.of([answer_id])), None)

    def of(self, answer_ids: Sequence[str]) -> list[PermanentAnswer]:
        """Those of the answers that are kept, each once, in the order given. Raises StoreError."""
        wanted = [answer_id for answer_id in dict.fromkeys(answer_ids) if ANSWER_ID.fullmatch(answer_id)]
        by_id = {record.answer_id: record for record in self.journal.records.of(wanted)}
        return [self.show(by_id[name]) for name in wanted if name in by_id]

    def show(self, record: Record) -> PermanentAnswer:
        """A record as it may be shown today. Raises StoreError."""
        try:
            review = self.journal.reviews.of_answer(record.answer_id)
        except NotFound:
            return shown(record, self.article)
        stands = review.standing == record.answer_id
        standing = record if stands else self.journal.records.get(review.standing or "")
        return shown(record, self.article, review=review, standing=standing)
