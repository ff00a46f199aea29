"""Copying the books of an archive from one engine to another: every row, by numbers and names that stay the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

import numpy as np

from qa.errors import StoreDamaged
from qa.store.archive_store import ArchiveStore
from qa.store.database import Database
from qa.store.engine import Connection, ResultRow
from qa.store.rows import HalfVector
from qa.store.writer import index_words, pages_of

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
            index_words(connection, target.lexicon, articles)
        target.renumber(connection, [name for name, key in CATALOGUE.items() if key == "number"])


def copy_journal(source: Database, target: Database) -> None:
    """Copies questions, decisions, accounts and the audit log, in one step. Raises StoreError."""
    with source.snapshot(), target.transaction() as connection:
        _copy(source, connection, JOURNAL)
        target.renumber(connection, [name for name, key in JOURNAL.items() if key == "number" and name != "audit"])


def _copy(source: Database, connection: Connection, tables: Mapping[str, str]) -> None:
    for table, key in tables.items():
        for rows in _pages(source, table, key):
            names = [name for name in rows[0].keys() if name not in _MADE_THERE]  # noqa: SIM118
            columns, signs = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
            connection.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({signs})",
                [[_value(name, row[name]) for name in names] for row in rows],
            )


def _value(name: str, value: Any) -> Any:
    if name in _YES_OR_NO:
        return bool(value)
    return HalfVector(value) if name == "vector" else value


def _pages(source: Database, table: str, key: str) -> Iterator[list[ResultRow]]:
    """All rows of a table, those with the same key together."""
    more, values = "", list[object]()
    while keys := source.rows(f'SELECT DISTINCT "{key}" AS k FROM {table} {more} ORDER BY k LIMIT {AT_ONCE}', values):
        yield source.rows(
            f'SELECT * FROM {table} WHERE "{key}" BETWEEN ? AND ? ORDER BY "{key}"', (keys[0]["k"], keys[-1]["k"])
        )
        more, values = f'WHERE "{key}" > ?', [keys[-1]["k"]]


def require_same_catalogue(source: ArchiveStore, target: ArchiveStore) -> int:
    """Compares every article, its passages and their vectors; how many there are. Raises StoreDamaged."""
    count = 0
    for first, second in zip_longest(source.each_article(), target.each_article()):
        if first != second:
            article = (first or second)[0]
            raise StoreDamaged(f"{article.article_id} is not the same in both archives. Run `qa check` on the first.")
        count += 1
    numbers = source.numbers()
    for start in range(0, len(numbers), AT_ONCE):
        part = numbers[start : start + AT_ONCE]
        vectors, others = (_by_number(store, part) for store in (source, target))
        if vectors.keys() != others.keys() or any(not np.array_equal(vectors[n], others[n]) for n in vectors):
            raise StoreDamaged("Vectors are not the same in both archives. Run `qa check` on the first.")
    _require_same_counts(source, target, CATALOGUE)
    return count


def require_same_journal(source: Database, target: Database) -> None:
    """Raises StoreDamaged."""
    _require_same_counts(source, target, JOURNAL)
    last = "SELECT chained FROM audit ORDER BY number DESC LIMIT 1"
    if [row["chained"] for row in source.rows(last)] != [row["chained"] for row in target.rows(last)]:
        raise StoreDamaged("The audit log is not the same in both archives. Run `qa audit verify` on the first.")


def _by_number(store: ArchiveStore, numbers: Sequence[int]) -> dict[int, Any]:
    found, vectors = store.vectors(numbers)
    return dict(zip(found, vectors, strict=True))


def _require_same_counts(source: Database, target: Database, tables: Mapping[str, str]) -> None:
    for table in tables:
        counted = [database.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for database in (source, target)]
        if table != "meta" and counted[0] != counted[1]:
            raise StoreDamaged(f"{counted[0]} rows of {table} were copied, and {counted[1]} are there: others write.")
