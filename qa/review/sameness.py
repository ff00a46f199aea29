"""Which questions count as the same, and which are close."""

from __future__ import annotations

from functools import lru_cache

from qa.models.replies import Question, Reply
from qa.text.terms import STOP_WORDS, fold, stem, words

CLOSE = 0.6
"""Share of words (Dice) that two questions have in common, from which who asks one is offered the answer to the other.
It is only ever offered, under its own question."""


def question_key(reply: Reply) -> str:
    """Equal for replies to the same question, as it stands alone, held to the same dates, outlet and language."""
    question = reply.question
    return key_of(question, text=reply.understood_as or question.text)


def key_of(question: Question, *, text: str | None = None) -> str:
    held = (question.published_from, question.published_until, question.outlet, question.language)
    return " ".join([*map(fold, words(text or question.text)), *(f"|{one}" for one in held if one)])


def closeness(one: str, other: str) -> float:
    """How much of their words two questions share, 0 to 1; 0 where a number or a name is in one of them only."""
    first, second = _content(one), _content(other)
    exact = {word for word in first ^ second if not word.isalpha()}
    if exact or _names(one) ^ _names(other) or not first | second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


@lru_cache(maxsize=10_000)
def _content(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text) if fold(word) not in STOP_WORDS)


@lru_cache(maxsize=10_000)
def _names(text: str) -> frozenset[str]:
    """Words with a capital, but for the first."""
    return frozenset(fold(word) for word in words(text)[1:] if word[:1].isupper())
