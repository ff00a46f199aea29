"""Numbers by which texts and cases go, that differ by a slip: 2011/92 and 2011/93."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from qa.answering.comparing.parties import Saying
from qa.answering.comparing.sentences import Told
from qa.answering.selecting import alike
from qa.domain.archive import Span
from qa.language.claims.speakers import attributions
from qa.language.terms import stems

IDENTIFIER = re.compile(r"(?<![\w/])(?:[A-Z]{1,3}[-–‑])?\d{1,4}/\d{1,4}(?:/[A-Z]{2,4})?(?![\w/])")

ALIKE = 0.3
"""Share of their words that two sentences have in common where they are about one text (Jaccard, over stems)."""


@dataclass(frozen=True, slots=True)
class Identified:
    """A number in a sentence; `key` is without the letters behind it."""

    told: Told
    key: str
    mark: Span


def identifiers_in(question: str) -> frozenset[str]:
    return frozenset(_key(match.group()) for match in IDENTIFIER.finditer(question))


def compare_identifiers(asked: frozenset[str], sentences: Sequence[Told], answered: Sequence[Told]) -> list[Saying]:
    """The numbers that a question names, or the answer, and those a slip away from them, where one text is meant."""
    found = [one for told in sentences for one in _identified(told)]
    anchors = [one for one in found if one.key in asked or (not asked and one.told in answered)]
    for anchor in anchors:
        slips = [one for one in found if _is_slip(one.key, anchor.key) and _one_text(one.told, anchor.told)]
        if slips:
            return [_saying(one) for one in [anchor, *slips]]
    return []


def _identified(told: Told) -> Iterator[Identified]:
    for match in IDENTIFIER.finditer(told.text):
        yield Identified(told, _key(match.group()), Span(*match.span()))


def _key(text: str) -> str:
    return re.sub(r"/[A-Z]{2,4}$", "", text).replace("–", "-").replace("‑", "-")


def _is_slip(one: str, other: str) -> bool:
    return one != other and len(one) == len(other) and Levenshtein.distance(one, other, score_cutoff=1) <= 1


def _one_text(one: Told, other: Told) -> bool:
    """Whether the sentences are about the same text: one sentence, or two with much in common."""
    if one == other:
        return True
    return alike(stems(one.text), stems(other.text)) >= ALIKE


def _saying(one: Identified) -> Saying:
    text = one.told.text
    return one.told.saying(text[one.mark.start : one.mark.end], one.mark, speaker=_named_before(one))


def _named_before(one: Identified) -> str | None:
    """Who gives the number: the last one said to say something before it."""
    before = [said.who for said in attributions(one.told.text) if said.start < one.mark.start]
    return re.sub(r"^(?:The|the)\s", "", before[-1]) if before else None
