"""What is kept for threads and pages that are gone: nothing that grows."""

from __future__ import annotations

import platform
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from qa.store.books import JOURNAL
from qa.store.journal.opening import Journal


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
    with closing(Journal(tmp_path / JOURNAL.file)) as journal:
        for _ in range(30):
            thread = threading.Thread(target=journal.reviews.counts)
            thread.start()
            thread.join()
        assert open_files(tmp_path / JOURNAL.file) <= 2
    assert open_files(tmp_path / JOURNAL.file) == 0


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
def test_threads_share_the_arenas_of_the_allocator() -> None:
    """In a process of its own: what was set can't be taken back."""
    code = "from qa.cli.serving import few_arenas; assert few_arenas()"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=120).returncode == 0
