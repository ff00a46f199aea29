"""How rare terms are among the passages that readers may see."""

from __future__ import annotations

import math

from qa.store.catalogue import Catalogue


class InverseFrequencies:
    """Remembers what was counted, until another process writes or this one says so."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, float] = {}
        self._passages: int | None = None

    def of(self, term: str) -> float:
        """The inverse document frequency of BM25."""
        if self._catalogue.changed():
            self.forget()
        known = self._known.get(term)
        if known is None:
            total = self._passages = self._passages or self._catalogue.passage_count()
            with_term = self._catalogue.frequency(term)
            known = self._known[term] = math.log(1 + max(0.0, total - with_term + 0.5) / (with_term + 0.5))
        return known

    def forget(self) -> None:
        self._known.clear()
        self._passages = None
