"""When the archive does not answer, and how that is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from qa.answering.harmful import calls_for_help, harm_of
from qa.answering.harmful_words import Harm
from qa.answering.private_people import asks_for_private_details, asks_who_a_private_person_is
from qa.answering.selecting import nearest_sources
from qa.answering.support import Asked
from qa.domain.archive import Source
from qa.domain.replies import Evidence, NoAnswer, Reply
from qa.wording.catalogues import tongues
from qa.wording.speaking import in_tongue, noted, said

Rarity = Callable[[str], float]

NOTHING = noted("No article in the archive has words or meaning close to this question.")
PRIVATE = noted("It asks who a private person is. The archive names officials and institutions only.")
PRIVATE_LIFE = noted(
    "It asks for someone’s private life. The archive gives out nobody’s address, number, picture or family."
)
HARMFUL = {
    Harm.MATERIAL: noted("It asks for illegal material. The archive doesn’t help to find or to make it."),
    Harm.METHODS: noted(
        "It asks how to break the law or how to escape an investigation. The archive doesn’t help with that."
    ),
    Harm.GRAPHIC: noted("It asks for details of what was done to people. The archive doesn’t describe that."),
    Harm.DEFAMATION: noted(
        "It wants something said against someone. The archive only quotes what its articles report."
    ),
}
WITHHELD = noted("The staff of the archive have withheld the answer to this question.")
ON_PRINCIPLE = frozenset((PRIVATE, PRIVATE_LIFE, WITHHELD, *HARMFUL.values()))
"""Reasons that no other wording of the same question would change."""


@cache
def _declining() -> frozenset[str]:
    """The same in every language."""
    told = set[str]()
    for tag in tongues():
        with in_tongue(tag):
            told.update(map(said, ON_PRINCIPLE))
    return frozenset(told)


def on_principle(reason: str) -> bool:
    """Whether a reason is one of these, as it was found or as it was said and kept in any language."""
    return reason in _declining()


HELPED = frozenset((Harm.MATERIAL, Harm.METHODS, Harm.GRAPHIC))
"""Harms after which a reader is told where to report and to get help."""

TOO_WEAK = noted("No sentence in the archive answers this closely enough to be quoted.")


def refusal_before_search(asked: Asked) -> str:
    """Why a question is not even looked up; empty where it is."""
    if asks_for_private_details(asked.text):
        return PRIVATE_LIFE
    if asks_who_a_private_person_is(asked.text):
        return PRIVATE
    harm = harm_of(asked.text)
    return HARMFUL[harm] if harm else ""


def with_help(reply: Reply, asked: Asked, help_text: str) -> Reply:
    """The reply, told first where to report and to get help if that is what the question calls for."""
    declined = isinstance(reply, NoAnswer) and reply.reason in {HARMFUL[harm] for harm in HELPED}
    called_for = declined or calls_for_help(asked.text)
    return replace(reply, notices=(help_text, *reply.notices)) if help_text and called_for else reply


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
