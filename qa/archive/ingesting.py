"""An archive filled with its real parts: by paths, or in step with the sources that `archive.toml` names."""

import glob
import hashlib
import multiprocessing
import os
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import IO, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from threadpoolctl import threadpool_limits
from watchfiles import watch

from qa.archive.parts import archive_of, encoder_of, journal_of, notices_of, require_folder, store_of
from qa.errors import InputError, ModelError, ReadError, SettingsError
from qa.ingestion.ingest import BATCH, EncodePassages, Ingestion, Progress, batches, encode_articles, restored
from qa.loaders.documents import Document
from qa.loaders.encoding import path_text
from qa.loaders.fields import is_address
from qa.loaders.metadata import KNOWN, facts
from qa.loaders.reading import find_files, read, read_document
from qa.loaders.registry import BY_NAME
from qa.models.deliveries import WITHIN, Collision, Delivery, Failure, FileRead, IngestReport, Record, WireNotice
from qa.protocols import Encoder, PassageVectors, Window
from qa.settings import Settings
from qa.store.books import JOURNAL
from qa.store.document_store import opened, opened_for_notices
from qa.store.entries import adapter
from qa.store.journal.opening import Journal
from qa.store.locking import folder_lock
from qa.store.notices import FileStates, Stamp
from qa.store.transfer import copy_sound, damaged_catalogue

FEWEST = 16  # passages that are worth sending to another process
PREPARING = 60.0  # seconds of the processor at most in which the questions that the page offers are tried
READING = 2  # raised when readers come to read files otherwise: every file is then read again
_EXAMPLE = 'such as:\n[[source]]\nname = "wire"\npaths = ["wire/"]'
_encoders: list[Encoder] = []  # the encoder of this process, where it is one of those that encode


@contextmanager
def filling(settings: Settings, encoder: Encoder, *, wait: bool, **options: Any) -> Iterator[tuple[Ingestion, Journal]]:
    """A run with these options into the archive; the journal is told when, and how it ended. Raises StoreError."""
    filled = store_of(settings, writing=True, making=True, wait=wait)
    with filled as store, notices_of(settings) as book, journal_of(settings) as journal:
        number = journal.imports.begin(datetime.now(UTC))

        def hear(order: WireNotice) -> bool:
            return book.hear(order, at=datetime.now(UTC))

        run = Ingestion(store, encoder, hear=hear, item_seconds=settings.item_seconds, **options)
        yield run, journal
        store.finish(replaced=bool(run.report.updated))
        journal.imports.end(number, run.report, paths=run.opened, at=datetime.now(UTC))


def records(run: Ingestion, paths: Sequence[str], **options: Any) -> Iterator[Record]:
    """Everything that the paths lead to, read with these options."""
    for file in find_files(paths):
        if isinstance(file, Path):
            yield from run.read(path_text(file), read(file, **options))
        else:
            run.opened.append(file.path)
            yield file


def ingest_paths(
    paths: Sequence[str],
    *,
    settings: Settings,
    progress: Progress = lambda count: None,
    confirm: Callable[[Collision], bool] = lambda collision: False,
    workers: int = 1,
    wait: bool = False,
    **options: Any,
) -> IngestReport:
    """Ingests files and folders, each as `read` does with these options. Raises StoreError.

    `confirm` is asked before anything is done to an article of a source. So many `workers` encode, each a process.
    """
    encoder = encoder_of(settings)
    pool = encoding_pool(encoder, partial(encoder_of, settings), workers=workers)
    with (
        pool as encode,
        filling(settings, encoder, wait=wait, encode=encode, progress=progress, confirm=confirm) as (run, _),
    ):
        return run.run(records(run, paths, **options))


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
        try:
            return [vectors for part in pool.map(_encoded, batches(passages, size)) for vectors in part]
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


class SourceList(BaseModel):
    """One source of articles: files, folders and patterns, feeds, or both.

    `outlet` is that of all its articles, whatever they say; `default_outlet` of those that name none. The ids of its
    articles begin with `id_prefix`. Its notices act on articles of the sources `notices_for` too. Its feeds may be at
    addresses that are not public where their host is one of `intranet_hosts`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    paths: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    intranet_hosts: tuple[str, ...] = ()
    id_prefix: Annotated[str, Field(max_length=100)] = ""
    notices_for: tuple[str, ...] = ()
    format: str | None = None
    columns: dict[str, str] = {}
    outlet: str | None = None
    default_outlet: str | None = None
    language: str | None = None
    kind: str | None = None
    published: date | None = None
    copyright_holder: str | None = None
    copyright_notice: str | None = None
    usage_terms: str | None = None
    quote_limit: Annotated[int, Field(ge=0)] | None = None
    redistribution: bool | None = None

    @field_validator("format")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        if name is not None and name not in BY_NAME:
            raise ValueError(f"a format was expected, one of: {', '.join(BY_NAME)}")
        return name

    @field_validator("feeds")
    @classmethod
    def _addresses(cls, feeds: tuple[str, ...]) -> tuple[str, ...]:
        for feed in feeds:
            if not feed.startswith(("http://", "https://")):
                raise ValueError(f"an address that begins with http:// or https:// was expected, found {feed!r}")
        return feeds

    @property
    def defaults(self) -> dict[str, object]:
        """What it says of its articles: they supply what those leave out."""
        return self.model_dump(include=set(KNOWN)) | {"outlet": self.outlet or self.default_outlet}

    def delivered(self, record: Record) -> Record:
        """A record as this source's own: under its name, its ids and its outlet."""
        if isinstance(record, WireNotice):
            return replace(record, source=self.name)
        if not isinstance(record, Delivery):
            return record
        source = record.article.source
        renamed = replace(source, article_id=self.id_prefix + source.article_id, outlet=self.outlet or source.outlet)
        if self.outlet and self.kind != "summary":
            renamed = replace(renamed, summarises=None)  # a summary is credited to what it says it summarises
        orders = tuple(replace(order, source=self.name) for order in record.orders)
        return replace(record, article=replace(record.article, source=renamed), orders=orders, source=self.name)

    @property
    def reading(self) -> str:
        """Equal for equal ways of reading: files that were read in another way are read again."""
        options = self.model_dump_json(exclude={"name", "paths", "feeds", "intranet_hosts"})
        return f"{READING}:{hashlib.sha256(options.encode()).hexdigest()[:16]}"


def read_sources(path: Path) -> list[SourceList]:
    """The sources that a file names; their paths are beside it. Raises SettingsError, which names file and key."""
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        absent = f"There is no {path}. Write one that names the sources of the archive, {_EXAMPLE}"
        raise SettingsError(absent) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} can't be read as TOML: {error}. Correct it there.") from None
    if listed.keys() != {"source"} or not isinstance(listed["source"], list) or not listed["source"]:
        raise SettingsError(f"{path}: tables named [[source]] were expected, and nothing else, {_EXAMPLE}")
    sources = list[SourceList]()
    for number, table in enumerate(listed["source"], start=1):
        place = f"{path}, source {number}"
        try:
            source = SourceList.model_validate(table)
        except ValidationError as error:
            text = "; ".join(f"{'.'.join(map(str, flaw['loc'])) or 'source'}: {flaw['msg']}" for flaw in error.errors())
            raise SettingsError(f"{place}: {text}. docs/formats.md lists what a source can say.") from None
        if not source.paths and not source.feeds:
            raise SettingsError(f"{place} ({source.name}): paths or feeds were expected, found neither.")
        folder, as_pattern = str(path.parent), glob.escape(str(path.parent))  # it may have signs of a pattern itself
        beside = tuple(os.path.join(as_pattern if glob.has_magic(at) else folder, at) for at in source.paths)
        sources.append(source.model_copy(update={"paths": beside}))
    names = Counter(source.name for source in sources)
    if twice := next((name for name, count in names.items() if count > 1), None):
        raise SettingsError(f"{path}: two sources are named {twice!r}. Give one of them another name.")
    if unknown := sorted({name for source in sources for name in source.notices_for} - names.keys()):
        raise SettingsError(f"{path}, notices_for: names of sources were expected, found {unknown[0]!r}.")
    return sources


@dataclass
class SourceReport:
    """Numbers of a source's files, paths of those `gone`, and ids of the articles `missing` in what is there."""

    name: str
    unchanged: int = 0
    read: int = 0
    unreachable: int = 0
    gone: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def sync_sources(
    sources: Sequence[SourceList], *, settings: Settings, prune: bool, progress: Progress, wait: bool = False
) -> tuple[list[SourceReport], IngestReport]:
    """Reads the files of all sources that are new or changed, and those that failed and were not dismissed.

    Cut off, it goes on where it was when it is run again. Articles whose files are gone are removed only with `prune`,
    and not where a part of their source can't be reached. Raises StoreError.
    """
    # Before the archive is held: a feed may take its time. Kept in files: all of them may be larger than the memory.
    spool, home = ExitStack(), settings.home
    feeds = {source.name: {feed: _fetched(feed, source, home, spool) for feed in source.feeds} for source in sources}
    prefixes = {source.name: source.id_prefix for source in sources}
    notices_for = {source.name: source.notices_for for source in sources}
    options = {"prefixes": prefixes, "notices_for": notices_for}
    with spool, filling(settings, encoder_of(settings), wait=wait, progress=progress, **options) as (run, journal):
        files = FileStates(run.store.engine)
        failed = {failure.path.partition(WITHIN)[0] for failure, _ in journal.imports.failures()}
        readings = {source.name: _Reading(source, files.known(source.name), failed, run) for source in sources}

        def note(done: Sequence[FileRead]) -> None:
            for name, read_to_end in groupby(done, key=attrgetter("source")):
                files.note(read_to_end, reading=readings[name].source.reading, at=datetime.now(UTC))

        run.run((record for name, reading in readings.items() for record in reading.records(feeds[name])), done=note)
        # What is missing from a source may be in the part of it that can't be reached.
        whole = {name: reading for name, reading in readings.items() if not reading.report.unreachable}
        gone = {name: reading.finished() for name, reading in whole.items()}
        for name, missing in files.missing(gone).items():
            owners = run.store.owners(run.store.stored(missing))
            readings[name].report.missing = sorted(a for a, owner in owners.items() if owner == name)
        if prune:
            removed = [article_id for reading in readings.values() for article_id in reading.report.missing]
            if removed:
                journal.records.forget_articles(removed)  # their words in kept replies first
                run.store.remove_all(removed)
            files.forget(gone)
            run.report.removed = removed
    return [reading.report for reading in readings.values()], run.report


def _fetched(feed: str, source: SourceList, folder: Path, spool: ExitStack) -> IO[bytes] | str:
    """What a feed has just now, in a file without a name that the spool closes, or why it can't be fetched."""
    from qa.archive.fetching import fetched  # httpx takes a tenth of a second that others don't need

    try:
        data = fetched(feed, intranet_hosts=source.intranet_hosts)
        folder.mkdir(parents=True, exist_ok=True)
        file = spool.enter_context(tempfile.TemporaryFile(dir=folder))  # noqa: SIM115 — the spool closes it
        file.write(data)
        file.seek(0)
        return file
    except ReadError as error:
        return str(error)
    except OSError as error:
        return f"room for the feed was expected in {folder}, found: {error.strerror or error}"


class _Reading:
    """One source, from what is known of its files to what was found."""

    def __init__(self, source: SourceList, known: Mapping[str, Stamp], failed: Set[str], run: Ingestion) -> None:
        self.source, self.report = source, SourceReport(source.name)
        self._known, self._failed, self._run = known, failed, run
        self._found: set[str] = set()

    def records(self, feeds: Mapping[str, IO[bytes] | str]) -> Iterator[Record | FileRead]:
        source = self.source
        for path in find_files(source.paths):
            if not isinstance(path, Path):
                self.report.unreachable += isinstance(path, Failure)
                yield path
                continue
            try:
                status = path.stat()
                size, changed_ns = status.st_size, status.st_mtime_ns
            except OSError:
                size = changed_ns = 0  # reading it will say why
            reading = partial(read, path, defaults=source.defaults, format=source.format, columns=source.columns)
            yield from self._delivered(FileRead(source.name, path_text(path), size, changed_ns), reading)
        for feed, file in feeds.items():
            if isinstance(file, str):
                self._run.opened.append(feed)
                self.report.unreachable += 1
                yield Failure(feed, None, f"{file}; it is tried again next time")
                continue
            data = file.read()
            digest = int.from_bytes(hashlib.sha256(data).digest()[:6], "big")
            document, defaults = Document(feed, "feed.xml", partial(BytesIO, data)), facts(source.defaults, path=feed)
            reading = partial(read_document, document, defaults=defaults, format=source.format, as_feed=True)
            yield from self._delivered(FileRead(source.name, feed, len(data), digest, scrolls=True), reading)

    def finished(self) -> list[str]:
        """The files that are gone, of a source all of which could be reached."""
        self.report.gone = sorted(path for path in self._known.keys() - self._found if not is_address(path))
        return self.report.gone

    def _delivered(self, file: FileRead, reading: Callable[[], Iterator[Record]]) -> Iterator[Record | FileRead]:
        """The records of a file or a feed, and at their end the file; none of what is as it was and did not fail."""
        self._found.add(file.path)
        stamp = (file.size, file.changed_ns, self.source.reading)
        if self._known.get(file.path) == stamp and file.path not in self._failed:
            self.report.unchanged += 1
            return
        self.report.read += 1
        articles, failed = set(), False
        for record in map(self.source.delivered, self._run.read(file.path, reading())):
            failed = failed or isinstance(record, Failure)
            if isinstance(record, Delivery):
                articles.add(record.article.article_id)
            yield record
        yield replace(file, articles=frozenset(articles), failed=failed)


def prepare_questions(settings: Settings, *, progress: Progress) -> None:
    """Makes the questions that the page offers, and keeps them, where articles came or went since the last were made.

    Nobody has to wait for it to write. Raises ArchiveError.
    """
    from qa.archive.suggestions import kept_in, made_by  # langchain takes half a second that the rest doesn't need

    # Of the database itself, for a replica is behind; and no language model writes.
    alone = settings.model_copy(update={"database_read": None, "llm": None, "llm_url": None})
    with store_of(alone) as store:
        kept = kept_in(store, made_by=made_by(alone, encoder=store.meta("encoder")))
        if (kept and kept.state == store.state()) or not store.coverage().articles:
            return
    with archive_of(alone) as archive:
        made = archive.suggested.made(seconds=PREPARING, progress=progress)
    with store_of(alone, writing=True) as store:
        store.keep_questions(adapter(type(made)).dump_json(made).decode(), state=made.state)


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


def tidy_journal(settings: Settings) -> None:
    """Deletes replies whose time is over, and the words of erased articles in others. Raises StoreError."""
    forget_erased(settings)
    if settings.journal_days:
        with journal_of(settings) as journal:
            journal.records.purge(datetime.now(UTC) - timedelta(days=settings.journal_days))


def forget_erased(settings: Settings) -> None:
    """Takes the words of every article that is to be erased out of the replies kept. Raises StoreError."""
    with notices_of(settings) as book, journal_of(settings) as journal:
        journal.records.forget_articles(book.erased())


@dataclass(frozen=True, slots=True)
class SalvageReport:
    """What came over into a new archive: how many articles, how many of them `again` from their files, and what didn't.

    `lost` are ids and paths of articles; where it isn't `complete` there is something else that can't be read.
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
        journal = settings.home / JOURNAL.file
        came = not journal.exists() or copy_sound(journal, target / JOURNAL.file)
    return SalvageReport(count + again, again, lost, notices_lost, came, source.complete)
