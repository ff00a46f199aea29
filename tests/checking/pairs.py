"""The pairs of `pairs.jsonl`: a sentence of the demo archive and the same said in other words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa.dates.periods import DateMention
from qa.loaders.metadata import Defaults
from qa.loaders.reading import read
from qa.models.archive import Article
from qa.models.deliveries import Delivery
from qa.models.support import Ground
from qa.text.annotating import annotate
from qa.text.sentences import sentence_spans

PAIRS = Path(__file__).parent / "pairs.jsonl"
CORPUS = Path(__file__).parents[2] / "corpus"
BEFORE = 300
"""Characters of the article before a sentence that say who "he" is."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A sentence of the archive: `text` stands once in the body of the article."""

    article_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """`restatement` says no more than its origins do; `by` is "hand" or "rule"; `held` pairs are for no tuning."""

    origins: tuple[Origin, ...]
    restatement: str
    language: str
    by: str
    how: str
    held: bool

    @property
    def part(self) -> str:
        return "held" if self.held else "tuning"


def read_pairs() -> list[Pair]:
    with PAIRS.open(encoding="utf-8") as lines:
        return [_pair(json.loads(line)) for line in lines]


def _pair(record: dict[str, object]) -> Pair:
    origins = record.pop("origins")
    assert isinstance(origins, list)
    return Pair(origins=tuple(Origin(**one) for one in origins), **record)  # type: ignore[arg-type]


def write_pairs(pairs: Iterable[Pair]) -> None:
    with PAIRS.open("w", encoding="utf-8") as file:
        for pair in pairs:
            record = {
                "origins": [{"article_id": one.article_id, "text": one.text} for one in pair.origins],
                "restatement": pair.restatement, "language": pair.language,
                "by": pair.by, "how": pair.how, "held": pair.held,
            }  # fmt: skip
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def drawn(text: str, *, of: int) -> int:
    """A number below `of` that depends on nothing but the text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % of


def held_origins(groups: Iterable[tuple[Origin, ...]]) -> frozenset[Origin]:
    """Those that no tuning may look at: a quarter, drawn by their text.

    Sentences that one restatement joins are on the same side, that of the one first in the alphabet.
    """
    together: dict[Origin, set[Origin]] = {}
    for group in groups:
        joined = set(group).union(*(together.get(one, set()) for one in group))
        together.update(dict.fromkeys(joined, joined))
    return frozenset(one for one, those in together.items() if drawn(min(other.text for other in those), of=4) == 0)


@cache
def articles() -> dict[str, Article]:
    """The demo archive as it is ingested, without the article that is taken back."""
    found = {}
    for path in sorted(CORPUS.glob("*.md")):
        if path.name == "SOURCES.md":
            continue
        for one in read(path, defaults=Defaults()):
            assert isinstance(one, Delivery), one
            if one.article.withdrawal is None:
                found[one.article.article_id] = one.article
    return found


def origins_in(article: Article) -> Iterator[Origin]:
    for span in sentence_spans(article.body):
        yield Origin(article.article_id, article.body[span.start : span.end])


def ground_of(origin: Origin, article: Article) -> Ground:
    """The sentence as the check is given it, with its dates."""
    start = article.body.index(origin.text)
    end = start + len(origin.text)
    dates = tuple(one for one in _dates(article) if start <= one.start and one.end <= end)
    return Ground(article.source, start, origin.text, dates)


def before(origin: Origin, article: Article) -> str:
    """What stands before a sentence."""
    start = article.body.index(origin.text)
    return article.body[max(0, start - BEFORE) : start].strip()


_read_dates: dict[str, tuple[DateMention, ...]] = {}


def _dates(article: Article) -> tuple[DateMention, ...]:
    if article.article_id not in _read_dates:
        _read_dates[article.article_id] = annotate(article).dates
    return _read_dates[article.article_id]
