"""Names that are put in for "he" or "the company", in sentences that else have their source's words."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from qa.generation.facts import CUT_SHORT, ORDER_ELSE, Facts, extract_objections, restored
from qa.generation.verification import NOT_BORNE_OUT, SUPPORTS, Verifier
from qa.models.support import CheckStep, Support
from qa.protocols import SupportReading, Window
from qa.text.sentences import sentence_spans
from tests.checking.conftest import PUBLISHED, ground

REPORT = (
    "Harbour Secretary Richard Lund met the dockers' union in Arden yesterday. Northern Ferries, which runs the boats, "
    "was there, too. He said the strike would end last week and the quay would open on Monday. The company said it had "
    "lost four ships since the storm, and that the union had won two votes. Lund will come to Arden again."
)


class Recording:
    """A `SupportModel` that gives one likelihood to all, and remembers what it was asked."""

    fingerprint = "fake support"

    def __init__(self, likelihood: float) -> None:
        self._likelihood, self.asked = likelihood, list[tuple[str, str]]()

    def weigh(self, claim: str, windows: Sequence[Window]) -> list[SupportReading]:
        self.asked += [(claim, window.text) for window in windows]
        return [SupportReading(self._likelihood, 1 - self._likelihood, 0.0) for _ in windows]


def checked(sentence: str, likelihood: float = 0.0) -> tuple[Support, Recording]:
    model = Recording(likelihood)
    return Verifier([ground(REPORT)], support=model).check(sentence, [1]).support, model


@pytest.mark.parametrize(
    "sentence",
    [
        "Richard Lund said the strike would end last week and the quay would open on Monday.",
        "Harbour Secretary Richard Lund said the strike would end last week.",
        "Northern Ferries said it had lost four ships since the storm, and that the union had won two votes.",
        "Northern Ferries, which runs the boats, said it had lost four ships since the storm.",
    ],
)
def test_whether_a_name_is_the_right_one_is_left_to_the_support_model(sentence: str) -> None:
    support, model = checked(sentence, SUPPORTS + 0.02)
    assert support.full, support
    support, model = checked(sentence, SUPPORTS - 0.02)
    assert support.reasons == (NOT_BORNE_OUT,)
    assert support.stopped_by is CheckStep.SUPPORT
    assert model.asked[0][1].startswith("Harbour Secretary Richard Lund met"), "it reads who was named before"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Richard Lund said the quay would end last week and the strike would open on Monday.", ORDER_ELSE),
        ("Northern Ferries said the union had lost four ships since the storm.", CUT_SHORT),
    ],
)
def test_all_but_the_name_is_held_against_the_source_by_code(sentence: str, reason: str) -> None:
    support, _ = checked(sentence, 1.0)
    assert reason in support.reasons
    assert support.stopped_by is CheckStep.FACTS


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Chrysler plants in Arden closed on Monday.", "No Chrysler plants in Arden closed on Monday."),
        ("Some Chrysler plants in Arden closed.", "Chrysler plants in Arden closed. Some Chrysler dealers wept."),
        ("No Chrysler plants in Arden closed.", "Chrysler plants in Arden closed. There is no Chrysler dealer here."),
        ("John Smith won the seat in Arden.", "Anna Smith won the seat in Arden. John Smith lost a house."),
        ("Anna Smith won the seat in Arden.", "John Smith won the seat in Arden. Anna Smith lost a house."),
        ("The Green Party won ten seats in Arden.", "The Labour Party won ten seats in Arden. The Green Party lost."),
        ("Smith sold the house in Arden.", "Nobody believes Smith sold the house in Arden."),
        ("Ann Lee said the house in Arden was sold.", "The man who hurt Ann Lee said the house in Arden was sold."),
        ("President Bush opened the house in Arden.", "Vice President Bush opened the house in Arden."),
        ("Forty were hurt in the old house.", "Forty shops closed. They were hurt in the old house."),
        ("Iraq fired at the house in Arden.", "Iraq was silent. The United States fired at the house in Arden."),
        ("Ruiz ganó la plaza de Arden el lunes.", "Ningún Ruiz ganó la plaza de Arden el lunes."),
    ],
)
def test_no_other_statement_passes_for_a_name_put_in(sentence: str, text: str) -> None:
    model = Recording(SUPPORTS - 0.02)
    assert not Verifier([ground(text)], support=model).check(sentence, [1]).support.full
    written = Facts(sentence, PUBLISHED, "es" if sentence.startswith("Ruiz") else "en")
    for span in sentence_spans(text):
        source = ground(text[span.start : span.end], language=written.language)
        ways = restored(written, source.text, text)
        assert not any(extract_objections(words, source) == () for words in ways), "it is none with a name put in"


def test_a_hostile_sentence_is_held_against_many_passages_in_bounded_time() -> None:
    passages = [ground(f"{REPORT} It saw them and they saw it. " * 3)] * 12
    words = " ".join(f"Northern Ferries his her it they {number}" for number in range(12))
    began = time.monotonic()
    Verifier(passages, support=Recording(0.5)).check(f"{words}.", range(1, 13))
    assert time.monotonic() - began < 10


def test_a_name_from_an_earlier_passage_of_the_article_is_read_with_it() -> None:
    model = Recording(0.9)
    first, second = REPORT.split(" He said", 1)
    later = replace(ground(f"He said{second}"), start=len(first) + 1)
    sentence = "Richard Lund said the strike would end last week and the quay would open on Monday."
    assert Verifier([later, ground(first)], support=model).check(sentence, [1]).support.full
    assert model.asked[0][1].startswith("Harbour Secretary Richard Lund met the dockers")
    assert "was there, too. He said" in model.asked[0][1]


def test_who_is_named_only_later_is_not_read_as_named_before() -> None:
    model = Recording(0.9)
    first, second = REPORT.split(" He said", 1)
    later = replace(ground(first), start=len(second) + 10)
    sentence = "Richard Lund said the strike would end last week and the quay would open on Monday."
    Verifier([ground(f"He said{second}"), later], support=model).check(sentence, [1])
    assert not any("Richard Lund met" in evidence for _, evidence in model.asked)


def test_the_day_of_publication_is_no_other_day() -> None:
    sentence = "The sale is effective from 17 March 2005, they said."
    assert not Verifier([ground("The sale is effective from tomorrow, they said.")]).check(sentence, [1]).support.full
    assert Verifier([ground("The sale is effective from today, they said.")]).check(sentence, [1]).support.full


def test_whom_a_name_is_put_in_for_is_shown_with_it() -> None:
    checked = Verifier([ground(REPORT)], support=Recording(0.9)).check(
        "Northern Ferries said it had lost four ships since the storm.", [1]
    )
    assert checked.rests_on[0].text.startswith("Northern Ferries, which runs the boats")
    assert checked.rests_on[0].text.endswith("the union had won two votes.")


@pytest.mark.parametrize(
    "sentence",
    [
        "The strike would end in the week of 7 March 2005 to 13 March 2005, he said.",
        "The strike would end between 7 March 2005 and 13 March 2005, he said.",
    ],
)
def test_a_week_may_be_given_by_its_first_and_last_day(sentence: str) -> None:
    assert Verifier([ground("He said the strike would end last week.")]).check(sentence, [1]).support.full
    filled = sentence.replace(" to ", ", when nobody looked, and on ").replace(" and 13", ", when Lund slept, and 13")
    assert not Verifier([ground("He said the strike would end last week.")]).check(filled, [1]).support.full
    other = sentence.replace("13 March", "12 March")
    assert not Verifier([ground("He said the strike would end last week.")]).check(other, [1]).support.full


def test_the_outlet_may_be_credited_with_its_day() -> None:
    report = ground("The quay will open soon, (Lund Inc) said.")
    assert (
        Verifier([report])
        .check("The quay will open soon, Lund Inc said, the Post reported on 17 March 2005.", [1])
        .support.full
    )
    assert (
        not Verifier([report]).check("The quay will open soon, the Post reported on 17 March 2005.", [1]).support.full
    )
    spoken = "The quay will open on 17 March 2005, Lund Inc said, the Post reported."
    assert not Verifier([report], support=Recording(0.0)).check(spoken, [1]).support.full
    other = "Lund Inc said on 17 March 2005 the quay will open soon."
    assert not Verifier([report], support=Recording(0.0)).check(other, [1]).support.full
