"""ALTO 2 to 4: pages that a METS file names, and the words that text recognition read there, in blocks and lines."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.errors import ReadError
from qa.loaders.documents import BROKEN, Document, path_from
from qa.loaders.paragraphs import ends_sentence, join_lines, word_counts
from qa.loaders.xml_tree import Element, elements, line, tree_of

MAX_BYTES = 50_000_000  # of a METS file or a page; METS of a hundred pages has about 5 MB
_HYPHENS = "-\u2010\u2011\xad¬=⸗"
_TRAILING = ".,;:!?…)]»”’\"'"


class AltoWord(NamedTuple):
    """`half` is HypPart1 or HypPart2 for the halves of a word that a line's end parts, and `whole` that word."""

    text: str
    space_before: bool
    half: str
    whole: str


@dataclass(frozen=True, slots=True)
class AltoBlock:
    """Lines that have words and stand together on a page."""

    page: int
    lines: Sequence[Sequence[AltoWord]]
    language: str = ""


@dataclass(slots=True)
class AltoPage:
    """Its blocks in the order of the file, by their ids; `within` lists those in a block of blocks."""

    number: int
    blocks: dict[str, AltoBlock] = field(default_factory=dict)
    within: dict[str, list[str]] = field(default_factory=dict)

    @property
    def with_text(self) -> list[AltoBlock]:
        return [block for block in self.blocks.values() if block.lines]

    def between(self, begin: str, end: str) -> list[AltoBlock]:
        """The blocks from one id to another, all where none is named; none where there is no such id."""
        if not begin:
            return list(self.blocks.values())
        names = list(self.blocks)
        start, stop = self.within.get(begin, [begin])[0], self.within.get(end or begin, [end or begin])[-1]
        if start not in names:
            return []
        at = names.index(start)
        until = names.index(stop) if stop in names else at
        return [self.blocks[name] for name in names[at : max(at, until) + 1]]


def page_files(mets: Element) -> Iterator[tuple[str, str]]:
    """The ids of the files of pages that a METS file names, and their addresses."""
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
        files = page_files(tree_of(document.read(MAX_BYTES))[0])
        return frozenset(posixpath.normpath(path_from(href)) for _, href in files)
    except (ReadError, OSError, *BROKEN):
        return frozenset()  # reading it will say why


def pages_of(root: Element, *, number: int | None = None) -> Iterator[AltoPage]:
    """The pages of a file, most often one. `number` counts where the file that names it says which page it is."""
    for place, element in enumerate(elements(root, ".//Page"), start=1):
        page = AltoPage(number or page_number(line(element, "@PHYSICAL_IMG_NR")) or place)
        for block in elements(element, ".//TextBlock"):
            lines = [words for text_line in elements(block, "TextLine") if (words := _words(text_line))]
            name = line(block, "@ID") or f"block {len(page.blocks) + 1}"
            page.blocks[name] = AltoBlock(page.number, lines, line(block, "@LANG", "@language"))
        for outer in elements(element, ".//*[@ID][.//TextBlock/@ID]"):
            page.within[line(outer, "@ID")] = [str(name) for name in elements(outer, ".//TextBlock/@ID")]
        yield page


def page_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def paragraphs_of(groups: Sequence[Sequence[AltoBlock]]) -> list[tuple[int, str]]:
    """A page and a text for each group of blocks; one that goes on in the next group is joined with it."""
    begun: set[str] = set()  # words whose second half may still come, in the next line or in another column
    paragraphs: list[tuple[int, list[str]]] = []
    for group in groups:
        lines = _texts([words for block in group for words in block.lines], begun)
        if lines and paragraphs and not ends_sentence(paragraphs[-1][1][-1]) and lines[0][:1].islower():
            paragraphs[-1][1].extend(lines)
        elif lines:
            paragraphs.append((group[0].page, lines))
    counts = word_counts(text for _, lines in paragraphs for text in lines)
    return [(page, text) for page, lines in paragraphs if (text := join_lines(lines, words=counts))]


def language_of(blocks: Sequence[AltoBlock]) -> str:
    """The language that most blocks say they are in."""
    return next(iter(Counter(block.language for block in blocks if block.language).most_common(1)), ("", 0))[0]


def first_line(blocks: Sequence[AltoBlock]) -> tuple[str, bool]:
    """The first line of blocks with text, and whether its block is that line alone: a headline is."""
    return _texts(blocks[0].lines[:1], set())[0], len(blocks[0].lines) == 1


def _words(text_line: Element) -> list[AltoWord]:
    """A line's words; a hyphen that is an element of its own is put to the last of them."""
    words: list[AltoWord] = []
    parts = elements(text_line, "String|SP|HYP")
    is_spaced = any(part.tag == "SP" for part in parts)
    space = True
    for part in parts:
        if part.tag == "SP":
            space = True
        elif part.tag == "HYP" and words and words[-1].text[-1] not in _HYPHENS:
            words[-1] = words[-1]._replace(text=f"{words[-1].text}-")
        elif part.tag == "String" and (text := line(part, "@CONTENT")):
            words.append(AltoWord(text, space or not is_spaced, line(part, "@SUBS_TYPE"), line(part, "@SUBS_CONTENT")))
            space = False
    return words


def _texts(lines: Sequence[Sequence[AltoWord]], begun: set[str]) -> list[str]:
    """The text of each line that has any; a word that a line's end parts stands whole where it begins."""
    texts: list[str] = []
    for words in lines:
        text = ""
        for word in words:
            if word.half == "HypPart2" and word.whole in begun:
                begun.discard(word.whole)
                # The marks that follow the second half, where the whole word is written without them.
                marks = word.text[len(word.text.rstrip(_TRAILING)) :]
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
