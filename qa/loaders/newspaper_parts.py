"""Which pages of a scanned newspaper are read with their issue: those that its METS file names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from qa.errors import ReadError
from qa.loaders.documents import Document, path_from
from qa.loaders.starts import Start
from qa.loaders.xml_trees import Element, attribute, children, descendants, parse

MAX_METS = 50_000_000  # bytes; an issue of a hundred pages has about 5 MB
_SNIFFED = 8_192

_TEXTUAL = ("alto", "text", "ocr", "fulltext", "xml")


def is_page(document: Document) -> bool:
    """Whether it is an ALTO file. Raises ReadError, OSError."""
    return _root(document) == "alto"


def files_of(mets: Element) -> Iterator[tuple[str, str]]:
    """The ids and the addresses of the files of text that a METS file names."""
    for group in descendants(mets, "fileGrp"):
        told = f"{attribute(group, 'USE')} {attribute(group, 'ID')}".lower()
        for file in children(group, "file"):
            kind = attribute(file, "MIMETYPE").lower()
            for place in children(file, "FLocat"):
                href = attribute(place, "href")
                is_text = href.lower().endswith(".xml") or "xml" in kind or any(word in told for word in _TEXTUAL)
                if href and is_text and not kind.startswith(("image/", "application/pdf")):
                    yield attribute(file, "ID"), href


def pages_named(document: Document) -> frozenset[str]:
    """The paths of the pages that a METS file names, from where it lies; none where it is another file."""
    try:
        if _root(document) != "mets":
            return frozenset()
        root = parse(document.read(MAX_METS), path=document.place)
    except (ReadError, OSError):
        return frozenset()  # reading it will say why
    return frozenset(filter(None, (_path(href) for _, href in files_of(root))))


class PagesOfIssues:
    """Which files of a folder are pages that are read with their issue; folders are looked through once each."""

    def __init__(self) -> None:
        self._looked_through: set[Path] = set()
        self._pages: set[str] = set()

    def __contains__(self, path: Path) -> bool:
        """Of a folder's files in any order, but of a folder before those below it."""
        if not path.name.lower().endswith(".xml"):
            return False
        folder = path.parent
        if folder not in self._looked_through:
            self._looked_through.add(folder)
            self._look_through(folder)
        return str(path) in self._pages

    def _look_through(self, folder: Path) -> None:
        try:
            listed = [one for one in folder.iterdir() if one.name.lower().endswith(".xml") and one.is_file()]
        except OSError:
            return  # walking it will say why
        for one in listed:
            self._pages.update(str(folder / page) for page in pages_named(Document.of_file(one)))


def _root(document: Document) -> str:
    return Start(document.name.lower(), document.start(_SNIFFED)).root


def _path(href: str) -> str:
    try:
        return posixpath.normpath(path_from(href))
    except ReadError:
        return ""
