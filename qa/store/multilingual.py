"""The passages' vectors by a second encoder, that understands more languages than the first.

They are rows of the catalogue, which is the truth, and a collection beside that of the first encoder. Passages are
stored without such a vector and given one afterwards, a batch at a time: first the index, then the catalogue. So what
is cut off leaves passages that lack theirs, and whoever fills the gaps next carries on there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from qa.errors import StoreMismatch
from qa.models.archive import Passage
from qa.models.dates import Dates
from qa.models.deliveries import Problem
from qa.models.replies import Hit
from qa.protocols import VectorIndex, Vectors
from qa.store.catalogue import Catalogue
from qa.store.check import index_problems
from qa.store.queries import MULTILINGUAL
from qa.store.search import SearchedIndex, nearest
from qa.store.stems import ENGLISH

META = "multilingual"


class MultilingualSpace:
    """Vectors of one encoder; nothing is in it until it is claimed by one."""

    def __init__(
        self, catalogue: Catalogue, index: Callable[[], VectorIndex], searched: SearchedIndex | None = None
    ) -> None:
        self._catalogue = catalogue
        self._index = index
        self._searched = searched

    @property
    def fingerprint(self) -> str | None:
        """The encoder that made the vectors; None where the archive has none of the kind."""
        return self._catalogue.meta(META)

    @property
    def wanted(self) -> bool:
        """Whether an article is held in another language than English."""
        return self._catalogue.speaks(other_than=ENGLISH)

    def claim(self, fingerprint: str) -> None:
        """Makes the space that encoder's, if it is nobody's yet or empty. Raises StoreMismatch."""
        held = self.fingerprint
        if held is None or (held != fingerprint and not self._catalogue.multilingual_numbers()):
            self._catalogue.forget_multilingual(fingerprint)
        self.require(fingerprint)

    def require(self, fingerprint: str) -> None:
        """Raises StoreMismatch where another encoder made the vectors."""
        if self.fingerprint not in (None, fingerprint):
            raise StoreMismatch(
                f"This archive's second vectors were made by {self.fingerprint}, the encoder of several languages is "
                f"now {fingerprint}. Encode everything again with `qa reencode`."
            )

    def restart(self, fingerprint: str | None) -> None:
        """Drops every vector, for that encoder to make them anew, or none; the index has to be a new generation's."""
        if self.fingerprint is not None:
            self._catalogue.forget_multilingual(fingerprint)

    def lacking(self, *, limit: int) -> dict[int, Passage]:
        """Passages that have no vector yet, by number."""
        return self._catalogue.held_texts(self._catalogue.lacking(limit=limit))

    def put(self, numbers: Sequence[int], vectors: Vectors) -> None:
        """Stores vectors for good. Raises StoreFull, StoreError."""
        self._index().add(numbers, vectors)
        self._catalogue.put_multilingual(numbers, vectors)

    def near(self, vector: Vectors, *, limit: int, between: Dates) -> list[Hit]:
        """Passages by cosine with a unit vector of (dimension,), -1 to 1."""
        index = self._searched or self._index()
        return nearest(self._catalogue, index, vector, limit=limit, between=between, table=MULTILINGUAL)

    def problems(self) -> Iterator[Problem]:
        """Passages that lack a vector, here or in the index; nothing where the archive has none of the kind."""
        if self.fingerprint is None:
            return
        if damaged := self._catalogue.damaged_vectors():
            yield Problem(None, f"{damaged} vectors for several languages are not as they were stored")
        if lacking := self._catalogue.lacking_count():
            yield Problem(None, f"{lacking} passages lack their vector for several languages")
        yield from index_problems(
            self._catalogue, self._index, table=MULTILINGUAL, named="the vector index for several languages"
        )
