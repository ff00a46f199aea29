"""Damage to what is stored of an article is found, never blessed, and keeps nobody from the rest."""

from __future__ import annotations

import logging
import random
import sqlite3
from pathlib import Path

import pytest

from qa.errors import NotFound
from qa.ingestion.ingest import Ingestion, repair_store
from qa.store.document_store import opened
from tests.fakes import FakeEncoder
from tests.security.damage import delivered, flip_where

BODY = "SELECT body FROM articles ORDER BY number"


def problems(home: Path) -> list[tuple[str | None, str]]:
    with opened(home, writing=False) as store:
        return [(problem.article_id, problem.what) for problem in store.check()]


def repair(home: Path) -> None:
    with opened(home, writing=True) as store:
        repair_store(store, FakeEncoder())


def found(home: Path, word: str) -> list[str]:
    with opened(home, writing=False) as store:
        near = store.near(FakeEncoder().encode([word])[0], limit=10)
        return sorted({hit.passage.source.article_id for hit in [*near, *store.matching([word], limit=10)]})


def test_a_repair_takes_the_text_again_from_its_file(home: Path) -> None:
    flip_where(home, "four million", BODY)
    assert [article_id for article_id, _ in problems(home)] == ["bridge"]
    repair(home)
    assert problems(home) == []
    with opened(home, writing=False) as store:
        assert "four million" in store.article("bridge").body


@pytest.mark.parametrize("file", ["gone", "changed"])
def test_damage_that_cannot_be_undone_is_never_blessed(home: Path, files: list[Path], file: str) -> None:
    bridge = next(path for path in files if path.stem == "bridge")
    text = bridge.read_text()
    bridge.unlink() if file == "gone" else bridge.write_text(text.replace("Monday", "Friday"))
    flip_where(home, "four million", BODY)
    for _ in range(2):
        repair(home)
        assert [article_id for article_id, _ in problems(home)] == ["bridge"]
    with opened(home, writing=False) as store:
        with pytest.raises(NotFound):
            store.article("bridge")
        assert "bridge" not in [listed.source.article_id for listed in store.listed()]
        assert "bridge" not in [source.article_id for source, _ in store.sources()]
        assert [article_id for article_id, _, _ in store.damaged_articles()] == ["bridge"]
        assert store.coverage().articles == 3
    assert "bridge" not in found(home, "bridge")
    assert found(home, "river") != []


@pytest.mark.parametrize("repaired", [True, False])
def test_ingesting_the_same_file_again_heals_it(home: Path, files: list[Path], repaired: bool) -> None:
    bridge = next(path for path in files if path.stem == "bridge")
    text = bridge.read_text()
    if repaired:
        bridge.unlink()
    flip_where(home, "four million", BODY)
    if repaired:
        repair(home)
        bridge.write_text(text)
    with opened(home, writing=True) as store:
        report = Ingestion(store, FakeEncoder()).run(delivered(bridge))
        assert report.updated == 1
        assert store.versions("bridge") == []  # damaged words are no earlier text
        assert "four million" in store.article("bridge").body
        assert store.check() == []


@pytest.mark.parametrize(("words", "query", "bit"), [
    ("2024-03-04", "SELECT published FROM articles ORDER BY number", 0),
    ("four million", BODY, 7),
    ("Report on the bridge", "SELECT title FROM articles ORDER BY number", 2),
], ids=["date", "body that is no text", "title"])  # fmt: skip
def test_the_rest_answers_while_an_article_is_damaged(
    home: Path, caplog: pytest.LogCaptureFixture, words: str, query: str, bit: int
) -> None:
    flip_where(home, words, query, bit=bit)
    assert len({article_id for article_id, _ in problems(home)} - {None}) == 1
    with caplog.at_level(logging.ERROR), opened(home, writing=False) as store:
        for _ in range(3):
            hits = store.near(FakeEncoder().encode(["the bridge"])[0], limit=20)
            hits += store.matching(["bridge", "river", "school", "market"], limit=20)
        seen = {hit.passage.source.article_id for hit in hits}
        assert len(seen) == 3
        assert len(store.listed()) >= 3
        assert len(store.sources()) >= 3
    assert sum("damaged" in record.getMessage() for record in caplog.records) == 1
    assert "qa check" in caplog.text


def test_a_malformed_lexical_index_is_built_anew(home: Path) -> None:
    with sqlite3.connect(home / "catalogue.sqlite3") as connection:
        connection.execute("UPDATE lexicon_data SET block = zeroblob(length(block)) WHERE id > 9")
    connection.close()
    assert problems(home) != []
    assert "river" in found(home, "the river rose by two metres")
    repair(home)
    assert problems(home) == []
    assert found(home, "metres") != []


def test_twenty_thousand_random_bytes_in_the_vector_index_are_found(home: Path) -> None:
    files = [path for path in (home / "vectors").rglob("*") if path.is_file()]
    largest = max(files, key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    start = len(content) // 2 - 10_000 if len(content) > 40_000 else 0
    noise = random.Random(7).randbytes(20_000)
    content[start : start + len(noise)] = noise
    largest.write_bytes(content)
    assert problems(home) != []
    assert "river" in found(home, "river")
    repair(home)
    assert problems(home) == []
