"""The shelf: catalogue and vector index in step, through crashes too.

An article is written to the catalogue as pending, its vectors go to the index, then it becomes live. Whatever
moment a process dies at, the next one that opens the shelf for writing carries on from the pending marks. The
vectors are in the catalogue as well, so the index can be made again without encoding.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from qa.domain import Article, Coverage, Hit, Passage, Problem, Source
from qa.errors import ShelfError, ShelfFull, ShelfMismatch
from qa.ports import ALWAYS, Dates, Shelved, Vectors
from qa.storage.catalogue import Catalogue
from qa.storage.holding import Holding
from qa.storage.vectors import ChromaVectors, EmbeddedChroma, ServedChroma

SPARE = 4
"""The index is asked for this many times what is wanted, since it still holds what the catalogue has dropped."""

STALE_SHARE = 0.25
"""Share of dropped vectors in the index from which it is written anew. Below it a search with SPARE misses nothing."""

REBUILD_BATCH = 5_000


class Generations(Protocol):
    """Where the generations of the vector index live."""

    def open(self, generation: int) -> ChromaVectors: ...
    def drop_all_but(self, generation: int) -> None: ...
    def close(self) -> None: ...


class StoredShelf:
    """A `Shelf` in a folder. Opened for reading it changes nothing."""

    def __init__(self, catalogue: Catalogue, generations: Generations, holding: Holding | None) -> None:
        self._catalogue = catalogue
        self._generations = generations
        self._holding = holding
        self._index_in_use: tuple[int, ChromaVectors] | None = None
        self._rarities: dict[str, float] = {}
        self._passage_count: int | None = None

    # — opening and closing —

    @property
    def _generation(self) -> int:
        return int(self._catalogue.meta("generation") or 1)

    @property
    def _index(self) -> ChromaVectors:
        generation = self._generation
        if self._index_in_use is None or self._index_in_use[0] != generation:
            self._index_in_use = (generation, self._generations.open(generation))
        return self._index_in_use[1]

    @property
    def fingerprint(self) -> str | None:
        """The encoder that made the vectors; None where there are none yet."""
        return self._catalogue.meta("encoder")

    def claim(self, fingerprint: str) -> None:
        """Makes the shelf that encoder's, if it is nobody's yet. Raises ShelfMismatch."""
        if self.fingerprint is None:
            self._catalogue.set_meta("encoder", fingerprint)
        self.require(fingerprint)

    def require(self, fingerprint: str) -> None:
        """Raises ShelfMismatch where another encoder made the vectors."""
        if self.fingerprint not in (None, fingerprint):
            raise ShelfMismatch(
                f"This archive was encoded by {self.fingerprint}, the encoder now set is {fingerprint}. "
                "Set QA_ENCODER back, or encode everything again with `qa reencode`."
            )

    def recover(self) -> None:
        """Finishes what a process that died had begun."""
        if self._catalogue.meta("reencoding"):
            self._catalogue.drop_pending()
            self._catalogue.set_meta("reencoding", "")
        if self._catalogue.has_pending():
            self._finish()
        self._generations.drop_all_but(self._generation)

    def close(self) -> None:
        self._index_in_use = None
        self._generations.close()
        self._catalogue.close()
        if self._holding:
            self._holding.close()

    # — filling —

    def stored(self, article_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        return self._catalogue.stored(article_ids)

    def put(self, batch: Sequence[Shelved]) -> None:
        try:
            self._catalogue.put_pending(batch)
            self._finish()
        except ShelfError:
            self._catalogue.drop_pending()
            raise

    def _finish(self) -> None:
        numbers, vectors = self._catalogue.vectors(self._catalogue.pending())
        if numbers:
            self._index.add(numbers, vectors)
        self._catalogue.publish_pending()
        self._forget()

    def remove(self, article_id: str) -> None:
        """Takes an article off the shelf for good. Raises NotFound."""
        self._catalogue.remove(article_id)
        self._forget()
        self.tidy(share=0.0)
        self._catalogue.scrub()

    def tidy(self, *, share: float = STALE_SHARE) -> None:
        """Writes the index anew where more than that share of it has been dropped from the catalogue."""
        live, indexed = len(self._catalogue.numbers()), self._index.count()
        if indexed > live and (indexed - live) > share * indexed:
            self.rebuild()

    def rebuild(self) -> None:
        """Writes a new generation of the index from the catalogue's vectors, then switches to it."""
        generation = self._generation + 1
        self._index_in_use = None
        index = self._generations.open(generation)
        self._fill(index, self._catalogue.numbers())
        self._catalogue.set_meta("generation", str(generation))
        self._index_in_use = (generation, index)
        self._generations.drop_all_but(generation)

    def _fill(self, index: ChromaVectors, numbers: Sequence[int]) -> None:
        for start in range(0, len(numbers), REBUILD_BATCH):
            index.add(*self._catalogue.vectors(numbers[start : start + REBUILD_BATCH]))

    def reencode(self, fingerprint: str, batches: Iterable[Sequence[Shelved]]) -> None:
        """Replaces all articles' vectors by another encoder's in one step; a crash before it leaves the old ones."""
        self._catalogue.set_meta("reencoding", fingerprint)
        for batch in batches:
            self._catalogue.put_pending(batch)
        generation = self._generation + 1
        self._index_in_use = None
        index = self._generations.open(generation)
        self._fill(index, self._catalogue.pending())
        self._catalogue.publish_pending({"encoder": fingerprint, "generation": str(generation), "reencoding": ""})
        self._generations.drop_all_but(generation)
        self._forget()

    # — reading —

    def article(self, article_id: str) -> Article:
        return self._catalogue.article(article_id)

    def path(self, article_id: str) -> str:
        """Where an article was read from. Raises NotFound."""
        stored = self.stored([article_id])
        return stored[article_id][1] if stored else self.article(article_id).article_id

    def sources(self) -> list[tuple[Source, str]]:
        """Each article's source and the path it was read from, by id."""
        return self._catalogue.sources()

    def coverage(self) -> Coverage:
        return self._catalogue.coverage()

    # — finding —

    def near(self, vector: Vectors, *, limit: int, between: Dates = ALWAYS) -> list[Hit]:
        numbers = self._index.nearest(vector, limit=limit * SPARE)
        passages = self._catalogue.passages(numbers, between=between)
        if not between.open and len(passages) < limit:
            # A narrow range of dates: few passages are in it, and comparing all of them is quick and exact.
            numbers = self._catalogue.numbers(between=between)
            passages = {}
        return self._closest(vector, numbers, passages, limit=limit, between=between)

    def _closest(
        self, vector: Vectors, numbers: list[int], passages: dict[int, Passage], *, limit: int, between: Dates
    ) -> list[Hit]:
        held, vectors = self._catalogue.vectors(sorted(passages) if passages else numbers)
        if not held:
            return []
        cosines = vectors @ vector
        best = sorted(zip(cosines.tolist(), held, strict=True), key=lambda pair: (-pair[0], pair[1]))[:limit]
        known = passages or self._catalogue.passages([number for _, number in best], between=between)
        return [Hit(known[number], cosine) for cosine, number in best if number in known]

    def matching(self, terms: Sequence[str], *, limit: int, between: Dates = ALWAYS) -> list[Hit]:
        if not terms:
            return []
        scores = self._catalogue.matching(terms, limit=limit, between=between)
        passages = self._catalogue.passages([number for number, _ in scores], between=between)
        return [Hit(passages[number], score) for number, score in scores if number in passages]

    def rarity(self, term: str) -> float:
        if self._catalogue.changed():
            self._forget()
        if term not in self._rarities:
            total = self._passage_count = self._passage_count or self._catalogue.passage_count()
            with_term = self._catalogue.frequency(term)
            self._rarities[term] = math.log(1 + (total - with_term + 0.5) / (with_term + 0.5))
        return self._rarities[term]

    def _forget(self) -> None:
        self._rarities.clear()
        self._passage_count = None

    # — checking —

    def check(self) -> list[Problem]:
        """Whether catalogue and index agree and every passage is a slice of its article."""
        problems = [Problem(None, f"the catalogue's file: {what}") for what in self._catalogue.verify()]
        problems += list(self._slices())
        live, indexed = set(self._catalogue.numbers()), self._index.numbers()
        if missing := len(live - indexed):
            problems.append(Problem(None, f"{missing} passages are not in the vector index"))
        if self._catalogue.has_pending():
            problems.append(Problem(None, "an import was cut off and waits to be finished"))
        return problems

    def _slices(self) -> Iterator[Problem]:
        for article, passages in self._catalogue.each_article():
            for passage in passages:
                text = article.body[passage.start : passage.end]
                outside = [s for s in passage.sentences if not s.within(passage.span)]
                if not text or text != passage.text or outside:
                    yield Problem(
                        article.article_id, f"passage {passage.start}-{passage.end} is not a slice of its article"
                    )

    def broken(self) -> list[str]:
        """Articles with a passage that is not a slice of its body."""
        return sorted({problem.article_id for problem in self._slices() if problem.article_id})


@contextmanager
def opened(home: Path, *, writing: bool, chroma_url: str | None = None) -> Iterator[StoredShelf]:
    """The shelf in a folder, made if writing. Raises ShelfError, ShelfBusy, ShelfMismatch."""
    if not writing and not (home / "catalogue.sqlite3").is_file():
        raise ShelfError(f"There is no archive in {home}. Fill one with `qa ingest PATH`, or set QA_HOME to its folder.")
    try:
        home.mkdir(parents=True, exist_ok=True)
        holding = Holding(home, alone=writing and chroma_url is None)
    except OSError as error:
        if error.errno == 28:
            raise ShelfFull(f"The disk is full: {home} can't be opened. Free some space.") from error
        raise ShelfError(f"{home} can't be used: {error.strerror or error}. Choose another folder by QA_HOME.") from error
    with holding:
        generations = ServedChroma(chroma_url) if chroma_url else EmbeddedChroma(home / "vectors")
        shelf = StoredShelf(Catalogue(home / "catalogue.sqlite3"), generations, holding)
        try:
            if writing:
                shelf.recover()
            yield shelf
        finally:
            shelf.close()
