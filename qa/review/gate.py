"""The quality gate: known questions are asked, and what comes back is held against pinned floors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.models.replies import Question, Reply
from qa.review.floors import Floors, shortfalls
from qa.review.known import Known
from qa.review.metrics import GAP, GAP_TARGET, LOWER_IS_BETTER, Body, Measures, Outcome, by_group, outcome

Ask = Callable[[Question], Reply]
"""Anything that replies to a question."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the gate saw. It is open where nothing failed."""

    measured: Mapping[str, Measures]
    outcomes: tuple[Outcome, ...]
    failures: tuple[str, ...]

    @property
    def open(self) -> bool:
        return not self.failures


def ask_all(known: Sequence[Known], ask: Ask, body: Body) -> list[Outcome]:
    """Every question asked once, in order."""
    return [outcome(one, ask(Question(one.question)), body) for one in known]


def judge(outcomes: Sequence[Outcome], floors: Floors | None, *, digest: str, relapses: Sequence[str] = ()) -> Finding:
    """The outcomes held against the floors; `relapses` are rejected statements that came back, in words."""
    measured = by_group(outcomes)
    return Finding(measured, tuple(outcomes), (*_failures(measured, floors, digest), *relapses))


def _failures(measured: Mapping[str, Measures], floors: Floors | None, digest: str) -> Iterator[str]:
    if floors is None:
        yield "No floors are pinned. Run `qa gate --pin` and say so in the changelog."
        return
    if floors.corpus_digest != digest:
        yield (
            "The articles or the questions are not those the floors were measured on: "
            "run `qa gate --pin` and say why in the changelog."
        )
    yield from (one.text for one in shortfalls(floors.floors, measured))


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


def misses(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The questions that went wrong, each with what was shown instead."""
    for one in outcomes:
        what = _what_went_wrong(one)
        if what:
            yield "\n".join(
                [f"{one.known.id} ({one.known.set}) {what}: {one.known.question}", *map(_indented, one.quotes)]
            )


def _indented(line: str) -> str:
    return "    " + line


def _what_went_wrong(one: Outcome) -> str:
    if not all(one.verbatim):
        return "a quote is not verbatim"
    if one.wrong_refusal:
        return "wrongly refused"
    if one.wrong_answer:
        return "answered from no right sentence" if one.known.answerable else "answered what is not there"
    if one.known.answerable and not one.first_right:
        return "right, but not first"
    return ""
