"""What a number counts is what it counts in the sources, or what takes that in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.checking.amounts import Amount
from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word

_WIDER = frozenset(
    """
    people person persons individual others other one ones man men woman women time times total figure figures number
    personas persona individuos gente otros otras veces vez cifra total
    """.split()  # noqa: SIM905
)
"""What may be counted in the place of something narrower: people for the arrested."""
_END = re.compile(r"[,;:.()—–?!“”\"«»]")
_BETWEEN = frozenset("more further other new additional of the los las de del nuevos nuevas otros otras más".split())  # noqa: SIM905
_NO_NOUN = re.compile(
    r"ahead|apart|away|bound|later|earlier|long|old|deep|high|wide|\w+(?:ed|ing|ly|mente|ado|ada|ados|adas|ido|ida|idos|idas)"
)
REACH = 4
"""Words behind a number among which the one stands that names what it counts."""

NEAR = 9
"""Words before or behind a number of a source that may name what it counts."""


def counted(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Things counted that no source speaks of; sources of another language can't tell."""
    if any(one.said.language != sentence.language for one in witnesses):
        return
    for amount in sentence.amounts:
        head = _head(sentence, amount)
        if head and head.folded not in _WIDER and not any(_counts(one, head, amount) for one in witnesses):
            yield Finding(f"The sources don't count “{head.text}”.", grave=False)
            return


def _counts(witness: Witness, head: Word, amount: Amount) -> bool:
    """Whether a source has the thing beside a number of the same worth, or at all where it has none."""
    same = [one.span for one in witness.said.amounts if amount.same_worth(one)]
    if not same:
        return not witness.keys.isdisjoint(head.keys)
    words = witness.said.words
    for span in same:
        at = next((place for place, word in enumerate(words) if word.end > span.start), len(words))
        if any(head.meets(word) for word in words[max(0, at - NEAR) : at + NEAR]):
            return True
    return False


def _head(wording: Wording, amount: Amount) -> Word | None:
    """The word that names what a number counts: the last of the words right behind it, in Spanish the first."""
    if amount.unit or amount.value is None:
        return None
    taken: list[Word] = []
    end = amount.span.end
    for word in wording.words:
        if word.start < amount.span.end:
            continue
        if len(taken) == REACH or _END.search(wording.text, end, word.start) or (word.is_light and taken):
            break
        if word.is_light and word.folded not in _BETWEEN:
            break
        end = word.end
        if word.is_light or word.folded in _BETWEEN:
            continue
        taken.append(word)
        if wording.language == "es":
            break
    while taken and (taken[-1].is_capital or _NO_NOUN.fullmatch(taken[-1].folded)):
        taken.pop()
    return taken[-1] if taken else None
