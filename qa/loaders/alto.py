"""ALTO 2 to 4: the words of one scanned page as text recognition found them, in blocks and lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from qa.loaders.cleaning import clean_line
from qa.loaders.paragraphs import PagedParagraph, ends_sentence, join_lines, word_counts
from qa.loaders.xml_tree import Element, attribute, children, descendants, local

_HYPHENS = "-\u2010\u2011\xad¬=⸗"
_TRAILING = ".,;:!?…)]»”’\"'"


@dataclass(frozen=True, slots=True)
class AltoWord:
    """`part` is 1 or 2 for the halves of a word that a line's end parts, and `whole` that word; else 0."""

    text: str
    part: int = 0
    whole: str = ""
    space_before: bool = True


AltoLine: TypeAlias = tuple[AltoWord, ...]


@dataclass(frozen=True, slots=True)
class AltoBlock:
    """Lines that stand together on a page, and how sure the recognition was of each word (0 to 1)."""

    page: int
    lines: tuple[AltoLine, ...]
    confidences: tuple[float, ...]
    language: str = ""


@dataclass(slots=True)
class AltoPage:
    """Its blocks in the order of the file, by their ids; `within` lists those in a block of blocks."""

    number: int
    blocks: dict[str, AltoBlock] = field(default_factory=dict)
    within: dict[str, list[str]] = field(default_factory=dict)

    def between(self, begin: str, end: str) -> list[AltoBlock]:
        """The blocks from one id to another, all where none is named; none where there is no such id."""
        if not begin:
            return list(self.blocks.values())
        listed = list(self.blocks)
        first, last = self.within.get(begin, [begin]), self.within.get(end or begin, [end or begin])
        if not first or not last or first[0] not in self.blocks:
            return []
        start = listed.index(first[0])
        stop = listed.index(last[-1]) if last[-1] in self.blocks else start
        return [self.blocks[name] for name in listed[start : max(start, stop) + 1]]


def pages_of(root: Element, *, number: int | None = None) -> Iterator[AltoPage]:
    """The pages of a file, most often one. `number` counts where the file that names it says which page it is."""
    for place, element in enumerate(descendants(root, "Page"), start=1):
        image = attribute(element, "PHYSICAL_IMG_NR")
        page = AltoPage(number or (int(image) if image.isascii() and image.isdecimal() and len(image) < 7 else place))
        for block in descendants(element, "TextBlock"):
            name = attribute(block, "ID") or f"block {len(page.blocks) + 1}"
            page.blocks[name] = _block(block, page.number)
        for composed in descendants(element, "ComposedBlock", "PrintSpace", "TopMargin", "BottomMargin"):
            if attribute(composed, "ID"):
                names = [attribute(block, "ID") for block in descendants(composed, "TextBlock")]
                page.within[attribute(composed, "ID")] = [name for name in names if name]
        yield page


def paragraphs_of(groups: Sequence[Sequence[AltoBlock]]) -> list[PagedParagraph]:
    """One paragraph for each group of blocks; one that plainly goes on in the next group is joined with it."""
    words = word_counts(
        word.whole or word.text for group in groups for block in group for line in block.lines for word in line
    )
    paragraphs: list[tuple[int, list[AltoLine]]] = []
    halves: set[str] = set()  # words whose second half does not follow, but may come later
    for group in groups:
        lines = [line for block in group for line in block.lines if line]
        if lines and lines[0][0].part == 2 and lines[0][0].whole in halves:
            halves.discard(lines[0][0].whole)
            lines = [line for line in (lines[0][1:], *lines[1:]) if line]
        if not lines:
            continue
        if paragraphs and _goes_on(paragraphs[-1][1][-1], lines[0]):
            paragraphs[-1][1].extend(lines)
            continue
        if paragraphs and (half := _half_of(paragraphs[-1][1][-1])):
            halves.add(half)
        paragraphs.append((group[0].page, lines))
    return [
        PagedParagraph(page, text) for page, lines in paragraphs if (text := join_lines(_texts(lines), words=words))
    ]


def confidence_of(blocks: Sequence[AltoBlock]) -> float | None:
    """The mean over all words; None where the file says nothing of it."""
    confidences = [confidence for block in blocks for confidence in block.confidences]
    return round(sum(confidences) / len(confidences), 2) if confidences else None


def language_of(blocks: Sequence[AltoBlock]) -> str:
    """The language that most blocks say they are in."""
    counted = Counter(block.language for block in blocks if block.language)
    return counted.most_common(1)[0][0] if counted else ""


def first_line(blocks: Sequence[AltoBlock]) -> tuple[str, bool]:
    """The first line that has words, and whether its block is that line alone: a headline is."""
    for block in blocks:
        lines = [line for line in block.lines if line]
        if lines:
            return clean_line(_texts(lines[:1])[0]), len(lines) == 1
    return "", False


def _block(element: Element, page: int) -> AltoBlock:
    lines = tuple(tuple(_line(line)) for line in children(element, "TextLine"))
    confidences = []
    for string in descendants(element, "String"):
        try:
            confidences.append(min(1.0, max(0.0, float(attribute(string, "WC")))))
        except ValueError:
            continue
    return AltoBlock(
        page, lines, tuple(value for value in confidences if value == value), attribute(element, "LANG", "language")
    )


def _line(line: Element) -> Iterator[AltoWord]:
    """Its words; a hyphen that is an element of its own is put to the last of them."""
    elements = list(children(line, "String", "SP", "HYP"))
    spaced = any(local(element) == "SP" for element in elements)
    space, words = True, list[AltoWord]()
    for element in elements:
        match local(element):
            case "SP":
                space = True
            case "HYP" if words and words[-1].text[-1] not in _HYPHENS:
                last = words[-1]
                words[-1] = AltoWord(last.text + "-", last.part, last.whole, last.space_before)
            case "String":
                text = attribute(element, "CONTENT")
                part = {"HypPart1": 1, "HypPart2": 2}.get(attribute(element, "SUBS_TYPE"), 0)
                whole = attribute(element, "SUBS_CONTENT") if part else ""
                if text:
                    words.append(AltoWord(text, part, whole, space or not spaced))
                    space = False
    yield from words


def _texts(lines: Sequence[AltoLine]) -> list[str]:
    """The text of each line; a word that a line's end parts stands whole where it begins."""
    texts: list[str] = []
    whole = ""  # the word whose first half was the last one
    for line in lines:
        text = ""
        for place, word in enumerate(line):
            is_second = bool(whole) and word.part == 2
            if is_second:
                # The marks that follow the second half, where the whole word is written without them.
                marks = word.text[len(word.text.rstrip(_TRAILING)) :]
                addition = "" if whole.endswith(marks) else marks
            else:
                addition = (word.whole if word.part == 1 else "") or word.text
            if not text and texts and (is_second or (place and not word.space_before)):
                texts[-1] += addition
            else:
                text += (" " if text and word.space_before and not is_second else "") + addition
            whole = word.whole if word.part == 1 else ""
        texts.append(text)
    return texts


def _half_of(line: AltoLine) -> str:
    """The word whose first half ends a line, whole; empty where none does."""
    return line[-1].whole if line and line[-1].part == 1 else ""


def _goes_on(before: AltoLine, line: AltoLine) -> bool:
    """True if a sentence goes on in a line of another block: a column's end has parted it."""
    if _half_of(before):
        return line[0].part == 2
    return not ends_sentence(before[-1].text) and line[0].text[:1].islower()
