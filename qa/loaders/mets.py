"""METS: which blocks of which pages make the articles of a newspaper's issue, and in which order.

With the descriptions that it gives of the issue and of its articles, in MODS and Dublin Core.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qa.loaders.companions import alto_files
from qa.loaders.fields import first_language
from qa.loaders.timestamps import iso, numeric_day
from qa.loaders.xml_tree import Element, attribute, children, descendants, elements, line, lines, local

# Types of divisions, in lower case and without what joins their words.
ARTICLES = frozenset(
    (
        *("article", "editorial", "letter", "obituary", "review", "interview", "feature", "news", "newsitem", "story"),
        *("poem", "serial", "feuilleton", "reportage", "commentary", "column", "speech", "report", "weather"),
        "shipping",
    )
)
SECTIONS = frozenset(("section", "issuesection", "chapter", "rubric", "supplement", "contentsection"))
ADVERTISEMENTS = frozenset(("advertisement", "advert", "advertising", "ad", "classified", "classifiedad"))
HEADINGS = frozenset(("title", "headline", "heading", "head", "maintitle", "mainheadline"))
BESIDE_HEADINGS = frozenset(("overline", "subheadline", "subtitle", "subheading", "kicker", "motto", "abstract"))
AUTHORS = frozenset(("author", "byline"))
_OUTLETS = frozenset(("newspaper", "periodical", "serialpublication", "journal", "magazine"))


@dataclass(frozen=True, slots=True)
class PageArea:
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
    sections: tuple[str, ...]
    around: tuple[str, ...]


@dataclass(slots=True)
class Issue:
    """An issue of a newspaper. `files` are the addresses of the pages by their ids, `numbers` the pages' numbers."""

    root: Element
    files: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    articles: list[Division] = field(default_factory=list)
    advertisements: int = 0


def issue_of(root: Element) -> Issue:
    """The issue that a METS file describes."""
    issue = Issue(root, dict(alto_files(root)))
    structures = list(descendants(root, "structMap"))
    physical, logical = (
        [structure for structure in structures if kind in attribute(structure, "TYPE").lower()]
        for kind in ("physical", "logical")
    )
    issue.numbers = _numbers(issue, physical or structures)
    for structure in logical or [structure for structure in structures if structure not in physical]:
        issue.articles.extend(_divisions(structure, issue))
    return issue


def areas_of(division: Element, files: Mapping[str, str]) -> Iterator[PageArea]:
    """The areas of a division in the order of the file; areas of pictures of the pages are none."""
    group = 0
    roles: list[tuple[Element, frozenset[str]]] = [(division, frozenset())]
    while roles:
        element, types = roles.pop()
        group += kind_of(element) == "paragraph"
        for pointer in children(element, "fptr"):
            for area in list(descendants(pointer, "area")) or [pointer]:
                if (file := attribute(area, "FILEID")) in files:
                    paragraph = group if "paragraph" in types else 0
                    yield PageArea(file, attribute(area, "BEGIN"), attribute(area, "END"), _role(types), paragraph)
        below = [(inner, types | {kind_of(inner)}) for inner in children(element, "div")]
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
    sections: list[str] = []
    above = division.getparent()
    while above is not None and local(above) == "div":
        sections.extend(attribute(above, "DMDID").split())
        above = above.getparent()
    return tuple(sections)


def _divisions(element: Element, issue: Issue) -> Iterator[Division]:
    """The outermost articles below; a section that has none is one itself."""
    for division in children(element, "div"):
        kind = kind_of(division)
        sections = tuple(attribute(division, "DMDID").split())
        if kind in ADVERTISEMENTS:
            issue.advertisements += 1
        elif kind in ARTICLES:
            yield Division(division, sections, sections_around(division))
        else:
            below = list(_divisions(division, issue))
            if not below and kind in SECTIONS and next(areas_of(division, issue.files), None):
                yield Division(division, sections, sections_around(division))
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


@dataclass(frozen=True, slots=True)
class Description:
    """A description by one or several sections, the first that says each thing; `odd_date` can't be read."""

    title: str = ""
    host: str = ""
    published: str | None = None
    odd_date: str = ""
    language: str = ""
    byline: str = ""
    keywords: tuple[str, ...] = ()
    identifier: str = ""


def sections_of(mets: Element) -> Mapping[str, Element]:
    """The descriptive sections by their ids."""
    return {attribute(section, "ID"): section for section in descendants(mets, "dmdSec")}


def description_of(sections: Sequence[Element]) -> Description:
    """The description of sections, those before counting before those behind."""
    values: dict[str, object] = {}
    for section in sections:
        record = next(descendants(section, "mods"), None)
        section_facts = _mods_values(record) if record is not None else _dublin_core_values(section)
        values = {key: values.get(key) or value for key, value in section_facts.items()}
    return Description(**values)  # type: ignore[arg-type]


def _mods_values(mods: Element) -> dict[str, object]:
    host = next((item for item in children(mods, "relatedItem") if attribute(item, "type").lower() == "host"), None)
    origin = (f"originInfo/{name}" for name in ("dateIssued", "dateCreated", "dateOther"))
    return {
        "title": _title(mods),
        "host": _title(host),
        **_dates(lines(mods, *origin, "part/date")),
        "language": first_language(*lines(mods, "language/languageTerm")),
        "byline": ", ".join(filter(None, map(_name, children(mods, "name")))),
        "keywords": tuple(lines(mods, "subject/topic")),
        "identifier": line(mods, "identifier"),
    }


def _dublin_core_values(section: Element) -> dict[str, object]:
    texts: dict[str, list[str]] = {}
    for element in descendants(section, "title", "date", "issued", "language", "creator", "subject", "identifier"):
        texts.setdefault(local(element), []).extend(lines(element, ""))
    return {
        "title": next(iter(texts.get("title", ())), ""),
        **_dates([*texts.get("issued", ()), *texts.get("date", ())]),
        "language": first_language(*texts.get("language", ())),
        "byline": ", ".join(texts.get("creator", ())),
        "keywords": tuple(texts.get("subject", ())),
        "identifier": next(iter(texts.get("identifier", ())), ""),
    }


def _dates(texts: Sequence[str]) -> dict[str, object]:
    days = (numeric_day(text) or iso(text.replace("/", "-")) for text in texts)
    published = next(filter(None, days), None)
    return {"published": published, "odd_date": "" if published else next(iter(texts), "")}


def _title(record: Element | None) -> str:
    """The main title; an abbreviated or translated one only where there is no other."""
    infos = sorted(elements(record, "titleInfo"), key=lambda info: bool(attribute(info, "type")))
    for info in infos:
        title = " ".join(lines(info, "nonSort")[:1] + lines(info, "title")[:1])
        below = line(info, "subTitle")
        if title:
            return f"{title}{'' if title.endswith(('.', '!', '?', ':')) else ':'} {below}" if below else title
    return ""


def _name(name: Element) -> str:
    parts = {attribute(part, "type"): line(part, "") for part in children(name, "namePart")}
    full = " ".join(filter(None, (parts.get("given"), parts.get("family"))))
    return line(name, "displayForm") or full or line(name, "namePart")
