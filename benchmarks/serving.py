"""A page served in a process of its own, for measuring."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

PATIENCE = 300.0
"""Seconds that a server may take to start."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: its address, and the number of its process."""

    address: str
    process: int


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[str]:
    """The address of `qa serve` on a free port, until the block ends. Raises RuntimeError where it doesn't start."""
    with served_process(environment) as server:
        yield server.address


@contextmanager
def served_process(environment: Mapping[str, str]) -> Iterator[Served]:
    """The same with the process it runs in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "qa.cli.main", "serve", "--port", str(port)]
    with subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL) as server:
        try:
            _await(address, server)
            yield Served(address, server.pid)
        finally:
            server.terminate()


def _await(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(f"{address}/health", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise RuntimeError("the page was not served")
