"""Ingestion with its real parts: files are read, encoded and stored, and what was erased is taken out everywhere.

A saved page takes its reader about as long as the encoder takes for its words, so that slow files are read ahead in
other processes; an agency's item takes a hundredth of that, and goes to no other process.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType

from qa.archive.encoding_pool import shared_encoder
from qa.archive.parts import encoder_of, has_journal, journal_of, notices_of, store_of
from qa.errors import StoreError
from qa.ingestion.ingest import Progress, encode_articles, ingest
from qa.ingestion.reconcile import Authority
from qa.ingestion.time_limit import read_in_time
from qa.loaders.discovery import find_files
from qa.loaders.encoding import path_text
from qa.loaders.metadata import Defaults
from qa.loaders.reading import read
from qa.models.deliveries import Collision, Delivery, Failure, IngestReport, Problem, Record, Remark
from qa.protocols import IndexedArticle
from qa.review.audit import journal_problems
from qa.settings import Settings
from qa.text.repeating import Repetition

REENCODED_AT_ONCE = 256

Read = Callable[[Path], Iterator[Record]]

SLOW = (".html", ".htm", ".xhtml", ".pdf")
"""Endings of files that take long; a page without one is read all the same, one after the other."""

LARGEST = 5_000_000
"""Bytes of a file that is read ahead: its articles are held whole until it is its turn."""

FEW = 16
"""So many slow files are read in this process first: starting others takes a second."""

WORKERS = max(1, min(8, os.cpu_count() or 1))


def read_ahead(files: Iterable[Path], read: Read, *, workers: int = WORKERS) -> Iterator[tuple[Path, Iterator[Record]]]:
    """Each file with its records, in the order given. `read` has to be something that can be sent to a process."""
    waiting: deque[tuple[Path, Future[list[Record]] | None]] = deque()
    pool: ProcessPoolExecutor | None = None
    slow = 0
    try:
        for path in files:
            ahead = workers > 1 and _is_slow(path)
            slow += ahead
            if ahead and slow > FEW:
                # A fork would take locked threads of the encoder along.
                pool = pool or ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
                waiting.append((path, _sent(pool, read, path)))
            else:
                waiting.append((path, None))
            while len(waiting) > (2 * workers if pool else 0):
                yield _result(*waiting.popleft(), read)
        while waiting:
            yield _result(*waiting.popleft(), read)
    finally:
        if pool:
            pool.shutdown(cancel_futures=True)


def _sent(pool: ProcessPoolExecutor, read: Read, path: Path) -> Future[list[Record]] | None:
    try:
        return pool.submit(_read, read, path)
    except BrokenProcessPool:
        return None


def _result(path: Path, sent: Future[list[Record]] | None, read: Read) -> tuple[Path, Iterator[Record]]:
    """What came back; read here where the other process was ended, by the system for its memory or by hand."""
    try:
        return path, iter(sent.result()) if sent else read(path)
    except BrokenProcessPool:
        return path, read(path)


def _read(read: Read, path: Path) -> list[Record]:
    return list(read(path))


def _is_slow(path: Path) -> bool:
    try:
        return path.name.lower().endswith(SLOW) and path.stat().st_size <= LARGEST
    except OSError:
        return False  # reading it will say why


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
    apart: list[Failure | Remark] = []
    reader = partial(read, defaults=defaults, format=format, columns=dict(columns))
    reading = partial(read_in_time, read=reader, seconds=item_seconds)
    for path, file_records in read_ahead(_files(paths, apart), reading):
        read_from(path_text(path))
        yield from file_records
        yield from _taken(apart, read_from)
    yield from _taken(apart, read_from)


def _files(paths: Sequence[str], apart: list[Failure | Remark]) -> Iterator[Path]:
    """The files that the paths lead to; what else is found is laid `apart`."""
    for file in find_files(paths):
        if isinstance(file, Path):
            yield file
        else:
            apart.append(file)


def _taken(apart: list[Failure | Remark], read_from: Callable[[str], None]) -> Iterator[Record]:
    while apart:
        read_from(apart[0].path)
        yield apart.pop(0)


def ingest_paths(
    paths: Sequence[str],
    *,
    settings: Settings,
    defaults: Defaults,
    progress: Progress,
    format: str | None = None,
    columns: Mapping[str, str] = MappingProxyType({}),
    confirm: Callable[[Collision], bool] = lambda collision: False,
    workers: int = 1,
) -> IngestReport:
    """Ingests files and folders; the journal is told when, and how it ended. Raises StoreError.

    `format` names the format of all files, None where it is recognised by their content. `confirm` is asked before
    anything is done to an article of a source. Where there are several `workers`, so many processes encode.
    """
    with (
        shared_encoder(encoder_of(settings), partial(encoder_of, settings), workers=workers) as encoder,
        store_of(settings, writing=True, making=True) as store,
        notices_of(settings) as notices,
        journal_of(settings) as journal,
    ):
        number = journal.imports.begin(datetime.now(UTC))
        files = list[str]()
        report = ingest(
            records(
                paths,
                defaults,
                format=format,
                columns=columns,
                read_from=files.append,
                item_seconds=settings.item_seconds,
            ),
            store=store,
            encoder=encoder,
            claim=lambda: store.claim(encoder.fingerprint),
            progress=progress,
            hear=lambda order: notices.hear(order, at=datetime.now(UTC)),
            authority=Authority(confirm=confirm),
            item_seconds=settings.item_seconds,
        )
        store.finish(replaced=bool(report.updated))
        journal.imports.end(number, report, paths=files, at=datetime.now(UTC))
        return report


_log = logging.getLogger(__name__)


def reencode(settings: Settings, *, progress: Progress) -> int:
    """Encodes every article again with the encoder now set; the number of articles. Damaged ones are set aside."""
    encoder = encoder_of(settings)
    with store_of(settings, writing=True, alone=True) as store:
        for damaged in store.damaged():
            store.set_aside(damaged.number)
            _log.error("%s is damaged and was set aside. `qa list --damaged` has it.", damaged.path)
        sources = store.sources()

        def batches() -> Iterator[list[IndexedArticle]]:
            for start in range(0, len(sources), REENCODED_AT_ONCE):
                part = sources[start : start + REENCODED_AT_ONCE]
                yield encode_articles(
                    [Delivery(store.original(source.article_id), path) for source, path in part], encoder
                )
                progress(len(part))

        store.reencode(encoder.fingerprint, batches())
        store.finish(replaced=True)
        return len(sources)


def journal_check(settings: Settings) -> list[Problem]:
    """What is wrong with the journal; nothing where none is kept yet. Raises StoreError."""
    if not has_journal(settings):
        return []
    with notices_of(settings) as book, journal_of(settings) as journal:
        return list(journal_problems(journal, erased=book.erased()))


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
    """How many kept questions, and answers to them, repeat words of an article that is to be erased.

    They stay noted when its words are gone. Raises StoreError.
    """
    with notices_of(settings) as book, journal_of(settings) as journal:
        if texts := book.texts(article_id):
            journal.repeating.find(article_id, Repetition(texts))
        return journal.repeating.counts(article_id)


def forget_erased(settings: Settings) -> None:
    """Takes the words of every article that is to be erased out of the replies kept. Raises StoreError."""
    with notices_of(settings) as book, journal_of(settings) as journal:
        for article_id in book.erased():
            journal.records.forget_article(article_id)
