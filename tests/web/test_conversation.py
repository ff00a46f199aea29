"""A conversation and its seal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.web.context import WebContext
from qa.web.page import Conversation, QuestionController

from .fake_room import FakeRoom

CONTROLLER, OTHER = (QuestionController(WebContext(FakeRoom())) for _ in range(2))


def unsealed(text: str, *, by: QuestionController = CONTROLLER) -> Conversation:
    return by.restored(text).conversation


def test_the_newest_turns_stay_and_all_are_counted() -> None:
    conversation = Conversation()
    for number in range(1, 10):
        conversation = conversation.with_turn(f"q{number}", f"<p>{number}</p>", keep=3)
    assert conversation.questions == ("q7", "q8", "q9")
    assert conversation.questions_asked == 9
    assert conversation.html == "<p>7</p>\n\n<p>8</p>\n\n<p>9</p>"


@given(st.lists(st.tuples(st.text(), st.text()), max_size=4))
def test_what_is_sealed_comes_back(turns: list[tuple[str, str]]) -> None:
    conversation = Conversation()
    for question, html in turns:
        conversation = conversation.with_turn(question, html, keep=3)
    assert unsealed(CONTROLLER.seal(conversation)) == conversation


@given(st.text(), st.integers(0, 10_000))
def test_what_was_altered_does_not(text: str, place: int) -> None:
    nothing, conversation = Conversation(), Conversation().with_turn("q", "<p>r</p>", keep=3)
    sealed = CONTROLLER.seal(conversation)
    assert unsealed(text) == nothing
    place %= len(sealed)
    altered = sealed[:place] + ("x" if sealed[place] != "x" else "y") + sealed[place + 1 :]
    assert unsealed(altered) in (nothing, conversation)  # the last character has bits to spare
    assert unsealed(sealed, by=OTHER) == nothing
