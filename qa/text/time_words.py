"""The words by which a question, English or Spanish, says how a date bounds what it asks: patterns, as data."""

from __future__ import annotations

import re
from enum import Enum, auto


class Bound(Enum):
    """How a date bounds a period, from the words before it."""

    IN = auto()
    SINCE = auto()
    AFTER = auto()
    BEFORE = auto()
    UNTIL = auto()
    BY = auto()
    AS_OF = auto()


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_ARTICLE = r"(?:\s+(?:the|el|la|los|las))?(?:\s+(?:year|año))?\s*$"
RIGHT_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = tuple(
    (bound, _pattern(rf"\b(?:{words}){_ARTICLE}"))
    for bound, words in (
        (Bound.AS_OF, r"as (?:of|at|on)|a fecha del?|con fecha del?"),
        (Bound.AFTER, r"(?:later than|after|following|después del?|despues del?|tras|posterior(?:es)? al?)"),
        (Bound.BEFORE, r"(?:earlier than|before|prior to|antes del?|anterior(?:es)? al?|previ[oa]s? al?)"),
        (Bound.SINCE, r"(?:ever )?since|starting (?:in|on|from)|from|onwards? from|a partir del?|desde"),
        (Bound.UNTIL, r"up (?:to|until)|until|till|through|no later than|hasta"),
        (Bound.BY, r"by"),
        (Bound.IN, r"back in|in|on|during|of|at|for|within|around|about|dated|between|en|durante|del?|al?|sobre|entre"),
    )
)
"""What stands right before a date, the first that fits."""

FURTHER_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = tuple(
    (bound, _pattern(rf"(?<!\w)(?:{words})\s+(?:[\w'’-]+\s+){{0,5}}$"))
    for bound, words in (
        (Bound.SINCE, r"after|following|since|después del?|tras|desde"),
        (Bound.UNTIL, r"before|prior to|antes del?"),
    )
)
"""What stands further before it, in the same phrase: "after the raids of March 2005" takes March 2005 in."""

JOINED = _pattern(r"\s*(?:-|–|,?\s*(?:to|until|till|through|and|or|y|e|o|u|al?|hasta)(?:\s+(?:the|el|la|in|en))?)\s*")
"""What stands between two dates that bound one stretch."""

KNOWN = _pattern(
    r"\bwhat (?:(?:else|more) )?(?:was|were|had been)\s+(?:(?:already|then|publicly|officially)\s+)?known\b(?! as\b)"
    r"|\b(?:was|were) (?:it|anything|something|nothing|everything|much|more)\s+(?:\w+\s+)?known\b(?! as\b)"
    r"|\bhow much (?:was|had been)\s+(?:\w+\s+)?known\b"
    r"|\bwhat did (?:the \w+|people|anyone|one|we|they|readers)\s+(?:already\s+)?know\b"
    r"|(?<!\w)(?:se sab[ií]an?|se conoc[ií]an?|se supo|sab[ií]a(?:n|mos)?|conoc[ií]a(?:n|mos)?)\b"
)
"""Asks for what could be known by a date."""

FINISHED = _pattern(r"\bhad\b(?!\s+to\b)|\bhab[ií]an?\b(?!\s+que\b)|^\W*by\b")
DUE = _pattern(
    r"\b(?:must|should|shall|will|would|due|deadline|meant|supposed|ought|needs?|wants?|wanted"
    r"|(?:had|have|has|was|were|is|are) to)\b|(?<!\w)(?:deb[eí]an?|deberían?|tenían? que|plazo)\b"
)
"""Words by which "by 18 March" looks back on what had been done, or ahead to what is to be done."""

NAMES_A_THING = _pattern(r"(?:\b(?:the|this|that|its|their|his|her|an?)|['’]s?)\s+$")
"""Stands before a date that is part of a name: the March 2005 raids."""

YEAR_OF_A_THING = _pattern(
    r"(?:\b(?:the|this|that|its|their|his|her|el|la|los|las)|['’]s?)\s+(?P<year>(?:19|20)\d\d)\s+(?=[^\W\d])"
)
"""A year before what it names: the 2008 inquiry."""

MOVING = _pattern(
    r"\byesterday\b|\bago\b|\b(?:this|last|past|next)\s+(?:\w+\s+)?(?:week|month|quarter|year|decade|days|weeks|months|years)\b"
    r"|\b(?:anteayer|ayer|anoche)\b|\bhace\b"
    r"|\b(?:est[ea]|próxim[oa]|pasad[oa]|últim[oa]s?)\s+(?:\w+\s+)?(?:semana|mes|trimestre|año|década|días|semanas|meses|años)\b"
    r"|\b(?:semana|mes|año|década)\s+(?:pasad[oa]|que viene)\b"
)
"""A date that counts from the day of asking. "Last December" is not one: it is asked of a text that says so."""

NOW = _pattern(
    r"(?<!at the )\b(?:very )?latest\b|\bnewest\b|\bmost recent(?:ly)?\b|\brecently\b|\blately\b|\bcurrent(?:ly)?\b"
    r"|\bnowadays\b|\bat (?:present|the moment)\b|\bright now\b|\bthese days\b|\bas (?:of|things stand) now\b"
    r"|(?<!until )(?<!by )(?<!what is )\bnow\b(?!-| (?:known|called))|\btoday\b"
    r"|\blast (?:known )?(?:news|update|word)\b"
    r"|\blo (?:último|más reciente|ultimo)\b|\bmás recientes?\b|\brecientemente\b|\búltimamente\b|\bactualmente\b"
    r"|\b(?:últimas|ultimas) (?:noticias|novedades|informaciones|cifras)\b|\búltima (?:hora|hora de|noticia|cifra)\b"
    r"|\ben la actualidad\b|\b(?:el|la|los|las|su|sus) (?:\w+ )?actual(?:es)?\b|\bsituación actual\b"
    r"|\b(?:hasta )?ahora\b|\b(?:a día de )?hoy(?: (?:en día|por hoy))?\b"
)
"""Asks for the newest, or for what holds on the day of asking."""

STILL = _pattern(r"\bstill\b|\b(?:so far|to date|up to now|yet)\b|(?<!\w)(?:todavía|aún|sigue[ns]?|por ahora)\b")
"""The same, beside a verb of the present."""
PRESENT = _pattern(
    r"\b(?:is|are|am|isn['’]t|aren['’]t|does|do|doesn['’]t|don['’]t|has|have|hasn['’]t|haven['’]t|can|may)\b"
    r"|(?<!\w)(?:es|son|está|están|hay|tiene[n]?|ha|han|puede[n]?|sigue[n]?|existe[n]?)\b"
)

SUBJECTLESS = frozenset(
    """
    happened happen happens happening occurred known know news took place going event events reported published
    paso ocurrio sucedio sabia sabian supo conocia noticias hechos publico
    """.split()  # noqa: SIM905
)
"""Words, without accents, that ask what there was and not of what."""
