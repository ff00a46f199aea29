"""Read → reconcile with what is stored → cut → annotate → encode → store, a batch at a time.

One item may take so much time of the processor: a busy machine or a slow disk makes none fail. A timer of the system
raises OutOfTime in the main thread, within regular expressions too; a call of libxml2 it ends only when that returns,
which is why readers bound what they hand over. A process for every item would need an encoder of its own.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import partial
from itertools import count, islice
from pathlib import Path
from types import FrameType
from typing import TypeVar

from qa.errors import OutOfTime
from qa.loaders.reading import read
from qa.models.archive import BY_HAND, TEASER, Article, Passage
from qa.models.deliveries import (
    WITHIN,
    Collision,
    Delivery,
    Failure,
    FileRead,
    IngestReport,
    Record,
    Remark,
    WireNotice,
    place_text,
)
from qa.protocols import DamagedArticle, Encoder, IndexedArticle, PassageVectors, Stored, Window
from qa.store.archive_store import ArchiveStore
from qa.text.annotating import VERSION, annotate
from qa.text.language import language_read
from qa.text.sentences import cut_passages

BATCH = 128  # articles stored in one step: what a crash costs the encoding of; larger batches were no faster
AGAIN = 1.0  # seconds after which OutOfTime is raised once more: a library may take the first for an error of its own

T = TypeVar("T")
Owned = TypeVar("Owned", Delivery, WireNotice)
Progress = Callable[[int], None]  # told how many more records have been dealt with
Hear = Callable[[WireNotice], bool]  # takes what an item says of another of the order's source; whether that was new
EncodePassages = Callable[[Sequence[Window]], list[PassageVectors]]


@dataclass(frozen=True)
class Authority:
    """The rules of a run. As made without any, a source acts on its own articles alone.

    `prefixes` are what the ids of each listed source begin with, `notices_for` the further sources whose articles a
    source's notices act on. `confirm` is asked of each collision whether it is to be let through.
    """

    prefixes: Mapping[str, str] = field(default_factory=dict)
    notices_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confirm: Callable[[Collision], bool] = lambda collision: False

    def targets(self, order: WireNotice) -> Iterator[WireNotice]:
        """The orders about another item, one for each source whose article it may mean, under the id it has there."""
        for source in (order.source, *self.notices_for.get(order.source, ())):
            yield replace(order, source=source, article_id=self.prefixes.get(source, "") + order.article_id)


def ingest(
    records: Iterable[Record | FileRead],
    *,
    store: ArchiveStore,
    encoder: Encoder,
    encode: EncodePassages | None = None,
    progress: Progress = lambda count: None,
    hear: Hear = lambda order: False,
    done: Callable[[Sequence[FileRead]], None] = lambda files: None,
    authority: Authority | None = None,
    item_seconds: float | None = None,
    report: IngestReport | None = None,
) -> IngestReport:
    """Stores every article that is new or changed; one that can't be read never stops the rest.

    A run with nothing to do loads no encoder; `encode` encodes in its place where several processes do. What the
    `report` counts, as the run goes on, as added or updated is stored for good; `done` is told of files once all of
    them is. What names an article of another source is refused, unless `authority` lets it through. One that takes
    longer than `item_seconds` to annotate fails.
    """
    started = time.perf_counter()
    for part in batches(store.outdated(VERSION), BATCH):  # another version of the reading annotated them
        store.annotate({article_id: annotate(store.original(article_id)) for article_id in part})
    store.all_read_by(VERSION)
    report = report or IngestReport()
    intake = _Intake(store, authority or Authority(), report)
    for batch in batches(records, BATCH):
        in_files = [record for record in batch if not isinstance(record, FileRead)]
        arrived = [_in_time(partial(with_detected_language, record), record, item_seconds) for record in in_files]
        fresh, older = intake.sorted(arrived)
        # What is taken back is taken back before anything else is shown.
        intake.hear([order for record in arrived for order in _orders(record)], hear)
        if fresh:
            store.claim(encoder.fingerprint)
            encoder.count_tokens([""])  # the encoder is loaded on first use, which is no article's time
            cut = [_in_time(partial(_cut, delivery, encoder), delivery, item_seconds) for delivery in fresh]
            report.failed += [article for article in cut if isinstance(article, Failure)]
            in_time = [article for article in cut if not isinstance(article, Failure)]
            indexed = _with_vectors(in_time, encode or encoder.encode_passages)
            known = store.stored([article.article.article_id for article in indexed])
            store.put(indexed)
            report.updated += len(known)
            report.added += len(indexed) - len(known)
            report.passages += sum(len(article.passages) for article in indexed)
        report.older += sum(store.keep_older(delivery.article, path=delivery.path) for delivery in older)
        done([record for record in batch if isinstance(record, FileRead)])
        progress(len(arrived))
    report.seconds = time.perf_counter() - started
    return report


def with_detected_language(record: Record) -> Record:
    """A record whose article has the language it is written in, where its file says none."""
    if not isinstance(record, Delivery) or not record.language_assumed:
        return record
    source = record.article.source
    language = language_read(f"{source.title}\n{record.article.body}")
    return replace(record, article=replace(record.article, source=replace(source, language=language)))


def _orders(record: Record) -> tuple[WireNotice, ...]:
    if isinstance(record, WireNotice):
        return (record,)
    return record.orders if isinstance(record, Delivery) else ()


def _cut(delivery: Delivery, encoder: Encoder) -> IndexedArticle:
    """An article's passages and annotations, one after the other, so that its sentences are cut once; no vectors."""
    article, passages = delivery.article, tuple(cut_passages(delivery.article, encoder.count_tokens))
    return IndexedArticle(article, passages, (), delivery.path, annotate(article), delivery.original, delivery.source)


def _with_vectors(articles: Sequence[IndexedArticle], encode: EncodePassages) -> list[IndexedArticle]:
    vectors = iter(encode([passage_window(passage) for article in articles for passage in article.passages]))
    return [replace(article, vectors=tuple(islice(vectors, len(article.passages)))) for article in articles]


def passage_window(passage: Passage) -> Window:
    """A passage as it is encoded, its sentences as spans of its text."""
    return Window(passage.heading, passage.text, tuple(span.shifted(-passage.start) for span in passage.sentences))


def encode_articles(deliveries: Iterable[Delivery], encoder: Encoder) -> list[IndexedArticle]:
    """Articles cut and encoded in one go; hidden ones too: an embargo ends by the clock, or by a word of the staff."""
    return _with_vectors([_cut(delivery, encoder) for delivery in deliveries], encoder.encode_passages)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of that many."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def _in_time(work: Callable[[], T], record: Record, seconds: float | None) -> T | Failure:
    """What the work on a record gives; a Failure where that takes too long."""
    try:
        with _time_limit(seconds):
            return work()
    except OutOfTime as error:
        return Failure(record.path, record.line, error.reason)


def in_time(records: Iterable[Record], *, place: str, seconds: float | None) -> Iterator[Record]:
    """The records read from `place`; a Failure for one that takes longer, with which they end."""
    source = iter(records)
    for number in count(1):
        try:
            with _time_limit(seconds):
                record = next(source, None)
        except OutOfTime as error:
            yield Failure(place, None, f"item {number}: {error.reason}")
            return
        if record is None:
            return
        yield record


@contextmanager
def _time_limit(seconds: float | None) -> Iterator[None]:
    """Raises OutOfTime when what is within takes more processor time; not beside the main thread, nor on Windows."""
    if seconds is None or threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: FrameType | None, limit: float = seconds) -> None:
        raise OutOfTime(limit)

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@dataclass(frozen=True, slots=True)
class _Seen(Stored):
    """An article of this run without its text, for a run may be larger than the memory; its path may name a line."""

    source: str = BY_HAND


class _Intake:
    """Tells of each batch of a run what is to be stored, and notes all the rest in the report."""

    def __init__(self, store: ArchiveStore, authority: Authority, report: IngestReport) -> None:
        self._store, self._authority, self._report = store, authority, report
        self._seen: dict[str, _Seen] = {}

    def sorted(self, batch: Sequence[Record]) -> tuple[list[Delivery], list[Delivery]]:
        """The articles of a batch that are new or changed, and those that are older versions of what is held."""
        ids = [record.article.article_id for record in batch if isinstance(record, Delivery)]
        stored, erased, owners = self._store.stored(ids), self._store.erased(ids), self._store.owners(ids)
        self._fresh: dict[str, Delivery] = {}
        self._older: list[Delivery] = []
        # Where the files of unchanged articles are now, and who has those that were another source's.
        self._moved: dict[str, str] = {}
        self._taken_over: dict[str, str] = {}
        for record in batch:
            match record:
                case Failure():
                    self._report.failed.append(record)
                case Remark(path, line, text):
                    self._report.notices.append(Failure(path, line, text))
                case Delivery(article=article):
                    name = article.article_id
                    self._report.notices += [Failure(record.path, record.line, notice) for notice in record.notices]
                    for delivery in self._admitted(record, stored.get(name), self._owner(name, owners)):
                        if name in erased:
                            self._report.unchanged += 1
                            notice = "it was withdrawn and erased, and is not stored again; `qa restore ID` lets it in"
                            self._report.notices.append(Failure(record.path, record.line, notice))
                        else:
                            self._sort(delivery, stored.get(name))
        if self._taken_over:
            self._store.reassign(self._taken_over)
        if self._moved:
            self._store.relocate(self._moved)
        return list(self._fresh.values()), self._older

    def hear(self, orders: Sequence[WireNotice], hear: Hear) -> None:
        """Passes on what items say of other ones, but for what only another source may say."""
        targets_by_order = [list(self._authority.targets(order)) for order in orders]
        ids = [target.article_id for targets in targets_by_order for target in targets]
        owners, stored = self._store.owners(ids), self._store.stored(ids)
        for targets in targets_by_order:
            owner_of = {target.article_id: self._owner(target.article_id, owners) for target in targets}
            heeded = [target for target in targets if owner_of[target.article_id] in (None, target.source)]
            if not heeded:
                first, owner = targets[0], owner_of[targets[0].article_id] or ""
                collision = Collision(first.article_id, first.source, owner, notice=first.kind.value)
                heeded = self._let_through(first, collision, stored.get(first.article_id))
            self._report.orders += [target for target in heeded if hear(target)][:1]

    def _owner(self, article_id: str, owners: Mapping[str, str]) -> str | None:
        """The source that an id belongs to: in this run, or from before."""
        earlier = self._seen.get(article_id)
        return earlier.source if earlier else owners.get(article_id)

    def _let_through(self, record: Owned, collision: Collision, stored: Stored | None) -> list[Owned]:
        """What names an article of another source, under that, where it may; else it is a failure."""
        collision = replace(collision, held_at=stored.path if stored else "")
        if self._authority.confirm(collision):
            return [replace(record, source=collision.owner)]
        self._report.failed.append(Failure(record.path, record.line, collision.reason))
        return []

    def _admitted(self, delivery: Delivery, stored: Stored | None, owner: str | None) -> list[Delivery]:
        """A delivery under the source that its id belongs to; empty where that is another one."""
        if owner is None or owner == delivery.source:
            return [delivery]
        name = delivery.article.article_id
        # A listed source takes over articles of the files that it reads, where their owner is listed no longer.
        is_listed = delivery.source != BY_HAND and owner not in self._authority.prefixes
        if is_listed and stored and _is_same_place(stored.path, delivery.path):
            self._taken_over[name] = delivery.source
            return [delivery]
        newest = self._seen.get(name) or stored
        if newest and newest.digest == delivery.article.digest:
            self._report.unchanged += 1
            return []
        return self._let_through(delivery, Collision(name, delivery.source, owner), newest)

    def _sort(self, delivery: Delivery, stored: Stored | None) -> None:
        article, place = delivery.article, place_text(delivery.path, delivery.line)
        arrived = _Seen(article.digest, place, article.metadata, article.source.kind, delivery.source)
        earlier = self._seen.get(article.article_id)
        newest = earlier or stored
        if newest and article.digest == newest.digest:
            self._report.unchanged += 1
            # Two files of the same article are not a move.
            if stored and stored.path != delivery.path and not os.path.exists(stored.path.partition(WITHIN)[0]):
                self._moved[article.article_id] = delivery.path
        elif newest and article.source.kind == TEASER != newest.kind:
            self._report.unchanged += 1  # a feed tells less of it than is held
        elif newest and article.metadata.precedes(newest.metadata):
            self._older.append(delivery)
            return
        elif conflict := _conflict(delivery, earlier, stored):
            self._report.failed.append(Failure(delivery.path, delivery.line, conflict))
            return
        else:
            if replaced := self._fresh.pop(article.article_id, None):
                self._older.append(replaced)
            self._fresh[article.article_id] = delivery
            self._seen[article.article_id] = arrived
        self._seen.setdefault(article.article_id, arrived)


def _conflict(delivery: Delivery, earlier: _Seen | None, stored: Stored | None) -> str:
    """Why the article can't have its id: another of this run has it, or a derived id is another file's."""
    article = delivery.article
    if earlier and not earlier.metadata.precedes(article.metadata):
        conflict = f"the id {article.article_id!r} was already used in this run by {earlier.path} for a different text"
        return f"{conflict}: give one of them another id"
    owner = stored.path if stored and delivery.id_is_derived and not earlier else ""
    if owner and not _is_same_place(owner, delivery.path):
        conflict = f"the id {article.article_id!r}, made from the file's name, already belongs to {owner}"
        return f"{conflict}: give this article an id of its own"
    return ""


def _is_same_place(first: str, second: str) -> bool:
    return os.path.realpath(first) == os.path.realpath(second)


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
            deliveries = [Delivery(store.original(article_id), store.read_from(article_id)[0]) for article_id in part]
            store.put(encode_articles(deliveries, encoder))
    store.rebuild()


def restored(damaged: DamagedArticle) -> Delivery | None:
    """The article that has the stored digest, from an earlier text or from its file; None where neither has it."""
    for article in damaged.earlier:
        if article.digest == damaged.digest:
            return Delivery(article, damaged.path)
    file = Path(damaged.path.partition(WITHIN)[0])
    for record in read(file) if damaged.path and file.is_file() else ():
        anew = with_detected_language(record)
        if isinstance(anew, Delivery):
            for article in _candidates(anew.article, damaged.article):
                if article.digest == damaged.digest:
                    return replace(anew, article=article, path=damaged.path)
    return None


def _candidates(file: Article, stored: Article | None) -> Iterator[Article]:
    """The article as the file has it, and as stored with one field of the file's: the rest was given with options."""
    yield file
    if stored:
        for field in fields(Article):
            yield replace(stored, **{field.name: getattr(file, field.name)})
        for field in fields(file.source):
            yield replace(stored, source=replace(stored.source, **{field.name: getattr(file.source, field.name)}))
