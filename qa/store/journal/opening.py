"""Opening the journal of an archive: any number of processes may, beside whoever reads or writes the archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from qa.errors import StoreError
from qa.store.checksums import JOURNAL as JOURNAL_TABLES
from qa.store.checksums import intact
from qa.store.database import Database
from qa.store.engine import Engine
from qa.store.journal.audit import AuditLog, ImportLog
from qa.store.journal.records import RecordStore, RepeatedQuestions
from qa.store.journal.reviews import ReportStore, ReviewStore
from qa.store.journal.schema import MIGRATIONS
from qa.store.journal.verdicts import VerdictStore
from qa.store.locking import present

JOURNAL = "journal.sqlite3"


class Journal:
    """The books of one journal, over one file of SQLite or whatever engine."""

    def __init__(self, place: Path | Engine) -> None:
        self.database = Database(place, migrations=MIGRATIONS, named="journal", tables=JOURNAL_TABLES)
        self.records = RecordStore(self.database)
        self.reviews = ReviewStore(self.database)
        self.reports = ReportStore(self.database)
        self.verdicts = VerdictStore(self.database)
        self.repeating = RepeatedQuestions(self.database)
        self.audit = AuditLog(self.database)
        self.imports = ImportLog(self.database)
        self.read_only, self.damage, self.copy = self.database.read_only, self.database.damage, self.database.copy
        self.close = self.database.close

    def damaged_rows(self) -> Iterator[tuple[str, object]]:
        """Rows that are not as they were written: the table and what names the row."""
        for table, columns in JOURNAL_TABLES.items():
            rows = self.database.rows(f"SELECT DISTINCT {columns[0]} AS key FROM {table} WHERE NOT {intact(table)}")
            yield from ((table, row["key"]) for row in rows)


@contextmanager
def opened_journal(home: Path) -> Iterator[Journal]:
    """The journal in an archive's folder, made where there is none. Raises StoreError, StoreMismatch."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{home} can't be used: {error.strerror or error}. Choose another folder by QA_HOME."
        ) from error
    with present(home), closing(Journal(home / JOURNAL)) as journal:
        yield journal
