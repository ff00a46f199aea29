"""Vectors of texts that are met again and again, kept in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """What is made of a text, of the `size` texts that were asked for last. Several threads may ask at once."""

    def __init__(self, make: Callable[[Sequence[str]], Iterable[T]], *, size: int) -> None:
        self._make = make
        self._size = size
        self._held: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> list[T]:
        """One for each text, in their order; those not held are made together, each once."""
        with self._lock:
            known = {text: self._held[text] for text in texts if text in self._held}
        fresh = list(dict.fromkeys(text for text in texts if text not in known))
        if fresh:
            known.update(zip(fresh, self._make(fresh), strict=True))
        with self._lock:
            for text in texts:
                self._held[text] = known[text]
                self._held.move_to_end(text)
            while len(self._held) > self._size:
                self._held.popitem(last=False)
        return [known[text] for text in texts]
