"""Spanish words by what they do in a question, and where its parts begin and end."""

from __future__ import annotations

import re

from qa.answering.following.tongue import word_set
from qa.language.terms import fold

PREPOSITION = r"(?:a|de|en|por|desde|hasta|para|con|según|sobre|contra|durante|bajo)"
LEAD = re.compile(
    rf"(?P<lead>(?:{PREPOSITION}\s+)?(?:por qu[ée]|qu[ée]|qui[ée]n(?:es)?|cu[áa]ndo|a?d[óo]nde|c[óo]mo|cu[áa]nto tiempo"
    r"|cu[áa]nt[oa]s?|cu[áa]l(?:es)?)(?:\s+más)?)(?!\w)\s*",
    re.IGNORECASE,
)
COUNTS = re.compile(r"cuant[oa]s$")
TAKES_NOUN = re.compile(r"(?:cuant[oa]s?|que|cual(?:es)?)$")
BE = word_set("es son era eran fue fueron ha han habia habian sido esta estan estaba estaban")
THERE_IS = word_set("hay hubo habia habra")
SPEAKS = word_set("dijo dice dijeron dicen conto cuenta informo informa publico publica opino opina piensa")
INTRANSITIVE = word_set("paso ocurrio sucedio pasa ocurre sucede empezo comenzo termino acabo nacio entro")
VERBS = word_set("""
    es son era eran fue fueron ha han habia habian esta estan estaba estaban hay hubo hizo hicieron dijo dijeron
    tuvo tuvieron puso pusieron dio dieron vio vieron quiso quisieron pidio supo pudo pudieron vino vinieron
    trajo propuso propusieron dice dicen dirige dirigen dura duran lleva llevan obliga obligan preve tiene
    tienen propone proponen sigue siguen pide piden quiere quieren exige exigen apoya apoyan puede pueden debe
    deben cuesta abarca alcanza significa depende ocurre pasa existe existen afecta regula permite preside
    """)
ENDS_VERB = re.compile(r"[^\W\d_]{2,}(?:ó|aron|ieron|yeron|ió|aba|aban)$")
ENDS_PARTICIPLE = re.compile(
    r"[^\W\d_]{2,}(?:[ai]d|hech|dich|puest|abiert|escrit|vist|muert|rot)[oa]s?$|^(?:hech|dich|puest)[oa]s?$"
)
LONG_NOUN = 8
"""Words of a noun beyond which there is a clause inside it, that can't be turned about."""
CLITICS = word_set("se lo la los las le les no ya")
STOPS = word_set("en a al de del por para con desde hasta contra según sobre tras durante ante entre que cuando donde")
ARTICLES = re.compile(r"(?:el|la|los|las|un|una|unos|unas|su|sus|ese|esa|este|esta)\s", re.IGNORECASE)


def plain(word: str) -> str:
    return fold(word.strip(",;:.!?\"'“”‘’()¿¡"))


def is_verb(token: str) -> bool:
    word = token.strip(",;:.¿?").lower()
    return plain(word) in VERBS or (bool(ENDS_VERB.match(word)) and not token[:1].isupper())


def is_participle(token: str) -> bool:
    return bool(ENDS_PARTICIPLE.match(token.strip(",;:.¿?").lower()))


def verb_begins(tokens: list[str]) -> bool:
    """Whether a verb stands here, with the small words before it: "se", "lo", "no"."""
    if plain(tokens[0]) == "se":
        return len(tokens) > 1
    at = next((at for at, token in enumerate(tokens) if plain(token) not in CLITICS), len(tokens))
    return at < len(tokens) and is_verb(tokens[at])


def verb_end(tokens: list[str]) -> int:
    end = 1
    while end < len(tokens) and plain(tokens[end - 1]) in CLITICS:
        end += 1
    if plain(tokens[end - 1]) in BE:
        while end < len(tokens) and (is_participle(tokens[end]) or tokens[end] == "siendo"):
            end += 1
    return end


def is_subject(lead: str, noun: str, verb: str, rest: str) -> bool:
    if re.match(rf"{PREPOSITION}\s", lead) or lead == "cuanto tiempo":
        return False
    if lead.startswith("quien"):
        return True
    if not noun:
        return False
    plural = noun.split()[-1].endswith("s") or noun.startswith("de ")
    several = verb.split()[0].endswith("n") or verb.split()[0] in THERE_IS
    if plural and not several:
        return False
    return (
        is_participle(verb.split()[-1])
        or not rest
        or (not ARTICLES.match(rest) and not rest[:1].isupper())
        or plain(verb) in ("fundaron", "piden", "apoyan")
    )


def article(lead: str, noun: str) -> str:
    ends = fold(lead)[-2:]
    if ends in ("os", "as"):
        return {"os": "los", "as": "las"}[ends]
    head = fold(noun.split()[0])
    feminine = head in ("ley", "red", "leyes", "redes") or head.removesuffix("s").endswith(
        ("a", "cion", "cione", "dad", "dade", "sion")
    )
    return ("las" if feminine else "los") if head.endswith("s") else ("la" if feminine else "el")


def how_many(noun: str) -> str:
    return "cuántas" if article("", noun.removeprefix("de las ").removeprefix("de los ")) == "las" else "cuántos"
