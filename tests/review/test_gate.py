"""The gate shuts on a planted regression, and floors are not lowered in silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa.errors import InputError
from qa.models.replies import Answer, Question, Reply, Statement
from qa.review.gate import Floors, Known, ask_all, by_group, judge, misses, pin, read_floors, table

from .conftest import answer, body, perfect, refuse

TODAY = date(2026, 1, 2)
DIGEST = "d" * 64


@pytest.fixture
def floors(known: list[Known]) -> Floors:
    measured = by_group(ask_all(known, perfect, body))
    return pin(None, measured, digest=DIGEST, reason=None, today=TODAY)


def garbled(question: Question) -> Reply:
    """One letter of each quote is another."""
    reply = perfect(question)
    if not isinstance(reply, Answer):
        return reply
    quotes = [replace(quote, text=quote.text.replace("o", "0", 1)) for quote in reply.citations]
    return Answer(question, tuple(Statement(quote.text, (quote,)) for quote in quotes))


def wrong_article(question: Question) -> Reply:
    reply = perfect(question)
    return answer(question, ("flood", "The river rose by two metres.")) if isinstance(reply, Answer) else reply


def answers_what_is_not_there(question: Question) -> Reply:
    reply = perfect(question)
    if isinstance(reply, Answer):
        return reply
    return answer(question, ("fire", "The mill burned on Monday."), ("fire", "Nobody was hurt."))


def one_refused(question: Question) -> Reply:
    return refuse(question) if question.text.startswith("How many") else perfect(question)


def test_what_was_pinned_passes(known: list[Known], floors: Floors) -> None:
    outcomes = ask_all(known, perfect, body)
    assert judge(by_group(outcomes), floors, digest=DIGEST) == []
    assert not list(misses(outcomes))


@pytest.mark.parametrize(
    ("regression", "measures"),
    [
        (garbled, {"answered_right", "verbatim", "wrong_answers"}),
        (wrong_article, {"answered_right", "first_right"}),
        (refuse, {"answered_right", "wrong_refusals", "verbatim"}),
        (answers_what_is_not_there, {"refused_right", "wrong_answers"}),
    ],
)
def test_a_planted_regression_shuts_the_gate(
    known: list[Known], floors: Floors, regression: Callable[[Question], Reply], measures: set[str]
) -> None:
    outcomes = ask_all(known, regression, body)
    failures = judge(by_group(outcomes), floors, digest=DIGEST)
    assert all(any(measure in failure for failure in failures) for measure in measures)
    assert list(misses(outcomes))


def test_without_floors_the_gate_is_shut(known: list[Known]) -> None:
    failures = judge(by_group(ask_all(known, perfect, body)), None, digest=DIGEST)
    assert failures == ["No floors are pinned. Run `qa gate --pin` and say so in the changelog."]


def test_a_changed_corpus_shuts_the_gate(known: list[Known], floors: Floors) -> None:
    (failure,) = judge(by_group(ask_all(known, perfect, body)), floors, digest="e" * 64)
    assert "run `qa gate --pin` and say why in the changelog" in failure


def test_a_measure_that_is_gone_shuts_the_gate(known: list[Known], floors: Floors) -> None:
    english = [one for one in known if one.language == "en"]
    assert judge(by_group(ask_all(english, perfect, body)), floors, digest=DIGEST)


@pytest.mark.parametrize("reason", [None, "  "])
def test_lowering_is_refused_without_a_reason(known: list[Known], floors: Floors, reason: str | None) -> None:
    measured = by_group(ask_all(known, one_refused, body))
    with pytest.raises(InputError, match="would lower"):
        pin(floors, measured, digest=DIGEST, reason=reason, today=TODAY)


def test_lowering_with_a_reason_stays_in_the_file(known: list[Known], floors: Floors, tmp_path: Path) -> None:
    measured = by_group(ask_all(known, one_refused, body))
    lowered = pin(floors, measured, digest=DIGEST, reason="q2 was wrong", today=TODAY)
    (tmp_path / "floors.json").write_text(lowered.model_dump_json())
    kept = read_floors(tmp_path / "floors.json")
    assert kept is not None
    assert kept.floors["all"]["answered_right"] == 0.75
    assert kept.floors["all"]["wrong_refusals"] == 0.25
    (entry,) = kept.history
    assert entry["reason"] == "q2 was wrong"
    assert entry["date"] == "2026-01-02"
    assert entry["lowered"]["all.answered_right"] == [1.0, 0.75]  # type: ignore[index]
    again = pin(kept, measured, digest=DIGEST, reason=None, today=TODAY)
    assert again.history == kept.history


def test_raising_needs_no_reason(known: list[Known], floors: Floors) -> None:
    low = pin(None, by_group(ask_all(known, one_refused, body)), digest=DIGEST, reason=None, today=TODAY)
    assert pin(low, by_group(ask_all(known, perfect, body)), digest=DIGEST, reason=None, today=TODAY) == floors


def test_thirds_are_rounded_so_that_what_was_measured_passes(known: list[Known]) -> None:
    three = known[:3]
    outcomes = ask_all(three, one_refused, body)
    floors = pin(None, by_group(outcomes), digest=DIGEST, reason=None, today=TODAY)
    assert floors.floors["all"]["answered_right"] == 0.6666
    assert floors.floors["all"]["wrong_refusals"] == 0.3334
    assert judge(by_group(outcomes), floors, digest=DIGEST) == []


def test_unreadable_floors_say_so(tmp_path: Path) -> None:
    (tmp_path / "floors.json").write_text("{")
    with pytest.raises(InputError, match="can be read"):
        read_floors(tmp_path / "floors.json")
    assert read_floors(tmp_path / "none.json") is None


def test_the_table_shows_floors_and_ceilings(known: list[Known], floors: Floors) -> None:
    shown = table(by_group(ask_all(known, perfect, body)), floors)
    assert "≥ 1.000" in shown
    assert "≤ 0.000" in shown


def test_how_far_apart_languages_are_is_held_to_a_ceiling_set_by_hand(known: list[Known]) -> None:
    other = known[0].model_copy(update={"id": "q1-es", "question": "¿Cuándo ardió el molino?", "lang": "es"})
    both = [known[0], other]
    outcomes = ask_all(both, lambda asked: refuse(asked) if "ardió" in asked.text else perfect(asked), body)
    measured = by_group(outcomes)
    pinned = pin(None, measured, digest=DIGEST, reason=None, today=TODAY)
    assert "gap" not in pinned.floors
    assert judge(measured, pinned, digest=DIGEST) == []
    strict = pinned.model_copy(update={"floors": {**pinned.floors, "gap": {"gap_answered": 0.05}}})
    assert judge(measured, strict, digest=DIGEST) == ["gap: gap_answered is 1.0000, its ceiling 0.0500"]
    assert pin(strict, measured, digest=DIGEST, reason=None, today=TODAY).floors == strict.floors
