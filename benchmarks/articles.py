"""What is benchmarked on: the articles of a file, or generated ones, and questions made from their headlines."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TypedDict

GENERATED = 500
SENTENCES = (6, 24)
"""Sentences of a generated article, fewest and most; the news stories measured have 9 on average, some have 60."""

_CORPUS = Path(__file__).parent.parent / "corpus"
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-ZÁÉÍÓÚÑ¿])")


class Record(TypedDict):
    """One article, as `qa ingest` reads it from JSON Lines."""

    id: str
    title: str
    text: str
    published: str | None


def articles(path: Path | None, count: int | None) -> list[Record]:
    """The first articles of a JSON Lines file, gzip or not; without a file, generated ones."""
    if path is None:
        return list(_generated(count or GENERATED))
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [_record(json.loads(line)) for line in islice(lines, count)]


def questions(records: list[Record], count: int) -> list[str]:
    """Questions about headlines, from articles spread evenly over the records."""
    titled = [record["title"] for record in records if record["title"]]
    step = max(1, len(titled) // count)
    return [f"What is reported about {title.lower()}?"[:400] for title in titled[::step][:count]]


def write(records: list[Record], path: Path) -> None:
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _record(found: dict[str, str | None]) -> Record:
    day = found.get("published") or found.get("date")
    title = found.get("title") or ""
    return Record(
        id=str(found["id"]), title=title, text=found.get("text") or title, published=day[:10] if day else None
    )


def _generated(count: int) -> Iterator[Record]:
    """Sentences of the demo archive, shuffled and with other figures; the same ones on every run."""
    dice = random.Random(2005)
    sentences = [
        sentence
        for path in sorted(_CORPUS.glob("*.md"))
        for paragraph in path.read_text(encoding="utf-8").split("---")[-1].split("\n\n")
        for sentence in _SENTENCE.split(" ".join(paragraph.split()))
        if 30 < len(sentence) < 400
    ]
    for number in range(count):
        drawn = [_other_figures(dice.choice(sentences), dice) for _ in range(dice.randint(*SENTENCES))]
        title = " ".join(drawn[0].split()[:8]).rstrip(".,;:")
        day = f"20{dice.randint(0, 24):02}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        yield Record(id=f"generated-{number:06}", title=title, text=" ".join(drawn), published=day)


def _other_figures(sentence: str, dice: random.Random) -> str:
    return re.sub(r"\d", lambda _: str(dice.randint(1, 9)), sentence)
