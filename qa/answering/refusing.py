"""When the archive does not answer, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from qa.answering.confidence import ANSWERS, COMES_CLOSE
from qa.answering.policy import HELPED, REASONS, Policy
from qa.answering.selecting import nearest_sources
from qa.i18n.catalogues import locales
from qa.i18n.locale import N_, _, use_locale
from qa.models.replies import Candidate, Refusal, Reply

NOTHING = N_("No article in the archive has words or meaning close to this question.")
WITHHELD = N_("The staff of the archive have withheld the answer to this question.")
ON_PRINCIPLE = frozenset((WITHHELD, *REASONS.values()))
"""Reasons that no other wording of the same question would change."""


@cache
def _declining() -> frozenset[str]:
    """The same in every language."""
    notices = set[str]()
    for tag in locales():
        with use_locale(tag):
            notices.update(map(_, ON_PRINCIPLE))
    return frozenset(notices)


def on_principle(reason: str) -> bool:
    """Whether a reason is one of these, as it was found or as it was said and kept in any language."""
    return reason in _declining()


TOO_WEAK = N_("No sentence in the archive answers this closely enough to be quoted.")


def with_help(reply: Reply, question: str, help_text: str, policy: Policy) -> Reply:
    """The reply, told first where to report and to get help if that is what the question calls for."""
    declined = isinstance(reply, Refusal) and reply.reason in HELPED
    called_for = declined or policy.calls_for_help(question)
    return replace(reply, notices=(help_text, *reply.notices)) if help_text and called_for else reply


def closest(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The nearest articles' sentences that come close, if none is sure enough to be an answer."""
    return [candidate for candidate in nearest_sources(candidates) if candidate.support >= COMES_CLOSE]


def refusal_reason(candidates: Sequence[Candidate]) -> str:
    """Why there is no answer; empty where there is one."""
    if not candidates:
        return NOTHING
    return "" if candidates[0].support >= ANSWERS else TOO_WEAK
