"""Follow-up questions made to stand alone, by rules: what the new question lacks is carried over from those before."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.asking import LONGEST
from qa.answering.following import pointing, pointing_spanish
from qa.answering.following.asking_anew import asked_anew
from qa.answering.following.clause import clause_of
from qa.answering.following.english import ENGLISH
from qa.answering.following.follow_up import FollowUp, as_question
from qa.answering.following.replacing import continued, with_name, with_parts
from qa.language.terms import content_words

LOOKED_BACK = 8
"""Questions before this one that are read: what was asked earlier than that is seldom meant."""

FEW_WORDS = 4
"""Words of topic up to which a question that points back, nobody knows to what, takes over where and when."""

LONG = 40
"""Words of a question beyond which what points back is not looked for: whoever writes so much says what is meant."""


def stand_alone(question: str, history: Sequence[str]) -> str:
    """The question as it can be asked without those before it, oldest first; unchanged where it stands by itself.

    Those before it are made to stand alone first, one after the other. What comes out is at most LONGEST characters
    long where the question is.
    """
    before: list[str] = []
    for earlier in [*_readable(history)[-LOOKED_BACK:]]:
        completed = _completed(earlier, before)
        # A fragment of which nothing could be made is nothing to build on.
        if not before or completed != earlier or clause_of(earlier, FollowUp.of(earlier, before).tongue):
            before.append(completed)
    return _completed(question, before)


def _readable(history: Sequence[str]) -> list[str]:
    """The questions that could have been asked: with words in them, and not too long."""
    plain = [" ".join(text.split()) for text in history[-2 * LOOKED_BACK :] if len(text) <= 2 * LONGEST]
    return [text for text in plain if len(text) <= LONGEST and any(ch.isalpha() for ch in text)]


def _completed(question: str, before: Sequence[str]) -> str:
    if not before or len(question) > LONGEST:
        return question
    follow_up = FollowUp.of(question, before)
    if not follow_up.rest:
        return question
    for rule in (asked_anew, with_parts, with_name, _with_meant):
        found = rule(follow_up)
        if found is not None:
            return found if len(found) <= LONGEST else question
    return question


def _with_meant(follow_up: FollowUp) -> str | None:
    """With what its words point back to, or with where and when the question before asked."""
    if len(follow_up.rest.split()) > LONG:
        return None
    rules = pointing if follow_up.tongue is ENGLISH else pointing_spanish
    text, clear = rules.resolved(follow_up)
    if text != follow_up.rest:
        return as_question(text, follow_up.tongue)
    if follow_up.opened or (not clear and len(content_words(follow_up.rest)) <= FEW_WORDS):
        return continued(follow_up, as_question(follow_up.rest, follow_up.tongue))
    return None
