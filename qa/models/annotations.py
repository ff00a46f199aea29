"""What was read out of an article when it was taken in: data beside its words, so that no answer reads it again."""

from __future__ import annotations

from dataclasses import dataclass

from qa.models.mentions import DateMention, Figure
from qa.models.stages import StageMention


@dataclass(frozen=True, slots=True)
class Annotations:
    """Everything that an article's body was read for, in the order of the body; offsets count its characters.

    `version` is that of the reading: annotations of another one are made anew, not believed. `event_date` and
    `derived_from` are as the article's file has them.
    """

    version: int
    dates: tuple[DateMention, ...] = ()
    figures: tuple[Figure, ...] = ()
    stages: tuple[StageMention, ...] = ()
    event_date: str | None = None
    derived_from: str | None = None
