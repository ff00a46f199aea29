"""Properties of fusion, and its sums by hand."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models.archive import Passage, Source
from qa.models.replies import Hit
from qa.retrieval.fusion import Fuse, reciprocal_rank, standardised_sum


def passage(name: str) -> Passage:
    return Passage(Source(name, name.upper(), ""), 0, 4, "Text")


def hits(**scores: float) -> list[Hit]:
    return [Hit(passage(name), score) for name, score in sorted(scores.items(), key=lambda item: -item[1])]


names = st.sampled_from("abcdefgh")
scores = st.floats(-50, 50, allow_nan=False).map(lambda value: round(value, 3))
one_list = st.dictionaries(names, scores, max_size=8).map(lambda drawn: hits(**drawn))
lists = st.lists(one_list, max_size=4)
both = pytest.mark.parametrize("fuse", [standardised_sum, reciprocal_rank])


@both
@given(drawn=lists)
def test_no_hit_is_invented_or_lost(fuse: Fuse, drawn: list[list[Hit]]) -> None:
    fused = fuse(drawn)
    given_ids = {hit.passage.passage_id for one in drawn for hit in one}
    assert sorted(hit.passage.passage_id for hit in fused) == sorted(given_ids)
    assert [hit.score for hit in fused] == sorted((hit.score for hit in fused), reverse=True)


@both
@given(drawn=lists, data=st.data())
def test_the_order_of_the_lists_does_not_matter(fuse: Fuse, drawn: list[list[Hit]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(drawn))
    assert fuse(shuffled) == fuse(drawn)


@given(drawn=st.dictionaries(names, scores, min_size=2, max_size=8), scale=st.floats(0.5, 20), shift=scores)
def test_the_scale_of_a_list_does_not_matter(drawn: dict[str, float], scale: float, shift: float) -> None:
    other = hits(a=3.0, c=2.0, x=1.0)
    plain = {h.passage.passage_id: h.score for h in standardised_sum([hits(**drawn), other])}
    moved = {name: score * scale + shift for name, score in drawn.items()}
    for hit in standardised_sum([hits(**moved), other]):
        assert hit.score == pytest.approx(plain[hit.passage.passage_id], abs=1e-6)


def by_name(fused: Sequence[Hit]) -> dict[str, float]:
    return {hit.passage.source.article_id: hit.score for hit in fused}


def test_reciprocal_rank_by_hand() -> None:
    fused = by_name(reciprocal_rank([hits(a=9, b=5, c=1), hits(b=0.9, d=0.5)]))
    assert fused == pytest.approx({"b": 1 / 62 + 1 / 61, "a": 1 / 61, "d": 1 / 62, "c": 1 / 63})
    assert list(fused) == ["b", "a", "d", "c"]


def test_the_standardised_sum_by_hand() -> None:
    fused = by_name(standardised_sum([hits(a=9, b=5), hits(b=0.9, d=0.5)]))
    first, second = {"a": 9, "b": 5, "d": 5}, {"a": 0.5, "b": 0.9, "d": 0.5}
    expected = {
        name: sum((own[name] - fmean(own.values())) / pstdev(own.values()) for own in (first, second)) for name in "abd"
    }
    assert fused == pytest.approx(expected)
    assert list(fused)[-1] == "d"


@both
def test_nothing_to_fuse(fuse: Fuse) -> None:
    assert fuse([]) == fuse([[], []]) == []


def test_a_list_that_says_nothing_counts_for_nothing() -> None:
    level = hits(a=1, b=1)
    assert by_name(standardised_sum([level, hits(b=2, a=1)])) == pytest.approx({"b": 1, "a": -1})
