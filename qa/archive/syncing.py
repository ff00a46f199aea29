"""The archive brought in step with its sources: what is new or changed is read, what is gone is told."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import watch

from qa.archive.ingesting import filling
from qa.archive.parts import encoder_of, files_of
from qa.archive.sources import SourceList, authority_of
from qa.ingestion.ingest import Progress
from qa.ingestion.time_limit import in_time
from qa.loaders.discovery import find_files
from qa.loaders.documents import Document
from qa.loaders.encoding import path_text
from qa.loaders.fields import is_address
from qa.loaders.metadata import facts_of_defaults
from qa.loaders.reading import read, read_fetched
from qa.models.deliveries import WITHIN, Delivery, Failure, FileRead, IngestReport, Record
from qa.settings import Settings
from qa.store.files import FileStates

if TYPE_CHECKING:
    from qa.archive.fetching import Fetched


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


def sync(
    sources: Sequence[SourceList], *, settings: Settings, prune: bool, progress: Progress
) -> tuple[list[SourceReport], IngestReport]:
    """Reads the files of all sources that are new or changed, and those that failed and were not dismissed.

    Cut off, it goes on where it was when it is run again. Articles whose files are gone are removed only with `prune`,
    and not where a part of their source can't be reached. Raises StoreError.
    """
    from qa.archive.fetching import fetched_feeds  # httpx takes a tenth of a second, and no other command needs it

    with (
        fetched_feeds(sources, settings.home) as feeds,  # before the archive is held: a feed may take its time
        filling(settings, encoder_of(settings), progress) as run,
        files_of(settings) as files,
    ):
        failed = {failure.path.partition(WITHIN)[0] for failure, _ in run.journal.imports.failures()}
        readings = {
            source.name: _Reading(source, files, failed, run.opened, settings.item_seconds) for source in sources
        }

        def note(done: Sequence[FileRead]) -> None:
            for name, reading in readings.items():
                if read_to_end := [file for file in done if file.source == name]:
                    files.note(read_to_end, reading=reading.source.reading, at=datetime.now(UTC))

        found = (record for name, reading in readings.items() for record in reading.records(feeds[name]))
        run.ingest(found, done=note, authority=authority_of(sources))
        gone = {name: reading.finished() for name, reading in readings.items()}
        removed = list[str]()
        for name, missing in files.missing(gone).items():
            owners = run.store.owners(run.store.stored(missing))
            readings[name].report.missing = sorted(a for a, owner in owners.items() if owner == name)
            removed += readings[name].report.missing
        if prune:
            for article_id in removed:
                run.journal.records.forget_article(article_id)  # its words in kept replies first
            if removed:
                run.store.remove_all(removed)
            files.forget(gone)
            run.report.removed = removed
    return [reading.report for reading in readings.values()], run.report


class _Reading:
    """One source, from what is known of its files to what was found."""

    def __init__(
        self, source: SourceList, files: FileStates, failed: Set[str], opened: list[str], item_seconds: float
    ) -> None:
        self.source = source
        self.report = SourceReport(source.name)
        self._failed = failed
        self._opened = opened
        self._item_seconds = item_seconds
        self._known = files.known(source.name)
        self._found: set[str] = set()

    def records(self, feeds: Sequence[Fetched]) -> Iterator[Record | FileRead]:
        source = self.source
        for path in find_files(source.paths):
            if not isinstance(path, Path):
                self.report.unreachable += isinstance(path, Failure)
                yield path
                continue
            name, size, changed_ns = path_text(path), 0, 0
            try:
                status = path.stat()
                size, changed_ns = status.st_size, status.st_mtime_ns
            except OSError:
                pass  # reading it will say why
            if self._is_new(name, size, changed_ns):
                found = read(path, defaults=source.defaults, format=source.format, columns=source.columns)
                yield from self._delivered(found, FileRead(source.name, name, size, changed_ns))
        for feed in feeds:
            if feed.problem:
                self._found.add(feed.address)
                self._opened.append(feed.address)
                self.report.unreachable += 1
                yield Failure(feed.address, None, f"{feed.problem}; it is tried again next time")
            elif self._is_new(feed.address, feed.size, feed.digest):
                document = Document(feed.address, "feed.xml", partial(BytesIO, feed.read()))
                defaults = facts_of_defaults(source.defaults, path=feed.address)
                found = read_fetched(document, defaults=defaults, format=source.format)
                file = FileRead(source.name, feed.address, feed.size, feed.digest, scrolls=True)
                yield from self._delivered(found, file)

    def finished(self) -> list[str]:
        """The files that are gone, none where a part of the source can't be reached."""
        if not self.report.unreachable:
            self.report.gone = sorted(path for path in self._known.keys() - self._found if not is_address(path))
        return self.report.gone

    def _is_new(self, name: str, size: int, changed: int) -> bool:
        """Whether a file or a feed is to be read: it is not as it was, or failed."""
        self._found.add(name)
        if self._known.get(name) == (size, changed, self.source.reading) and name not in self._failed:
            self.report.unchanged += 1
            return False
        self.report.read += 1
        self._opened.append(name)
        return True

    def _delivered(self, found: Iterator[Record], file: FileRead) -> Iterator[Record | FileRead]:
        """The records as the source's own, and at their end the file."""
        articles, failed = set(), False
        in_their_time = in_time(found, place=file.path, seconds=self._item_seconds)
        for record in map(self.source.delivered, in_their_time):
            failed = failed or isinstance(record, Failure)
            if isinstance(record, Delivery):
                articles.add(record.article.article_id)
            yield record
        yield replace(file, articles=frozenset(articles), failed=failed)


def changes(sources: Sequence[SourceList], *, every: float) -> Iterator[None]:
    """Yields each time something changed below the sources' paths, and every so many seconds where there are feeds."""
    folders = sorted({_folder(path) for source in sources for path in source.paths})
    feeds = any(source.feeds for source in sources)
    waiting = int(every * 1000) if feeds else 5_000
    for changed in watch(*folders, rust_timeout=waiting, yield_on_timeout=True, raise_interrupt=True):
        if changed or feeds:
            yield


def _folder(path: str) -> str:
    """What is to be watched for a path: itself, or the folder above its first sign of a pattern."""
    place = Path(path)
    while not place.exists() or any(sign in str(place) for sign in "*?["):
        place = place.parent
    return os.path.realpath(place if place.is_dir() else place.parent)
