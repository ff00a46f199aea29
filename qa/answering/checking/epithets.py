"""Who is suspected, or what is alleged, keeps that word wherever it is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answering.checking import markers
from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording

_EPITHET = markers.any_of(r"alleged|suspected|supposed|purported|presunt[oa]s?|supuest[oa]s?")
_KEPT = markers.any_of(rf"{markers.HEDGES['alleged']}|reportedly|charg\w+|al parecer|imputad\w+|investigad\w+")


def epithets(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Nouns told without the "alleged" that stands right before each in the sources."""
    if _KEPT.search(sentence.lower):
        return
    for one in witnesses:
        for mark in one.said.marks(_EPITHET):
            behind = one.said.behind(mark, most=1)
            gap = one.said.text[mark.end : behind[0].start] if behind else ""
            if gap == " " and sentence.has(behind[0]) and len(one.said.counterparts(behind[0])) == 1:
                yield Finding(f"The sources say “{one.ground.text[mark.start : behind[0].end]}”.")
                return
