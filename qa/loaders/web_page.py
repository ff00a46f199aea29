"""Saved web pages (HTML): the article of each, with what JSON-LD and meta tags say of it."""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date, datetime

import htmldate
import trafilatura
from lxml import etree

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.encoding import decode_page
from qa.loaders.fields import first_address, id_from, iso, same_line, utc
from qa.loaders.html_text import html_tree, paragraphs_in
from qa.loaders.metadata import Facts, RecordContext
from qa.loaders.names import NAMES, any_of
from qa.loaders.page_metadata import WebPage, marked_as_article, named_by, page_facts, page_of, texts_at
from qa.loaders.xml_tree import Element
from qa.models.deliveries import Delivery
from qa.text.cleaning import clean, clean_line

MAX_ELEMENTS = 20_000  # of one page; the longest articles with all that sites put around them have some 5,000
MIN_WORDS = 25  # of the text of a page that doesn't say that it is an article
MIN_MARKED_WORDS = 5  # of one that says so
MAX_WALL_WORDS = 250  # of pages that stand before or in place of an article
MOST_LINKED = 0.75  # of the words of an article that links may hold
MIN_DESCRIBED = 200  # characters of an articleBody that can stand for the page's
ENOUGH = 250  # characters; where less is found, tables are searched too
MOST_MISSED = 0.6  # of what an open hand finds; where a strict one finds less, it has missed a part of the article
_GUESSED = "guessed from the page"

_TABLE = NAMES["web"]
_ERROR, _WALL = any_of(_TABLE["error"]), any_of(_TABLE["wall"])
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_AROUND = any_of((*NAMES["text"]["furniture"], *_TABLE["around"]), end="[ :>»→.]*")
_END, _RIGHTS, _DATED = any_of(_TABLE["end"], end="[ :]*"), any_of(_TABLE["rights"]), any_of(_TABLE["dated"])
# Of trafilatura's elements those that break text, by those of HTML that do.
_AS_HTML = {
    **dict.fromkeys(("p", "head", "quote", "item", "row", "code", "ab", "list", "table", "div"), "div"),
    "cell": "td",
    "lb": "br",
}
_SENTENCE = re.compile(r"[.!?…][\"'”’»)]*$")
_PROSE = re.compile(r"[.!?…:;,。！？」][\"'”’»)\]]*$")
logging.getLogger("htmldate").setLevel(logging.CRITICAL)
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it speaks of pages by addresses that it was not given


def read_web_page(document: Document, *, defaults: Facts) -> Iterator[Delivery]:
    """Saved web pages (HTML): the article of each, with what JSON-LD and meta tags say of it."""
    decoded = decode_page(document.read(), served_as=str(document.known.get("charset") or ""))
    root = html_tree(decoded.text)
    if root is None:
        raise ReadError("a page with text was expected, found none in it; save the page again")
    if (count := sum(1 for _ in root.iter())) > MAX_ELEMENTS:
        reason = f"a page of at most {MAX_ELEMENTS:,} elements was expected, found {count:,}"
        raise ReadError(f"{reason}; save the article's own page, or deliver its text")
    page = page_of(root, address=first_address((str(document.known.get("url") or ""),)))
    head = page_facts(page)
    text, above, rights = _page_body(root, title=str(head.get("title") or ""), described=str(head.get("text") or ""))
    values = {"copyright_notice": rights, "byline": named_by(above), **head, "text": text}
    _refuse_others(page, values)
    notices = []
    captured, address = document.known.get("captured"), str(values.get("url") or "")
    figures = " ".join(above) if values.get("language", "en") in ("en", "en-us") else ""
    is_dated = "published" in values or "published" in defaults
    if not is_dated and (guess := _guessed_date(root, address, figures, saved=iso(captured))):
        values |= {"published": guess, "published_from": _GUESSED}
        notices.append(f"published: {guess} is guessed from the page, which doesn't say it outright")
    values.setdefault("id", id_from(address))
    if not values.keys() & {"revised", "version"} and (fetched := utc(captured)):
        # As a number that grows: of a page that tells no version of its own the later one counts.
        values["version"] = fetched.strftime("%Y%m%d%H%M%S")
    yield RecordContext(document, defaults, notices=decoded.notices).article(values, *notices)


def _refuse_others(page: WebPage, values: dict[str, object]) -> None:
    """Raises ReadError for a page that stands in an article's place, has too few words, or lists others."""
    body, title = str(values["text"]), str(values.get("title") or "")
    words, is_marked, actual = _count(body), marked_as_article(page), ""
    is_odd = words <= MAX_WALL_WORDS and not values.get("published")
    if is_odd and (_ERROR.match(title) or (words < 60 and _ERROR.match(body))):
        actual = "an error page"
    elif is_odd and (_WALL.search(title) or (words < 120 and _WALL.search(body))):
        actual = "one that asks for consent or holds off programs"
    elif words < (MIN_MARKED_WORDS if is_marked else MIN_WORDS):
        actual = "one with hardly any text" if words else "one without any text"
    elif not is_marked and _lists_others(page, body):
        actual = "one that lists others"
    if actual:
        raise ReadError(f"a page with an article was expected, found {actual}; save the article's own page")


def _count(text: str) -> int:
    """Words; where they are written without spaces, two characters are counted as one."""
    return max(len(text.split()), len(_WITHOUT_SPACES.findall(text)) // 2)


def _lists_others(page: WebPage, body: str) -> bool:
    """True if most lines are headlines, short and no sentence at their end, or most words are those of links."""
    lines = [line for line in body.split("\n") if line]
    short = [line for line in lines if _count(line) <= 20 and not _PROSE.search(line)]
    words = Counter(body.lower().split())
    linked = Counter(word for link in texts_at(page.root, "//a", most=2_000) for word in link.lower().split())
    are_headlines = len(lines) >= 6 and len(short) >= 0.7 * len(lines)
    return are_headlines or (words & linked).total() > MOST_LINKED * words.total()


def _guessed_date(root: Element, address: str, figures: str, *, saved: str | None) -> str | None:
    """The day in the page's address or text, not behind the day it was saved; in `figures` 03/04 is in March."""
    latest = datetime.fromisoformat(saved).replace(tzinfo=None) if saved else None
    try:
        day = htmldate.find_date(root, original_date=True, extensive_search=True, url=address or None, max_date=latest)
        # The first of January is what it makes of a year alone, such as that of a copyright.
        if not day or date.fromisoformat(day).strftime("%m-%d") == "01-01":
            return None
        year, second, first = day.split("-")
        is_swapped = re.search(rf"\b0?{int(first)}/0?{int(second)}/{year}\b", figures) and int(first) <= 12
        return f"{year}-{first}-{second}" if is_swapped and f"{year}/{second}/{first}" not in address else day
    except (ValueError, TypeError, RecursionError, AttributeError, OverflowError):
        return None


def _page_body(root: Element, *, title: str, described: str) -> tuple[str, list[str], str]:
    """A page's article: its text, the lines that stood above it, and the one about its rights below.

    The text that its JSON-LD holds (`described`) stands in where the markup gave less.
    """
    paragraphs = _paragraphs_in(root)
    # Above the article stand its headline again, its author and its date.
    top = 0
    for line in paragraphs[:-1]:
        is_dated = len(line) < 140 and _DATED.fullmatch(line) and not _SENTENCE.search(line)
        if not (is_dated or same_line(line.rstrip("."), title.rstrip(".")) or _AROUND.fullmatch(line)):
            break
        top += 1
    body, rights = _without_end(paragraphs[top:])
    extracted, described = clean("\n\n".join(body)), clean(described)
    words, described_words = (Counter(re.findall(r"\w+", text.lower())) for text in (extracted, described))
    is_longer = len(described) >= MIN_DESCRIBED and described_words.total() > 1.2 * words.total()
    holds_it = (words & described_words).total() > 0.5 * words.total()
    text = described if described and (not extracted or (is_longer and holds_it)) else extracted
    return text, paragraphs[:top], rights


def _without_end(paragraphs: list[str]) -> tuple[list[str], str]:
    """Without invitations and without what follows the article; and the line about its rights."""
    # Only where the larger part of an article can stand above a line does it end one.
    third = _length(paragraphs) / 3
    ends = (n for n, line in enumerate(paragraphs) if n and _END.fullmatch(line) and _length(paragraphs[:n]) > third)
    body = [line for line in paragraphs[: next(ends, len(paragraphs))] if not _AROUND.fullmatch(line)]
    rights = ""
    while len(body) > 1 and (_RIGHTS.fullmatch(body[-1]) or _END.fullmatch(body[-1])):
        line = body.pop()
        rights = line if _RIGHTS.fullmatch(line) else rights
    return body, rights


def _paragraphs_in(root: Element) -> list[str]:
    """The paragraphs of the article, in order: as strictly as leaves enough of it."""
    strict = _extracted(root, precise=True)
    if _length(strict) < ENOUGH and root.find(".//table") is not None:
        # On old pages tables are no more than columns and boxes.
        unlaid = deepcopy(root)
        for element in unlaid.iter("table", "tbody", "tr", "td"):
            element.tag = "div"
        if _length(paragraphs := _extracted(unlaid, precise=True)) >= ENOUGH:
            return paragraphs
    wide = _extracted(root, tables=_length(strict) < ENOUGH)
    return wide if _length(strict) < MOST_MISSED * _length(wide) else strict


def _length(paragraphs: Sequence[str]) -> int:
    return sum(map(len, paragraphs))


def _extracted(root: Element, *, precise: bool = False, tables: bool = False) -> list[str]:
    try:
        extracted = trafilatura.bare_extraction(
            deepcopy(root), favor_precision=precise, favor_recall=tables, include_tables=tables, include_comments=False
        )
    except (ValueError, RecursionError, AssertionError, AttributeError, TypeError, etree.LxmlError):
        return []
    if (body := getattr(extracted, "body", None)) is None:
        return []
    for element in body.iter(etree.Element):
        element.tag = _AS_HTML.get(str(element.tag), "span")
    return [words for text in paragraphs_in(body) for line in text.split("\n") if (words := clean_line(line))]
