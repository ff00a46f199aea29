"""Languages as files name them, by code or by name, as one language tag."""

from __future__ import annotations

import re
from functools import lru_cache

from babel.core import Locale, get_global

from qa.loaders.cleaning import clean_line

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_NO_LANGUAGE = ("und", "zxx", "mul")  # ISO 639: undetermined, none, several
_NAMED_IN = ("en", "es", "fr", "de", "pt", "it", "ca", "nl")


def language_tag(text: object) -> str:
    """`en-us` for `en_US`, `es` for `spa`, `en` for `English`; empty for what names no language."""
    word = clean_line(text).lower().replace("_", "-").rpartition(":")[2].strip() if isinstance(text, str) else ""
    if len(word) > 3 and "-" not in word:
        word = _codes_by_name().get(word, "")
    language, hyphen, rest = word.partition("-")
    if not LANGUAGE_TAG.fullmatch(word) or language in _NO_LANGUAGE:
        return ""
    # A language with two tags would count as two languages.
    short = get_global("language_aliases").get(language, "") if len(language) == 3 else ""
    return f"{short}{hyphen}{rest}" if len(short) == 2 else word


def first_language(*texts: object) -> str:
    """The tag of the first text that names a language; empty where none does."""
    return next(filter(None, map(language_tag, texts)), "")


def names_no_language(value: object) -> bool:
    """True if it is a code that stands where a language would: undetermined, none, several."""
    return isinstance(value, str) and value.strip().lower() in _NO_LANGUAGE


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    """The names of languages in lower case, in some languages and in their own."""
    codes = {"castellano": "es"}
    for locale in map(Locale, _NAMED_IN):
        codes |= {name.lower(): code for code, name in locale.languages.items() if len(code) <= 3}
    return codes
