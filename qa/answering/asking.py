"""What may be asked."""

from __future__ import annotations

from dataclasses import replace

from qa.errors import QuestionError
from qa.i18n.messages import Message
from qa.loaders.cleaning import clean_line
from qa.models.replies import Question
from qa.text.terms import words

LONGEST = 1_000
"""Characters of a question; four times the longest that readers were seen to ask."""


def usable(question: Question) -> Question:
    """The question in one clean line, without what prints nothing. Raises QuestionError, which says what to do."""
    text = clean_line(question.text)
    if not text:
        raise QuestionError(Message("The question is empty. Write what you want to know, such as “When did it begin?”"))
    if len(text) > LONGEST:
        raise QuestionError(
            Message(
                "The question has {number} characters; at most {most} are read. Ask it in a sentence or two.",
                number=len(text),
                most=LONGEST,
            )
        )
    if not any(any(ch.isalnum() for ch in word) for word in words(text)):
        raise QuestionError(Message("The question has no words in it. Write it in words, in English or Spanish."))
    first, last = question.published_from, question.published_until
    if first and last and first > last:
        raise QuestionError(
            Message("The dates exclude each other: from {first} until {last}. Swap them.", first=first, last=last)
        )
    return replace(question, text=text)
