"""Headlines for records that have none, or whose headline is a paragraph: the text's first words stand in."""

from __future__ import annotations

from collections.abc import Mapping

from qa.loaders.cleaning import clean, clean_line
from qa.loaders.fields import MAX_TITLE

MAX_WORDS = 120  # characters; few of 21,000 agency headlines are longer, the longest has 137
NO_HEADLINE = "(no headline)"
TITLE_KEYS = ("title", "headline")
TEXT_KEYS = ("text", "body")


def with_headline(values: Mapping[str, object], *, item: str = "item") -> tuple[dict[str, object], tuple[str, ...]]:
    """The values with a `title` that their `text` does not repeat, and what a reader should know about it.

    `item` is what the notice calls it.
    """
    title, text = (value if isinstance(value := values.get(key), str) else "" for key in ("title", "text"))
    title = clean_line(title)
    if len(title) > MAX_TITLE:
        body = text if clean_line(text).startswith(title) else f"{title}\n\n{text}"
        notice = "the headline is a paragraph; its first words stand in"
        return {**values, "title": first_words(title), "text": body}, (notice,)
    first, _, below = text.partition("\n\n")
    if below.strip() and title and clean_line(first).casefold() == title.casefold():
        return {**values, "text": below}, ()
    if not title and clean_line(text):
        notice = f"the {item} has no headline; its first words stand in"
        return {**values, "title": first_words(text), "title_from": "text"}, (notice,)
    return dict(values), ()


def with_title(record: Mapping[str, object]) -> tuple[Mapping[str, object], tuple[str, ...]]:
    """A record with a title where it is left empty, and what a reader should know about it."""
    if not _is_left_empty(record, TITLE_KEYS):
        return record, ()
    text = next((text for key in TEXT_KEYS if (text := _text(record.get(key)))), "")
    if text:
        title = {"title": first_words(text), "title_from": "text"}
        return {**record, **title}, ("the title is empty; its first words stand in",)
    if is_blank(record):
        notice = "the record has neither headline nor text; it is kept but can't be quoted"
        return {**record, "title": NO_HEADLINE}, (notice,)
    return record, ()


def is_blank(record: Mapping[str, object]) -> bool:
    """True if a record has an id, and says of headline and text that they are empty."""
    named = record.get("id") not in (None, "")
    return named and _is_left_empty(record, TITLE_KEYS) and _is_left_empty(record, TEXT_KEYS)


def first_words(text: str) -> str:
    """The first line of a text, cut behind a word."""
    line = clean_line(clean(text).split("\n")[0])
    if len(line) <= MAX_WORDS:
        return line
    cut = line[: MAX_WORDS + 1].rpartition(" ")[0]
    return (cut or line[:MAX_WORDS]).rstrip(" ,;:-–—")


def same_line(first: str, second: str) -> bool:
    """True if two lines say the same, whatever their white space and capitals."""
    return clean_line(first).casefold() == clean_line(second).casefold()


def _is_left_empty(record: Mapping[str, object], keys: tuple[str, ...]) -> bool:
    """True if a key stands with an empty text, and none with anything else than nothing."""
    values = [record[key] for key in keys if record.get(key) is not None]
    return bool(values) and all(isinstance(value, str) and not _text(value) for value in values)


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""
