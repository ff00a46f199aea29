"""A language model's text, cut into sentences as it comes, each with the numbers that it cites."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from qa.generation.prompt import NOT_ANSWERED
from qa.models.archive import Span
from qa.text.sentences import sentence_spans

MOST_MARKS = 12
"""Numbers that one sentence may cite; more is no citation."""

LONGEST_MARK = 60
"""Characters within which a bracket that opened has to close, or it is none."""

BAD_MARK = 0
"""Stands for a mark that is no number of a sentence, so that the check refuses it."""

# Bounded and begun only where blanks begin: a model may write nothing but blanks or open brackets, thousands of them.
_MARK = re.compile(r"(?<!\s)\s*[\[［【]((?:\d|\s|[,;–-]|\band\b|\by\b){1,200}?)[\]］】]")
_BLANKS = re.compile(r"[^\S\n]{2,}|\n\s*\n")
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_BULLET = re.compile(r"^[ \t]*(?:[-*•·]|\d{1,2}[.)])[ \t]+", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*|__")
_ENDS = tuple(".!?…”\"'’»)")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a model wrote it, without its marks; `cited` are their numbers, BAD_MARK for what is none.

    One that is not `whole` was cut off in its middle: the last, with neither mark nor full stop.
    """

    text: str
    cited: tuple[int, ...]
    whole: bool = True


def declines(draft: Draft) -> bool:
    """Whether the model says that what it was given doesn't answer."""
    return NOT_ANSWERED.casefold() in draft.text.casefold()


def drafts(pieces: Iterable[str]) -> Iterator[Draft]:
    """Each sentence as soon as the next has begun, the last one when the text has ended."""
    text, consumed = "", 0
    for piece in pieces:
        text += piece
        if not _may_end(piece):
            continue
        whole = _cut(_settled(text))[:-1]
        yield from whole[consumed:]
        consumed = max(consumed, len(whole))
    for draft in _cut(text)[consumed:]:
        yield replace(draft, whole=bool(draft.cited) or draft.text.endswith(_ENDS))


def without_thought(text: str) -> str:
    """A text without what its model thought aloud."""
    return _THOUGHT.sub("", text)


def _may_end(piece: str) -> bool:
    """Whether a piece can complete a sentence that was not complete before it: only these are worth a look."""
    return any(ch.isspace() or ch in "]］】" for ch in piece)


def _settled(text: str) -> str:
    """The text without what may still change: a bracket that isn't closed, and a thought that isn't ended."""
    opened = max(text.rfind("["), text.rfind("［"), text.rfind("【"))
    if opened >= 0 and len(text) - opened < LONGEST_MARK and not re.search(r"[\]］】]", text[opened:]):
        return text[:opened]
    return text


def _cut(text: str) -> list[Draft]:
    """The sentences of a text, a mark belonging to the sentence that it stands in or behind."""
    prose = _EMPHASIS.sub("", _BULLET.sub("", without_thought(text)))
    plain, marks = _without_marks(_BLANKS.sub(lambda run: "\n" if "\n" in run[0] else " ", prose))
    spans = [span for span in sentence_spans(plain.replace("\n", "\n\n").rstrip()) if span.start < span.end]
    spaced = plain.replace("\n", "\n\n")
    places = _owners(spans, marks, plain)
    return [Draft(" ".join(spaced[s.start : s.end].split()), tuple(places[n])) for n, s in enumerate(spans)]


def _without_marks(text: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """The text without its marks, and where in it each stood with the numbers it held."""
    plain, marks, at = "", [], 0
    for match in _MARK.finditer(text):
        plain += text[at : match.start()]
        marks.append((len(plain), _numbers(match[1])))
        at = match.end()
    return plain + text[at:], marks


def _owners(spans: list[Span], marks: list[tuple[int, list[int]]], plain: str) -> dict[int, list[int]]:
    """The numbers that belong to each sentence: those in it, behind it, or between its last word and its full stop."""
    owned: dict[int, list[int]] = {number: [] for number in range(len(spans))}
    for at, numbers in marks:
        place = at + plain.count("\n", 0, at)  # every line break counts double where sentences were cut
        before = [number for number, span in enumerate(spans) if span.start < place]
        if before:
            owned[before[-1]] += [number for number in numbers if number not in owned[before[-1]]]
    return owned


def _numbers(inside: str) -> list[int]:
    """The numbers of one mark; ranges are written out, and what is too long or backwards is a bad mark."""
    numbers: list[int] = []
    for part in re.split(r"[,;]|\band\b|\by\b|\s(?=\d)", inside):
        ends = [_number(bound) for bound in re.split(r"[–-]", part) if bound.strip()]
        if len(ends) == 2 and 0 < ends[0] <= ends[1] <= ends[0] + MOST_MARKS:
            numbers += range(ends[0], ends[1] + 1)
        elif ends:
            numbers += ends if len(ends) == 1 else [BAD_MARK]
    return numbers if len(numbers) <= MOST_MARKS else [BAD_MARK]


def _number(text: str) -> int:
    digits = "".join(str(unicodedata.digit(ch)) for ch in text.strip() if ch.isdigit())
    return int(digits) if digits and len(digits) <= 3 else BAD_MARK
