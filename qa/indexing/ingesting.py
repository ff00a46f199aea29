"""read → cut → encode → annotate → shelve, a batch at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from qa.domain.annotations import Annotations
from qa.domain.archive import Article, Passage
from qa.domain.deliveries import Delivery, Failure, IngestReport
from qa.language.annotating import VERSION, annotate
from qa.language.passages import cut_passages
from qa.ports import Encoder, Shelf, Shelved

BATCH = 128
"""Articles stored in one step. A crash costs at most the encoding of one batch; larger batches were no faster."""

ERASED = "it was withdrawn and erased, and is not stored again; `qa restore ID` lets it in"

Progress = Callable[[int], None]
"""Told how many more records have been dealt with."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is remembered of an article of this run; not its text, for a run may be larger than the memory."""

    digest: str
    place: str


@dataclass
class _Tally:
    """What a run has done so far."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    passages: int = 0
    failed: list[Failure] = field(default_factory=list)
    notices: list[Failure] = field(default_factory=list)
    seen: dict[str, _Seen] = field(default_factory=dict)


def ingest(
    records: Iterable[Delivery | Failure],
    *,
    shelf: Shelf,
    encoder: Encoder,
    claim: Callable[[], None] = lambda: None,
    progress: Progress = lambda count: None,
) -> IngestReport:
    """Shelves every article that is new or changed; one that can't be read never stops the rest.

    `claim` is called before the first article is encoded, so that a run with nothing to do loads no encoder.
    What the report counts as added or updated is stored for good.
    """
    started = time.perf_counter()
    reread(shelf)
    tally = _Tally()
    claimed = False
    for batch in _batches(records):
        fresh = _fresh(batch, shelf, tally)
        if fresh and not claimed:
            claim()
            claimed = True
        shelved = shelve(fresh, encoder)
        if shelved:
            known = shelf.stored([delivery.article.article_id for delivery in fresh])
            shelf.put(shelved)
            tally.updated += len(known)
            tally.added += len(shelved) - len(known)
            tally.passages += sum(len(item.passages) for item in shelved)
        progress(len(batch))
    return IngestReport(
        added=tally.added,
        updated=tally.updated,
        unchanged=tally.unchanged,
        failed=tuple(tally.failed),
        passages=tally.passages,
        seconds=time.perf_counter() - started,
        notices=tuple(tally.notices),
    )


def reread(shelf: Shelf) -> None:
    """Annotates anew the articles that another version of the reading annotated."""
    outdated = shelf.outdated(VERSION)
    for start in range(0, len(outdated), BATCH):
        part = outdated[start : start + BATCH]
        shelf.annotate({article_id: annotate(shelf.original(article_id)) for article_id in part})
    shelf.all_read_by(VERSION)


def shelve(deliveries: list[Delivery], encoder: Encoder) -> list[Shelved]:
    """Articles cut into passages and encoded in one go.

    One that readers may not see is too: what hides it may end by the clock or by a word of the staff.
    """
    read = [_read(delivery.article, encoder) for delivery in deliveries]
    vectors = encoder.encode([passage.heading + passage.text for passages, _ in read for passage in passages])
    shelved, start = [], 0
    for delivery, (passages, said) in zip(deliveries, read, strict=True):
        end = start + len(passages)
        shelved.append(Shelved(delivery.article, passages, vectors[start:end], delivery.path, said))
        start = end
    return shelved


def _read(article: Article, encoder: Encoder) -> tuple[tuple[Passage, ...], Annotations]:
    """An article's passages and annotations, one after the other, so that its sentences are cut once."""
    return tuple(cut_passages(article, encoder.count_tokens)), annotate(article)


def _batches(records: Iterable[Delivery | Failure]) -> Iterator[list[Delivery | Failure]]:
    source = iter(records)
    while batch := list(islice(source, BATCH)):
        yield batch


def _fresh(batch: list[Delivery | Failure], shelf: Shelf, tally: _Tally) -> list[Delivery]:
    """The articles of a batch that are new or changed; the rest is counted."""
    deliveries = [record for record in batch if isinstance(record, Delivery)]
    tally.failed += [record for record in batch if isinstance(record, Failure)]
    ids = [delivery.article.article_id for delivery in deliveries]
    stored, erased = shelf.stored(ids), shelf.erased(ids)
    fresh = []
    for delivery in deliveries:
        tally.notices += [Failure(delivery.path, delivery.line, notice) for notice in delivery.notices]
        article = delivery.article
        digest, path = stored.get(article.article_id, ("", ""))
        if conflict := _conflict(delivery, tally, stored_digest=digest, stored_path=path):
            tally.failed.append(Failure(delivery.path, delivery.line, conflict))
        elif article.article_id in erased:
            tally.unchanged += 1
            tally.notices.append(Failure(delivery.path, delivery.line, ERASED))
        elif article.digest == digest or article.article_id in tally.seen:
            tally.unchanged += 1
        else:
            fresh.append(delivery)
        tally.seen.setdefault(article.article_id, _Seen(article.digest, _place(delivery)))
    return fresh


def _conflict(delivery: Delivery, tally: _Tally, *, stored_digest: str, stored_path: str) -> str | None:
    """Why the article can't have its id: another of this run has it, or a derived id is another file's."""
    article = delivery.article
    earlier = tally.seen.get(article.article_id)
    if earlier and earlier.digest != article.digest:
        return (
            f"the id {article.article_id!r} was already used in this run by {earlier.place} for a different text: "
            "give one of them another id"
        )
    another = stored_digest not in ("", article.digest) and os.path.realpath(stored_path) != os.path.realpath(
        delivery.path
    )
    if earlier is None and delivery.id_is_derived and another:
        return (
            f"the id {article.article_id!r}, made from the file's name, already belongs to {stored_path}: "
            "give this article an id of its own"
        )
    return None


def _place(delivery: Delivery) -> str:
    return delivery.path if delivery.line is None else f"{delivery.path}, line {delivery.line}"
