"""The vector index while the archive grows: a generation that nobody writes any more, and the vectors beyond it.

A generation was made of the catalogue's vectors up to some number. What the catalogue has beyond, the tail, is held in
memory and compared one by one. Each process follows the catalogue by itself, before a search.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.errors import StoreError, StoreFull
from qa.protocols import VectorIndex, Vectors
from qa.store.catalogue import Catalogue
from qa.store.noted_state import PublishedIndex

RETRY_SECONDS = 300.0
"""After so long a generation that couldn't be used is tried again: the server that has it may be back."""

_log = logging.getLogger(__name__)


class Generations(Protocol):
    """Where the generations of the vector index live."""

    def open(self, generation: int) -> VectorIndex:
        """One that was built, for reading. Raises StoreError."""
        ...

    def build(self, generation: int, vectors: Iterable[tuple[list[int], Vectors]], *, size: int) -> None:
        """Makes one of at most `size` numbered vectors; nothing of it is left where that fails. Raises StoreError."""
        ...

    def damage(self, generation: int) -> list[str]:
        """What is wrong with the files of a generation, as far as that is to be seen."""
        ...

    def drop_all_but(self, generation: int) -> str:
        """Deletes the others; who has one of them open, which stays, empty where nobody has."""
        ...


@dataclass(frozen=True, slots=True)
class Tail:
    """Numbered vectors that are compared one by one: exact, 1 ms for 10,000 of 384 dimensions."""

    numbers: NDArray[np.int64]
    vectors: Vectors

    def extended(self, catalogue: Catalogue, *, after: int) -> Tail:
        """With what the catalogue has beyond the last number, or `after`; what it has dropped stays."""
        start = max(after, int(self.numbers[-1]) if len(self.numbers) else 0)
        numbers, vectors = catalogue.vectors(catalogue.numbers(after=start))
        if not numbers:
            return self
        if not len(self.numbers) or vectors.shape[1] != self.vectors.shape[1]:  # another encoder's take their place
            return Tail(np.array(numbers), vectors)
        return Tail(np.concatenate([self.numbers, numbers]), np.concatenate([self.vectors, vectors]))

    def nearest(self, vector: Vectors, *, limit: int) -> list[tuple[int, float]]:
        if not len(self.numbers):
            return []
        cosines = self.vectors @ vector
        best = np.argpartition(-cosines, limit - 1)[:limit] if limit < len(cosines) else np.arange(len(cosines))
        return list(zip(self.numbers[best].tolist(), cosines[best].tolist(), strict=True))


EMPTY = Tail(np.zeros(0, dtype=np.int64), np.zeros((0, 0), dtype=np.float32))


@dataclass(frozen=True, slots=True)
class _View:
    """What is searched at one version of the catalogue. Without a generation the tail holds all vectors.

    A generation is closed when the last search that uses its view has ended.
    """

    version: int
    published: PublishedIndex
    generation: VectorIndex | None
    tail: Tail
    until: float = math.inf


class GrowingIndex:
    """Nearest neighbours among all vectors of the catalogue, as it stands at each search.

    Where there are no generations, or the one in use is damaged, all vectors are compared one by one.
    """

    def __init__(self, catalogue: Catalogue, generations: Generations | None) -> None:
        self._catalogue = catalogue
        self._generations = generations
        self._view: _View | None = None
        self._following = threading.Lock()
        self._logged: set[int] = set()

    def nearest(self, vector: Vectors, *, limit: int) -> list[int]:
        """Numbers of the nearest vectors by cosine, nearest first. Raises StoreMismatch, StoreError."""
        view = self.follow()
        scored = self._scored(view, vector, limit=limit)
        return [number for number, _ in sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:limit]]

    def _scored(self, view: _View, vector: Vectors, *, limit: int) -> list[tuple[int, float]]:
        scored = view.tail.nearest(vector, limit=limit)
        if view.generation is None:
            return scored
        try:
            return scored + view.generation.nearest(vector, limit=limit)
        except StoreFull:
            raise
        except StoreError as error:
            with self._following:
                if self._view is view and self._catalogue.published() == view.published:
                    self._view = self._exhaustive(view, EMPTY, error)
            return self._scored(self.follow(), vector, limit=limit)

    def follow(self) -> _View:
        """Brings what is searched in step with the catalogue. Raises StoreMismatch, StoreError."""
        with self._following:
            version, view = self._catalogue.version(), self._view
            if view is None or view.version != version or time.monotonic() > view.until:
                view = self._view = self._followed(view, version)
            self._catalogue.require_same()
            return view

    def close(self) -> None:
        """Lets go of what is searched; the next search opens it anew."""
        self._view = None

    def _followed(self, view: _View | None, version: int) -> _View:
        """The view of what is published now, made of the one before as far as that stands."""
        while True:
            published = self._catalogue.published()
            if view is None or view.published != published or time.monotonic() > view.until:
                view = self._opened(published, version, view)
            after = published.covers if view.generation else 0
            followed = replace(view, version=version, tail=view.tail.extended(self._catalogue, after=after))
            if self._catalogue.published() == published:  # else what was read may be of two states
                return followed

    def _opened(self, published: PublishedIndex, version: int, before: _View | None) -> _View:
        view = _View(version, published, None, EMPTY)
        if self._generations is None or not published.covers:
            return view
        try:
            return replace(view, generation=self._generations.open(published.generation))
        except StoreFull:
            raise
        except StoreError as error:
            if self._catalogue.published() != published:  # it was dropped in between, and the next one is in use
                return view
            whole = before is not None and before.generation is None and before.published == published
            return self._exhaustive(view, before.tail if before and whole else EMPTY, error)

    def _exhaustive(self, view: _View, tail: Tail, error: StoreError) -> _View:
        """The view without its generation, all vectors in the tail."""
        if view.published.generation not in self._logged:
            self._logged.add(view.published.generation)
            _log.error("Vectors are compared one by one, which is slower: %s", error)
        tail = tail.extended(self._catalogue, after=0)
        return replace(view, generation=None, tail=tail, until=time.monotonic() + RETRY_SECONDS)
