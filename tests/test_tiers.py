"""Which tests run when, and that one test over many cases tells of every case."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import tiers
from tests.each import each

ROOT = Path(__file__).parents[1]


def test_every_case_is_tried_and_every_failure_is_told() -> None:
    tried = []

    @each(("number", "wanted"), [(1, 1), (2, 3), (4, 4), (5, None), (6, 7)])
    def test(added: int, number: int, wanted: int | None) -> None:
        tried.append(number)
        if wanted is None:
            with pytest.raises(ValueError, match="never"):
                pass
        assert number == wanted, f"{number} is not {wanted}"

    with pytest.raises(AssertionError, match="3 of 5 cases fail") as failed:
        test(added=0)
    assert tried == [1, 2, 4, 5, 6]
    assert all(told in str(failed.value) for told in ("2 is not 3", "DID NOT RAISE", "6 is not 7"))


def test_what_is_called_slow_is_there() -> None:
    for begin in tiers.SLOW:
        path, _, name = begin.partition("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^def {name or 'test_'}", text, re.MULTILINE), begin


def test_of_every_test_a_share_of_the_samples_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "SHARE", 0.2)
    assert [tiers.share_of(count) for count in (1, 4, 10, 150)] == [1, 1, 2, 30]
