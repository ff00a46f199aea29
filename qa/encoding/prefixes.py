"""What some models were trained to read before a text, to tell a question from a passage."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Words put before a question and before a passage; empty where the model knows none."""

    question: str = ""
    passage: str = ""

    @property
    def mark(self) -> str:
        """What they add to a fingerprint: vectors made with others are not comparable."""
        return f":{self.question}|{self.passage}" if self.question or self.passage else ""


NONE = Prefixes()
_FAMILIES = (
    (re.compile(r"(?:^|[-_/])e5[-_](?!.*instruct)"), Prefixes("query: ", "passage: ")),
    (re.compile(r"nomic-embed"), Prefixes("search_query: ", "search_document: ")),
    (re.compile(r"snowflake-arctic-embed"), Prefixes("query: ", "")),
)
"""By the name of the model, as the cards of these families say."""


def prefixes_of(name: str, *, question: str | None = None, passage: str | None = None) -> Prefixes:
    """The prefixes of a model's family by its name, none of an unknown one; what is given goes before both."""
    known = next((prefixes for pattern, prefixes in _FAMILIES if pattern.search(name.lower())), NONE)
    return Prefixes(known.question if question is None else question, known.passage if passage is None else passage)
