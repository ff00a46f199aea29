"""Which files there are to read, and which reader reads each."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qa.domain.deliveries import Delivery, Failure
from qa.errors import ReadError
from qa.reading.encoding import path_text
from qa.reading.json_lines import article_stem, holds_questions, read_json_lines
from qa.reading.markdown import has_front_matter, read_markdown
from qa.reading.metadata import Defaults as Defaults
from qa.reading.metadata import Facts, stated_by
from qa.reading.plain_text import read_plain_text
from qa.reading.sidecar import is_sidecar, partner_exists, read_sidecars

# A new format: a file beside this one, and one line in the table of its kind.
ONE_ARTICLE: dict[str, Callable[..., Delivery]] = {
    ".txt": read_plain_text,
    ".text": read_plain_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
}
MANY_ARTICLES: dict[str, Callable[..., Iterator[Delivery | Failure]]] = {
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".jsonl.gz": read_json_lines,
}
SUFFIXES = (*ONE_ARTICLE, *MANY_ARTICLES)
MARKDOWN = (".md", ".markdown")
QUESTIONS = (".jsonl", ".ndjson")
_KINDS = f"article files ({', '.join(SUFFIXES)})"


def find_files(paths: Sequence[str]) -> Iterator[Path | Failure]:
    """The files that paths name, each once: files, folders with all below them, and patterns with `*`.

    In the order given, folders sorted. A Failure stands for each path that leads to nothing. In folders
    and patterns hidden files, sidecars, notes such as README.md and lists of questions are passed over.
    """
    seen: set[str] = set()
    for given in paths:
        for found in _found(given):
            if isinstance(found, Failure):
                yield found
            elif (real := os.path.realpath(found)) not in seen:
                seen.add(real)
                yield found


def read(path: Path, *, defaults: Defaults) -> Iterator[Delivery | Failure]:
    """The articles of one file, and a Failure for each that cannot be read; it does not raise for content.

    What the file says counts before its sidecar, and that before `defaults`.
    """
    place = path_text(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ReadError("a file was expected, found a folder or a device; name a file", path=place)
        yield from _read(path, place=place, defaults=defaults)
    except ReadError as error:
        yield Failure(error.path, error.line, error.reason)
    except OSError as error:
        yield Failure(place, None, _reason(error))


def suffix_of(name: str) -> str:
    """The ending that says the format, in lower case; an unknown one as it is."""
    lower = name.lower()
    return next((suffix for suffix in SUFFIXES if lower.endswith(suffix)), os.path.splitext(lower)[1])


def _read(path: Path, *, place: str, defaults: Defaults) -> Iterator[Delivery | Failure]:
    suffix = suffix_of(path.name)
    many = MANY_ARTICLES.get(suffix)
    stem = article_stem(path) if many else path.stem
    beneath: Facts = {**stated_by(defaults, path=place), **read_sidecars(path, stem=stem, many=bool(many))}
    if many:
        yield from many(path, beneath=beneath)
        return
    if suffix not in ONE_ARTICLE:
        _refuse_markup(path, place=place)
    yield ONE_ARTICLE.get(suffix, read_plain_text)(path, beneath=beneath)


def _found(given: str) -> Iterator[Path | Failure]:
    try:
        if not given.strip():
            yield Failure(given, None, "a path was expected, found an empty one; name a file or a folder")
        elif os.path.isdir(given):
            yield from _in_folder(Path(given))
        elif os.path.lexists(given):
            yield from _named(Path(given))
        else:
            yield from _matching(given)
    except (OSError, ValueError) as error:
        yield Failure(path_text(Path(given)), None, _reason(error))


def _named(path: Path) -> Iterator[Path | Failure]:
    """A file that is named outright; beside its article a sidecar needs no word."""
    if not is_sidecar(path.name):
        yield path
    elif not partner_exists(path):
        reason = "an article beside its metadata was expected, found none; deliver it too"
        yield Failure(path_text(path), None, reason)


def _matching(pattern: str) -> Iterator[Path | Failure]:
    if not glob.has_magic(pattern):
        reason = "a file or folder was expected, found nothing of that name; check its spelling"
        yield Failure(path_text(Path(pattern)), None, reason)
        return
    matches = [Path(match) for match in sorted(glob.glob(pattern, recursive=True))]
    found = False
    for path in matches:
        if path.is_dir():
            inside: Iterator[Path | Failure] = _in_folder(path, may_be_empty=True)
        else:
            inside = iter([] if is_sidecar(path.name) or _is_note(path) else [path])
        for one in inside:
            found = True
            yield one
    if not found:
        reason = f"{_KINDS} were expected, found none that fits the pattern; check its spelling"
        yield Failure(path_text(Path(pattern)), None, reason)


def _in_folder(folder: Path, *, may_be_empty: bool = False) -> Iterator[Path | Failure]:
    failures: list[Failure] = []
    passed_over = 0
    found = False
    for path in _walk(folder, failures=failures):
        if suffix_of(path.name) not in SUFFIXES or is_sidecar(path.name) or _is_note(path):
            passed_over += 1
            continue
        found = True
        yield path
    yield from failures
    if not found and not failures and not may_be_empty:
        count = f"{passed_over:,} other files" if passed_over else "no files"
        yield Failure(path_text(folder), None, f"{_KINDS} were expected, found {count}; name another folder")


def _walk(folder: Path, *, failures: list[Failure]) -> Iterator[Path]:
    """Files below a folder, sorted, hidden ones left out; linked folders are followed once."""

    def note(error: OSError) -> None:
        failures.append(Failure(path_text(Path(str(error.filename))), None, _reason(error)))

    entered: set[str] = set()
    for root, folders, files in os.walk(folder, followlinks=True, onerror=note):
        real = os.path.realpath(root)
        folders[:] = [] if real in entered else sorted(name for name in folders if not name.startswith("."))
        if real not in entered:
            yield from (Path(root, name) for name in sorted(files) if not name.startswith("."))
        entered.add(real)


def _is_note(path: Path) -> bool:
    """README.md, SOURCES.md and the like: a name in capitals, and no front matter; and lists of questions."""
    stem, suffix = os.path.splitext(path.name)
    try:
        if suffix.lower() in QUESTIONS:
            return holds_questions(path)
        named_so = stem.isupper() or stem.lower() == "readme"
        return suffix.lower() in MARKDOWN and named_so and not has_front_matter(path)
    except OSError:
        return False  # reading it will say why


def _refuse_markup(path: Path, *, place: str) -> None:
    """A file of unknown ending is plain text, unless it begins as a page or as data. Raises ReadError."""
    with path.open("rb") as stream:
        start = stream.read(200).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signs, kind in (((b"<!doctype", b"<html", b"<?xml"), "a web page or XML"), ((b"{", b"["), "JSON")):
        if start.startswith(signs):
            reason = f"plain text was expected, found {kind}; deliver it as one of: {', '.join(SUFFIXES)}"
            raise ReadError(reason, path=place, line=1)


def _reason(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "a file that may be read was expected, found no permission; allow reading it (chmod +r)"
    if isinstance(error, FileNotFoundError):
        return "a file was expected, found that it is not there any more; check the name"
    what = error.strerror if isinstance(error, OSError) else None
    return f"a file that can be read was expected, found: {what or error}; check the name and the disk"
