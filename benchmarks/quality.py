"""`python -m benchmarks.quality FOLDER`: how well questions with gold answers are found, answered and refused.

The folder holds, for each language, `articles.en.jsonl` ({"id","title","date","source","text"}, one paragraph each) and
`queries.en.jsonl` ({"id","question","article_id","answers","answer_start"}), as made from XQuAD. Every question is
asked twice: of the whole archive, and with its own paragraph taken away, where the right reply is a refusal.

`--pair es-en` asks the questions of one language of the articles of another, and can be given several times.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from benchmarks.articles import articles, write
from benchmarks.measures import percentile
from benchmarks.without import Without
from qa.answering.chain import Turn, day_road
from qa.archive.finding import finding_of
from qa.archive.ingesting import ingest_paths
from qa.archive.parts import encoder_of, multilingual_of, store_of
from qa.loaders.metadata import Defaults
from qa.models.replies import Answer, Hit, Question, Reply, Statement
from qa.retrieval.late_interaction import RerankedRetriever
from qa.retrieval.timed import TimedRetriever
from qa.settings import Settings

Mode = Literal["auto", "always", "never"]
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
    parser.add_argument("--pair", action="append", metavar="ASKED-TOLD", help="languages of questions and of articles")
    parser.add_argument("--count", type=int, metavar="N", help="N questions only, evenly chosen")
    parser.add_argument(
        "--multilingual", choices=("auto", "always", "never"), help="as QA_MULTILINGUAL; always if mixed"
    )
    options = parser.parse_args()
    columns = []
    for pair in options.pair or ["en-en"]:
        asked, _, told = pair.partition("-")
        golds = _golds(options.folder, asked=asked, told=told)
        golds = golds[:: max(1, len(golds) // options.count)][: options.count] if options.count else golds
        mode: Mode = options.multilingual or ("auto" if asked == told else "always")
        columns.append((pair, _measured(options.folder / f"articles.{told}.jsonl", golds, mode), len(golds)))
    print(_table(columns))


def _golds(folder: Path, *, asked: str, told: str) -> list[Gold]:
    """The questions of one language with the answers of the other; the same question has the same id in both."""
    texts = {found["id"]: found["question"] for found in _lines(folder / f"queries.{asked}.jsonl")}
    return [
        Gold(Question(texts[found["id"]]), str(found["article_id"]), tuple(found["answers"]))
        for found in _lines(folder / f"queries.{told}.jsonl")
    ]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@dataclass
class Measured:
    """What was counted, the milliseconds of each question asked of the whole archive, and articles a second."""

    counts: Counter[str]
    taken: list[float]
    speed: float


def _measured(path: Path, golds: list[Gold], mode: Mode) -> Measured:
    counts: Counter[str] = Counter()
    taken: list[float] = []
    with tempfile.TemporaryDirectory(prefix="qa-quality-") as folder:
        lines = Path(folder) / "articles.jsonl"
        found = articles(path, None)
        write(found, lines)
        settings = Settings(home=Path(folder) / "home", multilingual=mode)
        report = ingest_paths([str(lines)], settings=settings, defaults=Defaults(), progress=lambda count: None)
        if report.failed:
            raise SystemExit(f"{len(report.failed)} articles failed, the first: {report.failed[0].reason}")
        with store_of(settings) as store:
            finding = finding_of(store, encoder_of(settings), multilingual_of(settings))
            parts = {part: Without(part) for part in finding.parts}
            fused, ranker = finding.fused(parts.__getitem__), finding.ranker
            search = RerankedRetriever(fused, ranker)
            road = day_road(retriever=TimedRetriever(fused, store.event_dates), rank=ranker.rank, store=store)
            for gold in golds:
                for part in parts.values():
                    part.article_id = None
                started = time.perf_counter()
                reply = road.invoke(Turn(gold.question))
                taken.append((time.perf_counter() - started) * 1e3)
                counts.update(_answered(reply, gold))
                counts.update(_found(search.find(gold.question, limit=LOOKED_AT), gold))
                for part in parts.values():
                    part.article_id = gold.article_id
                counts["refused_without"] += not isinstance(road.invoke(Turn(gold.question)), Answer)
    return Measured(counts, taken, len(found) / report.seconds)


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


def _table(columns: Sequence[tuple[str, Measured, int]]) -> str:
    """One column for each pair of languages."""
    rows = {
        "found_first": "right paragraph found first",
        "found_within": f"right paragraph within the first {WITHIN}",
        "first_holds": "first statement holds the gold answer",
        "one_holds": "one of the statements holds it",
        "refused_with": "refused although it is there",
        "refused_without": "refused with the right paragraph taken away",
    }
    lines = [["", *(f"{pair} ({total:,})" for pair, _, total in columns)], ["---", *("---:" for _ in columns)]]
    lines += [[what, *(f"{one.counts[key] / total:.1%}" for _, one, total in columns)] for key, what in rows.items()]
    lines.append(
        ["milliseconds of a question, median", *(f"{percentile(one.taken, 0.5):.0f}" for _, one, _ in columns)]
    )
    lines.append(["articles taken in, a second", *(f"{one.speed:.1f}" for _, one, _ in columns)])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    main()
