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


def witnesses(found: Sequence[Report], body: Body) -> list[int]:
    """For each report the place of the first one that it is a copy of, or its own."""
    first = list(range(len(found)))
    for at, one in enumerate(found):
        for before in range(at):
            if first[before] == before and _one_witness(found[before], one, body):
                first[at] = before
                break
    return first


def _one_witness(one: Report, other: Report, body: Body) -> bool:
    if one.source.article_id == other.source.article_id:
        return True
    return _declared(one, other) or copied(body(one.source.article_id), body(other.source.article_id))


def _declared(one: Report, other: Report) -> bool:
    """Whether one is derived from the other, or both from one agency, about the same days."""
    ours, theirs = _origins(one), _origins(other)
    if _names(one) & theirs or _names(other) & ours:
        return True
    return bool(ours & theirs)


def _origins(report: Report) -> frozenset[str]:
    said = report.annotations.derived_from
    return frozenset(_key(part) for part in _PARTS.split(said) if part.strip()) if said else frozenset()


def _names(report: Report) -> frozenset[str]:
    """What an article goes by where another says what it is derived from."""
    return frozenset({_key(report.source.article_id), _key(report.source.title)})


def _key(name: str) -> str:
    return " ".join(fold(word) for word in words(name))


def copied(one: str, other: str) -> bool:
    """Whether the shorter text is the other one, shortened or touched up."""
    ours, theirs = _read(one), _read(other)
    shorter = min(len(ours), len(theirs))
    return shorter > 0 and LCSseq.similarity(ours, theirs) >= COPIED * shorter


@lru_cache(maxsize=200)
def _read(text: str) -> tuple[str, ...]:
    return tuple(words(text.lower())[:READ])
