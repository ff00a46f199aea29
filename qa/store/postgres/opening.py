"""Opening the archive in a database of PostgreSQL: who reads, who writes beside others, and who needs it alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager

from qa.errors import StoreBusy
from qa.store.files import FileStates
from qa.store.journal.opening import Journal
from qa.store.locking import WRITER_ADVICE
from qa.store.notices import NoticeStore
from qa.store.postgres.engine import PostgresBook
from qa.store.postgres.schema import JOURNAL
from qa.store.postgres.store import PostgresStore


@contextmanager
def opened_store(
    address: str, *, writing: bool, making: bool = False, alone: bool = False, wait: bool = False, reading: bool = False
) -> Iterator[PostgresStore]:
    """The store in a database; `making`: tables that aren't there are made. Raises StoreError, StoreBusy.

    Any number of processes write beside each other, but for what has to be done `alone`: encoding all anew, repairing.
    `reading` says that the address is one that can only be read.
    """
    with closing(PostgresStore(PostgresBook(address, making=making, reading=reading))) as store:
        if not writing:
            yield store
            return
        with store.book.held("writing", alone=alone, wait=wait) as free:
            if not free:
                raise StoreBusy(
                    f"The archive in {store.book.name} is being written by another process. {WRITER_ADVICE}"
                )
            store.recover()
            yield store


def opened_book(address: str) -> AbstractContextManager[NoticeStore]:
    """The book of notices. Raises StoreError."""
    return closing(NoticeStore(PostgresBook(address, making=False)))


def opened_files(address: str) -> AbstractContextManager[FileStates]:
    """What is known of files that were read. Raises StoreError."""
    return closing(FileStates(PostgresBook(address, making=False)))


def opened_records(address: str) -> AbstractContextManager[Journal]:
    """The journal; it is made where there is none. Raises StoreError."""
    return closing(Journal(PostgresBook(address, schema=JOURNAL)))
