from __future__ import annotations

from collections.abc import Sequence

from qa.retrieval.remembering import Remembered


class Lengths:
    """Makes the length of each text, and keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> list[int]:
        self.asked += texts
        return [len(text) for text in texts]


def test_each_text_is_made_once() -> None:
    lengths = Lengths()
    remembered = Remembered(lengths, size=10)
    assert remembered.of(["a", "bb", "a"]) == [1, 2, 1]
    assert remembered.of(["bb", "ccc"]) == [2, 3]
    assert lengths.asked == ["a", "bb", "ccc"]
    assert remembered.of([]) == []


def test_those_used_last_are_kept() -> None:
    lengths = Lengths()
    remembered = Remembered(lengths, size=2)
    for text in ("a", "bb", "a", "ccc", "a", "bb"):
        assert remembered.of([text]) == [len(text)]
    assert lengths.asked == ["a", "bb", "ccc", "bb"]


def test_more_texts_than_are_kept_come_whole() -> None:
    remembered = Remembered(Lengths(), size=2)
    assert remembered.of(["a", "bb", "ccc", "dddd"]) == [1, 2, 3, 4]
