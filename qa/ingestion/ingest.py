"""Read → cut → annotate → encode → store, a batch at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from qa.errors import OutOfTime
from qa.ingestion.reconcile import OWN_ARTICLES_ONLY, Authority, Hear, Intake
from qa.ingestion.time_limit import time_limit
from qa.models.annotations import Annotations
from qa.models.archive import Passage
from qa.models.deliveries import Delivery, Failure, FileRead, IngestReport, Record, WireNotice
from qa.protocols import Encoder, IndexedArticle, Window
from qa.store.archive_store import ArchiveStore
from qa.text.annotating import VERSION, annotate
from qa.text.language import language_read
from qa.text.passages import cut_passages

BATCH = 128
"""Articles stored in one step. A crash costs at most the encoding of one batch; larger batches were no faster."""

_Read = tuple[Delivery, tuple[Passage, ...], Annotations]

Progress = Callable[[int], None]
"""Told how many more records have been dealt with."""


def ingest(
    records: Iterable[Record | FileRead],
    *,
    store: ArchiveStore,
    encoder: Encoder,
    claim: Callable[[], None] = lambda: None,
    progress: Progress = lambda count: None,
    hear: Hear = lambda order: False,
    done: Callable[[FileRead], None] = lambda file: None,
    authority: Authority = OWN_ARTICLES_ONLY,
    item_seconds: float | None = None,
) -> IngestReport:
    """Stores every article that is new or changed; one that can't be read never stops the rest.

    `claim` is called before the first article is encoded, so that a run with nothing to do loads no encoder.
    What the report counts as added or updated is stored for good; `done` is told of a file once all of it is. An
    article whose file doesn't say its language has the one that it is recognised to be in. What names an article of
    another source is refused, unless `authority` lets it through. One that takes longer than `item_seconds` to
    annotate fails.
    """
    started = time.perf_counter()
    annotate_outdated(store)
    intake = Intake(store, authority)
    claimed = False
    for batch in _batches(records):
        read = [_with_language(record, item_seconds) for record in batch if not isinstance(record, FileRead)]
        fresh, older = intake.sorted(read)
        if intake.taken_over:
            store.reassign(intake.taken_over)
            intake.taken_over.clear()
        # What is taken back is taken back before anything else is shown.
        intake.hear([order for record in read for order in _orders(record)], hear)
        if fresh and not claimed:
            claim()
            claimed = True
        _put(_indexed(_read_in_time(fresh, encoder, item_seconds, intake), encoder), intake)
        if intake.moved:
            store.relocate(intake.moved)
            intake.moved.clear()
        for delivery in older:
            intake.older += store.keep_older(delivery.article, path=delivery.path)
        for record in batch:
            if isinstance(record, FileRead):
                done(record)
        progress(len(read))
    return IngestReport(
        added=intake.added,
        updated=intake.updated,
        unchanged=intake.unchanged,
        failed=tuple(intake.failed),
        passages=intake.passages,
        seconds=time.perf_counter() - started,
        notices=tuple(intake.notices),
        older=intake.older,
        orders=tuple(intake.orders),
    )


def with_detected_language(record: Record) -> Record:
    """A record whose article has the language it is written in, where its file says none."""
    if not isinstance(record, Delivery) or not record.language_assumed:
        return record
    article = record.article
    language = language_read(f"{article.source.title}\n{article.body}")
    return replace(record, article=replace(article, source=replace(article.source, language=language)))


def _with_language(record: Record, seconds: float | None) -> Record:
    """The record in its language; a Failure where that takes too long to recognise."""
    try:
        with time_limit(seconds):
            return with_detected_language(record)
    except OutOfTime as error:
        return Failure(record.path, record.line, error.reason)


def _read_in_time(fresh: list[Delivery], encoder: Encoder, seconds: float | None, intake: Intake) -> list[_Read]:
    """The articles with what is read of them; one that takes too long is a failure of the run, and none of it stays."""
    read: list[_Read] = []
    if fresh:
        encoder.count_tokens([""])  # the encoder is loaded on first use, which is no article's time
    for delivery in fresh:
        try:
            with time_limit(seconds):
                article_read = _read(delivery, encoder)
        except OutOfTime as error:
            intake.failed.append(Failure(delivery.path, delivery.line, error.reason))
        else:
            read.append(article_read)
    return read


def _put(indexed: list[IndexedArticle], intake: Intake) -> None:
    if not indexed:
        return
    known = intake.store.stored([item.article.article_id for item in indexed])
    intake.store.put(indexed)
    intake.updated += len(known)
    intake.added += len(indexed) - len(known)
    intake.passages += sum(len(item.passages) for item in indexed)


def _orders(record: Record) -> tuple[WireNotice, ...]:
    if isinstance(record, WireNotice):
        return (record,)
    return record.orders if isinstance(record, Delivery) else ()


def annotate_outdated(store: ArchiveStore) -> None:
    """Annotates anew the articles that another version of the reading annotated."""
    outdated = store.outdated(VERSION)
    for start in range(0, len(outdated), BATCH):
        part = outdated[start : start + BATCH]
        store.annotate({article_id: annotate(store.original(article_id)) for article_id in part})
    store.all_read_by(VERSION)


def encode_articles(deliveries: list[Delivery], encoder: Encoder) -> list[IndexedArticle]:
    """Articles cut into passages and encoded in one go.

    One that readers may not see is too: what hides it may end by the clock or by a word of the staff.
    """
    return _indexed([_read(delivery, encoder) for delivery in deliveries], encoder)


def _indexed(read: list[_Read], encoder: Encoder) -> list[IndexedArticle]:
    vectors = iter(
        encoder.encode_passages([passage_window(passage) for _, passages, _ in read for passage in passages])
    )
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
        for delivery, passages, annotations in read
    ]


def passage_window(passage: Passage) -> Window:
    """A passage as it is encoded, its sentences as spans of its text."""
    return Window(passage.heading, passage.text, tuple(span.shifted(-passage.start) for span in passage.sentences))


def _read(delivery: Delivery, encoder: Encoder) -> _Read:
    """An article's passages and annotations, one after the other, so that its sentences are cut once."""
    return delivery, tuple(cut_passages(delivery.article, encoder.count_tokens)), annotate(delivery.article)


def _batches(records: Iterable[Record | FileRead]) -> Iterator[list[Record | FileRead]]:
    source = iter(records)
    while batch := list(islice(source, BATCH)):
        yield batch
