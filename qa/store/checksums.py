"""Checksums of rows: a bit that flips on the disk is found, whatever row it is in.

The digest of an article says that its text is as it was read; a checksum says that a row is as this program wrote it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ChecksummedTable:
    """The column that names a row of a table, and the columns that its checksum is over."""

    key: str
    columns: tuple[str, ...]


CATALOGUE: Mapping[str, ChecksummedTable] = MappingProxyType({
    # The rest of an article is in its digest; its state changes, and the table holds it to two words.
    "articles": ChecksummedTable("number", ("number", "id", "digest", "path", "original", "source", "stored_at")),
    "passages": ChecksummedTable("number", ("number", "article", "start", '"end"', "sentences", "vector")),
    "multilingual": ChecksummedTable("passage", ("passage", "vector")),
    "annotations": ChecksummedTable("article", ("article", "record")),
    "notices": ChecksummedTable(
        "number", ("number", "article_id", "kind", "text", "day", "until", "digest", "who", "at", "review_on")
    ),
    "versions": ChecksummedTable(
        "number", ("number", "article_id", "digest", "status", "record", "path", "stored_at", "replaced_at")
    ),
})  # fmt: skip
JOURNAL: Mapping[str, ChecksummedTable] = MappingProxyType({
    "reviews": ChecksummedTable(
        "number",
        ("number", "key", "question", "state", "revision", "latest", "asks", "doubt", "first_at", "last_at",
         "standing", "who", "at", "note", "reason", "changed"),
    ),
    "replies": ChecksummedTable("digest", ("digest", "answered", "reply")),
    "records": ChecksummedTable(
        "number", ("number", "answer_id", "review", "at", "channel", "question", "reply", "making", "seconds")
    ),
    "cited": ChecksummedTable("record", ("record", "place", "article_id", "digest", "text")),
    "judgements": ChecksummedTable("number", ("number", "review", "answer_id", "statement", "judgement", "who", "at")),
    "rejected": ChecksummedTable(
        "number", ("number", "review", "answer_id", "question", "article_id", "start", '"end"', "sentence")
    ),
    "reports": ChecksummedTable(
        "number", ("number", "review", "answer_id", "kind", "text", "at", "closed_at", "closed_by")
    ),
    "accounts": ChecksummedTable("name", ("name", "role", "password", "identity", "active", "made_at")),
})  # fmt: skip
_ALL = {**CATALOGUE, **JOURNAL}


def checksummed(*values: bytes | None) -> bytes:
    """A checksum of 16 bytes over columns; the catalogue's connections know it as a function of SQL."""
    checksum = hashlib.blake2b(digest_size=16)
    for value in values:
        checksum.update(b"-" if value is None else b"%d:" % len(value) + value)
    return checksum.digest()


def computed(table: str, alias: str = "") -> str:
    """SQL for the checksum that a row should have; by bytes, since damaged text may be no text."""
    prefix = f"{alias}." if alias else ""
    return f"checksummed({', '.join(f'CAST({prefix}{column} AS BLOB)' for column in _ALL[table].columns)})"


def intact(table: str, alias: str = "") -> str:
    """SQL for whether a row is as it was written."""
    prefix = f"{alias}." if alias else ""
    return f"({prefix}checksum IS {computed(table, alias)})"


def write_checksums(connection: sqlite3.Connection, table: str, where: str, values: Sequence[object]) -> None:
    """Gives rows that were just written their checksums, within the transaction that writes them."""
    connection.execute(f"UPDATE {table} SET checksum = {computed(table)} WHERE {where}", values)


@contextmanager
def changing(connection: sqlite3.Connection, table: str, where: str, values: Sequence[object]) -> Iterator[None]:
    """Rows that are changed keep a checksum that fits, but those that were damaged before stay found."""
    key = _ALL[table].key
    rows = connection.execute(f"SELECT DISTINCT {key} FROM {table} WHERE ({where}) AND {intact(table)}", values)
    keys = [row[0] for row in rows.fetchall()]
    yield
    for value in keys:
        write_checksums(connection, table, f"{key} = ?", [value])


def adding(tables: Mapping[str, ChecksummedTable]) -> str:
    """The script of a migration that gives every row of these tables a checksum."""
    return "".join(
        f"ALTER TABLE {table} ADD COLUMN checksum BLOB; UPDATE {table} SET checksum = {computed(table)};"
        for table in tables
    )
