"""Files whose reading takes long are read in other processes, while those before them are encoded.

A saved page takes its reader about as long as the encoder takes for its words; an agency's item takes a hundredth of
that, and goes to no other process.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from qa.models.deliveries import Record

Read = Callable[[Path], Iterator[Record]]

SLOW = (".html", ".htm", ".xhtml", ".pdf")
"""Endings of files that take long; a page without one is read all the same, one after the other."""

LARGEST = 5_000_000
"""Bytes of a file that is read ahead: its articles are held whole until it is its turn."""

FEW = 16
"""So many slow files are read in this process first: starting others takes a second."""

WORKERS = max(1, min(8, os.cpu_count() or 1))


def read_ahead(files: Iterable[Path], read: Read, *, workers: int = WORKERS) -> Iterator[tuple[Path, Iterator[Record]]]:
    """Each file with its records, in the order given. `read` has to be something that can be sent to a process."""
    waiting: deque[tuple[Path, Future[list[Record]] | None]] = deque()
    pool: ProcessPoolExecutor | None = None
    slow = 0
    try:
        for path in files:
            ahead = workers > 1 and _is_slow(path)
            slow += ahead
            if ahead and slow > FEW:
                # A fork would take locked threads of the encoder along.
                pool = pool or ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
                waiting.append((path, _sent(pool, read, path)))
            else:
                waiting.append((path, None))
            while len(waiting) > (2 * workers if pool else 0):
                yield _taken(*waiting.popleft(), read)
        while waiting:
            yield _taken(*waiting.popleft(), read)
    finally:
        if pool:
            pool.shutdown(cancel_futures=True)


def _sent(pool: ProcessPoolExecutor, read: Read, path: Path) -> Future[list[Record]] | None:
    try:
        return pool.submit(_read, read, path)
    except BrokenProcessPool:
        return None


def _taken(path: Path, sent: Future[list[Record]] | None, read: Read) -> tuple[Path, Iterator[Record]]:
    """What came back; read here where the other process was ended, by the system for its memory or by hand."""
    try:
        return path, iter(sent.result()) if sent else read(path)
    except BrokenProcessPool:
        return path, read(path)


def _read(read: Read, path: Path) -> list[Record]:
    return list(read(path))


def _is_slow(path: Path) -> bool:
    try:
        return path.name.lower().endswith(SLOW) and path.stat().st_size <= LARGEST
    except OSError:
        return False  # reading it will say why
