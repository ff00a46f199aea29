"""When something in the folders of the sources changes, or their feeds are due."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from watchfiles import watch

from qa.archive.sources import SourceList


def changes(sources: Sequence[SourceList], *, every: float) -> Iterator[None]:
    """Yields each time something changed below the sources' paths, and every so many seconds where there are feeds."""
    folders = sorted({folder for source in sources for path in source.paths for folder in _folders(path)})
    feeds = any(source.feeds for source in sources)
    waiting = int(every * 1000) if feeds else 0
    for found in watch(*folders, rust_timeout=waiting or 5_000, yield_on_timeout=True, raise_interrupt=True):
        if found or feeds:
            yield


def _folders(path: str) -> Iterator[str]:
    """What is to be watched for a path: itself, or the folder above its first sign of a pattern."""
    place = Path(path)
    while not place.exists() or any(sign in str(place) for sign in "*?["):
        place = place.parent
    yield os.path.realpath(place if place.is_dir() else place.parent)
