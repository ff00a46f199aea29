"""Follow-up questions made to stand alone, by rules: what the new question lacks is carried over from the last."""

from __future__ import annotations

import re

from qa.language.questions import Kind, question_kind
from qa.language.terms import STOP_WORDS, content_words, fold, words

_OPENING = re.compile(
    r"^\W*(?:and|but|what about|how about|also|y|pero|qué hay de|and what about)\b[\s,]*", re.IGNORECASE
)
_POINTING = re.compile(
    r"\b(?:it|its|that|this|these|those|they|them|their|he|him|his|she|her|there|then|so|the same"
    r"|eso|ese|esa|esto|ellos|ellas|allí|entonces)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(in|from|at|for|en|de)\s+(?:the\s+|el\s+|la\s+)?[A-ZÁÉÍÓÚÑ][\w'’-]*(?:\s[A-ZÁÉÍÓÚÑ][\w'’-]*)*")
FEW_WORDS = 2
"""A question with no more topical words than this, that points back, cannot stand alone."""


def stand_alone(question: str, history: tuple[str, ...]) -> str:
    """The question as it can be asked without what came before; unchanged where it stands by itself.

    "And in France?" after "How many people were arrested in Spain?" keeps the first question's words before
    its own, so that finding sees the subject and the new place.
    """
    if not history:
        return question
    opening = _OPENING.match(question)
    rest = _OPENING.sub("", question)
    own = [word for word in content_words(rest) if word not in STOP_WORDS]
    points_back = bool(_POINTING.search(question)) and len(own) <= FEW_WORDS
    if not opening and not points_back:
        return question
    if len(own) > 2 * FEW_WORDS:
        return question
    if question_kind(rest) is not Kind.OTHER:
        # It brings its own kind of question ("when was that?"): that leads, the old subject follows.
        return f"{rest.rstrip(' ?.')} — {' '.join(_subject(history[-1]))}?"
    if (place := _PLACE.match(rest)) and (old := _PLACE.search(history[-1])) and place[1].lower() == old[1].lower():
        # "And in France?" puts the new place where the old one stood.
        return history[-1][: old.start()] + rest.rstrip(" ?.") + history[-1][old.end() :]
    return f"{history[-1].rstrip(' ?.')} — {rest}"


def _subject(question: str) -> list[str]:
    """The topical words of a question, as written."""
    topical = set(content_words(question))
    return [word for word in words(question) if fold(word) in topical]
