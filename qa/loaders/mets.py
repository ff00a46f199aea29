"""METS: which blocks of which pages make the articles of a newspaper's issue, and in which order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from qa.loaders.newspaper_parts import files_of
from qa.loaders.xml_trees import Element, attribute, children, descendants, local

# Types of divisions, in lower case and without what joins their words.
ARTICLES = frozenset(
    (
        *("article", "editorial", "letter", "obituary", "review", "interview", "feature", "news", "newsitem", "story"),
        *(
            "poem",
            "serial",
            "feuilleton",
            "reportage",
            "commentary",
            "column",
            "speech",
            "report",
            "weather",
            "shipping",
        ),
    )
)
SECTIONS = frozenset(("section", "issuesection", "chapter", "rubric", "supplement", "contentsection"))
ADVERTISEMENTS = frozenset(("advertisement", "advert", "advertising", "ad", "classified", "classifiedad"))
HEADINGS = frozenset(("title", "headline", "heading", "head", "maintitle", "mainheadline"))
BESIDE_HEADINGS = frozenset(("overline", "subheadline", "subtitle", "subheading", "kicker", "motto", "abstract"))
AUTHORS = frozenset(("author", "byline"))
_OUTLETS = frozenset(("newspaper", "periodical", "serialpublication", "journal", "magazine"))


@dataclass(frozen=True, slots=True)
class Area:
    """Blocks of a page from one id to another, all where none is named; `role` is heading, author or empty.

    `group` is the same for areas that make one paragraph, and 0 where each block is one.
    """

    file: str
    begin: str
    end: str
    role: str
    group: int


@dataclass(frozen=True, slots=True)
class Division:
    """An article: its element, the sections that describe it and those of what it lies in, inner ones first."""

    element: Element
    own: tuple[str, ...]
    around: tuple[str, ...]


@dataclass(slots=True)
class Issue:
    """What a METS file says. `files` are the addresses of the pages by their ids, `numbers` the pages' numbers."""

    root: Element
    files: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    articles: list[Division] = field(default_factory=list)
    advertisements: int = 0


def issue_of(root: Element) -> Issue:
    issue = Issue(root, dict(files_of(root)))
    structures = list(descendants(root, "structMap"))
    physical = [one for one in structures if "physical" in attribute(one, "TYPE").lower()]
    issue.numbers = _numbers(issue, physical or structures)
    logical = [one for one in structures if "logical" in attribute(one, "TYPE").lower()]
    for structure in logical or [one for one in structures if one not in physical]:
        issue.articles.extend(_divisions(structure, (), issue))
    return issue


def areas_of(division: Element, files: Mapping[str, str]) -> Iterator[Area]:
    """The areas of a division in the order of the file; areas of pictures of the pages are none."""
    group = 0
    roles: list[tuple[Element, frozenset[str]]] = [(division, frozenset())]
    while roles:
        element, types = roles.pop()
        group += kind_of(element) == "paragraph"
        for pointer in children(element, "fptr"):
            found = list(descendants(pointer, "area")) or [pointer]
            for area in found:
                if (file := attribute(area, "FILEID")) in files:
                    own = group if "paragraph" in types else 0
                    yield Area(file, attribute(area, "BEGIN"), attribute(area, "END"), _role(types), own)
        below = [(one, types | {kind_of(one)}) for one in children(element, "div")]
        roles.extend(reversed(below))


def outlet_sections(root: Element) -> Iterator[str]:
    """The ids of the sections that describe the newspaper itself."""
    for division in descendants(root, "div"):
        if kind_of(division) in _OUTLETS:
            yield from attribute(division, "DMDID").split()


def kind_of(division: Element) -> str:
    return re.sub(r"[^a-z]", "", attribute(division, "TYPE").lower().rpartition(":")[2])


def sections_around(division: Element) -> tuple[str, ...]:
    """The ids of the sections that describe what a division lies in, inner ones first."""
    found: list[str] = []
    above = division.getparent()
    while above is not None and local(above) == "div":
        found.extend(attribute(above, "DMDID").split())
        above = above.getparent()
    return tuple(found)


def _divisions(element: Element, around: tuple[str, ...], issue: Issue) -> Iterator[Division]:
    """The outermost articles below; a section that has none is one itself."""
    for division in children(element, "div"):
        kind = kind_of(division)
        own = tuple(attribute(division, "DMDID").split())
        if kind in ADVERTISEMENTS:
            issue.advertisements += 1
        elif kind in ARTICLES:
            yield Division(division, own, sections_around(division))
        else:
            below = list(_divisions(division, (*own, *around), issue))
            if not below and kind in SECTIONS and next(areas_of(division, issue.files), None):
                yield Division(division, own, sections_around(division))
            yield from below


def _numbers(issue: Issue, structures: list[Element]) -> dict[str, int]:
    """The number of each page's file: its order where the pages are listed, else among the files."""
    numbers = {name: place for place, name in enumerate(issue.files, start=1)}
    seen: Counter[str] = Counter()
    for structure in structures:
        for division in descendants(structure, "div"):
            order = attribute(division, "ORDER")
            if kind_of(division) not in ("page", "nppage") or not order.isascii() or not order.isdecimal():
                continue
            for pointer in descendants(division, "fptr", "area"):
                name = attribute(pointer, "FILEID")
                if name in numbers and not seen[name] and len(order) < 7:
                    seen[name] += 1
                    numbers[name] = int(order)
    return numbers


def _role(types: frozenset[str]) -> str:
    if types & AUTHORS:
        return "author"
    return "heading" if types & HEADINGS and not types & BESIDE_HEADINGS else ""
