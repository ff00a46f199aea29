"""What the questions before name that a word pointing back may mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.following.clause import Clause, clause_of, tongue_of
from qa.answering.following.phrases import Part, Phrase, circumstances, phrases_in
from qa.answering.following.referents import Referent, Sort, is_doer, referents
from qa.answering.following.tongue import pattern
from qa.language.figures import kin
from qa.language.places import places_in
from qa.language.terms import stem, words
from qa.language.timeframes import time_phrases

LOOKED_BACK = 4
"""Questions that a word can point back over."""

_WHAT_WAS_SAID = pattern(r"(?P<verb>[\w]+)\s(?P<clause>(?:that|que)\s.+?)\W*$")
_BARE_GROUP = pattern(
    r"\b(?:that|whether|que|si)\s(?P<group>(?:los |las )?(?:[a-záéíóúñ-]+\s){0,2}?[a-záéíóúñ-]{3,}s)\s"
)
_NOUN = pattern(r"^(?:the|those|los|las) (\w+).*$")
_HELD = pattern(
    r"^(?:the|those|los|las) (?:\d+ )?"
    r"(?:suspects|detainees|defendants|(?:detenid|arrestad|imputad|acusad|condenad)[oa]s)\b"
)
_OF_GROUP = pattern(r"^the (?:names?|identit\w+|ages?|numbers?) of ")
_IN_YEAR = re.compile(r"^\s(in|en)\s((?:[^\W\d]+ )*\d{4})$")


def _clause(question: str) -> Clause | None:
    return clause_of(question, tongue_of(question))


def person(before: Sequence[str]) -> str | None:
    """Who "he" or "she" is: an official or somebody called by name, else the one who was asked for."""
    for question in reversed(before[-LOOKED_BACK:]):
        clause = _clause(question)
        found = [one for one in referents(question) if one.sort is Sort.PERSON]
        if clause and (doer := clause.doer()) and not (found and found[0].text in clause.subject):
            return doer
        if found:
            return _in_full(question, found[0])
    return None


def thing(before: Sequence[str], *, does: bool = False) -> str | None:
    """What "it" is: what happened or what was made before who did it, unless it `does` what only somebody does."""
    for question in reversed(before[-LOOKED_BACK:]):
        found = [one for one in referents(question) if one.sort is Sort.THING]
        named = [one for one in phrases_in(question) if one.part in (Part.EVENT, Part.LAW)]
        doers = [one for one in found if is_doer(one)]
        if does and doers:
            return doers[0].text
        holding = [one for one in found if any(name.text in one.text for name in named)]
        made = holding or [one for one in found if not is_doer(one)]
        if made:
            return _in_full(question, made[0])
        if named or doers:
            return named[0].text if named else doers[0].text
    return None


def group(before: Sequence[str], *, does: bool = False, persons: bool = False) -> str | None:
    """Who "they" are: those who were asked for or counted, else a group that is named; only `persons` where those are.

    Arrests were counted: then the persons are those arrested.
    """
    for question in reversed(before[-LOOKED_BACK:]):
        found = [
            one for one in referents(question) if one.sort is Sort.GROUP or one.head in ("police", "guardia", "policia")
        ]
        if does:
            if doers := [one for one in found if is_doer(one)]:
                return doers[0].text
        elif (clause := _clause(question)) and (people := clause.people()):
            if not persons or kin(_NOUN.sub(r"\1", people)) == "people" or _HELD.match(people):
                return people
            if kin(_NOUN.sub(r"\1", people)) == "arrest":
                arrested = "las personas arrestadas" if people.startswith("l") else "the people arrested"
                return " ".join((arrested, *circumstances(question)))
            continue
        if found:
            return _OF_GROUP.sub("", _in_full(question, found[0]))
        if match := _BARE_GROUP.search(question):
            return match["group"]
    return None


def said(before: Sequence[str], follow_up: str) -> str | None:
    """What "it" is where something was said, proposed or decided before, and this question asks about that."""
    stems = {stem(word) for word in words(follow_up)}
    for question in reversed(before[-LOOKED_BACK:]):
        match = _WHAT_WAS_SAID.search(question)
        if match and stem(match["verb"]) in stems:
            return match["clause"]
    return None


def part(before: Sequence[str], which: Part) -> Phrase | None:
    """The last place or time that was named."""
    for question in reversed(before[-LOOKED_BACK:]):
        if found := [one for one in phrases_in(question) if one.part is which]:
            return found[-1]
    return None


def same_head(before: Sequence[str], head: str) -> str | None:
    """What was called by the same noun: "that directive"."""
    for question in reversed(before[-LOOKED_BACK:]):
        for one in referents(question):
            if stem(one.head) == stem(head):
                return _in_full(question, one)
    return None


def _in_full(question: str, one: Referent) -> str:
    """With what was done to it, where and when, as it stands right behind it, unless its own name is enough."""
    text = re.sub(r"^(?:a|an|his|her|its|their)\s", "the ", one.text)
    if one.named:
        return text
    more, told = "", circumstances(question)
    if one.sort is Sort.THING:
        told = [text for text in told if places_in(text) or time_phrases(text)]
    after = question[one.span.end :]
    if one.sort is Sort.GROUP and (done := re.match(r"\s\w+(?:ed|[ai]d[oa]s)\b", after)):
        more, after = done.group(), after[done.end() :]
    for phrase in told:
        if after.startswith(f" {phrase}"):
            more, after = f"{more} {phrase}", after[len(phrase) + 1 :]
            if one.sort is not Sort.GROUP:
                break
    if one.sort is Sort.PERSON:
        more = _IN_YEAR.sub(lambda match: f" {'of' if match[1] == 'in' else 'de'} {match[2]}", more)
    return f"{text}{more}"
