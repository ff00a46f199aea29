"""Whether the archive was filled lately."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from qa.store.journal.imports import Import


def stale_since(imports: Iterable[Import], *, days: int | None, now: datetime) -> date | None:
    """The day on which the archive was last filled, where that is more than `days` ago; else None.

    `imports` come newest first. Without `days`, and while no import has ended, nothing is stale.
    """
    ended = next((one.ended_at for one in imports if one.ended_at), None)
    if days is None or ended is None or now - ended <= timedelta(days=days):
        return None
    return ended.date()
