"""Scanned newspapers: the articles of an issue by METS and its ALTO pages, or a lone ALTO page."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from lxml import etree

from qa.errors import ReadError
from qa.loaders.alto import Block, Page, confidence_of, first_line, language_of, pages_of, paragraphs_of
from qa.loaders.documents import Document
from qa.loaders.fields import MAX_TITLE, id_from, shown
from qa.loaders.metadata import Facts, deliver, facts, slug
from qa.loaders.mets import Area, Division, Issue, areas_of, issue_of, outlet_sections
from qa.loaders.mods import Description, described, language_code, sections_of
from qa.loaders.newspaper_parts import MAX_METS
from qa.loaders.paged_text import body_of
from qa.loaders.stand_in import first_words
from qa.loaders.xml_trees import Element, attribute, line_number, local, parse
from qa.models.deliveries import WITHIN, Delivery, Failure, Original, Record, Remark

MAX_PAGES_HELD = 64
MAX_LINES = 2_000_000  # of an issue's articles together; a page has about 1,000

_NO_NAMES = ("mets", "issue", "index", "manifest")
_NO_LABEL = re.compile(r"(?:article|section|page|untitled|no title|sin título)?\W*\d*", re.IGNORECASE)


def read_newspaper(document: Document, *, beneath: Facts) -> Iterator[Record]:
    """The articles of an issue, or the pages of an ALTO file that is given alone. Raises ReadError, OSError."""
    root = parse(document.read(MAX_METS), path=document.place)
    if local(root) == "alto":
        yield from _read_pages(root, document, beneath)
    elif local(root) == "mets":
        yield from _Reader(document, issue_of(root), beneath).read()
    else:
        reason = f"METS or ALTO was expected, found {shown(local(root))}; deliver the issue with its METS file"
        raise ReadError(reason, path=document.place)


def _read_pages(root: Element, document: Document, beneath: Facts) -> Iterator[Record]:
    pages = [page for page in pages_of(root) if first_line(list(page.blocks.values()))[0]]
    if not pages:
        reason = "a page with text was expected, found none in it; run OCR (text recognition) first"
        raise ReadError(reason, path=document.place)
    for page in pages:
        derived = slug(document.stem) + (f"-{page.number}" if len(pages) > 1 else "")
        read = _page_read(page, document, beneath, {}, derived)
        yield read if len(pages) > 1 else replace(read, original=None)


def _page_read(page: Page, document: Document, beneath: Facts, said: Mapping[str, object], derived: str) -> Delivery:
    """One article for a whole page, titled by its first line."""
    blocks = list(page.blocks.values())
    title, alone = first_line(blocks)
    body, pages = body_of(paragraphs_of([[block] for block in (_without_first(blocks) if alone else blocks)]))
    own = {**said, "title": first_words(title), "text": body, **_measured(blocks), "pages": pages or [[page.number, 0]]}
    delivery = deliver({**beneath, **facts(own, path=document.place)}, derived_id=derived, path=document.place)
    return replace(delivery, original=_original(document, str(page.number), title, body))


class _Reader:
    """Reads the articles of one issue; its pages are held while they are needed."""

    def __init__(self, document: Document, issue: Issue, beneath: Facts) -> None:
        self._document = document
        self._issue = issue
        self._beneath = beneath
        self._lines = 0
        self._sections = sections_of(issue.root)
        self._page = lru_cache(MAX_PAGES_HELD)(self._page_of)
        of_articles = {name for article in issue.articles for name in article.own}
        self._shared = [name for name in self._sections if name not in of_articles]
        self._outlet = described([self._sections[one] for one in outlet_sections(issue.root) if one in self._sections])

    def read(self) -> Iterator[Record]:
        place = self._document.place
        if not self._issue.files:
            raise ReadError("an issue with ALTO files was expected, found none named; deliver them too", path=place)
        articles = [one for one in self._issue.articles if next(areas_of(one.element, self._issue.files), None)]
        for number, division in enumerate(articles, start=1):
            try:
                yield self._article(division, number)
            except ReadError as error:
                yield Failure(error.path or place, error.line or line_number(division.element), error.reason)
        if not articles:
            yield from self._pages()
        if self._issue.advertisements:
            yield Remark(place, None, f"passed over: advertisements ({self._issue.advertisements:,})")

    def _article(self, division: Division, number: int) -> Delivery:
        areas = list(areas_of(division.element, self._issue.files))
        blocks, missing = self._blocks(areas)
        own, issue = self._described(division.own), self._described((*division.around, *self._shared))
        roles = {role: [block for area, found in blocks for block in found if area.role == role] for role in _ROLES}
        heading = " ".join(one.text for one in paragraphs_of([roles["heading"]]))
        title, stated = _title_of(own, division.element)
        title = title or heading
        body, pages = body_of(paragraphs_of(_groups(blocks, with_heading=not heading and not title)))
        notices = [f"left out, for it can't be read: {reason}" for reason in missing]
        values = self._said(own, issue, notices) | _measured([block for _, found in blocks for block in found])
        values["byline"] = own.byline or " ".join(one.text for one in paragraphs_of([roles["author"]]))
        if stated and heading and heading.casefold() != title.casefold():
            values["heading"] = heading
        if len(title) > MAX_TITLE or not title:
            notices.append("no headline is told; the text's first words stand in")
            title = first_words(title or body)
        values |= {"title": title, "text": body, "pages": pages or [[_first_page(blocks), 0]]}
        name = attribute(division.element, "ID") or str(number)
        return self._delivered(values, division.element, name=name, number=number, notices=notices)

    def _delivered(
        self, values: dict[str, object], element: Element, *, name: str, number: int, notices: Sequence[str]
    ) -> Delivery:
        place, line = self._document.place, line_number(element)
        if issue := attribute(self._issue.root, "OBJID"):
            values["id"] = id_from(f"{issue}.{name}")
        stated = {**self._beneath, **facts(values, path=place, line=line)}
        derived = f"{self._stem(values)}-{number}"
        delivery = deliver(stated, derived_id=derived, path=place, line=line, notices=tuple(notices))
        said = (etree.tostring(element).decode(), str(values["title"]), str(values["text"]))
        return replace(delivery, original=_original(self._document, name, *said))

    def _pages(self) -> Iterator[Record]:
        """An issue that tells of no articles is read page by page."""
        issue = self._described(self._shared)
        place = self._document.place
        said = self._said(Description(), issue, [])
        for name in self._issue.files:
            try:
                page = self._page(name)
                if not first_line(list(page.blocks.values()))[0]:
                    yield Remark(place, None, f"page {page.number} has no text")
                    continue
                derived = f"{self._stem(said)}-{page.number}"
                yield _page_read(page, self._document, self._beneath, said, derived)
            except ReadError as error:
                yield Failure(error.path or place, error.line, error.reason)

    def _described(self, names: Sequence[str]) -> Description:
        return described([self._sections[name] for name in dict.fromkeys(names) if name in self._sections])

    def _said(self, own: Description, issue: Description, notices: list[str]) -> dict[str, object]:
        if not (own.published or issue.published) and (odd := own.odd_date or issue.odd_date):
            notices.append(f"the date {shown(odd)} can't be read; it is left out")
        said: dict[str, object] = {
            "published": own.published or issue.published,
            "outlet": self._outlet.title or own.host or issue.host or issue.title,
            "keywords": list(own.keywords) or None,
        }
        if language := own.language or issue.language or self._outlet.language:
            said["language"] = language
        return said

    def _blocks(self, areas: Sequence[Area]) -> tuple[list[tuple[Area, list[Block]]], list[str]]:
        """The blocks of each area, and why some have none. Raises ReadError where none has any."""
        found: list[tuple[Area, list[Block]]] = []
        missing: dict[str, None] = {}
        for area in areas:
            try:
                blocks = self._page(area.file).between(area.begin, area.end)
                self._lines += sum(len(block.lines) for block in blocks)
                if not blocks:
                    missing[f"the block {area.begin} of {area.file}"] = None
                found.append((area, blocks))
            except ReadError as error:
                missing[error.reason] = None
            if self._lines > MAX_LINES:
                raise ReadError(f"an issue of at most {MAX_LINES:,} lines was expected, found more; correct its areas")
        if not any(block.lines for _, blocks in found for block in blocks):
            reason = next(iter(missing), "an article with text was expected, found none in its blocks; correct it")
            if missing and "expected" not in reason:
                reason = f"{reason} was expected, found none; deliver the pages that belong to the issue"
            raise ReadError(reason)
        return found, list(missing)[:5]

    def _page_of(self, name: str) -> Page:
        """Raises ReadError where the file can't be read."""
        if self._document.beside is None:
            raise ReadError("an issue with its ALTO files was expected, found one alone; deliver them together")
        beside = self._document.beside(self._issue.files[name])
        try:
            root = parse(beside.read(MAX_METS), path=beside.place)
        except OSError as error:
            raise ReadError(f"the page {name} was expected, found: {error.strerror}", path=beside.place) from error
        page = next(pages_of(root, number=self._issue.numbers[name]), None)
        if page is None:
            raise ReadError("ALTO with a page was expected, found none; deliver it again", path=beside.place)
        return page

    def _stem(self, values: Mapping[str, object]) -> str:
        stem = slug(self._document.stem)
        named = slug(f"{values.get('outlet') or ''} {values.get('published') or ''}")
        return named if stem in _NO_NAMES and values.get("published") else stem


_ROLES = ("heading", "author", "")


def _title_of(own: Description, element: Element) -> tuple[str, bool]:
    """The headline that the file states, and whether it does."""
    label = attribute(element, "LABEL")
    title = own.title or ("" if _NO_LABEL.fullmatch(label) else label)
    return title, bool(title)


def _groups(blocks: Sequence[tuple[Area, list[Block]]], *, with_heading: bool) -> list[list[Block]]:
    """The blocks that make one paragraph each."""
    kept = [one for one in blocks if one[0].role == "" or (with_heading and one[0].role == "heading")]
    groups: list[list[Block]] = []
    for group, areas in groupby(kept, lambda one: one[0].group):
        found = [block for _, listed in areas for block in listed]
        groups.extend([found] if group else [[block] for block in found])
    return groups


def _first_page(blocks: Sequence[tuple[Area, list[Block]]]) -> int:
    return next(block.page for _, found in blocks for block in found)


def _without_first(blocks: Sequence[Block]) -> list[Block]:
    place = next(place for place, block in enumerate(blocks) if any(block.lines))
    return list(blocks[place + 1 :])


def _measured(blocks: Sequence[Block]) -> dict[str, object]:
    confidence, language = confidence_of(blocks), language_code(language_of(blocks))
    measured: dict[str, object] = {} if confidence is None else {"ocr_confidence": confidence}
    return measured | ({"language": language} if language else {})


def _original(document: Document, name: str, *texts: str) -> Original:
    digest = hashlib.sha256("\x1f".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
    return Original(digest, f"{document.inside}{WITHIN}{name}" if document.inside else name)
