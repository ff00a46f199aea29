"""The document store in a folder, its vector index following its catalogue, and opening it.

The catalogue holds all vectors. Now and then a command that writes builds the index's next generation of them beside
the one in use, and publishes it. What the catalogue has beyond a generation, the tail, is compared one by one, and so
is everything where there is none or it is damaged. Each process follows the catalogue by itself, before a search.
"""

from __future__ import annotations

import logging
import math
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qa.errors import StoreBusy, StoreError
from qa.models.dates import ALWAYS, Dates
from qa.models.deliveries import Problem
from qa.models.replies import Hit
from qa.protocols import IndexedArticle, Vectors
from qa.store.archive_store import ArchiveStore
from qa.store.books import CATALOGUE
from qa.store.catalogue import Catalogue, PublishedIndex
from qa.store.locking import POLL, WRITER_ADVICE, WRITING, folder_lock, present, usable
from qa.store.notices import NoticeStore
from qa.store.sqlite_file import writable
from qa.store.vectors import ChromaVectors, EmbeddedChroma

VECTORS, TEMPORARY = "vectors", "scratch"

STALE_SHARE = 0.25  # of dropped vectors in the index, from which it is written anew: more slow every search down
TAIL_SHARE = 0.25  # of its size, beyond a generation: building the next ones costs a fifth of a batch's encoding
TAIL_SIZE = 10_000  # so many may be beyond it while a command is at work: they take 1 ms, less than Chroma takes
BUILT_AT_ONCE = 2_000  # Chroma takes 5,461 at most
SPARE = 4  # the index is asked for this many times what is wanted, since it still holds what the catalogue has dropped
MOST_EXCLUDED = 10_000  # so many are looked through for some without the excluded words: anybody may exclude "the"
PATIENCE = 15.0  # seconds that an erasure waits until others have let go of the generation that holds its vectors
RETRY_SECONDS = 300.0  # after which a generation that couldn't be used is tried again, however much is stored meanwhile

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """What is searched at one version of the catalogue: a generation, and in the tail what it has beyond that."""

    version: int
    published: PublishedIndex
    generation: ChromaVectors | None  # closed when the last search that uses its view has ended
    numbers: Sequence[int] = ()  # of the tail, all without a generation
    vectors: Vectors | None = None  # compared one by one: exact, 1 ms for 10,000 of 384 dimensions

    def extended(self, catalogue: Catalogue, version: int) -> _View:
        """With what the catalogue has by now; what it has dropped stays."""
        after = max(self.published.covers if self.generation else 0, self.numbers[-1] if self.numbers else 0)
        numbers, vectors = catalogue.vectors(catalogue.numbers(after=after))
        if not numbers:
            return replace(self, version=version)
        former = self.vectors
        if former is not None and former.shape[1] == vectors.shape[1]:  # else another encoder's take their place
            numbers, vectors = [*self.numbers, *numbers], np.concatenate([former, vectors])
        return replace(self, version=version, numbers=numbers, vectors=vectors)

    def nearest(self, vector: Vectors, *, limit: int) -> list[int]:
        """Numbers of the nearest vectors by cosine, nearest first. Raises StoreError."""
        scored = self.generation.nearest(vector, limit=limit) if self.generation else []
        if self.vectors is not None:
            cosines = self.vectors @ vector
            best = np.argpartition(-cosines, limit - 1)[:limit] if limit < len(cosines) else np.arange(len(cosines))
            scored += [
                (self.numbers[place], cosine) for place, cosine in zip(best, cosines[best].tolist(), strict=True)
            ]
        return [number for number, _ in sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:limit]]


class CatalogueStore(ArchiveStore):
    """A `DocumentStore` in a folder. Opened for reading it changes nothing; without `generations` it searches too."""

    def __init__(self, path: Path, generations: EmbeddedChroma | None) -> None:
        super().__init__(path)
        self._generations = generations
        self._view: _View | None = None
        self._following = threading.Lock()
        self._unusable: dict[int, float] = {}  # generations that can't be used, by when each is to be tried again

    def close(self) -> None:
        self._view = None
        super().close()

    def recover(self) -> None:
        self._drop_former()
        super().recover()

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
        removed, published = self.unscrubbed(), self.published()
        beyond = self.newest_number() - published.covers
        dropped = published.size - self.count_held(until=published.covers)
        most_dropped = 0.0 if removed else STALE_SHARE * published.size
        if beyond > TAIL_SHARE * published.size or dropped > most_dropped:
            self.rebuild()
        if removed:  # waits until nobody has a former generation open
            until = time.monotonic() + PATIENCE
            while (in_use := self._drop_former()) and time.monotonic() < until:
                time.sleep(POLL)
            self.scrub(complete=not in_use)
        elif replaced:
            self.scrub()

    def rebuild(self) -> None:
        self.set_meta(**self._built(self.numbers()))
        self._drop_former()

    def reencode(self, fingerprint: str, batches: Iterable[Sequence[IndexedArticle]]) -> None:
        for batch in batches:
            self.put_pending(batch)
        self.publish_pending({**self._built(self.numbers(state="pending")), "encoder": fingerprint})
        self._drop_former()

    def _built(self, numbers: Sequence[int]) -> dict[str, str]:
        """Builds the next generation of these passages; what is to be noted where it is published."""
        generation = self.published().generation + 1
        size = sum(len(sound) for sound, _ in self._batches(numbers))
        if size and self._generations:
            self._generations.build(generation, self._batches(numbers), size=size)
        covers = max(numbers, default=0) if size else 0
        return {"generation": str(generation), "generation_covers": str(covers), "generation_size": str(size)}

    def _batches(self, numbers: Sequence[int]) -> Iterator[tuple[list[int], Vectors]]:
        for start in range(0, len(numbers), BUILT_AT_ONCE):
            yield self.vectors(numbers[start : start + BUILT_AT_ONCE])

    def _drop_former(self) -> str:
        """Deletes generations that are in use no more; who has one open still."""
        self._view = None
        return self._generations.drop_all_but(self.published().generation) if self._generations else ""

    def _index_problems(self) -> Iterator[Problem]:
        published = self.published()
        if self._generations is None or not published.covers:
            return
        try:
            for problem in self._generations.damage(published.generation):
                yield Problem(None, f"the vector index: {problem}")
            covered = {number for number in self.numbers() if number <= published.covers}
            if missing := covered - self._generations.open(published.generation).numbers():
                yield Problem(None, f"{len(missing)} passages are not in the vector index")
        except StoreError as error:
            yield Problem(None, str(error))

    def near(self, vector: Vectors, *, limit: int, between: Dates = ALWAYS) -> list[Hit]:
        broad, breadth = replace(between, excluded=()) == ALWAYS, limit
        most = math.inf if between == ALWAYS else MOST_EXCLUDED
        while True:
            breadth *= SPARE
            numbers = self._nearest(vector, limit=breadth)
            readable, vectors = self.vectors(numbers, between=between)
            # An article that was changed over and over has left many vectors in one place: look beyond them.
            if not broad or len(readable) >= limit or len(numbers) < breadth or breadth >= most:
                break
        if not broad and len(readable) < limit:
            # A narrow range of dates: few passages are in it, and comparing all of them is quick and exact.
            readable, vectors = self.vectors(self.readable_numbers(between=between))
        self.require_same()
        return self.by_cosine(readable, vectors, vector, limit=limit, between=between)

    def _nearest(self, vector: Vectors, *, limit: int) -> list[int]:
        """Numbers of the nearest of all vectors by cosine, nearest first. Raises StoreMismatch, StoreError."""
        while True:
            view = self.follow()
            try:
                return view.nearest(vector, limit=limit)
            except StoreError as error:
                with self._following:
                    if self._view is view:
                        self._view = None
                        self._set_aside(view.published, error)

    def follow(self) -> _View:
        """What is searched, in step with the catalogue. Raises StoreMismatch, StoreError."""
        with self._following:
            version, view = self.engine.version(), self._view
            retried = self._generations and view and not view.generation and self._is_usable(view.published)
            if view is None or view.version != version or retried:
                view = self._view = self._renewed(view, version)
            self.require_same()
            return view

    def _renewed(self, view: _View | None, version: int) -> _View:
        """The view of what is published now, made of the one before as far as that stands."""
        while True:
            published = self.published()
            if view is None or view.published != published:
                view = _View(version, published, None)
            if view.generation is None and (generation := self._opened(published)):
                view = _View(version, published, generation)
            view = view.extended(self, version)
            if self.published() == published:  # else what was read may be of two states
                return view

    def _opened(self, published: PublishedIndex) -> ChromaVectors | None:
        """The generation in use, if there is one and it can be used."""
        if self._generations and self._is_usable(published):
            try:
                return self._generations.open(published.generation)
            except StoreError as error:
                self._set_aside(published, error)
        return None

    def _set_aside(self, published: PublishedIndex, error: StoreError) -> None:
        """Notes that a generation can't be used for a while, unless the next one is in use by now."""
        if self.published() == published:
            if published.generation not in self._unusable:
                _log.error("Vectors are compared one by one, which is slower: %s", error)
            self._unusable[published.generation] = time.monotonic() + RETRY_SECONDS

    def _is_usable(self, published: PublishedIndex) -> bool:
        return published.covers > 0 and self._unusable.get(published.generation, 0.0) < time.monotonic()


@contextmanager
def opened(home: Path, *, writing: bool, making: bool = False, wait: bool = False) -> Iterator[CatalogueStore]:
    """The store in a folder, which any number read while one writes. Raises StoreError, StoreBusy, StoreMismatch."""
    if not making:
        require_archive(home)
    with ExitStack() as stack:
        with usable(home):
            home.mkdir(parents=True, exist_ok=True)
            fixed = not (writing or writable(home / CATALOGUE.file))
            if not fixed:  # nobody can write there, so that nobody has to be kept from it
                stack.enter_context(folder_lock(home, alone=False))
            if writing:
                patience = math.inf if wait else 0
                stack.enter_context(folder_lock(home, alone=True, lock=WRITING, wait=patience, advice=WRITER_ADVICE))
        generations = None if fixed else EmbeddedChroma(home / VECTORS)  # Chroma writes to read
        store = CatalogueStore(home / CATALOGUE.file, generations)
        stack.callback(store.close)
        if writing:
            store.recover()
        yield store


@contextmanager
def opened_for_notices(home: Path) -> Iterator[NoticeStore]:
    """The book of notices of the archive in a folder, whoever else reads or writes there. Raises StoreError."""
    require_archive(home)
    with present(home), closing(NoticeStore(home / CATALOGUE.file)) as book:
        yield book


def require_archive(home: Path) -> None:
    """Raises StoreError where there is none."""
    if not (home / CATALOGUE.file).is_file():
        raise StoreError(
            f"There is no archive in {home}. Fill one with `qa ingest PATH`, or set QA_HOME to its folder."
        )


@contextmanager
def temporary_folder(home: Path) -> Iterator[Path]:
    """A folder of this process for the page's temporary files, closed to other users. Raises StoreError."""
    scratch = home.resolve() / TEMPORARY
    with ExitStack() as stack:
        try:
            home.mkdir(parents=True, exist_ok=True)  # the archive itself may be in a database
            with suppress(StoreBusy), folder_lock(home, alone=True, lock="scratch.lock"):  # what others left goes
                if os.path.lexists(scratch):
                    shutil.rmtree(scratch)  # it refuses a link, and follows none
                scratch.mkdir(mode=0o700)
            stack.enter_context(folder_lock(home, alone=False, lock="scratch.lock", wait=10))
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True)))
        except OSError as error:
            raise StoreError(
                f"{scratch} was expected to be a folder that can be emptied and made anew, found: "
                f"{error.strerror or error}. Remove it, then start again."
            ) from error
        yield folder
