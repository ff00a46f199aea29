"""The demo archive and one of made-up reports, each opened for questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.archive.archive import Archive
from qa.archive.ingesting import records
from qa.archive.parts import store_of
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.ingestion.ingesting import ingest
from qa.loaders.metadata import Defaults
from qa.settings import Settings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
Open = Callable[[str], Archive]


@pytest.fixture(scope="package")
def opened(tmp_path_factory: pytest.TempPathFactory, exact_encoder: SentenceEncoder) -> Iterator[Open]:
    """An archive by its name: demo, or own."""
    held: dict[str, Archive] = {}
    shelves = []

    def archive(name: str) -> Archive:
        if name not in held:
            settings = Settings(home=tmp_path_factory.mktemp(name), chroma_url=None)
            path = str(ROOT / "corpus" / "*.md") if name == "demo" else str(HERE / "agreeing.jsonl")
            with store_of(settings, writing=True, making=True) as store:
                ingest(
                    records([path], Defaults()),
                    store=store,
                    encoder=exact_encoder,
                    claim=lambda: store.claim(exact_encoder.fingerprint),
                )
            context = store_of(settings)
            shelves.append(context)
            held[name] = Archive(context.__enter__(), exact_encoder)
        return held[name]

    yield archive
    for context in shelves:
        context.__exit__(None, None, None)
