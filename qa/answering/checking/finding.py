"""What a rule found against a sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that speaks against a sentence, in words for readers and staff.

    `grave`: it is contradicted or invented; else the sources say it less clearly, or don't say all of it.
    """

    reason: str
    grave: bool = True
