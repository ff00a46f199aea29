"""Ingests stories from a JSON Lines file with the real store and reader and a quick encoder, to be killed."""

from __future__ import annotations

import sys
from pathlib import Path

from qa.ingestion.ingest import ingest
from qa.loaders.metadata import Defaults
from qa.loaders.reading import read
from qa.store import document_store
from qa.store.document_store import opened
from tests.fakes import FakeEncoder


def main(home: str, stories: str) -> None:
    encoder = FakeEncoder()
    document_store.TAIL_SIZE = 300  # so that generations follow each other within the run
    with opened(Path(home), writing=True, making=True) as store:
        print("open", flush=True)
        records = read(Path(stories), defaults=Defaults())
        ingest(records, store=store, encoder=encoder)
        store.finish()
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
