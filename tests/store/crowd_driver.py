"""Writes articles, or asks and keeps replies, in an archive in PostgreSQL, beside others that do."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from qa.ingestion.ingest import encode_articles
from qa.models.journal import AuditedAct
from qa.store.archive_store import ArchiveStore
from qa.store.postgres.store import opened_records, opened_store
from tests.fakes import FakeEncoder, article, delivered
from tests.journal.conftest import record
from tests.journal.test_records import answer

ARTICLES, BATCH, QUESTIONS = 60, 6, 40


def ingest(address: str, name: str) -> None:
    """Its own articles, and some that every writer has in another version."""
    encoder = FakeEncoder()
    with opened_store(address, writing=True, making=True) as store:
        store.claim(encoder.fingerprint)
        for start in range(0, ARTICLES, BATCH):
            batch = [
                article(f"{name}{n}" if n % 3 else f"shared{n}", f"The mayor of {name} opened bridge {n}. {name} " * 3)
                for n in range(start, start + BATCH)
            ]
            store.put(encode_articles([delivered(one) for one in batch], encoder))
        store.finish()


def bodies(store: ArchiveStore, article_id: str) -> list[str]:
    """The texts that an article has and had: it may have been replaced since it was found."""
    return [store.article(article_id).body, *(version.article.body for version in store.versions(article_id))]


def ask(address: str, name: str) -> None:
    encoder = FakeEncoder()
    with opened_store(address, writing=False) as store, opened_records(address) as journal:
        store.require(encoder.fingerprint)
        for number in range(QUESTIONS):
            hits = store.near(encoder.encode([f"mayor bridge {number}"])[0], limit=5)
            hits += store.matching(["mayor", str(number)], limit=5)
            assert all(hit.passage.text in "".join(bodies(store, hit.passage.source.article_id)) for hit in hits)
            journal.records.add(record(answer(f"bridge {number}"), answer_id=f"{name} {number}"), key=str(number))
            journal.audit.add(AuditedAct(name, "ask", str(number), datetime.now(UTC)))


if __name__ == "__main__":
    {"ingest": ingest, "ask": ask}[sys.argv[1]](*sys.argv[2:])
