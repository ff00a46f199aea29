"""Who holds the archive: many readers or one writer, across processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO

import portalocker

from qa.errors import ShelfBusy

_HOW_ON = (
    "Wait until it has finished or stop it. To add articles while the page is being served, run a Chroma server "
    "and set QA_CHROMA_URL for both."
)


class Holding:
    """A lock on a folder, held until closed or until the process ends, however it ends.

    Raises ShelfBusy at once where others hold the folder: a writer needs it alone, readers share it. `lock` names
    the lock's file; holders of different ones don't know of each other.
    """

    def __init__(self, folder: Path, *, alone: bool, lock: str = "lock") -> None:
        self._who = folder / "holder.txt"
        self._file: IO[bytes] = (folder / lock).open("ab")
        flags = portalocker.LockFlags.EXCLUSIVE if alone else portalocker.LockFlags.SHARED
        try:
            portalocker.lock(self._file, flags | portalocker.LockFlags.NON_BLOCKING)
        except portalocker.exceptions.LockException:
            self._file.close()
            raise ShelfBusy(f"The archive in {folder} is in use by {self._holder()}. {_HOW_ON}") from None
        command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
        try:
            self._who.write_text(f"process {os.getpid()} ({command})", encoding="utf-8")
        except OSError:  # a full disk; the name is a courtesy to others
            pass

    def _holder(self) -> str:
        try:
            return self._who.read_text(encoding="utf-8")[:200]
        except OSError:
            return "another process"

    def close(self) -> None:
        if not self._file.closed:
            portalocker.unlock(self._file)
            self._file.close()

    def __enter__(self) -> Holding:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
