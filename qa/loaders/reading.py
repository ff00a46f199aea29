"""Reads any file: what it is packed in is opened, its format recognised, and the reader of that format called."""

import logging
import stat
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from qa.errors import OutOfTime, ReadError
from qa.loaders.discovery import reason_of
from qa.loaders.documents import BROKEN, Document, broken, gunzipped
from qa.loaders.encoding import path_text
from qa.loaders.feed import holds_json_feed, read_feed
from qa.loaders.front_matter import read_sidecars
from qa.loaders.metadata import Defaults, Facts, facts, facts_of_defaults
from qa.loaders.registry import BY_NAME, FileFormat, recognise
from qa.models.archive import Original
from qa.models.deliveries import Delivery, Failure, Record

MAX_DEPTH = 6
"""Containers inside each other: a crawl in a ZIP file, packed by gzip, is three deep."""

MAX_REASON = 600
"""Characters of why something can't be read."""

_UNREADABLE = (ReadError, OSError, *BROKEN)

_log = logging.getLogger(__name__)


def read(
    path: Path, *, defaults: Defaults, format: str | None = None, columns: Mapping[str, str] = {}
) -> Iterator[Record]:
    """The articles of one file, and a Failure for each that cannot be read; it does not raise for content.

    What the file says counts before its sidecar, and that before `defaults`. Without a `format` its content tells it.
    """
    place = path_text(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ReadError("a file was expected, found a folder or a device; name a file")
        document, file_format = _opened(replace(Document.of_file(path), columns=columns), format)
        sidecars = read_sidecars(path, stem=document.stem, many=file_format.many)
    except _UNREADABLE as error:
        yield _failure(error, place)
    else:
        file_facts = {**facts_of_defaults(defaults, path=place), **sidecars}
        yield from read_document(document, defaults=file_facts, format=file_format.name)


def read_document(document: Document, *, defaults: Facts, format: str | None = None) -> Iterator[Record]:
    """The articles of a document, over the facts that are stated of it already."""
    try:
        if document.depth > MAX_DEPTH:
            raise ReadError(f"files packed at most {MAX_DEPTH} times were expected, found more; unpack it yourself")
        if inner := gunzipped(document):
            yield from read_document(inner, defaults=defaults, format=format)
            return
        file_format = BY_NAME[format] if format else recognise(document)
        yield from _records(document, file_format, {**defaults, **facts(document.known, path=document.place)})
    except _UNREADABLE as error:
        yield _failure(error, document.place)
    except OutOfTime as error:
        yield Failure(document.place, None, error.reason)
    except Exception as error:  # a vendor's parser that breaks on one file must not stop the others
        _log.warning("%s can't be read", document.place, exc_info=True)
        what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        reason = f"a file that its reader understands was expected, found one that breaks it ({what}); deliver it again"
        yield Failure(document.place, None, reason)


def read_fetched(document: Document, *, defaults: Facts, format: str | None = None) -> Iterator[Record]:
    """The entries of what a feed's address had; what is no feed, or that `format`, is a Failure, never an article."""
    try:
        document, file_format = _opened(document, format)
        if format is None and file_format.read is not read_feed and not holds_json_feed(document):
            actual = f"something else ({file_format.name})"
            raise ReadError(f"a feed was expected at this address, found {actual}; check the address")
    except _UNREADABLE as error:
        yield _failure(error, document.place)
    else:
        yield from read_document(document, defaults=defaults, format=file_format.name)


def _opened(document: Document, format: str | None) -> tuple[Document, FileFormat]:
    document = gunzipped(document) or document
    return document, BY_NAME[format] if format else recognise(document)


def _records(document: Document, file_format: FileFormat, defaults: Facts) -> Iterator[Record]:
    if file_format.unpack:
        for member in file_format.unpack(document):
            if isinstance(member, Document):
                yield from read_document(member, defaults=defaults)
            else:
                yield _bounded(member)
        return
    assert file_format.read is not None
    digest = ""
    for record in file_format.read(document, defaults=defaults):
        if isinstance(record, Delivery) and record.original is None:
            digest = digest or document.sha256()
            record = replace(record, original=Original(digest, document.inside))
        yield _bounded(record)


def _bounded(record: Record) -> Record:
    """A failure may repeat what it found in the file, however long that is."""
    if isinstance(record, Failure) and len(record.reason) > MAX_REASON:
        return replace(record, reason=f"{record.reason[: MAX_REASON // 2]} … {record.reason[-MAX_REASON // 2 :]}")
    return record


def _failure(error: Exception, place: str) -> Record:
    error = broken(error) if isinstance(error, BROKEN) else error
    if isinstance(error, ReadError):
        return _bounded(Failure(error.path or place, error.line, error.reason))
    return Failure(place, None, reason_of(error))
