"""What was read out of an article when it was taken in: data beside its words, so that no answer reads it again."""

from __future__ import annotations

from dataclasses import dataclass

from qa.domain.mentions import DateMention
from qa.domain.stages import StageMention


@dataclass(frozen=True, slots=True)
class Annotations:
    """Everything that an article's body was read for, in the order of the body; offsets count its characters.

    `version` is that of the reading: annotations of another one are made anew, not believed.
    """

    version: int
    dates: tuple[DateMention, ...] = ()
    stages: tuple[StageMention, ...] = ()
