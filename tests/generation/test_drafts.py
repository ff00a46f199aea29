from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.generation.drafts import BAD_MARK, MOST_MARKS, Draft, declines, drafts

LONGEST_WRITTEN = 4_800
"""Characters that a model may write for an answer by default."""


def in_pieces(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def cut(text: str, size: int = 7) -> list[tuple[str, tuple[int, ...]]]:
    return [(draft.text, draft.cited) for draft in drafts(in_pieces(text, size))]


@pytest.mark.parametrize("size", [1, 3, 7, 1_000])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It began in May [1]. It ended in June [2][3].", [("It began in May.", (1,)), ("It ended in June.", (2, 3))]),
        ("It began in May. [1] It ended. [2]", [("It began in May.", (1,)), ("It ended.", (2,))]),
        ("It began in May.[1, 3] It ended.[2; 4]", [("It began in May.", (1, 3)), ("It ended.", (2, 4))]),
        ("Both are named [1 and 2]. Ambos [1 y 2].", [("Both are named.", (1, 2)), ("Ambos.", (1, 2))]),
        ("Three of them [2-4].", [("Three of them.", (2, 3, 4))]),
        ("In the middle [1] of it.", [("In the middle of it.", (1,))]),
        ("It is said twice [1] [1].", [("It is said twice.", (1,))]),
        ("Mr. Lund spoke at 5 p.m. to the port [1].", [("Mr. Lund spoke at 5 p.m. to the port.", (1,))]),
        ("He said “no more.” [1] They left [2].", [("He said “no more.”", (1,)), ("They left.", (2,))]),
        ("- One thing [1]\n- Another thing [2]\n", [("One thing", (1,)), ("Another thing", (2,))]),
        ("1. One thing [1].\n2. Another [2].", [("One thing.", (1,)), ("Another.", (2,))]),
        ("**It began** in May [1].", [("It began in May.", (1,))]),
        ("<think>What is [9]? Let me see.</think>It began in May [1].", [("It began in May.", (1,))]),
        ("Fullwidth ［２］. Japanese 【3】.", [("Fullwidth.", (2,)), ("Japanese.", (3,))]),
        ("It has no mark.", [("It has no mark.", ())]),
    ],
)
def test_sentences_come_with_the_numbers_they_cite(text: str, expected: list[object], size: int) -> None:
    assert cut(text, size) == expected


@pytest.mark.parametrize("mark", ["[1-999]", "[0]", "[12345]", "[5-2]", "[" + ",".join(map(str, range(1, 30))) + "]"])
def test_a_mark_that_is_none_is_known_as_bad(mark: str) -> None:
    (draft,) = drafts([f"It began in May {mark}."])
    assert BAD_MARK in draft.cited
    assert len(draft.cited) <= MOST_MARKS


def test_a_sentence_comes_as_soon_as_the_next_has_begun() -> None:
    seen: list[str] = []

    def said() -> Iterator[str]:
        for piece in ("It began in May [1]. ", "It ", "ended ", "in June [2]."):
            seen.append(piece)
            yield piece

    first = next(drafts(said()))
    assert first == Draft("It began in May.", (1,))
    assert len(seen) < 4


def test_a_sentence_cut_off_in_its_middle_is_known_as_such() -> None:
    first, last = drafts(["It began in May [1]. It ended in the mid"])
    assert first.whole
    assert not last.whole


@pytest.mark.parametrize("text", ["", "   \n", "[1]", "[1][2] [3]", "<think>for ever"])
def test_what_holds_no_sentence_gives_none(text: str) -> None:
    assert cut(text) == []


@given(st.text(alphabet=st.sampled_from("aB .1[]-,\n“<*]"), max_size=120), st.integers(1, 9))
def test_no_text_breaks_it_and_no_mark_is_left_in_it(text: str, size: int) -> None:
    for draft in drafts(in_pieces(text, size)):
        assert draft.text.strip()
        assert "[1]" not in draft.text


@pytest.mark.parametrize("unit", [" ", "\n- ", "[ ", "[1, ", "[1]", "a\n"])
def test_a_model_that_writes_nothing_but_blanks_and_signs_is_read_in_bounded_time(unit: str) -> None:
    written = (unit * LONGEST_WRITTEN)[:LONGEST_WRITTEN]
    started = time.process_time()
    assert all(draft.text for draft in drafts(in_pieces(written, 12)))
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("text", "declined"),
    [
        ("NOT ANSWERED", True),
        ("Not answered.", True),
        ("The question is NOT ANSWERED by the passages.", True),
        ("Calls to the ministry were not answered.", False),
    ],
)
def test_what_a_source_says_of_calls_is_no_refusal(text: str, declined: bool) -> None:
    assert declines(Draft(text, ())) is declined
