"""An iterator held to a time limit, however long its source keeps silent."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextvars import copy_context
from typing import TypeVar

Piece = TypeVar("Piece")


class _Ended:
    """What stands behind the last piece; `error` is what ended it early."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def within(seconds: float, pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The pieces as they come. Raises TimeoutError when the time is over, and whatever their source raises.

    They are drawn in a thread of their own: a client's own time limit starts anew with every byte that a server sends.
    The thread ends with the next piece after it is no longer wanted, or with its client's limit.
    """
    drawn: queue.SimpleQueue[Piece | _Ended] = queue.SimpleQueue()
    unwanted = threading.Event()

    def draw() -> None:
        try:
            for piece in pieces:
                drawn.put(piece)
                if unwanted.is_set():
                    break
            drawn.put(_Ended())
        except BaseException as error:  # it is raised where the pieces are taken
            drawn.put(_Ended(error))

    threading.Thread(target=copy_context().run, args=(draw,), name="language-model", daemon=True).start()
    until = time.monotonic() + seconds
    try:
        while True:
            try:
                piece = drawn.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"nothing more came within {seconds:g} seconds") from None
            if isinstance(piece, _Ended):
                if piece.error is not None:
                    raise piece.error
                return
            yield piece
    finally:
        unwanted.set()
