"""What a question says about time, and what it asks apart from that."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial

from qa.dates import periods
from qa.dates.finding import find_dates
from qa.dates.periods import DateKind, DateMention, Period, Precision, period_of
from qa.models.annotations import About, Timeframe
from qa.models.archive import Span
from qa.text.patterns import pattern, word_file
from qa.text.terms import STOP_WORDS, fold, words

_DAY = timedelta(days=1)
_ANY_DAY = date(2000, 1, 1)
_TAKEN_IN = {"after": "since", "before": "until"}  # after the March 2005 raids: some of it may still be in March 2005

_form = partial(pattern, "times")


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date in a question with the words that bind it."""

    span: Span
    period: Period
    bound: str
    published: bool = False  # what was known by then is asked for

    @property
    def days(self) -> tuple[date | None, date | None]:
        first, last = self.period.first, self.period.last
        if self.bound == "after":
            return min(last, date.max - _DAY) + _DAY, None
        if self.bound == "before":
            return None, max(first, date.min + _DAY) - _DAY
        return first if self.bound in ("in", "since") else None, None if self.bound == "since" else last


def timeframe_of(question: str, *, today: date | None = None) -> Timeframe | None:
    """The time that a question asks about, all its dates as one stretch; without `today` "this year" is none."""
    dated = _dated(question, today)
    firsts, lasts = [date.days[0] for date in dated], [date.days[1] for date in dated]
    first = None if None in firsts else min(filter(None, firsts), default=None)
    last = None if None in lasts else max(filter(None, lasts), default=None)
    still = not dated and _form("still").search(question) and _form("present").search(question)
    present = bool(still or _form("now").search(question))
    if first is None and last is None:
        return Timeframe(About.LATEST, present=True) if present else None
    about = About.PUBLISHED if any(date.published for date in dated) else About.EVENTS
    return Timeframe(about, first, last, present)


def time_phrases(question: str) -> list[Span]:
    """Where a question names times, each with the words that bind it: "since March 2005"; in order."""
    return [dated.span for dated in _dated(question, _ANY_DAY)]


def topic_of(question: str) -> str:
    """The question without its words of time; as it is where nothing is left that carries topic."""
    spans = [dated.span for dated in _dated(question, None)]
    return without_phrases(question, spans or [Span(*match.span()) for match in _form("now").finditer(question)])


def without_phrases(question: str, spans: Iterable[Span]) -> str:
    """The question without some of its phrases; as it is where nothing is left that carries topic."""
    text = question
    for cut in sorted(spans, reverse=True):
        text = f"{text[: cut.start].rstrip()} {text[cut.end :].lstrip()}"
    text = re.sub(r"\s+([,;:.?!])", r"\1", " ".join(text.split())).lstrip(" ,;:")
    return text if any(fold(word) not in STOP_WORDS for word in words(text)) else question


def after_what(question: str) -> str | None:
    """What a question wants to know the sequel of: "the fire" of "What happened after the fire? Who paid?"."""
    match = re.search(
        rf"(?<!\w)(?:{word_file('times')['right_before']['after']})\s([^,;:.?!]+)", question, re.IGNORECASE
    )
    return match[1] if match else None


def names_a_subject(question: str) -> bool:
    """Whether anything but time is asked about: "what happened in May?" names none."""
    topic, subjectless = map(fold, words(topic_of(question))), word_file("times")["subjectless"].split()
    return any(word not in STOP_WORDS and word not in subjectless for word in topic)


def _dated(question: str, today: date | None) -> list[_Dated]:
    """The dates of a question, in order, those that bound one stretch made one: it is bounded at both ends."""
    # In the language that reads more of the question.
    both = [list(_placed(question, today, language)) for language in ("en", "es")]
    merged: list[_Dated] = []
    for place, period in max(both, key=lambda dates: sum(span.end - span.start for span, _ in dates)):
        opening = merged[-1] if merged and merged[-1].bound in ("in", "since") else None
        if opening and _form("joined").fullmatch(question, opening.span.end, place.start):
            first, last = min(opening.period.first, period.first), max(opening.period.last, period.last)
            stretch = Span(opening.span.start, place.end)
            merged[-1] = replace(opening, span=stretch, period=periods.span(first, last), bound="in")
        else:
            begin, bound = _bound(question[: place.start])
            merged.append(_as_knowledge(_Dated(Span(begin, place.end), period, bound), question))
    return merged


def _as_knowledge(dated: _Dated, question: str) -> _Dated:
    """A date up to which it is asked what was known: what was published later can't tell."""
    known, bound, precision = _form("known").search(question), dated.bound, dated.period.precision
    if bound == "as_of" and precision is Precision.YEAR and not known:
        return replace(dated, bound="in")  # "the population as of 2010" is that of 2010, whenever it was told
    looks_back = bound == "by" and precision is Precision.DAY and _form("finished").search(question)
    if bound == "as_of" or (looks_back and not _form("due").search(question)):
        return replace(dated, published=True)
    if known and bound in ("in", "until", "by", "before"):
        return replace(dated, published=True, bound="until" if bound == "in" else bound)
    return dated


@cache
def _before(place: str) -> list[tuple[str, re.Pattern[str]]]:
    """What stands right before a date, or further before it in the same phrase, by how it bounds."""
    start, end = r"(?<!\w)", r"\s+(?:[\w'’-]+\s+){0,5}$"
    if place == "right_before":
        start, end = r"\b", r"(?:\s+(?:the|el|la|los|las))?(?:\s+(?:year|año))?\s*$"
    forms = word_file("times")[place].items()
    return [(name, re.compile(f"{start}(?:{form}){end}", re.IGNORECASE)) for name, form in forms]


def _bound(before: str) -> tuple[int, str]:
    """Where the words begin that bind a date to what stands before it, and how they bound it."""
    matches = ((match.start(), name) for name, form in _before("right_before") if (match := form.search(before)))
    begin, bound = next(matches, (len(before), "in"))
    if _form("names_a_thing").search(before):
        begin, bound = len(before), _TAKEN_IN.get(bound, bound)
    if bound == "in":
        bound = next((name for name, form in _before("further_before") if form.search(before)), bound)
    return begin, bound


def _placed(question: str, today: date | None, language: str) -> Iterator[tuple[Span, Period]]:
    """The dates that can be placed, in order."""
    for mention in find_dates(question, published=today, language=language):
        moving = mention.kind is DateKind.RELATIVE
        if moving and (today is None or not _form("moving").search(question, mention.start, mention.end)):
            continue
        period = period_of(mention.value or "")
        if period and not _names_a_law(question, mention, period):
            yield Span(mention.start, mention.end), period


def _names_a_law(question: str, mention: DateMention, period: Period) -> bool:
    """Whether a year is part of the name of a law, which is told of whenever: "the 2006 directive"."""
    before = question[: mention.start]
    behind = not _form("by_preposition").search(before) and _form("law_behind").match(question, mention.end)
    return period.precision is Precision.YEAR and bool(behind or _form("law_before").search(before))
