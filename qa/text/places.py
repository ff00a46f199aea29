"""Countries and the other territories of the Unicode CLDR by their names in English and Spanish."""

import re
from functools import cache

from qa.models.archive import Span
from qa.text.terms import fold

Place = tuple[Span, str]  # where a territory is named, and its code of ISO 3166

_ALSO = {
    "GB": ("UK", "U.K.", "Britain", "Great Britain", "Gran Bretaña"),
    "US": ("USA", "U.S.", "U.S.A.", "the United States of America", "EEUU", "EE.UU.", "EE UU"),
    "NL": ("Holland", "Holanda"), "CZ": ("Czech Republic", "República Checa"), "TR": ("Turkey",),
    "KR": ("Korea",), "MM": ("Burma",),
}  # fmt: skip
"""Names in use that CLDR doesn't list."""
_ALSO_A_WORD = frozenset({"granada", "jersey", "man", "us"})  # what reads more often as something else

_WORD = re.compile(r"\w+")
_CAPITAL = re.compile(r"(?<!\w)[^\W\d_a-z]\w*")
_LONGEST = 60  # characters that hold any name and the one behind it


def _fold(name: str) -> str:
    """Folded character by character, so that places keep their length."""
    return "".join(map(_letter, name))


@cache
def _letter(ch: str) -> str:
    return fold(ch)[:1] or ch


@cache
def _codes() -> dict[str, str]:
    from babel import Locale

    listed = [item for language in ("en", "es") for item in Locale(language).territories.items()]
    codes = {_fold(name): code for code, name in listed if len(code) == 2 and code != "ZZ"}
    codes |= {_fold(name): code for code, names in _ALSO.items() for name in names}
    return {name: code for name, code in codes.items() if name not in _ALSO_A_WORD}


@cache
def _names() -> dict[str, re.Pattern[str]]:
    """By the first word of a name: what names with that word look like."""
    names: dict[str, list[str]] = {}
    for name in sorted(_codes(), key=len, reverse=True):
        word = _WORD.match(name)
        names.setdefault(word.group() if word else name, []).append(re.escape(name))
    return {first: re.compile(rf"(?:{'|'.join(those)})(?!\w)") for first, those in names.items()}


def places_in(text: str) -> list[Place]:
    """Where a text names a territory, in order; only names with a capital count."""
    places, end = list[Place](), 0
    for word in _CAPITAL.finditer(text):
        start = word.start()
        if start < end or not text[start].isupper() or (names := _names().get(_fold(word.group()))) is None:
            continue
        if name := names.match(_fold(text[start : start + _LONGEST])):
            end = start + name.end()
            places.append((Span(start, end), _codes()[name.group()]))
    return places
