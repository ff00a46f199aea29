"""Numbers as they are written in prose, English and Spanish, and what they are worth."""

from __future__ import annotations

import re
from functools import lru_cache

from qa.text.terms import lowered

_SMALL = {
    word: value
    for value, forms in {
        0: "zero cero none", 1: "one un una uno", 2: "two dos", 3: "three tres", 4: "four cuatro", 5: "five cinco",
        6: "six seis", 7: "seven siete", 8: "eight ocho", 9: "nine nueve", 10: "ten diez", 11: "eleven once",
        12: "twelve doce", 13: "thirteen trece", 14: "fourteen catorce", 15: "fifteen quince",
        16: "sixteen dieciseis", 17: "seventeen diecisiete", 18: "eighteen dieciocho", 19: "nineteen diecinueve",
        20: "twenty veinte", 21: "veintiun veintiuno veintiuna", 22: "veintidos", 23: "veintitres", 24: "veinticuatro",
        25: "veinticinco", 26: "veintiseis", 27: "veintisiete", 28: "veintiocho", 29: "veintinueve",
        30: "thirty treinta", 40: "forty cuarenta", 50: "fifty cincuenta", 60: "sixty sesenta", 70: "seventy setenta",
        80: "eighty ochenta", 90: "ninety noventa", 100: "cien ciento",
        200: "doscientos doscientas", 300: "trescientos trescientas", 400: "cuatrocientos cuatrocientas",
        500: "quinientos quinientas", 600: "seiscientos seiscientas", 700: "setecientos setecientas",
        800: "ochocientos ochocientas", 900: "novecientos novecientas",
    }.items()
    for word in forms.split()
}  # fmt: skip
_SCORES = {"hundred": 100, "centenar": 100, "dozen": 12, "docena": 12}
"""Words for a round number of which there may be several: two dozen."""
_LARGE = {"thousand": 1_000, "mil": 1_000, "million": 10**6, "millon": 10**6, "millones": 10**6,
          "mln": 10**6, "billion": 10**9, "bln": 10**9}  # fmt: skip
_VAGUE = frozenset(
    ["hundreds", "thousands", "millions", "billions", "dozens", "cientos", "miles", "docenas", "centenares"]
)
"""A number of sorts, but no value."""

NUMBER_WORDS = "|".join(sorted([*_SMALL, *_SCORES, *_LARGE, *_VAGUE], key=len, reverse=True))
# Accents are optional in the pattern, as the words above carry none.
_ACCENTED = {"dieciseis": "diecis[eé]is", "veintiun": "veinti[uú]n", "veintidos": "veintid[oó]s",
             "veintitres": "veintitr[eé]s", "veintiseis": "veintis[eé]is", "millon": "mill[oó]n"}  # fmt: skip
for _plain, _either in _ACCENTED.items():
    NUMBER_WORDS = re.sub(rf"(?<![a-z]){_plain}(?![a-z])", _either, NUMBER_WORDS)
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
    plain = text.lower().translate(str.maketrans("áéíóú", "aeiou")).replace("por ciento", "")
    total, current, seen = 0.0, 0.0, False
    for token in re.findall(rf"{DIGITS}|[a-z]+", plain):
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
