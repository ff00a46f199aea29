"""What an NITF item says to its readers: headline, byline, dateline, abstract, body."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise

from qa.loaders.cleaning import clean_line
from qa.loaders.xml_text import line_of, lines, paragraphs_in, paragraphs_of_plain, squeezed, without_first
from qa.loaders.xml_tree import Element, attribute, child, children, descendants, local

# What stands at the head of a block and says of it what the head of an item says of that.
_BLOCK_HEAD = ("byline", "dateline", "copyrite", "classifier", "tobject", "key-list", "hedline")


@dataclass(frozen=True, slots=True)
class NitfBody:
    """The words of an item; `located` is the place of its dateline. `extra` is what no field holds."""

    headline: str = ""
    text: str = ""
    byline: str = ""
    located: str = ""
    dated: str = ""
    editor_note: str = ""
    rights: str = ""
    correction: str = ""
    distributor: str = ""
    extra: dict[str, object] = field(default_factory=dict)


def nitf_body(nitf: Element) -> NitfBody:
    """The words of an `nitf` element, or of its `body`, `body.content` or a `block` alone."""
    head = next(descendants(nitf, "body.head"), None)
    headline, below = _headlines(nitf, head)
    abstract = [paragraph for element in children(head, "abstract") for paragraph in paragraphs_in(element)]
    text, repeated = _with_abstract(without_first(_body(nitf), headline), abstract)
    dateline = child(head, "dateline")
    dateline = next(descendants(nitf, "dateline"), None) if dateline is None else dateline
    notes, private = _notes(head, nitf)
    bylines = list(children(head, "byline")) or list(descendants(nitf, "byline"))
    return NitfBody(
        headline=headline,
        text="\n\n".join(text),
        byline=", ".join(dict.fromkeys(filter(None, map(_byline, bylines)))),
        located=line_of(child(dateline, "location")) or line_of(dateline),
        dated=attribute(next(descendants(dateline, "story.date"), None), "norm"),
        editor_note=private,
        rights=line_of(child(head, "rights")),
        correction=" ".join(filter(None, map(line_of, _corrections(nitf)))),
        distributor=line_of(child(head, "distributor")),
        extra={
            "subheadline": below,
            "dateline": line_of(dateline),
            "abstract": repeated,
            "notes": notes,
            "tagline": line_of(next(descendants(nitf, "tagline"), None)),
        },
    )


def _headlines(nitf: Element, head: Element | None) -> tuple[str, str]:
    """The headline and the one below it. `head/title` is written for machines: it stands in only."""
    group = child(head, "hedline")
    group = next(descendants(nitf, "hedline"), None) if group is None else group
    main, below = lines(group, "hl1"), lines(group, "hl2")
    loose = clean_line(group.text or "") if group is not None else ""
    title = next(filter(None, (*main, loose, *lines(nitf, "head/title"), *below)), "")
    return title, " / ".join(headline for headline in (*main, *below) if headline != title)


def _body(nitf: Element) -> list[str]:
    """The paragraphs of all `body.content`; of the whole where only a part of an item is given."""
    contents = [content for content in descendants(nitf, "body.content") if not _in_note(content)]
    if local(nitf) == "body.content" or (not contents and local(nitf) not in ("nitf", "body")):
        contents = [nitf]
    paragraphs: list[str] = []
    for content in map(_without_heads, contents):
        if any(True for _ in children(content)):
            paragraphs.extend(paragraphs_in(content))
        else:
            paragraphs.extend(paragraphs_of_plain(content.text or ""))
    return paragraphs


def _without_heads(content: Element) -> Element:
    """A copy without what only says whose it is, and without what is for editors alone."""
    copy = deepcopy(content)
    heads = [part for block in (copy, *descendants(copy, "block")) for part in children(block, *_BLOCK_HEAD)]
    for part in (*heads, *_corrections(copy), *_repeated(copy), *filter(_is_private, descendants(copy, "note"))):
        part.tag = "template"
    return copy


def _repeated(content: Element) -> Iterator[Element]:
    """Blocks that the next one begins with: some archives give the lead alone and then the whole text."""
    for block, following in pairwise(children(content, "block")):
        words = squeezed(line_of(block))
        if words and squeezed(line_of(following)).startswith(words):
            yield block


def _corrections(nitf: Element) -> Iterator[Element]:
    """Blocks that say what was wrong in the text."""
    for block in descendants(nitf, "block"):
        if attribute(block, "class").lower() in ("correction", "corrections", "correction_text"):
            yield block


def _with_abstract(paragraphs: list[str], abstract: list[str]) -> tuple[list[str], str]:
    """The body with the abstract before it, unless it says the same itself; then the abstract apart."""
    if not abstract:
        return paragraphs, ""
    whole = squeezed(" ".join(paragraphs))
    is_repeated = squeezed(" ".join(abstract)).rstrip("….") in whole
    return (paragraphs, " ".join(abstract)) if is_repeated else ([*abstract, *paragraphs], "")


def _byline(element: Element) -> str:
    """Name and title, with a comma between."""
    copy = deepcopy(element)
    title = child(copy, "byttl")
    if title is None:
        return line_of(copy)
    after = clean_line(title.tail or "")
    copy.remove(title)
    name = ", ".join(filter(None, (line_of(copy).strip(" ,"), line_of(title))))
    return f"{name} {after}".strip()


def _notes(head: Element | None, nitf: Element) -> tuple[list[str], str]:
    """Public notes beside the text, and what is for editors alone."""
    public: list[str] = []
    private: list[str] = []
    for note in children(head, "note"):
        (private if _is_private(note) else public).append(line_of(note))
    inside = [note for content in descendants(nitf, "body.content") for note in descendants(content, "note")]
    private.extend(line_of(note) for note in inside if _is_private(note))
    return [note for note in public if note], "\n\n".join(note for note in private if note)


def _in_note(content: Element) -> bool:
    """Whether it holds the words of a note, which has a `body.content` of its own."""
    return any(local(above) == "note" for above in content.iterancestors())


def _is_private(note: Element) -> bool:
    return attribute(note, "noteclass").lower() == "editorsnote"
