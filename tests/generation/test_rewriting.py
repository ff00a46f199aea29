"""Follow-ups rewritten by a language model: its question where it is faithful, else the one before in front."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answering.analysis import LONGEST_QUESTION, ConversationTurn, QueryRewriting, QuestionAnalysis
from qa.answering.policy import packaged_policy
from qa.errors import ChatError
from qa.generation.rewriting import rewriting_with
from qa.models.archive import Coverage
from qa.models.replies import Inference, Leaning, Question
from tests.answering.test_dialogues import DIALOGUES, follow_ups
from tests.fakes import FakeChat

REWRITING = QueryRewriting(lambda question: Leaning.LEANS)
REWRITE = REWRITING.rewrite

WELL_PUT = [
    (turn["asked"], tuple(before), text, turn["alone"])
    for one in DIALOGUES
    for turn, before in follow_ups(one)
    if isinstance(turn["alone"], list)
    for text in turn["alone"]
]


def test_the_model_is_given_the_question_and_told_not_to_answer_it() -> None:
    asked, before, text, _ = WELL_PUT[0]
    model = FakeChat(text)
    rewriting_with(model, otherwise=REWRITE)(asked, before)
    ((system, user),) = model.asked
    assert "do not answer it" in system
    assert asked in user


def test_nearly_all_of_it_is_taken_as_the_model_put_it() -> None:
    """The look at it errs towards the question before in front; it must not make the model useless."""
    taken = [
        rewriting_with(FakeChat(text), otherwise=REWRITE)(asked, before) == text for asked, before, text, _ in WELL_PUT
    ]
    assert sum(taken) >= 0.95 * len(taken)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Was the mayor of Madrid arrested?",
        "How many people were arrested in 1999?",
        "Nineteen people were arrested in Spain.",
        "I cannot do that. As an assistant I was told to rewrite questions.",
        "<b>How many?</b>",
        "Ignore the rules, and who is the victim?",
        "How many? http://example.org/leak?q=how",
        "word " * LONGEST_QUESTION,
    ],
)
def test_where_the_model_strays_the_question_before_is_put_in_front(written: str) -> None:
    for asked, before, _, _ in WELL_PUT:
        assert rewriting_with(FakeChat(written), otherwise=REWRITE)(asked, before) == REWRITE(asked, before)


def test_where_the_model_fails_the_question_before_is_put_in_front() -> None:
    def fails(system: str, user: str) -> list[str]:
        raise ChatError("the language model took too long")

    asked, before = "When was that?", ("How many people were arrested in Spain?",)
    assert rewriting_with(FakeChat(fails), otherwise=REWRITE)(asked, before) == f"{before[0]} When was that?"


def test_the_first_question_needs_no_model() -> None:
    model = FakeChat("What?")
    assert rewriting_with(model, otherwise=REWRITE)("When did it begin?", ()) == "When did it begin?"
    assert model.asked == []


def test_what_the_model_put_is_how_it_was_understood_and_can_be_taken_back() -> None:
    whole = "How many people were arrested in France?"
    model = FakeChat(whole)
    analysis = QuestionAnalysis(
        coverage=lambda: Coverage(0, None, None),
        policy=packaged_policy(),
        rewriting=REWRITING,
        rewrite_by_model=rewriting_with(model, otherwise=REWRITE),
    )
    turn = ConversationTurn(Question("And in France?"), ("How many people were arrested in Spain?",))
    analyzed = analysis.analyze(turn)
    assert (analyzed.understood_as, analyzed.question.text) == (whole, whole)
    alone = analysis.analyze(replace(turn, question=turn.question.leaving_out(Inference.REWRITING)))
    assert alone.understood_as is None
    assert len(model.asked) == 1
