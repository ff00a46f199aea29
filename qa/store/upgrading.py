"""Bringing an archive up to date before it is opened: what a restore or an earlier version left to be done."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from qa.store.backup import RESTORED, RESTORING, finish_restore
from qa.store.checksums import JOURNAL as JOURNAL_TABLES
from qa.store.database import Database
from qa.store.journal.opening import JOURNAL
from qa.store.journal.schema import MIGRATIONS as JOURNAL_MIGRATIONS
from qa.store.locking import FolderLock
from qa.store.opening import CATALOGUE, usable
from qa.store.schema import MIGRATIONS
from qa.store.sqlite_file import writable

_ALONE = (
    "It has to be brought up to date for this version of archive-qa, and whoever has it open would go on with tables "
    "that have changed: stop them, then run this again."
)
_WAIT = 5.0
"""Seconds for another process to be done that was started at the same moment."""


def bring_up_to_date(home: Path) -> None:
    """Does what can't be done while others have the archive open, where there is such. Raises StoreError, StoreBusy."""
    if not writable(home / CATALOGUE):
        return
    outdated = _outdated(home / CATALOGUE, len(MIGRATIONS)), _outdated(home / JOURNAL, len(JOURNAL_MIGRATIONS))
    if not (any(outdated) or any((home / name).is_dir() for name in (RESTORED, RESTORING))):
        return
    with usable(home), FolderLock(home, alone=True, wait=_WAIT, advice=_ALONE):
        finish_restore(home)
        if _outdated(home / CATALOGUE, len(MIGRATIONS)):
            Database(home / CATALOGUE).close()
        if _outdated(home / JOURNAL, len(JOURNAL_MIGRATIONS)):
            Database(home / JOURNAL, migrations=JOURNAL_MIGRATIONS, named="journal", tables=JOURNAL_TABLES).close()


def _outdated(path: Path, newest: int) -> bool:
    """True for a file of an earlier version; what can't be read is left to whoever opens it."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(path)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
    except (sqlite3.Error, UnicodeDecodeError):
        return False
    return bool(0 < version < newest)
