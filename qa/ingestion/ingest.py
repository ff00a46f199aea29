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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from functools import partial
from itertools import count, islice
from pathlib import Path
from types import FrameType
from typing import TypeVar

from qa.errors import Damaged, OutOfTime
from qa.ingestion.printed_corrections import PrintedCorrections
from qa.loaders.reading import read
from qa.models.annotations import Annotations
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
from qa.store.notices import LOOKED_THROUGH
from qa.text.annotating import VERSION, annotate
from qa.text.language import language_read
from qa.text.sentences import cut_passages

BATCH = 128  # articles stored in one step: what a crash costs the encoding of; larger batches were no faster
AGAIN = 1.0  # seconds after which OutOfTime is raised once more: a library may take the first for an error of its own

T = TypeVar("T")
Owned = TypeVar("Owned", Delivery, WireNotice)
Progress = Callable[[int], None]  # told how many more records have been dealt with
EncodePassages = Callable[[Sequence[Window]], list[PassageVectors]]


def with_detected_language(record: Record) -> Record:
    """A record whose article has the language it is written in, where its file says none."""
    if not isinstance(record, Delivery) or not record.language_assumed:
        return record
    source = record.article.source
    language = language_read(f"{source.title}\n{record.article.body}")
    return replace(record, article=replace(record.article, source=replace(source, language=language)))


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


@dataclass
class _Batch:
    """What is to be done with the records of a batch: articles by id, `moved` and `taken_over` with path and source."""

    fresh: dict[str, Delivery] = field(default_factory=dict)
    older: list[Delivery] = field(default_factory=list)  # versions of articles that are held in a newer one
    moved: dict[str, str] = field(default_factory=dict)
    taken_over: dict[str, str] = field(default_factory=dict)
    orders: list[WireNotice] = field(default_factory=list)


@dataclass
class Ingestion:
    """A run that stores every article that is new or changed; one that can't be read never stops the rest.

    One with nothing to do loads no encoder; `encode` encodes in its place where several processes do. What the `report`
    counts as added or updated is stored for good. Articles that take longer than `item_seconds` to annotate fail.
    A source acts on its own articles alone, its notices on those of the sources that `notices_for` has for it too.
    """

    store: ArchiveStore
    encoder: Encoder
    encode: EncodePassages | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)  # what the ids of each listed source begin with
    notices_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confirm: Callable[[Collision], bool] = lambda collision: False  # whether it is to be let through
    hear: Callable[[WireNotice], bool] = lambda order: False  # takes what an item says of another; whether it was new
    progress: Progress = lambda count: None
    item_seconds: float | None = None
    report: IngestReport = field(default_factory=IngestReport)
    opened: list[str] = field(default_factory=list)  # paths of all that was read
    _seen: dict[str, _Seen] = field(default_factory=dict)

    def read(self, place: str, records: Iterator[Record]) -> Iterator[Record]:
        """The records of the file at `place`; a Failure for one that takes longer to read, with which they end."""
        self.opened.append(place)
        for number in count(1):
            try:
                with _time_limit(self.item_seconds):
                    record = next(records, None)
            except OutOfTime as error:
                yield Failure(place, None, f"item {number}: {error.reason}")
                return
            if record is None:
                return
            yield record

    def _annotated(self, article_ids: Iterable[str]) -> Iterator[tuple[str, Annotations]]:
        """Articles as they are read now, but those that are damaged, of which `qa check` tells."""
        for article_id in article_ids:
            with suppress(Damaged):
                yield article_id, annotate(self.store.original(article_id))

    def run(
        self, records: Iterable[Record | FileRead], *, done: Callable[[Sequence[FileRead]], None] = lambda files: None
    ) -> IngestReport:
        """Takes in the records; `done` is told of files once all of them is stored."""
        started = time.perf_counter()
        store, report = self.store, self.report
        for part in batches(store.outdated(VERSION), BATCH):  # another version of the reading annotated them
            store.annotate(dict(self._annotated(part)))
        store.all_read_by(VERSION)
        for items in batches(records, BATCH):
            in_files = [item for item in items if not isinstance(item, FileRead)]
            arrived = [_in_time(partial(with_detected_language, item), item, self.item_seconds) for item in in_files]
            batch = self._sorted(arrived)
            # What is taken back is taken back before anything else is shown.
            for order in batch.orders:
                self._pass_on(order)
            if batch.fresh:
                self._put(list(batch.fresh.values()))
            report.older += sum(store.keep_older(delivery.article, path=delivery.path) for delivery in batch.older)
            if read_to_end := [item for item in items if isinstance(item, FileRead)]:
                done(read_to_end)
            self.progress(len(arrived))
        self._hear_printed()
        report.seconds += time.perf_counter() - started
        return report

    def _sorted(self, records: Sequence[Record]) -> _Batch:
        """What is to be done with a batch; all the rest is noted in the report."""
        batch, report = _Batch(), self.report
        ids = [record.article.article_id for record in records if isinstance(record, Delivery)]
        stored, erased, owners = self.store.stored(ids), self.store.erased(ids), self.store.owners(ids)
        for record in records:
            match record:
                case Failure():
                    report.failed.append(record)
                case Remark():
                    report.notices.append(record)
                case WireNotice():
                    batch.orders.append(record)
                case Delivery(article=article):
                    name = article.article_id
                    batch.orders += record.orders
                    report.notices += [Remark(record.path, record.line, notice) for notice in record.notices]
                    for delivery in self._admitted(record, stored.get(name), self._owner(name, owners), batch):
                        if name in erased:
                            report.unchanged += 1
                            notice = "it was withdrawn and erased, and is not stored again; `qa restore ID` lets it in"
                            report.notices.append(Remark(record.path, record.line, notice))
                        else:
                            self._sort(delivery, stored.get(name), batch)
        if batch.taken_over:
            self.store.reassign(batch.taken_over)
        if batch.moved:
            self.store.relocate(batch.moved)
        return batch

    def _put(self, fresh: Sequence[Delivery]) -> None:
        """Cuts, annotates, encodes and stores articles."""
        self.store.claim(self.encoder.fingerprint)
        self.encoder.count_tokens([""])  # the encoder is loaded on first use, which is no article's time
        cut = [_in_time(partial(_cut, delivery, self.encoder), delivery, self.item_seconds) for delivery in fresh]
        self.report.failed += [article for article in cut if isinstance(article, Failure)]
        in_time = [article for article in cut if not isinstance(article, Failure)]
        indexed = _with_vectors(in_time, self.encode or self.encoder.encode_passages)
        known = self.store.stored([article.article.article_id for article in indexed])
        self.store.put(indexed)
        self.report.updated += len(known)
        self.report.added += len(indexed) - len(known)
        self.report.passages += sum(len(article.passages) for article in indexed)

    def _pass_on(self, order: WireNotice) -> None:
        """Passes on what an item says of another one, but for what only another source may say."""
        # It may mean an article of several sources, which has another id in each.
        sources = (order.source, *self.notices_for.get(order.source, ()))
        ids = [self.prefixes.get(source, "") + order.article_id for source in sources]
        targets = [replace(order, source=source, article_id=name) for source, name in zip(sources, ids, strict=True)]
        owners, stored = self.store.owners(ids), self.store.stored(ids)
        heeded = [target for target in targets if self._owner(target.article_id, owners) in (None, target.source)]
        if not heeded:
            first, owner = targets[0], self._owner(ids[0], owners) or ""
            collision = Collision(ids[0], first.source, owner, notice=first.kind.value)
            heeded = self._let_through(first, collision, stored.get(ids[0]))
        self.report.orders += [target for target in heeded if self.hear(target)][:1]

    def _hear_printed(self) -> None:
        """Passes on the corrections that stand in articles which nobody looked through for them yet."""
        newest, seen = self.store.newest_article(), int(self.store.meta(LOOKED_THROUGH) or 0)
        if newest > seen:
            for article_id, orders in PrintedCorrections(self.store).found(after=seen):
                self.store.unsay_all_but(article_id, orders)
                self.report.orders += filter(self.hear, orders)
            self.store.set_meta(**{LOOKED_THROUGH: str(newest)})

    def _owner(self, article_id: str, owners: Mapping[str, str]) -> str | None:
        """The source that an id belongs to: in this run, or from before."""
        earlier = self._seen.get(article_id)
        return earlier.source if earlier else owners.get(article_id)

    def _let_through(self, record: Owned, collision: Collision, stored: Stored | None) -> list[Owned]:
        """What names an article of another source, under that, where it may; else it is a failure."""
        collision = replace(collision, held_at=stored.path if stored else "")
        if self.confirm(collision):
            return [replace(record, source=collision.owner)]
        self.report.failed.append(Failure(record.path, record.line, collision.reason))
        return []

    def _admitted(self, delivery: Delivery, stored: Stored | None, owner: str | None, batch: _Batch) -> list[Delivery]:
        """A delivery under the source that its id belongs to; empty where that is another one."""
        if owner is None or owner == delivery.source:
            return [delivery]
        name = delivery.article.article_id
        # A listed source takes over articles of the files that it reads, where their owner is listed no longer.
        is_listed = delivery.source != BY_HAND and owner not in self.prefixes
        if is_listed and stored and _is_same_place(stored.path, delivery.path):
            batch.taken_over[name] = delivery.source
            return [delivery]
        newest = self._seen.get(name) or stored
        if newest and newest.digest == delivery.article.digest:
            self.report.unchanged += 1
            return []
        return self._let_through(delivery, Collision(name, delivery.source, owner), newest)

    def _sort(self, delivery: Delivery, stored: Stored | None, batch: _Batch) -> None:
        article, place = delivery.article, place_text(delivery.path, delivery.line)
        arrived = _Seen(article.digest, place, article.metadata, article.source.kind, source=delivery.source)
        earlier = self._seen.get(article.article_id)
        newest = earlier or stored
        if newest and article.digest == newest.digest:
            self.report.unchanged += 1
            # Two files of the same article are not a move.
            if stored and stored.path != delivery.path and not os.path.exists(stored.path.partition(WITHIN)[0]):
                batch.moved[article.article_id] = delivery.path
        elif newest and article.source.kind == TEASER != newest.kind:
            self.report.unchanged += 1  # a feed tells less of it than is held
        elif newest and article.metadata.precedes(newest.metadata):
            batch.older.append(delivery)
            return
        elif conflict := _conflict(delivery, earlier, stored):
            self.report.failed.append(Failure(delivery.path, delivery.line, conflict))
            return
        else:
            if replaced := batch.fresh.pop(article.article_id, None):
                batch.older.append(replaced)
            batch.fresh[article.article_id] = delivery
            self._seen[article.article_id] = arrived
            dropped = _dropped(article, stored) if stored else ()
            self.report.notices += [Remark(delivery.path, delivery.line, notice) for notice in dropped]
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


def _dropped(article: Article, stored: Stored) -> Iterator[str]:
    """What an article's file no longer says of it, which counts from now on."""
    if stored.withdrawn and article.withdrawal is None:
        yield "its file no longer withdraws it: readers see it again, if nothing else keeps it from them"
    if not stored.corrections <= {correction.text for correction in article.source.corrections}:
        yield "its file no longer has a correction that it had, in the same words"


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
    return next((delivery for delivery in _candidates(damaged) if delivery.article.digest == damaged.digest), None)


def _candidates(damaged: DamagedArticle) -> Iterator[Delivery]:
    """Earlier texts, what the file has, and what is stored with one field of the file's."""
    yield from (Delivery(article, damaged.path) for article in damaged.earlier)
    file, stored = Path(damaged.path.partition(WITHIN)[0]), damaged.article
    for record in read(file) if damaged.path and file.is_file() else ():
        anew = with_detected_language(replace(record, path=damaged.path))
        if not isinstance(anew, Delivery):
            continue
        yield anew
        if stored:  # all but one field may have been given with options
            for field in fields(stored):
                yield replace(anew, article=replace(stored, **{field.name: getattr(anew.article, field.name)}))
            for field in fields(stored.source):
                source = replace(stored.source, **{field.name: getattr(anew.article.source, field.name)})
                yield replace(anew, article=replace(stored, source=source))
