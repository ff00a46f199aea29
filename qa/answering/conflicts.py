"""Compares an answer's figures with those of the other articles found: who says what, copies folded, and who agrees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import combinations

from rapidfuzz.distance import LCSseq

from qa.answering.quoting import annotations_of, articles_of, glosses_within, numbered
from qa.answering.reported_figures import (
    AskedCount,
    Report,
    ReportedFigure,
    Ties,
    differ,
    middle,
    reported,
    reports,
    rivals,
    same_count,
    same_event,
    same_kind,
    values_equal,
)
from qa.answering.selecting import ANSWERS
from qa.i18n.locale import N_
from qa.models.annotations import Figure
from qa.models.archive import Article, Span
from qa.models.replies import Agreement, Citation, Conflict, Hit, Party, SentenceHit
from qa.protocols import DocumentStore
from qa.text.figures import figures, form, is_common
from qa.text.terms import fold, words

MOST = 3
"""Conflicts that one answer shows, those about what it says first."""

BEFORE_FIGURE, LONGEST_COUNT = 2, 8
"""Words before the figure, and words of an answer in all, up to which the figure is what answers: "more than 500"."""

_SUBSET = re.compile(
    r"\s(?:[\w-]+\s)?(?:wom[ae]n|m[ae]n|child(?:ren)?|boys?|girls?|mujer(?:es)?|hombres?|niñ[oa]s?|menores)\b",
    re.IGNORECASE,
)
"""Words behind a number that count some of the people only."""

_OF_NUMBERS = re.compile(
    r"\s(?:[\w-]+\s)?(?:numbers|figures|totals|versions|cifras|recuentos|versiones)\b", re.IGNORECASE
)
"""Words behind a number that counts what is said, and not what happened: "four different numbers of arrests"."""

_AT_LEAST = re.compile(r"(?:at least|a minimum of|al menos|como m[ií]nimo)\s(?:the |los |las )?$", re.IGNORECASE)
_FEWER = re.compile(r"(?:less|fewer|lower) than\s$|(?:under|below|menos de)\s$", re.IGNORECASE)
_NEARLY = re.compile(r"(?:nearly|almost|casi|cerca de)\s$", re.IGNORECASE)

COPIED = 0.8
"""Share of the shorter text's words that stand in the other in the same order, from which it is a copy. Two reports of
one event, written apart, have about .4 in common, reprints of a dispatch, shortened, over .9."""

READ = 2_000
"""Words of a text that are compared."""

_PARTS = re.compile(r"\s*[,;/]\s*|\s+(?:and|y|via|con|with)\s+", re.IGNORECASE)

WORLDWIDE = N_("worldwide")

PEOPLE = N_("people")

NAMES = {
    "people": PEOPLE, "arrest": N_("arrests"), "country": N_("countries"),
    "search": N_("searches"), "home": N_("homes"), "connection": N_("connections"), "item": N_("items"),
    "province": N_("provinces"), "officer": N_("officers"), "month": N_("months"), "year": N_("years"),
    "day": N_("days"), "week": N_("weeks"), "report": N_("reports"), "vote": N_("votes"),
    "judge": N_("judges"), "court": N_("courts"), "": N_("figures"),
}  # fmt: skip


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
        if not any(
            behind.match(articles[figure.source.article_id].body, figure.figure.span.end)
            for behind in (_SUBSET, _OF_NUMBERS)
        )
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


def _groups(
    wanted: AskedCount, chosen: Sequence[SentenceHit], figures: Sequence[ReportedFigure], ties: Ties
) -> Iterator[list[ReportedFigure]]:
    """For each figure that gives the count asked for, it and all that give the same count."""
    within_answers = {
        _place(figure)
        for item in chosen
        if item.answer and item.support >= ANSWERS
        for figure in _covered(figures, item.source.article_id, item.answer, whole=item.answer == item.span)
    }
    answering = [figure for figure in _first_of_each_sentence(figures) if _place(figure) in within_answers]
    # Who asks for one count gets no conflict over what a further sentence counts.
    surest = max(chosen, key=lambda item: item.support, default=None)
    if wanted.is_one and surest and surest.answer and surest.answer != surest.span:
        first = _covered(figures, surest.source.article_id, surest.answer, whole=False)[:1]
        answering = [figure for figure in answering if all(_counts_alike(figure, counted) for counted in first)]
    grouped: list[ReportedFigure] = []
    for anchor in _first_of_each_sentence(wanted.anchors(answering)):
        if anchor in grouped:
            continue
        alike = [
            figure
            for figure in figures
            if figure is not anchor
            and (same_kind(figure.figure.kind, anchor.figure.kind) or rivals(figure, anchor))
            and (figure.thing == anchor.thing or (anchor.figure.kind and not _names_other(figure, anchor)))
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


def _covered(figures: Sequence[ReportedFigure], article_id: str, answer: Span, *, whole: bool) -> list[ReportedFigure]:
    """The figures of an answer; where it is not the `whole` sentence those that count what its first counts.

    Of "2,500 customers in 19 countries" the customers answer.
    """
    covered = [item for item in figures if item.source.article_id == article_id and item.figure.span.overlaps(answer)]
    first = min(covered, key=lambda item: item.figure.span.start, default=None)
    if first is None or whole:
        return covered
    kind = first.figure.kind
    return [item for item in covered if same_kind(item.figure.kind, kind) and (kind or item.thing == first.thing)]


def _counts_alike(figure: ReportedFigure, other: ReportedFigure) -> bool:
    return figure.thing == other.thing or bool(
        other.figure.kind and (same_kind(figure.figure.kind, other.figure.kind) or rivals(figure, other))
    )


def _names_other(figure: ReportedFigure, anchor: ReportedFigure) -> bool:
    """Whether it surely counts another thing: "four reports", and not persons, in a sentence on arrests."""
    return is_common(figure.thing) and is_common(anchor.thing)


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


def name_of_thing(reported: ReportedFigure, body: str) -> str:
    """What is counted, in a word or two; `body` is that of the figure's article."""
    following = body[reported.figure.span.end : reported.figure.span.end + 40].split()
    if reported.thing in NAMES and (reported.thing or not following):
        return NAMES[reported.thing]
    return following[0].strip(".,;:()") if following else NAMES[""]


def scope_of(figure: Figure) -> str | None:
    """Codes of countries with commas between, "worldwide", or None where nothing says."""
    return ",".join(sorted(figure.places)) or (WORLDWIDE if figure.worldwide else None)


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


def parties(figures: Sequence[ReportedFigure], articles: Mapping[str, Article]) -> tuple[Party, ...]:
    """A row for each source and what it says, in order of publication; copies are in the row of the first."""
    ordered = sorted(figures, key=lambda f: (f.source.published or date.max, f.source.article_id, f.figure.span))
    ordered = [figure for figure in ordered if not any(_says_more(rival, figure) for rival in ordered)]
    witness = witnesses([figure.report for figure in ordered], articles)
    rows: dict[tuple[object, ...], Party] = {}
    for figure in ordered:
        article_id = figure.source.article_id
        party = _party(figure, articles[article_id])
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
    return (rival_value.kind is None and value.kind is not None) or (
        rival_value.kind == value.kind and rival_value.speaker is None and value.speaker is not None
    )


def _party(reported: ReportedFigure, article: Article) -> Party:
    """The row of a figure, quoting its sentence."""
    figure, value, span = reported.figure, middle(reported.figure), reported.figure.sentence
    said, text = said_in(figure, article.body), article.body[span.start : span.end]
    glosses = glosses_within(reported.report.annotations, span)
    return Party(
        said if value is None else value,
        said,
        figure.approximate or value is None,
        figure.kind.value if figure.kind else None,
        figure.speaker,
        Citation(1, article.source, span.start, span.end, text, figure.span, glosses),
    )


def witnesses(reports: Sequence[Report], articles: Mapping[str, Article]) -> dict[str, str]:
    """For each report's article the first one that it is a copy of, or itself."""
    first: dict[str, str] = {}
    originals: list[Report] = []
    for report in reports:
        if report.source.article_id not in first:
            original = next((before for before in originals if _one_witness(before, report, articles)), report)
            if original is report:
                originals.append(report)
            first[report.source.article_id] = original.source.article_id
    return first


def _one_witness(first: Report, second: Report, articles: Mapping[str, Article]) -> bool:
    """Whether one is derived from the other, or both from one agency, or one has the other's words."""
    origins, second_origins = _origins(first), _origins(second)
    declared = (_names(first) & second_origins) | (_names(second) & origins) | (origins & second_origins)
    return bool(declared) or copied(articles[first.source.article_id].body, articles[second.source.article_id].body)


def _origins(report: Report) -> set[str]:
    return {_key(part) for part in _PARTS.split(report.annotations.derived_from or "") if part.strip()}


def _names(report: Report) -> set[str]:
    """What an article goes by where another says what it is derived from."""
    return {_key(report.source.article_id), _key(report.source.title)}


def _key(name: str) -> str:
    return " ".join(fold(word) for word in words(name))


def copied(first: str, second: str) -> bool:
    """Whether the shorter text is the other one, shortened or touched up."""
    first_words, second_words = _read(first), _read(second)
    shorter = min(len(first_words), len(second_words))
    return shorter > 0 and LCSseq.similarity(first_words, second_words) >= COPIED * shorter


@lru_cache(maxsize=200)
def _read(text: str) -> tuple[str, ...]:
    return tuple(words(text.lower())[:READ])
