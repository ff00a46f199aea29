"""The archive brought in step with its sources: what is new or changed is read, what is gone is told."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

from watchfiles import watch

from qa.archive.fetching import Fetched, fetched_feeds
from qa.archive.ingesting import read_ahead
from qa.archive.parts import encoder_of, files_of, journal_of, notices_of, store_of
from qa.archive.sources import SourceList, authority_of
from qa.ingestion.ingest import Progress, ingest
from qa.ingestion.time_limit import in_time, read_in_time
from qa.loaders.discovery import find_files
from qa.loaders.documents import Document
from qa.loaders.encoding import path_text
from qa.loaders.fields import is_address
from qa.loaders.metadata import facts_of_defaults
from qa.loaders.reading import read, read_fetched
from qa.models.deliveries import WITHIN, Delivery, Failure, FileRead, IngestReport, Record, Remark
from qa.settings import Settings
from qa.store.archive_store import ArchiveStore
from qa.store.files import FileStates, Stamp
from qa.store.journal.opening import Journal

NOTED_AT_ONCE = 500


@dataclass
class SourceReport:
    """How a source stands: numbers of its files, and the paths of those that are gone.

    `missing` are the articles that were in files which are gone, or that are no longer in theirs; by id.
    """

    name: str
    unchanged: int = 0
    read: int = 0
    unreachable: int = 0
    gone: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SyncReport:
    """How the sources stand, and what came of the files that were read."""

    sources: tuple[SourceReport, ...]
    ingested: IngestReport


def sync(sources: Sequence[SourceList], *, settings: Settings, prune: bool, progress: Progress) -> SyncReport:
    """Reads the files of all sources that are new or changed, and those that failed and were not dismissed.

    Cut off, it goes on where it was when it is run again. Articles whose files are gone are removed only with `prune`,
    and not where a part of their source can't be reached. Raises StoreError.
    """
    encoder = encoder_of(settings)
    with (
        fetched_feeds(sources, settings.home) as feeds,  # before the archive is held: a feed may take its time
        store_of(settings, writing=True, making=True) as store,
        notices_of(settings) as notices,
        journal_of(settings) as journal,
        files_of(settings) as files,
    ):
        number = journal.imports.begin(datetime.now(UTC))
        failed = {failure.path.partition(WITHIN)[0] for failure, _ in journal.imports.failures()}
        seconds = settings.item_seconds
        runs = [
            _Run(source, files=files, failed=failed, item_seconds=seconds, feeds=feeds[source.name])
            for source in sources
        ]
        by_source = {run.source.name: run for run in runs}
        report = ingest(
            (record for run in runs for record in run.records()),
            store=store,
            encoder=encoder,
            claim=lambda: store.claim(encoder.fingerprint),
            progress=progress,
            hear=lambda order: notices.hear(order, at=datetime.now(UTC)),
            done=lambda file: by_source[file.source].done(file),
            authority=authority_of(sources),
            item_seconds=seconds,
        )
        gone = {run.source.name: run.finished() for run in runs}
        for name, missing in files.missing(gone).items():
            owners = store.owners(store.stored(missing))
            by_source[name].report.missing += sorted(
                article_id for article_id, owner in owners.items() if owner == name
            )
        removed = _pruned(runs, store, journal) if prune else ()
        if prune:
            files.forget(gone)
        store.finish(replaced=bool(report.updated))
        opened = [path for run in runs for path in run.opened]
        report = replace(report, removed=removed)
        journal.imports.end(number, report, paths=opened, at=datetime.now(UTC))
    return SyncReport(tuple(run.report for run in runs), report)


class _Run:
    """One source, from what is known of its files to what was found."""

    def __init__(
        self,
        source: SourceList,
        *,
        files: FileStates,
        failed: set[str],
        item_seconds: float,
        feeds: Sequence[Fetched] = (),
    ) -> None:
        self.source = source
        self.report = SourceReport(source.name)
        self.opened: list[str] = []
        self._files = files
        self._failed = failed
        self._item_seconds = item_seconds
        self._feeds = feeds
        self._known = files.known(source.name)
        self._found: set[str] = set()
        self._waiting: list[FileRead] = []
        self._apart: list[Failure | Remark] = []

    def records(self) -> Iterator[Record | FileRead]:
        source = self.source
        reader = partial(read, defaults=source.defaults, format=source.format, columns=source.columns)
        reading = partial(read_in_time, read=reader, seconds=self._item_seconds)
        stamps: dict[Path, Stamp | None] = {}
        for path, file_records in read_ahead(self._to_read(stamps), reading):
            size, changed_ns, _ = stamps.pop(path) or (0, 0, "")
            yield from self._with_end(file_records, FileRead(source.name, path_text(path), size, changed_ns))
            yield from self._taken_apart()
        yield from self._taken_apart()
        for feed in self._feeds:
            yield from self._feed(feed)

    def done(self, file: FileRead) -> None:
        """Takes note that all of a file is stored."""
        self._waiting.append(file)
        if len(self._waiting) >= NOTED_AT_ONCE:
            self._note()

    def finished(self) -> list[str]:
        """Notes what is left to note; the files that are gone, none where a part of the source can't be reached."""
        self._note()
        if not self.report.unreachable:
            paths = self._known.keys() - self._found
            self.report.gone += sorted(path for path in paths if not is_address(path))
        return self.report.gone

    def _note(self) -> None:
        self._files.note(self._waiting, reading=self.source.reading, at=datetime.now(UTC))
        self._waiting.clear()

    def _to_read(self, stamps: dict[Path, Stamp | None]) -> Iterator[Path]:
        """The files that are not as they were, each with its stamp from before it is opened."""
        for path in find_files(self.source.paths):
            if not isinstance(path, Path):
                self.report.unreachable += isinstance(path, Failure)
                self._apart.append(path)
                continue
            name = path_text(path)
            self._found.add(name)
            stamp = _stamp(path, self.source.reading)
            if stamp and self._known.get(name) == stamp and name not in self._failed:
                self.report.unchanged += 1
                continue
            self.report.read += 1
            self.opened.append(name)
            stamps[path] = stamp
            yield path

    def _taken_apart(self) -> Iterator[Record]:
        while self._apart:
            yield self._apart.pop(0)

    def _feed(self, feed: Fetched) -> Iterator[Record | FileRead]:
        address = feed.address
        self._found.add(address)
        self.opened.append(address)
        if feed.problem:
            self.report.unreachable += 1
            yield Failure(address, None, f"{feed.problem}; it is tried again next time")
            return
        stamp = (feed.size, feed.digest, self.source.reading)
        if self._known.get(address) == stamp and address not in self._failed:
            self.report.unchanged += 1
            return
        self.report.read += 1
        document = Document(address, "feed.xml", lambda: BytesIO(feed.read()))
        defaults = facts_of_defaults(self.source.defaults, path=address)
        fetched = read_fetched(document, defaults=defaults, format=self.source.format)
        records = in_time(fetched, place=address, seconds=self._item_seconds)
        yield from self._with_end(records, FileRead(self.source.name, address, feed.size, feed.digest, scrolls=True))

    def _with_end(self, records: Iterator[Record], file: FileRead) -> Iterator[Record | FileRead]:
        articles, failed = set(), False
        for record in map(self.source.delivered, records):
            failed = failed or isinstance(record, Failure)
            if isinstance(record, Delivery):
                articles.add(record.article.article_id)
            yield record
        yield replace(file, articles=frozenset(articles), failed=failed)


def _pruned(runs: Sequence[_Run], store: ArchiveStore, journal: Journal) -> tuple[str, ...]:
    """Takes out what is missing, its words in kept replies first; the ids of what was taken out."""
    removed = tuple(dict.fromkeys(article_id for run in runs for article_id in run.report.missing))
    for article_id in removed:
        journal.records.forget_article(article_id)
    if removed:
        store.remove_all(removed)
    return removed


def _stamp(path: Path, reading: str) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None  # reading it will say why
    return status.st_size, status.st_mtime_ns, reading


def changes(sources: Sequence[SourceList], *, every: float) -> Iterator[None]:
    """Yields each time something changed below the sources' paths, and every so many seconds where there are feeds."""
    folders = sorted({folder for source in sources for path in source.paths for folder in _folders(path)})
    feeds = any(source.feeds for source in sources)
    waiting = int(every * 1000) if feeds else 0
    for changed in watch(*folders, rust_timeout=waiting or 5_000, yield_on_timeout=True, raise_interrupt=True):
        if changed or feeds:
            yield


def _folders(path: str) -> Iterator[str]:
    """What is to be watched for a path: itself, or the folder above its first sign of a pattern."""
    place = Path(path)
    while not place.exists() or any(sign in str(place) for sign in "*?["):
        place = place.parent
    yield os.path.realpath(place if place.is_dir() else place.parent)
