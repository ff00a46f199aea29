"""What kind of answer a question asks for, in English and Spanish."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What would answer the question."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    HOW_LONG = "how_long"
    WHY = "why"
    OTHER = "other"


_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (Kind.HOW_LONG, r"how long|for how many (?:years|months|days|weeks)|how many (?:years|months|days|weeks)"
                    r"|cuánto tiempo|cuanto tiempo|cuántos (?:años|meses|días)"),
    (Kind.HOW_MANY, r"how many|how much|how big|how large|what (?:number|figure|percentage|share|proportion|total)"
                    r"|cuánt[ao]s?|cuant[ao]s?|qué (?:número|porcentaje)"),
    (Kind.WHEN, r"when(?= (?:and where )?(?:did|do|does|is|are|was|were|has|have|had|will|would|can|could|should|must)\b)|when\W*$|since when"
                r"|until when|by when|(?:in|on|by|since|until|from) (?:what|which) (?:year|month|day|date)|(?:what|which) (?:year|month|date"
                r"|day)|what was the date|cuándo|en qué (?:año|mes|fecha|día)|qué día"),
    (Kind.WHERE, r"where|(?:in|at|from|to) (?:what|which) (?:country|city|town|place|province|court)|(?:what|which) (?:country"
                 r"|city|town|place|province|region|state)\b|dónde|adónde|en qué (?:país|ciudad|localidad|provincia|lugar)"),
    (Kind.WHY, r"why|for what reason|how come|por qué|por cuál motivo|por qué motivo"),
    (Kind.WHO, r"who|whom|whose|(?:what|which) (?:minister|judge|person|official|president|body|organi[sz]ation|agency"
               r"|company|team|player|author|king|queen|force)\b|quién|quiénes|qué (?:ministro|juez|organismo|cuerpo)"),
    (Kind.OTHER, r"what|which|how|qué|cuál(?:es)?|cómo"),
)  # fmt: skip
# The first kind that stands earliest in the question wins, so "who … and for how long" asks who.
_COMPILED = tuple((kind, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)) for kind, pattern in _PATTERNS)

_YES_NO = re.compile(
    r"^\W*(?:and |but |y )?(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would|should"
    r"|fue|fueron|hubo|hay|está|es|son|ha|han)\b",
    re.IGNORECASE,
)


def question_kind(text: str) -> Kind:
    """The kind of answer asked for; OTHER for how, what and yes-or-no questions."""
    found = [(match.start(), rank, kind) for rank, (kind, rx) in enumerate(_COMPILED) if (match := rx.search(text))]
    if not found or (_YES_NO.match(text) and min(found)[0] > 0):
        return Kind.OTHER
    return min(found)[2]
