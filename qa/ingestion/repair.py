"""Repairing what a check of the store finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

from qa.ingestion.ingest import BATCH, batches, encode_articles, with_detected_language
from qa.loaders.metadata import Defaults
from qa.loaders.reading import read
from qa.models.archive import Article
from qa.models.deliveries import WITHIN, Delivery
from qa.protocols import DamagedArticle, Encoder
from qa.store.archive_store import ArchiveStore


def repair_store(store: ArchiveStore, encoder: Encoder) -> None:
    """Takes damaged articles again from their files, or sets them aside; then makes all anew that is made of articles.

    An article counts as the one that was stored where it has the digest that was stored, and only then. Raises
    StoreMismatch where the vectors of the others were made by another encoder.
    """
    store.repair_indexes()
    for damaged in store.damaged():
        if delivery := restored(damaged):
            store.require(encoder.fingerprint)
            store.put(encode_articles([delivery], encoder))
            store.discard(damaged.number)  # its id may have been what was damaged
        else:
            store.set_aside(damaged.number)
    if broken := store.broken():
        store.require(encoder.fingerprint)
        for part in batches(broken, BATCH):
            deliveries = [Delivery(store.original(article_id), store.path(article_id)) for article_id in part]
            store.put(encode_articles(deliveries, encoder))
    store.rebuild()


def restored(damaged: DamagedArticle) -> Delivery | None:
    """The article that has the stored digest, from an earlier text or from its file; None where neither has it."""
    for article in damaged.earlier:
        if article.digest == damaged.digest:
            return Delivery(article, damaged.path)
    file = Path(damaged.path.partition(WITHIN)[0])
    for record in read(file, defaults=Defaults()) if damaged.path and file.is_file() else ():
        anew = with_detected_language(record)
        if isinstance(anew, Delivery):
            for article in _candidate_articles(anew.article, damaged.article):
                if article.digest == damaged.digest:
                    return replace(anew, article=article, path=damaged.path)
    return None


def _candidate_articles(file: Article, stored: Article | None) -> Iterator[Article]:
    """The article as the file has it, and as stored with one field of the file's: the rest was given with options."""
    yield file
    if stored is None:
        return
    for field in fields(Article):
        yield replace(stored, **{field.name: getattr(file, field.name)})
    for field in fields(file.source):
        yield replace(stored, source=replace(stored.source, **{field.name: getattr(file.source, field.name)}))
