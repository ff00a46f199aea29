"""What is alleged, apparent or likely keeps that word, or another that says as much, wherever it is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answering.checking import markers
from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.domain.archive import Span

_ALLEGED = r"alleged|suspected|supposed|purported|allegedly|presunt[oa]s?|supuest[oa]s?|presuntamente"
_LIKELY = (
    r"apparent(?:ly)?|probabl[ey]|possibl[ey]|likely|perhaps|potential(?:ly)?|reportedly"
    r"|posibles?|probables?|posiblemente|probablemente|aparentemente|quizás?"
)
_EPITHET = markers.any_of(rf"{_ALLEGED}|(?P<likely>{_LIKELY})")
_KEPT = markers.any_of(rf"{markers.HEDGES['alleged']}|reportedly|charg\w+|al parecer|imputad\w+|investigad\w+")
_HEDGED = markers.any_of(rf"{'|'.join(markers.HEDGES.values())}|can|no|not|never|unclear")
NEAR = 60
"""Characters before and behind a word where what hedges it may stand instead."""


def epithets(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Words told without the "alleged" or "apparently" that stands right before each in the sources."""
    for one in witnesses:
        for match in _EPITHET.finditer(one.said.lower):
            kept, mark = sentence.marks(_HEDGED if match["likely"] else _KEPT), Span(*match.span())
            behind = one.said.behind(mark, most=1)
            gap = one.said.text[mark.end : behind[0].start] if behind else ""
            if gap != " " or len(one.said.counterparts(behind[0])) != 1:
                continue
            told = sentence.counterparts(behind[0])
            if told and not any(
                own.start < word.end + NEAR and word.start < own.end + NEAR for own in kept for word in told
            ):
                yield Finding(f"The sources say “{one.ground.text[mark.start : behind[0].end]}”.")
                return
