"""The time of the processor that reading one item may take: a busy machine or a slow disk makes no item fail.

A timer of the operating system raises OutOfTime in the main thread. Regular expressions look for it as they go, so it
ends them too; a call of libxml2 it ends only when that returns, which is why readers bound what they hand over. Another
process for every item would end such a call as well, but would send every article through a pipe and need an encoder
of its own.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from qa.errors import OutOfTime
from qa.models.deliveries import Failure, Record

AGAIN = 1.0
"""Seconds after which OutOfTime is raised once more, where a library took the first one for an error of its own."""


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raises OutOfTime when what is done within takes more seconds of the processor.

    Without effect where `seconds` is None, outside of the main thread, and on systems without such timers (Windows).
    """
    if seconds is None or threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    limit = seconds

    def ring(number: int, frame: FrameType | None) -> None:
        raise OutOfTime(limit)

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def in_time(records: Iterable[Record], *, place: str, seconds: float | None) -> Iterator[Record]:
    """The records read from `place`; a Failure for one that takes longer, with which they end."""
    source, number = iter(records), 0
    while True:
        number += 1
        try:
            with time_limit(seconds):
                record = next(source, None)
        except OutOfTime as error:
            yield Failure(place, None, f"item {number}: {error.reason}")
            return
        if record is None:
            return
        yield record
