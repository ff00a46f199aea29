"""What differs between two texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.differences import MOST_WORDS, Change, Stretch, differing_paragraphs

KEPT, REMOVED, ADDED = Change.KEPT, Change.REMOVED, Change.ADDED
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


@pytest.mark.parametrize("words", [MOST_WORDS, MOST_WORDS + 1])
def test_very_long_paragraphs_are_compared_as_wholes(words: int) -> None:
    before, after = ("word " * words).strip(), ("word " * (words - 1)).strip() + " other"
    (paragraph,) = differing_paragraphs(before, after)
    assert (paragraph[0].change is KEPT) == (words <= MOST_WORDS)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_made_of_the_stretches(before: str, after: str) -> None:
    found = differing_paragraphs(before, after)
    for text, left_out in ((before, ADDED), (after, REMOVED)):
        paragraphs = ["".join(one.text for one in stretches if one.change is not left_out) for stretches in found]
        expected = [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]
        assert [paragraph for paragraph in paragraphs if paragraph] == expected
