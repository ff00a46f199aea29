"""Nothing is told as the reason for something else unless a source does so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answering.checking import markers
from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word
from qa.domain.archive import Span

_CAUSES = markers.any_of(markers.CAUSES)
_LOOSE = markers.any_of(markers.LOOSE_CAUSES)
_GIVEN = markers.any_of(markers.GIVEN)
_RESULTS = markers.any_of(r"led (?:\w+ )?to|leading to|result\w* in|llevó a|provoc\w+")
_LEAVING = markers.any_of(markers.LEAVING)
_PURPOSES = markers.any_of(r"in order to|so that|para que|con el fin de")
NEAR = 6
"""Words with a meaning, before or behind a source's word of reason, that it may be about."""


def causes(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Reasons that no source gives."""
    for mark in sentence.marks(_CAUSES):
        if not any(_gives(one.said, sentence, mark) for one in witnesses):
            yield Finding(f"No source gives this as a reason: “{sentence.text[mark.start : mark.end]}”.")
            return


def _gives(source: Wording, sentence: Wording, mark: Span) -> bool:
    """Whether a source has a word of reason, near words that the sentence has near its own."""
    told = _around(sentence, mark)
    marks = source.marks(_CAUSES) + source.marks(_GIVEN)
    if _RESULTS.fullmatch(sentence.lower, mark.start, mark.end):
        marks += source.marks(_LEAVING)
    if _PURPOSES.fullmatch(sentence.lower, mark.start, mark.end):
        marks += source.marks(_LOOSE)
    for own in marks:
        near = _around(source, own)
        if any(one.meets(other) for one in told for other in near):
            return True
    return False


def _around(wording: Wording, mark: Span) -> tuple[Word, ...]:
    """The words near a word of reason, those before a comma right in front of it, too."""
    comma = wording.lower[: mark.start].rstrip()
    start = len(comma) - 1 if comma.endswith(",") else mark.start
    return (*wording.before(Span(start, mark.end), most=NEAR), *wording.behind(mark, most=NEAR))
