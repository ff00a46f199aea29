"""The place, date and agency that a news text may begin with, before its first sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Labels in capitals that are no places and tell the reader how to take the text: they stay in it.
_LABELS = frozenset(
    word
    for line in (
        "ACTUALIZACIÓN ADVERTENCIA ANALYSIS ANÁLISIS AVISO BREAKING CLARIFICATION COMMENT CORRECCIÓN",
        "CORRECTED CORRECTION EDITORIAL ENTREVISTA ERRATA ERRATAS ERRATUM EXCLUSIVA EXCLUSIVE FACTBOX",
        "INTERVIEW LIVE NOTA NOTE OBITUARY OPINION OPINIÓN PROFILE RECTIFICACIÓN RETRACTION REVIEW",
        "TIMELINE UPDATE UPDATED URGENT URGENTE VIDEO WARNING",
    )
    for word in line.split()
)
_WORD = r"[^\W\d_][^\W\d_.'’]*"
_PLACE = rf"{_WORD}(?:[ /-]+{_WORD}){{0,4}}"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|dic)\.?"
)
_DAY = rf"(?i:{_MONTH} [0-9]{{1,2}}|[0-9]{{1,2}} (?:de )?{_MONTH})(?:,? [0-9]{{4}})?"
_AGENCY = r"\([A-ZÁÉÍÓÚÑ][^()]{1,40}\)"
_DASH = r"(?: ?[-–—]+|\.[-–—]+)"

# "SPAIN: ", "ROME, PARIS: "
_BEFORE_COLON = re.compile(rf"(?P<dateline>(?P<place>{_PLACE}(?:, {_PLACE})?)):\s+")
# "MADRID, March 16 (Reuters) - ", "PONTEVEDRA, Spain (AP) — ", "MADRID, 16 mar. (EFE).- "
_BEFORE_DASH = re.compile(
    rf"(?P<dateline>(?P<place>{_PLACE})(?:, [^\W\d_][\w. ]{{1,30}}?)??"
    rf"(?:,? {_DAY}(?: {_AGENCY})?|,? {_AGENCY})){_DASH}\s+"
)


def split_dateline(paragraphs: Sequence[str]) -> tuple[str, list[str]]:
    """The dateline of the first paragraph, or an empty text, and the paragraphs without it.

    Only a place in capitals before the capital letter or figure that begins a sentence counts.
    Where a later paragraph begins alike, they are the speakers of an interview, and all stay.
    """
    if not paragraphs:
        return "", []
    first, *others = paragraphs
    found = _dateline(first)
    if not found or any(_dateline(other) for other in others):
        return "", [first, *others]
    return found["dateline"], [first[found.end() :], *others]


def _dateline(paragraph: str) -> re.Match[str] | None:
    found = _BEFORE_DASH.match(paragraph) or _BEFORE_COLON.match(paragraph)
    if not found:
        return None
    place = found["place"]
    is_place = len(place) > 1 and place.isupper() and not _LABELS & set(place.split())
    first = paragraph[found.end() :].lstrip("\"'“‘«¿¡(")[:1]
    return found if is_place and (first.isupper() or first.isdigit()) else None
