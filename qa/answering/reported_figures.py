"""Figures with their reports: when two count one thing, when they say different things, which a question asks for."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from qa.answering.events import APART, Marks, marks_of
from qa.dates.finding import find_dates
from qa.models.annotations import OF_PERSONS, Annotations, Figure, FigureKind
from qa.models.archive import Passage, Source
from qa.retrieval.timeline import moment_of
from qa.text.entities import event_names, places_in
from qa.text.figures import figures, form, is_common, kind_words
from qa.text.terms import fold, words

SOON = timedelta(days=7)
"""Within so many days another status of the same number is a contradiction; later it may have become so."""

TIED = 0.2
"""Share of their marks that two reports of one event have in common, at least, where the archive dates its events."""

UNDATED_WITHIN = timedelta(days=3)
TIED_UNDATED = 0.4
"""Days and share of marks within which reports without an event date are about one event: weekly figures of one
company or office have up to .7 in common, and lie seven days apart."""

ROUNDED = 0.1
"""By how much a figure given as approximate may be off: "about 20" is 19 as well as 22."""

NEAR = 1.5
"""Where one report says no place or no period, figures that differ by no more than this factor may be of the same."""

LEAST_RIVAL = 10
"""From here on two reports hardly give the same number of the same thing by chance."""

_RIVALS: tuple[set[FigureKind | None], ...] = (
    {
        *(FigureKind.ARRESTED, FigureKind.DETAINED, FigureKind.EXPECTED, FigureKind.IMPLICATED),
        *(FigureKind.INVESTIGATED, FigureKind.REPORTED, FigureKind.WARRANTED),
    },
    {FigureKind.INVESTIGATED, FigureKind.CHARGED},
    {FigureKind.FOUND, FigureKind.SEIZED, FigureKind.DISTRIBUTED},
)
"""Kinds of which one number can't be several at a time without a reader being told."""

EXACT = timedelta(days=92)
"""A longer stretch than a quarter, such as "in 2005", tells no event from another."""

_THINGS = frozenset(
    {"country", "search", "home", "connection", "item", "province", "officer", "vote", "court"}  # as `kin` names them
)
"""Things that are compared though nothing is said of what became of them: their names are sure in both languages."""

Days = tuple[date, date]
"""First and last day."""


def same_kind(kind: FigureKind | None, second: FigureKind | None) -> bool:
    """An arrest is a detention; any other kind is only itself, and nothing said is no kind."""
    return kind is second or {kind, second} == {FigureKind.ARRESTED, FigureKind.DETAINED}


def rival_kinds(kind: FigureKind | None, second: FigureKind | None) -> bool:
    return not same_kind(kind, second) and any({kind, second} <= group for group in _RIVALS)


def same_event(figure: ReportedFigure, second: ReportedFigure, ties: Ties) -> bool:
    """By its name, else by the event dates of the metadata, else by days of publication; and by shared marks."""
    if apart(figure.days, second.days):
        return False
    if figure.figure.event and second.figure.event:
        return figure.figure.event == second.figure.event
    report, second_report = figure.report, second.report
    if report is second_report:
        # A sentence with a date of its own beside one without tells of something else: "On Tuesday, 19 were killed".
        return figure.dated == second.dated
    share = ties.share(report, second_report)
    if report.event_days and second_report.event_days:
        return share >= TIED and not apart(report.event_days, second_report.event_days, timedelta())
    days, second_days = report.published_days, second_report.published_days
    return bool(days and second_days) and share >= TIED_UNDATED and not apart(days, second_days, UNDATED_WITHIN)


def apart(days: Days | None, second: Days | None, most: timedelta = APART) -> bool:
    """More than `most` between two stretches of days; never where one isn't known."""
    if days is None or second is None:
        return False
    return second[0] - days[1] > most or days[0] - second[1] > most


def same_count(figure: Figure, second: Figure) -> bool:
    """Counted in one way: of the same countries, in one unit, over one time, in all or on top of others."""
    units = [side.counted[:1] for side in (figure, second)]
    if units[0] != units[1] and any(unit in _UNITS for unit in units):
        return False
    if figure.places and second.places:
        same_place = set(figure.places) == set(second.places)
    else:
        unsaid = not figure.places and not second.places and figure.worldwide == second.worldwide
        clash = (figure.places and second.worldwide) or (second.places and figure.worldwide)
        same_place = unsaid or (not clash and near(figure, second, NEAR))
    return (
        same_place
        and (figure.period == second.period or near(figure, second, NEAR))
        and (figure.additional == second.additional or near(figure, second, 1 + ROUNDED))
    )


_UNITS = (("%",), ("$",), ("£",), ("€",))


def near(figure: Figure, second: Figure, factor: float) -> bool:
    value, second_value = middle(figure), middle(second)
    if not value or not second_value:
        return value == second_value
    return max(value, second_value) <= factor * min(value, second_value)


def middle(figure: Figure) -> float | None:
    """The value, or the only bound that is given."""
    if figure.low is None or figure.high is None:
        return figure.low if figure.high is None else figure.high
    return (figure.low + figure.high) / 2


def values_equal(figure: Figure, second: Figure) -> bool:
    """Both name the same number, roughly where one of them does so."""
    value, second_value = middle(figure), middle(second)
    if value is None or second_value is None:
        return False
    slack = ROUNDED * max(value, second_value) if figure.approximate or second.approximate else 0.0
    return abs(value - second_value) <= slack


def _bounds(figure: Figure) -> tuple[float, float]:
    """The numbers that a figure may stand for, any where it gives none ("hundreds"); a bound is as exact as it says."""
    slack = ROUNDED if figure.approximate and None not in (figure.low, figure.high) else 0.0
    low = 0.0 if figure.low is None else figure.low * (1 - slack)
    return low, math.inf if figure.high is None else figure.high * (1 + slack)


def differ(figure: ReportedFigure, second: ReportedFigure) -> bool:
    """Two figures of one count contradict each other: no number is meant by both, or another status of the number.

    One voice contradicts itself only of one day: of two it speaks of two things.
    """
    value, second_value = figure.figure, second.figure
    one_voice = figure.report is second.report and value.speaker == second_value.speaker
    if one_voice and (figure.dated is None or second.dated is None or figure.dated == second.dated):
        return False
    if not same_count(value, second_value):
        return False
    if same_kind(value.kind, second_value.kind):
        (low, high), (begin, end) = _bounds(value), _bounds(second_value)
        return high < begin or end < low
    return rivals(figure, second) and values_equal(value, second_value)


def rivals(figure: ReportedFigure, second: ReportedFigure) -> bool:
    """Nearly one number, of another status within a week."""
    value, second_value = figure.figure, second.figure
    return (
        rival_kinds(value.kind, second_value.kind)
        and (middle(value) or 0) >= LEAST_RIVAL
        and near(value, second_value, 1 + ROUNDED)
        and not apart(figure.report.published_days, second.report.published_days, SOON)
    )


@dataclass(frozen=True, eq=False)
class Report:
    """An article with its annotations and those of its passages that were found."""

    source: Source
    annotations: Annotations
    passages: tuple[Passage, ...]

    @cached_property
    def marks(self) -> Marks:
        """Names, places and figures of its title and of what was found of it, save the words of those who publish."""
        voices = {fold(word) for word in words(f"{self.source.outlet} {self.source.summarises or ''}")}
        return marks_of(". ".join([self.source.title, *(passage.text for passage in self.passages)])) - voices

    @cached_property
    def event_days(self) -> Days | None:
        """When what it reports happened, as its metadata say."""
        return days_of(self.annotations.event_date)

    @cached_property
    def published_days(self) -> Days | None:
        day = self.source.published
        return (day, day) if day else None


@dataclass(frozen=True, eq=False)
class ReportedFigure:
    """A figure and the report that gives it."""

    figure: Figure
    report: Report

    @property
    def source(self) -> Source:
        return self.report.source

    @cached_property
    def dated(self) -> Days | None:
        """The days that the sentence itself gives, if they tell one event from another."""
        published = self.source.published
        if self.figure.as_of is None or (published and self.figure.as_of == published.isoformat()):
            return None
        days = days_of(self.figure.as_of)
        return days if days and days[1] - days[0] <= EXACT else None

    @cached_property
    def days(self) -> Days | None:
        """When it was so: by the sentence, else by the event's date, else by the day of publication."""
        return self.dated or self.report.event_days or self.report.published_days

    @cached_property
    def thing(self) -> str:
        """What is counted, by one word; persons are people whatever became of them."""
        counted = self.figure.counted
        common = next((word for word in counted[:3] if is_common(word)), "")
        if common in ("people", "arrest") or (self.figure.kind in OF_PERSONS and not common):
            return "people"
        return common or (counted[0] if counted else "")


def days_of(value: str | None) -> Days | None:
    """First and last day of a date as in TIMEX3 or of words; None where it says no year."""
    moment = moment_of(value) if value else None
    return (moment.first, moment.last) if moment and moment.first and moment.last else None


def reports(passages: Iterable[Passage], annotated: Mapping[str, Annotations]) -> list[Report]:
    """One for each article, in the order of its first passage."""
    by_article: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.source.article_id in annotated:
            by_article.setdefault(passage.source.article_id, []).append(passage)
    return [Report(found[0].source, annotated[name], tuple(found)) for name, found in by_article.items()]


def reported(reports: Iterable[Report]) -> list[ReportedFigure]:
    return [ReportedFigure(figure, report) for report in reports for figure in report.annotations.figures]


@dataclass(frozen=True)
class Ties:
    """How closely the reports found for a question belong together, by the marks that few of them have in common."""

    reports: Sequence[Report]

    @cached_property
    def _weights(self) -> dict[str, float]:
        """Weight of each mark: little where nearly all the reports have it."""
        counts = Counter(mark for report in self.reports for mark in report.marks)
        return {mark: math.log((len(self.reports) + 1) / count) for mark, count in counts.items()}

    def share(self, report: Report, second: Report) -> float:
        """The weight of the marks that two reports share, as a share of all the marks of the one with fewer."""
        shared = report.marks & second.marks
        total = min(self._weight(report.marks), self._weight(second.marks))
        return self._weight(shared) / total if total and len(shared) > 1 else 0.0

    def _weight(self, marks: Iterable[str]) -> float:
        return sum(self._weights[mark] for mark in marks)


@dataclass(frozen=True, slots=True)
class AskedCount:
    """What became of the things counted, where and in which event; `values` are numbers to be confirmed.

    Where it `is_one`, no two counts are asked for.
    """

    kinds: frozenset[FigureKind]
    places: frozenset[str]
    worldwide: bool
    events: frozenset[str]
    values: frozenset[float]
    days: tuple[Days, ...]
    is_one: bool = True

    @classmethod
    def of(cls, question: str) -> AskedCount:
        english, spanish = (find_dates(question, published=None, language=tag) for tag in ("en", "es"))
        kinds = frozenset(word.kind for word in kind_words(question))
        return cls(
            kinds=kinds,
            places=frozenset(code for _, code in places_in(question)),
            worldwide=bool(form("asked_worldwide").search(question)),
            events=frozenset(name.key for name in event_names(question)),
            values=frozenset(figure.low for figure in figures(question) if figure.low is not None),
            days=tuple(days for mention in english or spanish if (days := days_of(mention.value))),
            is_one=len(kinds) < 2 and len(form("asked_quantity").findall(question)) < 2,
        )

    def anchors(self, figures: Iterable[ReportedFigure]) -> list[ReportedFigure]:
        """Those that give the count, first of the kind that is named, only those of a number that it names."""
        given = [figure for figure in figures if self.is_given_by(figure)]
        confirmed = [figure for figure in given if middle(figure.figure) in self.values]
        return sorted(
            confirmed or given, key=lambda figure: not any(same_kind(figure.figure.kind, kind) for kind in self.kinds)
        )

    def is_given_by(self, reported: ReportedFigure) -> bool:
        """True for a figure said of the place, the time and the event that the question names, if it names any."""
        figure = reported.figure
        if self.events and figure.event not in self.events:
            return False
        if self.days and all(apart(reported.dated or reported.report.event_days, days) for days in self.days):
            return False
        placed = bool(self.places & set(figure.places)) if self.places else not (self.worldwide and figure.places)
        kind = figure.kind
        of_kind = not self.kinds or any(same_kind(kind, named) or rival_kinds(kind, named) for named in self.kinds)
        return placed and of_kind and (kind is not None or bool(_THINGS & set(figure.counted)))
