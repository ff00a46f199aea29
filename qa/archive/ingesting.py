"""An archive with its real parts filled, encoded anew and taken to another place, and what was erased taken out."""

import logging
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType

from pydantic import SecretStr
from threadpoolctl import threadpool_limits

from qa.archive.parts import encoder_of, has_journal, journal_of, notices_of, require_folder, store_of
from qa.errors import InputError, ModelError
from qa.ingestion.ingest import BATCH, EncodePassages, Progress, batches, encode_articles, in_time, ingest, restored
from qa.ingestion.reconcile import Authority
from qa.loaders.discovery import find_files
from qa.loaders.encoding import path_text
from qa.loaders.metadata import Defaults
from qa.loaders.reading import read
from qa.models.deliveries import Collision, Delivery, IngestReport, Record
from qa.protocols import Encoder, IndexedArticle, PassageVectors, Window
from qa.settings import Settings
from qa.store.archive_store import ArchiveStore
from qa.store.copying import copy_catalogue, copy_journal, require_same_catalogue, require_same_journal
from qa.store.journal.opening import JOURNAL, Journal
from qa.store.locking import folder_lock
from qa.store.opening import opened, opened_for_notices
from qa.store.salvaging import copy_sound, damaged_catalogue

FEWEST = 16  # passages that are worth sending to another process
REENCODED_AT_ONCE = 256
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
    filled = store_of(settings, writing=True, making=True)
    with filled as store, notices_of(settings) as book, journal_of(settings) as journal:
        number = journal.imports.begin(datetime.now(UTC))
        report = IngestReport()
        ingesting = partial(
            ingest,
            store=store,
            encoder=encoder,
            report=report,
            progress=progress,
            hear=lambda order: book.hear(order, at=datetime.now(UTC)),
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
    pool = encoding_pool(encoder, partial(encoder_of, settings), workers=workers)
    with pool as encode, filling(settings, encoder, progress) as run:
        reading = partial(records, format=format, columns=columns, item_seconds=settings.item_seconds)
        found = reading(paths, defaults, read_from=run.opened.append)
        return run.ingest(found, encode=encode, authority=Authority(confirm=confirm))


@contextmanager
def encoding_pool(encoder: Encoder, make: Callable[[], Encoder], *, workers: int) -> Iterator[EncodePassages]:
    """Encodes in as many processes as `workers` says; `make` is sent to each and makes its own encoder."""
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
                deliveries = (Delivery(store.original(source.article_id), path) for source, path in part)
                yield encode_articles(deliveries, encoder)
                progress(len(part))

        store.reencode(encoder.fingerprint, encoded())
        store.finish(replaced=True)
        return len(sources)


def tidy_journal(settings: Settings) -> None:
    """Deletes replies whose time is over, and the words of erased articles in others. Raises StoreError."""
    forget_erased(settings)
    if settings.journal_days:
        with journal_of(settings) as journal:
            journal.records.purge(datetime.now(UTC) - timedelta(days=settings.journal_days))


def forget_erased(settings: Settings) -> None:
    """Takes the words of every article that is to be erased out of the replies kept. Raises StoreError."""
    with notices_of(settings) as book, journal_of(settings) as journal:
        for article_id in book.erased():
            journal.records.forget_article(article_id)


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
    """Takes over every article whose digest fits into a new archive. Raises InputError, StoreError."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"A new or an empty folder was expected, and {target} is none. Name another one.")
    require_folder(settings, instead="restore a backup of the database.")
    encoder = encoder_of(settings)
    advice = "Its files are copied byte by byte, and nobody may write in them meanwhile: stop whoever has it open."
    with folder_lock(settings.home, alone=True, advice=advice), damaged_catalogue(settings.home) as source:
        with opened(target, writing=True, making=True) as store:

            def put(deliveries: Iterable[Delivery]) -> int:
                count = 0
                for batch in batches(deliveries, BATCH):
                    store.put(encode_articles(batch, encoder))
                    count += len(batch)
                    progress(len(batch))
                return count

            store.claim(encoder.fingerprint)
            count = put(Delivery(article, path) for article, path in source.articles())
            deliveries = [(name, damaged.path, restored(damaged)) for name, damaged in source.damaged]
            again = put(delivery for *_, delivery in deliveries if delivery)
            for article, path in source.versions():
                store.keep_older(article, path=path)
            store.finish()
        lost = tuple((name, path) for name, path, delivery in deliveries if not delivery)
        notices, notices_lost = source.notices()
        with opened_for_notices(target) as book:
            book.take_over(notices)
        journal = settings.home / JOURNAL
        came = not journal.exists() or copy_sound(journal, target / JOURNAL)
    return SalvageReport(count + again, again, lost, notices_lost, came, source.complete)


def migrate(settings: Settings, target: str) -> int:
    """Copies the archive into an empty place, and compares all; how many articles there are. Raises StoreError."""
    folder = Path(target)
    if target.startswith(("postgresql://", "postgres://")):
        place: dict[str, object] = {"database": SecretStr(target)}
    elif "://" in target or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise InputError(
            "The address of a database (postgresql://…) or a new folder was expected as --to, found something else."
        )
    else:
        place = {"database": None, "home": folder}
    into = settings.model_copy(update={"database_read": None, **place})
    with (
        store_of(settings, writing=True, alone=True) as source,
        store_of(into, writing=True, making=True, alone=True) as store,
    ):
        if store.sources() or store.rows("SELECT 1 FROM articles LIMIT 1"):
            raise InputError("There is an archive in that place already. Name an empty one.")
        if has_journal(settings):
            with journal_of(settings) as journal, journal_of(into) as copied:
                if copied.records.count() or copied.audit.count():
                    raise InputError("There is a journal in that place already. Name an empty one.")
                copy_journal(journal.database, copied.database)
                require_same_journal(journal.database, copied.database)
        copy_catalogue(source, store)
        store.finish()
        return require_same_catalogue(source, store)
