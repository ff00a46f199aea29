"""Which tests run when: `unit` and `archive` in every run, `slow` before a change goes in and in `make test-all`.

unit: no model, no browser, no other process. archive: asks the encoder, or an archive that was made with it.
slow: browsers, other processes, processes that are killed, fuzzing, real time that passes, a real language model.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

SLOW = (
    "tests/answering/test_dialogues.py::test_most_follow_ups",
    "tests/attacks/test_attacks.py::test_whatever_else_the_model_writes",
    "tests/attacks/test_small_model.py",
    "tests/checking/test_floors.py::test_no_row_falls_below_its_floor",
    "tests/cli/test_archive.py::test_help_loads_nothing_heavy",
    "tests/cli/test_bad_input.py::test_two_processes_at_once",
    "tests/cli/test_notices.py::test_beside_a_reader",
    "tests/cli/test_mcp.py::test_over_standard_input_and_output",
    "tests/cli/test_notices.py::test_repairing_carries_out_an_erasure_that_waits",
    "tests/cli/test_served.py",
    "tests/ingestion/test_sharing.py",
    "tests/journal/test_kill.py",
    "tests/loaders/test_fuzz.py",
    "tests/security/test_connections.py",
    "tests/security/test_flipped_bits.py",
    "tests/security/test_fuzzing.py",
    "tests/security/test_gradio_streams.py",
    "tests/security/test_holding.py",
    "tests/security/test_memory.py",
    "tests/security/test_odd_values.py",
    "tests/store/test_kill.py",
    "tests/store/test_many_processes.py",
    "tests/store/test_many_writers.py::test_two_that_write",
    "tests/store/test_opening.py",
    "tests/training/test_training.py::test_archives_are_made_twins_of_in_processes",
    "tests/web/test_api_schema.py",
    "tests/web/test_api_staff.py::test_the_calls_keep_to_their_description",
    "tests/web/test_crowd.py",
    "tests/generation/test_small_model.py",
)
"""How the ids of slow tests begin, beside those that drive a browser."""

WHOLE_RUNS = (
    "tests/attacks/test_attacks.py::test_whatever_else_the_model_writes",
    "tests/attacks/test_small_model.py",
    "tests/checking/test_floors.py::test_no_row_falls_below_its_floor",
)
"""Of those what only a run of all samples has: half of the attacks are played back by a script in every run, and the
model's protocol is tried by tests/generation/test_small_model.py; a sample of the rows is held to their floors."""

SMOKE = "tests/web/test_smoke.py"
"""The browser tests of every run."""

ENCODERS = {"encoder", "exact_encoder"}
"""The fixtures that load a model."""

SHARE = float(os.environ.get("QA_TEST_SHARE", "1"))
"""Of the samples that slow tests draw; fewer where time is short."""


def share_of(samples: int) -> int:
    """How many samples to draw where a full run draws so many."""
    return max(1, round(samples * SHARE))


def beyond_share(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The cases of slow tests that are left out where a share of them is wanted; of every other test some."""
    cases: dict[str, list[pytest.Item]] = {}
    left_out = [item for item in items if SHARE < 1 and item.nodeid.startswith(WHOLE_RUNS)]
    for item in items:
        if item.get_closest_marker("slow") and item not in left_out:
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for listed in cases.values():
        tried = share_of(len(listed))
        places = {number * len(listed) // tried for number in range(tried)}
        left_out += [item for place, item in enumerate(listed) if place not in places]
    return left_out


def tier_of(item: pytest.Item) -> pytest.MarkDecorator:
    """The marker of a test's tier."""
    if item.nodeid.startswith(SMOKE):
        return pytest.mark.archive
    if item.nodeid.startswith(SLOW) or item.get_closest_marker("browser"):
        return pytest.mark.slow
    if ENCODERS.intersection(getattr(item, "fixturenames", ())):
        return pytest.mark.archive
    return pytest.mark.unit
