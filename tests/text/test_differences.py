"""What differs between two texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text import differences
from qa.text.differences import Stretch, differing_paragraphs

KEPT, REMOVED, ADDED = "kept", "removed", "added"
TEXTS = st.lists(st.sampled_from(["The port", " is", " open", " shut", ".\n\n", "Ships wait", " é"]), max_size=14).map(
    "".join
)


def test_words_are_compared_within_a_paragraph() -> None:
    found = differing_paragraphs("The port is shut.\n\nShips wait.", "The port is open.\n\nShips wait.")
    assert found == [
        [Stretch(KEPT, "The port is"), Stretch(REMOVED, " shut."), Stretch(ADDED, " open.")],
        [Stretch(KEPT, "Ships wait.")],
    ]


def test_paragraphs_that_came_and_went() -> None:
    assert differing_paragraphs("One.\n\nTwo.", "One.\n\nTwo.\n\nThree.")[-1] == [Stretch(ADDED, "Three.")]
    assert differing_paragraphs("One.\n\nTwo.", "Two.")[0] == [Stretch(REMOVED, "One.")]
    assert differing_paragraphs("", "") == []


def test_very_long_paragraphs_are_compared_as_wholes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differences, "MOST_WORDS", 3)
    assert differing_paragraphs("one two three", "one two other")[0][0] == Stretch(KEPT, "one two")
    assert differing_paragraphs("one two three four", "one two three other")[0][0].change == REMOVED


@given(TEXTS, TEXTS)
def test_both_texts_can_be_made_of_the_stretches(before: str, after: str) -> None:
    found = differing_paragraphs(before, after)
    for text, left_out in ((before, ADDED), (after, REMOVED)):
        paragraphs = ["".join(one.text for one in stretches if one.change != left_out) for stretches in found]
        expected = [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]
        assert [paragraph for paragraph in paragraphs if paragraph] == expected
