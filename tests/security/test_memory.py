"""What is kept for threads and pages that are gone: nothing that grows."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

from qa.storage.journal.opening import JOURNAL, Journal


def open_files(path: Path) -> int:
    """How often this process has a file open."""
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return sum(_target(link) == str(path) for link in links)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


def test_a_thread_that_ended_leaves_no_connection(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / JOURNAL)) as journal:
        for _ in range(30):
            thread = threading.Thread(target=journal.reviews.counts)
            thread.start()
            thread.join()
        assert open_files(tmp_path / JOURNAL) <= 2
    assert open_files(tmp_path / JOURNAL) == 0
