"""The language of a question, by its smallest words."""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_SMALL = {
    "en": _set(
        "the of and to in is was were are be been has have had did do does who what when where which why how whom "
        "whose many much there this that these those it its he she they their his her by for from with about "
        "after before at on or not any anyone ever"
    ),
    "es": _set(
        "el la los las un una unos unas de del al y e que qué quién quien quiénes cuándo cuando cuánto cuánta cuántos "
        "cuántas dónde donde cuál cuáles cómo como por para con sin sobre entre desde hasta hay fue fueron es son era "
        "eran ha han había se su sus le les lo en tras según hubo cual cuales cuantos cuantas"
    ),
}
"""Words that stand in hardly any question of the other language."""


def language_of(text: str) -> str:
    """The tag of the language that a question is in; empty where its words don't tell."""
    if "¿" in text or "¡" in text:
        return "es"
    words = [word.casefold() for word in _WORD.findall(text)]
    counts = {tag: sum(word in small for word in words) for tag, small in _SMALL.items()}
    best = max(counts, key=lambda tag: counts[tag])
    others = max(count for tag, count in counts.items() if tag != best)
    return best if counts[best] > others else ""
