"""Opening the store in a folder: who may, what it needs, and what a process that died left behind."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from qa.errors import StoreError, StoreFull
from qa.store.catalogue import Catalogue
from qa.store.comparing import ComparedGenerations
from qa.store.database import writable
from qa.store.document_store import CatalogueStore
from qa.store.holding import Holding
from qa.store.mendable import Generations
from qa.store.notices import NoticeBook
from qa.store.vectors import EmbeddedChroma, ServedChroma

CATALOGUE = "catalogue.sqlite3"


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
                stack.enter_context(Holding(home, alone=writing and chroma_url is None))
            if writing and chroma_url is not None:
                stack.enter_context(Holding(home, alone=True, lock="writing.lock"))
        catalogue = Catalogue(home / CATALOGUE)
        store = CatalogueStore(catalogue, _generations(home, catalogue, chroma_url, fixed=fixed))
        stack.callback(store.close)
        if writing:
            store.recover()
        yield store


@contextmanager
def opened_for_notices(home: Path) -> Iterator[NoticeBook]:
    """The book of notices of the archive in a folder, whoever else reads or writes there. Raises StoreError.

    It takes no lock on the folder: nothing but one transaction of the catalogue is written, and nothing of the index.
    """
    _require(home)
    with closing(NoticeBook(home / CATALOGUE)) as book:
        yield book


def _generations(home: Path, catalogue: Catalogue, chroma_url: str | None, *, fixed: bool) -> Generations:
    if chroma_url:
        return ServedChroma(chroma_url)
    return ComparedGenerations(catalogue) if fixed else EmbeddedChroma(home / "vectors")  # Chroma writes to read


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
