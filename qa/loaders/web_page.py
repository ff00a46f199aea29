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
from qa.loaders.fields import id_from
from qa.loaders.metadata import Facts, deliver, facts, slug
from qa.loaders.moments import iso, moment
from qa.loaders.page_body import body_of
from qa.loaders.page_bounds import refuse_huge
from qa.loaders.page_dates import date_in_address, date_in_line
from qa.loaders.page_encoding import page_text
from qa.loaders.page_extraction import tree_of
from qa.loaders.page_facts import Page, marked_as_article, named_by, page_of, stated_in
from qa.loaders.stand_in import first_words
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


def read_web_page(document: Document, *, beneath: Facts) -> Iterator[Delivery]:
    """The article of one page. Raises ReadError for a page without one, and OSError."""
    path = document.place
    decoded = page_text(document.read(), path=path, served_as=str(document.said.get("charset") or ""))
    root = tree_of(decoded.text)
    if root is None:
        raise ReadError("a page with text was expected, found none in it; save the page again", path=path)
    refuse_huge(root, path=path)
    page = page_of(root, address=_fetched_from(document))
    stated = stated_in(page)
    body = body_of(root, title=str(stated.get("title") or ""), stated=str(stated.get("text") or ""))
    own: dict[str, object] = {
        "copyright_notice": body.rights,
        "byline": named_by(body.above),
        **stated,
        "text": body.text,
    }
    _refuse_others(page, own, path=path)
    notices = list(decoded.notices)
    if not own.get("title"):
        own |= {"title": first_words(body.text), "title_from": "text"}
        notices.append("the page has no title; its first words stand in")
    if (
        not own.get("published")
        and "published" not in beneath
        and (guess := _guessed(page, own, document, above=body.above))
    ):
        own |= {"published": guess, "published_from": _GUESSED}
        notices.append(f"published: {guess} is guessed from the page, which doesn't say it outright")
    if "id" not in own and own.get("url") and "url" in stated:
        own["id"] = id_from(str(own["url"]))
    if not {"revised", "version"} & {key for key, value in own.items() if value} and (captured := _captured(document)):
        own["version"] = captured
    whole = {**beneath, **facts({key: value for key, value in own.items() if value not in ("", [], None)}, path=path)}
    yield deliver(whole, derived_id=slug(document.stem), path=path, notices=tuple(notices))


def _fetched_from(document: Document) -> str:
    url = document.said.get("url")
    return url if isinstance(url, str) and url.startswith(("http://", "https://")) else ""


def _captured(document: Document) -> str:
    """When it was fetched, as a number that grows: of a page that tells no version of its own the later one counts."""
    fetched = moment(document.said.get("captured"))
    return fetched.strftime("%Y%m%d%H%M%S") if fetched else ""


def _refuse_others(page: Page, own: dict[str, object], *, path: str) -> None:
    """Raises ReadError for a page that stands in an article's place, has too few words, or lists others."""
    body, title = str(own["text"]), str(own.get("title") or "")
    words = _count(body)
    marked = marked_as_article(page)
    if words <= MAX_WALL_WORDS and not own.get("published"):
        if _ERROR.match(title) or (words < 60 and _ERROR.match(body)):
            _refuse("an error page", path=path)
        if _WALL.search(title) or (words < 120 and _WALL.search(body)):
            _refuse("one that asks for consent or holds off programs", path=path)
    if words < (MIN_MARKED_WORDS if marked else MIN_WORDS):
        _refuse("one with hardly any text" if words else "one without any text", path=path)
    if not marked and (_lists_others(body) or _leads_elsewhere(page, body, address=str(own.get("url") or ""))):
        _refuse("one that lists others", path=path)


def _refuse(found: str, *, path: str) -> None:
    raise ReadError(f"a page with an article was expected, found {found}; save the article's own page", path=path)


def _count(text: str) -> int:
    """Words; where they are written without spaces, two characters are counted as one."""
    return max(len(text.split()), len(_WITHOUT_SPACES.findall(text)) // 2)


def _lists_others(body: str) -> bool:
    """Whether most lines are headlines: short, and no sentence at their end."""
    lines = [line for line in body.split("\n") if line]
    short = [line for line in lines if _count(line) <= 20 and not _SENTENCE.search(line)]
    return len(lines) >= 6 and len(short) >= 0.7 * len(lines)


def _leads_elsewhere(page: Page, body: str, *, address: str) -> bool:
    """Whether most words are those of links, or the page is the first of a site and has many links with headlines."""
    links = page.texts("//a", most=2_000)
    words, linked = Counter(body.lower().split()), Counter(word for link in links for word in link.lower().split())
    if (words & linked).total() > MOST_LINKED * words.total():
        return True
    first = bool(address) and urlsplit(address).path.strip("/") in ("", "index.html", "index.php")
    return first and sum(len(link) >= HEADLINE for link in links) >= MANY_HEADLINES


def _guessed(page: Page, own: dict[str, object], document: Document, *, above: Sequence[str]) -> str | None:
    """The day in the page's address or above its text, or what looks like it; none behind the day it was saved."""
    address = str(own.get("url") or "")
    day_first = not str(own.get("language") or "en").startswith("en")
    named = (date_in_line(line, day_first=day_first) for line in above)
    if found := date_in_address(address) or date_in_address(page.address) or next(filter(None, named), None):
        return found
    saved = iso(document.said.get("captured"))
    try:
        found = htmldate.find_date(
            page.root,
            original_date=True,
            extensive_search=True,
            url=address or None,
            max_date=datetime.fromisoformat(saved).replace(tzinfo=None) if saved else None,
        )
        # The first of January is what it makes of a year alone, such as that of a copyright.
        return found if found and date.fromisoformat(found).strftime("%m-%d") != "01-01" else None
    except (ValueError, TypeError, RecursionError, AttributeError, OverflowError):
        return None
