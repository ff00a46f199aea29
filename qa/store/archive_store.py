"""What every document store does, in whatever engine its catalogue is: change, check, repair, search by words."""

import math
import re
import threading
import time
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from qa.models.dates import ALWAYS, Dates
from qa.models.deliveries import Problem
from qa.models.replies import Hit
from qa.protocols import DamagedArticle, IndexedArticle, Term, Vectors
from qa.store.catalogue import Catalogue
from qa.store.check import Harm, file_problems, findings, notice_problems, safely, unfinished
from qa.store.checksums import intact
from qa.store.engine import Engine
from qa.store.rows import HELD_ARTICLE, article_of, readable_of, stemmed
from qa.store.writer import now, pages_of
from qa.text.language import DEFAULT, primary
from qa.text.terms import fold

_LETTERS = re.compile(r"[^\W\d_]+")

COUNTING_REST = 50
"""So many times as long as counting them took they are not counted again: 2% of the time of a process goes there."""

_OF_NOTHING = (
    "DELETE FROM passages WHERE article NOT IN (SELECT number FROM articles)",
    "DELETE FROM sentence_vectors WHERE passage NOT IN (SELECT number FROM passages)",
    "DELETE FROM annotations WHERE article NOT IN (SELECT number FROM articles)",
)
"""Rows that a flipped bit has parted from what they belong to, which is encoded or read anew."""


class Vocabulary:
    """The words of an archive; while it is written they are counted anew now and then, by one question for all."""

    def __init__(self, texts: Callable[[], Iterable[str]]) -> None:
        self._texts = texts
        self._counting = threading.Lock()
        self._terms: Mapping[str, Term] | None = None
        self._version = 0
        self._rest_until = 0.0

    def terms(self, version: int) -> Mapping[str, Term]:
        """The words as they stand, or stood a while ago, in the archive that is at that version."""
        terms = self._terms
        if terms is not None and (version == self._version or time.monotonic() < self._rest_until):
            return terms
        if self._counting.acquire(blocking=terms is None):
            try:
                if self._terms is None or self._version != version:
                    begun = time.monotonic()
                    self._terms, self._version = _terms_of(self._texts()), version
                    self._rest_until = time.monotonic() + (time.monotonic() - begun) * COUNTING_REST
                terms = self._terms
            finally:
                self._counting.release()
        return terms or {}

    def forget(self) -> None:
        self._terms = None


def _terms_of(texts: Iterable[str]) -> dict[str, Term]:
    """The words of letters alone, by their folded form."""
    written = Counter[str]()
    for text in texts:
        written.update(_LETTERS.findall(text))
    forms, counts = dict[str, str](), Counter[str]()
    for form, count in written.most_common():
        word = fold(form)
        forms.setdefault(word, form)
        counts[word] += count
    return {word: Term(forms[word], count) for word, count in counts.items() if word.isalpha()}


class ArchiveStore(Catalogue):
    """A `DocumentStore`: the catalogue with its indexes. No step of a repair changes a digest."""

    def __init__(self, place: Path | Engine) -> None:
        super().__init__(place)
        self._vocabulary = Vocabulary(self.lexicon.texts)
        self._passage_count_at = lru_cache(maxsize=1)(lambda version: self.passage_count())
        self._idf_at = lru_cache(maxsize=50_000)(self._computed_idf)

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
        """What a command that writes does at its end; `replaced`: texts were, of which nothing is to be left.

        No word and no vector of what was removed is in any file then, or it stays marked for whoever writes next.
        """

    @abstractmethod
    def unscrubbed_since(self) -> str:
        """Why a word of what was taken out may be left in a file; empty where none is."""

    @abstractmethod
    def rebuild(self) -> None:
        """Makes the index of vectors anew from the catalogue's."""

    @abstractmethod
    def reencode(self, fingerprint: str, batches: Iterable[Sequence[IndexedArticle]]) -> None:
        """Replaces all articles' vectors by another encoder's in one step; a crash before it leaves the old ones."""

    def put(self, batch: Sequence[IndexedArticle]) -> None:
        self.put_live(batch)
        self._vocabulary.forget()

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

    def erase_ordered(self) -> None:
        """Erases what was ordered to be."""
        if ordered := self.awaiting_erasure():
            self.delete_articles(ordered, erasing=True)
            self._vocabulary.forget()

    # — checking and repairing —

    def check(self) -> list[Problem]:
        """What is wrong with the store at this moment, whoever writes meanwhile."""
        with self.snapshot():
            of_the_index = [*safely(self._index_problems())]  # first, before its generation may go
            return [
                *safely(file_problems(self)),
                *safely(problem for _, problem, _ in findings(self)),
                *safely(notice_problems(self)),
                *of_the_index,
                *safely(unfinished(self)),
            ]

    def _index_problems(self) -> Iterator[Problem]:
        """What is wrong with an index of vectors that is kept beside the catalogue."""
        yield from ()

    def damaged(self) -> list[DamagedArticle]:
        """Articles that are not as they were stored; those that were set aside too."""
        numbers = [number for number, _, harm in findings(self) if harm is Harm.TEXT]
        held = f"SELECT {HELD_ARTICLE} FROM articles a WHERE a.number IN (…)"
        named = "SELECT number, id, digest, path FROM articles WHERE number IN (…)"
        articles = []
        for row in self.readable_rows_of(named, numbers):
            article = next(iter(readable_of(article_of, self.readable_rows_of(held, [row["number"]]))), None)
            earlier = tuple(version.article for version in self.versions(row["id"]))
            articles.append(DamagedArticle(row["number"], row["digest"], row["path"], article, earlier))
        return articles

    def broken(self) -> list[str]:
        """Ids of articles that are as they were stored, but not their passages."""
        return sorted({str(problem.article_id) for _, problem, harm in findings(self) if harm is Harm.MADE})

    def repair_indexes(self) -> None:
        """Makes the indexes anew, the lexical ones, from the bodies, only where they are damaged."""
        if any(safely(file_problems(self))) or any(harm is Harm.LEXICAL for *_, harm in findings(self)):
            with self.transaction() as connection:
                self.lexicon.clear(connection)
                for sql in _OF_NOTHING:
                    connection.execute(sql)
                for articles in pages_of(connection, "state = 'live' AND damaged IS NULL"):
                    self.lexicon.enter(connection, articles)
        with self.transaction() as connection:  # where it isn't sure where an article came from, nothing is said of it
            connection.execute(
                "UPDATE articles SET path = '', original = NULL, stored_at = NULL, checksum = NULL"
                f" WHERE state = 'live' AND damaged IS NULL AND NOT {intact('articles')}"
            )
        self.rebuild()

    def set_aside(self, number: int) -> None:
        """Notes that an article is damaged: nobody is shown it, and its file is opened at the next synchronising."""
        with self.transaction() as connection:
            (article_id,) = connection.execute("SELECT id FROM articles WHERE number = ?", (number,)).fetchone()
            self.lexicon.leave(connection, number)
            for table in ("passages", "annotations"):
                connection.execute(f"DELETE FROM {table} WHERE article = ?", (number,))
            connection.execute("UPDATE articles SET damaged = ? WHERE number = ? AND damaged IS NULL", (now(), number))
            connection.execute(
                "UPDATE files SET changed_ns = 0"
                " WHERE json_valid(articles) AND EXISTS (SELECT 1 FROM json_each(articles) WHERE value = ?)",
                (article_id,),
            )
        self._vocabulary.forget()

    def discard(self, number: int) -> None:
        """Deletes the row of a damaged article, of which the text that was stored is held again."""
        if self.rows("SELECT 1 FROM articles WHERE number = ?", (number,)):
            self.set_aside(number)
            with self.transaction() as connection:
                connection.execute("DELETE FROM articles WHERE number = ?", (number,))

    # — searching —

    @abstractmethod
    def near(self, vector: Vectors, *, limit: int, between: Dates = ALWAYS) -> list[Hit]: ...

    def matching(self, terms: Sequence[str], *, limit: int, between: Dates = ALWAYS, language: str = "en") -> list[Hit]:
        """Readable passages by BM25.

        Other words than English ones are looked up by their stems too, and the better score counts: on xquad the right
        paragraph is first for 93.2% of the Spanish questions, by English endings for 91.8%.
        """
        best = dict(self.lexicon.bm25(terms, limit=limit, between=between, index="lexicon")) if terms else {}
        stems = [stem for term in terms if (stem := stemmed(term, language))] if primary(language) != DEFAULT else ()
        if stems:
            for number, score in self.lexicon.bm25(stems, limit=limit, between=between, index="stemmed"):
                best[number] = max(score, best.get(number, score))
        return self.hits(best.items(), limit=limit, between=between)

    def by_cosine(
        self, numbers: Sequence[int], vectors: Vectors, vector: Vectors, *, limit: int, between: Dates
    ) -> list[Hit]:
        """Passages of which those are the vectors, by their cosine with another one."""
        cosines = (vectors @ vector).tolist() if numbers else []
        return self.hits(zip(numbers, cosines, strict=True), limit=limit, between=between)

    def hits(self, scored: Iterable[tuple[int, float]], *, limit: int, between: Dates) -> list[Hit]:
        """The best of numbered passages, of those that readers may see."""
        best = sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:limit]
        passages = self.passages([number for number, _ in best], between=between)
        return [Hit(passages[number], score) for number, score in best if number in passages]

    def idf(self, term: str) -> float:
        """The inverse document frequency of BM25; what was counted is kept until somebody writes."""
        return self._idf_at(term, self.version())

    def _computed_idf(self, term: str, version: int) -> float:
        total, with_term = self._passage_count_at(version), self.lexicon.frequency(term)
        return math.log(1 + max(0.0, total - with_term + 0.5) / (with_term + 0.5))

    def vocabulary(self) -> Mapping[str, Term]:
        return self._vocabulary.terms(self.version())
