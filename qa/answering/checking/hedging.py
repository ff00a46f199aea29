"""What the sources hold possible, expect, allege or plan isn't told as a fact, nor a fact as a rumour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.checking import markers
from qa.answering.checking.finding import Finding
from qa.answering.checking.speakers import speakers
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word
from qa.domain.archive import Span

_HEDGES = {name: markers.any_of(form) for name, form in markers.HEDGES.items()}
_RESOLVED = markers.any_of(markers.RESOLVED)
_CONDITIONAL = re.compile(r"would|\w+ría[n]?|await\w*|yet to|still to|subject to")
_BY_ENDING = re.compile(r"\w+(?:rá|rán|ría|rían)")
_OPEN = markers.any_of(markers.OPEN_DOUBT)
_MODAL = re.compile(r"may|podr(?:ía|á)n?|pueden?")
"""Words for what may be, and for what somebody may do."""
_PERMITTING = markers.any_of(
    r"lets?|allow\w*|permit\w*|authori[sz]\w*|empower\w*|entitle[sd]?|free to|the (?:power|right) to|can"
    r"|autori\w+|faculta\w*|derecho a|puede[n]?"
)
HELD = 7
"""Words with a meaning behind a hedge that it may be said of."""
_WORDS = {
    "doubt": "The sources hold it possible, or expect it; they don't report it as a fact: “{}”.",
    "alleged": "The sources report it as a suspicion: “{}”.",
    "plan": "The sources report it as a proposal or a plan: “{}”.",
    "future": "The sources report it as still to come: “{}”.",
}


def hedging(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Hedges that are left out, and doubts that are added."""
    own = {name for name, pattern in _HEDGES.items() if pattern.search(sentence.lower)}
    if _PERMITTING.search(sentence.lower):
        own.add("leave")
    resolved = [mark.end for mark in sentence.marks(_RESOLVED)]
    for one in witnesses:
        for name, pattern in _HEDGES.items():
            for mark in one.said.marks(pattern):
                as_plan = (
                    _resolves(sentence, one.said, mark, resolved)
                    and name in ("plan", "future")
                    and not _CONDITIONAL.fullmatch(one.said.lower, mark.start, mark.end)
                )
                if "leave" in own and _MODAL.fullmatch(one.said.lower, mark.start, mark.end):
                    continue
                if not as_plan and not own & set(markers.MILDER[name]) and _tells(sentence, one.said, mark, witnesses):
                    yield Finding(_WORDS[name].format(one.ground.text[mark.start : mark.end]))
                    return
    doubts = [mark for mark in sentence.marks(_OPEN) if not _is_leave(sentence, mark, witnesses)]
    if doubts and not any(_hedged(one.said) for one in witnesses):
        doubt = doubts[0]
        yield Finding(f"No source doubts it: “{sentence.text[doubt.start : doubt.end]}”.")


def _is_leave(sentence: Wording, mark: Span, witnesses: Sequence[Witness]) -> bool:
    """Whether "may" stands for what the sources permit."""
    modal = bool(_MODAL.fullmatch(sentence.lower, mark.start, mark.end))
    return modal and any(_PERMITTING.search(one.said.lower) for one in witnesses)


def _resolves(sentence: Wording, source: Wording, mark: Span, resolved: Sequence[int]) -> bool:
    """Whether the sentence says that what the source plans was resolved: "approved the closure"."""
    told = [word.start for word in sentence.content for own in held_back(source, mark) if word.meets(own)]
    return bool(told) and any(place < min(told) for place in resolved)


def _hedged(wording: Wording) -> bool:
    return any(pattern.search(wording.lower) for pattern in _HEDGES.values())


def _tells(sentence: Wording, source: Wording, mark: Span, witnesses: Sequence[Witness]) -> bool:
    """Whether a sentence tells what a hedge of a source is said of, and no source tells it without one."""
    held = held_back(source, mark)
    told = [word for word in held if sentence.has(word)]
    if len(told) < min(2, len(held)) and not any(word in told for word in held[:2]):
        return False
    return not all(_told_plainly(word, witnesses) for word in told)


def held_back(source: Wording, mark: Span) -> tuple[Word, ...]:
    """The words that a hedge is said of, likeliest first."""
    telling = {word for who in speakers(source) for word in who.words}
    behind = source.behind(mark, most=HELD)
    behind = tuple(word for word in behind if not word.is_capital and word not in telling)
    if _BY_ENDING.fullmatch(source.lower, mark.start, mark.end):  # the verb itself: "terminarán"
        behind = (*(word for word in source.content if word.start == mark.start), *behind)
    return behind if len(behind) > 1 else (*behind, *source.before(mark))


def _told_plainly(word: Word, witnesses: Sequence[Witness]) -> bool:
    for one in witnesses:
        held = {
            w for pattern in _HEDGES.values() for mark in one.said.marks(pattern) for w in held_back(one.said, mark)
        }
        if any(own.meets(word) and own not in held for own in one.said.content):
            return True
    return False
