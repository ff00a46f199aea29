"""Articles as they stand in a list, without their bodies, and what a reader can narrow a list down by."""

from __future__ import annotations

from dataclasses import dataclass

from qa.models.archive import Source


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list. `event_date` is as the article's file has it: a date, a part of one, or words."""

    source: Source
    event_date: str | None = None


@dataclass(frozen=True, slots=True)
class Origins:
    """The outlets and the languages of the archive, each once, in the order of the alphabet."""

    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
