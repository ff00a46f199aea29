"""The figures of both sides as one Markdown table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchmarks.measures import Figures

EQUAL = 1_000
"""Encoded characters that count as one passage when both sides are compared: their passages differ in length."""

Row = tuple[str, float, float | None, str, bool]
"""What, ours, the recipe's, format, whether more is better."""


def markdown(figures: Mapping[str, Figures]) -> str:
    """One line for each measure; the ratio says how many times better ours is."""
    lines = ["| | Archive Q&A | plain LangChain recipe | times better |", "|---|---:|---:|---:|"]
    for what, ours, theirs, form, more in _rows(figures):
        other = "–" if theirs is None else format(theirs, form)
        lines.append(f"| {what} | {format(ours, form)} | {other} | {_ratio(ours, theirs, more=more)} |")
    return "\n".join(lines)


def _rows(figures: Mapping[str, Figures]) -> Iterator[Row]:
    ours, theirs = figures["house.fill"], figures["recipe.fill"]
    yield "ingestion, articles per second", _per_second(ours, "articles"), _per_second(theirs, "articles"), ",.1f", True
    equal = f"ingestion, passages of {EQUAL:,} characters per second"
    yield equal, _per_second(ours, "characters") / EQUAL, _per_second(theirs, "characters") / EQUAL, ",.1f", True
    yield (
        "ingestion, own passages per second",
        _per_second(ours, "passages"),
        _per_second(theirs, "passages"),
        ",.1f",
        True,
    )
    yield "reading for dates and the like, ms per 600 words", _reading(ours), None, ",.1f", False
    yield (
        "the same as a share of ingestion without encoding",
        ours["reading"] / ours["without_encoding"],
        None,
        ".0%",
        False,
    )
    yield "ingestion, peak memory in MB", ours["memory"], theirs["memory"], ",.0f", False
    ours, theirs = figures["house.ask"], figures["recipe.ask"]
    yield "finding, p50 in ms", ours["find_p50"], theirs["find_p50"], ",.1f", False
    yield "finding, p95 in ms", ours["find_p95"], theirs["find_p95"], ",.1f", False
    yield "whole answer, p50 in ms", ours["answer_p50"], None, ",.1f", False
    yield "whole answer, p95 in ms", ours["answer_p95"], None, ",.1f", False
    yield "questions, peak memory in MB", ours["memory"], theirs["memory"], ",.0f", False
    ours, theirs = figures["house.start"], figures["recipe.start"]
    yield "start, `qa --help` in s", ours["help"], None, ",.2f", False
    yield "start, to the first answer (recipe: finding) in s", ours["first"], theirs["first"], ",.2f", False
    yield "start, to the page's first response in s", ours["page"], None, ",.2f", False


def _reading(figures: Figures) -> float:
    return figures["reading"] / figures["words"] * 600 * 1e3


def _per_second(figures: Figures, what: str) -> float:
    return figures[what] / figures["seconds"]


def _ratio(ours: float, theirs: float | None, *, more: bool) -> str:
    if theirs is None:
        return "–"
    return f"{ours / theirs if more else theirs / ours:.2f}"
