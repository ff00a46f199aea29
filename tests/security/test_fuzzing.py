"""Some hundred mutated requests in every run; more by `QA_FUZZED` or by `python -m tests.security.fuzzing`."""

from __future__ import annotations

import os
import random

from tests.tiers import share_of

from .fuzzing import faults, fuzz, mutated
from .serving import Served

REQUESTS = int(os.environ.get("QA_FUZZED", share_of(300)))


def test_mutated_requests_leave_nothing_behind(archive: Served) -> None:
    outcome = fuzz(archive, requests=REQUESTS, seed=20_261_126)
    assert list(faults(archive, outcome, requests=REQUESTS)) == []
    assert len(outcome.statuses) > 3


def test_they_are_the_same_for_the_same_seed() -> None:
    first, second = ([mutated(random.Random(7)).encoded() for _ in range(50)] for _ in range(2))
    assert first == second
