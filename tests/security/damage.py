"""A small archive on the disk, and bits of its files that flip."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from qa.ingestion.ingest import encode_articles
from qa.loaders.reading import read
from qa.models.archive import Article, Source, Status
from qa.models.deliveries import Delivery
from qa.store.books import CATALOGUE
from qa.store.document_store import opened
from tests.fakes import FakeEncoder

BODIES = {
    "bridge": "The mayor opened the bridge on Monday. It cost four million euros.",
    "river": "The river rose by two metres in the night. Nobody was hurt.",
    "school": "The council closed the school in June. Parents had asked for another year.",
    "market": "The market moved to the harbour. Traders pay half the rent until spring.",
}


def text_files(folder: Path) -> list[Path]:
    """A file for each article, as `qa ingest` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in BODIES.items():
        header = f"id: {name}\ntitle: Report on the {name}\noutlet: Post\ndate: 2024-03-04\nlanguage: en\n"
        (folder / f"{name}.txt").write_text(f"---\n{header}---\n\n{body}\n", encoding="utf-8")
    return sorted(folder.glob("*.txt"))


def delivered(path: Path) -> list[Delivery]:
    return [record for record in read(path) if isinstance(record, Delivery)]


def fill(home: Path, files: list[Path]) -> None:
    encoder = FakeEncoder()
    with opened(home, writing=True, making=True) as store:
        store.claim(encoder.fingerprint)
        store.put(encode_articles([delivery for path in files for delivery in delivered(path)], encoder))
        store.finish()


def story(article_id: str, body: str) -> Article:
    return Article(Source(article_id, f"Report on the {article_id}", "Post", status=Status.LIVE), body)


def flip(path: Path, place: int, bit: int = 0) -> None:
    """Flips one bit of a file; done twice it is undone."""
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ (1 << bit)]))


def places_of(path: Path, words: bytes) -> Iterator[int]:
    content = path.read_bytes()
    place = content.find(words)
    while place >= 0:
        yield place
        place = content.find(words, place + 1)


def flip_where(home: Path, words: str, query: str, *, bit: int = 0, name: str = CATALOGUE.file) -> None:
    """Flips a bit of the first letter of those words, at the place where it changes what a query gives."""
    path = home / name
    before = _given(path, query)
    for place in places_of(path, words.encode()):
        flip(path, place, bit)
        if _given(path, query) != before:
            return
        flip(path, place, bit)
    raise AssertionError(f"{words!r} stands nowhere where it changes {query!r}")


def flip_within(home: Path, query: str, chance: random.Random, *, name: str = CATALOGUE.file) -> None:
    """Flips any bit at the beginning of any value that a query gives, at the place where it changes what it gives."""
    path = home / name
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        values = [value for (value,) in connection.execute(query) if value]
    value = chance.choice(values)[:32]
    offset, bit, before = chance.randrange(len(value)), chance.randrange(8), _given(path, query)
    for place in places_of(path, value):
        flip(path, place + offset, bit)
        if _given(path, query) != before:
            return
        flip(path, place + offset, bit)
    raise AssertionError(f"{value!r} stands nowhere where it changes {query!r}")


def written(home: Path, sql: str, *, name: str = CATALOGUE.file) -> None:
    """Changes a file of SQLite as nobody does who keeps checksums and what belongs together."""
    with closing(sqlite3.connect(home / name, isolation_level=None)) as connection:
        connection.execute(sql)


def _given(path: Path, query: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        try:
            return connection.execute(query).fetchall()
        except sqlite3.DatabaseError as error:
            return str(error)
