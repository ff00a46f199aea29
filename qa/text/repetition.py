"""Texts that repeat the words of another one, as questions may those of an article that is erased."""

import re
from collections.abc import Iterable, Iterator

from qa.text.terms import STOP_WORDS, fold, words

RUN = 5  # so many words in a row are repeated, not met by chance; four often are a turn of phrase: "at the end of"
LONGEST_NAME = 6
_SENTENCE = re.compile(r"[.!?:;\n]+")
_PARTS_OF_NAMES = frozenset("de del la las los y e van von der den da do dos di bin al el".split())  # noqa: SIM905


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
