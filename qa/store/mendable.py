"""A store whose damage can be found and put right."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Protocol

from qa.models.deliveries import Problem
from qa.protocols import DamagedArticle, VectorIndex
from qa.store.catalogue import Catalogue
from qa.store.checking import (
    article_problems,
    file_problems,
    findings,
    index_problems,
    left_over,
    safely,
    spoken_problems,
    unfinished,
)
from qa.store.idf import InverseFrequencies
from qa.store.multilingual import MultilingualSpace
from qa.store.queries import FIRST


class Generations(Protocol):
    """Where the generations of the vector index live."""

    def open(self, generation: int, space: str = FIRST) -> VectorIndex: ...
    def damage(self, generation: int) -> list[str]:
        """What is wrong with the files of a generation, as far as that is to be seen."""
        ...

    def drop_all_but(self, generation: int) -> None: ...
    def close(self) -> None: ...


class RepairableCatalogue(ABC):
    """The part of a store that is checked and repaired."""

    _catalogue: Catalogue
    _generations: Generations
    _idf: InverseFrequencies

    @property
    @abstractmethod
    def _generation(self) -> int: ...

    @property
    @abstractmethod
    def multilingual(self) -> MultilingualSpace: ...

    @abstractmethod
    def _index_of(self, space: str) -> VectorIndex: ...

    @abstractmethod
    def rebuild(self) -> None: ...

    def check(self, *, multilingual: bool = True) -> list[Problem]:
        """Whether catalogue and index agree and every passage is a slice of its article.

        Without `multilingual` vectors for several languages may be lacking: nobody fills or asks them.
        """
        return [
            *safely(file_problems(self._catalogue)),
            *safely(article_problems(self._catalogue)),
            *safely(left_over(self._catalogue)),
            *safely(spoken_problems(self._catalogue)),
            *safely(self._index_problems()),
            *safely(self.multilingual.problems() if multilingual else iter(())),
            *safely(unfinished(self._catalogue)),
        ]

    def _index_problems(self) -> Iterator[Problem]:
        for what in self._generations.damage(self._generation):
            yield Problem(None, f"the vector index: {what}")
        yield from index_problems(self._catalogue, partial(self._index_of, FIRST))

    def repair_indexes(self) -> None:
        of_files = any(safely(chain(file_problems(self._catalogue), left_over(self._catalogue))))
        if of_files or any(finding.words for finding in findings(self._catalogue)):
            self._catalogue.rebuild_words()
        self._catalogue.forget_provenance()
        self._catalogue.drop_damaged_vectors()
        self.rebuild()

    def damaged(self) -> list[DamagedArticle]:
        numbers = [finding.number for finding in findings(self._catalogue) if not finding.sound]
        return [damaged for number in numbers if (damaged := self._catalogue.damaged_article(number))]

    def broken(self) -> list[str]:
        """Articles that are as they were stored, without passages, or with one that is not as it was."""
        ids = {
            finding.problem.article_id for finding in findings(self._catalogue) if finding.sound and not finding.words
        }
        return sorted(article_id for article_id in ids if article_id)

    def set_aside(self, number: int) -> None:
        self._catalogue.set_aside(number)
        self._idf.forget()

    def discard(self, number: int) -> None:
        self._catalogue.discard(number)

    def damaged_articles(self) -> list[tuple[str, str, datetime]]:
        """For the staff: articles that were set aside since they are damaged: id, path and since when, by id."""
        return self._catalogue.damaged_articles()
