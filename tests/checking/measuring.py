"""Measures a check of written sentences: how many faithful ones it passes, and how many altered ones it catches."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from qa.generation.verification import Verifier
from qa.models.archive import Article
from qa.models.support import Ground, Support
from tests.checking.mutating import CATEGORIES, Mutant, mutants_of
from tests.checking.mutations.said import Said
from tests.checking.pairs import Origin, articles, before, drawn, ground_of, origins_in, read_pairs
from tests.fakes import support_model

FAITHFUL = ("hand", "rule")
"""Who restated: rows of the table, before those of the categories."""
TRANSLATED = "translated"
"""Those by hand that are English and rest on Spanish, once more."""


@dataclass(frozen=True, slots=True)
class Faithful:
    """A restatement, and the rows of the table that it counts in."""

    text: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """Sentences that rest on the same grounds, faithful ones and mutants."""

    grounds: tuple[Ground, ...]
    part: str
    faithful: tuple[Faithful, ...]
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
        own = grounds[0].source.language
        texts = [(pair.restatement, pair.language) for pair in pairs]
        if len(grounds) == 1:
            texts.append((grounds[0].text, own))
        faithful = tuple(
            Faithful(one.restatement, (one.by,) if one.language == own else (one.by, TRANSLATED)) for one in pairs
        )
        beside = beside_of(origins, held_articles[origins[0].article_id])
        around = " ".join(before(one, held_articles[one.article_id]) for one in origins)
        mutants = mutants_from(grounds, texts, beside=beside, around=around)
        cases.append(Case(grounds, pairs[0].part, faithful, mutants))
    return tuple(cases)


def beside_of(origins: tuple[Origin, ...], article: Article) -> str:
    """The first sentence of the article behind those; empty where they are its last."""
    every = [one.text for one in origins_in(article)]
    behind = every[max(every.index(one.text) for one in origins if one.text in every) + 1 :]
    return behind[0] if behind else ""


def mutants_from(
    grounds: tuple[Ground, ...],
    texts: Iterable[tuple[str, str]],
    *,
    beside: str,
    around: str,
    names: tuple[str, ...] = (),
) -> tuple[Mutant, ...]:
    """What becomes of texts, each with its language, that rest on the same grounds; no mutant twice."""
    made: dict[str, Mutant] = {}
    for text, language in texts:
        for mutant in mutants_of(replace(pgettext(text, language, grounds), beside=beside, before=around, names=names)):
            made.setdefault(mutant.text, mutant)
    return tuple(made.values())


def pgettext(text: str, language: str, grounds: tuple[Ground, ...]) -> Said:
    return Said(
        text,
        language,
        sources=tuple(one.text for one in grounds),
        published=grounds[0].source.published,
        source_dates=frozenset(date.value for one in grounds for date in one.dates if date.value),
        beside_language=grounds[0].source.language,
    )


def sampled(cases: Iterable[Case], most: Mapping[str, int]) -> list[Case]:
    """At most so many mutants of each category in each part, drawn by their text."""
    cases = list(cases)
    drawn_for = defaultdict(list)
    for case in cases:
        for mutant in case.mutants:
            drawn_for[case.part, mutant.category].append(mutant)
    kept = set[Mutant]()
    for (_, category), mutants in drawn_for.items():
        kept.update(sorted(mutants, key=lambda one: drawn(one.text, of=1 << 32))[: most[category]])
    return [replace(case, mutants=tuple(one for one in case.mutants if one in kept)) for case in cases]


def measure(cases: Iterable[Case]) -> Tally:
    """Every sentence is judged by all the grounds of its case, each of them cited."""
    tally = Tally()
    for case in cases:
        if not case.faithful and not case.mutants:
            continue
        verifier, cited = Verifier(case.grounds, support=support_model()), tuple(range(1, len(case.grounds) + 1))
        for one in case.faithful:
            support = verifier.check(one.text, cited).support
            for row in one.rows:
                tally.add(case.part, row, one.text, support, faithful=True)
        for mutant in case.mutants:
            tally.add(
                case.part, mutant.category, mutant.text, verifier.check(mutant.text, cited).support, faithful=False
            )
    return tally


def table(tally: Tally) -> str:
    """A row for the faithful and each category, a column for each part: share and number."""
    parts = sorted({part for part, _ in tally.all}, reverse=True)
    lines = [f"{'':<14}" + "".join(f"{part:>18}" for part in parts)]
    for row in (*FAITHFUL, TRANSLATED, *CATEGORIES):
        cells = [
            f"{100 * tally.share(part, row):>11.1f}% {tally.all[part, row]:>5}" if tally.all[part, row] else " " * 18
            for part in parts
        ]
        lines.append(f"{row:<14}" + "".join(cells))
        if row == TRANSLATED:
            lines.append("")
    return "\n".join(lines)
