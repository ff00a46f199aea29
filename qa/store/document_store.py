"""The document store: catalogue and vector index in step, through crashes too.

An article is written to the catalogue as pending, its vectors go to the index, then it becomes live. Whatever
moment a process dies at, the next one that opens the store for writing carries on from the pending marks. The
vectors are in the catalogue as well, so the index can be made again without encoding.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from qa.errors import StoreError, StoreFull, StoreMismatch
from qa.models.dates import ALWAYS, Dates
from qa.models.replies import Hit
from qa.protocols import IndexedArticle, Term, VectorIndex, Vectors
from qa.store.catalogue import Catalogue
from qa.store.repair import Generations, RepairableCatalogue
from qa.store.search import nearest, terms_of, words_matching
from qa.store.vectors import FallbackIndex

STALE_SHARE = 0.25
"""Share of dropped vectors in the index from which it is written anew: more of them slow every search down."""

REBUILD_BATCH = 5_000


class CatalogueStore(RepairableCatalogue):
    """A `DocumentStore` in a folder: the catalogue with its vector index. Opened for reading it changes nothing."""

    def __init__(self, path: Path, generations: Generations | Callable[[Catalogue], Generations]) -> None:
        super().__init__(path)
        self._generations = generations(self) if callable(generations) else generations
        self._opened: tuple[int, VectorIndex] | None = None
        self._opening = threading.Lock()
        self._idf: dict[str, float] = {}
        self._passages: int | None = None
        self._vocabulary: Mapping[str, Term] | None = None
        self._searched = FallbackIndex(self, lambda: self._index)

    # — opening and closing —

    @property
    def _generation(self) -> int:
        return int(self.meta("generation") or 1)

    @property
    def _index(self) -> VectorIndex:
        generation = self._generation
        with self._opening:
            if self._opened is None or self._opened[0] != generation:
                self._opened = (generation, self._generations.open(generation))
            return self._opened[1]

    @property
    def fingerprint(self) -> str | None:
        """The encoder that made the vectors; None where there are none yet."""
        return self.meta("encoder")

    def claim(self, fingerprint: str) -> None:
        """Makes the store that encoder's, if it is nobody's yet. Raises StoreMismatch."""
        if self.fingerprint is None:
            self.set_meta("encoder", fingerprint)
        self.require(fingerprint)

    def require(self, fingerprint: str) -> None:
        """Raises StoreMismatch where another encoder made the vectors."""
        if self.outdated_vectors:
            raise StoreMismatch(
                "This archive was encoded by an earlier version of archive-qa. Encode everything again with "
                "`qa reencode`; nothing else of it changes."
            )
        if self.fingerprint not in (None, fingerprint):
            raise StoreMismatch(
                f"This archive was encoded by {self.fingerprint}, the encoder now set is {fingerprint}. "
                "Set QA_ENCODER back, or encode everything again with `qa reencode`."
            )

    def recover(self) -> None:
        """Finishes what a process that died had begun."""
        if self.meta("reencoding"):
            self.drop_pending()
            self.set_meta("reencoding", "")
        if self.has_pending():
            self._finish()
        self._generations.drop_all_but(self._generation)
        if erased := self.awaiting_erasure():
            self.erase(erased)
            self._forget_words()
        if self.unscrubbed():
            self.tidy(share=0.0)

    def close(self) -> None:
        self._opened = None
        self._generations.close()
        super().close()

    # — changing —

    def put(self, batch: Sequence[IndexedArticle]) -> None:
        try:
            self.put_pending(batch)
            self._finish()
        except StoreError:
            self.drop_pending()
            raise

    def all_read_by(self, version: int) -> None:
        if self.meta("reading") != str(version):
            self.set_meta("reading", str(version))

    def _finish(self) -> None:
        numbers, vectors = self.vectors(self.pending())
        if numbers:
            self._index.add(numbers, vectors)
        self.publish_pending()
        self._forget_words()

    def remove(self, article_id: str) -> None:
        """Takes an article off the store for good. Raises NotFound."""
        self.remove_all([self.existing_id(article_id)])

    def remove_all(self, article_ids: Iterable[str]) -> None:
        """Takes articles off the store for good, in one step; those that are not held are passed over."""
        self.delete_articles(article_ids)
        self._forget_words()
        self.tidy(share=0.0)

    def forget_versions(self, article_id: str) -> int:
        """Takes the earlier texts of an article off the disk for good; how many there were. Raises NotFound."""
        count = self.delete_versions(self.existing_id(article_id))
        self.tidy(share=1.0)
        return count

    def set_aside(self, number: int) -> None:
        super().set_aside(number)
        self._forget_words()

    @property
    def scrubbed(self) -> bool:
        """False while a word of what was taken out may be left in a file."""
        return not (self.unscrubbed() or self.awaiting_erasure())

    def tidy(self, *, share: float = STALE_SHARE) -> None:
        """Leaves no word of what was removed or replaced in any file.

        The index is written anew where more than that share of its vectors has been dropped from the catalogue.
        """
        stored, indexed = len(self.numbers()), self._indexed()
        if indexed is None or (indexed > stored and (indexed - stored) > share * indexed):
            self.rebuild()
        self.scrub()

    def _indexed(self) -> int | None:
        """How many vectors the index holds; None where it is damaged."""
        try:
            return self._index.count()
        except StoreFull:
            raise
        except StoreError:
            return None

    def rebuild(self) -> None:
        """Writes a new generation of the index from the catalogue's vectors, then switches to it."""
        generation = self._generation + 1
        self._opened = None
        self._fill(self._generations.open(generation), self.numbers())
        self.set_meta("generation", str(generation))
        self._generations.drop_all_but(generation)

    def _fill(self, index: VectorIndex, numbers: Sequence[int]) -> None:
        for start in range(0, len(numbers), REBUILD_BATCH):
            index.add(*self.vectors(numbers[start : start + REBUILD_BATCH]))

    def reencode(self, fingerprint: str, batches: Iterable[Sequence[IndexedArticle]]) -> None:
        """Replaces all articles' vectors by another encoder's in one step; a crash before it leaves the old ones."""
        self.set_meta("reencoding", fingerprint)
        for batch in batches:
            self.put_pending(batch)
        generation = self._generation + 1
        self._opened = None
        self._fill(self._generations.open(generation), self.pending())
        self.publish_pending({"encoder": fingerprint, "generation": str(generation), "reencoding": ""})
        self._generations.drop_all_but(generation)
        self._forget_words()

    # — searching —

    def near(self, vector: Vectors, *, limit: int, between: Dates = ALWAYS) -> list[Hit]:
        return nearest(self, self._searched, vector, limit=limit, between=between)

    def matching(self, terms: Sequence[str], *, limit: int, between: Dates = ALWAYS, language: str = "en") -> list[Hit]:
        return words_matching(self, terms, limit=limit, between=between, language=language)

    def idf(self, term: str) -> float:
        """The inverse document frequency of BM25; what was counted is kept until somebody writes."""
        self._forget_if_changed()
        if term not in self._idf:
            total = self._passages = self._passages or self.passage_count()
            with_term = self.frequency(term)
            self._idf[term] = math.log(1 + max(0.0, total - with_term + 0.5) / (with_term + 0.5))
        return self._idf[term]

    def vocabulary(self) -> Mapping[str, Term]:
        self._forget_if_changed()
        vocabulary = self._vocabulary
        if vocabulary is None:
            vocabulary = self._vocabulary = terms_of(self.lexicon_texts())
        return vocabulary

    def _forget_if_changed(self) -> None:
        if self.changed():
            self._forget_words()

    def _forget_words(self) -> None:
        self._idf.clear()
        self._passages = None
        self._vocabulary = None
