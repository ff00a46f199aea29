"""The floors: what known questions must reach, pinned beside the digest of the corpus they were measured on.

Pinning writes what was measured. A floor that would get lower is refused unless a reason is given, and the reason
stays in the file. Of a measure where less is better the floor is a ceiling, and "lower" means higher. How far apart two
languages are is never pinned as measured, for it grows where one gets better: its ceiling is set by hand, and kept.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from qa.errors import InputError
from qa.review.metrics import GAP, LOWER_IS_BETTER, Measures

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
        found = "nothing to measure" if self.measured is None else f"{self.measured:.4f}"
        return f"{self.group}: {self.measure} is {found}, its {word} {self.floor:.4f}"


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
    lowered = [one for one in shortfalls(before.floors, measured) if one.group != GAP] if before else []
    if lowered and not (reason and reason.strip()):
        raise InputError(
            f"This would lower {len(lowered)} floors: {'; '.join(one.text for one in lowered)}. "
            'Mend it, or say why: qa gate --pin --lower "REASON".'
        )
    if lowered:
        changes = {f"{one.group}.{one.measure}": [one.floor, one.measured] for one in lowered}
        history = (*history, {"date": today.isoformat(), "reason": reason, "lowered": changes, "corpus_digest": digest})
    return Floors(digest, {**pinned, **by_hand}, history)


def _rounded(name: str, value: float) -> float:
    scaled = round(value * SCALE, 6)
    return (math.ceil(scaled) if name in LOWER_IS_BETTER else math.floor(scaled)) / SCALE


def _worse(name: str, value: float, floor: float) -> bool:
    return value > floor if name in LOWER_IS_BETTER else value < floor
