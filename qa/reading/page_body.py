"""The words of a page's article, without what is around it."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy

import trafilatura
from lxml import etree, html

from qa.reading.cleaning import clean, clean_line
from qa.reading.plain_text import FURNITURE

Element = etree._Element

ENOUGH = 250  # characters; where precision leaves less, what it left out is looked at again
MIN_STATED = 200  # characters of an articleBody that can stand for the page's

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
_BLOCKS = ("p", "head", "quote", "item", "row", "code", "ab", "list", "table", "div")
_log = logging.getLogger("trafilatura")
_log.setLevel(logging.CRITICAL)  # it speaks of pages by addresses that it was not given


def body_of(root: Element, *, title: str, stated: str = "") -> tuple[str, str]:
    """The article's paragraphs, and the line about its rights that stood below them.

    `stated` is the text that the page says of itself beside its markup; the more complete one is taken.
    """
    paragraphs, rights = _trimmed(_extracted(root), title=title)
    return _better(clean("\n\n".join(paragraphs)), clean(stated)), rights


def _extracted(root: Element) -> list[str]:
    """What is found with an eye on leaving out; with a more open one where that leaves next to nothing."""
    best: list[str] = []
    for precise, open_handed in ((True, False), (False, False), (False, True)):
        try:
            found = trafilatura.bare_extraction(
                deepcopy(root),
                favor_precision=precise,
                favor_recall=open_handed,
                include_tables=open_handed,
                include_comments=False,
            )
        except (ValueError, RecursionError, AssertionError, AttributeError, TypeError, etree.LxmlError):
            found = None
        if not isinstance(found, trafilatura.settings.Document):
            continue
        paragraphs = list(_paragraphs(found.body))
        if _length(paragraphs) > 2 * _length(best):
            best = paragraphs
        if _length(best) >= ENOUGH:
            break
    return best


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
            block.append("\n" if name == "lb" else " " if name == "cell" else "")
            block.append(" ".join((element.text or "").splitlines()))
        else:
            block.append(" ".join((element.tail or "").splitlines()) if element is not body else "")
    if words := clean("".join(block)):
        yield from filter(None, map(clean_line, words.split("\n")))


def _trimmed(paragraphs: list[str], *, title: str) -> tuple[list[str], str]:
    """Without headline and byline above, without invitations, and without all that follows the article."""
    kept = paragraphs[:]
    while kept and (_same(kept[0], title) or _AROUND.fullmatch(kept[0]) or (_is_dated(kept[0]) and len(kept) > 1)):
        kept.pop(0)
    end = next((n for n, line in enumerate(kept) if n and _END.fullmatch(line) and _after_half(kept, n)), len(kept))
    kept = [line for line in kept[:end] if not _AROUND.fullmatch(line)]
    rights = ""
    while len(kept) > 1 and (_RIGHTS.fullmatch(kept[-1]) or _END.fullmatch(kept[-1])):
        rights = kept.pop() if _RIGHTS.fullmatch(kept[-1]) else kept.pop() and rights
    return kept, rights


def _is_dated(line: str) -> bool:
    """Who wrote it and when, in a line that is no sentence."""
    return len(line) < 140 and bool(_DATED_LINE.fullmatch(line)) and not _SENTENCE.search(line)


def _same(line: str, title: str) -> bool:
    return bool(title) and clean_line(line).casefold().rstrip(".") == clean_line(title).casefold().rstrip(".")


def _after_half(lines: list[str], number: int) -> bool:
    return _length(lines[:number]) > _length(lines) / 3


def _length(paragraphs: list[str]) -> int:
    return sum(map(len, paragraphs))


def _better(found: str, stated: str) -> str:
    """What the page says of itself where the markup gave less, or more than the article; else what was found.

    The markup has the paragraphs, which what is stated often lacks; and that may be but its beginning.
    """
    if len(stated) < MIN_STATED or not found:
        return found or stated
    ours, theirs = _words(found), _words(stated)
    shared = (ours & theirs).total()
    covered, needed = shared / max(1, theirs.total()), shared / max(1, ours.total())
    if theirs.total() > 1.2 * ours.total() and needed > 0.5:
        return stated
    if ours.total() > 1.3 * theirs.total() and covered > 0.95 and not stated.rstrip().endswith(("...", "…")):
        return stated if theirs.total() > 0.4 * ours.total() else found
    if covered < 0.3 and theirs.total() > 0.5 * ours.total():
        return stated  # the markup led to another text of the page
    return found


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def tree_of(text: str) -> Element | None:
    """The page's elements; None where there are none."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
