"""What differs between two texts: paragraphs first, and inside changed ones words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_WORDS = 2_000
"""Words of a paragraph that are compared one by one: a longer one is shown as taken out and put in."""

_WORD = re.compile(r"\s*\S+\s*$|\s*\S+")


class Change(StrEnum):
    """What became of a stretch of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Stretch:
    change: Change
    text: str


def differing_paragraphs(before: str, after: str) -> list[list[Stretch]]:
    """The paragraphs of both texts in order, each as stretches; those that are in both stand as one that is kept.

    The stretches that were not added make up the text before, those that were not removed the one after.
    """
    old, new = _paragraphs(before), _paragraphs(after)
    stretches: list[list[Stretch]] = []
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            stretches += [[Stretch(Change.KEPT, text)] for text in old[first:last]]
        else:
            stretches += _changed(old[first:last], new[start:end])
    return stretches


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[list[Stretch]]:
    """Paragraphs that took the place of others, side by side as far as there are as many."""
    for before, after in zip(old, new, strict=False):
        yield list(_words(before, after))
    yield from ([Stretch(Change.REMOVED, text)] for text in old[len(new) :])
    yield from ([Stretch(Change.ADDED, text)] for text in new[len(old) :])


def _words(before: str, after: str) -> Iterator[Stretch]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = [before], [after]
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Stretch(Change.KEPT, "".join(old[first:last]))
            continue
        if first < last:
            yield Stretch(Change.REMOVED, "".join(old[first:last]))
        if start < end:
            yield Stretch(Change.ADDED, "".join(new[start:end]))


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]
