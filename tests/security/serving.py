"""An archive that is really served, by `qa serve` in a process of its own, for attacks."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = [
    ROOT / "corpus" / name
    for name in ("2005-03-16-reuters-twelve-country-search.md", "2005-03-17-el-pais-hotline-reports-rising.md")
]
STARTS_WITHIN = 180
"""Seconds that the encoder and gradio may take to load, on a busy machine."""


@dataclass(frozen=True)
class Served:
    """A served archive: `home` is its folder, `around` holds all else that the process can be expected to write to."""

    address: str
    home: Path
    around: Path
    log: Path

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def health_seconds(self) -> float:
        """How long it takes to say that it is well; fails after five seconds."""
        begun = time.monotonic()
        assert httpx.get(f"{self.address}/health", timeout=5).status_code == 200
        return time.monotonic() - begun

    def files_outside(self) -> list[Path]:
        """Files in the folders for temporary files, of the user and of work, which the archive's isn't."""
        return [path for path in self.around.rglob("*") if not path.is_dir()]

    def files_in_scratch(self) -> list[Path]:
        return [path for path in (self.home / "scratch").rglob("*") if not path.is_dir()]


@contextmanager
def served_archive(folder: Path, *, requests_per_minute: int) -> Iterator[Served]:
    """Two articles of the demo archive, served from a new folder until the block ends."""
    home, around, log = folder / "data", folder / "around", folder / "log.txt"
    for name in ("tmp", "user", "work"):
        (around / name).mkdir(parents=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "GRADIO_"))}
    environment |= {
        "HOME": str(around / "user"),
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT),
        "QA_HOME": str(home),
        "QA_REQUESTS_PER_MINUTE": str(requests_per_minute),
        "TMPDIR": str(around / "tmp"),
    }
    qa = [sys.executable, "-m", "qa.cli.main"]
    work = around / "work"
    subprocess.run([*qa, "ingest", *map(str, ARTICLES)], cwd=work, env=environment, check=True, capture_output=True)
    port = _free_port()
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*qa, "serve", "--port", str(port)], cwd=work, env=environment, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            served = Served(f"http://127.0.0.1:{port}", home, around, log)
            _wait_for(served, process)
            yield served
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait_for(served: Served, process: subprocess.Popen[bytes]) -> None:
    late = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < late:
        assert process.poll() is None, served.log.read_text()
        try:
            httpx.get(f"{served.address}/health", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")
