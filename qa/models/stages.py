"""How far a criminal case has got, and where an article says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.models.archive import Span


class Stage(StrEnum):
    """A stage of a case. Of several of one day the one that stands later here is the last; values are those of JSON."""

    ARRESTED = "arrested"
    DETAINED = "detained"
    INVESTIGATED = "under_investigation"  # imputado, investigado: not charged
    RELEASED = "released"
    CHARGED = "charged"
    ON_TRIAL = "on_trial"
    DISMISSED = "dismissed"
    ACQUITTED = "acquitted"
    CONVICTED = "convicted"
    SENTENCED = "sentenced"
    APPEALED = "appealed"
    UPHELD = "verdict_upheld"
    OVERTURNED = "verdict_overturned"

    @property
    def order(self) -> int:
        """Its place on the way of a case, from 0."""
        return _ORDER[self]

    @property
    def level(self) -> int:
        """0 inquiry, 1 charge, 2 trial, 3 outcome: later talk of a lower level doesn't put a case back."""
        if self.order < Stage.CHARGED.order:
            return 0
        return {Stage.CHARGED: 1, Stage.ON_TRIAL: 2}.get(self, 3)

    @property
    def is_outcome(self) -> bool:
        return self.level == 3

    @property
    def is_verdict(self) -> bool:
        """Whether a court has judged by then; a case that was dismissed ends without a verdict."""
        return self.is_outcome and self is not Stage.DISMISSED


_ORDER = {stage: order for order, stage in enumerate(Stage)}


@dataclass(frozen=True, slots=True)
class StageMention:
    """A stage that an article reports: characters `start` to `end` of the body, in the sentence `sentence`.

    `value` is the date as in TIMEX3; `dated` says whether the sentence gives it, else it is the day of publication. It
    is None where neither says, or where the words look back on what had happened before ("the three people convicted").
    `contested` marks what is told as one report's word against others.
    """

    start: int
    end: int
    sentence: Span
    stage: Stage
    value: str | None = None
    dated: bool = False
    contested: bool = False
