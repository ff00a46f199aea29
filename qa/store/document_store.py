"""The document store: the catalogue, and a vector index that follows it.

An article is stored, and found, by one transaction of the catalogue, which holds all vectors. The index is made of
them: now and then a command that writes builds its next generation beside the one in use, and publishes it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from qa.models.dates import ALWAYS, Dates
from qa.models.deliveries import Problem
from qa.models.replies import Hit
from qa.protocols import IndexedArticle, Vectors
from qa.store.archive_store import ArchiveStore
from qa.store.check import index_problems
from qa.store.growing import Generations, GrowingIndex
from qa.store.locking import POLL
from qa.store.search import nearest

STALE_SHARE = 0.25
"""Share of dropped vectors in the index from which it is written anew: more of them slow every search down."""

TAIL_SHARE = 0.25
"""Share of its size that may be beyond a generation: building the next ones costs a fifth of a batch's encoding."""

TAIL_SIZE = 10_000
"""So many may be beyond it while a command is at work: comparing them takes 1 ms, less than Chroma takes."""

BUILT_AT_ONCE = 5_000

PATIENCE = 15.0
"""Seconds that an erasure waits until others have let go of the generation that holds its vectors."""


class CatalogueStore(ArchiveStore):
    """A `DocumentStore` in a folder: the catalogue with its vector index. Opened for reading it changes nothing.

    Without `generations` all vectors are compared one by one.
    """

    def __init__(self, path: Path, generations: Generations | None) -> None:
        super().__init__(path)
        self._generations = generations
        self._searched = GrowingIndex(self, generations)

    # — opening and closing —

    def recover(self) -> None:
        self._drop_former()
        super().recover()

    def close(self) -> None:
        self._searched.close()
        super().close()

    def follow(self) -> None:
        self._searched.follow()

    # — changing —

    def put(self, batch: Sequence[IndexedArticle]) -> None:
        super().put(batch)
        published = self.published()
        if self.newest_number() - published.covers > max(TAIL_SIZE, TAIL_SHARE * published.size):
            self.rebuild()

    def unscrubbed_since(self) -> str:
        if not (self.unscrubbed() or self.awaiting_erasure()):
            return ""
        return self._drop_former() or "A reader keeps SQLite's log in use."

    def finish(self, *, replaced: bool = False) -> None:
        self.erase_ordered()
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

    def _index_problems(self) -> Iterator[Problem]:
        published, generations = self.published(), self._generations
        if generations is None or not published.covers:
            return
        for problem in generations.damage(published.generation):
            yield Problem(None, f"the vector index: {problem}")
        yield from index_problems(self, lambda: generations.open(published.generation), until=published.covers)

    def _drop_former(self) -> str:
        """Deletes generations that are in use no more; who has one open still."""
        self._searched.close()
        return self._generations.drop_all_but(self.published().generation) if self._generations else ""

    def reencode(self, fingerprint: str, batches: Iterable[Sequence[IndexedArticle]]) -> None:
        for batch in batches:
            self.put_pending(batch)
        self.publish_pending({**self._built(self.pending()), "encoder": fingerprint})
        self._drop_former()
        self._vocabulary.forget()

    # — searching —

    def near(self, vector: Vectors, *, limit: int, between: Dates = ALWAYS) -> list[Hit]:
        return nearest(self, self._searched, vector, limit=limit, between=between)
