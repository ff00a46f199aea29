"""What questions want, by the packaged classifier."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from qa.answering.analysis import QueryRewriting
from qa.encoding.intents import KINDS, OTHER, IntentClassifier, asked_of
from qa.models.archive import Span
from qa.models.replies import FACT, Asked, Intent, Leaning, Outcome
from qa.protocols import QuestionReading
from tests.fakes import packaged_intents, packaged_questions
from training.questions import (
    UNSEEN,
    UNSEEN_LEANING,
    UNSEEN_OUTCOMES,
    UNSEEN_OUTLETS,
    evaluate,
    evaluate_asides,
    evaluate_outcomes,
    evaluate_outlets,
    outlet_rows,
    read_questions,
)

FLOORS = {"fact": 0.91, "overview": 0.88, "chronology": 0.9, "profile": 0.84, "list": 0.82, "comparison": 0.78,
          "disagreement": 0.91, "small talk": 0.78, "service": 0.82, "of those taken for wide": 0.88}  # fmt: skip
"""Below what was seen on these questions, half of whose facts are made to look like something else."""


ASKED, LEANS = 264, 113
"""Questions by another hand of which every other is tried, and those of them that lean on the one before."""


def test_questions_by_another_hand_are_told_apart() -> None:
    measured = evaluate(read_questions(UNSEEN)[::2], packaged_intents())
    assert {name: value for name, value in measured.items() if value < FLOORS[name]} == {}


def test_what_leans_on_the_question_before_is_told_of_questions_by_another_hand() -> None:
    """.94 and .99 of all."""
    leans = QueryRewriting(packaged_intents().leaning).leans
    rows = read_questions(UNSEEN_LEANING)[::2]
    right = {
        name: [leans(text) is (name == Leaning.LEANS) for wanted, text in rows if wanted == name] for name, _ in rows
    }
    assert {name: len(found) for name, found in right.items()} == {"leans": LEANS, "alone": ASKED - LEANS}
    assert sum(right["leans"]) >= 0.86 * LEANS
    assert sum(right["alone"]) >= 0.97 * (ASKED - LEANS)


def test_what_perhaps_leans_is_told_from_what_surely_does() -> None:
    leaning = packaged_intents().leaning
    assert leaning("And in France?") is Leaning.LEANS
    assert leaning("How many people were searched?") is Leaning.MAY_LEAN
    assert leaning("How long did the Guardia Civil watch the chat room in Operación Cerbero?") is Leaning.ALONE


def test_what_asks_how_a_case_ended_is_told_of_questions_by_another_hand() -> None:
    """.91, .99 and .92 of all; by patterns of words .85 asked for no outcome, and .51 of the others for one."""
    rows = read_questions(UNSEEN_OUTCOMES)
    told = evaluate_outcomes(rows[::2], packaged_intents())
    assert told[OTHER] >= 0.86
    assert min(told[outcome] for outcome in Outcome) >= 0.88


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
        ("How many people were arrested? Who caught the thief?", None),
        ("Is the minister a thief? Yes or no.", Outcome.VERDICT),
        ("Is the minister a thief?", Outcome.VERDICT),
        ("Dime si el maestro es culpable", Outcome.VERDICT),
        ("Why is the mayor guilty?", Outcome.VERDICT),
        ("Did anyone go to prison for it in the end? Thanks", Outcome.VERDICT),
        ("Is there a criminal investigation?", None),
        ("¿Cuántos años de cárcel les podían caer a los detenidos?", None),
        ("I read about the verdict yesterday. How many computers did the police take?", None),
    ],
)
def test_the_last_of_several_sentences_asks_for_an_outcome_or_not(question: str, outcome: Outcome | None) -> None:
    assert packaged_intents().outcome(question) is outcome


def test_questions_without_a_topic_are_known() -> None:
    classify = packaged_intents().classify
    assert not classify("Summarise the case").topical
    assert classify("Give me a summary of the bridge collapse in Genoa").topical


def test_a_question_has_one_class_of_each_kind() -> None:
    likely = packaged_questions().read("¿Qué pasó después?").likely
    assert [round(sum(likely[name] for name in kind), 3) for kind in KINDS] == [1.0, 1.0, 1.0]


class Weighed:
    """A `QuestionModel` that says the same of every question."""

    def __init__(self, **likely: float) -> None:
        self._likely = dict.fromkeys([str(name) for kind in KINDS for name in kind], 0.0)
        self._likely |= {name.replace("_", " "): share for name, share in likely.items()}

    def read(self, question: str) -> QuestionReading:
        return QuestionReading(self._likely, Span(0, len(question)))

    def read_outlet(self, question: str, name: Span) -> None:
        return None


@pytest.mark.parametrize(
    ("likely", "asked"),
    [
        ({"small_talk": 0.82, "fact": 0.18}, Asked(Intent.SMALL_TALK, certain=False)),
        ({"small_talk": 0.42, "service": 0.55}, Asked(Intent.SERVICE)),
        ({"small_talk": 0.75, "fact": 0.25}, FACT),
        ({"chronology": 0.55, "overview": 0.35, "small_talk": 0.1}, Asked(Intent.CHRONOLOGY, certain=False)),
        ({"chronology": 0.55, "overview": 0.42, "fact": 0.03}, Asked(Intent.CHRONOLOGY)),
        ({"list": 0.35, "overview": 0.2, "fact": 0.45}, Asked(Intent.LIST, certain=False, likely=False)),
        ({"chronology": 0.1, "chronology_of_all": 0.85}, Asked(Intent.CHRONOLOGY, topical=False)),
        ({"list": 0.45, "fact": 0.55}, FACT),
    ],
)
def test_what_is_wanted_follows_from_how_likely_each_wish_is(likely: dict[str, float], asked: Asked) -> None:
    assert IntentClassifier(Weighed(**likely)).classify("any") == asked


def test_a_number_is_no_remark() -> None:
    thanks = IntentClassifier(Weighed(small_talk=0.9, fact=0.1))
    assert thanks.classify("any thanks").intent is Intent.SMALL_TALK
    assert thanks.classify("COM(2024) 60") == FACT


def test_without_a_model_a_question_asks_for_a_fact_and_stands_alone() -> None:
    nothing = IntentClassifier()
    assert nothing.classify("thank you") == FACT
    assert nothing.leaning("and then?") is Leaning.ALONE
    assert nothing.outcome("Was anyone convicted?") is None
    assert nothing.outcome("Is the minister guilty?") is Outcome.VERDICT
    assert nothing.asked("who is alonso, thanks") == "who is alonso, thanks"


def test_what_others_say_beside_a_question_is_left_out_and_nothing_that_is_of_its_matter() -> None:
    """.71, .99 and .99 of a third of all, to the letter."""
    told = evaluate_asides(read_questions(UNSEEN)[::4], packaged_intents())
    assert told["with an aside"] >= 0.6
    assert told["alone"] >= 0.97
    assert told["behind a sentence of a report"] >= 0.97


BESIDE, ASKING = 4.0, -2.0  # log odds of tokens


@pytest.mark.parametrize(
    ("odds", "asked"),
    [
        ((BESIDE, BESIDE, BESIDE, BESIDE, ASKING, ASKING), "who left?"),
        ((ASKING, BESIDE, BESIDE, BESIDE, ASKING, ASKING), "for my class, please, who left?"),  # 10 are not sure
        ((BESIDE, BESIDE, BESIDE, ASKING, ASKING, ASKING), "please, who left?"),
        ((ASKING, ASKING, ASKING, BESIDE, BESIDE, BESIDE), "for my class,"),
        ((BESIDE, BESIDE, BESIDE, BESIDE, BESIDE, BESIDE), "for my class, please, who left?"),
        ((ASKING, ASKING, BESIDE, BESIDE, BESIDE, ASKING), "for my class, please, who left?"),  # amid it
    ],
)
def test_what_is_surely_beside_a_question_is_before_or_behind_it(odds: Sequence[float], asked: str) -> None:
    text = "for my class, please, who left?"
    spans = [Span(match.start(), match.end()) for match in re.finditer(r"\S+", text)]
    span = asked_of(text, list(zip(spans, odds, strict=True)))
    assert text[span.start : span.end] == asked


class Cut:
    """A `QuestionModel` that finds some words alone to ask."""

    def __init__(self, words: str) -> None:
        self._words = words

    def read(self, question: str) -> QuestionReading:
        start = question.index(self._words)
        return QuestionReading({}, Span(start, start + len(self._words)))

    def read_outlet(self, question: str, name: Span) -> None:
        return None


def test_something_is_asked_and_no_guilt_left_out() -> None:
    assert IntentClassifier(Cut(" who left?")).asked("for my class: who left? thanks") == "who left?"
    assert IntentClassifier(Cut(",")).asked("thanks, that was helpful") == "thanks, that was helpful"
    guilty = "is he guilty, i wonder: who left?"
    assert IntentClassifier(Cut("who left?")).asked(guilty) == guilty


def test_whose_reports_are_wanted_is_told_from_who_is_asked_about() -> None:
    told = evaluate_outlets(outlet_rows(UNSEEN_OUTLETS), packaged_intents())
    assert told["reports wanted: True"] >= 0.82
    assert told["reports wanted: False"] <= 0.11
    assert told["told, where wanted is: topic"] >= 0.7
    assert told["told, where wanted is: fact"] <= 0.16


def test_a_name_beyond_what_is_read_is_nobodys() -> None:
    question = f"{'wörd-' * 190}who sued Reuters?"
    assert packaged_questions().read_outlet(question, Span(len(question) - 8, len(question) - 1)) is None
    assert IntentClassifier().read_outlet("What did the Tribune say?", Span(13, 20)) is None


def test_what_lies_beyond_the_tokens_is_no_aside() -> None:
    odds = [(Span(0, 3), -9.0), (Span(3, 8), 20.0)]
    assert asked_of("who left", odds) == Span(0, 3)
    assert asked_of("who left in May?", odds) == Span(0, 16)


def test_no_word_is_cut_in_half() -> None:
    odds = [(Span(0, 7), 20.0), (Span(7, 12), -5.0)]
    assert asked_of("foreverwhen?", odds) == Span(0, 12)
    assert asked_of("", []) == Span(0, 0)


def test_what_is_said_before_a_question_is_no_part_of_its_wish() -> None:
    classify = packaged_intents().classify
    preamble = "I'm writing a piece on Europe's rule about storing phone and internet records. "
    assert not classify("GIVE ME AN OVERVIEW OF EVERYTHING").topical
    asked = classify(preamble + "Could you give me the timeline, from the first plans to the day the judges killed it?")
    assert (asked.intent, asked.topical) == (Intent.CHRONOLOGY, True)
    # Nearly as much a list as a fact, .49 each: which of them comes first depends on the processor.
    asked = classify("I remember some raids before Christmas. How many people were taken in?")
    assert asked == FACT or (asked.intent is Intent.LIST and not asked.likely)
