"""Paragraphs and the headline of a PDF, from its lines: how far apart they stand, how large, how full they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from qa.loaders.fields import MAX_TITLE
from qa.loaders.hyphenation import joined, words_of
from qa.loaders.paged_text import Paragraph
from qa.loaders.paragraphs import FULL_SHARE, ends_sentence
from qa.loaders.pdf_lines import Line

LARGER = 1.25  # times the letters of the text: those of a headline
ALIKE = 0.12  # of their size by which letters of one paragraph differ at most
WIDE_GAP = 1.3  # times the usual distance of two lines: that of two paragraphs
INDENT = (0.6, 8.0)  # times the letters' size by which a paragraph's first line is set in
MAX_ABOVE = 10  # lines above a headline: the name of the paper, a date, a kicker
NEIGHBOURS = 6  # lines on either side from which the width of a column is told

_ITEM = re.compile(r"[•▪◦‣·–—*] ?\S|\(?\d{1,2}[.)] \S")


def headline_of(lines: Sequence[Line]) -> tuple[str, list[Line]]:
    """The first lines in letters larger than the text's, or the first line, and the lines without them."""
    if not lines:
        return "", []
    size = _usual_size(lines)
    above = [line for line in lines[:MAX_ABOVE] if line.page == lines[0].page]
    largest = max(line.size for line in above)
    start = next(place for place, line in enumerate(above) if line.size == largest)
    if not size or largest < LARGER * size:
        return lines[0].text, list(lines[1:])
    end = start + 1
    while end < len(lines) and lines[end].size == largest and lines[end].page == lines[start].page:
        end += 1
    title = joined([line.text for line in lines[start:end]])
    if len(title) > MAX_TITLE // 2:
        return lines[0].text, list(lines[1:])
    return title, [*lines[:start], *lines[end:]]


def without_headline(lines: Sequence[Line], title: str) -> list[Line]:
    """Without the first lines that say what the title says, over one line or several."""
    wanted = _letters(title)
    for start in range(min(MAX_ABOVE, len(lines))):
        said = ""
        for end in range(start, min(start + MAX_ABOVE, len(lines))):
            said += _letters(lines[end].text)
            if said == wanted:
                return [*lines[:start], *lines[end + 1 :]]
            if not wanted.startswith(said):
                break
    return list(lines)


def paragraphs_of(lines: Sequence[Line]) -> list[Paragraph]:
    """Paragraphs with the page that each begins on; words that a line's end parts are put together."""
    words = words_of(line.text for line in lines)
    gap = _usual_gap(lines)
    groups: list[list[Line]] = []
    for place, line in enumerate(lines):
        if groups and not _begins(lines, place, gap):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Paragraph(group[0].page, joined([line.text for line in group], words=words)) for group in groups]


def _begins(lines: Sequence[Line], place: int, gap: float) -> bool:
    """Whether a paragraph begins with a line, which is not the first."""
    before, line = lines[place - 1], lines[place]
    if abs(before.size - line.size) > ALIKE * max(before.size, line.size) or _ITEM.match(line.text):
        return True
    down = before.y - line.y
    if before.page != line.page or down <= 0 < gap:
        return ends_sentence(before.text)  # at the end of a page or a column
    if gap and down > WIDE_GAP * gap * max(1.0, line.size / (_usual_size(lines[place - 1 : place + 8]) or 1.0)):
        return True
    least, most = (share * line.size for share in INDENT)
    if not ends_sentence(before.text):
        return False
    return (line.size > 0 and least < line.x - before.x < most) or not _is_full(lines, place - 1)


def _is_full(lines: Sequence[Line], place: int) -> bool:
    """Whether the next line's first word would not have fitted into a line."""
    around = lines[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]
    width = max(len(line.text) for line in around if abs(line.size - lines[place].size) <= ALIKE * line.size)
    following = lines[place + 1].text.split(" ", 1)[0]
    return len(lines[place].text) + 1 + len(following) > FULL_SHARE * width


def _usual_size(lines: Sequence[Line]) -> float:
    """The size that most letters have."""
    counted: Counter[float] = Counter()
    for line in lines:
        counted[line.size] += len(line.text)
    return counted.most_common(1)[0][0] if counted else 0.0


def _usual_gap(lines: Sequence[Line]) -> float:
    """The distance of most lines of the text's size to the next; 0 where it isn't known."""
    size = _usual_size(lines)
    gaps = [
        before.y - line.y
        for before, line in pairwise(lines)
        if before.page == line.page and before.size == line.size == size and before.y > line.y
    ]
    return median(gaps) if gaps and size else 0.0


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
