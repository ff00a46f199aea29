"""How much a reply needs a look, by itself."""

from __future__ import annotations

from qa.models.replies import Answer, Composer, Reply
from qa.models.support import Verdict

REFUSED, CONFLICTING, FELL_BACK, PARTLY = 0.7, 0.6, 0.5, 0.5
"""The order is what matters: a refusal may hide an answer that the archive holds, which nobody else will notice; a
conflict may be none; of the rest the least certain sentence counts."""

CORRECTED = 0.3
WRITTEN = 0.2


def doubt(reply: Reply) -> float:
    """From 0, nothing speaks against it, to 1."""
    if not isinstance(reply, Answer):
        return REFUSED
    doubts = [0.0]
    if reply.conflicts:
        doubts.append(CONFLICTING)
    if reply.fallback:
        doubts.append(FELL_BACK)
    if reply.composed_by is Composer.MODEL:
        doubts.append(WRITTEN)
    if any(quote.source.corrections for quote in reply.quotes):
        doubts.append(CORRECTED)
    for statement in reply.statements:
        if statement.support and statement.support.verdict is not Verdict.SUPPORTED:
            doubts.append(PARTLY)
        if statement.likelihood is not None:
            doubts.append(1 - statement.likelihood)
    return max(doubts)
