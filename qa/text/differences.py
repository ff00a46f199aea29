"""What differs between two texts, paragraph by paragraph and word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from operator import attrgetter
from typing import Literal

MOST_WORDS = 2_000  # words of a paragraph that are compared one by one: a longer one is shown as taken out and put in
_WORD = re.compile(r"\s*\S+\s*$|\s*\S+")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text, and what became of it."""

    change: Literal["kept", "removed", "added"]
    text: str


def differing_paragraphs(before: str, after: str) -> list[list[Stretch]]:
    """The paragraphs of both texts in order, each as stretches; a paragraph of both is one that is kept."""
    old, new = ([part for part in text.split("\n\n") if part.strip()] for text in (before, after))
    stretches: list[list[Stretch]] = []
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            stretches += [[Stretch("kept", text)] for text in old[first:last]]
        else:  # side by side as far as there are as many
            pairs = zip_longest(old[first:last], new[start:end], fillvalue="")
            stretches += [list(_words(removed, added)) for removed, added in pairs]
    return stretches


def _words(before: str, after: str) -> Iterator[Stretch]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = [before], [after]
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        removed, added = "".join(old[first:last]), "".join(new[start:end])
        if kind == "equal":
            yield Stretch("kept", removed)
        else:
            yield from filter(attrgetter("text"), (Stretch("removed", removed), Stretch("added", added)))
