"""The quality gate: metrics of how known questions are answered, and the floors that they are held against.

Every measure is a share, 0 to 1. Of `LOWER_IS_BETTER` less is better, of the others more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from qa.errors import InputError
from qa.models.replies import Answer, Citation, Question, Reply
from qa.review.known import Known

LOWER_IS_BETTER = frozenset({"wrong_answers", "wrong_refusals", "gap_answered", "gap_refused"})

GAP = "gap"
"""The group of the measures that compare languages."""

GAP_TARGET = 0.05
"""How far apart the shares of right answers in two languages may be: readers of both are to be served alike."""

SCALE = 10_000
"""Floors have four decimals, rounded so that what was measured passes."""


@dataclass(frozen=True, slots=True)
class QuestionOutcome:
    """What came back for one question; nothing where it was refused.

    `right` says of each statement whether it quotes an expected sentence, `verbatim` of each quote whether it stands in
    its article where it says; `quotes` are those in words.
    """

    known: Known
    right: tuple[bool, ...] = ()
    verbatim: tuple[bool, ...] = ()
    quotes: tuple[str, ...] = ()

    @property
    def answered_right(self) -> bool:
        return self.known.answerable and any(self.right)

    @property
    def first_right(self) -> bool:
        return self.known.answerable and self.right[:1] == (True,)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` out of `whole`; the share of nothing is None."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @classmethod
    def of(cls, items: Sequence[bool]) -> Share:
        return cls(sum(items), len(items))


def ask_all(
    known: Sequence[Known], ask: Callable[[Question], Reply], body: Callable[[str], str]
) -> list[QuestionOutcome]:
    """Every question asked once, in order; `body` is that of the article of an id, as readers see it."""

    def verbatim(quote: Citation) -> bool:
        return bool(quote.text) and body(quote.source.article_id)[quote.start : quote.end] == quote.text

    outcomes = []
    for item in known:
        reply = ask(Question(item.question))
        statements, quotes = (reply.statements, reply.citations) if isinstance(reply, Answer) else ((), ())
        right = (
            any(expected.is_quoted_by(quote) for quote in statement.quotes for expected in item.answers)
            for statement in statements
        )
        texts = (f"{quote.source.article_id}: {quote.text}" for quote in quotes)
        outcomes.append(QuestionOutcome(item, tuple(right), tuple(map(verbatim, quotes)), tuple(texts)))
    return outcomes


def measures(outcomes: Sequence[QuestionOutcome]) -> dict[str, Share]:
    """The measures over these outcomes.

    answered_right   answerable questions with a statement that quotes an expected sentence
    first_right      answerable questions whose first statement does
    refused_right    unanswerable questions that were refused
    wrong_answers    questions answered without any right statement, of all
    wrong_refusals   answerable questions that were refused
    verbatim         quotes that stand in their article, character by character, where they say
    """
    answerable = [item for item in outcomes if item.known.answerable]
    return {
        "answered_right": Share.of([item.answered_right for item in answerable]),
        "first_right": Share.of([item.first_right for item in answerable]),
        "refused_right": Share.of([not item.right for item in outcomes if not item.known.answerable]),
        "wrong_answers": Share.of([bool(item.right) and not item.answered_right for item in outcomes]),
        "wrong_refusals": Share.of([not item.right for item in answerable]),
        "verbatim": Share.of([verbatim for item in outcomes for verbatim in item.verbatim]),
    }


def by_group(outcomes: Sequence[QuestionOutcome]) -> dict[str, dict[str, Share]]:
    """The measures over all questions, over each set, and over each language they are asked in; how far those differ.

    Where as many questions are asked in two languages, the same ones are: `gap_answered` and `gap_refused` are the
    difference in questions that were answered, or refused, rightly.
    """

    def grouped(key: Callable[[QuestionOutcome], str]) -> dict[str, dict[str, Share]]:
        return {name: measures([*items]) for name, items in groupby(sorted(outcomes, key=key), key)}

    by_language = grouped(lambda item: item.known.language)
    gap = {}
    for name, measure in (("gap_answered", "answered_right"), ("gap_refused", "refused_right")):
        shares = [language[measure] for language in by_language.values()]
        if len(shares) == 2 and shares[0].whole == shares[1].whole:
            gap[name] = Share(abs(shares[0].part - shares[1].part), shares[0].whole)
    groups = {"all": measures(outcomes)} | grouped(lambda item: item.known.set) | by_language
    return groups | ({GAP: gap} if len(gap) == 2 else {})


@dataclass(frozen=True, slots=True)
class Floors:
    """Floors by group of questions and measure; `history` tells of each time that some were lowered."""

    corpus_digest: str
    floors: Mapping[str, Mapping[str, float]]
    history: tuple[Mapping[str, object], ...] = ()


def read_floors(path: Path) -> Floors | None:
    """The floors of a file, None where there is none. Raises InputError."""
    if not path.exists():
        return None
    try:
        return TypeAdapter(Floors).validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise InputError(
            f"{path} holds no floors that can be read: {error}. Restore it from version control."
        ) from error


def write_floors(path: Path, floors: Floors) -> None:
    path.write_bytes(TypeAdapter(Floors).dump_json(floors, indent=2) + b"\n")


def shortfalls(
    floors: Floors, measured: Mapping[str, Mapping[str, Share]]
) -> dict[tuple[str, str], tuple[float, float | None]]:
    """The floor of each group and measure that is worse, and what was measured; None where nothing was left to."""
    worse = {}
    for group, values in floors.floors.items():
        for name, floor in values.items():
            share = measured.get(group, {}).get(name)
            value = share.value if share else None
            sign = -1 if name in LOWER_IS_BETTER else 1
            if value is None or sign * _rounded(name, value) < sign * floor:
                worse[group, name] = (floor, value)
    return worse


def _in_words(worse: Mapping[tuple[str, str], tuple[float, float | None]]) -> list[str]:
    return [
        f"{group}: {name} is {'nothing to measure' if value is None else f'{value:.4f}'}, "
        f"its {'ceiling' if name in LOWER_IS_BETTER else 'floor'} {floor:.4f}"
        for (group, name), (floor, value) in worse.items()
    ]


def pin(
    before: Floors | None, measured: Mapping[str, Mapping[str, Share]], *, digest: str, reason: str | None, today: date
) -> Floors:
    """Floors at what was measured, but for those of the gap. Raises InputError where one is lowered without reason."""
    pinned: dict[str, Mapping[str, float]] = {
        group: {name: _rounded(name, share.value) for name, share in shares.items() if share.value is not None}
        for group, shares in measured.items()
        if group != GAP
    }
    if before is None:
        return Floors(digest, pinned)
    pinned |= {group: floors for group, floors in before.floors.items() if group == GAP}
    lowered = {place: values for place, values in shortfalls(before, measured).items() if place[0] != GAP}
    if not lowered:
        return Floors(digest, pinned, before.history)
    if not (reason and reason.strip()):
        raise InputError(
            f"This would lower {len(lowered)} floors: {'; '.join(_in_words(lowered))}. "
            'Mend it, or say why: qa gate --pin --lower "REASON".'
        )
    changes = {f"{group}.{name}": values for (group, name), values in lowered.items()}
    entry = {"date": today.isoformat(), "reason": reason, "lowered": changes, "corpus_digest": digest}
    return Floors(digest, pinned, (*before.history, entry))


def _rounded(name: str, value: float) -> float:
    scaled = round(value * SCALE, 6)
    return (math.ceil(scaled) if name in LOWER_IS_BETTER else math.floor(scaled)) / SCALE


def judge(
    measured: Mapping[str, Mapping[str, Share]], floors: Floors | None, *, digest: str, relapses: Sequence[str] = ()
) -> list[str]:
    """What is wrong with what was measured; the gate is open where nothing is. `relapses` are in words."""
    if floors is None:
        return ["No floors are pinned. Run `qa gate --pin` and say so in the changelog.", *relapses]
    changed = (
        "The articles or the questions are not those the floors were measured on: run `qa gate --pin` and say why in "
        "the changelog."
    )
    failures = _in_words(shortfalls(floors, measured))
    return [*([changed] if floors.corpus_digest != digest else []), *failures, *relapses]


def table(measured: Mapping[str, Mapping[str, Share]], floors: Floors | None) -> str:
    """Measures by group, each as its share, its count and its floor or ceiling."""
    lines = [f"{'':6}{'measure':16}{'share':>8}{'count':>11}  {'floor':>8}"]
    for group, shares in measured.items():
        for name, share in shares.items():
            value = "–" if share.value is None else f"{share.value:.3f}"
            pinned = floors.floors.get(group, {}).get(name) if floors else None
            floor = "none" if pinned is None else f"{'≤' if name in LOWER_IS_BETTER else '≥'} {pinned:.3f}"
            lines.append(f"{group:6}{name:16}{value:>8}{f'{share.part}/{share.whole}':>11}  {floor:>8}")
    apart = measured[GAP]["gap_answered"].value if GAP in measured else None
    if apart is not None:
        met = "within" if apart <= GAP_TARGET else "not yet within"
        aim = f"{apart:.3f} apart, {met} the {GAP_TARGET:.2f} that is aimed at."
        lines.append(f"Right answers to the same questions in both languages are {aim}")
    return "\n".join(lines)


def misses(outcomes: Sequence[QuestionOutcome]) -> Iterator[str]:
    """The questions that went wrong, each with what was shown instead."""
    for result in outcomes:
        known, fault = result.known, ""
        if not all(result.verbatim):
            fault = "a quote is not verbatim"
        elif known.answerable and not result.right:
            fault = "wrongly refused"
        elif result.right and not result.answered_right:
            fault = "answered from no right sentence" if known.answerable else "answered what is not there"
        elif known.answerable and not result.first_right:
            fault = "right, but not first"
        if fault:
            yield "\n    ".join([f"{known.id} ({known.set}) {fault}: {known.question}", *result.quotes])
