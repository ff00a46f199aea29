"""Saved web pages (HTML): the article of each, with what JSON-LD and meta tags say of it."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date, datetime
from urllib.parse import urlsplit

import htmldate
import trafilatura
from lxml import etree, html
from trafilatura.settings import Document as ExtractedDocument

from qa.errors import ReadError
from qa.loaders.cleaning import clean, clean_line
from qa.loaders.documents import Document
from qa.loaders.encoding import decode_page
from qa.loaders.fields import first_address, id_from, same_line
from qa.loaders.html_text import refuse_huge, with_few_attributes
from qa.loaders.metadata import Facts, RecordContext, present
from qa.loaders.page_metadata import WebPage, marked_as_article, named_by, page_facts, page_of
from qa.loaders.plain_text import FURNITURE
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

logging.getLogger("htmldate").setLevel(logging.CRITICAL)


Element = etree._Element
MIN_DESCRIBED = 200  # characters of an articleBody that can stand for the page's
# Whole lines, as sites put them below and between the paragraphs of an article.
_AROUND = re.compile(
    "(?:"
    + "|".join(
        (
            *FURNITURE,
            r"(?:like|follow|join|find) (?:us|.{1,60}) on (?:facebook|twitter|instagram|google|x|threads)\b.{0,80}",
            r"(?:síguenos|siga a .{1,40}|sigue a .{1,40}) en (?:facebook|twitter|instagram|x)\b.{0,80}",
            r"(?:click|tap) here (?:to|for) .{1,100}",
            r"(?:share|tweet|email|print|save|reprints|permalink|compartir|imprimir|enviar|twittear|copy link)",
            r"(?:view|see|show|post|leave|add|ver|deja|escribe)(?: a| all| un| tu)?(?: \d+)? (?:comment|comentario)s?",
            r"(?:the associated press contributed to this report|reuters contributed to this report)\.?",
            r"(?:related|see also|more on this story|also read|más información|además|relacionad[oa]s):?",
            r"(?:watch|video|photos?|gallery|foto|fotos|vídeo|image|loading|close|cerrar):?(?: the video)?",
            r"(?:photo|image|foto|picture|credit|getty|caption)(?: credit| by|:).{1,80}",
        )
    )
    + r")[ :>»→.]*",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?:comments?|comentarios?|comentar|reader comments|leave a (?:comment|reply)|deja (?:un|tu) comentario|"
    r"related (?:stories|articles|content|links|news|topics)|noticias relacionadas|more from .{1,40}|"
    r"más noticias|también te puede interesar|recommended(?: for you)?|you may (?:also )?like|"
    r"most (?:read|popular|viewed)|trending(?: now)?|\d+ (?:comments|comentarios))[ :]*",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright\b).{0,400}|.{0,80}\ball rights reserved\b.{0,300}", re.IGNORECASE)
_DATED_LINE = re.compile(
    r"(?:by|por|par|von|di|published|updated|posted|publicado|actualizado)\b.{0,120}|"
    r".{0,80}\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}.{0,40}|"
    r".{0,60}\b(?:[A-Za-z]{3,9}\.? \d{1,2},|\d{1,2}\.?(?: de)? [a-zç]{3,10},?(?: de)?) (?:19|20)\d\d\b.{0,60}",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…][\"'”’»)]*$")
ENOUGH = 250  # characters; where less is found, tables are searched too
MIN_PROSE = 60  # characters of a paragraph that looks like one
MOST_MISSED = 0.6  # of what an open hand finds; where a strict one finds less, it has missed the article's end
MIN_PROSE_SHARE = 0.85
_BLOCKS = ("p", "head", "quote", "item", "row", "cell", "code", "ab", "list", "table", "div")
_PROSE = re.compile(r"[.!?…:;,。！？」][\"'”’»)\]]*$")
_BANNER = re.compile(r"\bcookies?\b|\bjavascript\b", re.IGNORECASE)
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it speaks of pages by addresses that it was not given


def read_web_page(document: Document, *, defaults: Facts) -> Iterator[Delivery]:
    """Saved web pages (HTML): the article of each, with what JSON-LD and meta tags say of it."""
    decoded = decode_page(document.read(), served_as=str(document.known.get("charset") or ""))
    root = html_tree(decoded.text)
    if root is None:
        raise ReadError("a page with text was expected, found none in it; save the page again")
    refuse_huge(root)
    page = page_of(root, address=first_address((str(document.known.get("url") or ""),)))
    head = page_facts(page)
    text, above, rights = page_body(root, title=str(head.get("title") or ""), described=str(head.get("text") or ""))
    values = {"copyright_notice": rights, "byline": named_by(above), **head, "text": text}
    _refuse_others(page, values)
    notices = []
    is_dated = bool(values.get("published")) or "published" in defaults
    if not is_dated and (guess := _guessed_date(page, values, document, above=above)):
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


def _refuse(actual: str) -> None:
    raise ReadError(f"a page with an article was expected, found {actual}; save the article's own page")


def _count(text: str) -> int:
    """Words; where they are written without spaces, two characters are counted as one."""
    return max(len(text.split()), len(_WITHOUT_SPACES.findall(text)) // 2)


def _lists_others(body: str) -> bool:
    """True if most lines are headlines: short, and no sentence at their end."""
    lines = [line for line in body.split("\n") if line]
    short = [line for line in lines if _count(line) <= 20 and not _PROSE.search(line)]
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


def page_body(root: Element, *, title: str, described: str = "") -> tuple[str, list[str], str]:
    """A page's article: its text, the lines that stood above it, and the one about its rights below.

    `described` is the text that the page has of itself beside its markup; the more complete one is taken.
    """
    above, below = _without_top(paragraphs_in(root), title=title)
    paragraphs, rights = _without_end(below)
    return _better(clean("\n\n".join(paragraphs)), clean(described)), above, rights


def _without_top(paragraphs: list[str], *, title: str) -> tuple[list[str], list[str]]:
    """The lines above the article, such as its headline again, its author and its date, and the rest."""
    number = 0
    for line in paragraphs[:-1]:
        if not (same_line(line.rstrip("."), title.rstrip(".")) or _AROUND.fullmatch(line) or _is_dated(line)):
            break
        number += 1
    return paragraphs[:number], paragraphs[number:]


def _without_end(paragraphs: list[str]) -> tuple[list[str], str]:
    """Without invitations and without what follows the article; and the line about its rights."""
    ends = (n for n, line in enumerate(paragraphs) if n and _END.fullmatch(line) and _is_behind(paragraphs, n))
    body = [line for line in paragraphs[: next(ends, len(paragraphs))] if not _AROUND.fullmatch(line)]
    rights = ""
    while len(body) > 1 and (_RIGHTS.fullmatch(body[-1]) or _END.fullmatch(body[-1])):
        line = body.pop()
        rights = line if _RIGHTS.fullmatch(line) else rights
    return body, rights


def _is_dated(line: str) -> bool:
    """Who wrote it and when, in a line that is no sentence."""
    return len(line) < 140 and bool(_DATED_LINE.fullmatch(line)) and not _SENTENCE.search(line)


def _is_behind(lines: list[str], number: int) -> bool:
    """True if the larger part of an article can stand above a line."""
    return length(lines[:number]) > length(lines) / 3


def _better(extracted: str, described: str) -> str:
    """The text that the page states where the markup gave less, or more than the article; else the extracted one.

    The markup has the paragraphs, which the description often lacks; and that may be but its beginning.
    """
    if len(described) < MIN_DESCRIBED or not extracted:
        return extracted or described
    words, described_words = _words(extracted), _words(described)
    count, described_count = words.total(), described_words.total()
    shared = (words & described_words).total()
    covered, needed = shared / max(1, described_count), shared / max(1, count)
    is_longer = described_count > 1.2 * count and needed > 0.5
    is_cleaner = 0.4 * count < described_count < count / 1.3 and covered > 0.95
    is_other = covered < 0.3 and described_count > 0.5 * count  # the markup led to another text of the page
    is_whole = not described.rstrip().endswith(("...", "…"))
    return described if is_longer or (is_cleaner and is_whole) or is_other else extracted


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def html_tree(text: str) -> Element | None:
    """The page's elements; None where there are none."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(with_few_attributes(text).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def paragraphs_in(root: Element) -> list[str]:
    """The paragraphs of the article, in order.

    What is found with an eye on leaving out is completed by what a more open one finds between, if that is prose.
    """
    strict = _extracted(root, precise=True)
    if length(strict) < ENOUGH and root.find(".//table") is not None:
        unlaid = _extracted(_without_layout(root), precise=True)
        if length(unlaid) >= ENOUGH:
            return unlaid
    paragraphs = _completed(strict, _extracted(root))
    if length(paragraphs) >= ENOUGH:
        return paragraphs
    wide = _extracted(root, tables=True)
    return wide if length(wide) > 2 * length(paragraphs) else paragraphs


def _without_layout(root: Element) -> Element:
    """The page with its tables taken for what they were on old pages: columns and boxes."""
    copied = deepcopy(root)
    for element in copied.iter("table", "tbody", "tr", "td"):
        element.tag = "div"
    return copied


def length(paragraphs: Sequence[str]) -> int:
    return sum(map(len, paragraphs))


def _extracted(root: Element, *, precise: bool = False, tables: bool = False) -> list[str]:
    try:
        extracted = trafilatura.bare_extraction(
            deepcopy(root),
            favor_precision=precise,
            favor_recall=tables,
            include_tables=tables,
            include_comments=False,
        )
    except (ValueError, RecursionError, AssertionError, AttributeError, TypeError, etree.LxmlError):
        return []
    return (
        list(_paragraphs(extracted.body))
        if isinstance(extracted, ExtractedDocument) and extracted.body is not None
        else []
    )


def _completed(strict: list[str], wide: list[str]) -> list[str]:
    """The strict paragraphs with the prose that stood between them, and behind them where much is missing."""
    known = set(strict)
    shared = [number for number, paragraph in enumerate(wide) if paragraph in known]
    if not shared:
        return wide if length(wide) > 2 * length(strict) else strict
    if len(shared) < len(known) / 2:
        return strict
    first, last = shared[0], shared[-1]
    before = [line for line in wide[:first] if _is_prose(line) and not _BANNER.search(line)]
    within = [line for line in wide[first : last + 1] if line in known or _is_prose(line)]
    behind = wide[last + 1 :]
    missed = length(strict) < MOST_MISSED * length(wide)
    prose = length(list(filter(_is_prose, behind)))
    return before + within + (behind if missed and prose >= MIN_PROSE_SHARE * length(behind) else [])


def _is_prose(paragraph: str) -> bool:
    return len(paragraph) >= MIN_PROSE and bool(_PROSE.search(paragraph))


def _paragraphs(body: Element) -> Iterator[str]:
    """The text of the blocks that the extraction found, in order, lines that `lb` breaks apart."""
    block: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        edge = name in _BLOCKS
        if edge and (words := clean("".join(block))):
            yield from filter(None, map(clean_line, words.split("\n")))
        if edge:
            block = []
        if event == "start":
            block.append("\n" if name == "lb" else "")
            block.append(" ".join((element.text or "").splitlines()))
        else:
            block.append(" ".join((element.tail or "").splitlines()) if element is not body else "")
    if words := clean("".join(block)):
        yield from filter(None, map(clean_line, words.split("\n")))
