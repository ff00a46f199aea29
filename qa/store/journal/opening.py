"""Opening the journal of an archive: any number of processes may, beside whoever reads or writes the archive."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from qa.models.deliveries import Problem
from qa.store.books import COLUMNS, JOURNAL, intact
from qa.store.engine import Engine
from qa.store.journal.audit import AuditLog, ImportLog
from qa.store.journal.records import RecordStore
from qa.store.journal.reviews import ReviewStore
from qa.store.locking import present, usable
from qa.store.sqlite_file import SqliteFile

# What a damaged row of a table is, by what names it, and what follows.
_ROWS = {
    "reviews": "review {} of a question, which counts as withheld until it is decided anew in the staff area,",
    "replies": "the kept reply {}, which is shown no more,",
    "records": "record {} of a question and its reply, which is shown no more,",
    "cited": "what record {} rests on, so that it needs a new check,",
    "judgements": "judgement {} of the staff",
    "rejected": "sentence {} that is not to be quoted again",
    "reports": "report {} of a reader",
    "accounts": "the account {}, which lets nobody in until its role or password is set anew by `qa user`,",
}


class Journal:
    """A journal, in one file of SQLite or whatever engine."""

    def __init__(self, place: Path | Engine) -> None:
        self.database: Engine = SqliteFile(place, JOURNAL) if isinstance(place, Path) else place
        self.records = RecordStore(self.database)
        self.reviews = ReviewStore(self.database)
        self.audit = AuditLog(self.database)
        self.imports = ImportLog(self.database)
        self.read_only, self.close = self.database.read_only, self.database.close

    def problems(self, *, erased: Iterable[str]) -> Iterator[Problem]:
        """What is wrong with its file, its rows, its audit log, and replies that still tell of what is to be erased."""
        yield from (Problem(None, f"the journal's file: {what}") for what in self.database.damage())
        for table, what in _ROWS.items():
            damaged = f"SELECT DISTINCT {COLUMNS[table][0]} AS key FROM {table} WHERE NOT {intact(table)}"
            for row in self.database.rows(damaged):
                yield Problem(None, f"the journal: {what.format(row['key'])} is not as it was written")
        if wrong := self.audit.verified().wrong:
            yield Problem(None, f"the audit log: {wrong}")
        for article_id in erased:
            if count := self.records.telling_of(article_id):
                yield Problem(article_id, f"it is to be erased, and {count} kept replies still quote it")


@contextmanager
def opened_journal(home: Path) -> Iterator[Journal]:
    """The journal in an archive's folder, made where there is none. Raises StoreError, StoreMismatch."""
    with usable(home):
        home.mkdir(parents=True, exist_ok=True)
    with present(home), closing(Journal(home / JOURNAL.file)) as journal:
        yield journal
