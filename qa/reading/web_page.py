"""Saved web pages (HTML): the article of each, with what JSON-LD and meta tags say of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date, datetime

import htmldate

from qa.domain.deliveries import Delivery
from qa.errors import ReadError
from qa.reading.documents import Document
from qa.reading.fields import id_from
from qa.reading.metadata import Facts, deliver, facts, slug
from qa.reading.moments import iso
from qa.reading.page_body import body_of, tree_of
from qa.reading.page_encoding import page_text
from qa.reading.page_facts import Page, day_in_address, marked_as_article, page_of, stated_in
from qa.reading.stand_in import first_words

MIN_WORDS = 25  # of the text of a page that doesn't say that it is an article
MIN_MARKED_WORDS = 5  # of one that says so
MAX_WALL_WORDS = 250  # of pages that stand before or in place of an article
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
_SENTENCE = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")

logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def read_web_page(document: Document, *, beneath: Facts) -> Iterator[Delivery]:
    """The article of one page. Raises ReadError for a page without one, and OSError."""
    path = document.place
    decoded = page_text(document.read(), path=path, served_as=str(document.said.get("charset") or ""))
    root = tree_of(decoded.text)
    if root is None:
        raise ReadError("a page with text was expected, found none in it; save the page again", path=path)
    page = page_of(root, address=_fetched_from(document))
    stated = stated_in(page)
    body, rights = body_of(root, title=str(stated.get("title") or ""), stated=str(stated.get("text") or ""))
    own: dict[str, object] = {"copyright_notice": rights, **stated, "text": body}
    _refuse_others(page, own, path=path)
    notices = list(decoded.notices)
    if not own.get("title"):
        own |= {"title": first_words(body), "title_from": "text"}
        notices.append("the page has no title; its first words stand in")
    if not own.get("published") and "published" not in beneath and (guess := _guessed(page, own, document)):
        own |= {"published": guess, "published_from": _GUESSED}
        notices.append(f"published: {guess} is guessed from the page, which doesn't say it outright")
    if "id" not in own and own.get("url") and "url" in stated:
        own["id"] = id_from(str(own["url"]))
    whole = {**beneath, **facts({key: value for key, value in own.items() if value not in ("", [], None)}, path=path)}
    yield deliver(whole, derived_id=slug(document.stem), path=path, notices=tuple(notices))


def _fetched_from(document: Document) -> str:
    url = document.said.get("url")
    return url if isinstance(url, str) and url.startswith(("http://", "https://")) else ""


def _refuse_others(page: Page, own: dict[str, object], *, path: str) -> None:
    """Raises ReadError for a page that stands in an article's place, has too few words, or lists others."""
    body, title = str(own["text"]), str(own.get("title") or "")
    words = len(body.split())
    marked = marked_as_article(page)
    if words <= MAX_WALL_WORDS and not own.get("published"):
        if _ERROR.match(title) or (words < 60 and _ERROR.match(body)):
            _refuse("an error page", path=path)
        if _WALL.search(title) or (words < 120 and _WALL.search(body)):
            _refuse("one that asks for consent or holds off programs", path=path)
    if words < (MIN_MARKED_WORDS if marked else MIN_WORDS):
        _refuse("one with hardly any text" if words else "one without any text", path=path)
    if not marked and _lists_others(body):
        _refuse("one that lists others", path=path)


def _refuse(found: str, *, path: str) -> None:
    raise ReadError(f"a page with an article was expected, found {found}; save the article's own page", path=path)


def _lists_others(body: str) -> bool:
    """Whether most lines are headlines: short, and no sentence at their end."""
    lines = [line for line in body.split("\n") if line]
    short = [line for line in lines if len(line.split()) <= 20 and not _SENTENCE.search(line)]
    return len(lines) >= 6 and len(short) >= 0.7 * len(lines)


def _guessed(page: Page, own: dict[str, object], document: Document) -> str | None:
    """The day in the page's address, or what its text looks like; never later than the day it was saved."""
    if named := day_in_address(page, str(own.get("url") or "")):
        return named
    saved = iso(document.said.get("captured"))
    try:
        found = htmldate.find_date(
            page.root,
            original_date=True,
            extensive_search=True,
            url=str(own.get("url") or "") or None,
            max_date=datetime.fromisoformat(saved).replace(tzinfo=None) if saved else None,
        )
        return date.fromisoformat(found).isoformat() if found else None
    except (ValueError, TypeError, RecursionError, AttributeError, OverflowError):
        return None
