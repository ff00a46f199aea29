"""Countries and the other territories of the Unicode CLDR by their names in English and Spanish."""

from __future__ import annotations

import re
from functools import cache

from qa.domain.archive import Span
from qa.language.terms import fold

LANGUAGES = ("en", "es")

_ALSO = {
    "GB": ("UK", "U.K.", "Britain", "Great Britain", "Gran Bretaña"),
    "US": ("USA", "U.S.", "U.S.A.", "the United States of America", "EEUU", "EE.UU.", "EE UU"),
    "NL": ("Holland", "Holanda"), "CZ": ("Czech Republic", "República Checa"), "TR": ("Turkey",),
    "KR": ("Korea",), "MM": ("Burma",),
}  # fmt: skip
"""Names in use that CLDR doesn't list."""

_ALSO_A_WORD = frozenset({"granada", "jersey", "man", "us"})
"""What reads more often as something else."""


def _fold(name: str) -> str:
    """Folded character by character, so that places keep their length."""
    return "".join(map(_letter, name))


@cache
def _letter(ch: str) -> str:
    return fold(ch)[:1] or ch


@cache
def _codes() -> dict[str, str]:
    from babel import Locale

    codes = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code != "ZZ":
                codes[_fold(name)] = code
    codes.update({_fold(name): code for code, names in _ALSO.items() for name in names})
    return {name: code for name, code in codes.items() if name not in _ALSO_A_WORD}


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(n) for n in sorted(_codes(), key=len, reverse=True))})(?!\w)")


def places_in(text: str) -> list[tuple[Span, str]]:
    """Where a text names a territory, in order, each with its code of ISO 3166; only names with a capital count."""
    found = _pattern().finditer(_fold(text))
    return [(Span(*m.span()), _codes()[m.group()]) for m in found if text[m.start()].isupper()]


def name_of(code: str) -> str:
    """The English name of a territory by its code; the code itself where it has none."""
    from babel import Locale

    return str(Locale("en").territories.get(code, code))
