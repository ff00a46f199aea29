"""The layout of a PDF's pages: their lines with where they stand, and the headline and paragraphs that these make."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pypdf import PageObject

from qa.errors import ReadError
from qa.loaders.fields import MAX_TITLE
from qa.loaders.paragraphs import FULL_SHARE, ends_sentence, join_lines, word_counts
from qa.text.cleaning import clean_line, folded

EDGE = 2  # lines at each end of a page among which running heads are looked for
HEAD_SHARE = 0.3  # of the pages on which a running head stands; alternate ones stand on half of them
APART = 1.3  # times the usual distance of lines: that of a running head to the text
MAX_HEAD = 200  # characters
MAX_OPERATIONS = 10_000_000  # of a file's pages; a page of text has about 2,000
MAX_CONTENT = 100_000_000  # bytes of them, unpacked
MAX_UNMAPPED = 0.2  # share of what a page's fonts give no meaning for; such a page has no words to quote
LARGER = 1.25  # times the letters of the text: those of a headline
ALIKE = 0.12  # of their size by which letters of one paragraph differ at most
WIDE_GAP = 1.3  # times the usual distance of two lines: that of two paragraphs
INDENT = (0.6, 8.0)  # times the letters' size by which a paragraph's first line is set in
MAX_ABOVE = 10  # lines above a headline: the name of the paper, a date, a kicker
NEIGHBOURS = 6  # lines on either side from which the width of a column is told

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\ufffc": ""}
)
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|página|pág\.?|p\.|seite)?\s*(\d{1,4})(?:\s*(?:/|of|de|von)\s*\d{1,4})?\W*", re.IGNORECASE
)
_UNMAPPED = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]|/g\d+|\(cid:\d+\)")
_SOFT_END = re.compile("\xad\\s*$")
_ITEM = re.compile(r"[•▪◦‣·–—*] ?\S|\(?\d{1,2}[.)] \S")

Matrix = Sequence[float]


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of a page. `x` and `y` say where it begins, `size` is its letters'; points, all 0 where not known."""

    text: str
    page: int
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0

    @property
    def form(self) -> str:
        """Its words with all numbers alike, for running heads count pages."""
        return re.sub(r"\d+", "#", self.text.lower())


@dataclass(slots=True)
class PdfEffort:
    """The cost of a file's pages so far: a small file can be built so that reading it never ends."""

    operations: int = 0
    content: int = 0
    characters: int = 0

    def add(self, *, operations: int = 0, content: int = 0) -> None:
        """Raises ReadError beyond what a newspaper's pages cost."""
        self.operations += operations
        self.content += content
        if self.operations > MAX_OPERATIONS or self.content > MAX_CONTENT:
            reason = "a PDF of text was expected, found one that draws without end"
            raise ReadError(f"{reason}; print it anew, or give its text")


def lines_of(page: PageObject, number: int, effort: PdfEffort) -> list[PdfLine]:
    """The lines that have words, in the content's order; none where its letters can't be told. Raises ReadError."""
    pieces: list[tuple[str, tuple[float, float, float]]] = []
    contents = page.get_contents()
    effort.add(content=len(contents.get_data()) if contents is not None else 0)

    def note(text: str, around: Matrix, matrix: Matrix, font: object, size: float) -> None:
        """Where a text begins on the page, and how large it is there."""
        a, b, c, d, e, f = around
        x, y = matrix[4] * a + matrix[5] * c + e, matrix[4] * b + matrix[5] * d + f
        scale = abs(a * d - b * c) * abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])
        if text:
            pieces.append((text, (x, y, round(size * math.sqrt(scale), 1))))

    def count(operator: object, operands: object, around: Matrix, matrix: Matrix) -> None:
        effort.add(operations=1)

    whole = page.extract_text(visitor_text=note, visitor_operand_before=count)
    lines = [line for line in _lines(pieces, number) if line.text]
    if _words("".join(line.text for line in lines)) != _words(whole):
        lines = [PdfLine(text, number) for text in map(_cleaned, whole.split("\n")) if text]
    unmapped = sum(map(len, _UNMAPPED.findall(whole)))
    return [] if unmapped > MAX_UNMAPPED * len(_words(whole)) else lines


def _lines(pieces: Sequence[tuple[str, tuple[float, float, float]]], number: int) -> Iterator[PdfLine]:
    """The pieces as lines, each where its first piece that isn't blank begins."""
    text, place = "", (0.0, 0.0, 0.0)
    for piece, where in pieces:
        for count, part in enumerate(piece.split("\n")):
            if count:
                yield PdfLine(_cleaned(text), number, *place)
                text = ""
            if not text.strip() and part.strip():
                place = where
            text += part
    yield PdfLine(_cleaned(text), number, *place)


def _cleaned(text: str) -> str:
    """The soft hyphen at a line's end stays: it tells that the word goes on."""
    soft = "\xad" if _SOFT_END.search(text) else ""
    return clean_line(text.translate(_LIGATURES)) + soft


def _words(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(_LIGATURES))[:2_000_000]


def without_heads(pages: Sequence[Sequence[PdfLine]]) -> list[PdfLine]:
    """All lines in order, without running heads and feet and without page numbers."""
    counted = Counter(form for page in pages for form in {line.form for line in _edges(page)})
    least = max(2, math.ceil(HEAD_SHARE * sum(map(bool, pages))))
    text: list[PdfLine] = []
    for page in pages:
        edges = _edges(page)
        repeated = [line for line in edges if len(line.text) <= MAX_HEAD and counted[line.form] >= least]
        heads = {line for line in repeated if _stands_apart(line, page, repeated)}
        heads |= {line for line in edges if (m := _PAGE_NUMBER.fullmatch(line.text)) and int(m[1]) == line.page}
        text.extend(line for line in page if line not in heads)
    return text or [line for page in pages for line in page]


def _edges(page: Sequence[PdfLine]) -> list[PdfLine]:
    """The lines at the page's ends, by its content's order and by their height."""
    by_height = sorted(page, key=lambda line: line.y)
    return list(dict.fromkeys((*page[:EDGE], *page[-EDGE:], *by_height[:EDGE], *by_height[-EDGE:])))


def _stands_apart(line: PdfLine, page: Sequence[PdfLine], repeated: Sequence[PdfLine]) -> bool:
    """True if it is no line of the text that happens to stand elsewhere too: a wider space parts it, or its letters."""
    text = [neighbour for neighbour in page if neighbour not in repeated]
    sizes = Counter(neighbour.size for neighbour in text)
    if not text or not line.size or abs(line.size - sizes.most_common(1)[0][0]) > 0.5:
        return True
    heights = sorted({round(neighbour.y, 1) for neighbour in text})
    usual = median([above - below for below, above in pairwise(heights)]) if len(heights) > 2 else line.size
    return min(abs(neighbour.y - line.y) for neighbour in text) > APART * max(usual, line.size)


def headline_of(lines: Sequence[PdfLine]) -> tuple[str, list[PdfLine]]:
    """The first lines in letters larger than the text's, or the first line, and the lines without them."""
    if not lines:
        return "", []
    size = _usual_size(lines)
    above = [line for line in lines[:MAX_ABOVE] if line.page == lines[0].page]
    start = max(range(len(above)), key=lambda place: above[place].size)
    end = start + 1
    while end < len(lines) and (lines[end].size, lines[end].page) == (lines[start].size, lines[start].page):
        end += 1
    title = join_lines([line.text for line in lines[start:end]])
    if not size or lines[start].size < LARGER * size or len(title) > MAX_TITLE // 2:
        return lines[0].text, list(lines[1:])
    return title, [*lines[:start], *lines[end:]]


def without_headline(lines: Sequence[PdfLine], title: str) -> list[PdfLine]:
    """Without the first lines that say what the title says, over one line or several."""
    wanted = folded(title)
    for start in range(min(MAX_ABOVE, len(lines))):
        letters = ""
        for end in range(start, min(start + MAX_ABOVE, len(lines))):
            letters += folded(lines[end].text)
            if letters == wanted:
                return [*lines[:start], *lines[end + 1 :]]
            if not wanted.startswith(letters):
                break
    return list(lines)


def paragraphs_of(lines: Sequence[PdfLine]) -> list[tuple[int, str]]:
    """Paragraphs, each behind the page that it begins on; words that a line's end parts are put together."""
    words = word_counts(line.text for line in lines)
    # The distance of most lines of the text's size to the next.
    size = _usual_size(lines)
    gaps = [
        before.y - line.y
        for before, line in pairwise(lines)
        if before.page == line.page and before.size == line.size == size and before.y > line.y
    ]
    gap = median(gaps) if gaps and size else 0.0
    begins = [place for place in range(len(lines)) if not place or _begins(lines, place, gap)]
    groups = [lines[start:end] for start, end in pairwise([*begins, len(lines)])]
    return [(group[0].page, join_lines([line.text for line in group], words=words)) for group in groups]


def _begins(lines: Sequence[PdfLine], place: int, gap: float) -> bool:
    """True if a paragraph begins with a line, which is not the first. `gap` is the usual one, 0 where unknown."""
    before, line = lines[place - 1], lines[place]
    if abs(before.size - line.size) > ALIKE * max(before.size, line.size) or _ITEM.match(line.text):
        return True
    down = before.y - line.y
    if before.page != line.page or down <= 0 < gap:
        return ends_sentence(before.text)  # at the end of a page or a column
    if gap and down > WIDE_GAP * gap * max(1.0, line.size / (_usual_size(lines[place - 1 : place + 8]) or 1.0)):
        return True
    if not ends_sentence(before.text):
        return False
    # Where a line's first word would have fitted into the one above, that ended a paragraph.
    around = lines[max(0, place - 1 - NEIGHBOURS) : place + NEIGHBOURS]
    width = max(len(other.text) for other in around if abs(other.size - before.size) <= ALIKE * before.size)
    is_full = len(before.text) + 1 + len(line.text.split(" ", 1)[0]) > FULL_SHARE * width
    least, most = (share * line.size for share in INDENT)
    return (line.size > 0 and least < line.x - before.x < most) or not is_full


def _usual_size(lines: Sequence[PdfLine]) -> float:
    counted: Counter[float] = Counter()
    for line in lines:
        counted[line.size] += len(line.text)
    return counted.most_common(1)[0][0] if counted else 0.0
