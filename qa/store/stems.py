"""Words without their endings, for the lexical index of passages that are not in English."""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache

import snowballstemmer

from qa.store.queries import folded

ENGLISH = "en"
"""SQLite's own index takes English endings off."""

_WORD = re.compile(r"\w+")
_NAMES = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "es": "spanish", "eu": "basque", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_STEMMING = threading.Lock()
"""A stemmer keeps the word it works on in itself."""


def language_of_tag(tag: str) -> str:
    """The language of a tag without its region, `en` where it says none."""
    return tag.partition("-")[0].lower() or ENGLISH


def stemmed(text: str, language: str) -> str:
    """The words of a text, folded, without the endings of its language; those that have no stemmer are kept whole."""
    tag = language_of_tag(language)
    return " ".join(_stem(word, tag) for word in _WORD.findall(text))


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    # Folded first: readers leave accents out.
    plain, name = folded(word), _NAMES.get(language)
    if name is None or not plain.isalpha():
        return plain
    with _STEMMING:
        return str(_stemmer(name).stemWord(plain))


@cache
def _stemmer(name: str) -> snowballstemmer.basestemmer.BaseStemmer:
    return snowballstemmer.stemmer(name)
