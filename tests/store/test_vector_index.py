"""What every `VectorIndex` promises."""

from __future__ import annotations

import numpy as np

from qa.protocols import Vectors
from qa.store.document_store import Generations
from tests.fakes import DIMENSION, word_vector


def rows(*words: str) -> Vectors:
    return np.array([word_vector(word) for word in words], dtype=np.float32)


def test_an_empty_index_finds_nothing(generations: Generations) -> None:
    index = generations.open(1)
    assert (index.count(), index.numbers()) == (0, set())
    assert index.nearest(word_vector("a"), limit=3) == []


def test_the_nearest_come_first_and_no_more_than_asked(generations: Generations) -> None:
    index = generations.open(1)
    index.add([10, 20, 30], rows("bridge", "mayor", "river"))
    mixed = 0.8 * word_vector("mayor") + 0.5 * word_vector("river")
    assert index.nearest(mixed / np.linalg.norm(mixed), limit=2) == [20, 30]
    assert index.nearest(word_vector("bridge"), limit=1) == [10]
    assert sorted(index.nearest(word_vector("bridge"), limit=99)) == [10, 20, 30]


def test_a_number_that_is_there_is_left_as_it_is(generations: Generations) -> None:
    index = generations.open(1)
    index.add([1, 2], rows("bridge", "mayor"))
    index.add([2, 3], rows("river", "river"))
    assert index.numbers() == {1, 2, 3}
    assert index.count() == 3
    assert index.nearest(word_vector("mayor"), limit=1) == [2]


def test_many_are_all_held(generations: Generations) -> None:
    index = generations.open(1)
    many = np.random.default_rng(1).standard_normal((4_500, DIMENSION)).astype(np.float32)
    many /= np.linalg.norm(many, axis=1, keepdims=True)
    index.add(range(1, 4_501), many)
    assert index.numbers() == set(range(1, 4_501))
    assert index.nearest(many[4_321], limit=1) == [4_322]


def test_generations_are_kept_apart_and_dropped(generations: Generations) -> None:
    generations.open(1).add([1], rows("bridge"))
    second = generations.open(2)
    assert second.numbers() == set()
    second.add([2], rows("mayor"))
    generations.drop_all_but(2)
    assert generations.open(2).numbers() == {2}
    assert generations.open(1).numbers() == set()
