"""JSON Feed 1.0 and 1.1: the entries of a site's feed, in JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urljoin

from qa.errors import ReadError
from qa.loaders.cleaning import clean, clean_line
from qa.loaders.documents import Document
from qa.loaders.fields import id_from
from qa.loaders.html_text import paragraphs_of
from qa.loaders.linked_data import Item, all_words_of, listed, words_of
from qa.loaders.metadata import Facts, deliver, facts
from qa.loaders.moments import first_of
from qa.loaders.stand_in import first_words
from qa.models.deliveries import Failure, Original, Record

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


def read_json_feed(
    feed: Item, *, path: str, line: int | None, derived_id: str, beneath: Facts, notices: tuple[str, ...] = ()
) -> Iterator[Record]:
    """The entries of a feed, a Failure for each that has no words. Raises ReadError where it has none at all."""
    items = feed.get("items")
    if not isinstance(items, list) or not items:
        raise ReadError(f"a feed with entries was expected, found none; {_ADVICE}", path=path, line=line)
    for number, item in enumerate(items, start=1):
        try:
            if not isinstance(item, Mapping):
                raise ReadError(f"an entry was expected, found something else; {_ADVICE}")
            own = _facts_of(item, feed)
            stated = {**beneath, **facts(own, path=path, line=line)}
            read = deliver(stated, derived_id=f"{derived_id}-{number}", path=path, line=line, notices=notices)
        except ReadError as error:
            yield Failure(path, line, f"entry {number}: {error.reason}")
            continue
        data = json.dumps(item, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
        yield replace(read, original=Original(hashlib.sha256(data).hexdigest(), str(number)))


def _facts_of(item: Item, feed: Item) -> dict[str, object]:
    """What an entry says. Raises ReadError where it has no words."""
    html, plain, summary = (item.get(key) for key in ("content_html", "content_text", "summary"))
    full = paragraphs_of(html) if isinstance(html, str) else ""
    full = full or (clean(plain) if isinstance(plain, str) else "")
    short = clean(summary) if isinstance(summary, str) else ""
    title = clean_line(item["title"]) if isinstance(item.get("title"), str) else ""
    if not title and not full and not short:
        raise ReadError(f"a title or a text was expected, found neither; {_ADVICE}")
    name = words_of(item.get("id"))
    own: dict[str, object] = {
        "id": id_from(name) if name else "",
        "title": title or first_words(full or short),
        "title_from": "" if title else "text",
        "text": full or short,
        "kind": "article" if full else "teaser",
        "published": first_of(item.get("date_published"), item.get("date_modified")),
        "revised": first_of(item.get("date_modified")),
        "url": _address(item, feed),
        "outlet": words_of(feed.get("title")),
        "language": words_of(item.get("language")) or words_of(feed.get("language")),
        "byline": ", ".join(_authors(item) or _authors(feed)),
        "keywords": all_words_of(item.get("tags")),
        "summary": short if full else "",
    }
    return {key: value for key, value in own.items() if value not in (None, "", [])}


def _address(item: Item, feed: Item) -> str:
    for one in (item.get("url"), item.get("external_url")):
        try:
            whole = urljoin(words_of(feed.get("home_page_url")), words_of(one)) if one else ""
        except ValueError:
            continue
        if whole.startswith(("http://", "https://")):
            return whole
    return ""


def _authors(item: Item) -> list[str]:
    """Version 1.1 has a list, version 1.0 one."""
    listed_ones = [*listed(item.get("authors")), *listed(item.get("author"))]
    return all_words_of([one.get("name") for one in listed_ones if isinstance(one, Mapping)])
