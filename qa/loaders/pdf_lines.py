"""The lines of a PDF's pages with where they stand, and without what stands on every page."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pypdf import PageObject

from qa.errors import ReadError
from qa.loaders.cleaning import clean_line

EDGE = 2  # lines at each end of a page among which running heads are looked for
HEAD_SHARE = 0.3  # of the pages on which a running head stands; alternate ones stand on half of them
APART = 1.3  # times the usual distance of lines: that of a running head to the text
MAX_HEAD = 200  # characters
MAX_OPERATIONS = 10_000_000  # of a file's pages; a page of text has about 2,000
MAX_CONTENT = 100_000_000  # bytes of them, unpacked
MAX_UNTOLD = 0.2  # share of what a page's fonts give no meaning for; such a page has no words to quote

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\ufffc": ""}
)
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|página|pág\.?|p\.|seite)?\s*(\d{1,4})(?:\s*(?:/|of|de|von)\s*\d{1,4})?\W*", re.IGNORECASE
)
_UNTOLD = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]|/g\d+|\(cid:\d+\)")
_SOFT_END = re.compile("\xad\\s*$")

Matrix = Sequence[float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page. `x` and `y` say where it begins, `size` is its letters'; points, all 0 where not known."""

    text: str
    page: int
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0


@dataclass(slots=True)
class Effort:
    """What a file's pages have cost so far: a small file can be built so that reading it never ends."""

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


def lines_of(page: PageObject, number: int, effort: Effort) -> list[Line]:
    """The lines that have words, in the order of the page's content; none where its letters can't be told.

    Raises ReadError where the file costs too much, and what the vendor's parser raises.
    """
    pieces: list[tuple[str, float, float, float]] = []
    contents = page.get_contents()
    effort.add(content=len(contents.get_data()) if contents is not None else 0)

    def note(text: str, around: Matrix, matrix: Matrix, font: object, size: float) -> None:
        if text:
            pieces.append((text, *_placed(around, matrix, size)))

    def count(operator: object, operands: object, around: Matrix, matrix: Matrix) -> None:
        effort.add(operations=1)

    whole = page.extract_text(visitor_text=note, visitor_operand_before=count)
    told = [line for line in _lines(pieces, number) if line.text]
    if _words("".join(line.text for line in told)) != _words(whole):
        told = [Line(text, number) for one in whole.split("\n") if (text := _cleaned(one))]
    untold = sum(map(len, _UNTOLD.findall(whole)))
    return [] if untold > MAX_UNTOLD * len(_words(whole)) else told


def without_heads(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """All lines in order, without running heads and feet and without page numbers."""
    counted = Counter(form for page in pages for form in {_form(line) for line in _edges(page)})
    least = max(2, math.ceil(HEAD_SHARE * sum(map(bool, pages))))
    kept: list[Line] = []
    for page in pages:
        repeated = [line for line in _edges(page) if len(line.text) <= MAX_HEAD and counted[_form(line)] >= least]
        heads = {line for line in repeated if _stands_apart(line, page, repeated)}
        heads |= {line for line in _edges(page) if _is_number_of_page(line)}
        kept.extend(line for line in page if line not in heads)
    return kept or [line for page in pages for line in page]


def _stands_apart(line: Line, page: Sequence[Line], repeated: Sequence[Line]) -> bool:
    """Whether it is no line of the text that happens to stand elsewhere too: a wider space parts it, or its letters."""
    text = [one for one in page if one not in repeated]
    sizes = Counter(one.size for one in text)
    if not text or not line.size or abs(line.size - sizes.most_common(1)[0][0]) > 0.5:
        return True
    heights = sorted({round(one.y, 1) for one in text})
    usual = median([above - below for below, above in pairwise(heights)]) if len(heights) > 2 else line.size
    return min(abs(one.y - line.y) for one in text) > APART * max(usual, line.size)


def _lines(pieces: Sequence[tuple[str, float, float, float]], number: int) -> Iterator[Line]:
    """The pieces as lines, each where its first piece that isn't blank begins."""
    text, place = "", (0.0, 0.0, 0.0)
    for piece, *where in pieces:
        for count, part in enumerate(piece.split("\n")):
            if count:
                yield Line(_cleaned(text), number, *place)
                text = ""
            if not text.strip() and part.strip():
                place = (where[0], where[1], where[2])
            text += part
    yield Line(_cleaned(text), number, *place)


def _placed(around: Matrix, matrix: Matrix, size: float) -> tuple[float, float, float]:
    """Where a text begins on the page, and how large it is there."""
    a, b, c, d, e, f = around
    x, y = matrix[4] * a + matrix[5] * c + e, matrix[4] * b + matrix[5] * d + f
    scale = abs(a * d - b * c) * abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])
    return x, y, round(size * math.sqrt(scale), 1)


def _cleaned(text: str) -> str:
    """The soft hyphen at a line's end stays: it tells that the word goes on."""
    soft = "\xad" if _SOFT_END.search(text) else ""
    return clean_line(text.translate(_LIGATURES)) + soft


def _words(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(_LIGATURES))[:2_000_000]


def _edges(page: Sequence[Line]) -> list[Line]:
    """The lines at the page's ends, by its content's order and by their height."""
    by_height = sorted(page, key=lambda line: line.y)
    ends = (*page[:EDGE], *page[-EDGE:], *by_height[:EDGE], *by_height[-EDGE:])
    return list(dict.fromkeys(ends))


def _form(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.lower())


def _is_number_of_page(line: Line) -> bool:
    match = _PAGE_NUMBER.fullmatch(line.text)
    return bool(match) and int(match[1]) == line.page  # type: ignore[index]
