"""What is said of the things that a figure counts: which word of the sentence tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from qa.domain.archive import Span
from qa.domain.claims import ClaimKind
from qa.language.casing import lowered
from qa.language.claims import english, spanish

RIGHT_BEFORE = 18
"""Characters within which a word before a figure tells more than one that stands further behind it."""

REACH = 90
"""Characters between a figure and the word that says what became of its things."""

CLAUSE_END = re.compile(r"[;:()]|,\s(?:and|but|while|of which|of whom|y|pero|mientras|de l[oa]s que)\b")
"""Where a clause ends, at the latest."""
_COMMA = re.compile(r",")
_AND = re.compile(r",|\b(?:and|but|or|y|e|o|pero)\b")
_WORD = re.compile(r"\w+")
FORECAST = frozenset(
    {
        *(ClaimKind.ARRESTED, ClaimKind.DETAINED, ClaimKind.CHARGED, ClaimKind.CONVICTED, ClaimKind.KILLED),
        *(ClaimKind.INVESTIGATED, ClaimKind.IMPLICATED, ClaimKind.RELEASED, ClaimKind.DISPLACED),
    }
)
"""Kinds that a forecast is about. What was expected to be found or to be voted isn't counted here."""


@dataclass(frozen=True, slots=True)
class KindWord:
    """A word that says a kind, at `span` of its sentence."""

    span: Span
    kind: ClaimKind


@cache
def _patterns() -> re.Pattern[str]:
    tables: tuple[Mapping[ClaimKind, str], ...] = (english.KINDS, spanish.KINDS)
    groups = [f"(?P<{kind.name}>{'|'.join(t[kind] for t in tables if kind in t)})" for kind in english.KINDS]
    return re.compile(rf"(?:{'|'.join(groups)})\b")


@cache
def _starts() -> frozenset[str]:
    """The first three letters of every word that can begin a match: most words needn't be tried at all."""
    entries = "|".join([*english.KINDS.values(), *spanish.KINDS.values()])
    return frozenset(re.findall(r"(?:^|[|():=])([a-záéíóúñü]{2}[a-záéíóúñü ])", entries))


@cache
def _expecting() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.EXPECTING}|{spanish.EXPECTING})\b")


def kind_words(text: str) -> list[KindWord]:
    """The words of a text that say a kind, in order."""
    pattern, starts, found, end, lower = _patterns(), _starts(), list[KindWord](), 0, lowered(text)
    for word in _WORD.finditer(lower):
        start = word.start()
        if start < end or lower[start : start + 3] not in starts:
            continue
        match = pattern.match(lower, start)
        if match and match.lastgroup:
            end = match.end()
            found.append(KindWord(Span(*match.span()), ClaimKind[match.lastgroup]))
    return found


def kind_of(sentence: str, figure: Span, words: list[KindWord], others: list[Span]) -> ClaimKind | None:
    """What is said of a figure's things, in a sentence in lower case; `others` are the figures beside it.

    What stands behind the figure in its clause tells it, else what stands before, else what follows a comma.
    """
    behind, before = _behind(sentence, figure, words, others, commas=False), _before(sentence, figure, words, others)
    found = behind or before or _behind(sentence, figure, words, others, commas=True)
    if behind and before and behind.span.start - figure.end > RIGHT_BEFORE and _right_before(sentence, before, figure):
        found = before  # "arrested seven people on Saturday in a raid"
    kind = found.kind if found else None
    if kind in FORECAST and _is_forecast(sentence, figure):
        return ClaimKind.EXPECTED
    return kind


def _right_before(sentence: str, word: KindWord, figure: Span) -> bool:
    gap = sentence[word.span.end : figure.start]
    return len(gap) <= RIGHT_BEFORE and not _AND.search(gap)


def _behind(sentence: str, figure: Span, words: list[KindWord], others: list[Span], *, commas: bool) -> KindWord | None:
    limit = min([other.start for other in others if other.start >= figure.end] + [figure.end + REACH])
    for word in words:
        if figure.end <= word.span.start < limit:
            between = sentence[figure.end : word.span.start]
            broken = CLAUSE_END.search(between) or (not commas and _COMMA.search(between))
            return None if broken else word
    return None


def _before(sentence: str, figure: Span, words: list[KindWord], others: list[Span]) -> KindWord | None:
    limit = max([other.end for other in others if other.end <= figure.start] + [figure.start - REACH])
    for word in reversed(words):
        if limit <= word.span.start and word.span.end <= figure.start:
            # In "the arrests were made in Chile (40)" the bracket holds the figure.
            gap = sentence[word.span.end : figure.start].removesuffix("(")
            return None if CLAUSE_END.search(gap) else word
    return None


def _is_forecast(sentence: str, figure: Span) -> bool:
    """Whether a word of expectation rules the figure: before it in its clause, or right behind it."""
    begin = max((match.end() for match in CLAUSE_END.finditer(sentence, 0, figure.start)), default=0)
    end = CLAUSE_END.search(sentence, figure.end)
    close = min(end.start() if end else len(sentence), figure.end + REACH // 2)
    return bool(_expecting().search(sentence, max(begin, figure.start - REACH), close))
