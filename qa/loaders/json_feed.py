"""JSON Feed 1.0 and 1.1: the entries of a site's feed, in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from qa.errors import ReadError
from qa.loaders.cleaning import clean
from qa.loaders.documents import Document, record_bytes
from qa.loaders.fields import first_address, id_from
from qa.loaders.headlines import with_headline
from qa.loaders.html_text import paragraphs_of
from qa.loaders.json_ld import Item, all_words_of, listed, words_of
from qa.loaders.languages import first_language
from qa.loaders.metadata import RecordContext
from qa.loaders.timestamps import first_iso
from qa.models.deliveries import Record

VERSION = "jsonfeed.org/version/"
_ADVICE = "deliver the feed again"


def is_json_feed(record: object) -> bool:
    """Whether an object says that it is one."""
    return isinstance(record, Mapping) and VERSION in str(record.get("version") or "")[:100]


def holds_json_feed(document: Document) -> bool:
    """Whether the whole of a document is one. Raises ReadError, OSError."""
    try:
        return is_json_feed(json.loads(document.read()))
    except (ValueError, RecursionError):
        return False


def read_json_feed(feed: Item, context: RecordContext) -> Iterator[Record]:
    """The entries of a feed, a Failure for each that has no words. Raises ReadError where it has none at all."""
    items = feed.get("items")
    if not isinstance(items, list) or not items:
        raise ReadError(f"a feed with entries was expected, found none; {_ADVICE}")
    for number, item in enumerate(items, start=1):
        entry = context.numbered(number, original=context.document.original(record_bytes(item), number))
        try:
            if not isinstance(item, Mapping):
                raise ReadError(f"an entry was expected, found something else; {_ADVICE}")
            values, notices = with_headline(_values(item, feed), item="entry")
            if not values["title"]:
                raise ReadError(f"a title or a text was expected, found neither; {_ADVICE}")
            yield entry.article(values, *notices)
        except ReadError as error:
            yield entry.failure(ReadError(f"entry {number}: {error.reason}"))


def _values(item: Item, feed: Item) -> dict[str, object]:
    html, plain, summary = (item.get(key) for key in ("content_html", "content_text", "summary"))
    full = paragraphs_of(html) if isinstance(html, str) else ""
    full = full or (clean(plain) if isinstance(plain, str) else "")
    short = clean(summary) if isinstance(summary, str) else ""
    title = item.get("title")
    return {
        "id": id_from(words_of(item.get("id"))),
        "title": clean(title) if isinstance(title, str) else "",
        "text": full or short,
        "kind": "article" if full else "teaser",
        "published": first_iso(item.get("date_published"), item.get("date_modified")),
        "revised": first_iso(item.get("date_modified")),
        "url": first_address(
            (words_of(item.get("url")), words_of(item.get("external_url"))), base=words_of(feed.get("home_page_url"))
        ),
        "outlet": words_of(feed.get("title")),
        "language": first_language(words_of(item.get("language")), words_of(feed.get("language"))),
        "byline": ", ".join(_authors(item) or _authors(feed)),
        "keywords": all_words_of(item.get("tags")),
        "summary": short if full else "",
    }


def _authors(item: Item) -> list[str]:
    """Version 1.1 has a list, version 1.0 one."""
    authors = [*listed(item.get("authors")), *listed(item.get("author"))]
    return all_words_of([author.get("name") for author in authors if isinstance(author, Mapping)])
