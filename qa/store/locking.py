"""Locks on the folder of an archive, which end with their process, and notes that name who holds them."""

import errno
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import portalocker

from qa.errors import StoreBusy, StoreError, StoreFull
from qa.models.archive import moment_text

WRITING = "writing.lock"  # of whoever writes; that of the folder itself is shared by all who have the archive open
ALONE_ADVICE = "It needs the archive alone: wait until it has finished."
WRITER_ADVICE = "One command writes at a time: wait until it has finished, or add --wait."
POLL = 0.2
_MOST_NAMED = 3
_NOTES = "holders"

_log = logging.getLogger(__name__)


@contextmanager
def folder_lock(
    folder: Path, *, alone: bool, lock: str = "lock", wait: float = 0.0, advice: str = ALONE_ADVICE
) -> Iterator[None]:
    """Locks a folder, alone or with others, until the block or the process ends; waits for it. Raises StoreBusy."""
    with (folder / lock).open("ab") as file:
        until, waiting = time.monotonic() + wait, False
        while not _locked(file, alone=alone):
            busy = f"The archive in {folder} is in use by {_named(folder, lock)}."
            if time.monotonic() >= until:
                raise StoreBusy(f"{busy} {advice}")
            if not waiting:
                waiting = True
                _log.warning("%s Waiting until it has finished.", busy)
            time.sleep(POLL)
        try:
            with _noted(folder, lock):
                yield
        finally:
            portalocker.unlock(file)  # a process that was forked meanwhile has it open too


def present(home: Path) -> AbstractContextManager[None]:
    """Keeps those away who need the archive in a folder alone; none where it can't be written. Raises StoreBusy."""
    return folder_lock(home, alone=False) if os.access(home, os.W_OK) else nullcontext()


@contextmanager
def usable(folder: Path, *, way_on: str = "Choose another folder by QA_HOME.") -> Iterator[None]:
    """What the file system refuses, as errors of the store."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreFull(f"The disk is full: {folder} can't be written. Free some space.") from error
        raise StoreError(f"{folder} can't be used: {error.strerror or error}. {way_on}") from error


@contextmanager
def _noted(folder: Path, lock: str) -> Iterator[None]:
    """Names the holder in a file that is locked while that is true; where it can't be written, nobody is named."""
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
    text = f"process {os.getpid()} ({command}), since {moment_text(datetime.now(UTC))}"
    with ExitStack() as stack:
        with suppress(OSError):
            (folder / _NOTES).mkdir(exist_ok=True)
            # Unbuffered: what a full disk doesn't take would be written again, and fail, when the file is closed.
            file = tempfile.NamedTemporaryFile("wb", 0, dir=folder / _NOTES, prefix=f"{lock}-", delete=False)  # noqa: SIM115
            stack.callback(Path(file.name).unlink, missing_ok=True)
            stack.enter_context(file)
            _locked(file, alone=True)
            file.write(text.encode("utf-8", "replace"))
        yield


def _named(folder: Path, lock: str) -> str:
    """Those who hold a lock just now, each process once; notes of processes that were cut off are swept away."""
    holders = {}
    for path in (folder / _NOTES).glob(f"{lock}-*"):
        with suppress(OSError), path.open("r+b") as file:  # it may be gone by now
            if _locked(file, alone=True):
                path.unlink(missing_ok=True)
            elif text := file.read(200).decode("utf-8", "replace"):
                holders[text.partition(")")[0]] = text
    if not holders:
        return "another process"
    more = f" and {len(holders) - _MOST_NAMED} more" if len(holders) > _MOST_NAMED else ""
    return "; ".join(sorted(holders.values())[:_MOST_NAMED]) + more


def _locked(file: IO[bytes], *, alone: bool) -> bool:
    """Locks a file until it is closed; False where others hold it."""
    flags = portalocker.LockFlags.EXCLUSIVE if alone else portalocker.LockFlags.SHARED
    try:
        portalocker.lock(file, flags | portalocker.LockFlags.NON_BLOCKING)
    except portalocker.exceptions.LockException:
        return False
    return True
