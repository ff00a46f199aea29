"""What stands in where a record leaves its headline, or headline and text, empty.

Agencies deliver tables without a headline. A record that says so with an empty string knows what a title is and
has none; one without the key is of another shape, and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from qa.loaders.cleaning import clean, clean_line

MAX_WORDS = 120  # characters; few of 21,000 agency headlines are longer, the longest has 137
NO_HEADLINE = "(no headline)"
TITLE_KEYS = ("title", "headline")
TEXT_KEYS = ("text", "body")

_Record = Mapping[str, object]


def with_title(record: _Record) -> tuple[_Record, tuple[str, ...]]:
    """The record with a title that stands in for an empty one, and what a reader should know about it."""
    if not _is_left_empty(record, TITLE_KEYS):
        return record, ()
    text = next((found for key in TEXT_KEYS if (found := _text(record.get(key)))), "")
    if text:
        title = {"title": first_words(text), "title_from": "text"}
        return {**record, **title}, ("the title is empty; its first words stand in",)
    if is_blank(record):
        notice = "the record has neither headline nor text; it is kept but can't be quoted"
        return {**record, "title": NO_HEADLINE}, (notice,)
    return record, ()


def is_blank(record: _Record) -> bool:
    """Whether a record has an id, and says of headline and text that they are empty."""
    named = record.get("id") not in (None, "")
    return named and _is_left_empty(record, TITLE_KEYS) and _is_left_empty(record, TEXT_KEYS)


def first_words(text: str) -> str:
    """The first line of a text, cut behind a word."""
    line = clean_line(clean(text).split("\n")[0])
    if len(line) <= MAX_WORDS:
        return line
    cut = line[: MAX_WORDS + 1].rpartition(" ")[0]
    return (cut or line[:MAX_WORDS]).rstrip(" ,;:-–—")


def _is_left_empty(record: _Record, keys: tuple[str, ...]) -> bool:
    """One of the keys stands with an empty text, and none with anything else than nothing."""
    values = [record[key] for key in keys if record.get(key) is not None]
    return bool(values) and all(isinstance(value, str) and not _text(value) for value in values)


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""
