"""Saved web pages (HTML): the article of each, with what JSON-LD and meta tags say of it."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

import htmldate

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.encoding import decode_page
from qa.loaders.fields import first_address, id_from
from qa.loaders.headlines import first_words
from qa.loaders.html_text import refuse_huge
from qa.loaders.metadata import Facts, RecordContext, present
from qa.loaders.page_body import html_tree, page_body
from qa.loaders.page_metadata import WebPage, marked_as_article, named_by, page_facts, page_of
from qa.loaders.timestamps import date_in_address, date_in_line, iso, utc
from qa.models.deliveries import Delivery

MIN_WORDS = 25  # of the text of a page that doesn't say that it is an article
MIN_MARKED_WORDS = 5  # of one that says so
MAX_WALL_WORDS = 250  # of pages that stand before or in place of an article
MOST_LINKED = 0.75  # of the words of an article that links may hold
HEADLINE = 25  # characters of a link that looks like a headline
MANY_HEADLINES = 25
_GUESSED = "guessed from the page"

_ERROR = re.compile(
    r"(?:error|http)?\s*(?:40[0-9]|410|50[0-4])\b|.{0,30}\b(?:page not found|not found|access denied|forbidden|"
    r"bad gateway|service unavailable|internal server error|página no encontrada|no existe la página|page introuvable|"
    r"page (?:is )?(?:no longer|unavailable)|site maintenance|domain (?:for sale|parked))\b",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"(?:before you continue|just a moment|attention required|are you (?:a )?(?:human|robot)|checking your browser|"
    r"enable (?:javascript|cookies)|(?:cookie|privacy|consent) (?:notice|policy|settings|consent|choices|preferences)|"
    r"we (?:and our partners )?(?:use|value|store).{0,40}(?:cookies|privacy)|usamos cookies|utilizamos cookies|"
    r"your privacy choices|accept all cookies|captcha|verify (?:that )?you are)",
    re.IGNORECASE,
)
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE = re.compile(r"[.!?…:;,。！？」][\"'”’»)\]]*$")

logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def read_web_page(document: Document, *, defaults: Facts) -> Iterator[Delivery]:
    """Saved web pages (HTML): the article of each, with what JSON-LD and meta tags say of it.

    Raises ReadError for a page without one, and OSError.
    """
    decoded = decode_page(document.read(), served_as=str(document.known.get("charset") or ""))
    root = html_tree(decoded.text)
    if root is None:
        raise ReadError("a page with text was expected, found none in it; save the page again")
    refuse_huge(root)
    page = page_of(root, address=first_address((str(document.known.get("url") or ""),)))
    stated = page_facts(page)
    body = page_body(root, title=str(stated.get("title") or ""), stated=str(stated.get("text") or ""))
    values = {"copyright_notice": body.rights, "byline": named_by(body.above), **stated, "text": body.text}
    _refuse_others(page, values)
    notices = []
    if not values.get("title"):
        values |= {"title": first_words(body.text), "title_from": "text"}
        notices.append("the page has no title; its first words stand in")
    is_dated = bool(values.get("published")) or "published" in defaults
    if not is_dated and (guess := _guessed_date(page, values, document, above=body.above)):
        values |= {"published": guess, "published_from": _GUESSED}
        notices.append(f"published: {guess} is guessed from the page, which doesn't say it outright")
    if "id" not in values:
        values["id"] = id_from(str(values.get("url") or ""))
    if not present(values).keys() & {"revised", "version"}:
        values["version"] = _captured(document)
    yield RecordContext(document, defaults, notices=decoded.notices).article(values, *notices)


def _captured(document: Document) -> str:
    """When it was fetched, as a number that grows: of a page that tells no version of its own the later one counts."""
    fetched = utc(document.known.get("captured"))
    return fetched.strftime("%Y%m%d%H%M%S") if fetched else ""


def _refuse_others(page: WebPage, values: dict[str, object]) -> None:
    """Raises ReadError for a page that stands in an article's place, has too few words, or lists others."""
    body, title = str(values["text"]), str(values.get("title") or "")
    words = _count(body)
    marked = marked_as_article(page)
    if words <= MAX_WALL_WORDS and not values.get("published"):
        if _ERROR.match(title) or (words < 60 and _ERROR.match(body)):
            _refuse("an error page")
        if _WALL.search(title) or (words < 120 and _WALL.search(body)):
            _refuse("one that asks for consent or holds off programs")
    if words < (MIN_MARKED_WORDS if marked else MIN_WORDS):
        _refuse("one with hardly any text" if words else "one without any text")
    if not marked and (_lists_others(body) or _leads_elsewhere(page, body, address=str(values.get("url") or ""))):
        _refuse("one that lists others")


def _refuse(found: str) -> None:
    raise ReadError(f"a page with an article was expected, found {found}; save the article's own page")


def _count(text: str) -> int:
    """Words; where they are written without spaces, two characters are counted as one."""
    return max(len(text.split()), len(_WITHOUT_SPACES.findall(text)) // 2)


def _lists_others(body: str) -> bool:
    """True if most lines are headlines: short, and no sentence at their end."""
    lines = [line for line in body.split("\n") if line]
    short = [line for line in lines if _count(line) <= 20 and not _SENTENCE.search(line)]
    return len(lines) >= 6 and len(short) >= 0.7 * len(lines)


def _leads_elsewhere(page: WebPage, body: str, *, address: str) -> bool:
    """True if most words are those of links, or the page is the first of a site and has many links with headlines."""
    links = page.texts("//a", most=2_000)
    words, linked = Counter(body.lower().split()), Counter(word for link in links for word in link.lower().split())
    if (words & linked).total() > MOST_LINKED * words.total():
        return True
    first = bool(address) and urlsplit(address).path.strip("/") in ("", "index.html", "index.php")
    return first and sum(len(link) >= HEADLINE for link in links) >= MANY_HEADLINES


def _guessed_date(page: WebPage, values: dict[str, object], document: Document, *, above: Sequence[str]) -> str | None:
    """The day in the page's address or above its text, or what looks like it; none behind the day it was saved."""
    address = str(values.get("url") or "")
    day_first = not str(values.get("language") or "en").startswith("en")
    named = (date_in_line(line, day_first=day_first) for line in above)
    if day := date_in_address(address) or date_in_address(page.address) or next(filter(None, named), None):
        return day
    saved = iso(document.known.get("captured"))
    try:
        day = htmldate.find_date(
            page.root,
            original_date=True,
            extensive_search=True,
            url=address or None,
            max_date=datetime.fromisoformat(saved).replace(tzinfo=None) if saved else None,
        )
        # The first of January is what it makes of a year alone, such as that of a copyright.
        return day if day and date.fromisoformat(day).strftime("%m-%d") != "01-01" else None
    except (ValueError, TypeError, RecursionError, AttributeError, OverflowError):
        return None
