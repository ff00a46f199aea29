"""Opening the store in a folder: who may, what it needs, and what a process that died left behind."""

import errno
import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from qa.errors import StoreBusy, StoreError, StoreFull
from qa.store.document_store import CatalogueStore, Generations
from qa.store.locking import WRITER_ADVICE, WRITING, folder_lock, present
from qa.store.notices import NoticeStore
from qa.store.sqlite_file import writable
from qa.store.vectors import EmbeddedChroma, ServedChroma

CATALOGUE = "catalogue.sqlite3"
VECTORS = "vectors"
TEMPORARY = "scratch"
_SCRATCH = "scratch.lock"


@contextmanager
def opened(
    home: Path, *, writing: bool, making: bool = False, chroma_url: str | None = None, wait: bool = False
) -> Iterator[CatalogueStore]:
    """The store in a folder; `making`: one that isn't there is made. Raises StoreError, StoreBusy, StoreMismatch.

    Any number of processes read it while one writes; who wants to write too is refused, or waits with `wait`. An
    archive that can't be written, on read-only media, is read without any lock.
    """
    if not making:
        require_archive(home)
    with ExitStack() as stack:
        with usable(home):
            home.mkdir(parents=True, exist_ok=True)
            fixed = not (writing or writable(home / CATALOGUE))
            if not fixed:  # nobody can write there, so that nobody has to be kept from it
                stack.enter_context(folder_lock(home, alone=False))
            if writing:
                patience = math.inf if wait else 0
                stack.enter_context(folder_lock(home, alone=True, lock=WRITING, wait=patience, advice=WRITER_ADVICE))
        generations: Generations | None = None
        if chroma_url:
            generations = ServedChroma(chroma_url)
        elif not fixed:  # Chroma writes to read
            generations = EmbeddedChroma(home / VECTORS)
        store = CatalogueStore(home / CATALOGUE, generations)
        stack.callback(store.close)
        if writing:
            store.recover()
        yield store


@contextmanager
def opened_for_notices(home: Path) -> Iterator[NoticeStore]:
    """The book of notices of the archive in a folder, whoever else reads or writes there. Raises StoreError."""
    require_archive(home)
    with present(home), closing(NoticeStore(home / CATALOGUE)) as book:
        yield book


def require_archive(home: Path) -> None:
    """Raises StoreError where there is none."""
    if not (home / CATALOGUE).is_file():
        raise StoreError(
            f"There is no archive in {home}. Fill one with `qa ingest PATH`, or set QA_HOME to its folder."
        )


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
def temporary_folder(home: Path) -> Iterator[Path]:
    """A folder of this process for the page's temporary files, closed to other users. Raises StoreError.

    What pages that were cut off have left is taken away by one that starts alone.
    """
    scratch = home.resolve() / TEMPORARY
    with ExitStack() as stack:
        try:
            home.mkdir(parents=True, exist_ok=True)  # the archive itself may be in a database
            with suppress(StoreBusy), folder_lock(home, alone=True, lock=_SCRATCH):
                if os.path.lexists(scratch):
                    shutil.rmtree(scratch)  # it refuses a link, and follows none
                scratch.mkdir(mode=0o700)
            stack.enter_context(folder_lock(home, alone=False, lock=_SCRATCH, wait=10))
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True)))
        except OSError as error:
            raise StoreError(
                f"{scratch} was expected to be a folder that can be emptied and made anew, found: "
                f"{error.strerror or error}. Remove it, then start again."
            ) from error
        yield folder
