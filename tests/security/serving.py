"""The page served by `qa serve` in a process of its own, for attacks: all is real but the archive, a fake room.

`python -m tests.security.serving` is that process; it takes its settings from the environment.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import Mock, patch

import httpx

from qa.cli import serving
from qa.models.journal import Role
from qa.review.accounts import Accounts
from qa.settings import read_settings
from qa.store.journal.opening import opened_journal
from qa.store.notices import NoticeStore
from tests.web.fake_room import FakeRoom
from tests.web.staffed import office_over

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 180
"""Seconds that gradio may take to load, on a busy machine."""


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
    """The page, served from a new folder until the block ends."""
    home, around, log = folder / "data", folder / "around", folder / "log.txt"
    for name in ("tmp", "user", "work"):
        (around / name).mkdir(parents=True)
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "GRADIO_"))}
    environment |= {
        "HOME": str(around / "user"),
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT),
        "QA_HOME": str(home),
        "QA_PORT": str(port),
        "QA_REQUESTS_PER_MINUTE": str(requests_per_minute),
        "TMPDIR": str(around / "tmp"),
    }
    command = [sys.executable, "-m", "tests.security.serving"]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=around / "work", env=environment, stdout=output, stderr=subprocess.STDOUT
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


def main() -> None:
    """Serves the fake room until the process is ended, with a journal that has an account."""
    settings = read_settings()
    with opened_journal(settings.home) as journal:
        room = FakeRoom()
        accounts = Accounts(journal.database)
        if not accounts.open():
            accounts.add("ada", Role.ADMIN, password="a password of her own", identity=None, by="ada")
        book = NoticeStore(settings.home / "catalogue.sqlite3")
        office = office_over(journal, room, accounts=accounts, book=book)
        with (
            patch.object(serving, "archive_of", lambda settings: nullcontext(room)),
            patch.object(serving, "staff_context", lambda settings, archive: nullcontext(office)),
            patch.object(serving, "tidy_journal", lambda settings: None),
            patch.object(FakeRoom, "warm_up", lambda room: None, create=True),
            patch.object(FakeRoom, "writes", None, create=True),
            patch.object(FakeRoom, "follow", lambda room: None, create=True),
            patch.object(FakeRoom, "journal", journal, create=True),
            patch.object(FakeRoom, "recorder", office, create=True),
            patch.object(FakeRoom, "suggested", Mock(), create=True),
        ):
            serving.serve(host=None, port=None)


if __name__ == "__main__":
    main()
