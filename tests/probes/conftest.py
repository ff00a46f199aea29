"""Two archives to ask: that of the demonstration, and one of made-up cases that came before courts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.archive.archive import Archive
from qa.archive.ingesting import records
from qa.archive.parts import store_of
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.ingestion.ingesting import ingest
from qa.loaders.metadata import Defaults
from qa.settings import Settings

HERE = Path(__file__).parent
FILES = {"demo": str(HERE.parents[1] / "corpus" / "*.md"), "courts": str(HERE / "courts.jsonl")}
Record = dict[str, Any]


def lines(name: str) -> list[Record]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory, exact_encoder: SentenceEncoder) -> Iterator[dict[str, Archive]]:
    """By name."""
    homes = {name: tmp_path_factory.mktemp(name) for name in FILES}
    for name, home in homes.items():
        with store_of(Settings(home=home, chroma_url=None), writing=True, making=True) as store:
            report = ingest(
                records([FILES[name]], Defaults()),
                store=store,
                encoder=exact_encoder,
                claim=lambda store=store: store.claim(exact_encoder.fingerprint),
            )
            assert not report.failed
    with (
        store_of(Settings(home=homes["demo"], chroma_url=None)) as demo,
        store_of(Settings(home=homes["courts"], chroma_url=None)) as courts,
    ):
        yield {"demo": Archive(demo, exact_encoder), "courts": Archive(courts, exact_encoder)}
