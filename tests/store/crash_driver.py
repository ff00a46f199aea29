"""Works on an archive with the real store and reader and a quick encoder, to be killed."""

from __future__ import annotations

from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from qa.ingestion.ingest import Ingestion
from qa.loaders.reading import read
from qa.store import document_store
from qa.store.document_store import opened
from qa.store.transfer import write_backup
from tests.fakes import FakeEncoder


def add(home: Path, stories: Path, pipe: Connection) -> None:
    """Ingests stories from a JSON Lines file."""
    encoder = FakeEncoder()
    document_store.TAIL_SIZE = 300  # so that generations follow each other within the run
    with opened(home, writing=True, making=True) as store:
        pipe.send("open")
        records = read(stories)
        Ingestion(store, encoder).run(records)
        store.finish()


def back_up(home: Path, target: Path, pipe: Connection) -> None:
    pipe.send("begun")
    write_backup(home, target, program="archive-qa", at=datetime.now(UTC))
