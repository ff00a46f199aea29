"""Finds files and reads them: what each is packed in is opened, its format recognised, and its reader called."""

import glob
import logging
import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qa.errors import OutOfTime, ReadError
from qa.loaders.documents import BROKEN, Document, broken, gunzipped
from qa.loaders.encoding import path_text
from qa.loaders.feed import is_json_feed, read_feed
from qa.loaders.fields import json_in
from qa.loaders.metadata import Facts, RecordContext, facts
from qa.loaders.newspaper_issue import pages_named
from qa.loaders.registry import BY_NAME, ENDINGS, is_known, recognise
from qa.loaders.sniffing import is_companion
from qa.loaders.text_files import is_sidecar, partner_exists, read_sidecars
from qa.models.archive import Original
from qa.models.deliveries import Delivery, Failure, Record, Remark

MAX_DEPTH = 6  # containers inside each other: a crawl in a ZIP file, packed by gzip, is three deep
MAX_REASON = 600  # characters of why something can't be read
_NO_ENDING = "without an ending"
_KINDS = f"article files ({', '.join(ENDINGS)})"

_log = logging.getLogger(__name__)


def find_files(paths: Sequence[str]) -> Iterator[Path | Failure | Remark]:
    """The files that paths name, each once: files, folders with all below them, and patterns with `*`; in order.

    A Failure stands for each path that leads to nothing. In folders and patterns, also expanded ones, hidden files,
    sidecars, notes and lists of questions are passed over, in folders also the pages of issues, and other files.
    """
    seen: set[str] = set()
    for path in paths:
        try:
            for file in _files_of(path, alone=len(paths) == 1):
                if not isinstance(file, Path):
                    yield file
                elif (real := os.path.realpath(file)) not in seen:
                    seen.add(real)
                    yield file
        except (ReadError, OSError, ValueError) as error:
            yield _failure(error, path_text(Path(path)) if path.strip() else path)


def _files_of(path: str, *, alone: bool) -> Iterator[Path | Failure | Remark]:
    """Raises ReadError for a path that leads to nothing."""
    if not path.strip():
        raise ReadError("a path was expected, found an empty one; name a file or a folder")
    if os.path.isdir(path):
        yield from _in_folder(Path(path))
    elif os.path.lexists(path):
        if not is_sidecar(path):
            yield Path(path) if alone else _unless_companion(Path(path))
        elif not partner_exists(Path(path)):  # beside its article a sidecar needs no word
            raise ReadError("an article beside its metadata was expected, found none; deliver it too")
    elif not glob.has_magic(path):
        raise ReadError("a file or folder was expected, found nothing of that name; check its spelling")
    else:
        empty = True
        for match in map(Path, sorted(glob.glob(path, recursive=True))):
            if match.is_dir():
                for file in _in_folder(match, may_be_empty=True):
                    empty = False
                    yield file
            elif not is_sidecar(match.name):
                yield (file := _unless_companion(match))
                empty = empty and isinstance(file, Remark)
        if empty:
            raise ReadError(f"{_KINDS} were expected, found none that fits the pattern; check its spelling")


def _unless_companion(path: Path) -> Path | Remark:
    text = "passed over: a note or a list of questions beside articles; named alone, it is read as an article"
    return Remark(path_text(path), None, text) if is_companion(Document.of_file(path)) else path


def _in_folder(folder: Path, *, may_be_empty: bool = False) -> Iterator[Path | Failure | Remark]:
    """Files below a folder, sorted, hidden ones left out; linked folders are followed once."""
    errors: list[OSError] = []
    files: list[Path] = []
    entered: set[str] = set()
    for root, folders, names in os.walk(folder, followlinks=True, onerror=errors.append):
        real = os.path.realpath(root)
        folders[:] = [] if real in entered else sorted(name for name in folders if not name.startswith("."))
        if real not in entered:
            files += (Path(root, name) for name in sorted(names) if not name.startswith("."))
        entered.add(real)
    listings = [path for path in files if path.name.lower().endswith(".xml")]
    pages = {path.parent / page for path in listings for page in pages_named(Document.of_file(path))}
    passed_over: Counter[str] = Counter()
    empty = not may_be_empty and not errors
    for path in files:
        document = Document.of_file(path)
        if is_sidecar(path.name) or is_companion(document) or path in pages:
            continue
        try:
            can_be_read = path.name.lower().endswith(ENDINGS) or (path.is_file() and is_known(document))
        except OSError:
            can_be_read = True  # reading it will say why
        if can_be_read:
            empty = False
            yield path
        else:
            passed_over[path.suffix.lower() or _NO_ENDING] += 1
    yield from (_failure(error, path_text(Path(str(error.filename)))) for error in errors)
    expected = f"{_KINDS} were expected, found {{}}; name another folder"
    yield from _left_over(path_text(folder), passed_over, expected if empty else "")


def _left_over(place: str, counts: Counter[str], expected: str) -> Iterator[Failure | Remark]:
    """That so many files are of no known format, by their endings; a Failure if others are `expected`."""
    if expected:
        others = f"{counts.total():,} other files" if counts else "no files"
        yield Failure(place, None, expected.format(others))
    elif counts:
        kinds = ", ".join(f"{count:,} {ending}" for ending, count in sorted(counts.items())[:20])
        yield Remark(place, None, f"passed over, for they are of no format known: {kinds}")


def read(
    path: Path, *, defaults: Mapping[str, object] = {}, format: str | None = None, columns: Mapping[str, str] = {}
) -> Iterator[Record]:
    """The articles of one file, and a Failure for each that cannot be read; it does not raise for content.

    What the file says counts before its sidecar, and that before `defaults`. Without a `format` its content tells it.
    """
    document = replace(Document.of_file(path), columns=columns)
    yield from read_document(document, defaults=facts(defaults, path=document.place), format=format, path=path)


def read_document(
    document: Document, *, defaults: Facts, format: str | None = None, path: Path | None = None, as_feed: bool = False
) -> Iterator[Record]:
    """The articles of a document, over the facts that are stated of it already; with `path`, those of its sidecars too.

    `as_feed`: what is no feed, or not of the format, is a Failure and never an article.
    """
    try:
        if path and not stat.S_ISREG(path.stat().st_mode):
            raise ReadError("a file was expected, found a folder or a device; name a file")
        if document.depth > MAX_DEPTH:
            raise ReadError(f"files packed at most {MAX_DEPTH} times were expected, found more; unpack it yourself")
        if inner := gunzipped(document):
            yield from read_document(inner, defaults=defaults, format=format, path=path, as_feed=as_feed)
            return
        file_format = BY_NAME[format] if format else recognise(document)
        if as_feed and not format and file_format.read is not read_feed and not is_json_feed(json_in(document.read())):
            actual = f"something else ({file_format.name})"
            raise ReadError(f"a feed was expected at this address, found {actual}; check the address")
        sidecars = read_sidecars(path, stem=document.stem, many=file_format.many) if path else {}
        known = facts(document.known, path=document.place)
        context = RecordContext(document, {**defaults, **sidecars, **known})
        digest, expected = "", "articles were expected, found {}; deliver another ZIP file"
        passed_over: Counter[str] = Counter()
        for record in file_format.read(context):
            if isinstance(record, Document):
                if is_known(record):
                    expected = ""
                    yield from read_document(record, defaults=context.defaults)
                else:
                    passed_over[Path(record.name).suffix.lower() or _NO_ENDING] += 1
                continue
            if isinstance(record, Delivery) and record.original is None:
                digest = digest or document.sha256()
                record = replace(record, original=Original(digest, document.inside))
            yield replace(record, reason=_bounded(record.reason)) if isinstance(record, Failure) else record
        if passed_over:
            yield from _left_over(document.place, passed_over, expected)
    except (ReadError, OSError, *BROKEN) as error:
        yield _failure(error, document.place)
    except OutOfTime as error:
        yield Failure(document.place, None, error.reason)
    except Exception as error:  # a vendor's parser that breaks on one file must not stop the others
        _log.warning("%s can't be read", document.place, exc_info=True)
        what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        reason = f"a file that its reader understands was expected, found one that breaks it ({what}); deliver it again"
        yield Failure(document.place, None, reason)


def _bounded(reason: str) -> str:
    """It may repeat what was found in the file, however long that is."""
    half = MAX_REASON // 2
    return reason if len(reason) <= MAX_REASON else f"{reason[:half]} … {reason[-half:]}"


def _failure(error: Exception, place: str) -> Failure:
    error = broken(error) if isinstance(error, BROKEN) else error
    if isinstance(error, ReadError):
        return Failure(error.path or place, error.line, _bounded(error.reason))
    if isinstance(error, PermissionError):
        reason = "a file that may be read was expected, found no permission; allow reading it (chmod +r)"
    elif isinstance(error, FileNotFoundError):
        reason = "a file was expected, found that it is not there any more; check the name"
    else:
        what = error.strerror if isinstance(error, OSError) else None
        reason = f"a file that can be read was expected, found: {what or error}; check the name and the disk"
    return Failure(place, None, reason)
