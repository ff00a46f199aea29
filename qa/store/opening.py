"""Opening the store in a folder: who may, what it needs, and what a process that died left behind."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from qa.errors import StoreError, StoreFull
from qa.store.catalogue import Catalogue
from qa.store.database import writable
from qa.store.document_store import CatalogueStore
from qa.store.lock import FolderLock
from qa.store.notices import NoticeStore
from qa.store.repair import Generations
from qa.store.vectors import EmbeddedChroma, ExhaustiveGenerations, ServedChroma

CATALOGUE = "catalogue.sqlite3"
TEMPORARY = "scratch"


@contextmanager
def opened(
    home: Path, *, writing: bool, making: bool = False, chroma_url: str | None = None
) -> Iterator[CatalogueStore]:
    """The store in a folder; `making`: one that isn't there is made. Raises StoreError, StoreBusy, StoreMismatch.

    Embedded vectors can be read by many processes or written by one. With a Chroma server readers go on while
    one process writes. An archive that can't be written, on read-only media, can be read without any lock.
    """
    if not making:
        _require(home)
    with ExitStack() as stack:
        with _usable(home):
            home.mkdir(parents=True, exist_ok=True)
            fixed = not (writing or writable(home / CATALOGUE))
            if not fixed:  # nobody can write there, so that nobody has to be kept from it
                stack.enter_context(FolderLock(home, alone=writing and chroma_url is None))
            if writing and chroma_url is not None:
                stack.enter_context(FolderLock(home, alone=True, lock="writing.lock"))
        store = CatalogueStore(home / CATALOGUE, _generations(home, chroma_url, fixed=fixed))
        stack.callback(store.close)
        if writing:
            store.recover()
        yield store


@contextmanager
def opened_for_notices(home: Path) -> Iterator[NoticeStore]:
    """The book of notices of the archive in a folder, whoever else reads or writes there. Raises StoreError.

    It takes no lock on the folder: nothing but one transaction of the catalogue is written, and nothing of the index.
    """
    _require(home)
    with closing(NoticeStore(home / CATALOGUE)) as book:
        yield book


def _generations(
    home: Path, chroma_url: str | None, *, fixed: bool
) -> Generations | Callable[[Catalogue], Generations]:
    if chroma_url:
        return ServedChroma(chroma_url)
    return ExhaustiveGenerations if fixed else EmbeddedChroma(home / "vectors")  # Chroma writes to read


def _require(home: Path) -> None:
    if not (home / CATALOGUE).is_file():
        raise StoreError(
            f"There is no archive in {home}. Fill one with `qa ingest PATH`, or set QA_HOME to its folder."
        )


@contextmanager
def _usable(home: Path) -> Iterator[None]:
    """What the file system refuses, as errors of the store."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreFull(f"The disk is full: {home} can't be opened. Free some space.") from error
        raise StoreError(
            f"{home} can't be used: {error.strerror or error}. Choose another folder by QA_HOME."
        ) from error


def temporary_folder(home: Path) -> Path:
    """The folder for the page's temporary files, made anew: empty, closed to other users. Raises StoreError."""
    folder = home.resolve() / TEMPORARY
    try:
        if os.path.lexists(folder):
            shutil.rmtree(folder)  # it refuses a link, and follows none
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise StoreError(
            f"{folder} was expected to be a folder that can be emptied and made anew, found: "
            f"{error.strerror or error}. Remove it, then start again."
        ) from error
    return folder
