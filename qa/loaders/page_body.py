"""The words of a page's article, without what is around it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from lxml import etree

from qa.loaders.cleaning import clean, clean_line
from qa.loaders.page_extraction import length, paragraphs_in
from qa.loaders.plain_text import FURNITURE

Element = etree._Element

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


@dataclass(frozen=True, slots=True)
class Body:
    """The article's paragraphs, the lines that stood above them, and the one about its rights below."""

    text: str
    above: tuple[str, ...] = ()
    rights: str = ""


def body_of(root: Element, *, title: str, stated: str = "") -> Body:
    """The words of a page's article.

    `stated` is the text that the page says of itself beside its markup; the more complete one is taken.
    """
    above, below = _without_top(paragraphs_in(root), title=title)
    paragraphs, rights = _without_end(below)
    return Body(_better(clean("\n\n".join(paragraphs)), clean(stated)), tuple(above), rights)


def _without_top(paragraphs: list[str], *, title: str) -> tuple[list[str], list[str]]:
    """What stands above the article, such as its headline again, its author and its date, and the rest."""
    number = 0
    for line in paragraphs[:-1]:
        if not (_same(line, title) or _AROUND.fullmatch(line) or _is_dated(line)):
            break
        number += 1
    return paragraphs[:number], paragraphs[number:]


def _without_end(paragraphs: list[str]) -> tuple[list[str], str]:
    """Without invitations and without what follows the article; and the line about its rights."""
    ends = (n for n, line in enumerate(paragraphs) if n and _END.fullmatch(line) and _is_behind(paragraphs, n))
    kept = [line for line in paragraphs[: next(ends, len(paragraphs))] if not _AROUND.fullmatch(line)]
    rights = ""
    while len(kept) > 1 and (_RIGHTS.fullmatch(kept[-1]) or _END.fullmatch(kept[-1])):
        line = kept.pop()
        rights = line if _RIGHTS.fullmatch(line) else rights
    return kept, rights


def _is_dated(line: str) -> bool:
    """Who wrote it and when, in a line that is no sentence."""
    return len(line) < 140 and bool(_DATED_LINE.fullmatch(line)) and not _SENTENCE.search(line)


def _same(line: str, title: str) -> bool:
    return bool(title) and clean_line(line).casefold().rstrip(".") == clean_line(title).casefold().rstrip(".")


def _is_behind(lines: list[str], number: int) -> bool:
    """Whether the larger part of an article can stand above a line."""
    return length(lines[:number]) > length(lines) / 3


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
