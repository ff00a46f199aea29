"""What questions want, by the packaged classifier."""

from __future__ import annotations

import numpy as np
import pytest

from qa.answering.analysis import QueryRewriting
from qa.encoding.intents import (
    WEIGHTS,
    WORD_PLACES,
    IntentClassifier,
    packaged_weights,
    word_features,
)
from qa.models.replies import FACT, Intent, Leaning, Outcome
from tests.fakes import FakeEncoder
from tests.recorded import RecordedEncoder
from training.intents import (
    OTHER,
    UNSEEN,
    UNSEEN_LEANING,
    UNSEEN_OUTCOMES,
    evaluate,
    evaluate_outcomes,
    fit,
    read_questions,
)

FLOORS = {"fact": 0.9, "overview": 0.78, "chronology": 0.74, "profile": 0.78, "list": 0.74, "comparison": 0.7,
          "disagreement": 0.8, "small talk": 0.7, "service": 0.8, "of those taken for wide": 0.87}  # fmt: skip
"""Below what was seen on these questions, half of whose facts are made to look like something else."""


ASKED, LEANS = 264, 113
"""Questions by another hand of which every other is tried, and those of them that lean on the one before."""


def test_questions_by_another_hand_are_told_apart(encoder: RecordedEncoder) -> None:
    measured = evaluate(read_questions(UNSEEN)[::2], encoder)
    assert {name: value for name, value in measured.items() if value < FLOORS[name]} == {}


def test_what_leans_on_the_question_before_is_told_of_questions_by_another_hand(encoder: RecordedEncoder) -> None:
    """.90 and .98 of all, .86 of the half that is tried; before the last thousand questions to fit on .80 and .99."""
    leans = QueryRewriting(IntentClassifier(encoder).leaning).leans
    rows = read_questions(UNSEEN_LEANING)[::2]
    right = {
        name: [leans(text) is (name == Leaning.LEANS) for wanted, text in rows if wanted == name] for name, _ in rows
    }
    assert {name: len(found) for name, found in right.items()} == {"leans": LEANS, "alone": ASKED - LEANS}
    assert sum(right["leans"]) >= 0.84 * LEANS
    assert sum(right["alone"]) >= 0.96 * (ASKED - LEANS)
    without_vector = QueryRewriting(IntentClassifier(FakeEncoder()).leaning).leans
    assert sum(without_vector(text) is (name == Leaning.LEANS) for name, text in rows) >= 0.85 * ASKED


def test_what_perhaps_leans_is_told_from_what_surely_does(encoder: RecordedEncoder) -> None:
    leaning = IntentClassifier(encoder).leaning
    assert leaning("Was it really a network in the end?") is Leaning.LEANS
    assert leaning("How long was the site watched?") is Leaning.MAY_LEAN
    assert leaning("How long did the Guardia Civil watch the chat room in Operación Cerbero?") is Leaning.ALONE


def test_what_asks_how_a_case_ended_is_told_of_questions_by_another_hand(encoder: RecordedEncoder) -> None:
    """.85, .95 and .95 of all; by patterns of words .85 asked for no outcome, and .51 of the others for one."""
    rows = read_questions(UNSEEN_OUTCOMES)
    told = evaluate_outcomes(rows[::2], encoder)
    assert told[OTHER] >= 0.82
    assert min(told[outcome] for outcome in Outcome) >= 0.88
    by_words = [(IntentClassifier().outcome(text) is None) == (name == OTHER) for name, text in rows]
    assert sum(by_words) >= 0.85 * len(rows)


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("Is the ombudsman a criminal?", Outcome.VERDICT),
        ("¿Es el ministro un delincuente?", Outcome.VERDICT),
        ("¿Fue inocente el ministro?", Outcome.VERDICT),
        ("The raids were in March. Was anybody ever convicted?", Outcome.VERDICT),
        ("Did the prosecutors drop the case against the harbour master?", Outcome.PROCEDURE),
        ("Is the teacher guilty? Yes or no.", Outcome.VERDICT),
        ("IS THE TEACHER GUILTY?", Outcome.VERDICT),
        ("Tell me whether the teacher is guilty. Thanks.", Outcome.VERDICT),
        ("What was seized? Tell me whether the teacher is guilty.", Outcome.VERDICT),
        ("Is the mayor guilty? Do you know?", Outcome.VERDICT),
        ("How many innocent people were killed?", None),
        ("Who caught the thief?", None),
        ("Is the minister a thief?", Outcome.VERDICT),
        ("Dime si el maestro es culpable", Outcome.VERDICT),
        ("Why is the mayor guilty?", Outcome.VERDICT),
        ("Did anyone go to prison for it in the end? Thanks", Outcome.VERDICT),
        ("Is there a criminal investigation?", None),
        ("¿Cuántos años de cárcel les podían caer a los detenidos?", None),
        ("Was anyone convicted? The paper asks. What was seized in the raids?", None),
    ],
)
def test_the_last_of_several_sentences_asks_for_an_outcome_or_not(
    encoder: RecordedEncoder, question: str, outcome: Outcome | None
) -> None:
    assert IntentClassifier(encoder).outcome(question) is outcome


def test_questions_without_a_topic_are_known(encoder: RecordedEncoder) -> None:
    classify = IntentClassifier(encoder).classify
    assert not classify("Summarise the case").topical
    assert classify("Give me a summary of the bridge collapse in Genoa").topical


def test_another_encoder_has_no_classes(encoder: RecordedEncoder) -> None:
    assert packaged_weights(WEIGHTS)["encoder"] == encoder.fingerprint
    assert IntentClassifier(FakeEncoder()).classify("thank you") == FACT


def test_classes_are_learned_from_vectors_and_words() -> None:
    noise = np.random.default_rng(2)
    vectors, words = (noise.normal(size=(90, 8)).astype(np.float32) for _ in range(2))
    vectors[:30, 0] += 4
    words[60:, 3] += 4
    weights, word_weights, bias = fit(
        vectors, words, ["left"] * 30 + ["middle"] * 30 + ["right"] * 30, ["left", "middle", "right"]
    )
    scores = vectors @ weights.T + words @ word_weights.T + bias
    assert (scores.argmax(1) == [0] * 30 + [1] * 30 + [2] * 30).mean() > 0.9


def test_a_name_is_one_word_whatever_it_is() -> None:
    named = [
        word_features(f"What is the difference between {a} and {b}?")
        for a, b in (("Ana", "Juan Ruiz"), ("Velm", "Orsa"))
    ]
    assert np.allclose(named[0], named[1])
    assert np.isclose(np.linalg.norm(named[0][:WORD_PLACES]), 1)
    assert np.isclose(np.linalg.norm(named[0][WORD_PLACES:]), 1)
    assert not np.allclose(named[0], word_features("What is the difference in price?"))


def test_what_is_misspelt_shares_most_of_its_letters() -> None:
    right, wrong, other = (
        word_features(question)[WORD_PLACES:]
        for question in ("give me a summary of it", "giv me a sumary of it", "who was the last to leave")
    )
    assert right @ wrong > 0.5 > right @ other


def test_what_is_said_before_a_question_is_no_part_of_its_wish(encoder: RecordedEncoder) -> None:
    classify = IntentClassifier(encoder).classify
    preamble = "I'm writing a piece on Europe's rule about storing phone and internet records. "
    assert not classify("GIVE ME AN OVERVIEW OF EVERYTHING").topical
    asked = classify(preamble + "Could you give me the timeline, from the first plans to the day the judges killed it?")
    assert (asked.intent, asked.topical) == (Intent.CHRONOLOGY, True)
    assert classify("I remember some raids before Christmas. How many people were taken in?") == FACT
