"""Sentences that say what their sources say, or something else, and how many of each a check judges rightly.

`pairs.jsonl` holds sentences of the demo archive and the same said in other words, by hand or by rule. `mutants.jsonl`
holds sentences and restatements that were altered in one point, `of` being the place of a pair that rests on the same
sentences: of some 12,000 that rules made, 50 of each category in each part at most. Rows of both are drawn, not chosen.
A quarter of the sentences of the archive, `held`, is for no tuning.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from qa.generation.verification import Verifier, ground_of
from qa.loaders.reading import read
from qa.models.annotations import Annotations
from qa.models.archive import Article, Span
from qa.models.deliveries import Delivery
from qa.models.support import Ground
from qa.text.annotating import annotate
from tests.fakes import packaged_support

FOLDER = Path(__file__).parent
CORPUS = Path(__file__).parents[2] / "corpus"

FAITHFUL = ("hand", "rule")
"""Who restated: rows of what is measured, beside the categories of what was altered."""


@dataclass(frozen=True, slots=True)
class Pair:
    """`restatement` says no more than its origins do, each the id of an article and a sentence of it."""

    origins: tuple[tuple[str, str], ...]
    restatement: str
    language: str
    by: str
    held: bool

    @property
    def grounds(self) -> tuple[Ground, ...]:
        return tuple(_ground(article_id, text) for article_id, text in self.origins)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One that is measured; `row` is what it counts as."""

    row: str
    text: str
    grounds: tuple[Ground, ...]


@dataclass(slots=True)
class Tally:
    """How many of each row there were, how many the check judged rightly, and the words of the others."""

    all: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def share(self, row: str) -> float:
        return self.right[row] / self.all[row]


def records(name: str) -> list[dict[str, str]]:
    """The lines of a file of this folder."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


@cache
def pairs() -> tuple[Pair, ...]:
    return tuple(
        Pair(
            tuple((origin["article_id"], origin["text"]) for origin in record["origins"]),  # type: ignore[index]
            record["restatement"], record["language"], record["by"], bool(record["held"]),
        )
        for record in records("pairs.jsonl")
    )  # fmt: skip


@cache
def articles() -> dict[str, tuple[Article, Annotations]]:
    """The demo archive as it is ingested, without the article that is taken back."""
    deliveries = (item for path in sorted(CORPUS.glob("*.md")) for item in read(path))
    found = (item.article for item in deliveries if isinstance(item, Delivery) and item.article.withdrawal is None)
    return {article.article_id: (article, annotate(article)) for article in found}


@cache
def _ground(article_id: str, text: str) -> Ground:
    article, annotations = articles()[article_id]
    start = article.body.index(text)
    return ground_of(article, annotations, Span(start, start + len(text)))


def sentences(part: str, *, most: int, step: int = 1) -> Iterator[Sentence]:
    """Of a part every so manieth pair, and at most so many of each category of what was altered."""
    for pair in [pair for pair in pairs() if pair.held == (part == "held")][::step]:
        yield Sentence(pair.by, pair.restatement, pair.grounds)
    taken: Counter[str] = Counter()
    for record in records("mutants.jsonl"):
        pair = pairs()[int(record["of"])]
        if pair.held == (part == "held") and taken[record["category"]] < most:
            taken[record["category"]] += 1
            yield Sentence(record["category"], record["text"], pair.grounds)


def measure(measured: Iterable[Sentence]) -> Tally:
    """Every sentence is judged by all its grounds, each of them cited."""
    tally = Tally()
    for sentence in measured:
        verifier = Verifier(sentence.grounds, support=packaged_support())
        support = verifier.check(sentence.text, range(1, len(sentence.grounds) + 1)).support
        tally.all[sentence.row] += 1
        if support.full is (sentence.row in FAITHFUL):
            tally.right[sentence.row] += 1
        else:
            tally.wrong.append(f"{sentence.row}: {sentence.text} {' '.join(support.reasons)}")
    return tally
