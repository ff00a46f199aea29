"""Daily work: at once, then again, and a failure of one day is not the end of it."""

from __future__ import annotations

import logging
import threading

import pytest

from qa.cli.serving import daily
from qa.errors import StoreError


def test_it_is_done_at_once_and_again_until_the_end(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []
    thrice = threading.Event()

    def work() -> None:
        done.append(len(done))
        if len(done) == 2:
            raise StoreError("the disk is full")
        if len(done) == 3:
            thrice.set()

    with caplog.at_level(logging.ERROR), daily(work, every=0.01):
        assert done
        assert thrice.wait(5)
    count = len(done)
    assert "could not be done" in caplog.text
    assert not any(thread.name == "daily" for thread in threading.enumerate())
    assert len(done) == count
