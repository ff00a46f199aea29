"""Who does it and to whom it is done: "A accused B" isn't "B accused A"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.checking import markers
from qa.answering.checking.finding import Finding
from qa.answering.checking.names import capitals
from qa.answering.checking.stemming import IRREGULAR_VERBS
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word
from qa.domain.archive import Span

_LINKS = (" ", " of ", " of the ", " de ", " del ", " de la ", " de los ", "-")
_AND = re.compile(r",?\s(?:and|y|e|or)\s(?:the\s|by\s|por\s)?")
_NUMBERED = re.compile(r"\s\(?[\d/().]*\d/")
"""Between the words of "Directive 2006/24/EC"."""
_SKIPPED = frozenset(
    """
    has have had ha han había habían also then now later already again both he she se le les lo once first still not only yet
    """.split()  # noqa: SIM905
)
_TELLING = markers.any_of(rf"(?!blam|accus)(?:{markers.TELLING})")
_BE = frozenset(
    ["was", "were", "is", "are", "be", "been", "being", "fue", "fueron", "es", "son", "sido", "ser", "era", "eran"]
)
_ASIDE = re.compile(r",\s[^,;:.]{1,80},\s")
_BY = re.compile(r"(?:\s[\w-]+){0,6}?\s(?:by|por)\s(?!\d)")
_RIGHT_BY = re.compile(r"(?:\s\w+(?:ly|mente))?\s(?:by|por)\s(?!\d)")
_PAST = re.compile(r"(?:ed|ó|aron|ieron|ado|ido|ada|ida|ados|idos|adas|idas)$")
_VERBS = frozenset(
    """
    beat told set cut shot put hit accuses blames quotes backs supports opposes replaces succeeds expects wants asks says
    dijo hizo dio puso pidió
    """.split()  # noqa: SIM905
)
"""Verbs without an ending that tells, as far as no table of irregular ones has them."""
_DETERMINERS = frozenset(
    ["the", "a", "an", "its", "their", "his", "her", "el", "la", "los", "las", "un", "una", "su", "sus"]
)


NEAR = 4
"""Words with a meaning behind a verb that tell what it is done to."""


@dataclass(frozen=True, slots=True)
class Act:
    """A verb with the words for those who do it, and for those to whom it is done; either may be unknown."""

    verb: Word
    by: frozenset[str]
    to: frozenset[str]
    near: frozenset[str] = frozenset()
    """The words behind the verb: of two that say the same, they tell which one is meant."""


def agents(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Acts that the sources give to somebody else of whom they speak, or let be done to somebody else."""
    theirs = [act for one in witnesses for act in acts(one.said)]
    known = frozenset().union(*(one.said.keys for one in witnesses)) | _numbers(witnesses)
    for act in acts(sentence):
        same = [other for other in theirs if _one_act(act.verb, other.verb)]
        least = max((len(act.near & other.near) for other in same), default=0)
        akin = [other for other in theirs if act.verb.meets(other.verb) and len(act.near & other.near) >= least]
        for own, others, like in (
            (act.by, [one.by for one in same], [one.by for one in akin]),
            (act.to, [one.to for one in same], [one.to for one in akin]),
        ):
            if own and own & known and _differs(own, others) and not any(own & one for one in like):
                yield Finding(f"The sources have “{act.verb.text}” of somebody else.")
                return


def _differs(own: frozenset[str], others: Sequence[frozenset[str]]) -> bool:
    """Whether none of the others is the same; numbers are compared with numbers only."""
    kinds = [
        (frozenset(key for key in one if key.startswith("#") is number)) for number in (True, False) for one in (own,)
    ]
    for number, mine in zip((True, False), kinds, strict=True):
        like = [frozenset(key for key in one if key.startswith("#") is number) for one in others]
        if mine and all(like) and like:
            return not any(mine & one for one in like)
    return False


def _numbers(witnesses: Sequence[Witness]) -> frozenset[str]:
    return frozenset(f"#{one.value:g}" for own in witnesses for one in own.said.amounts if one.value is not None)


def _one_act(verb: Word, other: Word) -> bool:
    """Whether two verbs are one; kin is too loose to tell who does what."""
    return any(not key.startswith("=") for key in verb.keys & other.keys)


def acts(wording: Wording) -> list[Act]:
    """What is done by whom to whom, as far as the words right beside a verb tell."""
    groups = _groups(wording)
    told = {mark.start for mark in wording.marks(_TELLING)}
    names = frozenset().union(*(labels for _, _, labels in groups))
    found = []
    for at, word in enumerate(wording.words):
        if not _is_verb(word) or wording.in_date(word) or word.start in told:
            continue
        passive = any(one.folded in _BE for one in wording.words[max(0, at - 2) : at])
        right_by = _RIGHT_BY.match(wording.lower, word.end)
        reduced = right_by is not None and not _number_at(wording, right_by.end())
        by = _behind_by(wording, word) if passive or reduced else frozenset()
        subject, target = _subject(wording, at), _object(wording, word, groups)
        if passive or reduced:
            subject = frozenset(key for key in subject if key in names)
        near = _labels(wording.behind(Span(word.start, word.end), most=NEAR))
        if _CLITIC.search(wording.lower, 0, word.start):
            found.append(Act(word, target, frozenset(), near))
        elif passive or reduced:
            found.append(Act(word, by, subject if passive else frozenset(), near))
        else:
            found.append(Act(word, subject, target, near))
    return [act for act in found if act.by or act.to]


_CLITIC = re.compile(r"(?<!\w)(?:la|lo|las|los|le|les)\s$")
"""Right before a Spanish verb whose subject stands behind it."""


def _number_at(wording: Wording, place: int) -> bool:
    """Whether a number begins there: "by twelve votes to five" says not who did it."""
    return any(one.span.start == place for one in wording.amounts)


def _is_verb(word: Word) -> bool:
    past = bool(_PAST.search(word.text)) or word.folded in _VERBS or word.folded in IRREGULAR_VERBS
    return not word.is_capital and past and len(word.text) > 2


def _subject(wording: Wording, at: int) -> frozenset[str]:
    """The name or the noun that a verb follows, with what is set off by commas left out."""
    words = list(wording.words[:at])
    end = wording.words[at].start
    while words and words[-1].folded in _SKIPPED | _BE:
        end = words.pop().start
    if not words:
        return frozenset()
    gap = wording.text[words[-1].end : end]
    if gap.strip() == ",":
        aside = [match for match in _ASIDE.finditer(wording.text, 0, end) if match.end() == end]
        if not aside:
            return frozenset()
        return _phrase(wording, words, aside[0].start()) | _aside(wording, aside[0])
    return _phrase(wording, words, words[-1].end) if gap == " " else frozenset()


def _aside(wording: Wording, aside: re.Match[str]) -> frozenset[str]:
    """The name in "the minister, Ana Ruiz, said"; none in what tells more than a name."""
    inside = [word for word in wording.words if aside.start() <= word.start and word.end <= aside.end()]
    named = all(word.is_capital or word.folded in _DETERMINERS or not word.is_light for word in inside)
    return _labels(inside) if named else frozenset()


def _phrase(wording: Wording, words: Sequence[Word], end: int) -> frozenset[str]:
    """The words of the noun phrase that ends at a place; none where it is part of a list."""
    taken: list[Word] = []
    for word in reversed([word for word in words if word.end <= end]):
        gap = wording.text[word.end : end]
        if taken and word.folded in _AND_WORDS and any(one.is_capital for one in taken):
            return frozenset()  # a list, of which this is only the end
        if gap.strip() not in ("", "-") or len(taken) > 5:
            break
        if word.is_light and word.folded not in _INSIDE:
            if word.folded in _PREPOSITIONS:
                return frozenset()  # "the talks in Geneva ended": it wasn't Geneva that ended
            break
        if not word.is_capital and _is_verb(word):
            return frozenset() if not taken else _labels(taken)
        if word.folded not in _INSIDE or word.is_capital:
            taken.append(word)
        end = word.start
        if word.folded in _DETERMINERS and not wording.lower[: word.start].endswith((" of ", " de ")):
            break
    if not any(word.is_capital for word in taken) and not _begins_clause(wording, end):
        return frozenset()  # "the people arrested": not they did it
    return _labels(taken)


_CLAUSE_BEGIN = re.compile(r"(?:^|[.,;:]|(?<!\w)(?:and|but|that|while|which|y|pero|que|mientras))\s*$")


def _begins_clause(wording: Wording, place: int) -> bool:
    return bool(_CLAUSE_BEGIN.search(wording.lower[max(0, place - 12) : place]))


def _labels(words: Sequence[Word]) -> frozenset[str]:
    kept = [word for word in words if not word.is_light]
    return frozenset(key for word in kept for key in word.keys if not key.startswith("="))


_PREPOSITIONS = frozenset("in on near from to with by between among en con por entre desde sobre".split())  # noqa: SIM905
_AND_WORDS = frozenset(["and", "y", "e"])
_INSIDE = _DETERMINERS | frozenset(["of", "de", "del", "s", "for", "at"])


def _object(wording: Wording, verb: Word, groups: Sequence[Group]) -> frozenset[str]:
    """The names or the number in the noun phrase right behind a verb."""
    found: frozenset[str] = frozenset()
    end = verb.end
    for first, last, labels in groups:
        if first < verb.end:
            continue
        between = wording.text[end:first]
        if len(between.split()) > (3 if found else 5) or _OBJECT_ENDS.search(between):
            break
        found, end = found | labels, last
    return found


_OBJECT_ENDS = re.compile(
    r"[.,;:]|\b(?:that|and|but|que|y|pero|in|on|at|from|en|with|for|after|of|he|she|it|they|would|will|could|may|to|by|por|had|has|was|were)\b"
)
Group = tuple[int, int, frozenset[str]]
"""Where a name or a number begins and ends, and what it is called."""


def _behind_by(wording: Wording, verb: Word) -> frozenset[str]:
    """The words of the noun phrase behind "by"."""
    match = _BY.match(wording.lower, verb.end)
    if match is None or _number_at(wording, match.end()):
        return frozenset()
    taken: list[Word] = []
    end = match.end()
    for word in wording.words:
        if word.start < match.end():
            continue
        gap = wording.text[end : word.start]
        if gap.strip() not in ("", "-") or len(taken) > 6 or (word.is_light and word.folded not in _INSIDE):
            break
        if not word.is_capital and _is_verb(word):
            break
        taken.append(word)
        end = word.end
    if _LISTED.match(wording.lower, end):
        taken += [word for word in capitals(wording) if word.start >= end]
    return _labels(taken)


_LISTED = re.compile(r"(?:,| and | y )[^.;:]*(?:,| and | y )")
"""Behind the first of several who did it: which of the names that follow still belong to them, no rule here tells."""


def _groups(wording: Wording) -> list[Group]:
    """Names, those joined by "and" as one, and numbers of things: where they begin and end, and what they are called."""
    groups: list[Group] = []
    for word in capitals(wording):
        labels = frozenset({word.folded, *(key for key in word.keys if key.startswith("@"))})
        gap = wording.text[groups[-1][1] : word.start] if groups else ""
        if groups and (gap in _LINKS or _AND.fullmatch(gap) or _NUMBERED.fullmatch(gap)):
            groups[-1] = (groups[-1][0], word.end, groups[-1][2] | labels)
        else:
            groups.append((word.start, word.end, labels))
    numbers = [
        (one.span.start, one.span.end, frozenset({f"#{one.value:g}"}))
        for one in wording.amounts
        if one.value is not None and not one.unit and one.value >= 2 and not one.bound
    ]
    return sorted([*groups, *numbers], key=lambda group: group[0])
