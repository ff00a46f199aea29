"""What every document store does, in whatever engine its catalogue is: taken on, changed, and looked through by words.

How vectors are searched, and what there is to do after a change, is its own.
"""

from __future__ import annotations

import math
import threading
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from qa.models.dates import ALWAYS, Dates
from qa.models.replies import Hit
from qa.protocols import IndexedArticle, Term, Vectors
from qa.store.engine import Engine
from qa.store.repair import RepairableCatalogue
from qa.store.search import Vocabulary, words_matching


class ArchiveStore(RepairableCatalogue):
    """A `DocumentStore`: the catalogue with its indexes."""

    def __init__(self, place: Path | Engine) -> None:
        super().__init__(place)
        self._vocabulary = Vocabulary(self.lexicon.texts)
        self._counting = threading.Lock()
        self._counted_at = 0
        self._idf: dict[str, float] = {}
        self._passages: int | None = None

    # — opening —

    def claim(self, fingerprint: str) -> None:
        """Makes the store that encoder's, if it is nobody's yet. Raises StoreMismatch."""
        if self.fingerprint is None:
            self.set_meta(encoder=fingerprint)
        self.require(fingerprint)

    def recover(self) -> None:
        """Takes away what a process that died has left, and does what waits to be done."""
        if self.has_pending():
            self.drop_pending()
        if self.awaiting_erasure() or self.unscrubbed():
            self.finish()

    @abstractmethod
    def follow(self) -> None:
        """Brings what is searched in step with the catalogue, as every search does. Raises StoreError."""

    # — changing —

    @abstractmethod
    def finish(self, *, replaced: bool = False) -> None:
        """What a command that writes does at its end; `replaced` says that texts were, of which nothing is to be left.

        What was ordered to be erased is; after that no word and no vector of what was removed is in any file, or it
        stays marked, and whoever opens the archive for writing next tries again.
        """

    @abstractmethod
    def unscrubbed_since(self) -> str:
        """Why a word of what was taken out may be left in a file; empty where none is."""

    @abstractmethod
    def reencode(self, fingerprint: str, batches: Iterable[Sequence[IndexedArticle]]) -> None:
        """Replaces all articles' vectors by another encoder's in one step; a crash before it leaves the old ones."""

    def put(self, batch: Sequence[IndexedArticle]) -> None:
        """Stores articles in one step: all are visible, and safe from a crash, when it returns.

        One of the same id is replaced in the same instant. Raises StoreFull, StoreError.
        """
        self.put_live(batch)
        self._vocabulary.forget()

    def all_read_by(self, version: int) -> None:
        """Notes that no article is outdated, so that nobody looks again."""
        if self.meta("reading") != str(version):
            self.set_meta(reading=str(version))

    def remove(self, article_id: str) -> None:
        """Takes an article off the store for good. Raises NotFound."""
        self.remove_all([self.existing_id(article_id)])

    def remove_all(self, article_ids: Iterable[str]) -> None:
        """Takes articles off the store for good, in one step; those that are not held are passed over."""
        self.delete_articles(article_ids)
        self._vocabulary.forget()
        self.finish()

    def forget_versions(self, article_id: str) -> int:
        """Takes the earlier texts of an article off the disk for good; how many there were. Raises NotFound."""
        count = self.delete_versions(self.existing_id(article_id))
        self.scrub()
        return count

    def set_aside(self, number: int) -> None:
        super().set_aside(number)
        self._vocabulary.forget()

    def erase_ordered(self) -> None:
        """Erases what was ordered to be."""
        if ordered := self.awaiting_erasure():
            self.erase(ordered)
            self._vocabulary.forget()

    # — searching —

    @abstractmethod
    def near(self, vector: Vectors, *, limit: int, between: Dates = ALWAYS) -> list[Hit]: ...

    def matching(self, terms: Sequence[str], *, limit: int, between: Dates = ALWAYS, language: str = "en") -> list[Hit]:
        return words_matching(self, terms, limit=limit, between=between, language=language)

    def idf(self, term: str) -> float:
        """The inverse document frequency of BM25; what was counted is kept until somebody writes."""
        version = self.version()
        with self._counting:
            if version != self._counted_at:
                self._counted_at, self._idf, self._passages = version, {}, None
            counted = self._idf
        if term not in counted:
            total = self._passages = self._passages or self.passage_count()
            with_term = self.lexicon.frequency(term)
            counted[term] = math.log(1 + max(0.0, total - with_term + 0.5) / (with_term + 0.5))
        return counted[term]

    def vocabulary(self) -> Mapping[str, Term]:
        return self._vocabulary.terms(self.version())
