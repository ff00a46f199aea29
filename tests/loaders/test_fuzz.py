"""Two thousand broken samples of all formats: `make fuzz` goes on for as long as one likes."""

from __future__ import annotations

import random

import pytest

from .fuzzing import outcome, samples, trial

SHARES = 4
"""Parts, so that a failure names its seeds and processes share the work."""

EXAMPLES = 2_000


@pytest.mark.parametrize("share", range(SHARES))
def test_no_broken_sample_breaks_a_reader(share: int) -> None:
    files = samples()
    assert len(files) >= 10
    for seed in range(share, EXAMPLES, SHARES):
        name, data = trial(seed, files)
        try:
            outcome(data, name=name)
        except Exception as error:
            raise AssertionError(f"seed {seed} ({name}) breaks its reader") from error


def test_random_bytes_break_no_reader() -> None:
    drawn = random.Random(1)
    for _ in range(100):
        outcome(
            drawn.randbytes(drawn.choice((0, 1, 7, 200, 5_000))), name=drawn.choice(("a.xml", "a.pdf", "a.zip", "a"))
        )
