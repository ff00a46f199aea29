"""Files that lie beside articles and are none: notes, lists of questions, the pages of a newspaper's issue."""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Iterator
from pathlib import Path

from qa.errors import ReadError
from qa.loaders.documents import Document, path_from
from qa.loaders.front_matter import has_front_matter
from qa.loaders.metadata import ALIASES
from qa.loaders.sniffing import FileHead
from qa.loaders.xml_tree import Element, attribute, children, descendants, parse

MAX_METS = 50_000_000  # bytes; an issue of a hundred pages has about 5 MB
MARKDOWN = (".md", ".markdown")
QUESTIONS = (".jsonl", ".ndjson")

_SNIFFED = 8_192
_TEXTUAL = ("alto", "text", "ocr", "fulltext", "xml")


def is_companion(document: Document) -> bool:
    """README.md, SOURCES.md and the like: a name in capitals, and no front matter; and lists of questions."""
    stem, suffix = os.path.splitext(document.name)
    is_note_name = stem.isupper() or stem.lower() == "readme"
    try:
        if suffix.lower() in QUESTIONS:
            return _holds_questions(document.start())
        return suffix.lower() in MARKDOWN and is_note_name and not has_front_matter(document.start())
    except (OSError, ReadError):
        return False  # reading it will say why


def is_page(document: Document) -> bool:
    """True if it is an ALTO file. Raises ReadError, OSError."""
    return _root(document) == "alto"


def alto_files(mets: Element) -> Iterator[tuple[str, str]]:
    """The ids and the addresses of the files of text that a METS file names."""
    for group in descendants(mets, "fileGrp"):
        use = f"{attribute(group, 'USE')} {attribute(group, 'ID')}".lower()
        for file in children(group, "file"):
            kind = attribute(file, "MIMETYPE").lower()
            for location in children(file, "FLocat"):
                href = attribute(location, "href")
                is_text = href.lower().endswith(".xml") or "xml" in kind or any(word in use for word in _TEXTUAL)
                if href and is_text and not kind.startswith(("image/", "application/pdf")):
                    yield attribute(file, "ID"), href


def pages_named(document: Document) -> frozenset[str]:
    """The paths of the pages that a METS file names, from where it lies; none where it is another file."""
    try:
        if _root(document) != "mets":
            return frozenset()
        root = parse(document.read(MAX_METS))
    except (ReadError, OSError):
        return frozenset()  # reading it will say why
    paths = set()
    for _, href in alto_files(root):
        try:
            paths.add(posixpath.normpath(path_from(href)))
        except ReadError:
            continue  # reading the issue will say why
    return frozenset(paths)


class IssuePages:
    """The files of folders that are pages read with their issue; folders are looked through once each."""

    def __init__(self) -> None:
        self._folders: set[Path] = set()
        self._pages: set[str] = set()

    def __contains__(self, path: Path) -> bool:
        """Of a folder's files in any order, but of a folder before those below it."""
        if not path.name.lower().endswith(".xml"):
            return False
        if path.parent not in self._folders:
            self._folders.add(path.parent)
            self._add_folder(path.parent)
        return str(path) in self._pages

    def _add_folder(self, folder: Path) -> None:
        try:
            files = [file for file in folder.iterdir() if file.name.lower().endswith(".xml") and file.is_file()]
        except OSError:
            return  # walking it will say why
        for file in files:
            self._pages.update(str(folder / page) for page in pages_named(Document.of_file(file)))


def _holds_questions(start: bytes) -> bool:
    """True if the first record of a file that starts so asks something and is no article."""
    line = next((line for line in start.split(b"\n") if line.strip()), b"")
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    names = {ALIASES.get(name, name) for name in record} if isinstance(record, dict) else set()
    return "question" in names and not names & {"title", "text"}


def _root(document: Document) -> str:
    return FileHead(document.name.lower(), document.start(_SNIFFED)).root
