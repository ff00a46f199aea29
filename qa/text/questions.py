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


_BEGINS = r"^\W*(?:(?:y|pero|a|de|desde|hasta|con|en|por|para)\s)?"
"""Before Spanish question words without their accent: anywhere else these words join clauses."""
_MEANS = r"(?:vía|via|medio|canal|cauce|conducto|camino|ruta|procedimiento|juzgado|tribunal|organismo|ley|país|ciudad|lugar|importe|cantidad|precio|valor|entidad|institución|empresa|característica|cosa|persona|nombre)(?:s|es)?|otr[oa]s? \w+"
"""Nouns that make "por qué" ask by what, not why."""

_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (Kind.HOW_LONG, r"how long|for how many (?:years|months|days|weeks)|how many (?:years|months|days|weeks)"
                    r"|cu[aá]nto (?:tiempo|dur[aóe]\w*|tard[aóe]\w*)|cu[aá]nt[ao]s (?:años(?! (?:ten|tien|cumpl))|meses|días|semanas)"
                    r"|(?:por|durante) qué (?:tiempo|per[ií]odo|plazo)"),
    (Kind.HOW_MANY, r"how many|how much|how big|how large|what (?:number|figure|percentage|share|proportion|total)"
                    r"|cu[aá]nt[ao]s?(?! años (?:ten|tien|cumpl))|qué (?:número|cifra|cantidad|total|porcentaje|proporción|tamaño)|cómo de grandes?"),
    (Kind.WHEN, r"when(?= (?:and where )?(?:did|do|does|is|are|was|were|has|have|had|will|would|can|could|should|must)\b)|when\W*$|since when"
                r"|until when|by when|(?:in|on|by|since|until|from) (?:what|which) (?:year|month|day|date)|(?:what|which) (?:year|month|date"
                r"|day)|what was the date|cuándo|qué (?:año|mes|fecha|día)|cuál (?:es|fue|era) la fecha"),
    (Kind.WHEN, rf"{_BEGINS}cuando(?!.*¿)"),
    (Kind.WHERE, r"where|(?:in|at|from|to) (?:what|which) (?:country|city|town|place|province|court)|(?:what|which) (?:country"
                 r"|city|town|place|province|region|state)\b|a?dónde|qué (?:país|ciudad|localidad|pueblo|municipio|provincia|región|lugar|sitio)"
                 r"|en qué (?:juzgado|tribunal)"),
    (Kind.WHERE, rf"{_BEGINS}a?donde"),
    (Kind.WHY, rf"why|for what reason|how come|por qué(?! (?:{_MEANS})(?!\w))|por cuál motivo|a qué se deb\w+|^\W*(?:y\s)?por que"),
    (Kind.WHO, r"who|whom|whose|(?:what|which) (?:minister|judge|person|official|president|body|organi[sz]ation|agency"
               r"|company|team|player|author|king|queen|force)\b|quién|quiénes|qué (?:ministr[oa]|juez|jueza|magistrad[oa]|persona|funcionari[oa]|president[ea]|organismo|organización|agencia"
               r"|empresa|compañía|equipo|jugadora?|autora?|rey|reina|cuerpo)"),
    (Kind.WHO, rf"{_BEGINS}quien(?:es)?"),
    (Kind.OTHER, r"what|which|how|qué|cuál(?:es)?|cómo"),
)  # fmt: skip
# The first kind that stands earliest in the question wins, so "who … and for how long" asks who.
_COMPILED = tuple((kind, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)) for kind, pattern in _PATTERNS)

_YES_NO = re.compile(
    r"^\W*(?:and |but |y )?(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would|should"
    r"|fue|fueron|era|eran|hubo|hay|había|habían|est[aá]n?|estaban?|es|son|ha|han|tienen?|tenían?|tuvo|pueden?|podían?|pudo"
    r"|siguen?|existen?|se (?:sabe|conoce)|saben?|consta)\b",
    re.IGNORECASE,
)
_ASKS_IN_SPANISH = re.compile(
    r"(?<!\w)(?:qué|quién(?:es)?|cuál(?:es)?|cuánt[ao]s?|cuándo|cómo|a?dónde)(?!\w)"
    r"|¿\s*(?:(?:y|pero|a|de|desde|hasta|con|en|por|para|según)\s)*(?:que|quien(?:es)?|cual(?:es)?|cuant[ao]s?|cuando|como|a?donde)(?!\w)",
    re.IGNORECASE,
)
"""Words that ask; within a question only their accent tells them from those that join clauses."""


_ELLIPSIS = re.compile(r"^\W*(?:what|how) about\b|^\W*qué (?:hay|tal)\b", re.IGNORECASE)


def asking_part(text: str) -> str:
    """Of several questions in one text the last that asks by itself: "Who left? And in May?" asks who."""
    parts = re.findall(r"[^?]+\??", text)
    asks = (part for part in reversed(parts) if not _ELLIPSIS.match(part))
    return next((part for part in asks if _YES_NO.match(part) or any(rx.search(part) for _, rx in _COMPILED)), text)


def question_kind(text: str) -> Kind:
    """The kind of answer asked for; OTHER for how, what and yes-or-no questions."""
    found = [(match.start(), rank, kind) for rank, (kind, rx) in enumerate(_COMPILED) if (match := rx.search(text))]
    if not found or (_YES_NO.match(text) and min(found)[0] > 0):
        return Kind.OTHER
    return min(found)[2]


def asks_yes_or_no_in_spanish(text: str) -> bool:
    """Whether a question between Spanish marks has no word that asks, wherever its verb stands: "¿Es la misma?"."""
    return "¿" in text and not _ASKS_IN_SPANISH.search(text)
