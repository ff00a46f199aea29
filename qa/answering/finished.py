"""A reply with all that it says finished, in its own language, as it is kept."""

from __future__ import annotations

from dataclasses import replace

from qa.i18n.locale import use_locale
from qa.i18n.messages import localized
from qa.models.replies import Answer, Reply


def in_its_words(reply: Reply) -> Reply:
    """The reply, its reasons and notices in the language of its question; what articles say stays as it is."""
    with use_locale(reply.question.locale):
        notices = tuple(localized(notice) for notice in reply.notices)
        if isinstance(reply, Answer):
            return replace(reply, notices=notices, fallback=localized(reply.fallback) if reply.fallback else None)
        return replace(reply, notices=notices, reason=localized(reply.reason))
