"""What a database system does for the archive, and what it gives back: SQL that both speak, and one transaction.

Queries are written once, with `?` for values, in what SQLite and PostgreSQL have in common. What SQLite has and
PostgreSQL lacks (`json_extract`, `instr`, `folded`) is made in its schema; what really differs is an `Engine`'s.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from qa.models.dates import Dates


def inserting(table: str, columns: str) -> str:
    """SQL that inserts a row into a table, with a value for each of these columns."""
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * (columns.count(',') + 1))})"


class ResultRow(Protocol):
    """A row of a result: its values by the names of its columns."""

    def __getitem__(self, key: str, /) -> Any: ...
    def keys(self) -> list[str]: ...


class Connection(Protocol):
    """A connection within a transaction; a statement gives the cursor of its database system's library."""

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Any: ...
    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Any: ...


class Lexicon(Protocol):
    """The words of the catalogue's live passages, by which they are found.

    The index `lexicon` holds all of them by their English stems, `stemmed` those that are not in English by the stems
    of their language. `enter` takes rows with `number`, `title`, `body` and `language`; `bm25` gives numbers of
    readable passages with any of the terms, the best first.
    """

    @property
    def with_phrase(self) -> str: ...  # SQL for the numbers of the articles in which a phrase stands
    def phrase(self, words: str) -> object: ...  # what stands for a phrase's words in `with_phrase`
    def enter(self, connection: Connection, articles: Sequence[ResultRow]) -> None: ...
    def leave(self, connection: Connection, article: int) -> None: ...  # by its number
    def bm25(self, terms: Sequence[str], *, limit: int, between: Dates, index: str) -> list[tuple[int, float]]: ...
    def frequency(self, term: str) -> int: ...  # in how many passages it stands, of those that readers may see
    def texts(self) -> Iterator[str]: ...  # the titles and texts of the passages that readers may see
    def differs(self, article: ResultRow, passages: Sequence[ResultRow]) -> bool: ...  # entered by other words
    def left_over(self) -> int: ...  # how many entries belong to no passage
    def clear(self, connection: Connection) -> None: ...  # empties it, and puts right what it rests on


class Engine(Protocol):
    """A database system with the tables of one book of the archive."""

    read_only: bool

    @property
    def lexicon(self) -> Lexicon: ...
    def rows(self, sql: str, values: Sequence[Any] = (), /) -> list[ResultRow]: ...
    def transaction(self) -> AbstractContextManager[Connection]: ...  # all of a block or nothing, a writer at a time
    def snapshot(self) -> AbstractContextManager[None]: ...  # all that this thread reads in it is of one moment
    def version(self) -> int: ...  # counts up when something was committed; StoreError where it can't follow
    def damage(self) -> list[str]: ...  # what its own checks find wrong, and tables that are not as they were made
    def close(self) -> None: ...

    def rows_of(self, sql: str, members: Sequence[Any], *, first: Sequence[Any] = ()) -> Iterator[ResultRow]:
        """Rows of a query that ends in `IN (…)`, for any number of members; `first` are the values before it."""

    def insert(self, connection: Connection, sql: str, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Inserts rows within a transaction; the number that each was given, in order."""

    def scrub(self, *, removed: bool = False) -> bool:
        """Leaves nothing of what was deleted in files, nor, if `removed`, in copies; False where a reader keeps it."""

    def renumber(self, connection: Connection, table: str) -> None:
        """Has a table into which rows were copied go on with the numbers after those."""
