"""When the archive does not answer, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from qa.answering.policy import HELPED, REASONS, Policy
from qa.answering.selecting import nearest_sources
from qa.answering.support import Asked
from qa.i18n.catalogues import locales
from qa.i18n.locale import N_, _, use_locale
from qa.models.archive import Source
from qa.models.replies import Candidate, Refusal, Reply

NOTHING = N_("No article in the archive has words or meaning close to this question.")
WITHHELD = N_("The staff of the archive have withheld the answer to this question.")
ON_PRINCIPLE = frozenset((WITHHELD, *REASONS.values()))
"""Reasons that no other wording of the same question would change."""


@cache
def _declining() -> frozenset[str]:
    """The same in every language."""
    told = set[str]()
    for tag in locales():
        with use_locale(tag):
            told.update(map(_, ON_PRINCIPLE))
    return frozenset(told)


def on_principle(reason: str) -> bool:
    """Whether a reason is one of these, as it was found or as it was said and kept in any language."""
    return reason in _declining()


TOO_WEAK = N_("No sentence in the archive answers this closely enough to be quoted.")


def with_help(reply: Reply, asked: Asked, help_text: str, policy: Policy) -> Reply:
    """The reply, told first where to report and to get help if that is what the question calls for."""
    declined = isinstance(reply, Refusal) and reply.reason in HELPED
    called_for = declined or policy.calls_for_help(asked.text)
    return replace(reply, notices=(help_text, *reply.notices)) if help_text and called_for else reply


def closest(evidence: Sequence[Candidate]) -> list[Candidate]:
    """The nearest articles' sentences that have what the question demands, if none is sure enough to be an answer."""
    return [item for item in nearest_sources(evidence) if item.support > 0]


def refusal(evidence: Sequence[Candidate], *, threshold: float) -> tuple[str, tuple[Source, ...]]:
    """Why there is no answer, and the nearest sources; an empty reason where there is one."""
    nearest = tuple(item.source for item in nearest_sources(evidence))
    if not evidence:
        return NOTHING, nearest
    if evidence[0].support < threshold:
        return TOO_WEAK, nearest
    return "", nearest
