"""Work that is repeated: at once, then again, and a failure is not the end of it."""

from __future__ import annotations

import logging
import threading

import pytest

from qa.cli.serving import repeated
from qa.errors import StoreError


def test_it_is_done_at_once_and_again_until_the_end(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []
    thrice = threading.Event()

    def work(over: threading.Event) -> None:
        done.append(len(done))
        if len(done) == 2:
            raise StoreError("the disk is full")
        if len(done) == 3:
            thrice.set()

    with caplog.at_level(logging.ERROR), repeated(work, every=0.01):
        assert thrice.wait(5)
    count = len(done)
    assert "could not be done" in caplog.text
    assert not any(thread.name == "repeated" for thread in threading.enumerate())
    assert len(done) == count


def test_what_fails_again_and_again_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    tried: list[int] = []
    often = threading.Event()

    def work(over: threading.Event) -> None:
        tried.append(len(tried))
        if len(tried) > 4:
            often.set()
        raise StoreError("the disk is full" if len(tried) < 3 else "another encoder")

    with caplog.at_level(logging.ERROR), repeated(work, every=0.01):
        assert often.wait(5)
    assert len([record for record in caplog.records if "could not be done" in record.message]) == 2
