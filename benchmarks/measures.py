"""Figures of one stage, and how they are taken."""

from __future__ import annotations

import math
import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

Figures = dict[str, float]

_Item = TypeVar("_Item")
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def peak_memory() -> float:
    """Largest resident size of this process so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def timed(do: Callable[[_Item], object], items: Iterable[_Item]) -> list[float]:
    """Milliseconds of each call."""
    taken = []
    for item in items:
        started = time.perf_counter()
        do(item)
        taken.append((time.perf_counter() - started) * 1e3)
    return taken


class Stopwatch:
    """Adds up the seconds of the calls of what it is put around."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, do: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
        def timed_call(*args: _Given.args, **named: _Given.kwargs) -> _Made:
            started = time.perf_counter()
            try:
                return do(*args, **named)
            finally:
                self.seconds += time.perf_counter() - started

        return timed_call


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value that at least that share of the values doesn't exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def machine() -> str:
    """The machine, in words."""
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
