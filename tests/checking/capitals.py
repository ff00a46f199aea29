"""Capitals of sentences that become parts of others, and the other way round."""

from __future__ import annotations

import re

from qa.text.numbers import NUMBER
from tests.checking.restating_tables import OPENERS, OUTLETS


def lowered(said: str) -> str:
    """Without the capital of a sentence's beginning, where its first word isn't a name."""
    first = re.split(r"[\s,]", said, maxsplit=1)[0]
    if re.match(OUTLETS, said):
        return said
    return said[0].lower() + said[1:] if first.lower() in OPENERS or _is_number_word(first) else said


def _is_number_word(word: str) -> bool:
    return bool(NUMBER.fullmatch(word.lower())) and not word[0].isdigit()


def raised(said: str) -> str:
    return said[:1].upper() + said[1:]
