"""News feeds: RSS, Atom and JSON Feed 1.0 and 1.1; an entry without its full text is a teaser."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from time import struct_time
from typing import Any

import feedparser

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import first_address, first_language, iso, without_headline
from qa.loaders.json_ld import Item, listed, mappings, words_of
from qa.loaders.metadata import RecordContext
from qa.loaders.paragraphs import paragraphs_of
from qa.models.deliveries import Record
from qa.text.cleaning import clean, clean_line, id_from

MAX_DEPTH = 1_000  # elements inside each other; its parser works on addresses once for each that is open
MAX_SUMMARY = 2_000  # characters of a summary that stands beside the full text
_NUMBERED = re.compile(rb"&#[xX]?[0-9A-Za-z]{1,12};?")  # on numbers of no character its parser breaks
# Comments and sections of text, also those that never end: each sign is looked at once.
_SECTION = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_TAG = re.compile(rb"<(/?)[A-Za-z](?:[^<>]*[^<>/])?>")  # but not one that closes itself
_ADVICE = "deliver the feed again"


def read_feed(context: RecordContext) -> Iterator[Record]:
    """News feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0; an entry without its full text is a teaser."""
    parsed = _parsed(context.document)
    problem, error = "", parsed.get("bozo_exception")
    # A server that called its encoding wrongly is none of our business.
    if parsed.get("bozo") and not isinstance(error, feedparser.NonXMLContentType):
        message = getattr(error, "getMessage", None)
        # Without its line: the parser puts lines of its own before the feed's.
        problem = clean_line(str(message() if callable(message) else error))[:200] or "not well-formed"
    notices = (f"the feed is ill-formed ({problem}); what can be read of it is",) if problem else ()
    # The address that its container knows is the feed's, no entry's.
    kept = {
        key: value for key, value in context.defaults.items() if key != "url" or "url" not in context.document.known
    }
    context = replace(context, defaults=kept, notices=notices)
    yield from _entries(parsed["entries"], parsed["feed"], context, problem=problem)


def read_json_feed(feed: Item, context: RecordContext) -> Iterator[Record]:
    """The entries of a JSON Feed. Raises ReadError where it has none."""
    head = {**feed, "link": feed.get("home_page_url"), "author_detail": feed.get("author")}
    items = feed.get("items")
    yield from _entries(items if isinstance(items, list) else [], head, context, is_json=True)


def is_json_feed(record: object) -> bool:
    """True if an object of JSON says that it is a feed."""
    return isinstance(record, Mapping) and "jsonfeed.org/version/" in str(record.get("version") or "")[:100]


def _parsed(document: Document) -> Mapping[str, Any]:
    """The feed. Raises ReadError for bytes that its parser breaks on, and OSError."""
    url, charset = document.known.get("url"), document.known.get("charset")
    headers = {"content-location": url} if isinstance(url, str) else {}
    headers |= {"content-type": f"application/xml; charset={charset}"} if isinstance(charset, str) else {}
    data = document.read()
    depth = 0
    for tag in _TAG.finditer(_SECTION.sub(b"", data)):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            raise ReadError(f"elements at most {MAX_DEPTH} deep were expected, found deeper ones; {_ADVICE}")
    for attempt in (data, _NUMBERED.sub(b"", data)):
        try:
            # A stream, for it takes text to be an address or a path.
            parsed: Mapping[str, Any] = feedparser.parse(BytesIO(attempt), response_headers=headers, sanitize_html=True)
            return parsed
        except RecursionError:
            problem = "one nested too deeply"
        except (ArithmeticError, ValueError, LookupError, AssertionError, TypeError, AttributeError) as error:
            problem = f"one that can't be read ({clean_line(f'{type(error).__name__}: {error}')[:200]})"
    raise ReadError(f"a feed was expected, found {problem}; {_ADVICE}")


def _entries(
    entries: Sequence[Any], feed: Item, context: RecordContext, *, problem: str = "", is_json: bool = False
) -> Iterator[Record]:
    if not entries:
        actual = f"found none ({problem})" if problem else "found none"
        raise ReadError(f"a feed with entries was expected, {actual}; {_ADVICE}")
    base = str(context.document.known.get("url") or "")
    for number, entry in enumerate(entries, start=1):
        item = context.numbered(number, original=context.document.original(entry, number))
        try:
            if not isinstance(entry, Mapping):
                raise ReadError(f"an entry was expected, found something else; {_ADVICE}")
            yield item.article(without_headline(_values(_as_entry(entry) if is_json else entry, feed, base=base)))
        except ReadError as error:
            yield item.failure(ReadError(f"entry {number}: {error.reason}"))


def _as_entry(item: Item) -> dict[str, object]:
    """An item of a JSON Feed as the parser would have it."""
    text, html = {"type": "text/plain", "value": item.get("content_text")}, {"value": item.get("content_html")}
    return {
        "id": words_of(item.get("id")),
        "title": item.get("title"),
        "title_detail": {"type": "text/plain"},
        "content": html if _words([html]) else text,
        "summary_detail": {"type": "text/plain", "value": item.get("summary")},
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
        "link": words_of(item.get("url")),
        "links": [{"href": words_of(item.get("external_url"))}],
        "language": item.get("language"),
        "authors": item.get("authors"),
        "author_detail": item.get("author"),
        "tags": [{"term": tag} for tag in listed(item.get("tags"))],
    }


def _values(entry: Item, feed: Item, *, base: str) -> dict[str, object]:
    contents, summaries = mappings(entry.get("content")), mappings(entry.get("summary_detail"))
    full, summary = _words(contents), _words(summaries)
    updated = _moment(entry, "updated")
    links = [_of(link, "href") for link in mappings(entry.get("links")) if _of(link, "rel") in ("", "alternate")]
    homes = (_of(feed, "link"), *(_of(link, "href") for link in mappings(feed.get("links"))), base)
    languages = [_of(part, "language") for part in (*contents, *summaries, *mappings(entry.get("title_detail")))]
    source = next(iter(mappings(entry.get("source"))), {})
    return {
        "id": id_from(_of(entry, "id")),
        "title": _line(entry, "title"),
        "text": full or summary,
        "kind": "article" if full else "teaser",
        "published": _moment(entry, "published") or _moment(entry, "created") or updated,
        "revised": updated,
        "url": first_address((_of(entry, "link"), *links), base=first_address(homes)),
        "outlet": _line(source, "title") or _line(feed, "title"),
        "language": first_language(*languages, _of(entry, "language"), _of(feed, "language")),
        "byline": _authors(entry) or _authors(feed),
        "keywords": [_of(tag, "label") or _of(tag, "term") for tag in mappings(entry.get("tags"))],
        "copyright_notice": _line(entry, "rights") or _line(feed, "rights"),
        "usage_terms": _of(entry, "license") or _of(feed, "license"),
        **({"summary": summary[:MAX_SUMMARY]} if full and summary not in ("", full) else {}),
    }


def _words(details: list[Item]) -> str:
    """The longest of some texts; those that are pictures, or kept elsewhere, have none."""
    texts = []
    for detail in details:
        value, kind = _of(detail, "value"), _of(detail, "type")
        if value and (not kind or kind.startswith("text") or "html" in kind or "xml" in kind):
            texts.append(clean(value) if kind == "text/plain" and "<" not in value else paragraphs_of(value))
    return max(texts, key=len, default="")


def _line(item: Item, key: str) -> str:
    is_plain = any(_of(detail, "type") == "text/plain" for detail in mappings(item.get(f"{key}_detail")))
    return clean_line(_of(item, key) if is_plain else paragraphs_of(_of(item, key)))


def _moment(entry: Item, key: str) -> str | None:
    """A date as it was written, where that can be told; else as the parser understood it, in UTC."""
    written, parts = iso(_of(entry, key)), dict(entry).get(f"{key}_parsed")
    if written or not isinstance(parts, struct_time):
        return written
    year, month, day, hour, minute, second = parts[:6]
    return iso(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{min(second, 59):02}Z")


def _authors(item: Item) -> str:
    """Names; addresses of mail are nobody's byline."""
    authors = mappings(item.get("authors"))
    if "@" in (author := _of(item, "author")) and len(authors) <= 1:
        return clean_line(re.sub(r"[^\s()<>]+@[^\s()<>]+", " ", author)).strip(" ()<>,;")
    names = [clean_line(_of(detail, "name")) for detail in (*authors, *mappings(item.get("author_detail")))]
    return ", ".join(dict.fromkeys(name for name in names or [clean_line(author)] if name and "@" not in name))


def _of(item: Item, key: str) -> str:
    """The text of a name; asked themselves, the parser's dictionaries answer with what other names hold too."""
    value = dict.get(item, key) if isinstance(item, dict) else item.get(key)
    return value.strip() if isinstance(value, str) else ""
