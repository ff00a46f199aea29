"""The time that a question asks about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class About(StrEnum):
    """What a stretch of time bounds."""

    EVENTS = "events"  # what happened in it, whenever it was told
    PUBLISHED = "published"  # what could be read in it
    LATEST = "latest"  # no stretch: the newest there is


@dataclass(frozen=True, slots=True)
class Timeframe:
    """The days from `first` to `last`, both included, None being open; both are None where the newest is asked for.

    `present` says that the question asks what holds now, whatever else it asks about.
    """

    about: About
    first: date | None = None
    last: date | None = None
    present: bool = False
