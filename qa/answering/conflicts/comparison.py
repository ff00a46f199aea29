"""Compares the figures that an answer gives with those of the other articles found: one count, one event, one place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, count

from qa.answering.annotated import annotations_of, articles_of
from qa.answering.conflicts.parties import PEOPLE, name_of_thing, parties, said_in, scope_of, witnesses
from qa.answering.conflicts.sameness import (
    Days,
    ReportedFigure,
    Ties,
    apart,
    days_of,
    differ,
    middle,
    reported,
    reports,
    rival_kinds,
    rivals,
    same_count,
    same_event,
    same_kind,
    values_equal,
)
from qa.answering.selecting import ANSWERS
from qa.dates.finding import find_dates
from qa.models.annotations import FigureKind
from qa.models.archive import Article
from qa.models.replies import Agreement, Conflict, Hit, SentenceHit
from qa.protocols import DocumentStore
from qa.text.entities import event_names
from qa.text.figures import figures, form, kind_words
from qa.text.places import places_in
from qa.text.terms import words

MOST = 3
"""Conflicts that one answer shows, those about what it says first."""

BEFORE_FIGURE, LONGEST_COUNT = 2, 8
"""Words before the figure, and words of an answer in all, up to which the figure is what answers: "more than 500"."""

_SUBSET = re.compile(
    r"\s(?:[\w-]+\s)?(?:wom[ae]n|m[ae]n|child(?:ren)?|boys?|girls?|mujer(?:es)?|hombres?|niñ[oa]s?|menores)\b",
    re.IGNORECASE,
)
"""Words behind a number that count some of the people only."""

_THINGS = frozenset(
    {"country", "search", "home", "connection", "item", "province", "officer", "vote", "court"}  # as `kin` names them
)
"""Things that are compared though nothing is said of what became of them: their names are sure in both languages."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The conflicts between sources, and the agreement of independent ones."""

    conflicts: tuple[Conflict, ...] = ()
    agreement: Agreement | None = None


def asks_for_count(question: str, chosen: Sequence[SentenceHit]) -> bool:
    """True where a figure is what the surest sentence answers, or confirms: of no other answer are sources compared."""
    best = max(chosen, key=lambda item: item.support)
    answer = best.passage.slice(best.answer) if best.answer else ""
    counted = figures(answer)
    if {middle(figure) for figure in counted} & {middle(figure) for figure in figures(question)} - {None}:
        return True
    brief = len(words(answer)) <= LONGEST_COUNT
    if counted and form("asked_quantity").search(question):
        return True
    return brief and any(len(words(answer[: figure.span.start])) <= BEFORE_FIGURE for figure in counted)


def compare(question: str, chosen: Sequence[SentenceHit], hits: Sequence[Hit], store: DocumentStore) -> Comparison:
    """The answer's figures held against those of the other passages found; nothing unless a count is asked for."""
    found = [*(item.passage for item in chosen), *(hit.passage for hit in hits)]
    passages = {passage.passage_id: passage for passage in found}.values()
    # Of an article that was taken back a moment ago nothing is compared.
    readable = articles_of((passage.source.article_id for passage in passages), store.article)
    articles = {article.article_id: article for article in readable}
    article_reports = reports(passages, annotations_of(articles, store))
    figures = [
        figure
        for figure in reported(article_reports)
        if not _SUBSET.match(articles[figure.source.article_id].body, figure.figure.span.end)
    ]
    groups = list(_groups(AskedCount.of(question), chosen, figures, Ties(article_reports)))
    conflicts = [conflict for group in groups if (conflict := _conflict(group, articles))][:MOST]
    # What others say of a figure further down would be read as said of the words on top.
    agrees = groups and not conflicts and _stands_in(groups[0][0], chosen[0])
    agreement = _agreement(groups[0], articles) if agrees else None
    return Comparison(tuple(numbered(conflicts, first=len(chosen) + 1)), agreement)


def on_people(question: str, told: Iterable[SentenceHit], hits: Sequence[Hit], store: DocumentStore) -> list[Conflict]:
    """Conflicts on any number of people in sentences that are told for what they are of, not for what they answer."""
    figures = [replace(item, answer=item.span) for item in told]
    return [conflict for conflict in compare(question, figures, hits, store).conflicts if conflict.about == PEOPLE]


def _stands_in(figure: ReportedFigure, candidate: SentenceHit) -> bool:
    return figure.source.article_id == candidate.source.article_id and figure.figure.span.overlaps(candidate.span)


def numbered(conflicts: Sequence[Conflict], *, first: int) -> Iterator[Conflict]:
    """The conflicts with their quotes numbered on from the answer's."""
    numbers = count(first)
    for conflict in conflicts:
        rows = (replace(party, quote=replace(party.quote, number=next(numbers))) for party in conflict.parties)
        yield replace(conflict, parties=tuple(rows))


def _groups(
    wanted: AskedCount, chosen: Sequence[SentenceHit], figures: Sequence[ReportedFigure], ties: Ties
) -> Iterator[list[ReportedFigure]]:
    """For each figure that gives the count asked for, it and all that give the same count."""
    answers = [(item.source.article_id, item.answer) for item in chosen if item.answer and item.support >= ANSWERS]
    within_answers = {
        _place(figure)
        for article_id, span in answers
        for figure in figures
        if figure.source.article_id == article_id and figure.figure.span.overlaps(span)
    }
    answering = [figure for figure in _first_of_each_sentence(figures) if _place(figure) in within_answers]
    grouped: list[ReportedFigure] = []
    for anchor in _first_of_each_sentence(wanted.anchors(answering)):
        if anchor in grouped:
            continue
        alike = [
            figure
            for figure in figures
            if figure is not anchor
            and (same_kind(figure.figure.kind, anchor.figure.kind) or rivals(figure, anchor))
            and (anchor.figure.kind or figure.thing == anchor.thing)
            and wanted.is_given_by(figure)
            and same_count(figure.figure, anchor.figure)
        ]
        members = [figure for figure in alike if same_event(figure, anchor, ties)]
        joined = [anchor, *members]
        members += [
            figure
            for figure in alike
            if figure not in members
            and (figure.figure.event == anchor.figure.event or None in (figure.figure.event, anchor.figure.event))
            and any(_joins(figure, member) and same_event(figure, member, ties) for member in joined)
        ]
        # "31 votes to 14, with two abstentions" is compared by its first number.
        by_sentence = {
            (figure.source.article_id, figure.figure.sentence): figure for figure in [*members[::-1], anchor]
        }
        group = list(by_sentence.values())[::-1]
        grouped += group
        yield group


def _joins(figure: ReportedFigure, member: ReportedFigure) -> bool:
    """Of an event of a member's name, or the same number: what adds no contradiction of its own, such as a copy."""
    named = figure.figure.event is not None and figure.figure.event == member.figure.event
    return named or values_equal(figure.figure, member.figure)


def _first_of_each_sentence(members: Sequence[ReportedFigure]) -> list[ReportedFigure]:
    """The first figure of a kind in each sentence: "387 votes to 204" is compared by its first."""
    first: dict[tuple[object, ...], ReportedFigure] = {}
    for member in members:
        first.setdefault(_place(member), member)
    return list(first.values())


def _place(member: ReportedFigure) -> tuple[object, ...]:
    """The sentence of a figure, and what it counts there."""
    figure = member.figure
    return member.source.article_id, figure.sentence, figure.kind, member.thing, figure.places


def _conflict(group: Sequence[ReportedFigure], articles: Mapping[str, Article]) -> Conflict | None:
    """A conflict of the rows that are left when copies are folded, if they still say different things."""
    if not any(differ(figure, rival) for figure, rival in combinations(group, 2)):
        return None
    rows = parties(group, articles)
    if len({(party.said, party.kind) for party in rows}) < 2:
        return None
    about = name_of_thing(group[0], articles[group[0].source.article_id].body)
    return Conflict(about, scope_of(group[0].figure), rows)


def _agreement(group: Sequence[ReportedFigure], articles: Mapping[str, Article]) -> Agreement | None:
    """How many independent sources give the first figure's number; None for fewer than two."""
    anchor, body = group[0], articles[group[0].source.article_id].body
    agreeing = {
        figure.source.article_id: figure.report
        for figure in group
        if values_equal(figure.figure, anchor.figure) and figure.figure.approximate == anchor.figure.approximate
    }
    independent = len(set(witnesses(list(agreeing.values()), articles).values()))
    if independent < 2:
        return None
    sources = tuple(report.source for report in agreeing.values())
    return Agreement(name_of_thing(anchor, body), said_in(anchor.figure, body), independent, sources)


@dataclass(frozen=True, slots=True)
class AskedCount:
    """What became of the things counted, where and in which event; `values` are numbers to be confirmed."""

    kinds: frozenset[FigureKind]
    places: frozenset[str]
    worldwide: bool
    events: frozenset[str]
    values: frozenset[float]
    days: tuple[Days, ...]

    @classmethod
    def of(cls, question: str) -> AskedCount:
        english, spanish = (find_dates(question, published=None, language=tag) for tag in ("en", "es"))
        return cls(
            kinds=frozenset(word.kind for word in kind_words(question)),
            places=frozenset(code for _, code in places_in(question)),
            worldwide=bool(form("asked_worldwide").search(question)),
            events=frozenset(name.key for name in event_names(question)),
            values=frozenset(figure.low for figure in figures(question) if figure.low is not None),
            days=tuple(days for mention in english or spanish if (days := days_of(mention.value))),
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
