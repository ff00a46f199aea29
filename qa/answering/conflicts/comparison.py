"""Compares the figures that an answer gives with those of the other articles found: one count, one event, one place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, count

from qa.answering.annotated import annotations_of
from qa.answering.confidence import ANSWERS
from qa.answering.conflicts.asked_count import AskedCount
from qa.answering.conflicts.naming import name_of_thing, scope_of
from qa.answering.conflicts.parties import independent, parties, said_in
from qa.answering.conflicts.reports import ReportedFigure, Ties, reported, reports
from qa.answering.conflicts.sameness import differ, rivals, same_count, same_event, same_kind, values_equal
from qa.errors import NotFound
from qa.models.archive import Article, Span
from qa.models.replies import Agreement, Candidate, Conflict, Hit
from qa.protocols import DocumentStore
from qa.text.figures import figures
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


@dataclass(frozen=True, slots=True)
class Comparison:
    """The conflicts between sources, and the agreement of independent ones."""

    conflicts: tuple[Conflict, ...] = ()
    agreement: Agreement | None = None


def asks_for_count(chosen: Sequence[Candidate]) -> bool:
    """True where a figure is what the surest sentence answers: of no other answer are sources compared."""
    best = max(chosen, key=lambda item: item.support)
    answer = _answer_text(best)
    return any(len(words(answer[: figure.span.start])) <= BEFORE_FIGURE for figure in figures(answer)) and (
        len(words(answer)) <= LONGEST_COUNT
    )


def _answer_text(item: Candidate) -> str:
    return item.hit.passage.slice(item.answer) if item.answer else ""


def compare(question: str, chosen: Sequence[Candidate], hits: Sequence[Hit], store: DocumentStore) -> Comparison:
    """The answer's figures held against those of the other passages found; nothing unless a count is asked for."""
    wanted = AskedCount.of(question)
    passages = [*(item.hit.passage for item in chosen), *(hit.passage for hit in hits)]
    unique = list({passage.passage_id: passage for passage in passages}.values())
    article_reports = reports(unique, annotations_of((passage.source.article_id for passage in unique), store))
    articles = _Articles(store, {})
    groups = list(_groups(wanted, chosen, reported(article_reports), Ties(article_reports), articles))
    conflicts = [conflict for group in groups for conflict in _conflict(group, articles)][:MOST]
    agreement = _agreement(groups[0], articles) if groups and not conflicts else None
    return Comparison(tuple(numbered(conflicts, first=len(chosen) + 1)), agreement)


def numbered(conflicts: Sequence[Conflict], *, first: int) -> Iterator[Conflict]:
    """The conflicts with their quotes numbered on from the answer's."""
    numbers = count(first)
    for conflict in conflicts:
        rows = (replace(party, quote=replace(party.quote, number=next(numbers))) for party in conflict.parties)
        yield replace(conflict, parties=tuple(rows))


@dataclass(frozen=True, slots=True)
class _Articles:
    """Articles looked up once for a question."""

    store: DocumentStore
    by_id: dict[str, Article]

    def body(self, article_id: str) -> str:
        """Empty where the article was taken back a moment ago."""
        if article_id not in self.by_id:
            try:
                self.by_id[article_id] = self.store.article(article_id)
            except NotFound:
                return ""
        return self.by_id[article_id].body

    def counts_a_subset(self, figure: ReportedFigure) -> bool:
        return bool(_SUBSET.match(self.body(figure.source.article_id), figure.figure.span.end))


def _groups(
    wanted: AskedCount,
    chosen: Sequence[Candidate],
    figures: Sequence[ReportedFigure],
    ties: Ties,
    articles: _Articles,
) -> Iterator[list[ReportedFigure]]:
    """For each figure that gives the count asked for, it and all that give the same count."""
    answers = [(item.source.article_id, item.answer) for item in chosen if item.answer and item.support >= ANSWERS]
    within_answers = {
        _place(figure)
        for article_id, span in answers
        for figure in figures
        if figure.source.article_id == article_id and _overlap(figure.figure.span, span)
    }
    answering = [figure for figure in _first_of_each_sentence(figures) if _place(figure) in within_answers]
    grouped: list[ReportedFigure] = []
    for anchor in _first_of_each_sentence(wanted.anchors(answering)):
        if anchor in grouped or articles.counts_a_subset(anchor):
            continue
        alike = [
            figure
            for figure in figures
            if figure is not anchor
            and _same_status(figure, anchor)
            and wanted.is_given_by(figure)
            and same_count(figure.figure, anchor.figure)
            and not articles.counts_a_subset(figure)
        ]
        members = [figure for figure in alike if same_event(figure, anchor, ties)]
        joined = [anchor, *members]
        members += [
            figure
            for figure in alike
            if figure not in members
            and _may_be_of(figure, anchor)
            and any(_joins(figure, member) and same_event(figure, member, ties) for member in joined)
        ]
        # "31 votes to 14, with two abstentions" is compared by its first number.
        by_sentence = {
            (figure.source.article_id, figure.figure.sentence): figure for figure in (*members[::-1], anchor)
        }
        group = list(by_sentence.values())[::-1]
        grouped += group
        yield group


def _overlap(first: Span, second: Span) -> bool:
    return first.start < second.end and second.start < first.end


def _may_be_of(figure: ReportedFigure, anchor: ReportedFigure) -> bool:
    """The names of their events, where both have one, are the same."""
    return None in (figure.figure.event, anchor.figure.event) or figure.figure.event == anchor.figure.event


def _joins(figure: ReportedFigure, member: ReportedFigure) -> bool:
    """Of an event of a member's name, or the same number: what adds no contradiction of its own, such as a copy."""
    named = figure.figure.event is not None and figure.figure.event == member.figure.event
    return named or values_equal(figure.figure, member.figure)


def _same_status(figure: ReportedFigure, anchor: ReportedFigure) -> bool:
    return same_kind(figure.figure.kind, anchor.figure.kind) or rivals(figure, anchor)


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


def _conflict(group: Sequence[ReportedFigure], articles: _Articles) -> list[Conflict]:
    """A conflict of the rows that are left when copies are folded, if they still say different things."""
    if not any(differ(figure, rival) for figure, rival in combinations(group, 2)):
        return []
    readable = [figure for figure in group if articles.body(figure.source.article_id)]
    rows = parties(readable, articles.by_id)
    about = name_of_thing(group[0], articles.body(group[0].source.article_id))
    different = len({(party.said, party.kind) for party in rows}) > 1
    return [Conflict(about, scope_of(group[0].figure), rows)] if different else []


def _agreement(group: Sequence[ReportedFigure], articles: _Articles) -> Agreement | None:
    """How many independent sources give the first figure's number; None for fewer than two."""
    anchor = group[0]
    same = [
        figure
        for figure in group
        if values_equal(figure.figure, anchor.figure) and figure.figure.approximate == anchor.figure.approximate
    ]
    by_article = {figure.source.article_id: figure.report for figure in same}
    readable = [report for article_id, report in by_article.items() if articles.body(article_id)]
    witnesses = independent(readable, articles.by_id) if len(readable) > 1 else 0
    if witnesses < 2:
        return None
    body = articles.body(anchor.source.article_id)
    return Agreement(
        name_of_thing(anchor, body),
        said_in(anchor.figure, body),
        witnesses,
        tuple(report.source for report in readable),
    )
