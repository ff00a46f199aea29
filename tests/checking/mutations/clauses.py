"""Whole clauses altered: who says it, why it happened, what is quoted, and what else happened."""

from __future__ import annotations

import re

from tests.checking.mutations.said import Alterations, Said, tidy, words_of
from tests.checking.pairs import drawn
from tests.checking.restating_tables import OPENERS, REPORTING

_NAME = r"[^\s,;:]+(?: [^\s,;:]+){0,6}?"
_REPORTING = {
    "en": f"(?:{REPORTING['en']}|states|stated|writes|announced|told reporters)",
    "es": f"(?:{REPORTING['es']}|advierte)",
}
_SPEAKERS = {
    "en": ["the Justice Ministry", "the prosecutor's office", "a court spokesman", "the opposition"],
    "es": ["el Ministerio de Justicia", "la Fiscalía", "un portavoz judicial", "la oposición"],
}
_ATTRIBUTIONS = {
    "en": [
        rf"^(?P<lead>According to )(?P<who>{_NAME})(?P<tail>, )(?P<said>.+)$",
        rf"^(?P<who>(?:[Tt]he |[Aa]n? )?{_NAME}) (?P<tail>{_REPORTING['en']} (?:that )?)(?P<said>(?!that|who).+)$",
        r"^(?P<said>.+), (?P<lead>according to )(?P<who>[^,;:]+)\.$",
        rf"^(?P<said>.+), (?P<who>{_NAME}) (?P<tail>{_REPORTING['en']})\.$",
    ],
    "es": [
        rf"^(?P<lead>(?:Según|De acuerdo con) )(?P<who>{_NAME})(?P<tail>, )(?P<said>.+)$",
        rf"^(?P<who>(?:[Ee]l |[Ll]a )?{_NAME}) (?P<tail>{_REPORTING['es']} (?:de )?que )(?P<said>.+)$",
        r"^(?P<said>.+), (?P<lead>(?:según|de acuerdo con) )(?P<who>[^,;:]+)\.$",
        rf"^(?P<said>.+), (?P<tail>{_REPORTING['es']} )(?P<who>{_NAME})\.$",
    ],
}  # fmt: skip


def altered_attribution(said: Said) -> Alterations:
    """The attribution taken away, where it is the only one, or given to somebody else."""
    for form in _ATTRIBUTIONS[said.language]:
        match = re.match(form, said.text)
        if match is None or re.search(r"\b(?:that|which|who|que)\b", match["who"]) or len(match["said"]) < 15:
            continue
        if not _attributed(match["said"], said.language):
            yield "taken away", tidy(match["said"].rstrip(".") + ".")
        speakers = [one for one in _SPEAKERS[said.language] if not set(words_of(one)[1:]) & _around(said)]
        for speaker in speakers[: 2 if match.start("who") else 1]:
            yield "somebody else's", said.with_words(match.start("who"), match.end("who"), speaker)


def _attributed(text: str, language: str) -> bool:
    verbs = _REPORTING[language]
    return re.search(rf"\b{verbs}\b|[Aa]ccording to|[Ss]egún|\baccount\b|as saying", text) is not None


def _around(said: Said) -> set[str]:
    return said.known_words.union(words_of(said.before))


_CAUSES = {
    "en": [
        ", because of a change in the law", " as a result of pressure from parents",
        ", which led to new rules for newspapers", " owing to a lack of money", ", because the law had been repealed",
    ],
    "es": [
        " a causa de un cambio de la ley", " como consecuencia de las protestas",
        ", lo que llevó a aprobar nuevas normas",
        " por falta de dinero", ", porque la ley había sido derogada",
    ],
}  # fmt: skip
_CAUSAL = {
    "en": r"\b(?:because|as a result|le(?:d|ads) to|cause[ds]|due to|owing to|thanks to|therefore|so that)\b|, so\b",
    "es": r"\b(?:porque|a causa|como consecuencia|llevó a|gracias a|debido a|por eso|por lo que|a raíz)\b",
}
_IN_TIME = {
    "en": [
        (r", after (?=a |an |the |his |her )", ", because of "), (r", while (?=\w)", ", because "),
        (r", when (?=\w)", ", because "), (r"; (?=[a-z])", " because "), (r"\bAfter (?=a |an |the )", "Because of "),
        (r", and (?=(?:the|it|he|she|they) [a-z]+ )", ", because "), (r"\bfollows (?=a )", "was caused by "),
        (r", but (?=(?:the|it|he|she|they|lawyers) )", ", because "), (r", although (?=\w)", ", because "),
    ],
    "es": [
        (r"\b[Tt]ras (?=\d|un|una|el|la)", "a causa de "), (r", y (?=(?:el|la|los|las) \w+ )", ", porque "),
        (r", mientras que ", ", porque "), (r"; (?=[a-z])", ", porque "), (r", pero ", ", porque "),
        (r", aunque ", ", porque "),
    ],
}  # fmt: skip


def added_cause(said: Said) -> Alterations:
    """A cause where the sources have none: of what only came later or beside it, or one that nobody gave."""
    language = said.language
    if re.search(_CAUSAL[language], said.known, re.IGNORECASE):
        return
    for pattern, other in _IN_TIME[language]:
        for match in re.finditer(pattern, said.text):
            if other.strip().endswith("because") and match.group().startswith(", after"):
                continue
            yield "of what is only beside it", said.with_words(match.start(), match.end(), other)
    cause = _CAUSES[language][drawn(said.text, of=len(_CAUSES[language]))]
    yield "one that nobody gave", _appended(said.text, cause)


_CLAUSES = {
    "en": [
        ", and the minister resigned", ", and the trial will begin next spring", ", and three officers were dismissed",
        ", which the government called a scandal", ", and a fine was paid", ", at a cost of two million euros",
        ", and the case was then closed", ", to the surprise of experts", ", for the first time in history",
    ],
    "es": [
        ", y el ministro dimitió", ", y el juicio empezará la próxima primavera", ", y tres agentes fueron cesados",
        ", lo que el Gobierno calificó de escándalo", ", y se pagó una multa",
        ", con un coste de dos millones de euros",
        ", y después se archivó el asunto", ", para sorpresa de los expertos", ", por primera vez en la historia",
    ],
}  # fmt: skip


def invented_clause(said: Said) -> Alterations:
    """Something that no source says, at the end."""
    clauses = _CLAUSES[said.language]
    first = drawn(said.text, of=len(clauses))
    for step in (0, 4):
        clause = clauses[(first + step) % len(clauses)]
        if len(set(words_of(clause)) - said.known_words) >= 2:
            yield "invented", _appended(said.text, clause)


def _appended(text: str, clause: str) -> str:
    """Before the full stop; an attribution at the end moves to the front, so as not to cover what is appended."""
    return f"{text[:-1]}{clause}." if text.endswith(".") else f"{text}{clause}."


_IN_QUOTES = re.compile(r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»")
_REPLACED = {"en": ["unlawful", "serious", "temporary"], "es": ["ilegal", "grave", "temporal"]}


def altered_quotes(said: Said) -> Alterations:
    """A word inside quotation marks replaced or left out."""
    for match in _IN_QUOTES.finditer(said.text):
        inside = next(group for group in match.groups() if group is not None)
        start = match.start() + 1
        words = [one for one in re.finditer(r"\w{4,}", inside) if one.group().casefold() not in OPENERS]
        for word in words[:2]:
            other = _REPLACED[said.language][drawn(said.text + word.group(), of=3)]
            if other not in said.known_words:
                yield "word replaced", said.with_words(start + word.start(), start + word.end(), other)
        if len(words) > 2:
            middle = words[len(words) // 2]
            at, to = start + middle.start(), start + middle.end()
            yield "word left out", tidy(said.text[:at] + said.text[to:])
