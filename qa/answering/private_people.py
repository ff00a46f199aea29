"""Questions that ask who a private person is: they are declined before anything is looked up.

The archive names officials and institutions. Who was arrested, who complained, who was harmed is nobody's to
find here, whatever a source may say: see the rules on archives and private persons in corpus/SOURCES.md.
"""

from __future__ import annotations

import re

_PRIVATE = (
    r"(?:victims?|suspects?|detainees?|arrestees?|defendants?|accused|complainants?|witness(?:es)?|minors?|child(?:ren)?"
    r"|residents?|neighbou?rs?|informants?|users?|(?:people|persons?|men|man|women|woman|those|ones?|anyone)"
    r"(?:\s\w+){0,3}\s(?:arrested|detained|held|charged|accused|investigated|jailed|imprisoned|named)"
    r"|(?:\d+|\w+teen|twenty|thirty)\s(?:people\s)?(?:arrested|detained|held)"
    r"|víctimas?|sospechos[oa]s?|detenid[oa]s?|arrestad[oa]s?|imputad[oa]s?|denunciantes?|vecin[oa]s?|testigos?|menores?)"
)
_IDENTITY = (
    r"(?:names?|identit(?:y|ies)|called|initials|addresse?s?|home ?towns?|occupations?|jobs?|professions?|ages?|how old|photos?"
    r"|nombres?|identidad(?:es)?|se llaman?|iniciales|domicilios?|profesi[óo]n(?:es)?|edad(?:es)?)"
)
_ASKS = re.compile(
    rf"\b{_IDENTITY}\b.*\b{_PRIVATE}\b|\b{_PRIVATE}\b.*\b{_IDENTITY}\b"
    # "Who was the resident who complained?"
    rf"|^\W*(?:who|quién|quiénes)\s+(?:is|was|are|were|es|era|fue|fueron|son)\s+(?:the|el|la|los|las)\s+(?:\w+\s){{0,2}}?{_PRIVATE}\b"
    # "Who made the complaint?", "Who was arrested?", "¿Quién denunció?"
    r"|^\W*(?:who|which (?:person|man|woman)|quién|quiénes)\s+(?:\w+\s){0,2}?(?:made|filed|lodged|sent in|raised)\s+(?:the|a)"
    r"\s+(?:first\s+|original\s+|initial\s+)?(?:complaint|alarm|report|tip)"
    r"|^\W*who\s+(?:(?:exactly|first)\s+)?(?:complained|reported (?:it|the)|tipped off|(?:was|were|got)\s+(?:\w+\s){0,2}?"
    r"(?:arrested|detained|jailed|charged|abused|harmed))"
    r"|^\W*(?:quién|quiénes)\s+(?:\w+\s){0,2}?(?:denunció|denunciaron|puso la denuncia|presentó la denuncia|(?:fue|fueron)"
    r"\s+(?:\w+\s)?(?:detenid|arrestad)\w+)",
    re.IGNORECASE,
)
_COUNTING = re.compile(r"\b(?:how many|how much|cu[aá]nt[ao]s?)\b", re.IGNORECASE)


def asks_who_a_private_person_is(question: str) -> bool:
    """Whether the question wants the identity of someone arrested, harmed, suspected or complaining."""
    return bool(_ASKS.search(question)) and not _COUNTING.search(question)
