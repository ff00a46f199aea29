"""SQLite as the engine: a file, its transactions, lexical indexes and errors; and what is kept in a book."""

import logging
import os
import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakSet

from qa.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, StoreMismatch
from qa.models.archive import moment_text
from qa.models.dates import ALWAYS, Dates
from qa.store.books import CATALOGUE, Book, checksummed, triggers
from qa.store.engine import Connection, Engine, ResultRow
from qa.store.entries import HIDDEN_NUMBERS, READABLE_NUMBERS, folded, stemmed, within
from qa.text.language import DEFAULT, primary

DISK_FULL = "The disk is full: nothing of this batch was stored. Free some space and run it again."
WAY_ON = "Restore a backup, or take what can be read of it into a new archive: `qa salvage FOLDER`."

INDEXES = ("lexicon", "stemmed")

_MANY = 500  # values bound in one statement; SQLite's oldest limit is 999
_WRITING = (
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
    # Each thread of a server has a connection of its own to each file, up to forty of them: 16 MiB for each were more
    # than a gigabyte. What isn't here is in the system's cache of files.
    "PRAGMA cache_size = -4096;"
)

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _ThreadConnection:
    """A thread's connection, closed when the thread has ended: alone it would wait for the collection of garbage."""

    connection: sqlite3.Connection
    keeps_checksums: bool = False

    def __del__(self) -> None:
        self.connection.close()


def _prepare(connection: sqlite3.Connection, script: str) -> None:
    """Run the statements that a connection begins with; SQLite doesn't wait where two make a file WAL at once."""
    until = time.monotonic() + 5
    while True:
        try:
            connection.executescript(script)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)


class SqliteFile:
    """An `Engine`: one file, brought up to date by whoever opens it; a connection per thread."""

    def __init__(self, path: Path, book: Book = CATALOGUE) -> None:
        self._path, self._book, self._title = path, book, f"The {book.name} {path}"
        self.lexicon = FtsLexicon(self)
        self._local, self._watching = threading.local(), threading.Lock()
        self._connections: WeakSet[_ThreadConnection] = WeakSet()
        self._watch: sqlite3.Connection | None = None
        self._version, self._seen = 0, -1
        self.read_only = not writable(path)
        with self._guarded() as connection:
            if self.read_only:
                self._require_current(connection)
            else:
                self._migrate(connection)

    def _of_thread(self) -> _ThreadConnection:
        opened: _ThreadConnection | None = getattr(self._local, "opened", None)
        if opened is None:
            opened = _ThreadConnection(connected(self._path, read_only=self.read_only))
            _prepare(opened.connection, "PRAGMA query_only = ON" if self.read_only else _WRITING)
            self._local.opened = opened
            self._connections.add(opened)
        return opened

    @contextmanager
    def _guarded(self) -> Iterator[sqlite3.Connection]:
        """The connection; the database's own errors come out as errors of the store."""
        try:
            yield self._of_thread().connection
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._as_store_error(error) from error

    def _as_store_error(self, error: sqlite3.Error | UnicodeDecodeError) -> StoreError:
        file, code = self._title, getattr(error, "sqlite_errorcode", 0) & 0xFF
        if isinstance(error, UnicodeDecodeError):  # the words of SQLite's error hold a name that is damaged
            return StoreDamaged(f"{file} can't be used: a name in it is damaged. {WAY_ON}")
        if "locked" in str(error):
            return StoreBusy(f"{file} is being written by another process. Try again in a minute.")
        if code == sqlite3.SQLITE_FULL or "disk is full" in str(error):
            return StoreFull(DISK_FULL)
        what = f"{file} can't be used: {error}."
        # Of the disk, and nothing about what is in the file.
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return StoreError(f"{what} Look at the disk and at who may read and write the file.")
        return StoreDamaged(f"{what} {WAY_ON}")

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self._guarded() as connection:
            if not self._of_thread().keeps_checksums:
                connection.executescript(triggers(self._book.tables))
                self._of_thread().keeps_checksums = True
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with self._guarded() as connection:
            connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")

    def version(self) -> int:
        with self._watching, self._guarded():
            if self.read_only:
                seen = self._path.stat().st_mtime_ns
            else:
                # A connection is told of what others commit, not of its own writing: this one never writes.
                self._watch = self._watch or connected(self._path)
                (seen,) = self._watch.execute("PRAGMA data_version").fetchone()
            if self._seen != seen:
                if self.read_only and self._version:
                    raise StoreError(
                        f"{self._title} was written, and this process may not write it, so that it "
                        "can't follow. Start it as a user who may write the archive's folder."
                    )
                self._seen, self._version = seen, self._version + 1
            return self._version

    def rows(self, sql: str, values: Sequence[Any] = (), /) -> list[ResultRow]:
        with self._guarded() as connection:
            return connection.execute(sql, values).fetchall()

    def rows_of(self, sql: str, members: Sequence[Any], *, first: Sequence[Any] = ()) -> Iterator[ResultRow]:
        for start in range(0, len(members), _MANY):
            part = members[start : start + _MANY]
            yield from self.rows(sql.replace("(…)", f"({','.join('?' * len(part))})"), (*first, *part))

    def damage(self) -> list[str]:
        checked = self.rows("PRAGMA integrity_check")
        lines = [line for row in checked for line in str(row["integrity_check"]).splitlines()]
        orphans = Counter(row["table"] for row in self.rows("PRAGMA foreign_key_check"))
        lines += [f"{count} rows of {table} belong to nothing" for table, count in sorted(orphans.items())]
        with closing(connected(":memory:")) as fresh, self._guarded() as connection:
            self._migrate(fresh)
            expected, present = _definitions(fresh), _definitions(connection)
        lines += [f"{name} is not as it was made" for name, sql in expected.items() if present.get(name) != sql]
        return [line for line in lines if line != "ok"]

    def _require_current(self, connection: sqlite3.Connection) -> None:
        """Raises StoreError where a file that can't be written would have to be."""
        log = self._path.with_name(f"{self._path.name}-wal")
        if version_of(connection) != self._book.version or (log.exists() and log.stat().st_size):
            raise StoreError(
                f"{self._title} can't be written, and was made by another version of archive-qa or "
                "not closed. Copy the archive to a disk that can be written, run `qa check` there (and `qa reencode`, "
                "if it says so), and copy it back."
            )

    def _migrate(self, connection: sqlite3.Connection) -> None:
        """Brings a file of any earlier version to the newest, after it was copied. Raises StoreMismatch."""
        version, newest = version_of(connection), self._book.version
        if version > newest:
            raise StoreMismatch(
                f"This archive was made by a newer version of archive-qa ({self._book.name} {version}, this one knows "
                f"{newest}). Upgrade archive-qa, or set QA_HOME to another folder."
            )
        if 0 < version < newest:
            self._copy(version)
        for number, script in enumerate(self._book.migrations[version:], start=version + 1):
            try:
                connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")
            except sqlite3.OperationalError:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if version_of(connection) < number:  # otherwise another process, opening at the same time, was first
                    raise

    def copy(self, target: Path) -> None:
        with self._guarded() as connection, closing(sqlite3.connect(target)) as copied_file:
            connection.backup(copied_file)

    def _copy(self, version: int) -> None:
        """Copies the file before it is brought up to date. Raises StoreFull, StoreError."""
        copy = self._path.with_name(f"{self._path.stem}-v{version}{self._path.suffix}")
        unfinished = copy.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        try:
            self.copy(unfinished)
            with closing(sqlite3.connect(unfinished)) as copied_file:
                if version_of(copied_file) != version:  # another process, opening at the same time, was first
                    return
            unfinished.replace(copy)
        finally:
            unfinished.unlink(missing_ok=True)
        _log.warning(
            "The %s is brought up to date for this version of archive-qa. As it was, it is kept in %s; delete that "
            "when all is well.",
            self._book.name,
            copy,
        )

    def insert(self, connection: Connection, sql: str, rows: Sequence[Sequence[Any]]) -> list[int]:
        return [connection.execute(f"{sql} RETURNING number", row).fetchone()[0] for row in rows]

    def renumber(self, connection: Connection, table: str) -> None:
        """SQLite does by itself."""

    def scrub(self, *, removed: bool = False) -> bool:
        """Where something was `removed`, writes the catalogue anew, and deletes copies of the file as it was before."""
        if self._book is CATALOGUE:
            for index in INDEXES:  # else words of what was taken out stay in them
                self.rows(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
            if removed:
                self.rows("VACUUM")
        if removed:
            for copy in self._path.parent.glob(f"{self._path.stem}-v*{self._path.suffix}"):
                copy.unlink(missing_ok=True)
        return not self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0]["busy"]

    def close(self) -> None:
        for connection in [*(opened.connection for opened in self._connections), self._watch]:
            if connection:
                connection.close()
        self._connections.clear()
        self._watch, self._local = None, threading.local()


class Database:
    """What is kept in one book of the archive, in a file of SQLite or whatever engine."""

    def __init__(self, place: Path | Engine) -> None:
        self.engine: Engine = SqliteFile(place) if isinstance(place, Path) else place
        self.lexicon, self.read_only = self.engine.lexicon, self.engine.read_only
        self.rows, self.rows_of, self.transaction = self.engine.rows, self.engine.rows_of, self.engine.transaction

    def number(self, sql: str, values: Sequence[Any] = ()) -> int:
        """The number that a query gives by the name of `n`."""
        return int(self.rows(sql, values)[0]["n"])

    def meta(self, key: str) -> str | None:
        rows = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0]["value"] if rows else None

    def write(self, sql: str, rows: Iterable[Sequence[Any]] = ((),)) -> None:
        """Runs one statement with each of these rows of values, as one transaction."""
        with self.transaction() as connection:
            connection.executemany(sql, list(rows))

    def close(self) -> None:
        self.engine.close()


def version_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def writable(path: Path) -> bool:
    """Whether a file and its folder can be written; SQLite needs both. One that isn't there yet is made."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def connected(path: Path | str, *, read_only: bool = False) -> sqlite3.Connection:
    # Nobody can write what can't be written: SQLite needs no locks, which would be files beside it.
    place = f"{Path(path).absolute().as_uri()}?mode=ro&immutable=1" if read_only else path
    connection = sqlite3.connect(place, timeout=30, isolation_level=None, check_same_thread=False, uri=read_only)
    connection.row_factory = sqlite3.Row
    # Where a bit flipped in some text it is read with a mark in that place, which no digest fits.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    connection.create_function("folded", 1, folded, deterministic=True)
    connection.create_function("stemmed", 2, stemmed, deterministic=True)
    connection.create_function("checksummed", -1, checksummed, deterministic=True)
    connection.create_function("utc_now", 0, lambda: moment_text(datetime.now(UTC)))
    return connection


def integrity_problems(path: Path) -> list[str]:
    """What SQLite's own check finds wrong with a file."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("PRAGMA integrity_check").fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter where a damaged name stands in the former
        return [f"{path.name}: {error}"]
    return [f"{path.name}: {row[0]}" for row in rows if row[0] != "ok"]


def _definitions(connection: sqlite3.Connection) -> dict[str, str]:
    """Tables, indexes and views as they were made, but for white space, comments and what FTS5 adds."""
    sql = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger' ORDER BY type, name"
    rows = connection.execute(sql).fetchall()
    virtual = tuple(f"{row['name']}_" for row in rows if row["sql"].startswith("CREATE VIRTUAL"))
    return {
        f"{row['type']} {row['name']}": re.sub(r"--.*|\s", "", row["sql"])
        for row in rows
        if not row["name"].startswith(virtual or "\0")
    }


class FtsLexicon:
    """A `Lexicon`. One that is damaged finds nothing: vectors still do."""

    with_phrase = "(SELECT article FROM passages WHERE number IN (SELECT rowid FROM lexicon WHERE lexicon MATCH ?))"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._logged = False

    def phrase(self, words: str) -> str:
        return _match([words])

    def enter(self, connection: Connection, articles: Sequence[ResultRow]) -> None:
        for article in articles:
            sql = 'SELECT number, start, "end" FROM passages WHERE article = ?'
            spans = connection.execute(sql, (article["number"],)).fetchall()
            texts = [(span["number"], article["title"], article["body"][span["start"] : span["end"]]) for span in spans]
            connection.executemany("INSERT INTO lexicon (rowid, title, text) VALUES (?, ?, ?)", texts)
            if primary(article["language"]) != DEFAULT:
                connection.executemany(
                    "INSERT INTO stemmed (rowid, title, text) VALUES (?1, stemmed(?2, ?4), stemmed(?3, ?4))",
                    [(*text, article["language"]) for text in texts],
                )

    def leave(self, connection: Connection, article: int) -> None:
        for index in INDEXES:
            passages = "SELECT number FROM passages WHERE article = ?"
            connection.execute(f"DELETE FROM {index} WHERE rowid IN ({passages})", (article,))

    def bm25(self, terms: Sequence[str], *, limit: int, between: Dates, index: str) -> list[tuple[int, float]]:
        condition, values = within(between, self)
        # Few are hidden, so leaving them out is quicker than looking for all others.
        chosen = f"NOT IN ({HIDDEN_NUMBERS})" if between == ALWAYS else f"IN ({READABLE_NUMBERS} {condition})"
        # The plus keeps SQLite from asking the lexicon once for each number: 1.5 s instead of 8 ms for 6,000 passages.
        matching = f"{index} MATCH ? AND +rowid {chosen} ORDER BY rank LIMIT ?"
        sql = f"SELECT rowid AS number, -rank AS score FROM {index} WHERE {matching}"
        return [(row["number"], row["score"]) for row in self._rows(sql, (_match(terms), *values, limit))]

    def frequency(self, term: str) -> int:
        sql = f"SELECT count(*) AS n FROM lexicon WHERE lexicon MATCH ? AND rowid NOT IN ({HIDDEN_NUMBERS})"
        return sum(row["n"] for row in self._rows(sql, (_match([term]),)))

    def texts(self) -> Iterator[str]:
        at, some = -1, f"rowid > ? AND rowid NOT IN ({HIDDEN_NUMBERS}) ORDER BY rowid LIMIT 1000"
        while rows := self._rows(f"SELECT rowid AS number, title, text FROM lexicon WHERE {some}", (at,)):
            yield from (f"{row['title']}\n{row['text']}" for row in rows)
            at = rows[-1]["number"]

    def differs(self, article: ResultRow, passages: Sequence[ResultRow]) -> bool:
        title, body = article["title"], article["body"]
        texts = {row["number"]: (title, body[row["start"] : row["end"]]) for row in passages}
        words = "SELECT rowid AS number, title, text FROM lexicon WHERE rowid IN (…)"
        try:
            entries = self._engine.rows_of(words, list(texts))
            return texts != {row["number"]: (row["title"], row["text"]) for row in entries}
        except StoreDamaged:  # the check of the file tells of it
            return False

    def left_over(self) -> int:
        sql = "SELECT count(*) AS n FROM lexicon WHERE rowid NOT IN (SELECT number FROM passages)"
        return int(self._engine.rows(sql)[0]["n"])

    def clear(self, connection: Connection) -> None:
        connection.execute("REINDEX")
        definitions = f"SELECT name, sql FROM sqlite_master WHERE name IN {INDEXES!r}"
        for name, sql in connection.execute(definitions).fetchall():
            connection.execute(f"DROP TABLE {name}")
            connection.execute(sql)

    def _rows(self, sql: str, values: Sequence[object]) -> list[ResultRow]:
        try:
            return self._engine.rows(sql, values)
        except StoreDamaged as error:
            if not self._logged:
                self._logged = True
                _log.error("Words can't be looked up: %s", error)
            return []


def _match(terms: Sequence[str]) -> str:
    """A query for any of the terms; quoted, so that none is read as an operator."""
    return " OR ".join('"' + term.replace('"', "") + '"' for term in terms)
