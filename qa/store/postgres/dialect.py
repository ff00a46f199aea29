"""Queries in the words of PostgreSQL, and its values as the catalogue knows them."""

import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from psycopg import Connection, Cursor
from psycopg.adapt import Buffer, Dumper, Loader
from psycopg.pq import Format
from psycopg.types import TypeInfo
from psycopg.types.string import StrDumperUnknown

from qa.store.checksums import INTACT, SO_FAR
from qa.store.rows import HalfVector

_CHECKSUMS = re.compile(f"{re.escape(INTACT)}.*?{re.escape(SO_FAR)}", re.DOTALL)
_VALUE = re.compile(r"\?(\d*)|'[^']*'|\(…\)")
_HEAD = struct.Struct(">HH")  # before a vector's values: how many there are, and a field that pgvector doesn't use


@lru_cache(maxsize=2_000)
def _translated(query: str) -> tuple[bytes, tuple[int, ...]]:
    """A query with psycopg's signs for values, and the places of the values that it names, in order."""
    places: list[int] = []

    def value(found: re.Match[str]) -> str:
        text = found[0]
        if text.startswith("'"):
            return text
        places.append(int(found[1]) - 1 if found[1] else len(places))
        return "(%s)" if text == "(…)" else "%s"

    plain = _CHECKSUMS.sub("TRUE", query).replace("%", "%%").replace("IN (…)", "= ANY (…)")
    return _VALUE.sub(value, plain).encode(), tuple(places)


class Statements:
    """A connection within a transaction, which takes queries as they are written for every engine."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Cursor[Any]:
        text, places = _translated(sql)
        return self._connection.execute(text, [values[place] for place in places], binary=True)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Cursor[Any]:
        text, places = _translated(sql)
        cursor = self._connection.cursor()
        listed = [[row[place] for place in places] for row in rows]
        if listed:
            cursor.executemany(text, listed, returning=" RETURNING " in sql)
        return cursor


class NamedRow(dict[str, Any]):
    """A row whose values are found by their names, or by their places."""

    def __getitem__(self, key: str | int) -> Any:
        return super().__getitem__(key) if isinstance(key, str) else [*self.values()][key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values())


def named_rows(cursor: Cursor[Any]) -> Callable[[Sequence[Any]], NamedRow]:
    names = [column.name for column in cursor.description or ()]
    return lambda values: NamedRow(zip(names, values, strict=True))


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
