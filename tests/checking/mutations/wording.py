"""Words altered by the tables of patterns of each language."""

from __future__ import annotations

import re
from functools import partial

from tests.checking.mutations import wording_english, wording_spanish
from tests.checking.mutations.numbers import numbers_in
from tests.checking.mutations.said import Alter, Alterations, Said, tidy, words_of

_TABLES = {"en": wording_english.WORDS, "es": wording_spanish.WORDS}


def altered_words(category: str, said: Said) -> Alterations:
    """Each match of each pattern by itself.

    Words put in have to be new to the sources, unless a negation was all that was put in.
    """
    for pattern, other in _TABLES[said.language][category]:
        for match in re.finditer(pattern, said.text):
            if category == "counted" and not any(one.start == match.start(1) for one in numbers_in(said)):
                continue
            text = tidy(said.text[: match.start()] + match.expand(other) + said.text[match.end() :])
            text = _with_article(text) if said.language == "en" else text
            put_in = set(words_of(text)) - set(words_of(said.text))
            if category != "negation" and put_in and put_in <= said.known_words:
                continue
            yield _named(match.group(), match.expand(other)), text


def _with_article(text: str) -> str:
    """A possible offence without "possible" is an offence."""
    text = re.sub(r"\ban (?=[bcdfgjklmnpqrstvwxyz])", "a ", text)
    return re.sub(r"\ba (?=[aei]|o(?!ne\b|nce\b))(?!eu)", "an ", text)


def _named(was: str, now: str) -> str:
    return f"{was.strip()} → {now.strip() or '(nothing)'}"


def by_words(category: str) -> Alter:
    return partial(altered_words, category)
