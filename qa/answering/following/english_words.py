"""English words by what they do in a sentence, and the shapes of its phrases."""

from __future__ import annotations

import re

from qa.answering.following.tongue import word_set
from qa.answering.following.verbs import is_base, is_participle
from qa.language.numbers import is_number
from qa.language.terms import word_matches

BE = word_set("is are am was were isn't aren't wasn't weren't")
HAVE = word_set("has have had")
DO = word_set("do does did")
MODAL = word_set("will would can could should must may might shall")
AUXILIARIES = BE | HAVE | DO | MODAL
BEFORE_NOUNS = word_set("the a an this that these those its their his her our any some no all each every")
PREPOSITIONS = word_set(
    "in at on from to of for by with about behind under over during after before since until against between near into"
    " through across as per than via without within"
)
WITH_NOUNS = word_set("of behind about on against between")
"""Prepositions that mostly tell which thing is meant, not where or when something was done to it."""
INTRANSITIVE = word_set(
    "come go happen occur fall rise sit stand live die participate vote abstain complain agree travel return become be"
)
PARTICLES = word_set(
    "forward up out off down back away over invalid void illegal unlawful legal valid guilty open closed"
)
"""What goes with a verb and stands behind its object: "put the plan forward", "declare the law invalid"."""
ADVERBS = word_set("not also still first already ever so far been being finally really only originally")
PRONOUNS = word_set("it he she they we you i there anyone anybody someone somebody everyone nobody")
CLAUSE_OPENERS = word_set("that which who whom whose when where why how whether if because while")
TIME_NOUNS = word_set("year years month months day days week weeks hour hours time date")


def plain(word: str) -> str:
    return word.strip(",;:.!?\"'“”‘’()").lower()


def ends_object(tokens: list[str], at: int) -> bool:
    """Whether the object of a verb ends here: before a preposition but "of" and those that tell which one."""
    word = plain(tokens[at])
    return word in PREPOSITIONS - WITH_NOUNS or word in ("last", "yesterday", "worldwide", "abroad", "there")


def with_object(predicate: str, thing: str) -> str:
    """The object behind its verb, or before the verb of a clause of its own: "say people were detained"."""
    tokens = predicate.split()
    inner = next((at for at, word in enumerate(tokens) if at and plain(word) in BE | HAVE), 0)
    if inner:
        return " ".join((*tokens[:inner], thing, *tokens[inner:]))
    at = 1
    while at < len(tokens) and (plain(tokens[at]) in ("or", "and") or is_base(plain(tokens[at]))):
        at += 1
    if at < len(tokens) and at == len(tokens) - 1 and plain(tokens[at]) in PREPOSITIONS:
        at += 1
    return " ".join((*tokens[:at], thing, *tokens[at:]))


def is_plural(noun: str) -> bool:
    tokens, ends = noun.split(), PREPOSITIONS | CLAUSE_OPENERS
    head = " ".join(tokens[: next((at for at, word in enumerate(tokens) if at and plain(word) in ends), len(tokens))])
    words = [match.group().lower() for match in word_matches(head)]
    while len(words) > 1 and is_participle(words[-1]):
        words.pop()
    if " and " in f" {head} ":
        return True
    return bool(words) and (
        words[-1] in ("people", "police", "men", "women", "children", "media")
        or (words[-1].endswith("s") and not words[-1].endswith(("ss", "us", "is", "'s", "’s")))
        or (is_number(words[0]) and words[0] not in ("one", "1"))
    )


def is_bare_plural(subject: str) -> bool:
    first = plain(subject.split()[0]) if subject else ""
    bare = first not in BEFORE_NOUNS - {"any", "some"} and not subject[:1].isupper()
    return (bare and is_plural(subject)) or first in ("anyone", "anybody", "someone", "somebody")


def somebody(subject: str) -> str:
    """What a question calls anyone, a statement calls someone."""
    changed = re.sub(r"^any(?=one\b|body\b)", "some", subject)
    return re.sub(r"^any\s", "", changed)


def asked(words: str, auxiliary: str, rest: str) -> str:
    return f"{capital(words)} {auxiliary} {rest}?"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
