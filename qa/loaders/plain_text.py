"""Plain text as archives deliver it: headline, standfirst, body, and what the page had around them.

The first line is the headline. Left out are whole lines of page furniture (`FURNITURE`), a standfirst
cut short with "…" that a later paragraph repeats in full, and the dateline ("SPAIN: …"), which is kept
in `extra["dateline"]` so that a quoted sentence begins with its own words. Nothing else is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.errors import ReadError
from qa.loaders.cleaning import clean, clean_line
from qa.loaders.dateline import split_dateline
from qa.loaders.documents import Document
from qa.loaders.metadata import Facts, deliver, facts, slug
from qa.loaders.paragraphs import ends_sentence, split_paragraphs
from qa.loaders.starts import Start
from qa.models.deliveries import Delivery

# Whole lines only, in any case. None may end in a full stop: a sentence of the body does.
FURNITURE = (
    r"read more(?: (?:here|about this|on this (?:story|topic)))?",
    r"continue reading(?: below)?",
    r"(?:story|article) continues below(?: advertisement)?",
    r"advertisements?|advertising|publicidad|anuncio",
    r"share (?:this )?(?:article|story|page)",
    r"print (?:this )?(?:article|story|page)",
    r"sign up (?:to|for) .{0,80}newsletters?(?: (?:here|now|today))?",
    r"subscribe(?: (?:now|today|here))?|suscríbete(?: (?:ahora|aquí))?",
    r"skip (?:past|to) .{1,60}",
    r"related (?:articles|stories|topics|content)|noticias relacionadas",
    r"most (?:read|popular|viewed)|lo más (?:leído|visto)",
    r"leer más|seguir leyendo|lea también|compartir(?: (?:este artículo|esta noticia))?",
)
_FURNITURE = re.compile(f"(?:{'|'.join(FURNITURE)})[ :>»→]*", re.IGNORECASE)

ENDINGS = (".txt", ".text")
MIN_STANDFIRST = 20  # characters; "Well…" before "Well, he said" is a paragraph of its own


def read_plain_text(document: Document, *, beneath: Facts) -> Iterator[Delivery]:
    """The article of one file. Raises ReadError, OSError.

    `beneath` is what sidecar and command line state. A title stated there is the title: the first line
    then is the headline only if it says the same, and else belongs to the body.
    """
    _refuse_markup(document)
    decoded = document.text()
    title, body = _headline(_without_furniture(clean(decoded.text)), stated=_stated_title(beneath))
    if not title and not body:
        reason = "an article was expected, found nothing but page furniture; deliver its text"
        raise ReadError(reason, path=document.place)
    paragraphs = without_cut_standfirst(split_paragraphs(body))
    dateline, paragraphs = split_dateline(paragraphs)
    own: dict[str, object] = {"title": title, "text": "\n\n".join(paragraphs)}
    if dateline:
        own["dateline"] = dateline
    stated = {**beneath, **facts(own, path=document.place)}
    yield deliver(stated, derived_id=slug(document.stem), path=document.place, notices=decoded.notices)


def _refuse_markup(document: Document) -> None:
    """A file of another name is plain text, unless it begins as markup or data of no known kind. Raises ReadError."""
    start = Start(document.name.lower(), document.start())
    if start.name.endswith(ENDINGS) or not (start.root or start.text.startswith("<?xml")):
        return
    found = f"found markup of another kind (<{start.root}>)" if start.root else "found XML without an element"
    reason = f"an article in a known format was expected, {found}; deliver it in one that docs/formats.md lists"
    raise ReadError(reason, path=document.place, line=1)


def without_cut_standfirst(paragraphs: Sequence[str]) -> list[str]:
    """Without the first paragraph if it ends in "…" and a later one begins with all that it says."""
    if not paragraphs:
        return []
    first, *others = paragraphs
    kept = first.rstrip(" .…[]()")
    is_cut = "…" in first[len(kept) :] or "..." in first[len(kept) :]
    stem = _said(kept)
    if is_cut and len(stem) >= MIN_STANDFIRST and any(_said(other).startswith(stem) for other in others):
        return others
    return [first, *others]


def _without_furniture(text: str) -> str:
    """Furniture stands alone: no line that goes on with the sentence above it is taken for it."""
    lines = text.split("\n")
    kept = []
    for number, line in enumerate(lines):
        above = lines[number - 1] if number > 1 else ""  # below the headline nothing goes on
        alone = not above or ends_sentence(above) or bool(_FURNITURE.fullmatch(above))
        if not (alone and _FURNITURE.fullmatch(line)):
            kept.append(line)
    return "\n".join(kept).strip("\n")


def _headline(text: str, *, stated: str) -> tuple[str, str]:
    """Headline and the text below it. The headline is empty where `stated` is another title."""
    first, _, below = text.partition("\n")
    if stated and clean_line(first).casefold() != stated.casefold():
        return "", text
    return ("" if stated else first), below.strip("\n")


def _stated_title(beneath: Facts) -> str:
    title = beneath["title"].value if "title" in beneath else ""
    return clean_line(title) if isinstance(title, str) else ""


def _said(paragraph: str) -> str:
    """What a paragraph says, without its dateline and line breaks."""
    _, (text, *_) = split_dateline([paragraph])
    return " ".join(text.split())
