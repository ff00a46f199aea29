"""Numbers as they are written in prose, English and Spanish, and what they are worth."""

import re
from functools import lru_cache

from qa.text.terms import WORDS, lowered

_ACCENTS = str.maketrans("áéíóú", "aeiou")
_WORDS = [word for table in WORDS["numbers"].values() for line in table.values() for word in line.split()]
_SMALL, _SCORES, _LARGE, _VAGUE = (
    {word.translate(_ACCENTS): int(value) for value, line in WORDS["numbers"][kind].items() for word in line.split()}
    for kind in ("small", "scores", "large", "vague")
)
NUMBER_WORDS = "|".join(sorted({*_WORDS, *(word.translate(_ACCENTS) for word in _WORDS)}, key=len, reverse=True))
DIGITS = r"\d+(?:[.,]\d+)*"
_WRITTEN = (
    rf"(?:[$£€]\s?)?{DIGITS}(?:\s?(?:%|per cent|percent|por ciento|pct))?"
    r"(?:\s(?:million|billion|thousand|mln|bln|millones|mil)\b)?"
)
NUMBER = re.compile(
    rf"(?<![\w.,/-])(?:{_WRITTEN}|\b(?:{NUMBER_WORDS})(?:[\s-](?:and |y )?(?:{NUMBER_WORDS})\b)*)(?![\w/])"
)
"""Of text in lower case."""


def is_number(words: str) -> bool:
    """Whether words are a number and nothing else."""
    return NUMBER.fullmatch(lowered(words)) is not None


@lru_cache(maxsize=5_000)
def number_value(text: str) -> float | None:
    """What a number that NUMBER found is worth; None where it is no exact one, such as "hundreds"."""
    total, current, seen = 0.0, 0.0, False
    for token in re.findall(rf"{DIGITS}|[a-z]+", text.lower().translate(_ACCENTS).replace("por ciento", "")):
        if token in _VAGUE:
            return None
        if token[0].isdigit():
            current, seen = current + _digits(token), True
        elif token in _SMALL:
            current, seen = current + _SMALL[token], True
        elif token in _SCORES:
            current, seen = (current or 1) * _SCORES[token], True
        elif token in _LARGE:
            total, current, seen = total + (current or 1) * _LARGE[token], 0.0, True
    return total + current if seen else None


def _digits(token: str) -> float:
    """20,000 and 20.000 are twenty thousand; 3.5 and 3,5 three and a half."""
    whole = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", token) or len(re.findall(r"[.,]", token)) != 1
    return float(re.sub(r"\D", "", token) if whole else token.replace(",", "."))
