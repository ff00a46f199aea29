"""Names that are put in for "he" or "the company", in sentences that else have their source's words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qa.generation.verification import NAMES, NOT_BORNE_OUT, SUPPORTS, Verifier
from qa.models.support import CheckStep, Support
from qa.protocols import SupportReading, Window
from tests.checking.conftest import ground

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
    support, model = checked(sentence, NAMES + 0.05)
    assert support.full, support
    support, model = checked(sentence, NAMES - 0.05)
    assert support.reasons == (NOT_BORNE_OUT,)
    assert support.stopped_by is CheckStep.SUPPORT
    assert model.asked[0][1].startswith("Harbour Secretary Richard Lund met"), "it reads who was named before"


def test_what_else_is_otherwise_is_read_as_any_sentence_is() -> None:
    """It is held to the likelihood of sentences in other words, not to that of names alone."""
    exchanged = "Richard Lund said the quay would end last week and the strike would open on Monday."
    assert not checked(exchanged, SUPPORTS - 0.05)[0].full
    assert checked(exchanged, SUPPORTS)[0].full


@pytest.mark.parametrize(
    "sentence",
    [
        "Harbour Secretary Richard Lund will come to Arden again.",  # stands so in the passage
        "Lund met the dockers' union in Arden yesterday.",
    ],
)
def test_a_longer_or_shorter_form_of_a_name_needs_no_model(sentence: str) -> None:
    support, model = checked(sentence)
    assert support.full, support
    assert model.asked == []


def test_a_name_from_another_passage_of_the_article_is_read_with_it() -> None:
    model = Recording(0.9)
    first, second = REPORT.split(" He said", 1)
    grounds = [ground(f"He said{second}"), ground(first)]
    sentence = "Richard Lund said the strike would end last week and the quay would open on Monday."
    assert Verifier(grounds, support=model).check(sentence, [1]).support.full
    assert model.asked[0][1].startswith(
        "Harbour Secretary Richard Lund met the dockers' union in Arden yesterday. He said"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "The strike would end in the week of 7 March 2005 to 13 March 2005, he said.",
        "The strike would end between 7 March 2005 and 13 March 2005, he said.",
    ],
)
def test_a_week_may_be_given_by_its_first_and_last_day(sentence: str) -> None:
    assert Verifier([ground("He said the strike would end last week.")]).check(sentence, [1]).support.full
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
    other = "Lund Inc said on 17 March 2005 the quay will open soon."
    assert not Verifier([report], support=Recording(0.0)).check(other, [1]).support.full
