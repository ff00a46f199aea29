"""Queries as they are written, in the words of PostgreSQL and psycopg."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from qa.store.checksums import INTACT, SO_FAR

_CHECKSUMS = re.compile(f"{re.escape(INTACT)}.*?{re.escape(SO_FAR)}", re.DOTALL)
_VALUE = re.compile(r"\?(\d*)|'[^']*'|\(…\)")


@lru_cache(maxsize=2_000)
def _translated(sql: str) -> tuple[str, tuple[int, ...]]:
    """A query with psycopg's signs for values, and the places of the values that it names, in order."""
    places: list[int] = []

    def value(found: re.Match[str]) -> str:
        text = found[0]
        if text.startswith("'"):
            return text
        places.append(int(found[1]) - 1 if found[1] else len(places))
        return "(%s)" if text == "(…)" else "%s"

    plain = _CHECKSUMS.sub("TRUE", sql).replace("%", "%%").replace("IN (…)", "= ANY (…)")
    return _VALUE.sub(value, plain), tuple(places)


def translated(sql: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """A query, and its values in the order of their signs in it."""
    text, places = _translated(sql)
    return text, [values[place] for place in places]
