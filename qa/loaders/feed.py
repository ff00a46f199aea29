"""News feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0; an entry without its full text is a teaser."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from time import struct_time
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from qa.errors import ReadError
from qa.loaders.cleaning import clean, clean_line
from qa.loaders.documents import Document
from qa.loaders.encoding import UTF16_MARKS
from qa.loaders.fields import MAX_TITLE, id_from
from qa.loaders.html_text import paragraphs_of
from qa.loaders.metadata import Facts, deliver, facts, slug
from qa.loaders.moments import iso
from qa.loaders.stand_in import first_words
from qa.models.deliveries import Delivery, Failure, Original, Record

Entry = Mapping[str, Any]

ROOTS = ("rss", "feed", "rdf", "channel")
MAX_DEPTH = 1_000  # elements inside each other; its parser works on addresses once for each that is open
MAX_KEPT = 2_000  # characters of a summary that stands beside the full text

_MAIL = re.compile(r"[^\s()<>]+@[^\s()<>]+")
_NUMBERED = re.compile(rb"&#([xX]?[0-9A-Za-z]{1,12});?")
_OPENING = re.compile(rb"<!--|<!\[CDATA\[")
_TAG = re.compile(rb"<(/?)[A-Za-z](?:[^<>]*[^<>/])?>")  # but not one that closes itself
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}>")
_ADVICE = "deliver the feed again"


def read_feed(document: Document, *, beneath: Facts) -> Iterator[Record]:
    """The entries of one feed. Raises ReadError where it has none, and OSError."""
    parsed = _parsed(document)
    feed: Entry = parsed["feed"]
    problem = _problem(parsed)
    if not parsed["entries"]:
        found = f"found none ({problem})" if problem else "found none"
        raise ReadError(f"a feed with entries was expected, {found}; {_ADVICE}", path=document.place)
    notices = (f"the feed is ill-formed ({problem}); what can be read of it is",) if problem else ()
    base = _base(feed, document)
    if "url" in document.said:
        beneath = {key: value for key, value in beneath.items() if key != "url"}  # that is the feed's, no entry's
    for number, entry in enumerate(parsed["entries"], start=1):
        derived = f"{slug(document.stem)}-{number}"
        try:
            own, noticed = _facts_of(entry, feed, base=base)
            stated = {**beneath, **facts(own, path=document.place)}
            read = deliver(stated, derived_id=derived, path=document.place, notices=(*notices, *noticed))
        except ReadError as error:
            yield Failure(document.place, None, f"entry {number}: {error.reason}")
            continue
        yield _with_original(read, entry, inside=_inside(document, number))


def _parsed(document: Document) -> Mapping[str, Any]:
    """The feed. Raises ReadError for bytes that its parser breaks on, and OSError."""
    headers: dict[str, str] = {}
    if isinstance(url := document.said.get("url"), str):
        headers["content-location"] = url
    if isinstance(charset := document.said.get("charset"), str):
        headers["content-type"] = f"application/xml; charset={charset}"
    data = document.read()
    if _depth(data) > MAX_DEPTH:
        reason = f"elements at most {MAX_DEPTH} deep were expected, found deeper ones; {_ADVICE}"
        raise ReadError(reason, path=document.place)
    for attempt in (data, _repaired(data)):
        try:
            # A stream, for it takes text to be an address or a path.
            parsed: Mapping[str, Any] = feedparser.parse(BytesIO(attempt), response_headers=headers, sanitize_html=True)
            return parsed
        except RecursionError:
            problem = "one nested too deeply"
        except (ArithmeticError, ValueError, LookupError, AssertionError, TypeError, AttributeError) as error:
            problem = f"one that can't be read ({clean_line(f'{type(error).__name__}: {error}')[:200]})"
    raise ReadError(f"a feed was expected, found {problem}; {_ADVICE}", path=document.place)


def _depth(data: bytes) -> int:
    """How many elements are open at most; what stands in sections of text is not counted."""
    deepest = depth = 0
    for tag in _TAG.finditer(_without_sections(data)):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _without_sections(data: bytes) -> bytes:
    """Without comments and sections of text, found one after the other: a search for both ends at once can be slow."""
    kept, at = [], 0
    for opening in _OPENING.finditer(data):
        if opening.start() >= at:
            kept.append(data[at : opening.start()])
            end = data.find(b"-->" if opening[0] == b"<!--" else b"]]>", opening.end())
            at = end + len(b"-->") if end >= 0 else len(data)
    return b"".join((*kept, data[at:]))


def _repaired(data: bytes) -> bytes:
    """Without what the parser breaks on: numbers of no character, zero bytes, and a declaration in no encoding."""
    data = _NUMBERED.sub(lambda match: match[0] if _is_character(match[1]) else b"", data)
    if not data.startswith(UTF16_MARKS):
        data = data.replace(b"\0", b"")
    declared = _DECLARED.match(data)
    return data[declared.end() :] if declared and not declared[0].isascii() else data


def _is_character(number: bytes) -> bool:
    written = number.decode()
    try:
        code = int(written[1:], 16) if written[:1] in "xX" else int(written)
    except ValueError:
        return False
    return code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF


def _problem(parsed: Mapping[str, Any]) -> str:
    """What is wrong with an ill-formed feed. A server that called its encoding wrongly is none of our business."""
    error = parsed.get("bozo_exception")
    if not parsed.get("bozo") or isinstance(error, feedparser.NonXMLContentType):
        return ""
    told = getattr(error, "getMessage", None)
    # Without its line: the parser puts lines of its own before the feed's.
    return clean_line(str(told() if callable(told) else error))[:200] or "not well-formed"


def _base(feed: Entry, document: Document) -> str:
    """What addresses without a host are relative to."""
    said = document.said.get("url")
    links = [_of(feed, "link"), *(_of(one, "href") for one in _listed(feed, "links"))]
    return next((one for one in (*links, said) if isinstance(one, str) and one.startswith("http")), "")


def _facts_of(entry: Entry, feed: Entry, *, base: str) -> tuple[dict[str, object], tuple[str, ...]]:
    """What an entry says, and what is to be noticed about it. Raises ReadError where it has no words."""
    full, summary = _words(_listed(entry, "content")), _words([entry.get("summary_detail")])
    text = full or summary
    title, noticed = _title(entry, text=text)
    address = _address(entry, base=base)
    name = _of(entry, "id")
    updated = _moment(entry, "updated")
    own: dict[str, object] = {
        "id": id_from(name) if name else "",
        "title": title,
        "title_from": "text" if noticed else "",
        "text": text,
        "kind": "article" if full else "teaser",
        "published": _moment(entry, "published") or _moment(entry, "created") or updated,
        "revised": updated,
        "url": address,
        "outlet": _line(_mapping(entry, "source"), "title") or _line(feed, "title"),
        "language": _language(entry, feed),
        "byline": _authors(entry) or _authors(feed),
        "keywords": _keywords(entry),
        "copyright_notice": _line(entry, "rights") or _line(feed, "rights"),
        "usage_terms": _of(entry, "license") or _of(feed, "license"),
        "summary": summary[:MAX_KEPT] if full and summary != full else "",
    }
    return {key: value for key, value in own.items() if value not in (None, "", [])}, noticed


def _title(entry: Entry, *, text: str) -> tuple[str, tuple[str, ...]]:
    """The title, or the text's first words. Raises ReadError where there is neither."""
    title = _line(entry, "title")
    if not title and not text:
        raise ReadError(f"a title or a text was expected, found neither; {_ADVICE}")
    if not title:
        return first_words(text), ("the entry has no title; its first words stand in",)
    if len(title) > MAX_TITLE:
        return first_words(title), (f"the title has {len(title):,} characters; its first words stand for it",)
    return title, ()


def _words(details: list[Any]) -> str:
    """The longest of some texts; those that are pictures, or kept elsewhere, have none."""
    texts = []
    for one in details:
        value, kind = (_of(one, "value"), _of(one, "type")) if isinstance(one, Mapping) else ("", "")
        if value and (not kind or kind.startswith("text") or "html" in kind or "xml" in kind):
            texts.append(clean(value) if kind == "text/plain" and "<" not in value else paragraphs_of(value))
    return max(texts, key=len, default="")


def _line(item: Entry, key: str) -> str:
    """A value in one line without markup."""
    detail = item.get(f"{key}_detail")
    kind = _of(detail, "type") if isinstance(detail, Mapping) else ""
    value = _of(item, key)
    return clean_line(value if kind == "text/plain" else paragraphs_of(value))


def _moment(entry: Entry, key: str) -> str | None:
    """A date as it was written, where that can be told; else as the parser understood it, in UTC."""
    if read := iso(_of(entry, key)):
        return read
    parts = _raw(entry, f"{key}_parsed")
    if not isinstance(parts, struct_time):
        return None
    year, month, day, hour, minute, second = parts[:6]
    return iso(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{min(second, 59):02}Z")


def _address(entry: Entry, *, base: str) -> str:
    links = [one for one in _listed(entry, "links") if isinstance(one, Mapping)]
    alternate = [_of(one, "href") for one in links if _of(one, "rel") in ("", "alternate")]
    for one in (_of(entry, "link"), *alternate):
        try:
            whole = urljoin(base, one) if one else ""
            parts = urlsplit(whole)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname and not any(map(str.isspace, whole)):
            return whole
    return ""


def _authors(item: Entry) -> str:
    """Names; addresses of mail are nobody's byline."""
    if "@" in (said := _of(item, "author")) and len(_listed(item, "authors")) <= 1:
        return clean_line(_MAIL.sub(" ", said)).strip(" ()<>,;")
    details = [one for one in (*_listed(item, "authors"), item.get("author_detail")) if isinstance(one, Mapping)]
    names = [clean_line(_of(one, "name")) for one in details] or [clean_line(_of(item, "author"))]
    return ", ".join(dict.fromkeys(name for name in names if name and "@" not in name))


def _keywords(entry: Entry) -> list[str]:
    tags = [one for one in _listed(entry, "tags") if isinstance(one, Mapping)]
    words = (clean_line(_of(one, "label") or _of(one, "term")) for one in tags)
    return list(dict.fromkeys(word for word in words if word))


def _language(entry: Entry, feed: Entry) -> str:
    details = [*_listed(entry, "content"), entry.get("summary_detail"), entry.get("title_detail")]
    stated = [_of(one, "language") for one in details if isinstance(one, Mapping)]
    for one in (*stated, _of(entry, "language"), _of(feed, "language")):
        tag = clean_line(one).replace("_", "-").lower()
        if tag and tag.isascii() and tag.replace("-", "").isalnum() and 2 <= len(tag.partition("-")[0]) <= 3:
            return tag
    return ""


def _of(item: Entry, key: str) -> str:
    value = _raw(item, key)
    return value.strip() if isinstance(value, str) else ""


def _raw(item: Entry, key: str) -> object:
    """What stands under a name; asked themselves, the parser's dictionaries answer with what other names hold too."""
    return dict.get(item, key) if isinstance(item, dict) else item.get(key)


def _mapping(item: Entry, key: str) -> Entry:
    value = item.get(key)
    return value if isinstance(value, Mapping) else {}


def _listed(item: Entry, key: str) -> list[Any]:
    value = item.get(key)
    return value if isinstance(value, list) else []


def _inside(document: Document, number: int) -> str:
    return f"{document.inside} > {number}" if document.inside else str(number)


def _with_original(read: Delivery, entry: Entry, *, inside: str) -> Delivery:
    data = json.dumps(entry, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8", "surrogatepass")
    return replace(read, original=Original(hashlib.sha256(data).hexdigest(), inside))
