"""Rows of a table: the figure that each source gives, copies folded into the first that gave it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import LCSseq

from qa.answering.conflicts.sameness import Report, ReportedFigure, middle
from qa.answering.glossing import glosses_within
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


def said_in(figure: Figure, body: str) -> str:
    """A figure in the software's words: 500, about 500, more than 20,000, six to 24 as 6 to 24."""
    before = body[max(0, figure.span.start - 25) : figure.span.start]
    low, high = figure.low, figure.high
    unit = figure.counted[0] if figure.counted and figure.counted[0] in "%$£€" else ""
    if low is None and high is None:
        return body[figure.span.start : figure.span.end]  # hundreds
    if low is None:
        return f"{'fewer than' if _FEWER.search(before) else 'up to'} {_number(high, unit)}"
    if high is None:
        return f"{'at least' if _AT_LEAST.search(before) else 'more than'} {_number(low, unit)}"
    if low != high:
        return f"{_number(low, unit)} to {_number(high, unit)}"
    about = "nearly" if _NEARLY.search(before) else "about"
    return f"{about} {_number(low, unit)}" if figure.approximate else _number(low, unit)


def _number(value: float | None, unit: str) -> str:
    text = f"{value:,.0f}" if value is not None and value == int(value) else f"{value:,}"
    return f"{text}%" if unit == "%" else f"{unit}{text}"


def parties(figures: Sequence[ReportedFigure], articles: Mapping[str, Article]) -> tuple[Party, ...]:
    """A row for each source and what it says, in order of publication; copies are in the row of the first."""
    ordered = sorted(figures, key=lambda f: (f.source.published or date.max, f.source.article_id, f.figure.span))
    ordered = [figure for figure in ordered if not any(_says_more(rival, figure) for rival in ordered)]
    reports = list({figure.source.article_id: figure.report for figure in ordered}.values())
    first = witnesses(reports, articles)
    witness = {report.source.article_id: reports[first[at]].source.article_id for at, report in enumerate(reports)}
    rows: dict[tuple[object, ...], Party] = {}
    for figure in ordered:
        article_id = figure.source.article_id
        party = party_of(figure, articles[article_id])
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


def party_of(reported: ReportedFigure, article: Article) -> Party:
    """The row of a figure, quoting its sentence."""
    figure, value = reported.figure, middle(reported.figure)
    attribution, span = said_in(figure, article.body), figure.sentence
    quote = Citation(
        1, article.source, span.start, span.end, article.body[span.start : span.end], figure.span,
        glosses_within(reported.report.annotations, span),
    )  # fmt: skip
    kind = figure.kind.value if figure.kind else None
    approximate = figure.approximate or value is None
    return Party(attribution if value is None else value, attribution, approximate, kind, figure.speaker, quote)


def witnesses(reports: Sequence[Report], articles: Mapping[str, Article]) -> list[int]:
    """For each report the place of the first one that it is a copy of, or its own."""
    first = list(range(len(reports)))
    for at, report in enumerate(reports):
        for before in range(at):
            if first[before] == before and _one_witness(reports[before], report, articles):
                first[at] = before
                break
    return first


def _one_witness(first: Report, second: Report, articles: Mapping[str, Article]) -> bool:
    """Whether one is derived from the other, or both from one agency, or one has the other's words."""
    first_origins, second_origins = _origins(first), _origins(second)
    declared = (_names(first) & second_origins) | (_names(second) & first_origins) | (first_origins & second_origins)
    return bool(declared) or copied(articles[first.source.article_id].body, articles[second.source.article_id].body)


def _origins(report: Report) -> frozenset[str]:
    origin = report.annotations.derived_from
    return frozenset(_key(part) for part in _PARTS.split(origin) if part.strip()) if origin else frozenset()


def _names(report: Report) -> frozenset[str]:
    """What an article goes by where another says what it is derived from."""
    return frozenset({_key(report.source.article_id), _key(report.source.title)})


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
