"""Compares the figures that articles report: which give the count asked for, who says what, and who agrees."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

from qa.answering.corrected import Said, is_touched, not_taken_back
from qa.answering.events import LEAST_FIGURE
from qa.answering.quoting import annotations_of, articles_of, glosses_within
from qa.answering.reported_figures import (
    LIKE,
    NAMES,
    PEOPLE,
    TIED,
    Report,
    ReportedFigure,
    Ties,
    apart,
    days_of,
    differ,
    given_by_others,
    is_count,
    middle,
    near,
    rival_kinds,
    rivals,
    same_count,
    same_event,
    same_kind,
    values_equal,
    witnesses,
)
from qa.answering.selecting import ANSWERS
from qa.dates.finding import find_dates
from qa.models.annotations import OF_PERSONS, Figure
from qa.models.archive import Passage, Span
from qa.models.replies import Agreement, Citation, Conflict, Hit, Party, SentenceHit
from qa.protocols import DocumentStore
from qa.text.entities import event_names, places_in
from qa.text.figures import figures, form, is_common, kind_words
from qa.text.language import primary
from qa.text.terms import INTERROGATIVES, STOP_WORDS, fold, words

MOST = 3  # conflicts that one answer shows, those about what it says first

ANSWERED, ANSWERED_TOO = 0.8, 0.65
"""How likely the first sentence answers, and that of another article, where two figures answer one question. Where
others ask for counts in news and invented reports eleven such pairs were found, one of them no conflict."""
WITHIN, UNITS_WITHIN = timedelta(days=62), timedelta(days=31)
"""How far apart in time such figures may be; sums of money and shares, which are reported month by month."""
_THINGS = frozenset(
    {"country", "search", "home", "connection", "item", "province", "officer", "vote", "court"}  # as `kin` names them
)
"""Things that are compared though nothing is said of what became of them: their names are sure in both languages."""
_COUNTS_OTHERS = re.compile(
    r"\s(?:[\w-]+\s)?(?:(?:wom[ae]n|m[ae]n|child(?:ren)?|boys?|girls?|mujer(?:es)?|hombres?|niñ[oa]s?|menores"
    r"|numbers|figures|totals|versions|cifras|recuentos|versiones)\b|countries['’])",
    re.IGNORECASE,
)
"""Words behind a number that counts some of the people only, what is said, or owners: "six countries' police"."""
_AT_LEAST = re.compile(r"(?:at least|a minimum of|al menos|como m[ií]nimo)\s(?:the |los |las )?$", re.IGNORECASE)
_FEWER = re.compile(r"(?:less|fewer|lower) than\s$|(?:under|below|menos de)\s$", re.IGNORECASE)
_NEARLY = re.compile(r"(?:nearly|almost|casi|cerca de)\s$", re.IGNORECASE)


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
        asked = (match["thing"] for match in form("asked_count").finditer(question))
        self.thing = next((thing for thing in asked if fold(thing) not in STOP_WORDS), "")  # not "were"
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
        if self.events and figure.event and figure.event not in self.events:
            return False
        if self.days and all(apart(reported.dated or reported.report.event_days, days) for days in self.days):
            return False
        placed = bool(self.places & set(figure.places)) if self.places else not (self.worldwide and figure.places)
        of_kind = not self.kinds or any(same_kind(kind, named) or rival_kinds(kind, named) for named in self.kinds)
        return placed and of_kind and (kind is not None or bool(_THINGS & set(figure.counted)))


def asks_for_count(question: str, chosen: Sequence[SentenceHit]) -> bool:
    """True where a figure is what the surest sentence answers, or confirms: of no other answer are sources compared."""
    best = max(chosen, key=lambda item: item.likelihood)
    answer = best.passage.slice(best.answer) if best.answer else ""
    counted = figures(answer)
    confirmed = {middle(figure) for figure in counted} & {middle(figure) for figure in figures(question)} - {None}
    asks = form("asked_quantity").search(question) or form("asked_count").search(question)
    terse = kind_words(question) and INTERROGATIVES.isdisjoint(map(str.lower, words(question)))  # "arrests in Halden"
    return bool(confirmed or (counted and (asks or terse)))


def compare(
    question: str,
    chosen: Sequence[SentenceHit],
    hits: Sequence[Hit],
    store: DocumentStore,
    *,
    read: Sequence[SentenceHit] = (),
    most: int = MOST,
) -> tuple[tuple[Conflict, ...], Agreement | None]:
    """The conflicts between the answer's figures and those of the other passages; and who agrees, where none is.

    `read` are all sentences that were read for the question: what is likely to answer it, too, gives the same count.
    """
    found: dict[str, dict[str, Passage]] = {}
    for passage in (*(item.passage for item in (*chosen, *read)), *(hit.passage for hit in hits)):
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
    figures = not_taken_back(figures, lambda one: Said(one.source, _sentence(one), _number_of(one)))
    wanted = AskedCount(question)
    groups = list(_groups(wanted, chosen, figures, ties := Ties(reports)))
    if answering := _answering(read, figures, ties):
        groups = [_joined(answering, groups), *(group for group in groups if answering[0] not in group)]
    groups += _disputed(chosen, figures)
    conflicts = [conflict for group in groups if (conflict := _conflict(group, wanted.thing))][:most]
    # What others say of a figure further down would be read as said of the words on top.
    agrees = bool(groups) and not conflicts and _stands_in(groups[0][0], chosen[0])
    return tuple(conflicts), _agreement(groups[0]) if agrees else None


def _sentence(figure: ReportedFigure) -> str:
    span = figure.figure.sentence
    return figure.report.article.body[span.start : span.end]


def _number_of(figure: ReportedFigure) -> str:
    span = figure.figure.span
    return figure.report.article.body[span.start : span.end]


def _answering(read: Sequence[SentenceHit], figures: Sequence[ReportedFigure], ties: Ties) -> list[ReportedFigure]:
    """The figure of the likeliest answer, and those of the same thing that tied reports' likely answers give."""
    likely = [item for item in read if item.answer and item.likelihood >= ANSWERED_TOO]
    if not likely or likely[0].likelihood < ANSWERED:
        return []
    anchor, *others = (next(iter(_marked(figures, item)), None) for item in likely)
    if anchor is None:
        return []
    same = (f for f in others if f and _gives_the_same_count(f, anchor) and ties.share(f.report, anchor.report) >= TIED)
    return [anchor, *given_by_others(anchor), *same]


def _disputed(told: Sequence[SentenceHit], figures: Sequence[ReportedFigure]) -> list[list[ReportedFigure]]:
    """Figures of sentences that are told as a whole, each with what others give for it in its report."""
    places = {item.place for item in told if item.answer == item.span}
    disputed: dict[tuple[str, Span], list[ReportedFigure]] = {}
    for figure in figures:
        if figure.figure.counted and (figure.source.article_id, figure.figure.sentence) in places:
            for other in given_by_others(figure):
                before = disputed.setdefault((other.source.article_id, other.figure.span), [figure, other])
                # Of "19 of the 41 buses" and "312 complaints in five weeks" what comes nearest is disputed.
                before[0] = min(before[0], figure, key=lambda counted: _distance(counted, other))
    return list(disputed.values())


def _distance(figure: ReportedFigure, other: ReportedFigure) -> float:
    """How far two numbers lie apart, as a share of the larger, 0 to 1."""
    value, second = middle(figure.figure) or 0, middle(other.figure) or 0
    return abs(value - second) / max(value, second, 1)


def _marked(figures: Sequence[ReportedFigure], item: SentenceHit) -> list[ReportedFigure]:
    """The figures in the words of a sentence that answer."""
    return _covered(figures, item.source.article_id, item.answer, whole=False) if item.answer else []


def _gives_the_same_count(figure: ReportedFigure, anchor: ReportedFigure) -> bool:
    """Whether two figures that answer one question may be of one thing at one time."""
    across = primary(figure.source.language) != primary(anchor.source.language)
    # What a thing is called in another language is known of common ones alone.
    unknown = across and not (is_common(figure.thing) and is_common(anchor.thing))
    named = {figure.figure.event, anchor.figure.event} - {None}
    within = WITHIN if is_count(figure.figure) and is_count(anchor.figure) else UNITS_WITHIN
    return (
        figure.report is not anchor.report
        and (figure.thing == anchor.thing or unknown)
        and len(named) < 2
        and same_kind(figure.figure.kind, anchor.figure.kind)
        and same_count(figure.figure, anchor.figure)
        and near(figure.figure, anchor.figure, LIKE)
        and bool(figure.days and anchor.days)
        and not apart(figure.days, anchor.days, within)
        and not apart(figure.dated, anchor.dated, timedelta())
    )


def _joined(answering: Sequence[ReportedFigure], groups: Sequence[Sequence[ReportedFigure]]) -> list[ReportedFigure]:
    """What answers with what is of one event with it, each sentence once."""
    of_event = next((group for group in groups if answering[0] in group), ())
    figures = {(figure.place, figure.figure.span): figure for figure in (*answering, *of_event)}
    return list(figures.values())


def _stands_in(figure: ReportedFigure, item: SentenceHit) -> bool:
    return figure.source.article_id == item.source.article_id and figure.figure.span.overlaps(item.span)


def conflicts_in(
    told: Iterable[SentenceHit], hits: Sequence[Hit], store: DocumentStore, *, question: str = "", most: int = MOST
) -> list[Conflict]:
    """Conflicts on any number in sentences that are told for what they are of, not for what they answer.

    What became of one number of things is no conflict there: 20,000 items may have been distributed, found and seized.
    """
    conflicts, _ = compare(question, [replace(item, answer=item.span) for item in told], hits, store, most=most)
    return [c for c in conflicts if c.about == PEOPLE or len({party.value for party in c.parties}) > 1]


def as_asked(question: str, conflicts: Sequence[Conflict]) -> list[Conflict]:
    """Those with a number that the question names; without one on people where it asks for those arrested, or all.

    Those that most sources give come first, and none that disputes again what one before it does.
    """
    if named := numbers_named(question):
        conflicts = [c for c in conflicts if any(party.value in named for party in c.parties)]
    elif any(word.kind in OF_PERSONS for word in kind_words(question)):
        conflicts = [c for c in conflicts if c.about == PEOPLE] or conflicts
    told = set[tuple[str, int, Span | None]]()
    chosen = list[Conflict]()
    for conflict in sorted(conflicts, key=lambda c: len(c.parties), reverse=True):
        figures = {(p.source.article_id, p.quote.start, p.quote.marked) for p in conflict.parties}
        if told.isdisjoint(figures):
            chosen.append(conflict)
        told |= figures
    return chosen


def numbers_named(question: str) -> set[float]:
    """The numbers by which a question says what it is about: "the famous 500"."""
    return {value for figure in figures(question) if (value := middle(figure) or 0) >= LEAST_FIGURE}


def _groups(
    wanted: AskedCount, chosen: Sequence[SentenceHit], figures: Sequence[ReportedFigure], ties: Ties
) -> Iterator[list[ReportedFigure]]:
    """For each figure that gives the count asked for, it and all that give the same count."""
    within_answers = {
        figure.place
        for item in chosen
        if item.answer and item.likelihood >= ANSWERS
        for figure in _covered(figures, item.source.article_id, item.answer, whole=item.answer == item.span)
    }
    answering = [figure for figure in _first_of_each_sentence(figures) if figure.place in within_answers]
    # Who asks for one count gets no conflict over what a further sentence counts.
    surest = max(chosen, key=lambda item: item.likelihood, default=None)
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


def _conflict(group: Sequence[ReportedFigure], asked: str) -> Conflict | None:
    """A conflict of the rows that are left when copies are folded, if they still say different things.

    It is called as what is `asked` for where that has no usual name: "electric buses" begin with "electric".
    """
    if not any(differ(figure, rival) for figure, rival in combinations(group, 2)):
        return None
    unusual = asked and group[0].thing not in NAMES
    conflict = Conflict(asked if unusual else group[0].name, group[0].scope, parties(group))
    return conflict if conflict.differs else None


def _agreement(group: Sequence[ReportedFigure]) -> Agreement | None:
    """How many independent sources give the first figure's number, uncorrected; None for fewer than two."""
    anchor = group[0]
    agreeing = {
        figure.source.article_id: figure.report
        for figure in group
        if values_equal(figure.figure, anchor.figure)
        and _exactness(figure.figure) == _exactness(anchor.figure)
        and not is_touched(figure.source, _sentence(figure))
    }
    independent = len(set(witnesses(agreeing.values()).values()))
    if independent < 2:
        return None
    sources = tuple(report.source for report in agreeing.values())
    return Agreement(anchor.name, said_in(anchor.figure, anchor.report.article.body), independent, sources)


def _exactness(figure: Figure) -> tuple[bool, ...]:
    """How a number is meant: by itself, as a bound above or below, as a range, roughly."""
    return figure.approximate, figure.low is None, figure.high is None, figure.low == figure.high


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
    witness = witnesses(figure.report for figure in ordered)
    rows: dict[tuple[object, ...], Party] = {}
    for figure in ordered:
        article_id, party = figure.source.article_id, _party(figure)
        is_copy = witness[article_id] != article_id  # it goes in the row of its original, whoever speaks there
        own = (witness[article_id], party.said, party.kind, party.speaker)
        row = next((at for at in rows if is_copy and at[:3] == own[:3]), own)
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
    value = said if number is None else number
    approximate = figure.approximate or number is None or figure.low != figure.high
    return Party(value, said, approximate, kind, figure.speaker, quote)
