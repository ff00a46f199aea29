"""`python -m benchmarks.stores FOLDER DATABASE`: the same archive in a folder and in PostgreSQL, asked the same.

The database is what `qa migrate --to` made of the folder. Each question is asked of both in turn, over all dates and
over the month of an article, and the best ten are compared: equal where they are the same, save for passages whose
scores are the same but for rounding. Prints a table.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import cast

from pydantic import SecretStr

from benchmarks.articles import articles, questions
from benchmarks.measures import machine, percentile
from qa.archive.parts import encoder_of, store_of
from qa.models.replies import Hit, Question
from qa.protocols import DocumentStore, Encoder, Vectors
from qa.retrieval.ranking import DenseRetriever, HybridRetriever, LexicalRetriever
from qa.settings import Settings

BEST, POOL = 10, 20
ROUNDING = 1e-3


@dataclass
class Comparison:
    """Milliseconds that each store took, and how many questions found the same in both."""

    milliseconds: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    equal: int = 0
    shared: list[float] = field(default_factory=list)

    def add(self, found: tuple[list[Hit], list[Hit]]) -> None:
        first, second = ({hit.passage.passage_id: hit.score for hit in hits[:BEST]} for hits in found)
        self.equal += agree(first, second) and agree(second, first)
        self.shared.append(len(first.keys() & second.keys()) / max(1, len(first)))

    def row(self, name: str) -> str:
        asked = len(self.shared)
        times = [f"{percentile(values, share):.0f}" for values in self.milliseconds for share in (0.5, 0.95)]
        cells = [name, *times, f"{self.equal / asked:.1%}", f"{sum(self.shared) / asked:.1%}"]
        return f"| {' | '.join(cells)} |"


def agree(scores: dict[str, float], others: dict[str, float]) -> bool:
    """All of the first stand among the others, but for those at its end, which may tie with who comes next."""
    lowest = min(scores.values(), default=0.0) + ROUNDING
    return not {name for name, score in scores.items() if score > lowest} - others.keys()


class Remembered:
    """Vectors of questions, encoded once for both stores: what is timed is the stores' part."""

    def __init__(self, encoder: Encoder, texts: list[str]) -> None:
        self._vectors = {text: encoder.encode_question(text) for text in texts}

    def encode_question(self, text: str) -> Vectors:
        return self._vectors[text]


def compared(stores: tuple[DocumentStore, DocumentStore], encoder: Encoder, asked: list[Question], when: str) -> None:
    """Prints a row for each way of looking."""
    both = (
        ("words", LexicalRetriever),
        ("vectors", partial(DenseRetriever, encoder=encoder)),
        ("both", _hybrid(encoder)),
    )
    for name, retriever in both:
        retrievers = [retriever(store) for store in stores]
        comparison = Comparison()
        for question in asked[:5]:
            [side.find(question, limit=POOL) for side in retrievers]
        for number, question in enumerate(asked):
            found: list[list[Hit]] = [[], []]
            for side in (0, 1) if number % 2 else (1, 0):
                started = time.perf_counter()
                found[side] = retrievers[side].find(question, limit=POOL)
                comparison.milliseconds[side].append((time.perf_counter() - started) * 1e3)
            comparison.add((found[0], found[1]))
        print(comparison.row(f"{name} | {when}"), flush=True)


def _hybrid(encoder: Encoder) -> Callable[[DocumentStore], HybridRetriever]:
    return lambda store: HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))


def month_of(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stores", description=__doc__)
    parser.add_argument("folder", type=Path, help="the archive as a folder (QA_HOME)")
    parser.add_argument("database", help="the same archive in PostgreSQL")
    parser.add_argument("--articles", type=Path, metavar="FILE", help="what it was filled with; unset, generated ones")
    parser.add_argument("--count", type=int, default=300, metavar="N", help="questions")
    given = parser.parse_args()
    written = articles(given.articles, None)
    texts = questions(written, given.count)
    days = sorted({record["published"] for record in written if record["published"]})
    dice = random.Random(7)
    dated = [Question(text, *month_of(date.fromisoformat(dice.choice(days)))) for text in texts]
    settings = Settings(home=given.folder)
    encoder = cast(Encoder, Remembered(encoder_of(settings), texts))
    with (
        store_of(settings) as folder,
        store_of(settings.model_copy(update={"database": SecretStr(given.database)})) as database,
    ):
        print(f"{machine()}. {folder.coverage().articles:,} articles, {len(texts)} questions, the best {BEST}.\n")
        print("| by | dates | folder p50 ms | p95 | PostgreSQL p50 ms | p95 | same ten | of ten shared |")
        print("|---|---|--:|--:|--:|--:|--:|--:|")
        compared((folder, database), encoder, [Question(text) for text in texts], "all")
        compared((folder, database), encoder, dated, "a month")
    return 0


if __name__ == "__main__":
    sys.exit(main())
