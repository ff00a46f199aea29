"""METS: which blocks of which pages make the articles of a newspaper's issue, and in which order.

With the descriptions that it gives of the issue and of its articles, in MODS and Dublin Core.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.errors import ReadError
from qa.loaders.alto import page_number
from qa.loaders.documents import BROKEN, Document, path_from
from qa.loaders.fields import first_language
from qa.loaders.names import NAMES
from qa.loaders.timestamps import iso, numeric_day
from qa.loaders.xml_tree import Element, elements, first, line, lines, tree_of

MAX_METS = 50_000_000  # bytes; an issue of a hundred pages has about 5 MB

_TYPES = {name: frozenset(types) for name, types in NAMES["newspaper"].items()}
_MODS_DATES = ("originInfo/dateIssued", "originInfo/dateCreated", "originInfo/dateOther", "part/date")
_HOST = "relatedItem[translate(@type, 'HOST', 'host') = 'host']"


class PageArea(NamedTuple):
    """Blocks of a page from one id to another, all where none is named; `role` is heading, author or empty.

    `group` is the same for areas that make one paragraph, and 0 where each block is one.
    """

    file: str
    begin: str
    end: str
    role: str
    group: int


@dataclass(slots=True)
class Issue:
    """An issue of a newspaper. `files` are the addresses of the pages by their ids, `numbers` the pages' numbers."""

    root: Element
    files: Mapping[str, str]
    numbers: Mapping[str, int]
    articles: list[Element] = field(default_factory=list)
    advertisements: int = 0


def pages_named(document: Document) -> frozenset[str]:
    """The paths of the pages that a METS file names, from where it lies; none where it is another file."""
    try:
        if not re.search(rb"<(?:[\w.-]{1,100}:)?mets[\s>]", document.start(8_192), re.IGNORECASE):
            return frozenset()
        files = _alto_files(tree_of(document.read(MAX_METS))[0])
        return frozenset(posixpath.normpath(path_from(href)) for _, href in files)
    except (ReadError, OSError, *BROKEN):
        return frozenset()  # reading it will say why


def issue_of(root: Element) -> Issue:
    """The issue that a METS file describes."""
    files = dict(_alto_files(root))
    # The number of a page's file is its order where the pages are listed, else among the files.
    numbers = {name: place for place, name in enumerate(files, start=1)}
    listed: dict[str, int] = {}
    for division in elements(root, ".//structMap//div[@ORDER]"):
        if _kind_of(division) in ("page", "nppage") and (number := page_number(line(division, "@ORDER"))) is not None:
            for name in lines(division, ".//fptr/@FILEID", ".//area/@FILEID"):
                listed.setdefault(name, number)
    issue = Issue(root, files, numbers | {name: number for name, number in listed.items() if name in files})
    structures = [(line(structure, "@TYPE").lower(), structure) for structure in elements(root, ".//structMap")]
    logical = [structure for kind, structure in structures if "logical" in kind]
    for structure in logical or [structure for kind, structure in structures if "physical" not in kind]:
        issue.articles += _articles(structure, issue)
    return issue


def areas_of(division: Element, files: Mapping[str, str]) -> Iterator[PageArea]:
    """The areas of a division in the order of the file; areas of pictures of the pages are none."""
    group = 0
    waiting: list[tuple[Element, frozenset[str]]] = [(division, frozenset())]
    while waiting:
        element, kinds = waiting.pop()
        group += _kind_of(element) == "paragraph"
        role = (
            "author"
            if kinds & _TYPES["authors"]
            else "heading"
            if kinds & _TYPES["headings"] and not kinds & _TYPES["beside_headings"]
            else ""
        )
        for area in elements(element, "fptr//area|fptr[not(.//area)]"):
            if (file := line(area, "@FILEID")) in files:
                ends = line(area, "@BEGIN"), line(area, "@END")
                yield PageArea(file, *ends, role, group if "paragraph" in kinds else 0)
        waiting += [(inner, kinds | {_kind_of(inner)}) for inner in reversed(elements(element, "div"))]


def outlet_sections(root: Element) -> list[str]:
    """The ids of the sections that describe the newspaper itself."""
    return section_ids([part for part in elements(root, ".//div") if _kind_of(part) in _TYPES["outlets"]])


def section_ids(divisions: Sequence[Element]) -> list[str]:
    """The ids of the sections that describe some divisions."""
    return [name for names in lines(divisions, "@DMDID") for name in names.split()]


def description_of(sections: Sequence[Element]) -> dict[str, object]:
    """The description by some sections, the first that says each thing; `odd_date` is one that can't be read."""
    values: dict[str, object] = {}
    for section in sections:
        mods = first(section, ".//mods")
        values = _described(section, mods) | {key: value for key, value in values.items() if value}
    return values


def _alto_files(mets: Element) -> Iterator[tuple[str, str]]:
    for file in elements(mets, ".//fileGrp/file"):
        href, kind = line(file, "FLocat/@href"), line(file, "@MIMETYPE").lower()
        is_text = href.lower().endswith(".xml") or "xml" in kind or "alto" in line(file, "../@USE").lower()
        if href and is_text and not kind.startswith(("image/", "application/pdf")):
            yield line(file, "@ID"), href


def _kind_of(division: Element) -> str:
    return re.sub(r"[^a-z]", "", line(division, "@TYPE").lower().rpartition(":")[2])


def _articles(element: Element, issue: Issue) -> Iterator[Element]:
    """The outermost articles below; a section that has none is one itself."""
    for division in elements(element, "div"):
        kind = _kind_of(division)
        if kind in _TYPES["advertisements"]:
            issue.advertisements += 1
        elif kind in _TYPES["articles"]:
            yield division
        else:
            below = list(_articles(division, issue))
            is_one = not below and kind in _TYPES["sections"] and next(areas_of(division, issue.files), None)
            yield from [division] if is_one else below


def _described(section: Element, mods: Element | None) -> dict[str, object]:
    """What a section says, in MODS or else in Dublin Core."""
    dates = lines(section, ".//issued", ".//date") if mods is None else lines(mods, *_MODS_DATES)
    published = next(filter(None, (numeric_day(text) or iso(text.replace("/", "-")) for text in dates)), None)
    languages = lines(section, ".//language") if mods is None else lines(mods, "language/languageTerm")
    creators = lines(section, ".//creator") if mods is None else list(map(_name, elements(mods, "name")))
    return {
        "title": line(section, ".//title") if mods is None else _title(mods),
        "host": _title(first(mods, _HOST)),
        "published": published,
        "odd_date": "" if published else next(iter(dates), ""),
        "language": first_language(*languages),
        "byline": ", ".join(filter(None, creators)),
        "keywords": lines(section, ".//subject") if mods is None else lines(mods, "subject/topic"),
    }


def _title(record: Element | None) -> str:
    """The main title; an abbreviated or translated one only where there is no other."""
    for info in elements(record, "titleInfo[not(@type)]") + elements(record, "titleInfo"):
        if title := " ".join(lines(info, "nonSort[1]", "title[1]")):
            below = line(info, "subTitle")
            return f"{title}{'' if title.endswith(('.', '!', '?', ':')) else ':'} {below}" if below else title
    return ""


def _name(name: Element) -> str:
    full = " ".join(lines(name, "namePart[@type='given'][1]", "namePart[@type='family'][1]"))
    return line(name, "displayForm") or full or line(name, "namePart")
