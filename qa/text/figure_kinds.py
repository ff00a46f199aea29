"""What became of the things that a figure counts: which word of the sentence tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial

from qa.models.annotations import FigureKind
from qa.models.archive import Span
from qa.text.casing import lowered
from qa.text.patterns import pattern, word_file

form = partial(pattern, "figures")

RIGHT_BEFORE = 18
"""Characters within which a word before a figure tells more than one that stands further behind it."""

REACH = 90
"""Characters between a figure and the word that says what became of its things."""

_FORECAST = frozenset(
    {
        *(FigureKind.ARRESTED, FigureKind.DETAINED, FigureKind.CHARGED, FigureKind.CONVICTED, FigureKind.KILLED),
        *(FigureKind.INVESTIGATED, FigureKind.IMPLICATED, FigureKind.RELEASED, FigureKind.DISPLACED),
    }
)
"""Kinds that a forecast is about. What was expected to be found or to be voted isn't counted here."""


@dataclass(frozen=True, slots=True)
class KindWord:
    """A word that says a kind, at `span` of its sentence."""

    span: Span
    kind: FigureKind


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A word that says a kind; and, quicker, the first three letters of any."""
    english, spanish = word_file("figures")["english"], word_file("figures")["spanish"]
    groups = [f"(?P<{kind.upper()}>{words}|{spanish[kind]})" for kind, words in english.items()]
    entries = "|".join([*english.values(), *spanish.values()])
    starts = sorted(set(re.findall(r"(?:^|[|():=])([a-záéíóúñü]{2}[a-záéíóúñü ])", entries)))
    return re.compile(rf"(?:{'|'.join(groups)})\b"), re.compile(rf"\b(?:{'|'.join(starts)})")


def kind_words(text: str) -> list[KindWord]:
    """The words of a text that say a kind, in order."""
    kinds, starts = _patterns()
    matches, end, lower = list[KindWord](), 0, lowered(text)
    for start in starts.finditer(lower):
        match = kinds.match(lower, start.start()) if start.start() >= end else None
        if match and match.lastgroup:
            end = match.end()
            matches.append(KindWord(Span(*match.span()), FigureKind[match.lastgroup]))
    return matches


def kind_of(sentence: str, figure: Span, words: list[KindWord], figures: list[Span]) -> FigureKind | None:
    """What is said of a figure's things, in a sentence in lower case; `figures` are the sentence's other figures.

    What stands behind the figure in its clause tells it, else what stands before, else what follows a comma.
    """
    behind, before = _behind(sentence, figure, words, figures), _before(sentence, figure, words, figures)
    word = behind or before
    if behind and before:
        gap = sentence[figure.end : behind.span.start]
        # "arrested seven people on Saturday in a raid"
        if "," in gap or (len(gap) > RIGHT_BEFORE and _right_before(sentence, before, figure)):
            word = before
    kind = word.kind if word else None
    return FigureKind.EXPECTED if kind in _FORECAST and _is_forecast(sentence, figure) else kind


def _right_before(sentence: str, word: KindWord, figure: Span) -> bool:
    gap = sentence[word.span.end : figure.start]
    return len(gap) <= RIGHT_BEFORE and not form("and").search(gap)


def _behind(sentence: str, figure: Span, words: list[KindWord], figures: list[Span]) -> KindWord | None:
    limit = min(
        [figure_span.start for figure_span in figures if figure_span.start >= figure.end] + [figure.end + REACH]
    )
    word = next((word for word in words if figure.end <= word.span.start < limit), None)
    return None if word is None or form("clause_end").search(sentence, figure.end, word.span.start) else word


def _before(sentence: str, figure: Span, words: list[KindWord], figures: list[Span]) -> KindWord | None:
    limit = max(
        [figure_span.end for figure_span in figures if figure_span.end <= figure.start] + [figure.start - REACH]
    )
    word = next((word for word in reversed(words) if limit <= word.span.start and word.span.end <= figure.start), None)
    # In "the arrests were made in Chile (40)" the bracket holds the figure.
    gap = sentence[word.span.end : figure.start].removesuffix("(") if word else ""
    return None if form("clause_end").search(gap) else word


def _is_forecast(sentence: str, figure: Span) -> bool:
    """Whether a word of expectation rules the figure: before it in its clause, or right behind it."""
    begin = max((match.end() for match in form("clause_end").finditer(sentence, 0, figure.start)), default=0)
    end = form("clause_end").search(sentence, figure.end)
    close = min(end.start() if end else len(sentence), figure.end + REACH // 2)
    return bool(form("expecting").search(sentence, max(begin, figure.start - REACH), close))
