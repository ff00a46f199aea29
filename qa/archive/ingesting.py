"""Ingestion with its real parts: files are read, encoded and stored, and what was erased is taken out everywhere."""

import logging
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType

from threadpoolctl import threadpool_limits

from qa.archive.parts import encoder_of, has_journal, journal_of, notices_of, store_of
from qa.errors import ModelError, StoreError
from qa.ingestion.ingest import EncodePassages, Progress, batches, encode_articles, in_time, ingest
from qa.ingestion.reconcile import Authority
from qa.loaders.discovery import find_files
from qa.loaders.encoding import path_text
from qa.loaders.metadata import Defaults
from qa.loaders.reading import read
from qa.models.deliveries import Collision, Delivery, IngestReport, Problem, Record
from qa.protocols import Encoder, IndexedArticle, PassageVectors, Window
from qa.settings import Settings
from qa.store.archive_store import ArchiveStore
from qa.store.journal.opening import Journal
from qa.text.differences import Repetition

REENCODED_AT_ONCE = 256

FEWEST = 16  # passages that are worth sending to another process

NO_DEFAULTS = Defaults()

_encoders: list[Encoder] = []  # the encoder of this process, where it is one of those that encode

_log = logging.getLogger(__name__)


@dataclass
class Run:
    """A run over files: where it stores, how it ingests records, and the paths that it read."""

    store: ArchiveStore
    journal: Journal
    ingest: Callable[..., IngestReport]
    item_seconds: float
    report: IngestReport
    opened: list[str] = field(default_factory=list)


@contextmanager
def filling(settings: Settings, encoder: Encoder, progress: Progress) -> Iterator[Run]:
    """The archive, open to be filled; the journal is told when, and how it ended. Raises StoreError."""
    with (
        store_of(settings, writing=True, making=True) as store,
        notices_of(settings) as notices,
        journal_of(settings) as journal,
    ):
        number = journal.imports.begin(datetime.now(UTC))
        report = IngestReport()
        ingesting = partial(
            ingest,
            store=store,
            encoder=encoder,
            report=report,
            progress=progress,
            hear=lambda order: notices.hear(order, at=datetime.now(UTC)),
            item_seconds=settings.item_seconds,
        )
        yield (run := Run(store, journal, ingesting, settings.item_seconds, report))
        store.finish(replaced=bool(report.updated))
        journal.imports.end(number, report, paths=run.opened, at=datetime.now(UTC))


def records(
    paths: Sequence[str],
    defaults: Defaults,
    *,
    format: str | None = None,
    columns: Mapping[str, str] = MappingProxyType({}),
    read_from: Callable[[str], None] = lambda path: None,
    item_seconds: float | None = None,
) -> Iterator[Record]:
    """Everything that the paths lead to; `read_from` is told of each file."""
    for file in find_files(paths):
        if isinstance(file, Path):
            place = path_text(file)
            read_from(place)
            found = read(file, defaults=defaults, format=format, columns=columns)
            yield from in_time(found, place=place, seconds=item_seconds)
        else:
            read_from(file.path)
            yield file


def ingest_paths(
    paths: Sequence[str],
    *,
    settings: Settings,
    defaults: Defaults = NO_DEFAULTS,
    progress: Progress = lambda count: None,
    format: str | None = None,
    columns: Mapping[str, str] = MappingProxyType({}),
    confirm: Callable[[Collision], bool] = lambda collision: False,
    workers: int = 1,
) -> IngestReport:
    """Ingests files and folders. Raises StoreError.

    `format` names the format of all files, None where it is recognised by their content. `confirm` is asked before
    anything is done to an article of a source. Where there are several `workers`, so many processes encode.
    """
    encoder = encoder_of(settings)
    with (
        encoding_pool(encoder, partial(encoder_of, settings), workers=workers) as encode,
        filling(settings, encoder, progress) as run,
    ):
        reading = partial(records, format=format, columns=columns, item_seconds=settings.item_seconds)
        found = reading(paths, defaults, read_from=run.opened.append)
        return run.ingest(found, encode=encode, authority=Authority(confirm=confirm))


@contextmanager
def encoding_pool(encoder: Encoder, make: Callable[[], Encoder], *, workers: int) -> Iterator[EncodePassages]:
    """Encodes passages in as many processes as `workers` says; `make` is sent to each and makes its own encoder."""
    if workers <= 1:
        yield encoder.encode_passages
        return

    def encode(passages: Sequence[Window]) -> list[PassageVectors]:
        size = max(FEWEST, -(-len(passages) // workers))
        if len(passages) <= size:
            return encoder.encode_passages(passages)
        parts = [list(passages[start : start + size]) for start in range(0, len(passages), size)]
        try:
            return [vectors for part in pool.map(_encoded, parts) for vectors in part]
        except BrokenProcessPool as error:
            raise ModelError(
                "A process that encodes was ended, most likely for its memory: each has an encoder of its own. "
                "What was stored stays; run it again with fewer --workers."
            ) from error

    threads = max(1, (os.cpu_count() or 1) // workers)
    context = multiprocessing.get_context("spawn")  # a fork would take locked threads of the encoder along
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(make, threads)) as pool:
        yield encode


def _prepare(make: Callable[[], Encoder], threads: int) -> None:
    threadpool_limits(threads)
    _encoders.append(make())


def _encoded(passages: list[Window]) -> list[PassageVectors]:
    return _encoders[0].encode_passages(passages)


def reencode(settings: Settings, *, progress: Progress) -> int:
    """Encodes every article again with the encoder now set; the number of articles. Damaged ones are set aside."""
    encoder = encoder_of(settings)
    with store_of(settings, writing=True, alone=True) as store:
        for damaged in store.damaged():
            store.set_aside(damaged.number)
            _log.error("%s is damaged and was set aside. `qa list --damaged` has it.", damaged.path)
        sources = store.sources()

        def encoded() -> Iterator[list[IndexedArticle]]:
            for part in batches(sources, REENCODED_AT_ONCE):
                yield encode_articles(
                    (Delivery(store.original(source.article_id), path) for source, path in part), encoder
                )
                progress(len(part))

        store.reencode(encoder.fingerprint, encoded())
        store.finish(replaced=True)
        return len(sources)


def journal_check(settings: Settings) -> list[Problem]:
    """What is wrong with the journal; nothing where none is kept yet. Raises StoreError."""
    if not has_journal(settings):
        return []
    with notices_of(settings) as book, journal_of(settings) as journal:
        return list(journal.problems(erased=book.erased()))


def tidy_journal(settings: Settings) -> None:
    """Deletes replies whose time is over, and the words of erased articles in others. Raises StoreError."""
    forget_erased(settings)
    if settings.journal_days:
        with journal_of(settings) as journal:
            journal.records.purge(datetime.now(UTC) - timedelta(days=settings.journal_days))


def erase_ordered(settings: Settings) -> str:
    """Takes off the disk what was ordered to be erased; why that has to wait, empty where it is done."""
    forget_erased(settings)
    try:
        with store_of(settings, writing=True) as store:  # opened for writing, it finishes what waits
            return store.unscrubbed_since()
    except StoreError as error:
        return str(error)


def note_repeating(settings: Settings, article_id: str) -> tuple[int, int]:
    """Notes the kept questions that repeat words of an article to be erased; how many, and how many answers to them."""
    with notices_of(settings) as book, journal_of(settings) as journal:
        if texts := book.texts(article_id):
            journal.repeating.find(article_id, Repetition(texts))
        return journal.repeating.counts(article_id)


def forget_erased(settings: Settings) -> None:
    """Takes the words of every article that is to be erased out of the replies kept. Raises StoreError."""
    with notices_of(settings) as book, journal_of(settings) as journal:
        for article_id in book.erased():
            journal.records.forget_article(article_id)
