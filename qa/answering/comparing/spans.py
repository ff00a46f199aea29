"""Days and places that answer when and where: compared where two answers to a question exclude each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answering.comparing.parties import Saying
from qa.answering.comparing.sentences import Told, on_one_event
from qa.answering.comparing.stated import Ties, days_of
from qa.domain.archive import Span
from qa.domain.mentions import DateMention
from qa.domain.replies import Evidence
from qa.language.answer_spans import NAME
from qa.language.questions import Kind
from qa.language.terms import STOP_WORDS, fold, words
from qa.wording.forms import value_text

FITTING = 0.8
"""Share of the best answer's support that another needs to be held against it: with less it answers something else."""


_LIES = "is|a|an|the|in|of|near|town|village|city|province|region|un|una|en|de|la|municipio|ciudad|provincia"
"""Words that may stand between a place and the one that it lies in."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a sentence gives as day or place: `said` in words, `mark` its place in the body."""

    told: Told
    said: str
    mark: Span
    value: str


def compare_spans(
    kind: Kind, evidence: Sequence[Evidence], sentences: Sequence[Told], threshold: float, ties: Ties
) -> list[Saying]:
    """The days or places by which strong answers of one event exclude each other."""
    places = {(one.report.source.article_id, one.span): one for one in sentences}
    floor = max(threshold, FITTING * evidence[0].support) if evidence else threshold
    given = [
        one
        for item in evidence
        if item.support >= floor and (told := places.get((item.source.article_id, item.span)))
        if (one := (_day if kind is Kind.WHEN else _place)(item, told))
    ]
    if not given:
        return []
    anchor, exclude = given[0], _days_exclude if kind is Kind.WHEN else _places_exclude(sentences)
    # A report's weaker sentences tell of something else.
    first = {one.told.report.source.article_id: one for one in reversed(given)}.values()
    others = [one for one in first if one is not anchor and on_one_event(one.told.report, anchor.told.report, ties)]
    if not any(exclude(one, anchor) for one in others):
        return []
    return [one.told.saying(one.said, one.mark.shifted(-one.told.span.start)) for one in [anchor, *others]]


def _day(item: Evidence, told: Told) -> Given | None:
    """The one date that a sentence gives, or the one that answers, if it is known which day it means."""
    inside = [one for one in told.report.annotations.dates if Span(one.start, one.end).within(told.span) and one.value]
    meant = [one for one in inside if item.answer and _overlap(one, item.answer)] or inside
    if len(meant) != 1 or not meant[0].value:
        return None
    (one,) = meant
    return Given(told, value_text(one.value or ""), Span(one.start, one.end), one.value or "")


def _overlap(date: DateMention, span: Span) -> bool:
    return date.start < span.end and span.start < date.end


def _place(item: Evidence, told: Told) -> Given | None:
    if item.answer is None:
        return None
    said = item.hit.passage.slice(item.answer)
    return Given(told, said, item.answer, said) if NAME.search(said) else None


def _days_exclude(one: Given, other: Given) -> bool:
    ours, theirs = days_of(one.value), days_of(other.value)
    return bool(ours and theirs and (ours[1] < theirs[0] or theirs[1] < ours[0]))


def _places_exclude(sentences: Sequence[Told]) -> Callable[[Given, Given], bool]:
    """Places exclude each other where no word of their names is shared and no sentence puts one into the other."""

    def exclude(one: Given, other: Given) -> bool:
        ours, theirs = _names(one.said), _names(other.said)
        return bool(ours and theirs) and not ours & theirs and not _contained(ours, theirs, sentences)

    return exclude


def _names(text: str) -> set[str]:
    return {fold(word) for match in NAME.finditer(text) for word in words(match.group())} - STOP_WORDS


def _contained(ours: set[str], theirs: set[str], sentences: Sequence[Told]) -> bool:
    """Whether a sentence says that one lies in the other: "Caldas, province of Pontevedra"."""
    one, other = "|".join(map(re.escape, ours)), "|".join(map(re.escape, theirs))
    lies = rf"\W+(?:(?:{_LIES})\W+){{0,6}}"
    pattern = re.compile(rf"\b(?:(?:{one})\b{lies}\b(?:{other})|(?:{other})\b{lies}\b(?:{one}))\b", re.IGNORECASE)
    return any(pattern.search(" ".join(fold(word) for word in words(told.text))) for told in sentences)
