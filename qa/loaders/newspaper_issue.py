"""Scanned newspapers: METS says which blocks are an article, in MODS or Dublin Core what it is; ALTO has the words."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from lxml import etree

from qa.errors import ReadError
from qa.loaders.documents import BROKEN, Document, path_from
from qa.loaders.fields import NAMES, first_language, first_words, iso, numeric_day, printable, slug
from qa.loaders.metadata import RecordContext, Values
from qa.loaders.paragraphs import ends_sentence, paged_body
from qa.loaders.xml_tree import Element, elements, first, line, line_number, lines, tree_of
from qa.models.deliveries import Delivery, Record, Remark
from qa.text.cleaning import id_from

ROOTS = ("mets", "alto")
MAX_BYTES = 50_000_000  # of a METS file or a page; METS of a hundred pages has about 5 MB
MAX_PAGES_HELD = 64
MAX_LINES = 2_000_000  # of an issue's articles together; a page has about 1,000
_TYPES = {name: frozenset(types) for name, types in NAMES["newspaper"].items()}
_MODS_DATES = ("originInfo/dateIssued", "originInfo/dateCreated", "originInfo/dateOther", "part/date")
_NO_LABEL = re.compile(r"(?:article|section|page|untitled|no title|sin título)?\W*\d*", re.IGNORECASE)


class AltoWord(NamedTuple):
    """`half` is HypPart1 or HypPart2 for the halves of a word that a line's end parts, and `whole` that word."""

    text: str
    space_before: bool
    half: str
    whole: str


class AltoBlock(NamedTuple):
    """Lines that have words and stand together on a page."""

    page: int
    lines: Sequence[Sequence[AltoWord]]
    language: str


class AltoPage(NamedTuple):
    """Its blocks with words, in their order; `places` are those in each block, or block of blocks, by its id."""

    number: int
    blocks: Sequence[AltoBlock]
    places: Mapping[str, range]


class PageArea(NamedTuple):
    """Blocks of a page that stand together; `role` is heading, author or empty."""

    blocks: Sequence[AltoBlock]
    role: str
    group: int  # the same for areas that make one paragraph, 0 where each block is one


def read_newspaper(context: RecordContext) -> Iterator[Record]:
    """Scanned newspapers: the articles of an issue by METS and its ALTO pages, or a lone ALTO page."""
    root, notices = tree_of(context.document.read(MAX_BYTES))
    context = replace(context, notices=notices)
    if root.tag == "mets":
        yield from _IssueReader(root, context).read()
        return
    if root.tag != "alto":
        actual = printable(str(root.tag))
        raise ReadError(f"METS or ALTO was expected, found {actual}; deliver the issue with its METS file")
    pages = [page for page in _pages_of(root) if page.blocks]
    if not pages:
        raise ReadError("a page with text was expected, found none in it; run OCR (text recognition) first")
    for page in pages:
        article = _page_article(page, context.numbered(page.number) if len(pages) > 1 else context, {})
        yield article if len(pages) > 1 else replace(article, original=None)


def _page_article(page: AltoPage, context: RecordContext, values: Values) -> Delivery:
    blocks = page.blocks
    title = _texts(blocks[0].lines[:1], set())[0]
    text_blocks = blocks if len(blocks[0].lines) > 1 else blocks[1:]  # a line alone is a headline
    body, pages = paged_body(_paragraphs_of([[block] for block in text_blocks]))
    digested = f"{title}\x1f{body}".encode("utf-8", "surrogatepass")
    context = replace(context, original=context.document.original(digested, page.number))
    values = {**values, "language": _language_of(blocks) or values.get("language")}
    values |= {"pages": pages or [[page.number, 0]], "title": first_words(title), "text": body}
    return context.article(values)


class _IssueReader:
    """Reads the articles of the issue that a METS file describes; its pages are held while they are needed."""

    def __init__(self, root: Element, context: RecordContext) -> None:
        self._root, self._context = root, context
        self._files = dict(_page_files(root))  # their addresses by their ids
        # The number of each page's file: its order where the pages are listed, else among the files.
        self._numbers = {name: place for place, name in enumerate(self._files, start=1)}
        for division in reversed(elements(root, ".//structMap//div[@ORDER]")):
            number = _page_number(line(division, "@ORDER"))
            if number is not None and _kind_of(division) in ("page", "nppage"):
                self._numbers |= dict.fromkeys(lines(division, ".//fptr/@FILEID", ".//area/@FILEID"), number)
        self._page = lru_cache(MAX_PAGES_HELD)(self._page_of)
        self._lines = self._advertisements = 0
        structures = [(line(structure, "@TYPE").lower(), structure) for structure in elements(root, ".//structMap")]
        logical = [structure for kind, structure in structures if "logical" in kind]
        logical = logical or [structure for kind, structure in structures if "physical" not in kind]
        self._articles = [article for structure in logical for article in self._articles_below(structure)]
        self._sections = {line(section, "@ID"): section for section in elements(root, ".//dmdSec")}
        of_articles = set(_section_ids(self._articles))
        self._shared = [name for name in self._sections if name not in of_articles]
        newspapers = [part for part in elements(root, ".//div") if _kind_of(part) in _TYPES["outlets"]]
        self._outlet = self._described(_section_ids(newspapers))

    def read(self) -> Iterator[Record]:
        if not self._files:
            raise ReadError("an issue with ALTO files was expected, found none named; deliver them too")
        articles = [division for division in self._articles if self._has_areas(division)]
        for number, division in enumerate(articles, start=1):
            try:
                yield self._article(division, number)
            except ReadError as error:
                yield self._context.failure(error, line=line_number(division))
        if not articles:
            yield from self._pages()
        if self._advertisements:
            yield Remark(self._context.document.place, None, f"passed over: advertisements ({self._advertisements:,})")

    def _articles_below(self, element: Element) -> Iterator[Element]:
        """The outermost articles; a section that has none is one itself."""
        for division in elements(element, "div"):
            kind = _kind_of(division)
            if kind in _TYPES["advertisements"]:
                self._advertisements += 1
            elif kind in _TYPES["articles"]:
                yield division
            else:
                below = list(self._articles_below(division))
                is_article = not below and kind in _TYPES["sections"] and self._has_areas(division)
                yield from [division] if is_article else below

    def _has_areas(self, division: Element) -> bool:
        """True if it names pages with text; pictures of the pages are none."""
        return not self._files.keys().isdisjoint(lines(division, ".//fptr/@FILEID", ".//fptr//area/@FILEID"))

    def _areas(self, division: Element, missing: dict[str, None]) -> Iterator[PageArea]:
        """The areas of a division in the order of the file; `missing` gets why some have no blocks."""
        group = 0
        waiting: list[tuple[Element, frozenset[str]]] = [(division, frozenset())]
        while waiting:
            element, kinds = waiting.pop()
            group += _kind_of(element) == "paragraph"
            is_heading = kinds & _TYPES["headings"] and not kinds & _TYPES["beside_headings"]
            role = "author" if kinds & _TYPES["authors"] else "heading" if is_heading else ""
            for area in elements(element, "fptr//area|fptr[not(.//area)]"):
                if (file := line(area, "@FILEID")) not in self._files:
                    continue
                try:
                    page = self._page(file)
                except ReadError as error:
                    missing[error.reason] = None
                    continue
                begin, end = line(area, "@BEGIN"), line(area, "@END")
                if begin and begin not in page.places:
                    missing[f"the block {begin} of {file}"] = None
                    continue
                first = page.places[begin] if begin else range(len(page.blocks))
                blocks = page.blocks[first.start : max(first.stop, page.places.get(end, first).stop)]
                self._lines += sum(len(block.lines) for block in blocks)
                if self._lines > MAX_LINES:
                    reason = f"an issue of at most {MAX_LINES:,} lines was expected, found more"
                    raise ReadError(f"{reason}; correct its areas")
                yield PageArea(blocks, role, group if "paragraph" in kinds else 0)
            waiting += [(inner, kinds | {_kind_of(inner)}) for inner in reversed(elements(element, "div"))]

    def _article(self, division: Element, number: int) -> Delivery:
        """The article of a division. Raises ReadError where none of its areas has any text."""
        missing: dict[str, None] = {}
        areas = list(self._areas(division, missing))
        blocks = [block for area in areas for block in area.blocks]
        if not blocks:
            reason = next(iter(missing), "an article with text was expected, found none in its blocks; correct it")
            if "expected" not in reason:
                reason = f"{reason} was expected, found none; deliver the pages that belong to the issue"
            raise ReadError(reason)
        # The inner ones of what it lies in before the outer ones.
        around = _section_ids(elements(division, "ancestor::div")[::-1])
        article = self._described(_section_ids([division]))
        heading, author = (_words_of(areas, role) for role in ("heading", "author"))
        label = line(division, "@LABEL")
        described_title = str(article.get("title") or ("" if _NO_LABEL.fullmatch(label) else label))
        title = described_title or heading
        groups: list[list[AltoBlock]] = []
        of_text = (area for area in areas if area.role != "author" and not (title and area.role))
        for group, members in groupby(of_text, attrgetter("group")):
            together = [block for area in members for block in area.blocks]
            groups.extend([together] if group else [[block] for block in together])
        body, pages = paged_body(_paragraphs_of(groups))
        notices = [f"left out, for it can't be read: {reason}" for reason in list(missing)[:5]]
        values = self._values(article, self._described([*around, *self._shared]), notices)
        values["language"] = _language_of(blocks) or values["language"]
        values |= {"title": title, "text": body, "pages": pages or [[blocks[0].page, 0]]}
        values["byline"] = article.get("byline") or author
        if described_title and heading.casefold() != described_title.casefold():
            values["heading"] = heading
        name = line(division, "@ID") or str(number)
        if issue_id := line(self._root, "@OBJID"):
            values["id"] = id_from(f"{issue_id}.{name}")
        digested = f"{etree.tostring(division).decode()}\x1f{title}\x1f{body}".encode("utf-8", "surrogatepass")
        original = self._context.document.original(digested, name)
        context = replace(self._context, derived_id=self._stem(values), line=line_number(division))
        return context.numbered(number, original=original).article(values, *notices)

    def _pages(self) -> Iterator[Record]:
        """An issue that tells of no articles is read page by page."""
        values = self._values({}, self._described(self._shared), [])
        context = replace(self._context, derived_id=self._stem(values))
        for name in self._files:
            try:
                page = self._page(name)
                if page.blocks:
                    yield _page_article(page, context.numbered(page.number), values)
                else:
                    yield Remark(context.document.place, None, f"page {page.number} has no text")
            except ReadError as error:
                yield context.failure(error)

    def _described(self, names: Sequence[str]) -> dict[str, object]:
        """What some sections describe, the first that says each thing; `odd_date` is one that can't be read."""
        values: dict[str, object] = {}
        for name in dict.fromkeys(names):
            if name in self._sections:
                values = _description(self._sections[name]) | {key: value for key, value in values.items() if value}
        return values

    def _values(self, article: Values, issue: Values, notices: list[str]) -> dict[str, object]:
        published = article.get("published") or issue.get("published")
        if not published and (odd_date := article.get("odd_date") or issue.get("odd_date")):
            notices.append(f"the date {printable(odd_date)} can't be read; it is left out")
        return {
            "published": published,
            "outlet": self._outlet.get("title") or article.get("host") or issue.get("host") or issue.get("title"),
            "keywords": article.get("keywords"),
            "language": article.get("language") or issue.get("language") or self._outlet.get("language"),
        }

    def _page_of(self, name: str) -> AltoPage:
        if self._context.document.sibling is None:
            raise ReadError("an issue with its ALTO files was expected, found one alone; deliver them together")
        file = self._context.document.sibling(self._files[name])
        try:
            for page in _pages_of(tree_of(file.read(MAX_BYTES))[0], number=self._numbers[name]):
                return page
            raise ReadError("ALTO with a page was expected, found none; deliver it again")
        except OSError as error:
            raise ReadError(f"the page {name} was expected, found: {error.strerror}", path=file.place) from error
        except ReadError as error:
            raise ReadError(error.reason, path=file.place, line=error.line) from None

    def _stem(self, values: Values) -> str:
        stem, published = slug(self._context.document.stem), values.get("published")
        is_no_name = stem in ("mets", "issue", "index", "manifest")
        return slug(f"{values.get('outlet') or ''} {published}") if is_no_name and published else stem


def _section_ids(divisions: Sequence[Element]) -> list[str]:
    return [name for names in lines(divisions, "@DMDID") for name in names.split()]


def _kind_of(division: Element) -> str:
    return re.sub(r"[^a-z]", "", line(division, "@TYPE").lower().rpartition(":")[2])


def _description(section: Element) -> dict[str, object]:
    """What a section says, in MODS or else in Dublin Core."""
    mods = first(section, ".//mods")
    dates = lines(section, ".//issued", ".//date") if mods is None else lines(mods, *_MODS_DATES)
    published = next(filter(None, (numeric_day(text) or iso(text.replace("/", "-")) for text in dates)), None)
    languages = lines(section, ".//language") if mods is None else lines(mods, "language/languageTerm")
    creators = lines(section, ".//creator") if mods is None else list(map(_name, elements(mods, "name")))
    return {
        "title": line(section, ".//title") if mods is None else _title(mods),
        "host": _title(first(mods, "relatedItem[translate(@type, 'HOST', 'host') = 'host']")),
        "published": published,
        "odd_date": "" if published else next(iter(dates), ""),
        "language": first_language(*languages),
        "byline": ", ".join(filter(None, creators)),
        "keywords": lines(section, ".//subject") if mods is None else lines(mods, "subject/topic"),
    }


def _title(record: Element | None) -> str:
    """The main title; an abbreviated or translated one only where there is no other."""
    for info in elements(record, "titleInfo[not(@type)]", "titleInfo"):
        if title := " ".join(lines(info, "nonSort[1]", "title[1]")):
            below = line(info, "subTitle")
            return f"{title}{'' if title.endswith(('.', '!', '?', ':')) else ':'} {below}" if below else title
    return ""


def _name(name: Element) -> str:
    full = " ".join(lines(name, "namePart[@type='given'][1]", "namePart[@type='family'][1]"))
    return line(name, "displayForm") or full or line(name, "namePart")


def _words_of(areas: Sequence[PageArea], role: str) -> str:
    blocks = [block for area in areas if area.role == role for block in area.blocks]
    return " ".join(paged_body(_paragraphs_of([blocks]))[0].split())


def _page_files(mets: Element) -> Iterator[tuple[str, str]]:
    for file in elements(mets, ".//fileGrp/file"):
        href, kind = line(file, "FLocat/@href"), line(file, "@MIMETYPE").lower()
        is_text = href.lower().endswith(".xml") or "xml" in kind or "alto" in line(file, "../@USE").lower()
        if href and is_text and not kind.startswith(("image/", "application/pdf")):
            yield line(file, "@ID"), href


def pages_named(document: Document) -> frozenset[str]:
    """The paths of the pages that a METS file names, from where it lies; none where it is another file."""
    try:
        if not re.search(rb"<(?:[\w.-]{1,100}:)?mets[\s>]", document.start(8_192), re.IGNORECASE):
            return frozenset()
        files = _page_files(tree_of(document.read(MAX_BYTES))[0])
        return frozenset(posixpath.normpath(path_from(href)) for _, href in files)
    except (ReadError, OSError, *BROKEN):
        return frozenset()  # reading it will say why


def _pages_of(root: Element, *, number: int | None = None) -> Iterator[AltoPage]:
    """The pages of a file, most often one. `number` counts where the file that names it says which page it is."""
    for count, element in enumerate(elements(root, ".//Page"), start=1):
        page = number or _page_number(line(element, "@PHYSICAL_IMG_NR")) or count
        blocks: list[AltoBlock] = []
        places: dict[str, range] = {}
        # Of those with one id the last counts.
        by_id = {line(block, "@ID") or n: block for n, block in enumerate(elements(element, ".//TextBlock"))}
        for block in by_id.values():
            place, text_lines = len(blocks), list(filter(None, map(_words, elements(block, "TextLine"))))
            if text_lines:
                blocks.append(AltoBlock(page, text_lines, line(block, "@LANG", "@language")))
            for name in lines(block, "ancestor-or-self::*[ancestor::Page]/@ID"):
                places[name] = range(places.get(name, range(place, place)).start, len(blocks))
        yield AltoPage(page, blocks, places)


def _page_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def _paragraphs_of(groups: Sequence[Sequence[AltoBlock]]) -> list[tuple[int, list[str]]]:
    """The lines of each group of blocks, behind its page; one that goes on in the next group is joined with it."""
    begun: set[str] = set()  # words whose second half may still come, in the next line or in another column
    paragraphs: list[tuple[int, list[str]]] = []
    for group in groups:
        texts = _texts([words for block in group for words in block.lines], begun)
        if texts and paragraphs and not ends_sentence(paragraphs[-1][1][-1]) and texts[0][:1].islower():
            paragraphs[-1][1].extend(texts)
        elif texts:
            paragraphs.append((group[0].page, texts))
    return paragraphs


def _language_of(blocks: Sequence[AltoBlock]) -> str:
    counts = Counter(block.language for block in blocks if block.language)
    return first_language(*(language for language, _ in counts.most_common(1)))


def _words(text_line: Element) -> list[AltoWord]:
    """A line's words; a hyphen that is an element of its own is put to the last of them."""
    words: list[AltoWord] = []
    parts = elements(text_line, "String|SP|HYP")
    is_spaced = any(part.tag == "SP" for part in parts)
    space = True
    for part in parts:
        if part.tag == "SP":
            space = True
        elif part.tag == "HYP" and words and words[-1].text[-1] not in "-\u2010\u2011\xad¬=⸗":
            words[-1] = words[-1]._replace(text=f"{words[-1].text}-")
        elif part.tag == "String" and (text := line(part, "@CONTENT")):
            words.append(AltoWord(text, space or not is_spaced, line(part, "@SUBS_TYPE"), line(part, "@SUBS_CONTENT")))
            space = False
    return words


def _texts(text_lines: Sequence[Sequence[AltoWord]], begun: set[str]) -> list[str]:
    """The text of each line that has any; a word that a line's end parts stands whole where it begins."""
    texts: list[str] = []
    for words in text_lines:
        text = ""
        for word in words:
            if word.half == "HypPart2" and word.whole in begun:
                begun.discard(word.whole)
                # The marks that follow the second half, where the whole word is written without them.
                marks = word.text[len(word.text.rstrip(".,;:!?…)]»”’\"'")) :]
                if marks and text.endswith(word.whole):
                    text += marks
                elif marks and not text and texts and texts[-1].endswith(word.whole):
                    texts[-1] += marks
                continue
            is_first = word.half == "HypPart1" and bool(word.whole)
            begun |= {word.whole} if is_first else set()
            text += (" " if text and word.space_before else "") + (word.whole if is_first else word.text)
        texts += [text] if text else []
    return texts
