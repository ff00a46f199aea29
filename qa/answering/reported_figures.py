"""A figure as an article reports it: what it counts, where, when and in which event, and when two contradict."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache

from rapidfuzz.distance import LCSseq

from qa.answering.events import APART, Marks, marks_of
from qa.i18n.locale import N_
from qa.models.annotations import OF_PERSONS, Annotations, Figure, FigureKind
from qa.models.archive import Article, Passage, Source
from qa.retrieval.timeline import moment_of
from qa.text.entities import fold_text
from qa.text.figures import form, is_common, kin
from qa.text.terms import STOP_WORDS, fold, words

SOON = timedelta(days=7)
"""Within so many days another status of the same number is a contradiction; later it may have become so."""
TIED = 0.2
"""Share of their marks that two reports of one event have in common, at least, where the archive dates its events."""
UNDATED_WITHIN, TIED_UNDATED = timedelta(days=3), 0.4
"""Days and share of marks within which reports without an event date are about one event: weekly figures of one
company or office have up to .7 in common, and lie seven days apart."""
ROUNDED = 0.1  # by how much a figure given as approximate may be off: "about 20" is 19 as well as 22
NEAR = 1.5
"""Where one report says no place or no period, figures that differ by no more than this factor may be of the same."""
LIKE, LIKE_BEHIND = 3.0, 10.0
"""Factors by which two figures may differ that a question ties together, and of which one stands behind the other."""
LARGEST_COUNT = 1_000_000  # of larger numbers most are sums, tonnes and barrels, one after the other
BEHIND = 250  # characters between a figure and another that somebody else gives for the same count
LEAST_RIVAL = 10  # from here on two reports hardly give the same number of the same thing by chance
COPIED = 0.8
"""Share of the shorter text's words that stand in the other in the same order, from which it is a copy. Two reports of
one event, written apart, have about .4 in common, reprints of a dispatch, shortened, over .9."""
READ = 2_000  # words of a text that are compared
EXACT = timedelta(days=92)  # a longer stretch than a quarter, such as "in 2005", tells no event from another
_RIVALS: tuple[set[FigureKind | None], ...] = (
    {
        *(FigureKind.ARRESTED, FigureKind.DETAINED, FigureKind.EXPECTED, FigureKind.IMPLICATED),
        *(FigureKind.INVESTIGATED, FigureKind.REPORTED, FigureKind.WARRANTED),
    },
    {FigureKind.INVESTIGATED, FigureKind.CHARGED},
    {FigureKind.FOUND, FigureKind.SEIZED, FigureKind.DISTRIBUTED},
)
"""Kinds of which one number can't be several at a time without a reader being told."""
_ENDS_CLAUSE = re.compile(r"[\"”’»]?(?:[.;)]|,\s(?:and|but|y|pero)\b|\s*\Z)")
_UNITS = (("%",), ("$",), ("£",), ("€",))
_PARTS = re.compile(r"\s*[,;/]\s*|\s+(?:and|y|via|con|with)\s+", re.IGNORECASE)

WORLDWIDE, PEOPLE = N_("worldwide"), N_("people")
NAMES = {
    "people": PEOPLE, "arrest": N_("arrests"), "country": N_("countries"),
    "search": N_("searches"), "home": N_("homes"), "connection": N_("connections"), "item": N_("items"),
    "province": N_("provinces"), "officer": N_("officers"), "month": N_("months"), "year": N_("years"),
    "day": N_("days"), "week": N_("weeks"), "report": N_("reports"), "vote": N_("votes"),
    "judge": N_("judges"), "court": N_("courts"), "": N_("figures"),
}  # fmt: skip

Days = tuple[date, date]  # first and last day


@dataclass(frozen=True, eq=False)
class Report:
    """An article with its annotations and those of its passages that were found."""

    article: Article
    annotations: Annotations
    passages: tuple[Passage, ...] = ()

    @property
    def source(self) -> Source:
        return self.article.source

    @cached_property
    def marks(self) -> Marks:
        """Names, places and figures of its title and of what was found of it, save the words of those who publish."""
        voices = {fold(word) for word in words(f"{self.source.outlet} {self.source.summarises or ''}")}
        return marks_of(". ".join([self.source.title, *(passage.text for passage in self.passages)])) - voices

    @cached_property
    def event_days(self) -> Days | None:
        """When what it reports happened, as its metadata say."""
        return days_of(self.annotations.event_date)

    @property
    def published_days(self) -> Days | None:
        return (self.source.published, self.source.published) if self.source.published else None

    @cached_property
    def figures(self) -> list[ReportedFigure]:
        return [ReportedFigure(figure, self) for figure in self.annotations.figures]

    @cached_property
    def origins(self) -> set[str]:
        """What it says that it is derived from."""
        return {fold_text(part) for part in _PARTS.split(self.annotations.derived_from or "") if part.strip()}


@dataclass(frozen=True, eq=False)
class ReportedFigure:
    """A figure and the report that gives it."""

    figure: Figure
    report: Report

    @property
    def source(self) -> Source:
        return self.report.source

    @property
    def place(self) -> tuple[object, ...]:
        """Its sentence, and what it counts there."""
        figure = self.figure
        return self.source.article_id, figure.sentence, figure.kind, self.thing, figure.places

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
        return thing_of(self.figure)

    @property
    def name(self) -> str:
        """What is counted, in a word or two."""
        following = words(self.report.article.body[self.figure.span.end : self.figure.span.end + 40])
        return NAMES.get(self.thing) or next((word for word in following if kin(word) == self.thing), NAMES[""])

    @cached_property
    def scope(self) -> str | None:
        """Codes of countries with commas between, "worldwide", or None where nothing says."""
        return ",".join(sorted(self.figure.places)) or (WORLDWIDE if self.figure.worldwide else None)


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
        both, *each = (sum(self._weights[mark] for mark in of) for of in (shared, report.marks, second.marks))
        return both / min(each) if min(each) and len(shared) > 1 else 0.0


def given_by_others(reported: ReportedFigure) -> list[ReportedFigure]:
    """What others say of the same count right behind it, without its noun: "900 people. The police put it at 350"."""
    figure, body, given = reported.figure, reported.report.article.body, list[ReportedFigure]()
    behind = [f for f in reported.report.annotations.figures if 0 < f.span.start - figure.span.end <= BEHIND]
    for other in behind if is_count(figure) else ():
        between = body[figure.span.end : other.span.start]
        own = set(map(kin, words(body[other.span.end : other.sentence.end])[:2])) & set(other.counted)
        follows_on = other.sentence == figure.sentence and other.counted == figure.counted and not own
        # "There have been two breakdowns" between them: what is said then is of those.
        of_those = any(f.counted and figure.sentence.end <= f.span.start < other.span.start for f in behind)
        alike = is_count(other) and figure.places == other.places and near(figure, other, LIKE_BEHIND)
        ends = _ENDS_CLAUSE.match(body, other.span.end)
        if not (alike and ends and (not other.counted or follows_on)) or of_those:
            continue
        match = form("given_by_another").search(between)
        who = (match["a"] or match["b"]).strip() if match else ""
        if set(map(fold, words(who))) <= STOP_WORDS or form("nobody").fullmatch(who):
            continue
        said = replace(other, counted=figure.counted, kind=figure.kind, period=figure.period, speaker=who)
        given.append(ReportedFigure(said, reported.report))
    return given


def is_count(figure: Figure) -> bool:
    """A whole number such as people and things are counted in, no share and no large sum."""
    value = middle(figure)
    return value is not None and value == int(value) < LARGEST_COUNT and figure.counted[:1] not in _UNITS


def thing_of(figure: Figure) -> str:
    """What is counted, by one word; persons are people whatever became of them."""
    common = next((word for word in figure.counted[:3] if is_common(word)), "")
    if common in ("people", "arrest") or (figure.kind in OF_PERSONS and not common):
        return "people"
    return common or next(iter(figure.counted), "")


def days_of(value: str | None) -> Days | None:
    """First and last day of a date as in TIMEX3 or of words; None where it says no year."""
    moment = moment_of(value) if value else None
    return (moment.first, moment.last) if moment and moment.first and moment.last else None


def apart(days: Days | None, second: Days | None, most: timedelta = APART) -> bool:
    """More than `most` between two stretches of days; never where one isn't known."""
    if days is None or second is None:
        return False
    return second[0] - days[1] > most or days[0] - second[1] > most


def middle(figure: Figure) -> float | None:
    """The value, or the only bound that is given."""
    if figure.low is None or figure.high is None:
        return figure.low if figure.high is None else figure.high
    return (figure.low + figure.high) / 2


def near(figure: Figure, second: Figure, factor: float) -> bool:
    value, second_value = middle(figure), middle(second)
    if not value or not second_value:
        return value == second_value
    return max(value, second_value) <= factor * min(value, second_value)


def values_equal(figure: Figure, second: Figure) -> bool:
    """Both name the same number, roughly where one of them does so."""
    value, second_value = middle(figure), middle(second)
    if value is None or second_value is None:
        return False
    slack = ROUNDED * max(value, second_value) if figure.approximate or second.approximate else 0.0
    return abs(value - second_value) <= slack


def same_kind(kind: FigureKind | None, second: FigureKind | None) -> bool:
    """An arrest is a detention; any other kind is only itself, and nothing said is no kind."""
    return kind is second or {kind, second} == {FigureKind.ARRESTED, FigureKind.DETAINED}


def rival_kinds(kind: FigureKind | None, second: FigureKind | None) -> bool:
    return not same_kind(kind, second) and any({kind, second} <= group for group in _RIVALS)


def rivals(figure: ReportedFigure, second: ReportedFigure) -> bool:
    """Nearly one number, of another status within a week."""
    value, second_value = figure.figure, second.figure
    return (
        rival_kinds(value.kind, second_value.kind)
        and (middle(value) or 0) >= LEAST_RIVAL
        and near(value, second_value, 1 + ROUNDED)
        and not apart(figure.report.published_days, second.report.published_days, SOON)
    )


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


def differ(figure: ReportedFigure, second: ReportedFigure) -> bool:
    """Two figures of one count contradict each other: no number is meant by both, or another status of the number."""
    value, second_value = figure.figure, second.figure
    one_voice = figure.report is second.report and value.speaker == second_value.speaker
    # One voice contradicts itself only of one day: of two it speaks of two things.
    if one_voice and (figure.dated is None or second.dated is None or figure.dated == second.dated):
        return False
    if not same_count(value, second_value):
        return False
    if same_kind(value.kind, second_value.kind):
        (low, high), (begin, end) = _bounds(value), _bounds(second_value)
        return high < begin or end < low
    return rivals(figure, second) and values_equal(value, second_value)


def _bounds(figure: Figure) -> tuple[float, float]:
    """The numbers that a figure may stand for, any where it gives none ("hundreds"); a bound is as exact as it says."""
    slack = ROUNDED if figure.approximate and None not in (figure.low, figure.high) else 0.0
    low = 0.0 if figure.low is None else figure.low * (1 - slack)
    return low, math.inf if figure.high is None else figure.high * (1 + slack)


def witnesses(reports: Iterable[Report]) -> dict[str, str]:
    """For each report's article the first one that it is a copy of, or itself."""
    first: dict[str, str] = {}
    originals: list[Report] = []
    for report in reports:
        if report.source.article_id not in first:
            original = next((before for before in originals if _is_one_witness(before, report)), report)
            if original is report:
                originals.append(report)
            first[report.source.article_id] = original.source.article_id
    return first


def _is_one_witness(first: Report, second: Report) -> bool:
    """Whether one is derived from the other, or both from one agency, or one has the other's words."""
    names, second_names = ({fold_text(r.source.article_id), fold_text(r.source.title)} for r in (first, second))
    declared = names & second.origins or second_names & first.origins or first.origins & second.origins
    return bool(declared) or copied(first.article.body, second.article.body)


def copied(first: str, second: str) -> bool:
    """Whether the shorter text is the other one, shortened or touched up."""
    first_words, second_words = _read(first), _read(second)
    shorter = min(len(first_words), len(second_words))
    return shorter > 0 and LCSseq.similarity(first_words, second_words) >= COPIED * shorter


@lru_cache(maxsize=200)
def _read(text: str) -> tuple[str, ...]:
    return tuple(words(text.lower())[:READ])
