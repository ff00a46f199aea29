"""Where the parts of an English question begin and end: what asks, its noun, its verb."""

from __future__ import annotations

import re

from qa.answering.following.english_words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    BEFORE_NOUNS,
    DO,
    HAVE,
    MODAL,
    PREPOSITIONS,
    PRONOUNS,
    TIME_NOUNS,
    plain,
)
from qa.answering.following.verbs import is_base, is_participle, is_past, is_third
from qa.language.numbers import is_number

LEAD = re.compile(
    r"(?P<lead>(?:(?:in|at|from|by|to|on|for|since|until|with|of|about|under|during|against)\s+)?"
    r"(?:how\s+(?:many|much)(?=\s+of\b)|how\s+(?:many|much|long|often|old|big|large|far|soon)|how\s+come|which|whose|whom"
    r"|what(?:\s+(?:else|exactly))?|who(?:\s+else)?|when|where|why|how))(?![\w'’])\s*",
    re.IGNORECASE,
)
TAKES_NOUN = re.compile(r"(?:how (?:many|much)|which|whose|what)$", re.IGNORECASE)
COUNTS = re.compile(r"how (?:many|much)$", re.IGNORECASE)
BINDS = re.compile(r"(?:in|at|from|by|to|on|for|since|until|with|of|about|under|during|against)\s", re.IGNORECASE)
ASKS_DEGREE = re.compile(r"how (?:much|old|big|large|far|soon|often)$", re.IGNORECASE)
STANDS_FOR_PERSONS = re.compile(r"^(?:who|whom)\b", re.IGNORECASE)
_DESCRIBED = 5
"""Words among which the verb follows a noun that a participle describes: "the people arrested in Spain were"."""


def second_participle(tokens: list[str], first: int) -> int:
    """Where the verb is after a participle that only tells who is meant: "the people arrested in Spain convicted"."""
    for at in range(first + 1, len(tokens)):
        if is_participle(plain(tokens[at])) and plain(tokens[at - 1]) not in PREPOSITIONS | {"and", "or"}:
            return at
    return 0


def noun_end(tokens: list[str]) -> int:
    """How many words the noun beside a question word has: up to the verb."""
    for at, token in enumerate(tokens):
        word = plain(token)
        if word in AUXILIARIES and (at or word not in ("might", "may", "can", "will")):
            return at
        following = plain(tokens[at + 1]) if at + 1 < len(tokens) else ""
        if at and word in PREPOSITIONS and following and not _further_verb(tokens[at:]):
            return at
        window = len(tokens) if plain(tokens[0]) == "of" else _DESCRIBED
        tells = is_past(word) or (at and word.endswith("s") and is_third(word))
        if tells and not token[:1].isupper() and (at == 0 or not _further_auxiliary(tokens[at : at + window])):
            return at
    return len(tokens)


def _further_auxiliary(tokens: list[str]) -> bool:
    """Whether a participle only describes: "the people arrested in Spain were"."""
    return any(plain(token) in BE | HAVE for token in tokens[1:])


def _further_verb(tokens: list[str]) -> bool:
    return any(plain(token) in AUXILIARIES or is_past(plain(token)) for token in tokens[1:])


def is_subject(lead: str, noun: str, auxiliary: str, rest: str) -> bool:
    if not TAKES_NOUN.search(lead) and not re.fullmatch(r"(?:who|what)(?: else| exactly)?", lead, re.IGNORECASE):
        return False
    if BINDS.match(lead):
        return False
    if not auxiliary:
        first = plain(rest.split()[0])
        return is_past(first) or (first.endswith("s") and first not in PREPOSITIONS) or is_base(first)
    first = rest.split()[0] if rest else ""
    if auxiliary in DO or not first:
        return False
    if noun and plain(noun) in TIME_NOUNS:
        return False
    word = plain(first)
    nominal = word in BEFORE_NOUNS | PRONOUNS or first[:1].isupper() or is_number(word) or first.endswith(("'s", "’s"))
    if nominal:
        return False
    if is_participle(word) or word in PREPOSITIONS | ADVERBS or word.endswith("ing"):
        return True
    if auxiliary in MODAL:
        return is_base(word)
    tokens = [plain(word) for word in rest.split()]
    return not any(map(is_participle, tokens[1:4]))
