"""Whether a question asks how a case ended: guilt, verdict, sentence, jail."""

from __future__ import annotations

import re
from enum import StrEnum

from qa.text.terms import fold, words


class Outcome(StrEnum):
    """What is asked about the end of a case."""

    VERDICT = "verdict"
    """Nothing but a verdict, or that there is none, answers it."""
    PROCEDURE = "procedure"
    """It asks about a court's doings, which other words may answer too."""


_VERDICT = re.compile(
    r"\b(?:guilt(?:y)?|innocent|innocence|convict(?:ed|s|ion|ions)?|acquit(?:ted|tal|tals)?|exonerated|verdicts?|jailed|imprisoned"
    r"|(?:was|were|been|anyone|them|him|her) cleared|cleared(?= of)|condemned|punished|sentenced|behind bars|(?:go|went|gone|going|sent|put) (?:to|in|into) (?:jail|prison|gaol)"
    r"|(?:what|which|any|a|the|how long (?:a|were the)?|kind of) (?:prison |jail |final )?sentences?|(?:years|months|time) in (?:jail|prison)"
    r"|prison terms?|jail terms?|get jail|did time|served? time|lock(?:ed)? up|what punishment"
    r"|(?:what|how) (?:was|is) the (?:final )?(?:outcome|result|end) of the (?:\w+ ){0,3}(?:case|trial|inquiry|investigation|proceedings|operation)"
    r"|(?:happened|happen|became|become|come)\b.{0,80}\b(?:in the end|at the end|eventually|finally|in court|afterwards)"
    r"|(?:what (?:happened|became) (?:to|of|with)) (?:the |those |these )?(?:\w+ ){0,3}(?:suspects|detainees|accused|defendants|arrested|detained|charged"
    r"|people (?:arrested|held|detained|charged)|case|nineteen|twelve|\d+)\b"
    r"|how did the (?:\w+ ){0,3}(?:case|trial|proceedings) (?:end|turn out|finish|conclude)|how (?:was|were) (?:the (?:\w+ ){0,3}case|they) (?:resolved|decided|judged)"
    r"|culpables?|inocentes?|inocencia|condenad[oa]s?|condenas?|condenó|condenaron|absuelt[oa]s?|absolvió|absolvieron|absolución|veredictos?"
    r"|sentenciad[oa]s?|(?:qué|hubo|alguna|una|la) (?:\w+ )?sentencia|encarcelad[oa]s?|castigad[oa]s?|(?:a|en) (?:la cárcel|prisión)|(?:años|meses) de (?:cárcel|prisión)"
    r"|qué pena|qué castigo|entre rejas|(?<!por )qué (?:pasó|ha pasado|fue|ocurrió|sucedió)(?=.{0,80}\b(?:al final|finalmente|tras el juicio)\b"
    r"| (?:\w+ ){0,2}?(?:con|de|a|del|al)(?: el| la| los| las| aquell[oa]s| es[oa]s)? (?:\w+ ){0,3}?(?:casos?\b|causa\b|proceso\b|juicio|detenid|arrestad|imputad|acusad"
    r"|sospechos|procesad|operaci|personas\b|\d+\b|doce\b|diecinueve\b|veint))|(?:en qué (?:quedó|quedaron|acabó|terminó)|cómo (?:acabó|terminó|quedó|se resolvió|acabaron|terminaron))"
    r"(?=.{0,80}\b(?:al final|finalmente|caso|causa|proceso|juicio|detenid|arrestad|imputad|acusad|sospechos|procesad|operaci|l[oa]s \d+|l[oa]s doce|l[oa]s diecinueve|l[oa]s veint)))",
    re.IGNORECASE,
)
_PROCEDURE = re.compile(
    r"\b(?:trials?|tried|prosecut(?:ed|ion)|in court|dismissed|dropped|appeal(?:ed|s)?|overturned|quashed|upheld"
    r"|courts?\b.{0,80}\b(?:at|in) the end|juicios?|juzgad[oa]s(?! de)|recurri(?:ó|eron|do)|recursos?|sobrese\w+|archiv(?:ó|ada|ado)"
    r"|(?:tribunal|juzgado|audiencia|supremo|juez)\b.{0,80}\b(?:al final|finalmente)|(?:al final|finalmente)\b.{0,80}\b(?:tribunal|juzgado|audiencia|supremo|juez))",
    re.IGNORECASE,
)
_BEFORE_TRIAL = re.compile(
    r"\b(?:await(?:s|ing)? trial|pending trial|before (?:the |any |a )?trial|pre-?trial|on remand|(?:prisión|cárcel) (?:preventiva|provisional)"
    r"|antes del juicio|a la espera de juicio)\b",
    re.IGNORECASE,
)
"""Jail without a verdict."""
_HYPOTHETICAL = re.compile(
    r"\b(?:could|might|(?-i:may)|can|would|faces?|facing|risk(?:s|ing)?|penalty for|maximum|law|laws|code|directive|convention|treaty|rules?"
    r"|podr[íi]an?|puede[n]?|enfrentan?|enfrentaban|exponen|exponían|arriesga\w*|máxima|ley|código|directiva|convenio"
    r"|tratado|normas?|(?:penas?|castigos?) (?:por|para)|se (?:aplican?|castigan?|prevén?|contemplan?|podría \w+)|castigan?|conllevan?|acarrean?|caer(?:ía|le|les))\b",
    re.IGNORECASE,
)
"""What might be, and what the law says, is no case's outcome."""
_OTHER_THINGS = re.compile(r"^\W*(?:where|why|dónde|por qué)\b", re.IGNORECASE)

UNSPECIFIC = frozenset(
    """
    people person persons man men woman women suspect suspects defendant defendants accused arrested detained held charged those
    anyone anybody someone somebody everyone nobody all case cases trial court courts judge jury end finally eventually operation
    happened happen become became come get got given give receive received sent go went gone final outcome result year years month
    months long kind verdict finally actually ever yet one ones matter investigation inquiry question police been decide decided rule
    ruled day begin began start started set day date impose imposed hand handed pass passed any every
    found sentence sentenced sentences punishment penalty prison jail guilty facts affair boss
    persona personas hombre hombres mujer mujeres sospechoso sospechosos detenido detenidos detenida detenidas arrestado arrestados
    imputado imputados investigado investigados acusado acusados procesado procesados alguien alguno algunos alguna nadie todos caso
    causa juicio tribunal juzgado juez jueza jurado final finalmente operacion paso pasado ocurrio sucedio quedo quedaron acabo acabaron
    termino terminaron recibieron recibio fin ano anos mes meses dia dicto impuso impusieron decidio empezara resolvio
    """.split()  # noqa: SIM905
)
"""Words of a question about an outcome that don't say which case is meant."""


def outcome_asked(question: str) -> Outcome | None:
    """What a question wants to know of a case's end; None where it is about something else."""
    if _BEFORE_TRIAL.search(question) or _HYPOTHETICAL.search(question):
        return None
    if _VERDICT.search(question):
        return Outcome.PROCEDURE if _OTHER_THINGS.match(question) else Outcome.VERDICT
    return Outcome.PROCEDURE if _PROCEDURE.search(question) else None


def speaks_of_outcome(sentence: str) -> bool:
    """Whether a sentence has any word of a verdict, sentence or court's decision."""
    return bool(_VERDICT.search(sentence) or _PROCEDURE.search(sentence))


def is_about_persons(word: str) -> bool:
    """Whether a word of a question about an outcome says nothing of which case is meant."""
    return fold(word) in UNSPECIFIC or bool(_VERDICT.fullmatch(word)) or bool(_PROCEDURE.fullmatch(word))


def subject(question: str) -> str:
    """The words between the verb that opens a yes-or-no question and what is asked of it: "Is the mayor guilty?"."""
    opening = re.match(
        r"^\W*(?:(?:so|and|but|y|pero)\W+)?(?:is|are|was|were|has|have|had|did|does|do|es|son|fue|fueron|está|están|ha|han)\s+(?P<rest>.*)",
        question,
        re.IGNORECASE,
    )
    if not opening:
        return ""
    rest = opening["rest"]
    cut = re.search(
        r"(?<!\w)(?:in|at|from|of|for|over|after|during|arrested|detained|held|charged|who|that|been|be|ever|found|en|de|del|por|tras|que|sido)(?!\w)",
        rest,
        re.IGNORECASE,
    )
    end = min(cut.start() if cut else len(rest), match.start() if (match := _VERDICT.search(rest)) else len(rest))
    return " ".join(words(rest[:end]))
