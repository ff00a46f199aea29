"""The measures, each sum redone by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.models.replies import Answer, Question, Reply, Statement
from qa.review.gate import Known, Share, ask_all, by_group, measures, table

from .conftest import BODIES, KNOWN, answer, body, known_of, perfect, refuse


def mixed(question: Question) -> Reply:
    """Two right (one of them second), one from a wrong sentence, one wrongly refused, one of two refused rightly."""
    match question.text:
        case "When did the mill burn?":
            return answer(question, ("fire", "The mill burned on Monday."), ("fire", "Nobody was hurt."))
        case "How many looms were lost?":
            return answer(question, ("fire", "Nobody was hurt."), ("fire", BODIES["fire"][27:]))
        case "When was the bridge closed?":
            return answer(question, ("flood", "The river rose by two metres."))
        case "Who set fire to the mill?":
            return answer(question, ("fire", "Nobody was hurt."))
    return refuse(question)


def test_measures_by_hand(known: list[Known]) -> None:
    assert measures(ask_all(known, mixed, body)) == {
        "answered_right": Share(2, 4),  # q1, q2
        "first_right": Share(1, 4),  # q1
        "refused_right": Share(1, 2),  # u2
        "wrong_answers": Share(2, 6),  # q3, u1
        "wrong_refusals": Share(1, 4),  # q4
        "verbatim": Share(6, 6),
    }


def test_measures_by_set_and_language(known: list[Known]) -> None:
    groups = by_group(ask_all(known, mixed, body))
    assert list(groups) == ["all", "dev", "held", "en", "es"]
    assert groups["dev"]["answered_right"] == Share(1, 2)
    assert groups["held"]["answered_right"] == Share(1, 2)
    assert groups["es"]["wrong_refusals"] == Share(1, 1)
    assert groups["en"]["wrong_refusals"] == Share(0, 3)


def test_the_gap_between_languages_is_that_of_as_many_questions() -> None:
    """Of two answerable pairs both are right in English, one in Spanish; the unanswerable one is refused in both."""
    english = [*(one for one in KNOWN if one.language == "en" and one.answerable)][:2]
    english.append(known_of("u", "Who set fire to the mill?", [], "dev"))
    spanish = [
        one.model_copy(update={"id": f"{one.id}-es", "question": f"¿{one.question}", "lang": "es"}) for one in english
    ]

    def better_in_english(question: Question) -> Reply:
        if question.text == f"¿{english[0].question}" or question.text.endswith(english[2].question):
            return refuse(question)
        return perfect(Question(question.text.removeprefix("¿")))

    groups = by_group(ask_all([*english, *spanish], better_in_english, body))
    assert groups["gap"] == {"gap_answered": Share(1, 2), "gap_refused": Share(0, 1)}
    assert "0.500 apart, not yet within the 0.05" in table(groups, None)


def test_share_of_nothing_has_no_value() -> None:
    assert Share(0, 0).value is None
    assert Share(1, 4).value == 0.25


def test_same_sentence_of_another_article_is_not_right(known: list[Known]) -> None:
    def misattributed(question: Question) -> Reply:
        reply = answer(question, ("fire", "The mill burned on Monday."))
        quote = replace(reply.citations[0], source=replace(reply.citations[0].source, article_id="flood"))
        return Answer(question, (Statement(quote.text, (quote,)),))

    outcome = ask_all(known[:1], misattributed, body)[0]
    assert outcome.right == (False,)
    assert outcome.verbatim == (False,)


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_quote_off_by_one_is_not_verbatim(known: list[Known], shift: int) -> None:
    def shifted(question: Question) -> Reply:
        reply = answer(question, ("fire", "Nobody was hurt."))
        quote = replace(reply.citations[0], start=reply.citations[0].start + shift, end=reply.citations[0].end + shift)
        return Answer(question, (Statement(quote.text, (quote,)),))

    assert ask_all(known[:1], shifted, body)[0].verbatim == (False,)


def test_perfect_replies_are_perfect(known: list[Known]) -> None:
    groups = by_group(ask_all(known, perfect, body))
    assert "gap" not in groups, "of other questions there is none"
    for shares in groups.values():
        wrong = {name: share.value for name, share in shares.items() if name.startswith("wrong")}
        assert wrong == {"wrong_answers": 0.0, "wrong_refusals": 0.0}
        assert {share.value for name, share in shares.items() if name not in wrong} == {1.0}
