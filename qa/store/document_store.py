"""The document store: the catalogue, and a vector index that follows it.

An article is stored, and found, by one transaction of the catalogue, which holds all vectors. The index is made of
them: now and then a command that writes builds its next generation beside the one in use, and publishes it.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from qa.models.dates import ALWAYS, Dates
from qa.models.replies import Hit
from qa.protocols import IndexedArticle, Term, Vectors
from qa.store.growing import Generations, GrowingIndex
from qa.store.locking import POLL
from qa.store.repair import RepairableCatalogue
from qa.store.search import Vocabulary, nearest, words_matching

STALE_SHARE = 0.25
"""Share of dropped vectors in the index from which it is written anew: more of them slow every search down."""

TAIL_SHARE = 0.25
"""Share of its size that may be beyond a generation: building the next ones costs a fifth of a batch's encoding."""

TAIL_SIZE = 10_000
"""So many may be beyond it while a command is at work: comparing them takes 1 ms, less than Chroma takes."""

BUILT_AT_ONCE = 5_000

PATIENCE = 15.0
"""Seconds that an erasure waits until others have let go of the generation that holds its vectors."""


class CatalogueStore(RepairableCatalogue):
    """A `DocumentStore` in a folder: the catalogue with its vector index. Opened for reading it changes nothing.

    Without `generations` all vectors are compared one by one.
    """

    def __init__(self, path: Path, generations: Generations | None) -> None:
        super().__init__(path)
        self._generations = generations
        self._searched = GrowingIndex(self, generations)
        self._vocabulary = Vocabulary(self.lexicon_texts)
        self._counting = threading.Lock()
        self._counted_at = 0
        self._idf: dict[str, float] = {}
        self._passages: int | None = None

    # — opening and closing —

    def claim(self, fingerprint: str) -> None:
        """Makes the store that encoder's, if it is nobody's yet. Raises StoreMismatch."""
        if self.fingerprint is None:
            self.set_meta(encoder=fingerprint)
        self.require(fingerprint)

    def recover(self) -> None:
        """Takes away what a process that died has left, and does what waits to be done."""
        if self.has_pending():
            self.drop_pending()
        self._drop_former()
        if self.awaiting_erasure() or self.unscrubbed():
            self.finish()

    def close(self) -> None:
        self._searched.close()
        super().close()

    def follow(self) -> None:
        """Brings the vector index in step with the catalogue, as every search does. Raises StoreError."""
        self._searched.follow()

    # — changing —

    def put(self, batch: Sequence[IndexedArticle]) -> None:
        self.put_live(batch)
        self._vocabulary.forget()
        published = self.published()
        if self.newest_number() - published.covers > max(TAIL_SIZE, TAIL_SHARE * published.size):
            self.rebuild()

    def all_read_by(self, version: int) -> None:
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

    def unscrubbed_since(self) -> str:
        """Why a word of what was taken out may be left in a file; empty where none is."""
        if not (self.unscrubbed() or self.awaiting_erasure()):
            return ""
        return self._drop_former() or "A reader keeps SQLite's log in use."

    def finish(self, *, replaced: bool = False) -> None:
        """What a command that writes does at its end; `replaced` says that texts were, of which nothing is to be left.

        What was ordered to be erased is; after that no word and no vector of what was removed is in any file, or it
        stays marked, and whoever opens the archive for writing next tries again.
        """
        if erased := self.awaiting_erasure():
            self.erase(erased)
            self._vocabulary.forget()
        removed = self.unscrubbed()
        published = self.published()
        beyond = self.newest_number() - published.covers
        dropped = published.size - self.count_held(until=published.covers)
        most_dropped = 0.0 if removed else STALE_SHARE * published.size
        if beyond > TAIL_SHARE * published.size or dropped > most_dropped:
            self.rebuild()
        if removed or replaced:
            self.scrub(complete=not removed or self._formers_dropped())

    def _formers_dropped(self) -> bool:
        """Waits until nobody has a former generation open; False where somebody still has."""
        until = time.monotonic() + PATIENCE
        while self._drop_former():
            if time.monotonic() > until:
                return False
            time.sleep(POLL)
        return True

    def rebuild(self) -> None:
        """Builds the next generation of the index from the catalogue's vectors, and publishes it."""
        self.set_meta(**self._built(self.numbers()))
        self._drop_former()

    def _built(self, numbers: Sequence[int]) -> dict[str, str]:
        """Builds the next generation of these passages; what is to be noted where it is published."""
        generation = self.published().generation + 1
        size = sum(len(sound) for sound, _ in self._batches(numbers))
        if size and self._generations:
            self._generations.build(generation, self._batches(numbers), size=size)
        return {
            "generation": str(generation),
            "generation_covers": str(max(numbers, default=0) if size else 0),
            "generation_size": str(size),
        }

    def _batches(self, numbers: Sequence[int]) -> Iterator[tuple[list[int], Vectors]]:
        """The vectors of passages, but for those that are damaged."""
        for start in range(0, len(numbers), BUILT_AT_ONCE):
            yield self.vectors(numbers[start : start + BUILT_AT_ONCE])

    def _drop_former(self) -> str:
        """Deletes generations that are in use no more; who has one open still."""
        self._searched.close()
        return self._generations.drop_all_but(self.published().generation) if self._generations else ""

    def reencode(self, fingerprint: str, batches: Iterable[Sequence[IndexedArticle]]) -> None:
        """Replaces all articles' vectors by another encoder's in one step; a crash before it leaves the old ones."""
        for batch in batches:
            self.put_pending(batch)
        self.publish_pending({**self._built(self.pending()), "encoder": fingerprint})
        self._drop_former()
        self._vocabulary.forget()

    # — searching —

    def near(self, vector: Vectors, *, limit: int, between: Dates = ALWAYS) -> list[Hit]:
        return nearest(self, self._searched, vector, limit=limit, between=between)

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
            with_term = self.frequency(term)
            counted[term] = math.log(1 + max(0.0, total - with_term + 0.5) / (with_term + 0.5))
        return counted[term]

    def vocabulary(self) -> Mapping[str, Term]:
        return self._vocabulary.terms(self.version())
