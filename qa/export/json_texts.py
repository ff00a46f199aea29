"""Many articles as JSON, in pieces: one object a line, or one array of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from qa.models.archive import Article

Text = Callable[[Article], str]
"""One article as a JSON object without a line break in it."""


def lines(text: Text, articles: Iterable[Article]) -> Iterator[str]:
    """Objects one a line."""
    for article in articles:
        yield text(article) + "\n"


def array(text: Text, articles: Iterable[Article]) -> Iterator[str]:
    """One array of objects."""
    before = "[\n"
    for article in articles:
        yield before + text(article)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
