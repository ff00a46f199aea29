"""Copying the books of an archive from one engine to another: every row, by numbers and names that stay the same."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

from qa.errors import StoreDamaged
from qa.store.archive_store import ArchiveStore
from qa.store.database import Database
from qa.store.engine import Connection
from qa.store.rows import HalfVector
from qa.store.writer import pages_of

CATALOGUE: Mapping[str, str] = MappingProxyType({
    "articles": "number", "passages": "number", "sentence_vectors": "passage", "annotations": "article",
    "notices": "number", "versions": "number", "noted": "article_id", "heard": "article_id", "awaiting": "article_id",
    "files": "path",
})  # fmt: skip
JOURNAL: Mapping[str, str] = MappingProxyType({
    "meta": "key", "reviews": "number", "replies": "digest", "records": "number", "cited": "record",
    "judgements": "number", "rejected": "number", "reports": "number", "audit": "number", "accounts": "name",
    "sessions": "digest", "tokens": "digest", "imports": "number", "failures": "path", "repeating": "article_id",
})  # fmt: skip
"""The tables of each book by what their rows are read in the order of; a table stands behind those that it names."""

NOTED = ("encoder", "reading")
"""What the catalogue notes of the archive that holds in another engine too."""

AT_ONCE = 500
_MADE_THERE = {"checksum", "rowid"}
_YES_OR_NO = {"answered", "active"}
"""Columns that are numbers in SQLite, and no numbers in PostgreSQL."""


def copy_catalogue(source: ArchiveStore, target: ArchiveStore) -> None:
    """Copies articles, vectors and notices, in one step, and enters the words. Raises StoreError."""
    with source.snapshot(), target.transaction() as connection:
        _copy(source, connection, CATALOGUE)
        for key in NOTED:
            if (value := source.meta(key)) is not None:
                connection.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO NOTHING", (key, value))
        for articles in pages_of(connection, "state = 'live' AND damaged IS NULL"):
            target.lexicon.enter(connection, articles)
        target.renumber(connection, [table for table, key in CATALOGUE.items() if key == "number"])


def copy_journal(source: Database, target: Database) -> None:
    """Copies questions, decisions, accounts and the audit log, in one step. Raises StoreError."""
    with source.snapshot(), target.transaction() as connection:
        _copy(source, connection, JOURNAL)
        target.renumber(connection, [table for table, key in JOURNAL.items() if key == "number" and table != "audit"])


def require_same_catalogue(source: ArchiveStore, target: ArchiveStore) -> int:
    """Compares every row; how many sound articles there are. Raises StoreDamaged."""
    _require_same(source, target, CATALOGUE)
    return int(target.rows("SELECT count(*) FROM articles WHERE state = 'live' AND damaged IS NULL")[0][0])


def require_same_journal(source: Database, target: Database) -> None:
    """Raises StoreDamaged."""
    _require_same(source, target, {table: key for table, key in JOURNAL.items() if table != "meta"})


def _copy(source: Database, connection: Connection, tables: Mapping[str, str]) -> None:
    for table, key in tables.items():
        for rows in _pages(source, table, key):
            columns, signs = ", ".join(f'"{name}"' for name in rows[0]), ", ".join("?" * len(rows[0]))
            values = [list(row.values()) for row in rows]
            connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({signs})", values)


def _value(name: str, value: Any) -> Any:
    if name in _YES_OR_NO:
        return bool(value)
    return HalfVector(value) if name == "vector" else value


def _pages(source: Database, table: str, key: str) -> Iterator[list[dict[str, Any]]]:
    """All rows of a table, those with the same key together."""
    more, values = "", list[object]()
    while keys := source.rows(f'SELECT DISTINCT "{key}" AS k FROM {table} {more} ORDER BY k LIMIT {AT_ONCE}', values):
        sql = f'SELECT * FROM {table} WHERE "{key}" BETWEEN ? AND ? ORDER BY "{key}"'
        rows = source.rows(sql, (keys[0]["k"], keys[-1]["k"]))
        yield [
            {name: _value(name, value) for name, value in dict(row).items() if name not in _MADE_THERE} for row in rows
        ]
        more, values = f'WHERE "{key}" > ?', [keys[-1]["k"]]


def _require_same(source: Database, target: Database, tables: Mapping[str, str]) -> None:
    for table, key in tables.items():
        for pages in zip_longest(*(_pages(database, table, key) for database in (source, target)), fillvalue=[]):
            first, second = (sorted(repr(sorted(row.items())) for row in page) for page in pages)
            if first != second:
                raise StoreDamaged(
                    f"The rows of {table} are not the same in both archives: others write, or the first is damaged. "
                    "Run `qa check` on it."
                )
