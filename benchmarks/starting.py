"""How long a user waits for a new process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from statistics import median

ROUNDS = 3
PATIENCE = 120.0
"""Seconds until a page that doesn't respond is given up."""

QA = (sys.executable, "-m", "qa.cli.main")


def seconds_of(command: Sequence[str], *, home: Path | None = None) -> float:
    """The median of some runs, after one that isn't counted. Raises CalledProcessError."""
    runs = [_run(command, home) for _ in range(ROUNDS + 1)]
    return median(runs[1:])


def seconds_to_page(home: Path) -> float:
    """From the start of `qa serve` until the page is there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.perf_counter()
    server = subprocess.Popen([*QA, "serve", "--port", str(port)], env=_environment(home), stderr=subprocess.DEVNULL)
    try:
        while time.perf_counter() - started < PATIENCE and server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                    return time.perf_counter() - started
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise SystemExit("The page did not respond.")
    finally:
        server.terminate()
        server.wait()


def _run(command: Sequence[str], home: Path | None) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=_environment(home), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def _environment(home: Path | None) -> dict[str, str]:
    return {**os.environ, "QA_HOME": str(home)} if home else dict(os.environ)
