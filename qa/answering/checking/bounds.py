"""How exactly a number is given: more than 500, up to 12, about 20."""

from __future__ import annotations

import re

from qa.domain.archive import Span

_BOUND_BEFORE = {
    "more": r"(?<!no )(?<!not )(?:more|greater|higher) than|over|above|at least|(?:a )?minimum (?:period |term |total )?of|upwards? of|in excess of|no (?:fewer|less) than"
            r"|not (?:fewer|less) than|beyond|a floor of|exceed(?:s|ed|ing)?|topp(?:ed|ing)|surpass(?:ed|ing)|just over"
            r"|m[aá]s de|al menos|como m[ií]nimo|un m[ií]nimo de|por lo menos|no menos de|super(?:an|a|ó|aron)|pasan? de|pasó de|pasaron de|rebas\w+",
    "less": r"(?<!no )(?<!not )(?:less|fewer|lower) than|under|below|up to|at most|as many as|as much as|(?:a )?maximum (?:of|term of)|no more than|not more than|a ceiling of"
            r"|menos de|hasta|como m[aá]ximo|un m[aá]ximo de|no m[aá]s de|within",
    "about": r"about|around|some|roughly|nearly|almost|approximately|close to|near|an estimated|in the region of|or so|just under"
             r"|unos|unas|alrededor de|cerca de|casi|aproximadamente|en torno a",
}  # fmt: skip
_BOUND_BEHIND = {
    "more": r"(?:\w+ )?(?:or (?:more(?! than)|longer|over|above)|at least|at (?:the )?minimum|and (?:more(?! than)|upwards)|plus|o m[aá]s|al menos|como m[ií]nimo|minimum|m[ií]nimo)",
    "less": r"(?:\w+ )?(?:or (?:less(?! than)|fewer(?! than)|under)|at (?:the )?most|at (?:the )?maximum|o menos|como m[aá]ximo|maximum|m[aá]ximo)",
    "about": r"(?:\w+ )?(?:or so|or thereabouts|approximately|m[aá]s o menos|aproximadamente)",
}  # fmt: skip
_BEFORE = {
    name: re.compile(rf"(?<!\w)(?:{form})\s(?:the |a |an |los |las |the total )?[$£€]?$")
    for name, form in _BOUND_BEFORE.items()
}
_BEHIND = {name: re.compile(rf"[\s-](?:{form})(?!\w)") for name, form in _BOUND_BEHIND.items()}

_CHANGING = re.compile(
    r"(?<!\w)(?:cay|sub[ií]|baj[oóa]|aument|creci|descend|reduj|retroced|elev|desplom|increment|dispar)\w*"
)


_COMPARING = re.compile(
    r"(?:(?:\d%?|\bper ?cent|\bpoints?|\btimes)\s(?:more|less|fewer|higher|lower|greater) than"
    r"|\b(?:twice|times) as (?:many|much) as|(?<!\w)(?:more|less|fewer|higher|lower|greater) than the) (?:the )?$"
)
"""Before a number that another is compared with: "36 per cent more than 5,872", "fewer than the 300 of May"."""
_OVER = re.compile(r"(?<!\w)over (?:the |a |an )?$")
_SPREAD = re.compile(
    r"(?<!\w)(?:spread|scattered|stretch\w*|extend\w*|took place|(?:are|were|been) (?:distributed|divided|carried|made|held))"
    r"(?: out)?\s$"
)
_LASTING = re.compile(
    r"(?<!\w)(?:for|after|last(?:s|ed|ing)?|took|takes?|taking|of|to|by|is|are|was|were|at|in|within|since|just|well|than)\s$"
)


def _is_across(lower: str, span: Span, unit: str) -> bool:
    """Whether "over" tells through what time or places something goes on: "spread over 21 towns"."""
    over = _OVER.search(lower, max(0, span.start - 10), span.start)
    if over is None:
        return False
    before = lower[max(0, over.start() - 24) : over.start()]
    return bool(_SPREAD.search(before)) or (unit in _TIMES_OF and not _LASTING.search(before))


_TIMES_OF = frozenset({"month", "day", "hour", "minute"})


def bound(lower: str, span: Span, unit: str = "") -> str:
    """ "more", "less", "about" or, where the number is given exactly, ""; `unit` is that of the number."""
    before, behind = lower[max(0, span.start - 32) : span.start], lower[span.end : span.end + 26]
    if before.endswith("hasta ") and _CHANGING.search(lower[max(0, span.start - 70) : span.start]):
        return ""  # "subió hasta 20" is to 20
    if _COMPARING.search(before) or _is_across(lower, span, unit):
        return ""
    for name, pattern in _BEFORE.items():
        if pattern.search(before):
            return name
    return next((name for name, pattern in _BEHIND.items() if pattern.match(behind)), "")
