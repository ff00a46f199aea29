"""The archive in PostgreSQL: connections out of a bounded pool, and a store whose vectors are searched in it."""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from typing import Any

import numpy as np
import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row
from psycopg.types import TypeInfo
from psycopg_pool import ConnectionPool, PoolTimeout

from qa.errors import SettingsError, StoreBusy, StoreDamaged, StoreError, StoreFull, StoreMismatch
from qa.models.dates import ALWAYS, Dates
from qa.models.replies import Hit
from qa.protocols import IndexedArticle, Vectors
from qa.store.archive_store import ArchiveStore
from qa.store.books import CATALOGUE, JOURNAL, Book
from qa.store.engine import Connection, ResultRow
from qa.store.entries import IN_ARTICLES, READABLE, vector_bytes, vectors_of, within
from qa.store.journal.opening import Journal
from qa.store.locking import WRITER_ADVICE
from qa.store.postgres.dialect import MIGRATIONS, Statements, adapt, schema_of
from qa.store.postgres.lexicon import TsvectorLexicon

# Of a process to one book: questions wait a few milliseconds for one. A server of PostgreSQL has 100 by default.
MOST_CONNECTIONS = 6
READ_SECONDS, WRITE_SECONDS, WAIT_SECONDS = 30, 600, 30
FRESH_SECONDS = 0.5  # for which what was counted (weights of words) stands before it is asked again if somebody wrote
INDEXED_FROM = 20_000  # passages from which vectors get an index; fewer are compared one by one, exactly, in some 10 ms
SPARE = 10  # so many more are taken of PostgreSQL, which compares with the question in half precision
_CATALOGUE, _INDEX = schema_of(CATALOGUE), "passage_vectors"
_BUSY = (errors.LockNotAvailable, errors.DeadlockDetected, errors.TooManyConnections, PoolTimeout)
# Plans are made for the values at hand: a range of dates may hold all articles or three.
_SESSION = (
    f"SET statement_timeout = '{READ_SECONDS}s'; SET plan_cache_mode = force_custom_plan; SET jit = off;"
    "SET hnsw.iterative_scan = strict_order; SET hnsw.ef_search = 400; SET client_encoding = 'UTF8';"
)


class PostgresBook:
    """An `Engine`: one schema of a database; who may write makes or upgrades its tables. `name` has no password."""

    def __init__(self, address: str, *, book: Book = CATALOGUE, making: bool = True, reading: bool = False) -> None:
        self.name, self._secrets = _named(address)
        self._book, self._schema, self._local = book, schema_of(book), threading.local()
        self._asked, self._seen, self._version = 0.0, -1, 0
        self.read_only = reading
        self.lexicon = TsvectorLexicon(self)
        with self._guarded():
            self._halfvec = self._prepared(address, making=making)
            # Each is checked when it is taken: the server may have been started anew.
            self._pool = ConnectionPool(
                address, min_size=1, max_size=MOST_CONNECTIONS, timeout=WAIT_SECONDS, configure=self._configure,
                check=ConnectionPool.check_connection, open=True,
                kwargs={"autocommit": True, "row_factory": dict_row, "application_name": "archive-qa"},
            )  # fmt: skip

    def _prepared(self, address: str, *, making: bool) -> TypeInfo:
        """Brings the tables up to date. Raises StoreMismatch, and StoreError where there are none."""
        with psycopg.connect(address, autocommit=True, connect_timeout=WAIT_SECONDS) as connection:
            version = _version(connection)
            if version == 0 and not making:
                raise StoreError(f"There is no archive in {self.name}. Fill one with `qa ingest PATH`.")
            if version < len(MIGRATIONS) and not self.read_only:
                version = _upgraded(connection)
            if version != len(MIGRATIONS):
                raise StoreMismatch(
                    f"The archive in {self.name} was made by another version of archive-qa (schema {version}, this one "
                    f"knows {len(MIGRATIONS)}). Use the same version everywhere, and start one that may write it first."
                )
            halfvec = TypeInfo.fetch(connection, "halfvec")
            if halfvec is None:
                raise StoreError(f"pgvector isn't installed in {self.name}: `CREATE EXTENSION vector`.")
            return halfvec

    def _configure(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(_SESSION)
        path = sql.SQL(", ").join(map(sql.Identifier, dict.fromkeys((self._schema, _CATALOGUE, "public"))))
        connection.execute(sql.SQL("SET search_path = {}").format(path))
        adapt(connection, self._halfvec)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """PostgreSQL's errors come out as errors of the store, without the password of the address."""
        try:
            yield
        except (psycopg.Error, PoolTimeout) as error:
            raise self._as_store_error(error) from None

    def _as_store_error(self, error: Exception) -> StoreError:
        what = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        for secret in self._secrets:
            what = what.replace(secret, "…")
        if isinstance(error, (errors.DiskFull, errors.OutOfMemory, errors.ConfigurationLimitExceeded)):
            return StoreFull(f"{self.name} has no room left: nothing of this was stored ({what}).")
        if isinstance(error, (errors.DataCorrupted, errors.IndexCorrupted)):
            return StoreDamaged(f"{self.name} is damaged: {what}. Restore a backup of the database.")
        if isinstance(error, _BUSY):
            return StoreBusy(f"{self.name} is too busy just now ({what}). Try again in a minute.")
        if isinstance(error, errors.QueryCanceled):
            return StoreBusy(f"{self.name} took too long for one query, and it was given up.")
        if isinstance(error, errors.ReadOnlySqlTransaction):
            return StoreError(f"{self.name} can only be read: it is a replica. QA_DATABASE names the one to write in.")
        if isinstance(error, errors.InsufficientPrivilege):
            return StoreError(f"The user may not do that in {self.name}: {what}. docs/scale.md says what is needed.")
        if isinstance(error, psycopg.OperationalError):
            return StoreError(f"{self.name} can't be reached: {what}. Look at QA_DATABASE and at the server.")
        return StoreError(f"{self.name} can't be used: {what}. Run `qa check`.")

    def rows(self, sql: str, values: Sequence[Any] = (), /) -> list[ResultRow]:
        pinned: psycopg.Connection[Any] | None = getattr(self._local, "connection", None)
        with self._guarded(), nullcontext(pinned) if pinned else self._pool.connection() as connection:
            cursor = Statements(connection).execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def rows_of(self, sql: str, members: Sequence[Any], *, first: Sequence[Any] = ()) -> Iterator[ResultRow]:
        if members:
            yield from self.rows(sql, (*first, list(members)))

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with self._guarded(), self._pinned() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            connection.execute("SET LOCAL statement_timeout = 0")
            yield

    def version(self) -> int:
        if time.monotonic() - self._asked > FRESH_SECONDS:
            (row,) = self.rows("SELECT version FROM changes")
            self._asked = time.monotonic()
            if row["version"] != self._seen:
                self._seen, self._version = row["version"], self._version + 1
        return self._version

    @contextmanager
    def transaction(self) -> Iterator[Statements]:
        """One after the other in each book, as with SQLite: what is read in it stands until it is written."""
        with self._guarded(), self._pinned() as connection, connection.transaction():
            connection.execute(f"SET LOCAL statement_timeout = '{WRITE_SECONDS}s'")
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (self._schema,))
            yield Statements(connection)
            if self._book is CATALOGUE:
                connection.execute("UPDATE changes SET version = version + 1")
            self._asked = 0.0

    def insert(self, connection: Connection, sql: str, rows: Sequence[Sequence[Any]]) -> list[int]:
        """All are sent at once: a server elsewhere is waited for once, and not for each."""
        if not rows:
            return []
        cursor = connection.executemany(f"{sql} RETURNING number", rows)
        return [row["number"] for result in cursor.results() for row in result.fetchall()]

    @contextmanager
    def _pinned(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection, by which all that this thread asks until the block ends goes."""
        with self._pool.connection() as connection:
            self._local.connection = connection
            try:
                yield connection
            finally:
                self._local.connection = None

    @contextmanager
    def _unhurried(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection outside of transactions whose statements take as long as they take."""
        with self._guarded(), self._pool.connection() as connection:
            connection.execute("SET statement_timeout = 0")
            try:
                yield connection
            finally:
                if not connection.closed:
                    connection.execute("SELECT pg_advisory_unlock_all()")
                    connection.execute(f"SET statement_timeout = '{READ_SECONDS}s'")

    def run(self, statement: str) -> None:
        """Runs a statement that stands alone, such as VACUUM."""
        with self._unhurried() as connection:
            connection.execute(statement.encode())

    @contextmanager
    def held(self, lock: str, *, alone: bool, wait: bool) -> Iterator[bool]:
        """Holds a lock of the whole database until the block ends; False where others do, and it isn't to `wait`."""
        function = f"pg_{'' if wait else 'try_'}advisory_lock{'' if alone else '_shared'}"
        with self._unhurried() as connection:
            locking = f"SELECT {function}(hashtextextended(%s, 0)) AS locked".encode()
            row = connection.execute(locking, (f"{_CATALOGUE} {lock}",)).fetchone()
            yield wait or bool(row and row["locked"])

    def damage(self) -> list[str]:
        return []  # PostgreSQL finds it by the checksums of its pages, if it was set up with them

    def scrub(self, *, removed: bool = False) -> bool:
        if removed and self._book is CATALOGUE:
            self.run("VACUUM articles, passages, sentence_vectors, annotations, lexicon, frequencies, versions")
            self.run("VACUUM notices, awaiting, meta")
        elif self._book is JOURNAL:
            self.run("VACUUM replies, records, reviews, reports, rejected, cited")
        return True

    def renumber(self, connection: Connection, table: str) -> None:
        connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'number'), max(number)) FROM {table}")

    def close(self) -> None:
        self._pool.close()


def _named(address: str) -> tuple[str, list[str]]:
    """Which database an address means, for people, and what of it isn't for them. Raises SettingsError."""
    try:
        parts = conninfo_to_dict(address)
    except psycopg.Error:
        raise SettingsError(
            "QA_DATABASE should look like postgresql://USER:PASSWORD@HOST:5432/DATABASE, found something else."
        ) from None
    place = ":".join(str(part) for part in (parts.get("host") or "this machine", parts.get("port")) if part)
    secrets = [str(parts[name]) for name in ("password", "sslpassword") if parts.get(name)]
    return f"the database {parts.get('dbname') or ''} on {place}", [address, *secrets]


def _version(connection: psycopg.Connection[Any]) -> int:
    if connection.execute("SELECT 1 WHERE to_regclass(%s) IS NULL", (f"{_CATALOGUE}.meta",)).fetchone():
        return 0
    row = connection.execute(f"SELECT value FROM {_CATALOGUE}.meta WHERE key = 'schema'".encode()).fetchone()
    return int(row[0]) if row else 0


def _upgraded(connection: psycopg.Connection[Any]) -> int:
    """Brings the tables of both books up to date, whoever else is about to; the version that they are of then."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('qa schema', 0))")
        version = _version(connection)
        if version == 0:
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        for script in MIGRATIONS[version:]:
            connection.execute(script.encode())
        noted = "VALUES ('schema', %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        connection.execute(f"INSERT INTO {_CATALOGUE}.meta {noted}".encode(), (str(len(MIGRATIONS)),))
    return len(MIGRATIONS)


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
    """The store in a database; any number write beside each other unless `alone`. Raises StoreError, StoreBusy."""
    with closing(PostgresStore(PostgresBook(address, making=making, reading=reading))) as store:
        if not writing:
            yield store
            return
        with store.book.held("writing", alone=alone, wait=wait) as free:
            if not free:
                busy = f"The archive in {store.book.name} is being written by another process. {WRITER_ADVICE}"
                raise StoreBusy(busy)
            store.recover()
            yield store


def opened_records(address: str) -> AbstractContextManager[Journal]:
    """The journal; it is made where there is none. Raises StoreError."""
    return closing(Journal(PostgresBook(address, book=JOURNAL)))
