"""Reads any file: what it is packed in is opened, its format recognised, and the reader of that format called."""

from __future__ import annotations

import gzip
import logging
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from qa.errors import OutOfTime, ReadError
from qa.loaders.documents import Document
from qa.loaders.encoding import path_text
from qa.loaders.feed import read_feed
from qa.loaders.finding import why_not
from qa.loaders.formats import BY_NAME, Format, recognise
from qa.loaders.gzip_file import is_packed, unpacked
from qa.loaders.json_feed import holds_json_feed
from qa.loaders.metadata import Defaults, Facts, facts, stated_by
from qa.loaders.sidecar import read_sidecars
from qa.models.deliveries import Delivery, Failure, Original, Record

MAX_DEPTH = 6
"""Containers inside each other: a crawl in a ZIP file, packed by gzip, is three deep."""

MAX_REASON = 600
"""Characters of why something can't be read."""

_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)

_log = logging.getLogger(__name__)


def read(
    path: Path, *, defaults: Defaults, format: str | None = None, columns: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Record]:
    """The articles of one file, and a Failure for each that cannot be read; it does not raise for content.

    What the file says counts before its sidecar, and that before `defaults`. `format` names one of
    `formats.FORMATS`; None, it is recognised by the content. `columns` says which column of a table is what.
    """
    place = path_text(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ReadError("a file was expected, found a folder or a device; name a file", path=place)
        document = replace(Document.of_file(path), columns=columns)
        opened = unpacked(document) if is_packed(document) else document
        chosen = BY_NAME[format] if format else recognise(opened)
        sidecars = read_sidecars(path, stem=opened.stem, many=chosen.many)
        beneath: Facts = {**stated_by(defaults, path=place), **sidecars}
    except (ReadError, OSError, *_BROKEN) as error:
        yield _failure(error, place)
        return
    yield from read_document(opened, beneath=beneath, format=chosen.name)


def read_document(document: Document, *, beneath: Facts, format: str | None = None) -> Iterator[Record]:
    """The same of a document, with what is stated of it already."""
    try:
        if document.depth > MAX_DEPTH:
            reason = f"files packed at most {MAX_DEPTH} times were expected, found more; unpack it yourself"
            raise ReadError(reason, path=document.place)
        if is_packed(document):
            yield from read_document(unpacked(document), beneath=beneath, format=format)
            return
        chosen = BY_NAME[format] if format else recognise(document)
        yield from _records(document, chosen, {**beneath, **facts(document.said, path=document.place)})
    except (ReadError, OSError, *_BROKEN) as error:
        yield _failure(error, document.place)
    except OutOfTime as error:
        yield Failure(document.place, None, error.reason)
    except Exception as error:  # a vendor's parser that breaks on one file must not stop the others
        _log.warning("%s can't be read", document.place, exc_info=True)
        what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        reason = f"a file that its reader understands was expected, found one that breaks it ({what}); deliver it again"
        yield Failure(document.place, None, reason)


def read_fetched(document: Document, *, beneath: Facts, format: str | None = None) -> Iterator[Record]:
    """The entries of what a feed's address had; what is no feed is one Failure, never an article.

    `format` names another format that is meant to be there.
    """
    try:
        opened = unpacked(document) if is_packed(document) else document
        chosen = BY_NAME[format] if format else recognise(opened)
        if format is None and chosen.read is not read_feed and not holds_json_feed(opened):
            reason = f"a feed was expected at this address, found something else ({chosen.name}); check the address"
            raise ReadError(reason, path=document.place)
    except (ReadError, OSError, *_BROKEN) as error:
        yield _failure(error, document.place)
        return
    yield from read_document(opened, beneath=beneath, format=chosen.name)


def _records(document: Document, chosen: Format, beneath: Facts) -> Iterator[Record]:
    if chosen.unpack:
        for member in chosen.unpack(document):
            if isinstance(member, Document):
                yield from read_document(member, beneath=beneath)
            else:
                yield _bounded(member)
        return
    assert chosen.read is not None
    digest = ""
    for record in chosen.read(document, beneath=beneath):
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
    if isinstance(error, ReadError):
        return _bounded(Failure(error.path or place, error.line, error.reason))
    if isinstance(error, _BROKEN):
        kind = "ZIP" if isinstance(error, zipfile.BadZipFile) else "gzip"
        reason = f"a whole {kind} file was expected, found that it breaks here ({error}); deliver it again"
        return Failure(place, None, reason)
    return Failure(place, None, why_not(error))
