"""How much of a sentence's meaning its sources hold: late interaction of its words with theirs, by rarity.

A word that a source has, in another form or by a word of the same meaning, counts as a whole one. Any other counts by
the highest cosine between its tokens, encoded within the sentence, and those of the sources with headline and the words
before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from qa.answering.checking import markers
from qa.answering.checking.finding import Finding
from qa.answering.checking.names import capitals
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word
from qa.answering.support import Rarity
from qa.ports import TokenVectors, Vectors

COVERED = 0.78
"""Share of a sentence that has to be covered. Of 175 faithful sentences written for it, 174 were covered to more; of 9
with details made up, 6 to less than .8."""
STRANGE = 0.33
"""Cosine below which a word has no counterpart. The least of a faithful sentence's words lay below it in 5 of 175, that
of a sentence with made-up details in 8 of 9."""
NOT_ENGLISH = 0.1
"""Taken off both limits for other languages than the encoder was made for: it sees less of what their words share."""
AROUND = 0.5
"""What a word counts that stands only in the words before a source's sentence, or in its headline."""
ABROAD = 0.75
"""Share of the words that have a counterpart by form or kin, where a sentence and its sources are in two languages."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A word of the sentence with its weight, and how well the sources cover it, 0 to 1."""

    word: Word
    weight: float
    by: float


def unmatched(sentence: Wording, witnesses: Sequence[Witness]) -> list[Word]:
    """The words with a meaning that no source has in any form; numbers and names have rules of their own."""
    keys = frozenset().union(*(one.keys for one in witnesses))
    return [word for word in _judged(sentence) if keys.isdisjoint(word.keys)]


_ELSEWHERE = tuple(map(markers.any_of, (
    markers.CAUSES, markers.SAYING, markers.DENYING, markers.CONTRARY, markers.UTMOST, markers.CONNECTING,
    *markers.HEDGES.values(),
)))  # fmt: skip
"""Words that other rules look at."""


def _judged(sentence: Wording) -> list[Word]:
    names = set(capitals(sentence))
    numbers = [one.span for one in sentence.amounts]
    numbers += [mark for pattern in _ELSEWHERE for mark in sentence.marks(pattern)]
    return [
        word
        for word in sentence.content
        if word not in names and not any(span.start < word.end and word.start < span.end for span in numbers)
    ]


def word_vector(word: Word, tokens: TokenVectors) -> Vectors | None:
    """The unit vector of a word: the mean of its tokens'; None where it lies beyond what the encoder reads."""
    inside = [at for at, (start, end) in enumerate(tokens.spans) if start < word.end and word.start < end]
    if not inside:
        return None
    mean = tokens.vectors[inside].mean(axis=0)
    scaled: Vectors = mean / (np.linalg.norm(mean) or 1.0)
    return scaled


def covered(
    sentence: Wording,
    witnesses: Sequence[Witness],
    missing: Sequence[Word],
    vectors: tuple[TokenVectors, Vectors] | None,
    rarity: Rarity,
) -> list[Covered]:
    """Every word that is judged, and every name, with how well it is covered.

    `vectors` are the sentence's tokens and the sources' token vectors; needed where words are missing.
    """
    said = frozenset().union(*(one.said.keys | one.names_of_source for one in witnesses))
    found = []
    for word in [*_judged(sentence), *capitals(sentence)]:
        by = 1.0 if not said.isdisjoint(word.keys) else AROUND
        if word in missing and vectors is not None:
            tokens, theirs = vectors
            vector = word_vector(word, tokens)
            by = float((theirs @ vector).max()) if vector is not None and len(theirs) else 0.0
        found.append(Covered(word, rarity(word.folded) + 0.5, by))
    return found


def coverage(found: Sequence[Covered], *, slack: float = 0.0) -> Iterator[Finding]:
    """That much of a sentence, or one word of it, stands in no source in any form; `slack` is taken off the limits."""
    total = sum(one.weight for one in found)
    share = sum(one.weight * one.by for one in found) / total if total else 1.0
    worst = min(found, key=lambda one: one.by, default=None)
    if worst and worst.by < STRANGE - slack:
        yield Finding(f"The sources say nothing of “{worst.word.text}”.", grave=False)
    elif share < COVERED - slack:
        least = sorted(found, key=lambda one: one.by)[:3]
        words = ", ".join(f"“{one.word.text}”" for one in least if one.by < 1)
        yield Finding(f"The sources don't clearly say {words}.", grave=False)


_JOINED = re.compile(
    r"[,;:—–]\s(?:and|but|or|while|which|who|where|to|at|for|with|in"
    r"|y|e|pero|o|que|lo que|lo cual|mientras|para|con|por|en)\s"
)
"""Where a clause is added to what stands before it."""
_CLAUSE_END = re.compile(r"[,;:.()—–]|$")
ADDED = 0.65
"""Share of an added clause that has to be covered. Those of faithful sentences lay above .88, made-up ones that shared
no word with the sources below .53."""


def added(sentence: Wording, found: Sequence[Covered]) -> Iterator[Finding]:
    """A clause joined to a sentence that its sources hold, of which they say nothing."""
    for joint in _JOINED.finditer(sentence.lower):
        ends = _CLAUSE_END.search(sentence.lower, joint.end())
        limit = ends.start() if ends else len(sentence.text)
        if any(joint.end() <= one.span.start < limit for one in sentence.amounts):
            continue  # a number of the sources holds it to what they say of it
        own = [one for one in found if joint.end() <= one.word.start < limit]
        total = sum(one.weight for one in own)
        if own and sum(one.weight * one.by for one in own) < ADDED * total:
            words = sentence.text[joint.start() + 2 : limit].strip()
            yield Finding(f"The sources say nothing of “{words}”.", grave=False)
            return


def abroad(sentence: Wording, missing: Sequence[Word], witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """That too few words have a counterpart in sources of another language, where the encoder can't tell."""
    judged = _judged(sentence)
    missing = [word for word in missing if not _has_cognate(word, witnesses)]
    if judged and 1 - len(missing) / len(judged) < ABROAD:
        words = ", ".join(f"“{word.text}”" for word in missing[:3])
        yield Finding(f"The sources are in another language, and {words} can't be found in them.", grave=False)


COGNATE = 5
"""Letters from the first that a word and its counterpart in the other language have in common."""
_SPELT = (("ph", "f"), ("th", "t"), ("qu", "c"), ("k", "c"), ("y", "i"))


def _has_cognate(word: Word, witnesses: Sequence[Witness]) -> bool:
    """Whether the sources have a word of another language that begins like it: difficult, difícil."""
    own = _spelt(word.folded)
    return len(own) >= COGNATE and any(
        _spelt(other.folded).startswith(own[:COGNATE]) for one in witnesses for other in one.said.content
    )


@lru_cache(maxsize=20_000)
def _spelt(folded: str) -> str:
    """A word as both languages would spell it: no letter doubled, none of Greek."""
    for letters, simple in _SPELT:
        folded = folded.replace(letters, simple)
    return re.sub(r"(.)\1", r"\1", folded)
