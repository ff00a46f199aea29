"""When two claims are about the same thing, and when they say different things of it."""

from __future__ import annotations

from datetime import timedelta

from qa.answering.comparing.stated import PERSONS, Days, Report, Stated, Ties
from qa.domain.claims import Claim, ClaimKind

APART = timedelta(days=31)
"""Reports of what lies further apart are about different events, unless these bear the same name."""

SOON = timedelta(days=7)
"""Within so many days another status of the same number is a contradiction; later it may have become so."""

TIED = 0.2
"""Share of their ties that two reports on one event have in common, at least."""

TIED_UNDATED = 0.5
"""The same where one of them doesn't say when it was."""

ROUNDED = 0.05
"""By how much a figure given as approximate may be off."""

NEAR = 1.5
"""Where one report says no place, figures that differ by no more than this factor may be of the same place."""

_SAME = (frozenset({ClaimKind.ARRESTED, ClaimKind.DETAINED}),)
"""Kinds that say the same of what is counted."""

_RIVALS = (
    PERSONS,
    frozenset({ClaimKind.FOUND, ClaimKind.SEIZED, ClaimKind.DISTRIBUTED}),
)
"""Kinds of which one number can't be several at a time without a reader being told."""


def same_kind(one: ClaimKind | None, other: ClaimKind | None) -> bool:
    """Whether two kinds say the same; where one isn't said, it may."""
    return one is None or other is None or one is other or any({one, other} <= family for family in _SAME)


def rival_kinds(one: ClaimKind | None, other: ClaimKind | None) -> bool:
    if one is None or other is None or same_kind(one, other):
        return False
    return any({one, other} <= group for group in _RIVALS)


def same_thing(one: Stated, other: Stated) -> bool:
    """Whether the figures count the same."""
    if one.thing == "people" or other.thing == "people":
        return one.thing == other.thing
    return bool(one.thing) and (one.thing == other.thing or bool(_nouns(one) & _nouns(other)))


def _nouns(one: Stated) -> set[str]:
    return {word for word in one.claim.counted[:2] if not word[0].isdigit()}


def same_event(one: Stated, other: Stated, ties: Ties) -> bool:
    """Whether the claims belong to one event: by its name, else by its days and by what the reports share."""
    if far(one.dated, other.dated):
        return False
    ours, theirs = one.claim.event, other.claim.event
    if ours and theirs:
        return ours == theirs
    if one.report is other.report:
        return True
    return not far(one.days, other.days) and tied(one.report, other.report, ties)


def tied(one: Report, other: Report, ties: Ties) -> bool:
    """Whether two reports share enough to be about one event; what says no time needs more."""
    dated = all(report.event_days or report.published_days for report in (one, other))
    return ties.share(one, other) >= (TIED if dated else TIED_UNDATED)


def far(one: Days | None, other: Days | None) -> bool:
    """Whether two stretches of days lie too far apart."""
    if one is None or other is None:
        return False
    (first, last), (begin, end) = one, other
    return begin - last > APART or first - end > APART


def same_scope(one: Stated, other: Stated) -> bool:
    """Whether both are said of the same countries. Where one says none, it may be if the figures are near."""
    ours, theirs = one.claim, other.claim
    if ours.scope and theirs.scope:
        return set(ours.scope) == set(theirs.scope)
    if not ours.scope and not theirs.scope and ours.worldwide == theirs.worldwide:
        return True
    return not ((ours.scope and theirs.worldwide) or (theirs.scope and ours.worldwide)) and near(ours, theirs)


def near(one: Claim, other: Claim) -> bool:
    """Whether two values differ by no more than the factor NEAR."""
    ours, theirs = middle(one), middle(other)
    if not ours or not theirs:
        return ours == theirs
    return max(ours, theirs) <= NEAR * min(ours, theirs)


def close(one: Claim, other: Claim) -> bool:
    """Whether two values differ by a tenth at most."""
    ours, theirs = middle(one), middle(other)
    return ours is not None and theirs is not None and abs(ours - theirs) <= 0.1 * max(ours, theirs)


def middle(claim: Claim) -> float | None:
    """The value, or the only bound that is given."""
    if claim.low is None or claim.high is None:
        return claim.low if claim.high is None else claim.high
    return (claim.low + claim.high) / 2


def values_differ(one: Claim, other: Claim) -> bool:
    """Whether no number is meant by both. A figure without a value ("hundreds", "arrests in Chile") isn't nought."""
    if middle(one) is None or middle(other) is None:
        return 0 in (middle(one), middle(other))
    (low, high), (begin, end) = _bounds(one), _bounds(other)
    return high < begin or end < low


def values_equal(one: Claim, other: Claim) -> bool:
    """Whether both name the same number, roughly where one of them does so."""
    ours, theirs = middle(one), middle(other)
    if ours is None or theirs is None:
        return False
    slack = ROUNDED * max(ours, theirs) if one.approximate or other.approximate else 0.0
    return abs(ours - theirs) <= slack


def _bounds(claim: Claim) -> tuple[float, float]:
    slack = ROUNDED if claim.approximate else 0.0
    low = claim.low * (1 - slack) if claim.low is not None else 0.0
    high = claim.high * (1 + slack) if claim.high is not None else float("inf")
    if claim.high is not None and claim.low is None:
        # "Up to 130" says that it is about so many, not that it may be none.
        low = claim.high / NEAR
    if claim.low is not None and claim.high is None:
        low, high = claim.low, claim.low * NEAR
    return low, high


def comparable(one: Claim, other: Claim) -> bool:
    """Whether the figures were counted in the same way.

    What is on top of others, or counted over years, is another count; so, where the figures are far apart, is one of
    which nothing is said.
    """
    ours, theirs = middle(one), middle(other)
    apart = ours is not None and theirs is not None and max(ours, theirs) > 2 * min(ours, theirs)
    if apart and one.period != other.period:
        return False
    if (one.kind is None) != (other.kind is None) and not near(one, other):
        return False
    return one.additional == other.additional or near(one, other)


def differ(one: Stated, other: Stated) -> bool:
    """Whether two claims on the same thing contradict each other: another value, or another status of the number."""
    ours, theirs = one.claim, other.claim
    if not comparable(ours, theirs) or same_voice(one, other):
        return False
    if same_kind(ours.kind, theirs.kind):
        return values_differ(ours, theirs)
    return rival_kinds(ours.kind, theirs.kind) and values_equal(ours, theirs) and at_once(one, other)


def same_voice(one: Stated, other: Stated) -> bool:
    """Whether one voice says both, and of no two days: it then speaks of two things."""
    if one.report is not other.report or one.claim.speaker != other.claim.speaker:
        return False
    return one.dated is None or other.dated is None or one.dated == other.dated


def at_once(one: Stated, other: Stated) -> bool:
    """Whether both were published within a week."""
    ours, theirs = one.report.published_days, other.report.published_days
    if ours is None or theirs is None:
        return one.report is other.report
    return abs(ours[0] - theirs[0]) <= SOON
