"""`python -m benchmarks.quality FOLDER`: how well questions with gold answers are found, answered and refused.

The folder holds `articles.en.jsonl` ({"id","title","date","source","text"}, one paragraph each) and
`queries.en.jsonl` ({"id","question","article_id","answers","answer_start"}), as made from XQuAD. Every question is
asked twice: of the whole archive, and with its own paragraph taken away, where the right reply is a refusal.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.articles import articles, write
from benchmarks.without import Without
from qa.answering.chain import Turn, day_road
from qa.domain.replies import Answer, Hit, Question, Reply, Statement
from qa.reading.metadata import Defaults
from qa.retrieval.dense import DenseRetriever
from qa.retrieval.fusion import FusedRetriever
from qa.retrieval.late_interaction import RerankedRetriever, SentenceRanker
from qa.retrieval.lexical import LexicalRetriever
from qa.retrieval.timed import TimedRetriever
from qa.settings import Settings
from qa.wiring.filling import ingest_paths
from qa.wiring.parts import encoder_of, shelf_of

WITHIN = 5
LOOKED_AT = 20
"""Passages asked for, so that there are five different articles among them."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A question, the article that answers it, and the words that do, any of them."""

    question: Question
    article_id: str
    answers: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", default="en")
    parser.add_argument("--count", type=int, metavar="N", help="the first N questions only")
    options = parser.parse_args()
    golds = list(_golds(options.folder / f"queries.{options.language}.jsonl"))[: options.count]
    counts = _counted(options.folder / f"articles.{options.language}.jsonl", golds)
    print(_table(counts, len(golds)))


def _golds(path: Path) -> Iterator[Gold]:
    for line in path.read_text(encoding="utf-8").splitlines():
        found = json.loads(line)
        yield Gold(Question(found["question"]), str(found["article_id"]), tuple(found["answers"]))


def _counted(path: Path, golds: list[Gold]) -> Counter[str]:
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="qa-quality-") as folder:
        lines = Path(folder) / "articles.jsonl"
        write(articles(path, None), lines)
        settings = Settings(home=Path(folder) / "home")
        report = ingest_paths([str(lines)], settings=settings, defaults=Defaults(), progress=lambda count: None)
        if report.failed:
            raise SystemExit(f"{len(report.failed)} articles failed, the first: {report.failed[0].reason}")
        encoder = encoder_of(settings)
        with shelf_of(settings) as shelf:
            parts = [Without(DenseRetriever(shelf, encoder)), Without(LexicalRetriever(shelf))]
            fused = FusedRetriever(parts)
            ranker = SentenceRanker(shelf, encoder)
            search = RerankedRetriever(fused, ranker)
            road = day_road(retriever=TimedRetriever(fused, shelf.event_dates), rank=ranker.rank, shelf=shelf)
            for gold in golds:
                for part in parts:
                    part.article_id = None
                counts.update(_found(search.find(gold.question, limit=LOOKED_AT), gold))
                counts.update(_answered(road.invoke(Turn(gold.question)), gold))
                for part in parts:
                    part.article_id = gold.article_id
                counts["refused_without"] += not isinstance(road.invoke(Turn(gold.question)), Answer)
    return counts


def _found(hits: list[Hit], gold: Gold) -> Iterator[str]:
    order = list(dict.fromkeys(hit.passage.source.article_id for hit in hits))
    if order[:1] == [gold.article_id]:
        yield "found_first"
    if gold.article_id in order[:WITHIN]:
        yield "found_within"


def _answered(reply: Reply, gold: Gold) -> Iterator[str]:
    if not isinstance(reply, Answer):
        yield "refused_with"
        return
    holding = [_holds(statement, gold) for statement in reply.statements]
    if holding[0]:
        yield "first_holds"
    if any(holding):
        yield "one_holds"


def _holds(statement: Statement, gold: Gold) -> bool:
    """Whether a quote of the right article holds the gold words."""
    return any(
        quote.source.article_id == gold.article_id and answer in quote.text
        for quote in statement.quotes
        for answer in gold.answers
    )


def _table(counts: Counter[str], total: int) -> str:
    rows = {
        "found_first": "right paragraph found first",
        "found_within": f"right paragraph within the first {WITHIN}",
        "first_holds": "first statement holds the gold answer",
        "one_holds": "one of the statements holds it",
        "refused_with": "refused although it is there",
        "refused_without": "refused with the right paragraph taken away",
    }
    lines = [f"| of {total:,} questions | share |", "|---|---:|"]
    return "\n".join(lines + [f"| {what} | {counts[key] / total:.1%} |" for key, what in rows.items()])


if __name__ == "__main__":
    main()
