from __future__ import annotations

import pytest

from qa.loaders.paragraphs import join_lines, word_counts


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["The har-", "bour is open"], "The harbour is open"),
        (["a self-", "employed pilot"], "a self-employed pilot"),
        (["the Anglo-", "American line"], "the Anglo-American line"),
        (["from 1914-", "18 on"], "from 1914-18 on"),
        (["the ferry -", "it was late -", "sailed"], "the ferry - it was late - sailed"),
        (["the har\xad", "bour"], "the harbour"),
        (["one", "two"], "one two"),
        (["el ayunta-", "miento"], "el ayuntamiento"),
        (["a well-known-", "to-all pilot"], "a well-known-to-all pilot"),
        (["", "one", ""], "one"),
    ],
)
def test_parted_words_and_hyphens_of_their_own(lines: list[str], text: str) -> None:
    assert join_lines(lines).rstrip() == text


def test_the_text_itself_tells_how_a_word_is_written() -> None:
    assert join_lines(["the sea-", "side"], words=word_counts(["a sea-side walk"])) == "the sea-side"
    assert join_lines(["the self-", "same ship"], words=word_counts(["the selfsame ship"])) == "the selfsame ship"
