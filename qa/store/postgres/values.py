"""Values of PostgreSQL as the catalogue knows them: rows by name or place, vectors as bytes, no character of no use."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from psycopg import Connection, Cursor
from psycopg.adapt import Buffer, Dumper, Loader
from psycopg.pq import Format
from psycopg.types import TypeInfo
from psycopg.types.string import StrDumperUnknown

from qa.store.rows import HalfVector

_HEAD = struct.Struct(">HH")
"""Before a vector's values: how many there are, and a field that pgvector doesn't use."""


class NamedRow:
    """A row whose values are found by their names, or by their places."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: dict[str, int], values: Sequence[Any]) -> None:
        self._places = places
        self._values = values

    def __getitem__(self, key: str | int) -> Any:
        return self._values[self._places[key] if isinstance(key, str) else key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def keys(self) -> list[str]:
        return list(self._places)


def named_rows(cursor: Cursor[Any]) -> Callable[[Sequence[Any]], NamedRow]:
    places = {column.name: place for place, column in enumerate(cursor.description or ())}
    return lambda values: NamedRow(places, values)


class _PlainText(StrDumperUnknown):
    """Text without NUL, which no text of PostgreSQL may hold: an article has none, and no word of one is it."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\ufffd"))


class _VectorDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: HalfVector) -> Buffer:
        return _HEAD.pack(len(obj) // 2, 0) + np.frombuffer(obj, dtype="<f2").byteswap().tobytes()


class _VectorLoader(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> HalfVector:
        return HalfVector(np.frombuffer(bytes(data)[_HEAD.size :], dtype="<f2").byteswap().tobytes())


def adapt(connection: Connection[Any], halfvec: TypeInfo) -> None:
    """Makes a connection take and give such values."""
    connection.adapters.register_dumper(str, _PlainText)
    dumper = type("_Dumper", (_VectorDumper,), {"oid": halfvec.oid})
    connection.adapters.register_dumper(HalfVector, dumper)
    connection.adapters.register_loader(halfvec.oid, _VectorLoader)
