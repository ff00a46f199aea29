"""From where to where, and whose: names that changed places with one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from qa.answering.checking.finding import Finding
from qa.answering.checking.names import capitals
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word

_TURNS = {"from": "to", "to": "from", "desde": "a", "a": "desde"}
_LEADING = re.compile(r"(?<!\w)(from|to|desde|a)\s(?:the |other |la |el |los |las |otros |otras )*$")
_VERB = re.compile(
    r"\w+ed|was|were|made|took|gave|sold|bought|said|told|held|led|won|lost|met|sent|\w{3,}[óÓ]|\w{3,}aron|\w{3,}ieron"
)
RUN = 2
"""Nouns behind a name that it may own: "Mexican oil exports"."""
APART = 2
"""Words between two names that are no parts of one."""


def direction(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Names behind "from" that the sources have behind "to", and names of another's things."""
    said = {pair for one in witnesses for pair in _led(one.said, _LEADING)}
    for way, name in _led(sentence, _LEADING):
        if (_TURNS[way], name) in said and (way, name) not in said:
            yield Finding(f"The sources turn the direction round: “{way}”.")
            return
    yield from _of_another(sentence, witnesses)


def _of_another(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Things told of a name that the sources have of another: "Mexican oil" for "Japanese oil"."""
    theirs = [(one, *pair) for one in witnesses for pair in _owned(one.said)]
    for name, thing in _owned(sentence):
        owners = [(one, own) for one, own, other in theirs if other.meets(thing)]
        if owners and all(_are_two(name, own, one.said) for one, own in owners):
            yield Finding(f"The sources say “{owners[0][1].text} … {thing.text}”, not “{name.text} … {thing.text}”.")
            return


def _are_two(name: Word, owner: Word, said: Wording) -> bool:
    """Whether two names of one kind are no parts of the same one, and the sources have both."""
    if _label(name) == _label(owner) or _label(name).startswith("@") != _label(owner).startswith("@"):
        return False
    places = [at for at, word in enumerate(said.words) if word.is_capital and _label(word) == _label(name)]
    own = said.words.index(owner)
    return bool(places) and all(abs(at - own) > APART for at in places)


def _led(wording: Wording, leading: re.Pattern[str]) -> list[tuple[str, str]]:
    """Names with the word before them that leads to them."""
    return [
        (match.group(1), _label(word))
        for word in _names(wording)
        if (match := leading.search(wording.lower[: word.start]))
    ]


@lru_cache(maxsize=2_000)
def _names(wording: Wording) -> tuple[Word, ...]:
    return tuple(capitals(wording))


@lru_cache(maxsize=2_000)
def _owned(wording: Wording) -> tuple[tuple[Word, Word], ...]:
    """Names, each with every noun in small letters of the run right behind it."""
    names = set(_names(wording))
    found = []
    for at, word in enumerate(wording.words):
        if word not in names:
            continue
        for before, thing in pairwise(wording.words[at : at + RUN + 1]):
            gap = wording.text[before.end : thing.start]
            if gap not in (" ", "'s ", "’s ") or thing.is_capital or thing.is_light or _VERB.fullmatch(thing.folded):
                break
            found.append((word, thing))
    return tuple(found)


def _label(word: Word) -> str:
    """The country that a name is of, or else the name itself."""
    return next((key for key in sorted(word.keys) if key.startswith("@")), word.folded)
