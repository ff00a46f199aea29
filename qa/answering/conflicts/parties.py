"""Rows of a table: the figure that each source gives, copies folded into the first that gave it, and its heading."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import LCSseq

from qa.answering.conflicts.sameness import Report, ReportedFigure, middle
from qa.answering.glossing import glosses_within
from qa.i18n.forms import place_name
from qa.i18n.locale import N_, _, pgettext
from qa.models.annotations import Figure
from qa.models.archive import Article
from qa.models.replies import Citation, Party
from qa.text.terms import fold, words

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


def name_of_thing(reported: ReportedFigure, body: str) -> str:
    """What is counted, in a word or two; `body` is that of the figure's article."""
    following = body[reported.figure.span.end : reported.figure.span.end + 40].split()
    if reported.thing in NAMES and (reported.thing or not following):
        return NAMES[reported.thing]
    return following[0].strip(".,;:()") if following else NAMES[""]


def scope_of(figure: Figure) -> str | None:
    """Codes of countries with commas between, "worldwide", or None where nothing says."""
    return ",".join(sorted(figure.places)) or (WORLDWIDE if figure.worldwide else None)


def caption(about: str, scope: str | None) -> str:
    """Thing and place as a heading: "People, worldwide"."""
    about = _(about)
    about = about[:1].upper() + about[1:]
    if scope is None or scope == WORLDWIDE:
        return f"{about}, {_(WORLDWIDE)}" if scope else about
    first, *rest = map(place_name, scope.split(","))
    for name in rest:
        # Spanish has another word for "and" before the sound of an i.
        first += pgettext("before i", " and ") if name.startswith(("I", "Hi")) else _(" and ")
        first += name
    return f"{about}, {first}"


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
