"""Files that lie beside articles and are none: notes, lists of questions, the pages of a newspaper's issue."""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Iterator

from qa.errors import ReadError
from qa.loaders.documents import Document, path_from
from qa.loaders.front_matter import has_front_matter
from qa.loaders.metadata import ALIASES
from qa.loaders.sniffing import FileHead
from qa.loaders.xml_tree import Element, elements, line, tree_of

MAX_METS = 50_000_000  # bytes; an issue of a hundred pages has about 5 MB
_SNIFFED = 8_192


def is_companion(document: Document) -> bool:
    """README.md, SOURCES.md and the like: a name in capitals, and no front matter; and lists of questions."""
    stem, suffix = os.path.splitext(document.name)
    is_note_name = stem.isupper() or stem.lower() == "readme"
    try:
        if suffix.lower() in (".jsonl", ".ndjson"):
            return _holds_questions(document.start())
        is_markdown = suffix.lower() in (".md", ".markdown")
        return is_markdown and is_note_name and not has_front_matter(document.start())
    except (OSError, ReadError):
        return False  # reading it will say why


def alto_files(mets: Element) -> Iterator[tuple[str, str]]:
    """The ids and the addresses of the files of text that a METS file names."""
    for file in elements(mets, ".//fileGrp/file"):
        href, kind = line(file, "FLocat/@href"), line(file, "@MIMETYPE").lower()
        is_text = href.lower().endswith(".xml") or "xml" in kind or "alto" in line(file, "../@USE").lower()
        if href and is_text and not kind.startswith(("image/", "application/pdf")):
            yield line(file, "@ID"), href


def pages_named(document: Document) -> frozenset[str]:
    """The paths of the pages that a METS file names, from where it lies; none where it is another file."""
    paths = set()
    try:
        if FileHead(document.name.lower(), document.start(_SNIFFED)).root == "mets":
            for _, href in alto_files(tree_of(document, MAX_METS)[0]):
                paths.add(posixpath.normpath(path_from(href)))
    except (ReadError, OSError):
        pass  # reading it will say why
    return frozenset(paths)


def _holds_questions(start: bytes) -> bool:
    """True if the first record of a file that starts so asks something and is no article."""
    first_line = next((line for line in start.split(b"\n") if line.strip()), b"")
    try:
        record = json.loads(first_line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    names = {ALIASES.get(name, name) for name in record} if isinstance(record, dict) else set()
    return "question" in names and not names & {"title", "text"}
