"""Which articles are copies of one another: declared, or nearly the same words. Copies are one witness."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from rapidfuzz.distance import LCSseq

from qa.answering.conflicts.reports import Report
from qa.text.terms import fold, words

COPIED = 0.8
"""Share of the shorter text's words that stand in the other in the same order, from which it is a copy. Two reports of
one event, written apart, have about .4 in common, reprints of a dispatch, shortened, over .9."""

READ = 2_000
"""Words of a text that are compared."""

Body = Callable[[str], str]
"""The body of the article of an id."""

_PARTS = re.compile(r"\s*[,;/]\s*|\s+(?:and|y|via|con|with)\s+", re.IGNORECASE)


def witnesses(reports: Sequence[Report], body: Body) -> list[int]:
    """For each report the place of the first one that it is a copy of, or its own."""
    first = list(range(len(reports)))
    for at, report in enumerate(reports):
        for before in range(at):
            if first[before] == before and _one_witness(reports[before], report, body):
                first[at] = before
                break
    return first


def _one_witness(first: Report, second: Report, body: Body) -> bool:
    if first.source.article_id == second.source.article_id:
        return True
    return _declared(first, second) or copied(body(first.source.article_id), body(second.source.article_id))


def _declared(first: Report, second: Report) -> bool:
    """Whether one is derived from the other, or both from one agency, about the same days."""
    first_origins, second_origins = _origins(first), _origins(second)
    if _names(first) & second_origins or _names(second) & first_origins:
        return True
    return bool(first_origins & second_origins)


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
