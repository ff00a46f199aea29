"""Numbers in a sentence: what they count, of which places they are said, and what became of the things counted.

The reading is shallow: a number counts what stands right after it, and a place belongs to the number nearest to it.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache, partial
from typing import NamedTuple

from qa.models.annotations import Figure, FigureKind
from qa.models.archive import Span
from qa.text.entities import Place, number_value, places_in, plain_numbers
from qa.text.patterns import pattern, word_file
from qa.text.terms import STOP_WORDS, fold, lowered, stem, word_matches

form = partial(pattern, "figures")

WINDOW = 4  # words after a number among which the counted noun is looked for: "500 mostly quiet local people"
REACH = 90  # characters between a figure and the word that says what became of its things
RIGHT_BEHIND = 18  # characters behind a figure from which a word there tells less than one before it

_FORECAST = frozenset(
    {FigureKind.ARRESTED, FigureKind.DETAINED, FigureKind.CHARGED, FigureKind.CONVICTED, FigureKind.KILLED}
    | {FigureKind.INVESTIGATED, FigureKind.IMPLICATED, FigureKind.RELEASED, FigureKind.DISPLACED}
)
"""Kinds that a forecast is about. What was expected to be found or to be voted isn't counted here."""


@cache
def _named(table: str) -> dict[str, str]:
    """The first of the words that count the same thing, by the stem of each."""
    return {stem(word): group.split()[0] for group in word_file("figures")[table] for word in group.split()}


@lru_cache(maxsize=50_000)
def kin(word: str) -> str:
    """One name for all words that count the same thing, in both languages; the stem of any other word."""
    plain = fold(word)
    if plain in ("office", "offices"):
        return "office"  # no officer, though of the same stem
    singular = (plain, plain.removesuffix("s"), plain.removesuffix("es"))
    masculine = tuple(f"{word[:-1]}o" for word in singular if word.endswith("a"))  # detenidas, detenidos: one thing
    for written in (*singular, *masculine):
        if name := _named("same").get(stem(written)) or _named("also_same").get(stem(written)):
            return name
    return stem(word)


@lru_cache(maxsize=10_000)
def is_common(word: str) -> bool:
    """Whether the usual words for a thing are all known here: a sentence with none of them has no such thing."""
    return kin(word) in _named("same").values()


def figures(
    sentence: str, *, dates: Sequence[Span] | None = None, named: Sequence[Place] | None = None
) -> list[Figure]:
    """The numbers of a sentence outside dates, in order; `dates` and `named` are its dates and places, if known."""
    spans = plain_numbers(sentence, dates=dates)
    places: dict[Span, tuple[str, ...]] = dict.fromkeys(spans, ())
    for place, code in (places_in(sentence) if named is None else named) if spans else ():
        places[min(spans, key=lambda span: _distance(sentence, span, place))] += (code,)
    read = []
    for span in spans:
        value = number_value(sentence[span.start : span.end])
        before = lowered(sentence[max(0, span.start - 20) : span.start])
        bound = next((name for name in ("more", "less", "about") if form(name).search(before)), "")
        low = None if bound == "less" else value
        high = None if bound == "more" else value
        read.append(Figure(span, low, high, bool(bound), _counted(sentence, span), places[span]))
    return read


def _counted(sentence: str, span: Span) -> tuple[str, ...]:
    """Kin of the words right after a number, up to where its noun phrase ends."""
    parts: list[str] = []
    end, ends = span.end, word_file("figures")["ends_phrase"].split()
    for match in word_matches(sentence[span.end : span.end + 60]):
        gap = sentence[end : span.end + match.start()]
        word = fold(match.group())
        if len(parts) == WINDOW or re.search(r"[^\s'’\-\"“”%€$]", gap) or word in ends or word[0].isdigit():
            break
        end = span.end + match.end()
        if word not in STOP_WORDS:
            parts.append(kin(word))
    return tuple(parts)


def _distance(sentence: str, number: Span, place: Span) -> int:
    """Characters between a number and a place. A place in front counts only as in "Sweden (8)" or "Sweden: 8"."""
    if place.start >= number.end:
        return place.start - number.end
    between = sentence[place.end : number.start]
    return len(between) if re.fullmatch(r"\s?[(:]\s?", between) else 40 + len(between)


class KindWord(NamedTuple):
    span: Span
    kind: FigureKind


@cache
def _kinds() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A word that says a kind; and, quicker, the first three letters of any."""
    english, spanish = word_file("figures")["english"], word_file("figures")["spanish"]
    groups = [f"(?P<{kind.upper()}>{words}|{spanish[kind]})" for kind, words in english.items()]
    entries = "|".join([*english.values(), *spanish.values()])
    starts = sorted(set(re.findall(r"(?:^|[|():=])([a-záéíóúñü]{2}[a-záéíóúñü ])", entries)))
    return re.compile(rf"(?:{'|'.join(groups)})\b"), re.compile(rf"\b(?:{'|'.join(starts)})")


def kind_words(text: str) -> list[KindWord]:
    """The words of a text that say a kind, in order."""
    kinds, starts = _kinds()
    matches, end, lower = list[KindWord](), 0, lowered(text)
    for start in starts.finditer(lower):
        match = kinds.match(lower, start.start()) if start.start() >= end else None
        if match and match.lastgroup:
            end = match.end()
            matches.append(KindWord(Span(*match.span()), FigureKind[match.lastgroup]))
    return matches


def kind_of(sentence: str, figure: Span, words: Sequence[KindWord], others: Sequence[Span]) -> FigureKind | None:
    """What is said of a figure's things, behind it in its clause, else before it; `others`: the other figures."""
    clause_end = form("clause_end")
    limit = min([other.start for other in others if other.start >= figure.end] + [figure.end + REACH])
    word = next((word for word in words if figure.end <= word.span.start < limit), None)
    if word and clause_end.search(sentence, figure.end, word.span.start):
        word = None
    limit = max([other.end for other in others if other.end <= figure.start] + [figure.start - REACH])
    before = next((word for word in words[::-1] if limit <= word.span.start and word.span.end <= figure.start), None)
    if before:
        between = sentence[before.span.end : figure.start]
        gap = sentence[figure.end : word.span.start] if word else ","
        close = not form("and").search(between)
        # In "the arrests were made in Chile (40)" the bracket holds the figure.
        apart = clause_end.search(between.removesuffix("("))
        if not apart and ("," in gap or (len(gap) > RIGHT_BEHIND and close)):
            word = before  # "arrested seven people on Saturday in a raid"
    if word is None or word.kind not in _FORECAST:
        return word.kind if word else None
    # A word of expectation rules the figure in its clause, before it or right behind it.
    last = figure.end + REACH // 2
    begin = max((match.end() for match in clause_end.finditer(sentence, 0, figure.start)), default=0)
    end = clause_end.search(sentence, figure.end, last)
    expected = form("expecting").search(sentence, max(begin, figure.start - REACH), end.start() if end else last)
    return FigureKind.EXPECTED if expected else word.kind
