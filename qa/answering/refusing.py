"""When the archive does not answer, and how that is said."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from qa.answering.policy import HELPED, REASONS, Policy
from qa.i18n.catalogues import locales
from qa.i18n.locale import N_, _, use_locale
from qa.models.replies import Intent, Refusal, Reply

NOTHING = N_("No article in the archive has words or meaning close to this question.")
TOO_WEAK = N_("No sentence in the archive answers this closely enough to be quoted.")
WITHHELD = N_("The staff of the archive have withheld the answer to this question.")
REMARKS = {
    Intent.SMALL_TALK: N_("You are welcome. Ask anything that the articles of this archive may have reported."),
    Intent.SERVICE: N_(
        "Software answers here, with the exact words of archived articles and a link to each. It knows nothing else "
        "and can miss things; “How it works” tells the rest."
    ),
}
"""What is said to what asks nothing of the articles."""

ON_PRINCIPLE = frozenset((WITHHELD, *REASONS.values(), *REMARKS.values()))
"""Reasons that no other wording of the same question would change."""


@cache
def _in_every_language(reasons: frozenset[str]) -> frozenset[str]:
    spoken = set(reasons)
    for tag in locales():
        with use_locale(tag):
            spoken.update(map(_, reasons))
    return frozenset(spoken)


def on_principle(reason: str) -> bool:
    """Whether a reason is one of these, as it was found or as it was said and kept in any language."""
    return reason in _in_every_language(ON_PRINCIPLE)


def is_remark(reason: str) -> bool:
    """Whether it is no reason for a refusal, but what is said to a greeting or to a question about this service."""
    return reason in _in_every_language(frozenset(REMARKS.values()))


def is_unanswered(reply: Reply) -> bool:
    """Whether nothing was found that answers, and nothing else is said in its place."""
    return isinstance(reply, Refusal) and not reply.cases and reply.reason in (NOTHING, TOO_WEAK)


def with_help(reply: Reply, question: str, help_text: str, policy: Policy) -> Reply:
    """The reply, told first where to report and to get help if that is what the question calls for."""
    declined = isinstance(reply, Refusal) and reply.reason in HELPED
    called_for = declined or policy.calls_for_help(question)
    return replace(reply, notices=(help_text, *reply.notices)) if help_text and called_for else reply
