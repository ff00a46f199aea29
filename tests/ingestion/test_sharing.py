"""Encoding that several processes share gives what one gives."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

import numpy as np
import pytest

from qa.archive.ingesting import encoding_pool
from qa.errors import ModelError
from qa.models.archive import Span
from qa.protocols import PassageVectors, Window
from tests.fakes import FakeEncoder

WINDOWS = [Window("Title. ", f"Sentence {n}. And another.", (Span(0, 10), Span(11, 23))) for n in range(70)]


class Dying(FakeEncoder):
    """Ended by the system in the middle of its work."""

    def encode_passages(self, passages: Sequence[Window]) -> list[PassageVectors]:
        os.kill(os.getpid(), signal.SIGKILL)
        return []


def test_what_is_shared_comes_back_in_order() -> None:
    alone, own = FakeEncoder(), FakeEncoder()
    with encoding_pool(own, FakeEncoder, workers=2) as encode:
        for shared, expected in zip(encode(WINDOWS), alone.encode_passages(WINDOWS), strict=True):
            np.testing.assert_array_equal(shared.passage, expected.passage)
            np.testing.assert_array_equal(shared.sentences, expected.sentences)
        assert own.calls == 0
        assert len(encode(WINDOWS[:3])) == 3
    with encoding_pool(own, FakeEncoder, workers=1) as encode:
        assert encode == own.encode_passages


def test_one_that_is_ended_ends_the_run_in_words() -> None:
    with encoding_pool(FakeEncoder(), Dying, workers=2) as encode, pytest.raises(ModelError, match="fewer --workers"):
        encode(WINDOWS)
