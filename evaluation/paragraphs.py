"""Questions on paragraphs, as XQuAD has them: found, answered, and refused once their paragraph is taken away.

The folder holds `articles.LL.jsonl` and `queries.LL.jsonl` by language; ids agree across languages.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.articles import articles, write
from evaluation.program import Program, is_answered, opened, quotes_by_statement
from evaluation.table import Row, share

PAIRS = ("en-en", "es-es", "es-en", "en-es")
"""Language of the questions, language of the paragraphs."""

CUTOFF = 5
PASSAGES = 20
"""Passages asked for, so that five different articles are among them."""


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, the article that answers it, and the words that do, any of them."""

    text: str
    article_id: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one question."""

    rank: int | None
    statements: tuple[bool, ...]
    refused_without: bool


def evaluate(folder: Path, *, count: int, pairs: Sequence[str] = PAIRS) -> Iterator[Row]:
    """The measures of each pair of languages over `count` questions, evenly drawn."""
    for pair in pairs:
        asked, _, archived = pair.partition("-")
        questions = list(gold_questions(folder, asked=asked, archived=archived))
        step = max(1, len(questions) // count)
        with tempfile.TemporaryDirectory(prefix="qa-evaluation-") as scratch:
            lines = Path(scratch) / "articles.jsonl"
            write(articles(folder / f"articles.{archived}.jsonl", None), lines)
            with opened([str(lines)], home=Path(scratch) / "home") as program:
                results = [result(program, question) for question in questions[::step][:count]]
        yield from rows(f"xquad {asked} → {archived}", results)


def gold_questions(folder: Path, *, asked: str, archived: str) -> Iterator[GoldQuestion]:
    texts = {line["id"]: line["question"] for line in _lines(folder / f"queries.{asked}.jsonl")}
    for line in _lines(folder / f"queries.{archived}.jsonl"):
        yield GoldQuestion(texts[line["id"]], str(line["article_id"]), tuple(line["answers"]))


def result(program: Program, question: GoldQuestion) -> Result:
    hits = program.reduced.search(question.text, limit=PASSAGES)
    order = list(dict.fromkeys(hit.passage.source.article_id for hit in hits))
    statements = tuple(
        any(
            quote.source.article_id == question.article_id and answer in quote.text
            for quote in quotes
            for answer in question.answers
        )
        for quotes in quotes_by_statement(program.reduced.reply(question.text))
    )
    without = program.reduced.reply(question.text, without=question.article_id)
    rank = order.index(question.article_id) if question.article_id in order else None
    return Result(rank, statements, not is_answered(without))


def rows(dataset: str, results: Sequence[Result]) -> Iterator[Row]:
    yield share(dataset, "paragraph first", (r.rank == 0 for r in results))
    yield share(dataset, f"paragraph within {CUTOFF}", (r.rank is not None and r.rank < CUTOFF for r in results))
    yield share(dataset, "first statement right", (r.statements[:1] == (True,) for r in results))
    yield share(dataset, "any statement right", (any(r.statements) for r in results))
    yield share(dataset, "wrong refusals", (not r.statements for r in results))
    yield share(dataset, "refused without the paragraph", (r.refused_without for r in results))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
