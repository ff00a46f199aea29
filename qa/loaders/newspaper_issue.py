"""Scanned newspapers: the articles of an issue by METS and its ALTO pages, or a lone ALTO page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from lxml import etree

from qa.errors import ReadError
from qa.loaders.alto import AltoBlock, AltoPage, first_line, language_of, pages_of, paragraphs_of
from qa.loaders.documents import Document
from qa.loaders.fields import first_words, id_from, language_tag, printable, slug
from qa.loaders.metadata import Facts, RecordContext
from qa.loaders.mets import MAX_METS, Issue, PageArea, areas_of, description_of, issue_of, outlet_sections, section_ids
from qa.loaders.paragraphs import paged_body
from qa.loaders.xml_tree import Element, elements, line, line_number, tree_of
from qa.models.deliveries import Delivery, Record, Remark

MAX_PAGES_HELD = 64
MAX_LINES = 2_000_000  # of an issue's articles together; a page has about 1,000

ROOTS = ("mets", "alto")
_NO_NAMES = ("mets", "issue", "index", "manifest")
_NO_LABEL = re.compile(r"(?:article|section|page|untitled|no title|sin título)?\W*\d*", re.IGNORECASE)

AreaBlocks = Sequence[tuple[PageArea, list[AltoBlock]]]


def read_newspaper(document: Document, *, defaults: Facts) -> Iterator[Record]:
    """Scanned newspapers: the articles of an issue by METS and its ALTO pages, or a lone ALTO page."""
    root, notices = tree_of(document.read(MAX_METS))
    context = RecordContext(document, defaults, notices=notices)
    if root.tag == "mets":
        yield from _IssueReader(context, issue_of(root)).read()
        return
    if root.tag != "alto":
        actual = printable(str(root.tag))
        raise ReadError(f"METS or ALTO was expected, found {actual}; deliver the issue with its METS file")
    pages = [page for page in pages_of(root) if page.with_text]
    if not pages:
        raise ReadError("a page with text was expected, found none in it; run OCR (text recognition) first")
    if len(pages) == 1:
        yield replace(_page_article(pages[0], context, {}), original=None)
        return
    for page in pages:
        yield _page_article(page, context.numbered(page.number), {})


def _page_article(page: AltoPage, context: RecordContext, values: Mapping[str, object]) -> Delivery:
    """One article for a whole page, titled by its first line."""
    blocks = page.with_text
    title, is_alone = first_line(blocks)
    body, pages = paged_body(paragraphs_of([[block] for block in blocks[1 if is_alone else 0 :]]))
    context = replace(context, original=context.document.original(_joined(title, body), page.number))
    language = language_tag(language_of(blocks)) or values.get("language")
    values = {**values, "language": language, "pages": pages or [[page.number, 0]]}
    return context.article({**values, "title": first_words(title), "text": body})


class _IssueReader:
    """Reads the articles of one issue; its pages are held while they are needed."""

    def __init__(self, context: RecordContext, issue: Issue) -> None:
        self._context = context
        self._issue = issue
        self._lines = 0
        self._sections = {line(section, "@ID"): section for section in elements(issue.root, ".//dmdSec")}
        self._page = lru_cache(MAX_PAGES_HELD)(self._page_of)
        of_articles = set(section_ids(issue.articles))
        self._shared = [name for name in self._sections if name not in of_articles]
        self._outlet = self._described(outlet_sections(issue.root))

    def read(self) -> Iterator[Record]:
        if not self._issue.files:
            raise ReadError("an issue with ALTO files was expected, found none named; deliver them too")
        articles = [part for part in self._issue.articles if next(areas_of(part, self._issue.files), None)]
        for number, division in enumerate(articles, start=1):
            try:
                yield self._article(division, number)
            except ReadError as error:
                yield self._context.failure(error, line=line_number(division))
        if not articles:
            yield from self._pages()
        if count := self._issue.advertisements:
            yield Remark(self._context.document.place, None, f"passed over: advertisements ({count:,})")

    def _article(self, division: Element, number: int) -> Delivery:
        areas, missing = self._blocks(list(areas_of(division, self._issue.files)))
        blocks = [block for _, members in areas for block in members]
        # The inner ones of what it lies in before the outer ones.
        around = section_ids(elements(division, "ancestor::div")[::-1])
        article = self._described(section_ids([division]))
        heading, author = (
            " ".join(
                text
                for _, text in paragraphs_of([[b for area, members in areas if area.role == role for b in members]])
            )
            for role in ("heading", "author")
        )
        label = line(division, "@LABEL")
        described_title = str(article.get("title") or ("" if _NO_LABEL.fullmatch(label) else label))
        title = described_title or heading
        body, pages = paged_body(paragraphs_of(_groups(areas, with_heading=not title)))
        notices = [f"left out, for it can't be read: {reason}" for reason in missing]
        values = self._values(article, self._described([*around, *self._shared]), notices)
        values["language"] = language_tag(language_of(blocks)) or values["language"]
        values |= {"title": title, "text": body, "pages": pages or [[blocks[0].page, 0]]}
        values["byline"] = article.get("byline") or author
        if described_title and heading.casefold() != described_title.casefold():
            values["heading"] = heading
        name = line(division, "@ID") or str(number)
        if issue_id := line(self._issue.root, "@OBJID"):
            values["id"] = id_from(f"{issue_id}.{name}")
        original = self._context.document.original(_joined(etree.tostring(division).decode(), title, body), name)
        context = replace(self._context, derived_id=self._stem(values), line=line_number(division))
        return context.numbered(number, original=original).article(values, *notices)

    def _pages(self) -> Iterator[Record]:
        """An issue that tells of no articles is read page by page."""
        values = self._values({}, self._described(self._shared), [])
        context = replace(self._context, derived_id=self._stem(values))
        for name in self._issue.files:
            try:
                page = self._page(name)
                if page.with_text:
                    yield _page_article(page, context.numbered(page.number), values)
                else:
                    yield Remark(context.document.place, None, f"page {page.number} has no text")
            except ReadError as error:
                yield context.failure(error)

    def _described(self, names: Sequence[str]) -> dict[str, object]:
        return description_of([self._sections[name] for name in dict.fromkeys(names) if name in self._sections])

    def _values(
        self, article: Mapping[str, object], issue: Mapping[str, object], notices: list[str]
    ) -> dict[str, object]:
        published = article.get("published") or issue.get("published")
        if not published and (odd_date := article.get("odd_date") or issue.get("odd_date")):
            notices.append(f"the date {printable(odd_date)} can't be read; it is left out")
        return {
            "published": published,
            "outlet": self._outlet.get("title") or article.get("host") or issue.get("host") or issue.get("title"),
            "keywords": article.get("keywords"),
            "language": article.get("language") or issue.get("language") or self._outlet.get("language"),
        }

    def _blocks(self, areas: Sequence[PageArea]) -> tuple[AreaBlocks, list[str]]:
        """The blocks of each area, and why some have none. Raises ReadError where none has any."""
        blocks_by_area: list[tuple[PageArea, list[AltoBlock]]] = []
        missing: dict[str, None] = {}
        for area in areas:
            try:
                blocks = self._page(area.file).between(area.begin, area.end)
            except ReadError as error:
                missing[error.reason] = None
                continue
            if not blocks:
                missing[f"the block {area.begin} of {area.file}"] = None
            blocks_by_area.append((area, blocks))
            self._lines += sum(len(block.lines) for block in blocks)
            if self._lines > MAX_LINES:
                raise ReadError(f"an issue of at most {MAX_LINES:,} lines was expected, found more; correct its areas")
        if not any(block.lines for _, blocks in blocks_by_area for block in blocks):
            reason = next(iter(missing), "an article with text was expected, found none in its blocks; correct it")
            if "expected" not in reason:
                reason = f"{reason} was expected, found none; deliver the pages that belong to the issue"
            raise ReadError(reason)
        return blocks_by_area, list(missing)[:5]

    def _page_of(self, name: str) -> AltoPage:
        if self._context.document.sibling is None:
            raise ReadError("an issue with its ALTO files was expected, found one alone; deliver them together")
        file = self._context.document.sibling(self._issue.files[name])
        try:
            page = next(pages_of(tree_of(file.read(MAX_METS))[0], number=self._issue.numbers[name]), None)
        except OSError as error:
            raise ReadError(f"the page {name} was expected, found: {error.strerror}", path=file.place) from error
        except ReadError as error:
            raise ReadError(error.reason, path=file.place, line=error.line) from None
        if page is None:
            raise ReadError("ALTO with a page was expected, found none; deliver it again", path=file.place)
        return page

    def _stem(self, values: Mapping[str, object]) -> str:
        stem = slug(self._context.document.stem)
        published = values.get("published")
        return slug(f"{values.get('outlet') or ''} {published}") if stem in _NO_NAMES and published else stem


def _groups(areas: AreaBlocks, *, with_heading: bool) -> list[list[AltoBlock]]:
    roles = ("", "heading") if with_heading else ("",)
    groups: list[list[AltoBlock]] = []
    for group, members in groupby((pair for pair in areas if pair[0].role in roles), lambda pair: pair[0].group):
        blocks = [block for _, area_blocks in members for block in area_blocks]
        groups.extend([blocks] if group else [[block] for block in blocks])
    return groups


def _joined(*texts: str) -> bytes:
    return "\x1f".join(texts).encode("utf-8", "surrogatepass")
