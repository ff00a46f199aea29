"""The numbers of a text: what each is worth, of what unit, how exactly it is given, and what it counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from qa.answering.checking.bounds import bound
from qa.answering.checking.stemming import stem_in
from qa.domain.archive import Article, Source, Span
from qa.domain.mentions import Figure
from qa.language.answer_spans import DURATION
from qa.language.figure_reading import find_figures
from qa.language.figures import figures
from qa.language.numbers import NUMBER, number_value
from qa.language.places import places_in

_UNITS = {
    "%": r"\s?(?:%|per ?cent\b|pct\b|por ciento\b|percentage\b|puntos porcentuales\b)",
    "money": r"\s?(?:million |billion |mln |bln |millones de |mil )?(?:(?:canadian|australian|american|u\.?s\.?|hong kong|swiss|french|german) )?(?:dollars?|dlrs?|euros?|pounds?|stg|pesetas?|marks?|yen|francs?|d[oó]lares|libras)\b",
}  # fmt: skip
_CURRENCIES = {"$": "dollar", "£": "pound", "€": "euro"}
CURRENCIES = frozenset({"dollar", "pound", "euro", "peseta", "mark", "yen", "franc"})
_ORDINALS = {
    word: value
    for value, forms in enumerate(
        (
            "first primer primero primera primeros primeras", "second segundo segunda segundos segundas", "third tercer tercero tercera",
            "fourth cuarto cuarta", "fifth quinto quinta", "sixth sexto sexta", "seventh séptimo séptima", "eighth octavo octava",
            "ninth noveno novena", "tenth décimo décima", "eleventh undécimo", "twelfth duodécimo",
        ),
        start=1,
    )
    for word in forms.split()
}  # fmt: skip
_ORDINAL = re.compile(
    rf"(?<!\w)(?:(?<!was )(?<!were )(?<!had )(?<!has )(?<!at )(?<!, )(?P<word>{'|'.join(_ORDINALS)})|(?P<digits>\d+)(?:st|nd|rd|th|º|ª|o\b))(?!\w)"
)
_SHARE = re.compile(
    r"(?<!\w)(?:(?P<many>two|three|four|five|dos|tres|cuatro)[\s-])?(?P<part>half|halves|mitad|thirds?|quarters?|fifths?|tenths?|tercios?|quintos)(?= (?:of|de|the|its|as)\b)"
)
_PARTS = {
    "half": 2, "halves": 2, "mitad": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10, "tercio": 3, "quinto": 5,
}  # fmt: skip
_SMALL = {"two": 2, "three": 3, "four": 4, "five": 5, "dos": 2, "tres": 3, "cuatro": 4}
_SINGLE = re.compile(
    r"(?<!\w)(?<!once )(?<!twice )(?<!times )(?:an?|un|una|one|single)[\s-](?P<unit>year|month|week|day|hour|decade|century|dozen|hundred|thousand|million|año|mes|semana|día|hora)(?:s|es)?\b(?! (?:ago|later|earlier))"
)
_RATE = re.compile(r"(?:\d|illion|thousand|hundred|dozen)\s(?:[\w-]+\s){1,2}$")
"""Before "a day" where it is "per day": "420,000 barrels a day"."""
_TIMES = re.compile(r"(?<!\w)(?:once|twice)(?= (?:a|an|every|per|in) )")
_LENGTH_WORDS = {
    ("year", 1.0): "year año", ("month", 1.0): "month mes meses", ("week", 1.0): "week semana", ("day", 1.0): "day día",
    ("hour", 1.0): "hour hora", ("minute", 1.0): "minute minuto", ("week", 2.0): "fortnight", ("year", 10.0): "decade década",
    ("year", 100.0): "century siglo", ("day", 15.0): "quincena",
}  # fmt: skip
_BASE = {"year": ("month", 12.0), "week": ("day", 7.0)}
"""Lengths that another holds exactly: twelve months are a year, two weeks fourteen days."""
VAGUE = {
    "dozens": (24, 100), "docenas": (24, 100), "hundreds": (200, 1_000), "cientos": (200, 1_000), "centenares": (200, 1_000),
    "thousands": (2_000, 10**6), "miles": (2_000, 10**6), "millions": (2 * 10**6, 10**9), "billions": (2 * 10**9, 10**12),
}  # fmt: skip
"""Between what numbers a word without a value lies."""


_PER_CENT = re.compile(r"\s?(?:%|per ?cent|percent|por ciento|pct)$")
_AND_A_HALF = re.compile(r"\s(?:y medi[oa]|and a half)(?:\s(?:million|billion|thousand|hundred|millones))?(?!\w)")
_SIZES = {"millon": 10**6, "million": 10**6, "billion": 10**9, "thousand": 1_000, "mil": 1_000, "hundred": 100}
_AGE_BEHIND = re.compile(r"(?:-|\s)(?:years?-old|years? old|year old|años de edad)(?!\w)")
_AGE_BEFORE = re.compile(r"(?<!\w)aged?\s$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number at `span`. `value` is None for "hundreds"; `bound` is "", "more", "less" or "about".

    `unit` is "", "%", "#" for a place in a row, a currency, or a length of time in months, days or hours.
    `claim` is what the archive's own reading makes of it, where it counts something.
    """

    span: Span
    text: str
    value: float | None
    unit: str
    bound: str
    claim: Figure | None = None
    counted: tuple[str, ...] = ()
    """What the words right behind it say that it counts, by one name for each kind of thing."""
    place: str = ""
    """The code of the country named right beside it, as in lists; empty where none is."""
    alone: bool = False
    """Whether nothing that it counts can follow: it ends a clause, as in "at most 36."."""

    def same_worth(self, other: Amount) -> bool:
        """Whether both are one number of one unit; a word without a value holds the numbers that it may mean."""
        if (
            self.unit != other.unit
            and not (self.unit in CURRENCIES and not other.unit)
            and not (other.unit in CURRENCIES and not self.unit)
        ):
            return False
        if self.value is None or other.value is None:
            return self._is_vaguely(other)
        return abs(self.value - other.value) < 1e-6 * max(1.0, abs(self.value))

    def _is_vaguely(self, other: Amount) -> bool:
        if self.value is not None:
            return False  # more exact than the source
        low, high = _range(self.text)
        if other.value is None:
            return (low, high) == _range(other.text)
        return low <= other.value < high


def _range(text: str) -> tuple[float, float]:
    return next((VAGUE[word] for word in re.findall(r"\w+", text.lower()) if word in VAGUE), (0.0, 0.0))


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as printed and in lower case, its dates and its language."""

    text: str
    lower: str
    dates: Sequence[Span]
    language: str


def amounts_in(text: str, lower: str, dates: Sequence[Span], language: str) -> list[Amount]:
    """The numbers of a text, those in dates left out, in order; `lower` is the text in lower case."""
    wording = _Text(text, lower, dates, language)
    claims = _claims(wording)
    found = [_ordinal(match, wording) for match in _ORDINAL.finditer(lower) if not _dated(match.span(), wording)]
    shares = [_share(match, wording) for match in _SHARE.finditer(lower) if not _dated(match.span(), wording)]
    taken = [one.span for one in shares]
    found = [one for one in found if not any(one.span.within(span) for span in taken)] + shares
    taken = [one.span for one in found]
    for match in NUMBER.finditer(lower):
        span = Span(*match.span())
        if any(span.start < other.end and other.start < span.end for other in taken) or _is_other(match, wording):
            continue
        if not _dated(match.span(), wording) or DURATION.match(lower, span.start):
            found.append(_number(span, wording, claims))
            if half := _AND_A_HALF.match(lower, span.end):
                taken.append(Span(*half.span()))
    found += _singles(wording, [one.span for one in found])
    found += [
        Amount(Span(*match.span()), match.group(), float(1 + (match.group() == "twice")), "times", "")
        for match in _TIMES.finditer(lower)
    ]
    return sorted(found, key=lambda one: one.span)


def _is_other(match: re.Match[str], wording: _Text) -> bool:
    """Whether a word is a number in the other language only, or "one" as a pronoun."""
    if match.group() == "one":
        return bool(_PRONOUN.search(wording.lower, max(0, match.start() - 8), match.start()))
    return match.group() == "once" and wording.language != "es"


_PRONOUN = re.compile(r"(?<!\w)(?:every|each|any|no|another|this|that)\s$")
_ALONE = re.compile(r"[.,;:)]|$|\s(?:and|or|y|o|but|pero)\s")
_BEHIND_PLACE = re.compile(
    r":?\s\(?|\s(?:made|had|has|with|saw|report(?:s|ed)|counted|recorded|hizo|tuvo|con|suma|sumó|registró)\s"
)
_BEFORE_PLACE = re.compile(r"\s(?:[\w-]+ )?(?:in|for|from|en|para) (?:the )?")


def _place(span: Span, wording: _Text) -> str:
    """The country that a number is told of by the words right beside it: "17 in Poland", "Poland (17)"."""
    before = ""
    for place, code in places_in(wording.text):
        if span.end < place.start and _BEFORE_PLACE.fullmatch(wording.lower, span.end, place.start):
            return code
        if place.end < span.start and _BEHIND_PLACE.fullmatch(wording.lower, place.end, span.start):
            before = code
    return before


def _claims(wording: _Text) -> list[Figure]:
    article = Article(Source("", "", "", language=wording.language), wording.text)
    dates = ()
    return [claim for claim in find_figures(article, dates) if claim.low != 0]


def _dated(span: tuple[int, int], wording: _Text) -> bool:
    return any(date.start <= span[0] and span[1] <= date.end for date in wording.dates)


def _number(span: Span, wording: _Text, claims: list[Figure]) -> Amount:
    lower = wording.lower
    text = lower[span.start : span.end]
    value, unit = number_value(_PER_CENT.sub("", text)), _unit(text, lower, span)
    if value is not None and (half := _AND_A_HALF.match(lower, span.end)):
        behind = next((size for word, size in _SIZES.items() if word in half.group()), None)
        inside = next((size for word, size in _SIZES.items() if word in text), 1)
        value = (value + 0.5) * behind if behind else value + 0.5 * inside
    if _AGE_BEHIND.match(lower, span.end) or _AGE_BEFORE.search(lower[: span.start][-12:]):
        unit = "age"
    if not unit and value is not None:
        unit, value = _length(wording, span, value)
    claim = next((one for one in claims if one.span.start <= span.start and span.end <= one.span.end), None)
    counted = next(
        (one.counted for one in figures(wording.text, dates=wording.dates, named=()) if one.span == span), ()
    )
    alone = bool(_ALONE.match(lower, span.end))
    return Amount(span, text, value, unit, bound(lower, span, unit), claim, counted, _place(span, wording), alone)


def _unit(text: str, lower: str, span: Span) -> str:
    if re.search(_UNITS["%"].removeprefix(r"\s?"), text) or re.match(_UNITS["%"], lower[span.end : span.end + 20]):
        return "%"
    for sign, name in _CURRENCIES.items():
        if sign in text or lower[max(0, span.start - 1) : span.start] == sign:
            return name
    money = re.match(_UNITS["money"], lower[span.end : span.end + 30])
    if not money:
        return ""
    word = money.group().split()[-1]
    return {"dlr": "dollar", "dólar": "dollar", "dolar": "dollar", "libra": "pound", "stg": "pound"}.get(
        word.removesuffix("es").removesuffix("s"), word.removesuffix("s")
    )


def _length(wording: _Text, span: Span, value: float) -> tuple[str, float]:
    """The unit of a length of time and its number of the smallest that it is made of; "" and the value otherwise."""
    following = re.match(r"(?:[\s-](?:full |calendar |long )?)(\w+)", wording.lower[span.end : span.end + 24])
    if not following:
        return "", value
    return _in_base(stem_in(following.group(1), wording.language), value)


def _in_base(stemmed: str, value: float) -> tuple[str, float]:
    if stemmed not in _lengths():
        return "", value
    unit, times = _lengths()[stemmed]
    smaller, more = _BASE.get(unit, (unit, 1.0))
    return smaller, value * times * more


@cache
def _lengths() -> dict[str, tuple[str, float]]:
    """The units of time by the stems of their names."""
    return {
        stem_in(word, language): length
        for length, words in _LENGTH_WORDS.items()
        for word in words.split()
        for language in ("en", "es")
    }


def _ordinal(match: re.Match[str], wording: _Text) -> Amount:
    value = float(match["digits"]) if match["digits"] else float(_ORDINALS[match["word"]])
    return Amount(Span(*match.span()), match.group(), value, "#", "")


def _share(match: re.Match[str], wording: _Text) -> Amount:
    part = match["part"]
    parts = _PARTS.get(part, _PARTS.get(part.removesuffix("s"), 1))
    value = _SMALL.get(match["many"] or "", 1) / parts * 100
    span = Span(*match.span())
    return Amount(span, match.group(), value, "%", bound(wording.lower, span))


def _singles(wording: _Text, taken: list[Span]) -> list[Amount]:
    """One of a length of time, with an article instead of the number: "for a year"."""
    found = []
    for match in _SINGLE.finditer(wording.lower):
        span = Span(match.start(), match.end("unit"))
        if any(span.start < other.end and other.start < span.end for other in taken) or _dated(match.span(), wording):
            continue
        if _RATE.search(wording.lower, 0, span.start):
            continue
        unit, value = _in_base(stem_in(match["unit"], wording.language), 1.0)
        if unit:
            found.append(Amount(span, match.group(), value, unit, bound(wording.lower, span)))
    return found
