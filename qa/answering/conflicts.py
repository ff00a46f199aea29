"""Compares the figures that articles report: which count one thing, who says what, copies folded, and who agrees."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import combinations

from rapidfuzz.distance import LCSseq

from qa.answering.events import APART, Marks, marks_of
from qa.answering.quoting import annotations_of, articles_of, glosses_within, numbered
from qa.answering.selecting import ANSWERS
from qa.dates.finding import find_dates
from qa.i18n.locale import N_
from qa.models.annotations import OF_PERSONS, Annotations, Figure, FigureKind
from qa.models.archive import Article, Passage, Source, Span
from qa.models.replies import Agreement, Citation, Conflict, Hit, Party, SentenceHit
from qa.protocols import DocumentStore
from qa.retrieval.timeline import moment_of
from qa.text.entities import event_names, fold_text, places_in
from qa.text.figures import figures, form, is_common, kind_words
from qa.text.terms import fold, words

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
LEAST_RIVAL = 10  # from here on two reports hardly give the same number of the same thing by chance
EXACT = timedelta(days=92)  # a longer stretch than a quarter, such as "in 2005", tells no event from another
MOST = 3  # conflicts that one answer shows, those about what it says first
BEFORE_FIGURE, LONGEST_COUNT = 2, 8
"""Words before the figure, and words of an answer in all, up to which the figure is what answers: "more than 500"."""
COPIED = 0.8
"""Share of the shorter text's words that stand in the other in the same order, from which it is a copy. Two reports of
one event, written apart, have about .4 in common, reprints of a dispatch, shortened, over .9."""
READ = 2_000  # words of a text that are compared

_RIVALS: tuple[set[FigureKind | None], ...] = (
    {
        *(FigureKind.ARRESTED, FigureKind.DETAINED, FigureKind.EXPECTED, FigureKind.IMPLICATED),
        *(FigureKind.INVESTIGATED, FigureKind.REPORTED, FigureKind.WARRANTED),
    },
    {FigureKind.INVESTIGATED, FigureKind.CHARGED},
    {FigureKind.FOUND, FigureKind.SEIZED, FigureKind.DISTRIBUTED},
)
"""Kinds of which one number can't be several at a time without a reader being told."""
_THINGS = frozenset(
    {"country", "search", "home", "connection", "item", "province", "officer", "vote", "court"}  # as `kin` names them
)
"""Things that are compared though nothing is said of what became of them: their names are sure in both languages."""
_UNITS = (("%",), ("$",), ("£",), ("€",))
_COUNTS_OTHERS = re.compile(
    r"\s(?:[\w-]+\s)?(?:(?:wom[ae]n|m[ae]n|child(?:ren)?|boys?|girls?|mujer(?:es)?|hombres?|niñ[oa]s?|menores)"
    r"|(?:numbers|figures|totals|versions|cifras|recuentos|versiones))\b",
    re.IGNORECASE,
)
"""Words behind a number that counts some of the people only, or what is said: "four different numbers of arrests"."""
_AT_LEAST = re.compile(r"(?:at least|a minimum of|al menos|como m[ií]nimo)\s(?:the |los |las )?$", re.IGNORECASE)
_FEWER = re.compile(r"(?:less|fewer|lower) than\s$|(?:under|below|menos de)\s$", re.IGNORECASE)
_NEARLY = re.compile(r"(?:nearly|almost|casi|cerca de)\s$", re.IGNORECASE)
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
        following = self.report.article.body[self.figure.span.end : self.figure.span.end + 40].split()
        if self.thing in NAMES and (self.thing or not following):
            return NAMES[self.thing]
        return following[0].strip(".,;:()") if following else NAMES[""]

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
        fewer = min(self._weight(report.marks), self._weight(second.marks))
        return self._weight(shared) / fewer if fewer and len(shared) > 1 else 0.0

    def _weight(self, marks: Marks) -> float:
        return sum(self._weights[mark] for mark in marks)


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


class AskedCount:
    """What a question says of the count that it asks for: what became of the things, where and in which event."""

    def __init__(self, question: str) -> None:
        self.kinds = frozenset(word.kind for word in kind_words(question))
        self.places = frozenset(code for _, code in places_in(question))
        self.worldwide = bool(form("asked_worldwide").search(question))
        self.events = frozenset(name.key for name in event_names(question))
        self.values = frozenset(figure.low for figure in figures(question) if figure.low is not None)  # to be confirmed
        english, spanish = (find_dates(question, published=None, language=tag) for tag in ("en", "es"))
        self.days = [days for mention in english or spanish if (days := days_of(mention.value))]
        # Whether no two counts are asked for.
        self.is_one = len(self.kinds) < 2 and len(form("asked_quantity").findall(question)) < 2

    def anchors(self, figures: Iterable[ReportedFigure]) -> list[ReportedFigure]:
        """Those that give the count, first of the kind that is named, only those of a number that it names."""
        given = [figure for figure in figures if self.is_given_by(figure)]
        confirmed = [figure for figure in given if middle(figure.figure) in self.values] or given
        return sorted(confirmed, key=lambda figure: not any(same_kind(figure.figure.kind, kind) for kind in self.kinds))

    def is_given_by(self, reported: ReportedFigure) -> bool:
        """True for a figure said of the place, the time and the event that the question names, if it names any."""
        figure, kind = reported.figure, reported.figure.kind
        if self.events and figure.event not in self.events:
            return False
        if self.days and all(apart(reported.dated or reported.report.event_days, days) for days in self.days):
            return False
        placed = bool(self.places & set(figure.places)) if self.places else not (self.worldwide and figure.places)
        of_kind = not self.kinds or any(same_kind(kind, named) or rival_kinds(kind, named) for named in self.kinds)
        return placed and of_kind and (kind is not None or bool(_THINGS & set(figure.counted)))


def asks_for_count(question: str, chosen: Sequence[SentenceHit]) -> bool:
    """True where a figure is what the surest sentence answers, or confirms: of no other answer are sources compared."""
    best = max(chosen, key=lambda item: item.support)
    answer = best.passage.slice(best.answer) if best.answer else ""
    counted = figures(answer)
    confirmed = {middle(figure) for figure in counted} & {middle(figure) for figure in figures(question)} - {None}
    if confirmed or (counted and form("asked_quantity").search(question)):
        return True
    leads = any(len(words(answer[: figure.span.start])) <= BEFORE_FIGURE for figure in counted)
    return leads and len(words(answer)) <= LONGEST_COUNT


def compare(
    question: str, chosen: Sequence[SentenceHit], hits: Sequence[Hit], store: DocumentStore
) -> tuple[tuple[Conflict, ...], Agreement | None]:
    """The conflicts between the answer's figures and those of the other passages; and who agrees, where none is."""
    found: dict[str, dict[str, Passage]] = {}
    for passage in (*(item.passage for item in chosen), *(hit.passage for hit in hits)):
        found.setdefault(passage.source.article_id, {})[passage.passage_id] = passage
    # Of an article that was taken back a moment ago nothing is compared.
    articles = {article.article_id: article for article in articles_of(found, store.article)}
    annotated = annotations_of(articles, store)
    reports = [Report(article, annotated[name], tuple(found[name].values())) for name, article in articles.items()]
    figures = [
        figure
        for report in reports
        for figure in report.figures
        if not _COUNTS_OTHERS.match(report.article.body, figure.figure.span.end)
    ]
    groups = list(_groups(AskedCount(question), chosen, figures, Ties(reports)))
    conflicts = [conflict for group in groups if (conflict := _conflict(group))][:MOST]
    # What others say of a figure further down would be read as said of the words on top.
    agrees = bool(groups) and not conflicts and _stands_in(groups[0][0], chosen[0])
    return numbered(conflicts, first=len(chosen) + 1), _agreement(groups[0]) if agrees else None


def _stands_in(figure: ReportedFigure, item: SentenceHit) -> bool:
    return figure.source.article_id == item.source.article_id and figure.figure.span.overlaps(item.span)


def on_people(question: str, told: Iterable[SentenceHit], hits: Sequence[Hit], store: DocumentStore) -> list[Conflict]:
    """Conflicts on any number of people in sentences that are told for what they are of, not for what they answer."""
    conflicts, _ = compare(question, [replace(item, answer=item.span) for item in told], hits, store)
    return [conflict for conflict in conflicts if conflict.about == PEOPLE]


def _groups(
    wanted: AskedCount, chosen: Sequence[SentenceHit], figures: Sequence[ReportedFigure], ties: Ties
) -> Iterator[list[ReportedFigure]]:
    """For each figure that gives the count asked for, it and all that give the same count."""
    within_answers = {
        figure.place
        for item in chosen
        if item.answer and item.support >= ANSWERS
        for figure in _covered(figures, item.source.article_id, item.answer, whole=item.answer == item.span)
    }
    answering = [figure for figure in _first_of_each_sentence(figures) if figure.place in within_answers]
    # Who asks for one count gets no conflict over what a further sentence counts.
    surest = max(chosen, key=lambda item: item.support, default=None)
    if wanted.is_one and surest and surest.answer and surest.answer != surest.span:
        for first in _covered(figures, surest.source.article_id, surest.answer, whole=False)[:1]:
            answering = [
                figure
                for figure in answering
                if figure.thing == first.thing or (first.figure.kind and _of_kind(figure, first))
            ]
    grouped: list[ReportedFigure] = []
    for anchor in _first_of_each_sentence(wanted.anchors(answering)):
        if anchor not in grouped:
            alike = [figure for figure in figures if wanted.is_given_by(figure) and _gives_count_of(figure, anchor)]
            group = _group(anchor, alike, ties)
            grouped += group
            yield group


def _gives_count_of(figure: ReportedFigure, anchor: ReportedFigure) -> bool:
    if figure is anchor or not same_count(figure.figure, anchor.figure) or not _of_kind(figure, anchor):
        return False
    # "Four reports", and not persons, in a sentence on arrests, surely are another thing.
    named_apart = is_common(figure.thing) and is_common(anchor.thing)
    return figure.thing == anchor.thing or bool(anchor.figure.kind and not named_apart)


def _group(anchor: ReportedFigure, alike: Sequence[ReportedFigure], ties: Ties) -> list[ReportedFigure]:
    """The anchor and those of the same event; joined with what adds no contradiction of its own, such as a copy."""
    members = [anchor, *(figure for figure in alike if same_event(figure, anchor, ties))]
    further = [
        figure
        for figure in alike
        if figure not in members
        and (figure.figure.event == anchor.figure.event or None in (figure.figure.event, anchor.figure.event))
        and any(_joins(figure, member) and same_event(figure, member, ties) for member in members)
    ]
    # "31 votes to 14, with two abstentions" is compared by its first number.
    ordered = [*members, *further][::-1]
    return list({(figure.source.article_id, figure.figure.sentence): figure for figure in ordered}.values())[::-1]


def _joins(figure: ReportedFigure, member: ReportedFigure) -> bool:
    named = figure.figure.event is not None and figure.figure.event == member.figure.event
    return named or values_equal(figure.figure, member.figure)


def _covered(figures: Sequence[ReportedFigure], article_id: str, answer: Span, *, whole: bool) -> list[ReportedFigure]:
    """The figures of an answer; where it is not the `whole` sentence those that count what its first counts."""
    covered = [item for item in figures if item.source.article_id == article_id and item.figure.span.overlaps(answer)]
    first = min(covered, key=lambda item: item.figure.span.start, default=None)
    if first is None or whole:
        return covered
    # Of "2,500 customers in 19 countries" the customers answer.
    kind = first.figure.kind
    return [item for item in covered if same_kind(item.figure.kind, kind) and (kind or item.thing == first.thing)]


def _of_kind(figure: ReportedFigure, other: ReportedFigure) -> bool:
    return same_kind(figure.figure.kind, other.figure.kind) or rivals(figure, other)


def _first_of_each_sentence(members: Sequence[ReportedFigure]) -> list[ReportedFigure]:
    """The first figure of a kind in each sentence: "387 votes to 204" is compared by its first."""
    first: dict[tuple[object, ...], ReportedFigure] = {}
    for member in members:
        first.setdefault(member.place, member)
    return list(first.values())


def _conflict(group: Sequence[ReportedFigure]) -> Conflict | None:
    """A conflict of the rows that are left when copies are folded, if they still say different things."""
    if not any(differ(figure, rival) for figure, rival in combinations(group, 2)):
        return None
    rows = parties(group)
    if len({(party.said, party.kind) for party in rows}) < 2:
        return None
    return Conflict(group[0].name, group[0].scope, rows)


def _agreement(group: Sequence[ReportedFigure]) -> Agreement | None:
    """How many independent sources give the first figure's number; None for fewer than two."""
    anchor = group[0]
    agreeing = {
        figure.source.article_id: figure.report
        for figure in group
        if values_equal(figure.figure, anchor.figure) and figure.figure.approximate == anchor.figure.approximate
    }
    independent = len(set(_witnesses(agreeing.values()).values()))
    if independent < 2:
        return None
    sources = tuple(report.source for report in agreeing.values())
    return Agreement(anchor.name, said_in(anchor.figure, anchor.report.article.body), independent, sources)


def said_in(figure: Figure, body: str) -> str:
    """A figure in the software's words: 500, about 500, more than 20,000, six to 24 as 6 to 24."""
    before = body[max(0, figure.span.start - 25) : figure.span.start]
    unit = figure.counted[0] if figure.counted and figure.counted[0] in "%$£€" else ""
    low, high = (None if value is None else _number(value, unit) for value in (figure.low, figure.high))
    if low is None and high is None:
        return body[figure.span.start : figure.span.end]  # hundreds
    if low is None:
        return f"{'fewer than' if _FEWER.search(before) else 'up to'} {high}"
    if high is None:
        return f"{'at least' if _AT_LEAST.search(before) else 'more than'} {low}"
    if figure.low != figure.high:
        return f"{low} to {high}"
    return f"{'nearly' if _NEARLY.search(before) else 'about'} {low}" if figure.approximate else low


def _number(value: float, unit: str) -> str:
    text = f"{value:,.0f}" if value == int(value) else f"{value:,}"
    return f"{text}%" if unit == "%" else f"{unit}{text}"


def parties(figures: Sequence[ReportedFigure]) -> tuple[Party, ...]:
    """A row for each source and what it says, in order of publication; copies are in the row of the first."""
    ordered = sorted(figures, key=lambda f: (f.source.published or date.max, f.source.article_id, f.figure.span))
    ordered = [figure for figure in ordered if not any(_says_more(rival, figure) for rival in ordered)]
    witness = _witnesses(figure.report for figure in ordered)
    rows: dict[tuple[object, ...], Party] = {}
    for figure in ordered:
        article_id, party = figure.source.article_id, _party(figure)
        key = (witness[article_id], party.said, party.kind)
        if witness[article_id] == article_id:
            rows.setdefault((*key, party.speaker), party)
            continue
        row = next((at for at in rows if at[:3] == key), (*key, party.speaker))
        present = rows.setdefault(row, party)
        if article_id not in {source.article_id for source in (present.source, *present.copies)}:
            rows[row] = replace(present, copies=(*present.copies, figure.source))
    return tuple(rows.values())


def _says_more(figure: ReportedFigure, rival: ReportedFigure) -> bool:
    """One article gives a number again with its status, or with who says so."""
    value, rival_value = figure.figure, rival.figure
    if figure.report is not rival.report or (value.low, value.high) != (rival_value.low, rival_value.high):
        return False
    if rival_value.kind != value.kind:
        return rival_value.kind is None
    return rival_value.speaker is None and value.speaker is not None


def _party(reported: ReportedFigure) -> Party:
    figure, article, span = reported.figure, reported.report.article, reported.figure.sentence
    text, glosses = article.body[span.start : span.end], glosses_within(reported.report.annotations, span)
    quote = Citation(1, article.source, span.start, span.end, text, figure.span, glosses)
    number, said, kind = middle(figure), said_in(figure, article.body), figure.kind.value if figure.kind else None
    value, approximate = said if number is None else number, figure.approximate or number is None
    return Party(value, said, approximate, kind, figure.speaker, quote)


def _witnesses(reports: Iterable[Report]) -> dict[str, str]:
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
