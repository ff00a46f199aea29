"""Measures a check of written sentences: how many faithful ones it passes, and how many altered ones it catches."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Protocol

from qa.domain.support import Ground, Support
from qa.language.terms import fold, words
from tests.checking.mutating import CATEGORIES, Mutant, mutants_of
from tests.checking.mutations.said import Said
from tests.checking.pairs import articles, drawn, ground_of, origins_in, read_pairs

FAITHFUL = ("hand", "rule")
"""Who restated: rows of the table, before those of the categories."""


class Grounded(Protocol):
    """What the check makes of a set of grounds."""

    def check(self, sentence: str, cited: Sequence[int], /) -> Support: ...


class Check(Protocol):
    def against(self, grounds: Sequence[Ground], /) -> Grounded: ...


@dataclass(frozen=True, slots=True)
class Case:
    """Sentences that rest on the same grounds: faithful ones, each with who restated it, and mutants."""

    grounds: tuple[Ground, ...]
    part: str
    faithful: tuple[tuple[str, str], ...]
    mutants: tuple[Mutant, ...]


@dataclass(slots=True)
class Tally:
    """How many of each row there were and how many the check judged rightly, by part and row."""

    all: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[tuple[str, str, str, Support]] = field(default_factory=list)

    def add(self, part: str, row: str, text: str, support: Support, *, faithful: bool) -> None:
        self.all[part, row] += 1
        if support.full is faithful:
            self.right[part, row] += 1
        else:
            self.wrong.append((part, row, text, support))

    def share(self, part: str, row: str) -> float:
        return self.right[part, row] / self.all[part, row]


@cache
def archive_cases() -> tuple[Case, ...]:
    """The pairs of the demo archive by their grounds; the sentences of the archive are altered too."""
    held_articles = articles()
    by_origins = defaultdict(list)
    for pair in read_pairs():
        by_origins[pair.origins].append(pair)
    cases = []
    for origins, pairs in by_origins.items():
        grounds = tuple(ground_of(one, held_articles[one.article_id]) for one in origins)
        texts = [(pair.restatement, pair.language) for pair in pairs]
        if len(grounds) == 1:
            texts.append((grounds[0].text, grounds[0].source.language))
        faithful = tuple((one.by, one.restatement) for one in pairs)
        cases.append(Case(grounds, pairs[0].part, faithful, mutants_from(grounds, texts)))
    return tuple(cases)


def mutants_from(
    grounds: tuple[Ground, ...], texts: Iterable[tuple[str, str]], names: tuple[str, ...] = ()
) -> tuple[Mutant, ...]:
    """What becomes of texts, each with its language, that rest on the same grounds; no mutant twice."""
    made: dict[str, Mutant] = {}
    for text, language in texts:
        for mutant in mutants_of(said_of(text, language, grounds, names)):
            made.setdefault(mutant.text, mutant)
    return tuple(made.values())


def said_of(text: str, language: str, grounds: tuple[Ground, ...], names: tuple[str, ...] = ()) -> Said:
    return Said(
        text,
        language,
        sources=tuple(one.text for one in grounds),
        before=" ".join(one.before for one in grounds),
        published=grounds[0].source.published,
        source_dates=frozenset(date.value for one in grounds for date in one.dates if date.value),
        names=names,
    )


def sampled(cases: Iterable[Case], most: int) -> list[Case]:
    """At most so many mutants of each category in each part, drawn by their text."""
    cases = list(cases)
    drawn_for = defaultdict(list)
    for case in cases:
        for mutant in case.mutants:
            drawn_for[case.part, mutant.category].append(mutant)
    kept = set[Mutant]()
    for mutants in drawn_for.values():
        kept.update(sorted(mutants, key=lambda one: drawn(one.text, of=1 << 32))[:most])
    return [replace(case, mutants=tuple(one for one in case.mutants if one in kept)) for case in cases]


def measure(check: Check, cases: Iterable[Case]) -> Tally:
    """Every sentence is judged by all the grounds of its case, each of them cited."""
    tally = Tally()
    for case in cases:
        if not case.faithful and not case.mutants:
            continue
        grounded, cited = check.against(case.grounds), tuple(range(len(case.grounds)))
        for by, text in case.faithful:
            tally.add(case.part, by, text, grounded.check(text, cited), faithful=True)
        for mutant in case.mutants:
            tally.add(case.part, mutant.category, mutant.text, grounded.check(mutant.text, cited), faithful=False)
    return tally


def table(tally: Tally) -> str:
    """A row for the faithful and each category, a column for each part: share and number."""
    parts = sorted({part for part, _ in tally.all}, reverse=True)
    lines = [f"{'':<14}" + "".join(f"{part:>18}" for part in parts)]
    for row in (*FAITHFUL, *CATEGORIES):
        cells = [
            f"{100 * tally.share(part, row):>11.1f}% {tally.all[part, row]:>5}" if tally.all[part, row] else " " * 18
            for part in parts
        ]
        lines.append(f"{row:<14}" + "".join(cells))
        if row == FAITHFUL[-1]:
            lines.append("")
    return "\n".join(lines)


def archive_rarity() -> Callable[[str], float]:
    """How rare a word is in the demo archive, by the sentences it stands in, as BM25 has it."""
    return rarity_in(origin.text for article in articles().values() for origin in origins_in(article))


def rarity_in(texts: Iterable[str]) -> Callable[[str], float]:
    frequency, total = Counter[str](), 0
    for text in texts:
        total += 1
        frequency.update({fold(word) for word in words(text)})
    return lambda term: math.log(1 + max(0.0, total - frequency[term] + 0.5) / (frequency[term] + 0.5))
