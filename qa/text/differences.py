"""Two texts compared: what differs between them, and whether one repeats the words of the other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from qa.text.terms import STOP_WORDS, fold, words

MOST_WORDS = 2_000  # words of a paragraph that are compared one by one: a longer one is shown as taken out and put in
RUN = 5  # so many words in a row are repeated, not met by chance; four often are a turn of phrase: "at the end of"
LONGEST_NAME = 6
_WORD = re.compile(r"\s*\S+\s*$|\s*\S+")
_SENTENCE = re.compile(r"[.!?:;\n]+")
_PARTS_OF_NAMES = frozenset("de del la las los y e van von der den da do dos di bin al el".split())  # noqa: SIM905


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
    """The paragraphs of both texts in order, each as stretches; a paragraph of both is one that is kept."""
    old, new = ([part for part in text.split("\n\n") if part.strip()] for text in (before, after))
    stretches: list[list[Stretch]] = []
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            stretches += [[Stretch(Change.KEPT, text)] for text in old[first:last]]
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
            yield Stretch(Change.KEPT, removed)
        else:
            yield from (Stretch(*part) for part in ((Change.REMOVED, removed), (Change.ADDED, added)) if part[1])


class Repetition:
    """Whether a text repeats some others, as questions may those that are erased: RUN words in a row, or a name."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._runs: set[tuple[str, ...]] = set()
        for text in texts:
            self._runs.update(_runs(text, RUN))
            for sentence in _SENTENCE.split(text):
                self._runs.update(_names(sentence))

    def __call__(self, text: str) -> bool:
        lengths = range(2, LONGEST_NAME + 1)
        return not all(self._runs.isdisjoint(_runs(text, length)) for length in lengths)


def _runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    folded = [fold(word) for word in words(text)]
    return (tuple(folded[start : start + length]) for start in range(len(folded) - length + 1))


def _names(sentence: str) -> Iterator[tuple[str, ...]]:
    """Two or more capital words in a row, with the small ones that stand in names; the ends are no stop words."""
    name: list[str] = []
    for word in [*words(sentence), ""]:
        folded = fold(word)
        begins = word[:1].isupper() and folded not in STOP_WORDS
        if begins or (name and (word[:1].isupper() or folded in _PARTS_OF_NAMES)):
            name.append(folded)
        else:
            while name and name[-1] in STOP_WORDS:
                name.pop()
            if 2 <= len(name) <= LONGEST_NAME:
                yield tuple(name)
            name = []
