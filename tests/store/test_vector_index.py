"""What an index of vectors promises, and those that build one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from qa.errors import StoreError
from qa.protocols import Vectors
from tests.fakes import DIMENSION, Generations, word_vector

pytestmark = pytest.mark.parametrize("kind", ["chroma", "fake"], indirect=True)


def rows(*words: str) -> Vectors:
    return np.array([word_vector(word) for word in words], dtype=np.float32)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.glob("vectors/generation-*/*/*")}


def build(generations: Generations, generation: int, numbers: list[int], vectors: Vectors) -> None:
    generations.build(generation, [(numbers, vectors)], size=len(numbers))


def test_the_nearest_come_first_with_their_cosines_and_no_more_than_asked(generations: Generations) -> None:
    build(generations, 1, [10, 20, 30], rows("bridge", "mayor", "river"))
    index = generations.open(1)
    mixed = 0.8 * word_vector("mayor") + 0.6 * word_vector("river")
    mixed /= np.linalg.norm(mixed)
    (first, second) = index.nearest(mixed, limit=2)
    assert (first[0], second[0]) == (20, 30)
    assert first[1] == pytest.approx(float(mixed @ word_vector("mayor")), abs=1e-4)
    assert [number for number, _ in index.nearest(word_vector("bridge"), limit=1)] == [10]
    assert sorted(number for number, _ in index.nearest(word_vector("bridge"), limit=99)) == [10, 20, 30]


def test_no_word_of_memory_gets_into_its_files(generations: Generations, tmp_path: Path) -> None:
    secret = b"the xylophonist kept quiet. "
    for _ in range(5):  # what was in memory a moment ago is what hnswlib may be given to fill
        heap = [secret * (size // len(secret)) for size in (30_000, 60_000, 120_000)]
        del heap
        build(generations, 1, [10, 20, 30], rows("bridge", "mayor", "river"))
        for name, data in contents(tmp_path).items():
            assert b"xylophonist" not in data, name
            if name.endswith("data_level0.bin"):
                assert not any(data[len(data) // 10 :])  # three of a hundred places are taken


@pytest.mark.parametrize("count", [1, 500, 4_500])
def test_all_are_held_and_reading_changes_no_file(generations: Generations, count: int, tmp_path: Path) -> None:
    many = np.random.default_rng(1).standard_normal((count, DIMENSION)).astype(np.float32)
    many /= np.linalg.norm(many, axis=1, keepdims=True)
    build(generations, 1, list(range(1, count + 1)), many)
    before = contents(tmp_path)
    index, also = generations.open(1), generations.open(1)
    assert index.numbers() == set(range(1, count + 1))
    assert index.nearest(many[-1], limit=1)[0][0] == count
    assert also.nearest(many[0], limit=1)[0][0] == 1
    assert generations.damage(1) == []
    assert contents(tmp_path) == before


def test_generations_are_kept_apart_and_dropped(generations: Generations) -> None:
    build(generations, 1, [1], rows("bridge"))
    build(generations, 2, [2], rows("mayor"))
    assert generations.drop_all_but(2) == ""
    assert generations.open(2).numbers() == {2}
    with pytest.raises(StoreError, match="missing"):
        generations.open(1)


def test_one_that_could_not_be_built_leaves_nothing_and_can_be_built_again(generations: Generations) -> None:
    def failing() -> Iterator[tuple[list[int], Vectors]]:
        yield [1], rows("bridge")
        raise StoreError("the catalogue can't be read")

    with pytest.raises(StoreError, match="the catalogue can't be read"):
        generations.build(1, failing(), size=2)
    with pytest.raises(StoreError, match="missing"):
        generations.open(1)
    build(generations, 1, [7], rows("mayor"))
    assert generations.open(1).numbers() == {7}
