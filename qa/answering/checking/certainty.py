"""What the sources hold open isn't told as certain, as proved or as denied, nor with an outcome that they don't have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.checking import markers
from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word

_CLAIMS: tuple[tuple[str, str], ...] = (
    (r"certainty|certainly|definite\w*|undoubtedly|inevitabl\w+|sure to|bound to|certain to|are certain|is certain"
     r"|certeza|segur[oa]s? que|con seguridad|sin duda|indudabl\w+|forzosamente",
     r"certain\w*|definite\w*|doubt\w*|inevitabl\w+|sure|bound|surely|confirm\w*|certeza|segur\w+|duda|indudabl\w+|ciert[oa]"),
    (r"impossible|rul(?:ed|es) (?:it |that |them )?out|imposible|descart\w+",
     r"impossible|rul(?:e|ed|es|ing) (?:it |that |them )?out|can(?:not|[’']t)|unable|no way|imposible|descart\w+|no (?:se )?(?:pued\w+|pod\w+)|incapa\w+"
     r"|not (?:be )?(?:possible|able)|no es posible|exclu\w+"),
    (r"proof|proved|proven|pruebas? de|comprobad[oa]s?|ha comprobado|han comprobado|demostrad[oa]s?",
     r"proof|prov(?:e|ed|en|es)|evidence|test\w*|pruebas?|prob\w+|comprob\w+|demostr\w+|verif\w+|confirm\w*|establish\w*"),
    (r"den(?:y|ies|ied|ying)|niega[n]?|negó|negaron|desmient\w+|desmint\w+",
     rf"{markers.DENYING}|den(?:y|ies|ied|ying)|denial\w*|reject\w*|refut\w+|disput\w+|contradict\w*|refus\w+|neg\w+|niega[n]?|desm[ei]\w+|rechaz\w+"),
    (r"convictions?|condenas?|culpables?|guilty",
     r"convict\w*|conden\w+|guilty|culpab\w+|sentenc\w+|penas?"),
    (r"sentences?",
     r"sentenc\w*|jail\w*|prison|penalt\w+|punish\w*|terms?|conden\w+|penas?|prisión|cárcel|years in|años de"),
    (r"(?<!a )juicios?|trials?",
     r"trials?|tried|tries|courts?|hearings?|juicios?|juzga\w+|proces\w+|enjuicia\w+|vista"),
    (r"fines?|fined|multas?|multad[oa]s?", r"fines?|fined|penalt\w+|sanction\w*|mult\w+|sanci\w+"),
    (r"decree[sd]?|decret\w+", r"decree\w*|decret\w+|order\w*"),
    (r"(?:has|have|had) (?:already )?ordered|imposed|impuso|impuesto",
     r"order\w*|impos\w+|oblig\w+|requir\w+|decree\w*|orden\w+|impus\w+|impuest\w+|decret\w+|exig\w+"),
    (r"final (?:count|figure|tally|total)|(?:recuento|cifra|balance) (?:final|definitiv[oa])", r"final\w*|definitiv\w+"),
    (r"known to be", r"kn[eo]w\w*|sab\w+|conoc\w+"),
    (r"already begun|(?:has|have|had) already", r"already|beg[aiu]n\w*|start\w*|launch\w*|ya|empez\w+|comenz\w+|inici\w+"),
    (r"before|prior to|antes de",
     r"before\w*|prior|ahead|until|till|earl\w+|previous\w*|preced\w+|after\w*|follow\w*|then|later|first|subsequent\w+|already|yet|not|leav\w+|lead\w*"
     r"|antes|ant\w+|hasta|previ\w+|preced\w+|tras|después|luego|posterior\w*|primer\w*|ya|todavía|aún"),
    (r"acquit\w*|absuel\w+|absolvi\w+", r"acquit\w*|absuel\w+|absol\w+|clear\w*|not guilty|exoner\w+"),
)  # fmt: skip
"""What a sentence may claim only where its sources have a word of the second kind."""
_NEEDED = tuple((markers.any_of(own), markers.any_of(theirs)) for own, theirs in _CLAIMS)
_WILL = markers.any_of(
    r"will|shall|must|would|(?:is|are) to be|(?:is|are|was|were) (?:certain|sure|set|bound|expected|likely|due) to"
)
_MAY = markers.any_of(r"may|might|could|can|possibly|hopes? to|hoped to|would like to|podrían?|pued[ea]n?")


def certainty(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Words of certainty, denial or outcome that no source has, and "will" for what they say may be."""
    said = " \n ".join(f"{one.said.lower} \n {one.title.lower}" for one in witnesses)
    for own, theirs in _NEEDED:
        found = own.search(sentence.lower)
        if found and not theirs.search(said):
            yield Finding(f"The sources don't say “{found.group()}”.")
            return
    for mark in sentence.marks(_WILL):
        told = sentence.behind(mark, most=1)
        if told and _only_may(told[0], witnesses):
            yield Finding(f"The sources say that it may, not “{sentence.text[mark.start : told[0].end]}”.")
            return
        if told and not _AHEAD.search(said) and any(_is_done(told[0], one.said) for one in witnesses):
            yield Finding(f"The sources tell it as done, not “{sentence.text[mark.start : told[0].end]}”.")
            return


_AHEAD = markers.any_of("|".join(markers.HEDGES.values()))
_DID = re.compile(r"(?<!\w)(?:was|were|been|has|have|had)\s$")


def _is_done(told: Word, said: Wording) -> bool:
    """Whether a text tells of something that it was done."""
    return any(told.meets(word) and _DID.search(said.lower, 0, word.start) for word in said.words)


def _only_may(told: Word, witnesses: Sequence[Witness]) -> bool:
    """Whether the sources say of something that it may be, and never that it will be."""
    may, will = (
        any(
            told.meets(word)
            for one in witnesses
            for mark in one.said.marks(form)
            for word in one.said.behind(mark, most=1)
        )
        for form in (_MAY, _WILL)
    )
    return may and not will
