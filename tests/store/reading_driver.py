"""Asks an archive over and over, as a page does that is served, and tells on request what it finds.

For each line that it is given, words to look for, it answers with a line of JSON: the articles found by vector and by
words, and what went wrong since the last one.
"""

from __future__ import annotations

import json
import sys
import threading
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


def main(home: str) -> None:
    wrong: list[str] = []
    over = threading.Event()
    with opened(Path(home), writing=False) as store:
        store.require(ENCODER.fingerprint)

        def asking() -> None:
            while not over.wait(0.02):
                try:
                    ids(store, "mayor bridge 7", limit=10)
                    store.vocabulary()
                    store.idf("mayor")
                except Exception as error:  # whatever it is, the test is to see it
                    wrong.append(repr(error))

        threads = [threading.Thread(target=asking, daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        print("open", flush=True)
        for line in sys.stdin:
            near, matching = ids(store, line.strip(), limit=MANY)
            print(json.dumps({"near": sorted(near), "matching": sorted(matching), "wrong": wrong[:]}), flush=True)
            wrong.clear()
        over.set()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
