"""Checksums of rows: a bit that flips on the disk is found, whatever row it is in.

The digest of an article says that its text is as it was read; a checksum says that a row is as this program wrote it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ChecksummedTable:
    """The column that names a row of a table to people, the columns of its checksum, and the rest of its key."""

    key: str
    columns: tuple[str, ...]
    rest_of_key: tuple[str, ...] = ()

    @property
    def primary_key(self) -> tuple[str, ...]:
        return (self.key, *self.rest_of_key)


CATALOGUE: Mapping[str, ChecksummedTable] = MappingProxyType({
    # The rest of an article is in its digest; its state changes, and the table holds it to two words.
    "articles": ChecksummedTable("number", ("number", "id", "digest", "path", "original", "source", "stored_at")),
    "passages": ChecksummedTable("number", ("number", "article", "start", '"end"', "sentences", "vector")),
    "sentence_vectors": ChecksummedTable("passage", ("passage", "vectors")),
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
        ("number", "key", "question", "state", "revision", "latest", "asks", "first_at", "last_at",
         "standing", "who", "at", "note", "reason", "changed"),
    ),
    "replies": ChecksummedTable("digest", ("digest", "answered", "reply")),
    "records": ChecksummedTable(
        "number", ("number", "answer_id", "review", "at", "channel", "question", "reply", "making", "seconds", "usage")
    ),
    "cited": ChecksummedTable("record", ("record", "place", "article_id", "digest", "text"), ("place",)),
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
INTACT, SO_FAR = "/*intact*/", "/**/"
"""Marks around the SQL for whether a row is as it was written."""

_OF_BYTES = {"vector", "vectors"}
"""Columns that hold bytes; one bit tells them from text, and a checksum is over the bytes of both."""


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
    """SQL for whether a row is as it was written, between marks: an engine with checksums of its own leaves it out."""
    prefix = f"{alias}." if alias else ""
    kinds = [f"(typeof({prefix}{name}) = 'blob') = {int(name in _OF_BYTES)}" for name in _ALL[table].columns]
    return f"{INTACT}({prefix}checksum IS {computed(table, alias)} AND {' AND '.join(kinds)}){SO_FAR}"


def triggers(tables: Mapping[str, ChecksummedTable]) -> str:
    """The script by which a connection keeps the checksums of what it writes, as triggers of its own.

    A row that is changed gets a new checksum only where the old one was right, or where the change says that the row
    is good from now on, by `checksum = NULL`: what was damaged before stays found.
    """
    return "".join(_triggers(name, table) for name, table in tables.items())


def _triggers(name: str, table: ChecksummedTable) -> str:
    row = " AND ".join(f"{column} = NEW.{column}" for column in table.primary_key)
    update = f"UPDATE {name} SET checksum = {computed(name, 'NEW')} WHERE {row}"
    return f"""
        CREATE TEMP TRIGGER checksum_of_new_{name} AFTER INSERT ON {name} BEGIN {update}; END;
        CREATE TEMP TRIGGER checksum_of_changed_{name} AFTER UPDATE OF {", ".join(table.columns)} ON {name}
            WHEN NEW.checksum IS NULL OR {intact(name, "OLD")} BEGIN {update}; END;
    """


def adding(tables: Mapping[str, ChecksummedTable]) -> str:
    """The script of a migration that gives every row of these tables a checksum."""
    return "".join(
        f"ALTER TABLE {table} ADD COLUMN checksum BLOB; UPDATE {table} SET checksum = {computed(table)};"
        for table in tables
    )
