"""What "it", "he" and "they" may stand for: the persons, groups and things that a question names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from qa.answering.following.english_clause import EnglishClause
from qa.answering.following.offices import is_office
from qa.answering.following.tongue import word_set
from qa.answering.following.verbs import is_participle
from qa.domain.archive import Span
from qa.language.event_names import event_names
from qa.language.places import places_in
from qa.language.terms import fold
from qa.language.timeframes import time_phrases


class Sort(StrEnum):
    """By what pronoun it may be meant."""

    PERSON = "person"
    GROUP = "group"
    THING = "thing"
    TERRITORY = "territory"


@dataclass(frozen=True, slots=True)
class Referent:
    """Somebody or something that a text names at `span`; `named` is whether by a name of its own."""

    sort: Sort
    span: Span
    text: str
    head: str
    named: bool


_GROUPS = word_set("police people media guardia policia gendarmeria")
_BODIES = word_set("""
    court council parliament commission ministry government police union association agency institute congress
    senate tribunal juzgado consejo parlamento comision ministerio gobierno policia guardia asociacion agencia
    congreso senado supremo audiencia broadcaster newspaper times pais network body company bank office
    """)
"""Heads of names that do things, but are no persons."""
_ARTICLES = word_set("the a an this that these those his her its their el la los las un una este esta ese esa")
_ENDS = word_set("""
    in at on from to for by with about under over during after before since until against between near into
    through across as per than via without within is are was were be been has have had do does did will would
    can could should must may might and or but if that which who whom whose when where why how while because not
    also still already it he she they them him there then now today currently ahora hoy forward up out off down
    back away invalid void illegal unlawful valid guilty so yet ever so what said says say en a al por para con
    desde hasta contra según sobre tras durante ante entre que quien cuando donde como y o e u pero si no es son
    era eran fue fueron ha han había hay hubo está están se lo le les su sus ya aún todavía más
    """)
_OF = word_set("of de del behind")
_ARTICLE_LENGTH = 4
_TOKEN = re.compile(r"[\w][\w'’./-]*\w|\w")
_OPENS_QUESTION = re.compile(
    r"^\W*(?:(?:and|but|y)\s)?(?:who|whom|whose|what|which|when|where|why|how|did|does|do|is|are|was|were|has|have|had|can|could"
    r"|will|would|should|tell|qui[eé]n(?:es)?|qu[eé]|cu[aá]l(?:es)?|cu[aá]ndo|d[oó]nde|c[oó]mo|cu[aá]nt[oa]s?|fue|fueron|hubo|es|son"
    r"|in|at|on|by|from|for|since|until|en|desde|por|según|according)(?!\w)",
    re.IGNORECASE,
)


def referents(text: str) -> list[Referent]:
    """What a text names, in order."""
    dates = time_phrases(text)
    tokens = [one for one in _TOKEN.finditer(text) if not any(day.start <= one.start() < day.end for day in dates)]
    if opens := _OPENS_QUESTION.match(text):
        tokens = [one for one in tokens if one.start() >= opens.end()]
    return list(_phrases(text, tokens, _verb(text)))


def _verb(text: str) -> int:
    """Where the verb of an English question begins, that its subject ends before; -1 where that can't be told."""
    clause = EnglishClause.of(text)
    parts = clause.split() if clause else None
    return text.find(f"{parts[0]} {parts[1]}") + len(parts[0]) + 1 if parts and f"{parts[0]} {parts[1]}" in text else -1


def _phrases(text: str, tokens: list[re.Match[str]], verb: int) -> Iterator[Referent]:
    at = 0
    while at < len(tokens):
        word = tokens[at].group()
        if not (word.lower() in _ARTICLES or word[:1].isupper() or _owns(word)):
            at += 1
            continue
        end = _phrase_end(text, tokens, at, verb)
        if end > at and (end - at > 1 or word.lower() not in _ARTICLES):
            yield _referent(text, tokens[at:end])
        at = max(end, at + 1)


def _phrase_end(text: str, tokens: list[re.Match[str]], start: int, verb: int) -> int:
    """The first word behind a phrase; what stands between its words is white space alone."""
    at = start
    while at < len(tokens):
        word = tokens[at].group()
        plain = word.lower()
        if at > start and not text[tokens[at - 1].end() : tokens[at].start()].isspace():
            break
        if at > start and plain in _OF and at + 1 < len(tokens):
            at += 1
            continue
        inner_article = plain in _ARTICLES and at > start and tokens[at - 1].group().lower() in _OF
        if at > start and (plain in _ENDS or (plain in _ARTICLES and not inner_article)):
            break
        if tokens[at].start() == verb or (at > start + 1 and is_participle(plain) and not word[:1].isupper()):
            break
        at += 1
    while at > start and tokens[at - 1].group().lower() in _OF | _ARTICLES:
        at -= 1
    return at


def _referent(text: str, tokens: list[re.Match[str]]) -> Referent:
    span = Span(tokens[0].start(), tokens[-1].end())
    phrase = text[span.start : span.end]
    words = [token.group() for token in tokens if token.group().lower() not in _ARTICLES]
    core = words[: next((at for at, word in enumerate(words) if word.lower() in _OF and at), len(words))]
    spanish = bool(re.match(r"(?:el|la|los|las|un|una|est[ea]|es[ea])\s", phrase, re.IGNORECASE))
    head = fold((core[0] if spanish else core[-1]).removesuffix("'").removesuffix("’"))
    named = all(word[:1].isupper() or word.lower() in _OF or word[0].isdigit() for word in words)
    return Referent(_sort(phrase, core, head, named=named), span, phrase, head, named)


def _sort(phrase: str, core: list[str], head: str, *, named: bool) -> Sort:
    if named and any(span.end == len(phrase) and span.start <= _ARTICLE_LENGTH for span, _ in places_in(phrase)):
        return Sort.TERRITORY
    plural = head.endswith("s") and not head.endswith(("ss", "us", "is"))
    if event_names(phrase) and (named or not plural):
        return Sort.THING
    folded = {fold(word) for word in core}
    if is_office(head) or (
        named and len(core) > 1 and not folded & (_BODIES | _GROUPS) and all(map(str.isalpha, core))
    ):
        return Sort.PERSON
    if head in _GROUPS or (not named and plural):
        return Sort.GROUP
    return Sort.THING


def is_doer(one: Referent) -> bool:
    """Whether it is somebody who says and decides: an official, a body, a country."""
    return (
        one.sort in (Sort.PERSON, Sort.TERRITORY)
        or one.head in _BODIES | _GROUPS
        or (one.named and one.sort is Sort.THING and not event_names(one.text) and not re.search(r"\d", one.text))
    )


def _owns(word: str) -> bool:
    return word.endswith(("'s", "’s"))
