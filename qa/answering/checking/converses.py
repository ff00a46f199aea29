"""What can be told from either side: "A came after B" is "B came before A", and "A sold to B" is "B bought from A"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.checking import markers
from qa.answering.checking.antonyms import oppose, sides_of
from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word

_IN_TIME = markers.any_of(
    r"(?P<after>after|follows|followed(?! by)|following(?= (?:the|an?|his|her|its|their) )|tras|después de(?:l| que)?)"
    r"|before|prior to|antes de(?:l| que)?"
)
_THAN = markers.any_of(r"than|que(?= (?:en|el|la|los|las) )")
_COMPARED = 7
"""Words before "than" among which the word stands that compares."""
_SELL = r"(?P<sell>sell|sells|sold|selling|vend(?:e|en|ió|ieron))"
_TRADE = markers.any_of(rf"{_SELL}|buys?|bought|buying|purchased?|acquire[sd]?|compr(?:a|an|ó|aron)|adquiri(?:ó|eron)")
_PASSIVE = re.compile(r"(?<!\w)(?:was|were|is|are|been|be|being|fue|fueron)\s(?:\w+ly\s)?$")
_END = re.compile(r"[;:()—–]|,(?!\d)|(?<!\b\w)\.(?!\d)|(?<!\w)(?:and|but|while|whereas|y|pero|mientras)(?!\w)")
_BEGIN = re.compile(
    r"[;:()—–]|,(?!\d)|(?<!\b\w)\.(?!\d)|(?<!\w)(?:and|but|that|while|whereas|y|pero|que|mientras)(?!\w)"
)
_PART = re.compile(r"[;:()—–]|(?<!\b\w)\.(?!\d)|(?<!\w)(?:but|while|whereas|said|says|pero|mientras|dijo)(?!\w)")
MOST = 7
"""Words with a meaning on each side of the word that relates them."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Two sides, as sets of words, that the word at `pivot` relates; told from the first one's side."""

    pivot: Word
    kind: str
    first: tuple[Word, ...]
    second: tuple[Word, ...]


def converses(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """The two sides of a relation that have changed places."""
    for own, fit in _compared(sentence, witnesses):
        if fit < 0:
            yield Finding(f"What stands on the two sides of “{own.pivot.text}” has changed places.")
            return


def told_from_other_side(sentence: Wording, witnesses: Sequence[Witness]) -> frozenset[Word]:
    """Words that relate the same sides as the sources do by the opposite word."""
    return frozenset(own.pivot for own, fit in _compared(sentence, witnesses) if fit > 0)


def _compared(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[tuple[Relation, int]]:
    """Relations of a sentence that a source has, with how much better they fit straight than turned round."""
    for own in relations(sentence):
        fits = [
            _fit(own, other if way else _turned(other))
            for one in witnesses
            for other in relations(one.said)
            if (way := _way(own, other, (sentence.language, one.said.language))) is not None
        ]
        if fits:
            yield own, max(fits)


def _way(one: Relation, other: Relation, languages: tuple[str, str]) -> bool | None:
    """Whether two relations are of one kind and told from the same side; None where they can't be compared."""
    if one.kind != other.kind:
        return None
    if one.kind != "than":
        return True
    here, there = sides_of(one.pivot, languages[0]), sides_of(other.pivot, languages[1])
    if oppose(here, there):
        return False
    return True if one.pivot.meets(other.pivot) or here & there else None


def _turned(one: Relation) -> Relation:
    return Relation(one.pivot, one.kind, one.second, one.first)


def _fit(one: Relation, other: Relation) -> int:
    def shared(mine: Sequence[Word], theirs: Sequence[Word], but: Sequence[Word]) -> int:
        return sum(1 + word.is_capital for word in mine if _is_in(word, theirs) and not _is_in(word, but))

    straight = shared(one.first, other.first, other.second) + shared(one.second, other.second, other.first)
    crossed = shared(one.first, other.second, other.first) + shared(one.second, other.first, other.second)
    return straight - crossed


def _is_in(word: Word, others: Sequence[Word]) -> bool:
    return any(not key.startswith("=") for other in others for key in word.keys & other.keys)


def relations(wording: Wording) -> Iterator[Relation]:
    """What a text relates in time, by comparison, and by trade, in this order."""
    for match in _IN_TIME.finditer(wording.lower):
        left, right = _around(wording, match)
        pivot = next((word for word in wording.words if word.start == match.start()), None)
        if pivot and left and right:
            yield Relation(pivot, "time", *((right, left) if match["after"] else (left, right)))
    for match in _THAN.finditer(wording.lower):
        before = [word for word in wording.words if word.end <= match.start()][-_COMPARED:]
        pivot = next((word for word in reversed(before) if sides_of(word, wording.language)), None)
        left, right = _around(wording, match)
        left = tuple(word for word in left if word != pivot)
        if pivot and left and right:
            yield Relation(pivot, "than", left, right)
    yield from _trades(wording)


def _subject(wording: Wording, place: int) -> tuple[Word, ...]:
    """The words of the clause right before a place, and the names before them."""
    begin, clause = _begins(wording, place)
    near = _between(wording, clause, place)[-3:]
    return (*(word for word in _between(wording, begin, place) if word.is_capital and word not in near), *near)


def _begins(wording: Wording, place: int) -> tuple[int, int]:
    """Where the part of the sentence and the clause begin that a place stands in."""
    part, clause = (
        max((one.end() for one in form.finditer(wording.lower, 0, place)), default=0) for form in (_PART, _BEGIN)
    )
    return part, clause


def _around(wording: Wording, match: re.Match[str]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The words on both sides of a place; where a clause begins there, those behind its comma stand for the left."""
    begin, clause = _begins(wording, match.start())
    end = _limit(wording, match.end())
    left, right = _between(wording, clause, match.start()), _between(wording, match.end(), end)
    if not wording.text[clause : match.start()].strip():
        if wording.text[:clause].rstrip().endswith(","):
            left = _between(wording, begin, clause)
        elif wording.text[end : end + 1] == ",":
            left = _between(wording, end, _limit(wording, end + 1))
    elif not any(word.is_capital for word in left):  # "Peru, the second-largest producer after Chile"
        left = (*(word for word in _between(wording, begin, clause) if word.is_capital), *left)
    return left[-MOST:], right[:MOST]


def _limit(wording: Wording, place: int) -> int:
    end = _END.search(wording.lower, place)
    return end.start() if end else len(wording.text)


def _between(wording: Wording, start: int, end: int) -> tuple[Word, ...]:
    return tuple(word for word in wording.content if start <= word.start and word.end <= end)


_ROLES = re.compile(r"(?<!\w)(?P<role>from|to|by|a|al|de|del|por)\s(?:the\s|an?\s|la\s|el\s|los\s|las\s|una?\s)?")


_IN_ENGLISH = {"a": "to", "al": "to", "de": "from", "del": "from", "por": "by"}
_OWNS = re.compile(r".+['’]s").fullmatch


def _trades(wording: Wording) -> Iterator[Relation]:
    """Who sold and who bought, the seller first."""
    for match in _TRADE.finditer(wording.lower):
        pivot = next((word for word in wording.words if word.start == match.start()), None)
        passive = _PASSIVE.search(wording.lower, 0, match.start())
        end = re.search(r"[;:()—–]|(?<!\b\w)\.(?!\d)|$", wording.lower[match.end() :])
        limit = match.end() + (end.start() if end else 0)
        roles = {"subject": () if passive else _subject(wording, match.start())}
        for role in _ROLES.finditer(wording.lower, match.end(), limit):
            following = [word for word in wording.content if role.end() <= word.start][:2]
            if following and following[0].start == role.end():
                roles.setdefault(_IN_ENGLISH.get(role["role"], role["role"]), tuple(following))
        owner = next(
            (word for word in _between(wording, match.end(), limit) if word.is_capital and _OWNS(word.text)), None
        )
        if owner and not match["sell"]:
            roles.setdefault("from", (owner,))
        subject = roles["subject"] or roles.get("by", ())
        other = roles.get("to" if match["sell"] else "from", ())
        if pivot and subject and other:
            yield Relation(pivot, "trade", *((subject, other) if match["sell"] else (other, subject)))
