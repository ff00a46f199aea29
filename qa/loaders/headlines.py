"""The headline that an agency's item gets where it has none, or one that is no headline."""

from __future__ import annotations

from qa.loaders.cleaning import clean_line
from qa.loaders.fields import MAX_TITLE
from qa.loaders.stand_in import first_words


def with_headline(values: dict[str, object]) -> tuple[dict[str, object], tuple[str, ...]]:
    """The facts of an item with a `title` that its text does not repeat, and what a reader should know about it."""
    title, text = (clean_line(value) if isinstance(value := values.get(key), str) else "" for key in ("title", "text"))
    if len(title) > MAX_TITLE:
        whole = str(values.get("text") or "")
        body = whole if text.startswith(title) else f"{title}\n\n{whole}"
        return {**values, "title": first_words(title), "text": body}, (
            "the headline is a paragraph; its first words stand in",
        )
    first, _, below = str(values.get("text") or "").partition("\n\n")
    if below.strip() and title and clean_line(first).casefold() == title.casefold():
        return {**values, "text": below}, ()
    if not title and text:
        stands_in = first_words(str(values["text"]))
        return {**values, "title": stands_in, "title_from": "text"}, (
            "the item has no headline; its first words stand in",
        )
    return values, ()
