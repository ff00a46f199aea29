"""When two figures are of the same event, place and count, and when they then say different things."""

from __future__ import annotations

from datetime import timedelta

from qa.answering.conflicts.reports import Days, Report, ReportedFigure, Ties
from qa.models.annotations import Figure, FigureKind

APART = timedelta(days=31)
"""Reports of what lies further apart are about different events."""

SOON = timedelta(days=7)
"""Within so many days another status of the same number is a contradiction; later it may have become so."""

TIED = 0.2
"""Share of their marks that two reports of one event have in common, at least, where the archive dates its events."""

UNDATED_WITHIN = timedelta(days=3)
TIED_UNDATED = 0.4
"""Days and share of marks within which reports without an event date are about one event: weekly figures of one
company or office have up to .7 in common, and lie seven days apart."""

ROUNDED = 0.1
"""By how much a figure given as approximate may be off: "about 20" is 19 as well as 22."""

NEAR = 1.5
"""Where one report says no place or no period, figures that differ by no more than this factor may be of the same."""

LEAST_RIVAL = 10
"""From here on two reports hardly give the same number of the same thing by chance."""

_RIVALS = (
    frozenset(
        {
            *(FigureKind.ARRESTED, FigureKind.DETAINED, FigureKind.EXPECTED, FigureKind.IMPLICATED),
            *(FigureKind.INVESTIGATED, FigureKind.REPORTED, FigureKind.WARRANTED),
        }
    ),
    frozenset({FigureKind.INVESTIGATED, FigureKind.CHARGED}),
    frozenset({FigureKind.FOUND, FigureKind.SEIZED, FigureKind.DISTRIBUTED}),
)
"""Kinds of which one number can't be several at a time without a reader being told."""


def same_kind(kind: FigureKind | None, other: FigureKind | None) -> bool:
    """An arrest is a detention; any other kind is only itself, and nothing said is no kind."""
    return kind is other or {kind, other} == {FigureKind.ARRESTED, FigureKind.DETAINED}


def rival_kinds(kind: FigureKind | None, other: FigureKind | None) -> bool:
    return not same_kind(kind, other) and any({kind, other} <= group for group in _RIVALS)


def same_event(figure: ReportedFigure, other: ReportedFigure, ties: Ties) -> bool:
    """By its name, else by the event dates of the metadata, else by days of publication; and by shared marks."""
    if far(figure.days, other.days):
        return False
    if figure.figure.event and other.figure.event:
        return figure.figure.event == other.figure.event
    if figure.report is other.report:
        # A sentence with a date of its own beside one without tells of something else: "On Tuesday, 19 were killed".
        return figure.dated == other.dated
    return _same_days(figure.report, other.report) and ties.share(figure.report, other.report) >= (
        TIED if figure.report.event_days and other.report.event_days else TIED_UNDATED
    )


def _same_days(report: Report, other: Report) -> bool:
    if report.event_days and other.event_days:
        return not _apart(report.event_days, other.event_days, timedelta())
    ours, theirs = report.published_days, other.published_days
    return bool(ours and theirs) and not _apart(ours, theirs, UNDATED_WITHIN)


def far(days: Days | None, other: Days | None) -> bool:
    return _apart(days, other, APART)


def _apart(days: Days | None, other: Days | None, most: timedelta) -> bool:
    """More than `most` between two stretches of days; never where one isn't known."""
    if days is None or other is None:
        return False
    return other[0] - days[1] > most or days[0] - other[1] > most


def same_count(figure: Figure, other: Figure) -> bool:
    """Counted in one way: of the same countries, in one unit, over one time, in all or on top of others."""
    if figure.counted[:1] != other.counted[:1] and any(one.counted[:1] in _UNITS for one in (figure, other)):
        return False
    if figure.places and other.places:
        same_place = set(figure.places) == set(other.places)
    else:
        unsaid = not figure.places and not other.places and figure.worldwide == other.worldwide
        clash = (figure.places and other.worldwide) or (other.places and figure.worldwide)
        same_place = unsaid or (not clash and near(figure, other, NEAR))
    return (
        same_place
        and (figure.period == other.period or near(figure, other, NEAR))
        and (figure.additional == other.additional or near(figure, other, 1 + ROUNDED))
    )


_UNITS = (("%",), ("$",), ("£",), ("€",))


def near(figure: Figure, other: Figure, factor: float) -> bool:
    ours, theirs = middle(figure), middle(other)
    if not ours or not theirs:
        return ours == theirs
    return max(ours, theirs) <= factor * min(ours, theirs)


def middle(figure: Figure) -> float | None:
    """The value, or the only bound that is given."""
    if figure.low is None or figure.high is None:
        return figure.low if figure.high is None else figure.high
    return (figure.low + figure.high) / 2


def values_differ(figure: Figure, other: Figure) -> bool:
    """No number is meant by both: neither a bound nor rounding words let one be the other. "Hundreds" is any number."""
    if middle(figure) is None or middle(other) is None:
        return False
    (low, high), (begin, end) = _bounds(figure), _bounds(other)
    return high < begin or end < low


def values_equal(figure: Figure, other: Figure) -> bool:
    """Both name the same number, roughly where one of them does so."""
    ours, theirs = middle(figure), middle(other)
    if ours is None or theirs is None:
        return False
    slack = ROUNDED * max(ours, theirs) if figure.approximate or other.approximate else 0.0
    return abs(ours - theirs) <= slack


def _bounds(figure: Figure) -> tuple[float, float]:
    """The numbers that a figure may stand for; a bound is as exact as it says."""
    slack = ROUNDED if figure.approximate and None not in (figure.low, figure.high) else 0.0
    low = figure.low * (1 - slack) if figure.low is not None else 0.0
    return low, figure.high * (1 + slack) if figure.high is not None else float("inf")


def differ(figure: ReportedFigure, other: ReportedFigure) -> bool:
    """Two figures of one count contradict each other: another value, or another status of the number."""
    ours, theirs = figure.figure, other.figure
    if same_voice(figure, other) or not same_count(ours, theirs):
        return False
    if same_kind(ours.kind, theirs.kind):
        return values_differ(ours, theirs)
    return rivals(figure, other) and values_equal(ours, theirs)


def rivals(figure: ReportedFigure, other: ReportedFigure) -> bool:
    """Nearly one number, of another status within a week."""
    ours, theirs = figure.figure, other.figure
    return (
        rival_kinds(ours.kind, theirs.kind)
        and (middle(ours) or 0) >= LEAST_RIVAL
        and near(ours, theirs, 1 + ROUNDED)
        and not _apart(figure.report.published_days, other.report.published_days, SOON)
    )


def same_voice(figure: ReportedFigure, other: ReportedFigure) -> bool:
    """One voice says both, and of no two days: it then speaks of two things."""
    if figure.report is not other.report or figure.figure.speaker != other.figure.speaker:
        return False
    return figure.dated is None or other.dated is None or figure.dated == other.dated
