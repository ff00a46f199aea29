"""Taking what is readable of a damaged archive into a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from qa.archive.parts import encoder_of, require_folder
from qa.errors import InputError
from qa.ingestion.ingest import BATCH, Progress, encode_articles
from qa.ingestion.repair import reread, restored
from qa.models.deliveries import Delivery
from qa.protocols import Encoder
from qa.settings import Settings
from qa.store.document_store import CatalogueStore
from qa.store.journal.opening import JOURNAL
from qa.store.locking import FolderLock
from qa.store.opening import opened, opened_for_notices
from qa.store.salvaging import DamagedCatalogue, copy_sound, damaged_catalogue

_ALONE = (
    "Its files are copied as they are, byte by byte, and nobody may write in them meanwhile: stop whoever has it open."
)


@dataclass(frozen=True, slots=True)
class SalvageReport:
    """What came over into a new archive: how many articles, how many of them again from their files, and what didn't.

    `lost` are ids and paths of articles, `notices_lost` counts notices of the staff; `journal` says whether it came,
    `complete` that there is nothing else that can't be read.
    """

    articles: int
    again: int
    lost: tuple[tuple[str, str], ...]
    notices_lost: int
    journal: bool
    complete: bool


def salvage(settings: Settings, target: Path, *, progress: Progress = lambda count: None) -> SalvageReport:
    """Takes over every article whose digest fits. Raises InputError, StoreError."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"A new or an empty folder was expected, and {target} is none. Name another one.")
    require_folder(settings, instead="restore a backup of the database.")
    encoder = encoder_of(settings)
    with FolderLock(settings.home, alone=True, advice=_ALONE), damaged_catalogue(settings.home) as source:
        journal = settings.home / JOURNAL
        with opened(target, writing=True, making=True) as store:
            store.claim(encoder.fingerprint)
            count = _put(store, encoder, (Delivery(article, path) for article, path in source.articles()), progress)
            again, lost = _again(source)
            _put(store, encoder, iter(again), progress)
            for article, path in source.versions():
                store.keep_older(article, path=path)
            store.finish()
        notices, notices_lost = source.notices()
        with opened_for_notices(target) as book:
            book.take_over(notices)
        came = not journal.exists() or copy_sound(journal, target / JOURNAL)
    return SalvageReport(count + len(again), len(again), tuple(lost), notices_lost, came, source.complete)


def _again(source: DamagedCatalogue) -> tuple[list[Delivery], list[tuple[str, str]]]:
    """Damaged articles of which the text that was stored was found elsewhere, and ids and paths of the others."""
    again, lost = [], []
    for damaged in source.damaged:
        delivery = restored(damaged, reread)
        if delivery is None:
            lost.append((source.name(damaged), damaged.path))
        else:
            again.append(delivery)
    return again, lost


def _put(store: CatalogueStore, encoder: Encoder, deliveries: Iterator[Delivery], progress: Progress) -> int:
    count = 0
    while batch := list(islice(deliveries, BATCH)):
        store.put(encode_articles(batch, encoder))
        count += len(batch)
        progress(len(batch))
    return count
