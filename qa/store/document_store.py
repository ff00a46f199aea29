"""The store: catalogue and vector index in step, through crashes too.

An article is written to the catalogue as pending, its vectors go to the index, then it becomes live. Whatever
moment a process dies at, the next one that opens the store for writing carries on from the pending marks. The
vectors are in the catalogue as well, so the index can be made again without encoding.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from qa.errors import StoreError, StoreFull, StoreMismatch
from qa.models.annotations import Annotations
from qa.models.archive import Article, Coverage, ListedArticle, Origins, Source
from qa.models.dates import ALWAYS, Dates
from qa.models.notices import Standing
from qa.models.replies import Hit
from qa.protocols import IndexedArticle, Stored, VectorIndex, Vectors
from qa.store.catalogue import Catalogue
from qa.store.comparing import Searched
from qa.store.idf import InverseFrequencies
from qa.store.matching import nearest, words_matching
from qa.store.mendable import Generations, RepairableCatalogue
from qa.store.multilingual import MultilingualSpace
from qa.store.past import Past
from qa.store.queries import FIRST, MULTILINGUAL

STALE_SHARE = 0.25
"""Share of dropped vectors in the index from which it is written anew: more of them slow every search down."""

REBUILD_BATCH = 5_000

__all__ = ["CatalogueStore", "Generations"]


class CatalogueStore(RepairableCatalogue):
    """A `DocumentStore` in a folder. Opened for reading it changes nothing."""

    def __init__(self, catalogue: Catalogue, generations: Generations) -> None:
        self._catalogue = catalogue
        self._generations = generations
        self._indexes: dict[str, tuple[int, VectorIndex]] = {}
        self._opening = threading.Lock()
        self._idf = InverseFrequencies(catalogue)
        self._searched = {
            space: Searched(catalogue, space, partial(self._index_of, space)) for space in (FIRST, MULTILINGUAL)
        }

    # — opening and closing —

    @property
    def _generation(self) -> int:
        return int(self._catalogue.meta("generation") or 1)

    @property
    def _index(self) -> VectorIndex:
        return self._index_of(FIRST)

    def _index_of(self, space: str) -> VectorIndex:
        generation = self._generation
        with self._opening:
            held = self._indexes.get(space)
            if held is None or held[0] != generation:
                if any(other != generation for other, _ in self._indexes.values()):
                    self._indexes.clear()  # the folder of the other generation is closed by opening this one
                held = self._indexes[space] = (generation, self._generations.open(generation, space))
            return held[1]

    @property
    def multilingual(self) -> MultilingualSpace:
        """The passages' vectors by the encoder of several languages."""
        return MultilingualSpace(self._catalogue, partial(self._index_of, MULTILINGUAL), self._searched[MULTILINGUAL])

    @property
    def fingerprint(self) -> str | None:
        """The encoder that made the vectors; None where there are none yet."""
        return self._catalogue.meta("encoder")

    def claim(self, fingerprint: str) -> None:
        """Makes the store that encoder's, if it is nobody's yet. Raises StoreMismatch."""
        if self.fingerprint is None:
            self._catalogue.set_meta("encoder", fingerprint)
        self.require(fingerprint)

    def require(self, fingerprint: str) -> None:
        """Raises StoreMismatch where another encoder made the vectors."""
        if self.fingerprint not in (None, fingerprint):
            raise StoreMismatch(
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
        if erased := self._catalogue.awaiting_erasure():
            self._catalogue.erase(erased)
            self._idf.forget()
        if self._catalogue.unscrubbed():
            self.tidy(share=0.0)

    def close(self) -> None:
        self._indexes.clear()
        self._generations.close()
        self._catalogue.close()

    # — filling —

    def stored(self, article_ids: Iterable[str]) -> dict[str, Stored]:
        return self._catalogue.stored(article_ids)

    def owners(self, article_ids: Iterable[str]) -> dict[str, str]:
        return self._catalogue.owners(article_ids)

    def reassign(self, sources: Mapping[str, str]) -> None:
        self._catalogue.reassign(sources)

    def keep_older(self, article: Article, *, path: str) -> bool:
        return self._catalogue.keep_older(article, path=path)

    def erased(self, article_ids: Iterable[str]) -> set[str]:
        return self._catalogue.erased(article_ids)

    def put(self, batch: Sequence[IndexedArticle]) -> None:
        try:
            self._catalogue.put_pending(batch)
            self._finish()
        except StoreError:
            self._catalogue.drop_pending()
            raise

    def relocate(self, paths: Mapping[str, str]) -> None:
        self._catalogue.relocate(paths)

    def outdated(self, version: int) -> list[str]:
        return self._catalogue.outdated(version)

    def annotate(self, annotated: Mapping[str, Annotations]) -> None:
        self._catalogue.annotate(annotated)

    def all_read_by(self, version: int) -> None:
        if self._catalogue.meta("reading") != str(version):
            self._catalogue.set_meta("reading", str(version))

    def _finish(self) -> None:
        numbers, vectors = self._catalogue.vectors(self._catalogue.pending())
        if numbers:
            self._index.add(numbers, vectors)
        self._catalogue.publish_pending()
        self._idf.forget()

    def remove(self, article_id: str) -> None:
        """Takes an article off the store for good. Raises NotFound."""
        self.remove_all([self._catalogue.known(article_id)])

    def forget_versions(self, article_id: str) -> int:
        """Takes the earlier texts of an article off the disk for good; how many there were. Raises NotFound."""
        gone = self._catalogue.forget_versions(self._catalogue.known(article_id))
        self.tidy(share=1.0)
        return gone

    def remove_all(self, article_ids: Iterable[str]) -> None:
        """Takes articles off the store for good, in one step; those that are not held are passed over."""
        self._catalogue.remove(article_ids)
        self._idf.forget()
        self.tidy(share=0.0)

    @property
    def scrubbed(self) -> bool:
        """Whether no word of what was taken out is left in any file."""
        return not (self._catalogue.unscrubbed() or self._catalogue.awaiting_erasure())

    def tidy(self, *, share: float = STALE_SHARE) -> None:
        """Leaves no word of what was removed or replaced in any file.

        The index is written anew where more than that share of its vectors has been dropped from the catalogue.
        """
        held, indexed = len(self._catalogue.numbers()), self._indexed()
        if indexed is None or (indexed > held and (indexed - held) > share * indexed):
            self.rebuild()
        self._catalogue.scrub()

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
        self._indexes.clear()
        self._fill(self._generations.open(generation), self._catalogue.numbers())
        if other := self._catalogue.multilingual_numbers():
            self._fill(self._generations.open(generation, MULTILINGUAL), other, table=MULTILINGUAL)
        self._catalogue.set_meta("generation", str(generation))
        self._generations.drop_all_but(generation)

    def _fill(self, index: VectorIndex, numbers: Sequence[int], *, table: str = FIRST) -> None:
        for start in range(0, len(numbers), REBUILD_BATCH):
            index.add(*self._catalogue.vectors(numbers[start : start + REBUILD_BATCH], table=table))

    def reencode(self, fingerprint: str, batches: Iterable[Sequence[IndexedArticle]]) -> None:
        """Replaces all articles' vectors by another encoder's in one step; a crash before it leaves the old ones."""
        self._catalogue.set_meta("reencoding", fingerprint)
        for batch in batches:
            self._catalogue.put_pending(batch)
        generation = self._generation + 1
        self._indexes.clear()
        self._fill(self._generations.open(generation), self._catalogue.pending())
        self._catalogue.publish_pending({"encoder": fingerprint, "generation": str(generation), "reencoding": ""})
        self._generations.drop_all_but(generation)
        self._idf.forget()

    # — reading —

    def article(self, article_id: str) -> Article:
        return self._catalogue.article(article_id)

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        return self._catalogue.annotations(article_ids)

    def held(self, article_id: str) -> tuple[Article, Standing]:
        """For the staff: an article as it stands now, readable or not. Raises NotFound."""
        return self._catalogue.held(article_id)

    def original(self, article_id: str) -> Article:
        return self._catalogue.original(article_id)

    def known(self, article_id: str) -> str:
        """The id of an article that is held, damaged or not. Raises NotFound."""
        return self._catalogue.known(article_id)

    def path(self, article_id: str) -> str:
        """Where an article was read from. Raises NotFound."""
        stored = self.stored([article_id])
        return stored[article_id].path if stored else self.original(article_id).article_id

    @property
    def past(self) -> Past:
        """For the staff and for readers of what was changed: earlier texts, and what articles were read from."""
        return Past(self._catalogue)

    def sources(self) -> list[tuple[Source, str]]:
        """For the staff: the source of each article held, readable or not, and the path it was read from; by id."""
        return self._catalogue.sources()

    def passage_ids(self, article_id: str) -> list[str]:
        """Ids of an article's passages, in order. Raises NotFound."""
        return self._catalogue.passage_ids(self._catalogue.known(article_id))

    def coverage(self) -> Coverage:
        return self._catalogue.coverage()

    def newest_titles(self, limit: int) -> list[str]:
        """Headlines of the newest articles that readers may see and that are dated, newest first."""
        return self._catalogue.newest_titles(limit)

    def listed(self, between: Dates = ALWAYS) -> list[ListedArticle]:
        return self._catalogue.listed(between)

    def origins(self) -> Origins:
        return self._catalogue.origins()

    def event_dates(self, article_ids: Iterable[str]) -> dict[str, str]:
        return self._catalogue.event_dates(article_ids)

    # — finding —

    def near(self, vector: Vectors, *, limit: int, between: Dates = ALWAYS) -> list[Hit]:
        return nearest(self._catalogue, self._searched[FIRST], vector, limit=limit, between=between)

    def matching(self, terms: Sequence[str], *, limit: int, between: Dates = ALWAYS, language: str = "en") -> list[Hit]:
        return words_matching(self._catalogue, terms, limit=limit, between=between, language=language)

    def idf(self, term: str) -> float:
        return self._idf.of(term)
