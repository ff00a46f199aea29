"""Languages as agencies name them, brought to a code."""

from __future__ import annotations

import re

from qa.loaders.cleaning import clean_line

_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_NAMES = {
    "arabic": "ar", "catalan": "ca", "chinese": "zh", "danish": "da", "dutch": "nl", "english": "en",
    "finnish": "fi", "french": "fr", "german": "de", "greek": "el", "italian": "it", "japanese": "ja",
    "norwegian": "no", "polish": "pl", "portuguese": "pt", "russian": "ru", "spanish": "es", "swedish": "sv",
    "deutsch": "de", "español": "es", "français": "fr", "italiano": "it", "português": "pt",
}  # fmt: skip


def language_code(text: str) -> str:
    """`en-us` for `en_US` and `en` for `English`; empty for what names no language."""
    word = clean_line(text).lower().replace("_", "-").rpartition(":")[2]
    code = _NAMES.get(word, word)
    return code if _CODE.fullmatch(code) and not names_none(code) else ""


def names_none(value: object) -> bool:
    """Whether it is a code of ISO 639 that stands where a language would: undetermined, none, several."""
    return isinstance(value, str) and value.strip().lower() in ("und", "zxx", "mul")
