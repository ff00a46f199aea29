"""The document store in PostgreSQL, whose vectors are searched where they are stored, and opening it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager

import numpy as np

from qa.errors import StoreBusy
from qa.models.dates import ALWAYS, Dates
from qa.models.replies import Hit
from qa.protocols import IndexedArticle, Vectors
from qa.store.archive_store import ArchiveStore
from qa.store.engine import ResultRow
from qa.store.journal.opening import Journal
from qa.store.locking import WRITER_ADVICE
from qa.store.notices import NoticeStore
from qa.store.postgres.engine import PostgresBook
from qa.store.postgres.schema import JOURNAL
from qa.store.rows import IN_ARTICLES, READABLE, vector_bytes, vectors_of, within

INDEXED_FROM = 20_000
"""Passages from which their vectors get an index; fewer are compared one by one, exactly, in some 10 ms."""

SPARE = 10
"""So many more are taken of PostgreSQL, which compares with the question in half precision."""

_INDEX = "passage_vectors"


class PostgresStore(ArchiveStore):
    """A `DocumentStore`. Any number of processes write it, on any machine; each sees what another has committed."""

    def __init__(self, book: PostgresBook) -> None:
        super().__init__(book)
        self.book = book

    def follow(self) -> None:
        self.require_same()

    def unscrubbed_since(self) -> str:
        return "It waits to be erased." if self.unscrubbed() or self.awaiting_erasure() else ""

    def put(self, batch: Sequence[IndexedArticle]) -> None:
        super().put(batch)
        self._index_vectors()

    def finish(self, *, replaced: bool = False) -> None:
        self.erase_ordered()
        self._index_vectors()
        self.book.run("ANALYZE articles, passages, lexicon")
        if self.unscrubbed():
            self.scrub()

    def rebuild(self) -> None:
        self.book.run(f"DROP INDEX IF EXISTS {_INDEX}")
        self._index_vectors()

    def reencode(self, fingerprint: str, batches: Iterable[Sequence[IndexedArticle]]) -> None:
        for batch in batches:
            self.put_pending(batch)
        self.publish_pending({"encoder": fingerprint})
        self._vocabulary.forget()
        self.rebuild()

    def _index_vectors(self) -> None:
        """Makes the index of vectors once there are many; a process at a time, while others read and write."""
        counted = self.rows("SELECT passages FROM frequencies WHERE kind = 'lexicon' AND term = ''")
        made = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(?) AND indisvalid"
        if not counted or counted[0]["passages"] < INDEXED_FROM or self.rows(made, (_INDEX,)):
            return
        with self.book.held("indexing", alone=True, wait=False) as free:
            live = f"SELECT vector_dims(vector) AS n FROM {IN_ARTICLES} WHERE a.state = 'live' LIMIT 1"
            if free and (dimensions := self.rows(live)):
                dimension = dimensions[0]["n"]
                self.book.run(f"DROP INDEX IF EXISTS {_INDEX}")  # one that was cut off is of no use
                self.book.run(
                    f"CREATE INDEX CONCURRENTLY {_INDEX} ON passages USING hnsw"
                    f" ((CAST(vector AS halfvec({dimension}))) halfvec_cosine_ops)"
                    f" WHERE vector_dims(vector) = {dimension}"
                )

    def near(self, vector: Vectors, *, limit: int, between: Dates = ALWAYS) -> list[Hit]:
        condition, values = within(between, self.lexicon)
        dimension = len(vector)
        distance = f"CAST(p.vector AS halfvec({dimension})) <=> CAST(? AS halfvec({dimension}))"
        values += (vector_bytes(np.asarray(vector, dtype=np.float32)), limit + SPARE)
        rows: list[ResultRow] = []
        # By the index where there is one; exactly where that finds too few: a sum is no distance, and no index is used.
        for order in (distance, f"({distance}) + 0, p.number"):
            if len(rows) < limit:
                rows = self.rows(
                    f"SELECT p.number, p.vector FROM {IN_ARTICLES} WHERE {READABLE} {condition}"
                    f" AND vector_dims(p.vector) = {dimension} ORDER BY {order} LIMIT ?",
                    values,
                )
        self.require_same()
        numbers, vectors = [row["number"] for row in rows], vectors_of([row["vector"] for row in rows])
        return self.by_cosine(numbers, vectors, vector, limit=limit, between=between)


@contextmanager
def opened_store(
    address: str, *, writing: bool, making: bool = False, alone: bool = False, wait: bool = False, reading: bool = False
) -> Iterator[PostgresStore]:
    """The store in a database; `making`: tables that aren't there are made. Raises StoreError, StoreBusy.

    Any number write beside each other, but for what has to be done `alone`; of a replica there is only `reading`.
    """
    with closing(PostgresStore(PostgresBook(address, making=making, reading=reading))) as store:
        if not writing:
            yield store
            return
        with store.book.held("writing", alone=alone, wait=wait) as free:
            if not free:
                raise StoreBusy(
                    f"The archive in {store.book.name} is being written by another process. {WRITER_ADVICE}"
                )
            store.recover()
            yield store


def opened_book(address: str) -> AbstractContextManager[NoticeStore]:
    """The book of notices. Raises StoreError."""
    return closing(NoticeStore(PostgresBook(address, making=False)))


def opened_records(address: str) -> AbstractContextManager[Journal]:
    """The journal; it is made where there is none. Raises StoreError."""
    return closing(Journal(PostgresBook(address, schema=JOURNAL)))
