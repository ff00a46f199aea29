"""Who does it: "A accused B" isn't "B accused A", and what was run by one wasn't run by the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.checking.finding import Finding
from qa.answering.checking.names import capitals
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word

_LINKS = (" ", " of ", " of the ", " de ", " del ", " de la ", " de los ", "-", "’s ", "'s ")
_AND = re.compile(r",?\s(?:and|y|e|or)\s(?:the\s|by\s|por\s)?")
_BEFORE_VERB = re.compile(
    r"(?:,[^,;:.]{1,80},)?\s(?:(?:has|have|had|ha|han|había|also|then|now|later|already|again|both|he|she|se|le|les|lo|once|first|had then|\w+ly|\w+mente)\s)*(?P<verb>[\w-]+)"
)
_BY = re.compile(r"(?<!\w)(?P<verb>[\w-]+)(?:\s[\w-]+){0,6}?\s(?:by|por)\s(?:the |el |la |los |las )?$")
_PAST = re.compile(r"(?:ed|ó|ado|ido|ada|ida|ados|idos|adas|idas|aron|ieron)$")
_VERBS = frozenset(
    "beat won lost told gave sold bought led met held took made sent struck put paid sued hit left drew wrote fought brought"  # noqa: SIM905
    " ran run accuses blames quotes backs supports opposes began became saw found kept set cut shot caught taught given taken"
    " beaten written driven drawn built spent lent said says expects wants asks dijo hizo dio puso pidió".split()
)


@dataclass(frozen=True, slots=True)
class Act:
    """A verb and the names of those who do it."""

    verb: Word
    by: frozenset[str]


def agents(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Acts that the sources give to somebody else, whom or whose victim the sentence makes the doer."""
    theirs = [act for one in witnesses for act in acts(one.said)]
    for act in acts(sentence):
        same = [other for other in theirs if _one_act(act.verb, other.verb)]
        if same and not any(act.by & other.by for other in same):
            yield Finding(f"The sources give somebody else as the one who “{act.verb.text}”.")
            return


def _one_act(verb: Word, other: Word) -> bool:
    """Whether two verbs are one; kin is too loose to tell who does what."""
    return any(not key.startswith("=") for key in verb.keys & other.keys)


def acts(wording: Wording) -> list[Act]:
    """What named persons, bodies and countries do, by the words of a text."""
    groups = _groups(wording)
    by_start = {word.start: word for word in wording.words}
    found = []
    for first, last, labels in groups:
        match = _BEFORE_VERB.match(wording.lower, last)
        verb = by_start.get(match.start("verb")) if match else None
        if (
            verb
            and _is_verb(verb)
            and not re.match(r"(?:\s[\w-]+){0,6}?\s(?:by|por)\s[a-z]*\s?", wording.lower[verb.end :])
        ):
            found.append(Act(verb, labels))
        match = _BY.search(wording.lower[max(0, first - 80) : first])
        verb = by_start.get(max(0, first - 80) + match.start("verb")) if match else None
        if verb and _is_verb(verb):
            found.append(Act(verb, labels))
    return found


def _is_verb(word: Word) -> bool:
    return not word.is_capital and (bool(_PAST.search(word.text)) or word.folded in _VERBS)


def _groups(wording: Wording) -> list[tuple[int, int, frozenset[str]]]:
    """Names, those joined by "and" as one: where they begin and end, and what they are called."""
    groups: list[tuple[int, int, frozenset[str]]] = []
    for word in capitals(wording):
        labels = frozenset({word.folded, *(key for key in word.keys if key.startswith("@"))})
        gap = wording.text[groups[-1][1] : word.start] if groups else ""
        if groups and (gap in _LINKS or _AND.fullmatch(gap)):
            groups[-1] = (groups[-1][0], word.end, groups[-1][2] | labels)
        else:
            groups.append((word.start, word.end, labels))
    return groups
