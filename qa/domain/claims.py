"""What an article claims in figures: a number, what it counts, what became of it, where, when, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.domain.archive import Span


class ClaimKind(StrEnum):
    """What is said of the things that a figure counts. A person arrested isn't one charged, nor one convicted."""

    ARRESTED = "arrested"
    DETAINED = "detained"
    EXPECTED = "expected"
    IMPLICATED = "implicated"
    INVESTIGATED = "under investigation"
    REPORTED = "reported to the authorities"
    WARRANTED = "warrants"
    REMANDED = "in custody before trial"
    CHARGED = "charged"
    TRIED = "on trial"
    CONVICTED = "convicted"
    ACQUITTED = "acquitted"
    RELEASED = "released"
    SEARCHED = "searched"
    FOUND = "found"
    SEIZED = "seized"
    DISTRIBUTED = "distributed"
    VOTED = "voted"
    ATTENDED = "attended"
    KILLED = "killed"
    INJURED = "injured"
    MISSING = "missing"
    DISPLACED = "displaced"
    RESCUED = "rescued"


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure as one sentence of a body claims it; `figure` and `sentence` are stretches of the body.

    `low` and `high` are equal for a plain number; one is None where the text gives only the other bound, both where it
    gives no value ("hundreds"). `counted` are the words it counts, by one name for each kind of thing. `scope` are the
    ISO 3166 codes of the countries it is said of; `worldwide`: of all countries concerned; neither: the text doesn't
    say. `speaker` is who says so where it isn't the report itself. `as_of` is as in TIMEX3: a date of the sentence,
    else the day of publication, None where there is neither. `event` is the name of the operation or the like that it
    belongs to, folded. `period` is the length of time it was counted over, as printed. `additional`: on top of what
    was said before ("another 23").
    """

    figure: Span
    sentence: Span
    low: float | None
    high: float | None
    approximate: bool
    counted: tuple[str, ...] = ()
    kind: ClaimKind | None = None
    scope: tuple[str, ...] = ()
    worldwide: bool = False
    speaker: str | None = None
    as_of: str | None = None
    event: str | None = None
    period: str | None = None
    additional: bool = False
