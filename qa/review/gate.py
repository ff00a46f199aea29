"""The quality gate: known questions are asked, and what comes back is held against pinned floors."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from qa.errors import InputError
from qa.models.replies import Question, Reply
from qa.review.known import Known
from qa.review.metrics import GAP, GAP_TARGET, LOWER_IS_BETTER, Body, Measures, QuestionOutcome, by_group, outcome

Ask = Callable[[Question], Reply]
"""Anything that replies to a question."""


@dataclass(frozen=True, slots=True)
class GateFinding:
    """What the gate saw. It is open where nothing failed."""

    measured: Mapping[str, Measures]
    outcomes: tuple[QuestionOutcome, ...]
    failures: tuple[str, ...]

    @property
    def open(self) -> bool:
        return not self.failures


def ask_all(known: Sequence[Known], ask: Ask, body: Body) -> list[QuestionOutcome]:
    """Every question asked once, in order."""
    return [outcome(question, ask(Question(question.question)), body) for question in known]


def judge(
    outcomes: Sequence[QuestionOutcome], floors: Floors | None, *, digest: str, relapses: Sequence[str] = ()
) -> GateFinding:
    """The outcomes held against the floors; `relapses` are rejected statements that came back, in words."""
    measured = by_group(outcomes)
    return GateFinding(measured, tuple(outcomes), (*_failures(measured, floors, digest), *relapses))


def _failures(measured: Mapping[str, Measures], floors: Floors | None, digest: str) -> Iterator[str]:
    if floors is None:
        yield "No floors are pinned. Run `qa gate --pin` and say so in the changelog."
        return
    if floors.corpus_digest != digest:
        yield (
            "The articles or the questions are not those the floors were measured on: "
            "run `qa gate --pin` and say why in the changelog."
        )
    yield from (shortfall.text for shortfall in shortfalls(floors.floors, measured))


def table(measured: Mapping[str, Measures], floors: Floors | None) -> str:
    """Measures by group, each as its share, its count and its floor or ceiling."""
    head = f"{'':6}{'measure':16}{'share':>8}{'count':>11}  {'floor':>8}"
    lines = [head]
    for group, shares in measured.items():
        for name, share in shares.items():
            value = "–" if share.value is None else f"{share.value:.3f}"
            pinned = floors.floors.get(group, {}).get(name) if floors else None
            sign = "≤" if name in LOWER_IS_BETTER else "≥"
            floor = f"{sign} {pinned:.3f}" if pinned is not None else "none"
            lines.append(f"{group:6}{name:16}{value:>8}{f'{share.part}/{share.whole}':>11}  {floor:>8}")
    return "\n".join([*lines, *_between_languages(measured)])


def _between_languages(measured: Mapping[str, Measures]) -> Iterator[str]:
    """Whether readers of both languages are served alike; nothing where no question stands in both."""
    apart = measured.get(GAP, {}).get("gap_answered")
    if apart and apart.value is not None:
        met = "within" if apart.value <= GAP_TARGET else "not yet within"
        yield (
            f"Right answers to the same questions in both languages are {apart.value:.3f} apart, "
            f"{met} the {GAP_TARGET:.2f} that is aimed at."
        )


def misses(outcomes: Sequence[QuestionOutcome]) -> Iterator[str]:
    """The questions that went wrong, each with what was shown instead."""
    for result in outcomes:
        what = _what_went_wrong(result)
        if what:
            yield "\n".join(
                [
                    f"{result.known.id} ({result.known.set}) {what}: {result.known.question}",
                    *map(_indented, result.quotes),
                ]
            )


def _indented(line: str) -> str:
    return "    " + line


def _what_went_wrong(result: QuestionOutcome) -> str:
    if not all(result.verbatim):
        return "a quote is not verbatim"
    if result.wrong_refusal:
        return "wrongly refused"
    if result.wrong_answer:
        return "answered from no right sentence" if result.known.answerable else "answered what is not there"
    if result.known.answerable and not result.first_right:
        return "right, but not first"
    return ""


SCALE = 10_000
"""Floors have four decimals, rounded so that what was measured passes."""

Pinned = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Floors:
    """Floors by group of questions and measure; `history` tells of each time that some were lowered."""

    corpus_digest: str
    floors: Pinned
    history: tuple[Mapping[str, object], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A measure that is worse than its floor; `measured` is None where nothing was left to measure."""

    group: str
    measure: str
    floor: float
    measured: float | None

    @property
    def text(self) -> str:
        word = "ceiling" if self.measure in LOWER_IS_BETTER else "floor"
        value = "nothing to measure" if self.measured is None else f"{self.measured:.4f}"
        return f"{self.group}: {self.measure} is {value}, its {word} {self.floor:.4f}"


def read_floors(path: Path) -> Floors | None:
    """The floors of a file, None where there is none. Raises InputError."""
    if not path.exists():
        return None
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        pinned = {
            str(group): {str(name): float(value) for name, value in values.items()}
            for group, values in record["floors"].items()
        }
        return Floors(str(record["corpus_digest"]), pinned, tuple(record.get("history", ())))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path} holds no floors that can be read: {error}. Restore it from version control."
        ) from error


def write_floors(path: Path, floors: Floors) -> None:
    record = {"corpus_digest": floors.corpus_digest, "floors": floors.floors, "history": list(floors.history)}
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def shortfalls(pinned: Pinned, measured: Mapping[str, Measures]) -> Iterator[Shortfall]:
    """Every measure below its floor, or gone."""
    for group, values in pinned.items():
        for name, floor in values.items():
            share = measured.get(group, {}).get(name)
            value = share.value if share else None
            if value is None or _worse(name, _rounded(name, value), floor):
                yield Shortfall(group, name, floor, value)


def pin(
    before: Floors | None, measured: Mapping[str, Measures], *, digest: str, reason: str | None, today: date
) -> Floors:
    """Floors at what was measured. Raises InputError where one would be lowered and no reason is given."""
    pinned = {
        group: {name: _rounded(name, share.value) for name, share in shares.items() if share.value is not None}
        for group, shares in measured.items()
        if group != GAP
    }
    history = before.history if before else ()
    by_hand = {GAP: before.floors[GAP]} if before and GAP in before.floors else {}
    lowered = (
        [shortfall for shortfall in shortfalls(before.floors, measured) if shortfall.group != GAP] if before else []
    )
    if lowered and not (reason and reason.strip()):
        raise InputError(
            f"This would lower {len(lowered)} floors: {'; '.join(shortfall.text for shortfall in lowered)}. "
            'Mend it, or say why: qa gate --pin --lower "REASON".'
        )
    if lowered:
        changes = {
            f"{shortfall.group}.{shortfall.measure}": [shortfall.floor, shortfall.measured] for shortfall in lowered
        }
        history = (*history, {"date": today.isoformat(), "reason": reason, "lowered": changes, "corpus_digest": digest})
    return Floors(digest, {**pinned, **by_hand}, history)


def _rounded(name: str, value: float) -> float:
    scaled = round(value * SCALE, 6)
    return (math.ceil(scaled) if name in LOWER_IS_BETTER else math.floor(scaled)) / SCALE


def _worse(name: str, value: float, floor: float) -> bool:
    return value > floor if name in LOWER_IS_BETTER else value < floor
