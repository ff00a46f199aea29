"""Something that is done now and once a day, beside other work."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qa.errors import ArchiveError

DAY = 24 * 60 * 60.0

_log = logging.getLogger(__name__)


@contextmanager
def daily(work: Callable[[], None], *, every: float = DAY) -> Iterator[None]:
    """Does the work at once, then again whenever `every` seconds have gone by, until the block ends.

    A day on which it can't be done is logged, and the next day it is tried again.
    """
    over = threading.Event()

    def run() -> None:
        while not over.wait(every):
            _done(work)

    _done(work)
    thread = threading.Thread(target=run, name="daily", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _done(work: Callable[[], None]) -> None:
    try:
        work()
    except ArchiveError:
        _log.exception("the daily work could not be done")
