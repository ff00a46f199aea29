"""Asks an archive over and over, as a page does that is served, and tells on request what it finds.

To all words that it is given, to look for, it replies with the articles found by vector and by words, and with what
went wrong since the last ones.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from qa.errors import NotFound
from qa.store.document_store import CatalogueStore, opened
from tests.fakes import FakeEncoder

ENCODER = FakeEncoder()
MANY = 100_000


def ids(store: CatalogueStore, words: str, *, limit: int) -> tuple[set[str], set[str]]:
    """Found by vector, and by words. Whatever is found has to be whole, as it is in the article."""
    near = store.near(ENCODER.encode([words])[0], limit=limit)
    matching = store.matching(words.split(), limit=limit)
    for hit in (*near[:20], *matching[:20]):
        passage = hit.passage
        try:
            body = store.article(passage.source.article_id).body
        except NotFound:  # it was taken out since
            continue
        assert body[passage.start : passage.end] == passage.text or passage.text not in body, passage
        assert body.count("The mayor opened bridge") == 30, body
    return ({hit.passage.source.article_id for hit in hits} for hits in (near, matching))  # type: ignore[return-value]


def look(home: Path, pipe: Connection) -> None:
    wrong: list[str] = []
    over = threading.Event()
    with opened(home, writing=False) as store:
        store.require(ENCODER.fingerprint)

        def asking() -> None:
            while not over.wait(0.05):
                try:
                    ids(store, "mayor bridge 7", limit=10)
                    store.vocabulary()
                    store.idf("mayor")
                except Exception as error:  # whatever it is, the test is to see it
                    wrong.append(repr(error))

        threads = [threading.Thread(target=asking, daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        pipe.send("open")
        with suppress(EOFError):
            while True:
                near, matching = ids(store, pipe.recv(), limit=MANY)
                pipe.send({"near": near, "matching": matching, "wrong": wrong[:]})
                wrong.clear()
        over.set()
        for thread in threads:
            thread.join()


def count(home: Path, pipe: Connection) -> None:
    """Has an archive open, and looks only when it is told to: it says how many passages it finds."""
    with opened(home, writing=False) as store, suppress(EOFError):
        store.near(ENCODER.encode(["mayor"])[0], limit=9)
        while True:
            pipe.send(len(store.matching(["mayor"], limit=9)))
            pipe.recv()
