"""When the archive does not answer, and how that is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.answering.private_people import asks_who_a_private_person_is
from qa.answering.selecting import nearest_sources
from qa.answering.support import Asked
from qa.domain.archive import Source
from qa.domain.replies import Evidence

Rarity = Callable[[str], float]

NOTHING = "No article in the archive has words or meaning close to this question."
PRIVATE = "It asks who a private person is. The archive names officials and institutions only."
TOO_WEAK = "No sentence in the archive answers this closely enough to be quoted."


def refusal_before_search(asked: Asked) -> str:
    """Why a question is not even looked up; empty where it is."""
    return PRIVATE if asks_who_a_private_person_is(asked.text) else ""


def closest(asked: Asked, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The nearest articles' sentences that have what the question demands, if none is sure enough to be an answer.

    None where the question asks for what must not be found here.
    """
    if refusal_before_search(asked):
        return []
    return [item for item in nearest_sources(evidence) if item.support > 0]


def refusal(
    asked: Asked, evidence: Sequence[Evidence], rarity: Rarity, *, threshold: float
) -> tuple[str, tuple[Source, ...]]:
    """Why there is no answer, and the nearest sources; an empty reason where there is one."""
    nearest = tuple(item.source for item in nearest_sources(evidence))
    if before := refusal_before_search(asked):
        return before, nearest
    if not evidence:
        return NOTHING, nearest
    if evidence[0].support < threshold:
        return TOO_WEAK, nearest
    return "", nearest
