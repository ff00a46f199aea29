"""A small archive of three articles held in memory, and questions about it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qa.models.archive import Coverage, Source
from qa.models.replies import Answer, Citation, Question, Refusal, Reply, Statement
from qa.review.gate import Expected, Known

BODIES = {
    "fire": "The mill burned on Monday. Nobody was hurt. The owner said 40 looms were lost.",
    "flood": "The river rose by two metres. The bridge was closed on Friday.",
    "feria": "La feria abrió el martes. Acudieron 300 vecinos.",
}


def known_of(id: str, question: str, answers: Sequence[tuple[str, str]], set: str) -> Known:
    """A known question, its answers by article and sentence."""
    expected = [Expected(article_id=article_id, sentence=sentence) for article_id, sentence in answers]
    return Known(id=id, question=question, answerable=bool(answers), answers=tuple(expected), set=set)


KNOWN = [
    known_of("q1", "When did the mill burn?", [("fire", "The mill burned on Monday.")], "dev"),
    known_of("q2", "How many looms were lost?", [("fire", "The owner said 40 looms were lost.")], "held"),
    known_of("q3", "When was the bridge closed?", [("flood", "The bridge was closed on Friday.")], "dev"),
    known_of("q4", "¿Cuándo abrió la feria?", [("feria", "La feria abrió el martes.")], "held"),
    known_of("u1", "Who set fire to the mill?", [], "dev"),
    known_of("u2", "¿Quién inauguró la feria?", [], "held"),
]


def answer(question: Question, *found: tuple[str, str]) -> Answer:
    """An answer that quotes these words of these articles."""
    quotes = [
        Citation(number, Source(article_id, article_id, "Gazette"), start, start + len(text), text)
        for number, (article_id, text) in enumerate(found, start=1)
        for start in [BODIES[article_id].index(text)]
    ]
    return Answer(question, tuple(Statement(quote.text, (quote,)) for quote in quotes))


def refuse(question: Question) -> Refusal:
    return Refusal(question, "Nothing found.", (), Coverage(len(BODIES)))


def perfect(question: Question) -> Reply:
    """Every answerable question answered by its sentence, every other refused."""
    (known,) = [one for one in KNOWN if one.question == question.text]
    if not known.answerable:
        return refuse(question)
    return answer(question, *((one.article_id, one.sentence) for one in known.answers))


def body(article_id: str) -> str:
    return BODIES[article_id]


@pytest.fixture
def known() -> list[Known]:
    return KNOWN
