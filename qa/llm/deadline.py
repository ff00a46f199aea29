"""An iterator held to a time limit, however long its source keeps silent."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextvars import copy_context
from typing import TypeVar

Piece = TypeVar("Piece")


class _StreamEnd:
    """The end of the iterator; `error` is what ended it early."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def within(seconds: float, pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The pieces as they come. Raises TimeoutError when the time is over, and whatever their source raises.

    A thread of their own reads them: a client's own time limit starts anew with every byte that a server sends.
    The thread ends with the next piece after it is no longer wanted, or with its client's limit.
    """
    pieces_read: queue.SimpleQueue[Piece | _StreamEnd] = queue.SimpleQueue()
    abandoned = threading.Event()

    def draw() -> None:
        try:
            for piece in pieces:
                pieces_read.put(piece)
                if abandoned.is_set():
                    break
            pieces_read.put(_StreamEnd())
        except BaseException as error:  # it is raised where the pieces are taken
            pieces_read.put(_StreamEnd(error))

    threading.Thread(target=copy_context().run, args=(draw,), name="language-model", daemon=True).start()
    until = time.monotonic() + seconds
    try:
        while True:
            try:
                piece = pieces_read.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"nothing more came within {seconds:g} seconds") from None
            if isinstance(piece, _StreamEnd):
                if piece.error is not None:
                    raise piece.error
                return
            yield piece
    finally:
        abandoned.set()
