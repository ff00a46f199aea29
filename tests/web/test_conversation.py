"""A conversation and its seal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.web.answers import Conversation, seal, unseal

KEY = b"k" * 32


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
    assert unseal(seal(conversation, key=KEY), key=KEY) == conversation


@given(st.text(), st.integers(0, 10_000))
def test_what_was_altered_does_not(text: str, place: int) -> None:
    sealed = seal(Conversation().with_turn("q", "<p>r</p>", keep=3), key=KEY)
    assert unseal(text, key=KEY) is None
    place %= len(sealed)
    altered = sealed[:place] + ("x" if sealed[place] != "x" else "y") + sealed[place + 1 :]
    assert unseal(altered, key=KEY) in (None, unseal(sealed, key=KEY))  # the last character has bits to spare
    assert unseal(sealed, key=b"another") is None
