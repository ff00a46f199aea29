"""Whole numbers below a hundred in words."""

from __future__ import annotations

_BELOW_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_BELOW_THIRTY = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve"
)
_TENS = {
    "en": "_ _ twenty thirty forty fifty sixty seventy eighty ninety",
    "es": "_ _ veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
}


def spelled(number: int, language: str) -> str | None:
    """The words of a number from 2 to 99; None for others, and for Spanish ones that change with what they count."""
    if not 2 <= number <= 99:
        return None
    tens, ones = divmod(number, 10)
    ten = _TENS[language].split()[tens]
    if language == "en":
        below = _BELOW_TWENTY.split()
        return below[number] if number < 20 else ten + (f"-{below[ones]}" if ones else "")
    if ones == 1 and number != 11:
        return None
    below = _BELOW_THIRTY.split()
    return below[number] if number < 30 else ten + (f" y {below[ones]}" if ones else "")


def grouped(number: int, language: str) -> str:
    """The digits of a number with the thousands separator of the language."""
    digits = f"{number:,}"
    return digits if language == "en" else digits.replace(",", ".")
