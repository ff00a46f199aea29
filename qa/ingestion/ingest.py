"""Read → cut → annotate → encode → store, a batch at a time.

One item may take so much time of the processor: a busy machine or a slow disk makes none fail. A timer of the operating
system raises OutOfTime in the main thread. Regular expressions look for it as they go, so it ends them too; a call of
libxml2 it ends only when that returns, which is why readers bound what they hand over. Another process for every item
would end such a call as well, but would send every article through a pipe and need an encoder of its own.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import partial
from itertools import count, islice
from pathlib import Path
from types import FrameType
from typing import TypeVar

from qa.errors import OutOfTime
from qa.ingestion.reconcile import OWN_ARTICLES_ONLY, Authority, Hear, Intake
from qa.loaders.metadata import Defaults
from qa.loaders.reading import read
from qa.models.annotations import Annotations
from qa.models.archive import Article, Passage
from qa.models.deliveries import WITHIN, Delivery, Failure, FileRead, IngestReport, Record, WireNotice
from qa.protocols import DamagedArticle, Encoder, IndexedArticle, PassageVectors, Window
from qa.store.archive_store import ArchiveStore
from qa.text.annotating import VERSION, annotate
from qa.text.language import language_read
from qa.text.sentences import cut_passages

BATCH = 128
"""Articles stored in one step. A crash costs at most the encoding of one batch; larger batches were no faster."""

AGAIN = 1.0
"""Seconds after which OutOfTime is raised once more, where a library took the first one for an error of its own."""

T = TypeVar("T")
_ReadArticle = tuple[Delivery, tuple[Passage, ...], Annotations]

Progress = Callable[[int], None]  # told how many more records have been dealt with

EncodePassages = Callable[[Sequence[Window]], list[PassageVectors]]


def ingest(
    records: Iterable[Record | FileRead],
    *,
    store: ArchiveStore,
    encoder: Encoder,
    encode: EncodePassages | None = None,
    progress: Progress = lambda count: None,
    hear: Hear = lambda order: False,
    done: Callable[[Sequence[FileRead]], None] = lambda files: None,
    authority: Authority = OWN_ARTICLES_ONLY,
    item_seconds: float | None = None,
    report: IngestReport | None = None,
) -> IngestReport:
    """Stores every article that is new or changed; one that can't be read never stops the rest.

    A run with nothing to do loads no encoder; `encode` encodes in its place where several processes do. What the
    report counts as added or updated is stored for good; `done` is told of files once all of them is. An article whose
    file doesn't say its language has the one that it is recognised to be in. What names an article of another source
    is refused, unless `authority` lets it through. One that takes longer than `item_seconds` to annotate fails. The
    `report` is told of all as it goes.
    """
    started = time.perf_counter()
    annotate_outdated(store)
    report = IngestReport() if report is None else report
    intake = Intake(store, authority, report)
    for batch in batches(records, BATCH):
        arrived = [
            _in_time(partial(with_detected_language, record), record, item_seconds)
            for record in batch
            if not isinstance(record, FileRead)
        ]
        fresh, older = intake.sorted(arrived)
        # What is taken back is taken back before anything else is shown.
        intake.hear([order for record in arrived for order in _orders(record)], hear)
        if fresh:
            store.claim(encoder.fingerprint)
            encoder.count_tokens([""])  # the encoder is loaded on first use, which is no article's time
            articles = [_in_time(partial(_read, delivery, encoder), delivery, item_seconds) for delivery in fresh]
            report.failed += [article for article in articles if isinstance(article, Failure)]
            in_time = [article for article in articles if not isinstance(article, Failure)]
            indexed = _indexed(in_time, encode or encoder.encode_passages)
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
    article = record.article
    language = language_read(f"{article.source.title}\n{article.body}")
    return replace(record, article=replace(article, source=replace(article.source, language=language)))


def _in_time(work: Callable[[], T], record: Record, seconds: float | None) -> T | Failure:
    """What the work on a record gives; a Failure where that takes too long."""
    try:
        with time_limit(seconds):
            return work()
    except OutOfTime as error:
        return Failure(record.path, record.line, error.reason)


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raises OutOfTime when what is done within takes more seconds of the processor.

    Without effect where `seconds` is None, outside of the main thread, and on systems without such timers (Windows).
    """
    if seconds is None or threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    limit = seconds

    def ring(number: int, frame: FrameType | None) -> None:
        raise OutOfTime(limit)

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def in_time(records: Iterable[Record], *, place: str, seconds: float | None) -> Iterator[Record]:
    """The records read from `place`; a Failure for one that takes longer, with which they end."""
    source = iter(records)
    for number in count(1):
        try:
            with time_limit(seconds):
                record = next(source, None)
        except OutOfTime as error:
            yield Failure(place, None, f"item {number}: {error.reason}")
            return
        if record is None:
            return
        yield record


def _orders(record: Record) -> tuple[WireNotice, ...]:
    if isinstance(record, WireNotice):
        return (record,)
    return record.orders if isinstance(record, Delivery) else ()


def annotate_outdated(store: ArchiveStore) -> None:
    """Annotates anew the articles that another version of the reading annotated."""
    for part in batches(store.outdated(VERSION), BATCH):
        store.annotate({article_id: annotate(store.original(article_id)) for article_id in part})
    store.all_read_by(VERSION)


def encode_articles(deliveries: Iterable[Delivery], encoder: Encoder) -> list[IndexedArticle]:
    """Articles cut and encoded in one go; hidden ones too: an embargo ends by the clock, or by a word of the staff."""
    return _indexed([_read(delivery, encoder) for delivery in deliveries], encoder.encode_passages)


def _indexed(articles: Sequence[_ReadArticle], encode: EncodePassages) -> list[IndexedArticle]:
    vectors = iter(encode([passage_window(passage) for _, passages, _ in articles for passage in passages]))
    return [
        IndexedArticle(
            delivery.article,
            passages,
            tuple(islice(vectors, len(passages))),
            delivery.path,
            annotations,
            delivery.original,
            delivery.source,
        )
        for delivery, passages, annotations in articles
    ]


def passage_window(passage: Passage) -> Window:
    """A passage as it is encoded, its sentences as spans of its text."""
    return Window(passage.heading, passage.text, tuple(span.shifted(-passage.start) for span in passage.sentences))


def _read(delivery: Delivery, encoder: Encoder) -> _ReadArticle:
    """An article's passages and annotations, one after the other, so that its sentences are cut once."""
    return delivery, tuple(cut_passages(delivery.article, encoder.count_tokens)), annotate(delivery.article)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of that many."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


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
    if stored:
        for field in fields(Article):
            yield replace(stored, **{field.name: getattr(file, field.name)})
        for field in fields(file.source):
            yield replace(stored, source=replace(stored.source, **{field.name: getattr(file.source, field.name)}))
