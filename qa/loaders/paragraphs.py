"""Paragraphs put together from lines: line breaks and the hyphens at them change, every word stays in its order."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from qa.loaders.names import NAMES
from qa.text.cleaning import clean

MIN_WIDTH = 40  # characters; narrower blocks are lists, verses and addresses
MAX_WIDTH = 100  # characters; typewriters and mail broke lines at 60 to 80, wider lines are not broken to fit
FULL_SHARE = 0.8  # of the width that a broken line fills, and of the lines that do
SENTENCES_SHARE = 0.8  # of the lines that end a sentence where each line is a paragraph

_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_PARTED = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)[-\u2010\u2011\xad¬=⸗]$")
_GOES_ON = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LONGEST_WORD = 100  # characters
_FIRST_PARTS = frozenset(NAMES["hyphens"]["first_parts"])


def split_paragraphs(text: str) -> list[str]:
    """Paragraphs of a clean text: blank lines part them, or else lines, unless they look broken to fit a width."""
    blocks = [block.split("\n") for block in re.split(r"\n{2,}", text) if block]
    if len(blocks) == 1:
        lines = blocks[0]
        are_sentences = sum(map(ends_sentence, lines)) >= SENTENCES_SHARE * len(lines)
        if are_sentences or not looks_wrapped(lines):
            return lines
    return [(" " if looks_wrapped(block) else "\n").join(block) for block in blocks]


def looks_wrapped(lines: Sequence[str]) -> bool:
    """True if most lines are so full that the next line's first word would not have fitted."""
    width = max(map(len, lines))
    if len(lines) < 2 or not MIN_WIDTH <= width <= MAX_WIDTH:
        return False
    full = [len(line) + 1 + len(following.split(" ", 1)[0]) > FULL_SHARE * width for line, following in pairwise(lines)]
    return sum(full) >= FULL_SHARE * len(full)


def ends_sentence(line: str) -> bool:
    """True if a sentence ends with this line."""
    return bool(_SENTENCE_END.search(line))


def word_counts(lines: Iterable[str]) -> Counter[str]:
    """How often each word stands in a text, in lower case: what a parted one is told by."""
    return Counter(word.replace("\u2010", "-") for line in lines for word in _WORD.findall(line.lower()))


def join_lines(lines: Sequence[str], *, words: Mapping[str, int] = {}) -> str:
    """The lines as one. A hyphen at an end goes where the same word stands whole elsewhere, or none speaks for it."""
    parts: list[str] = []
    for line in filter(None, lines):
        previous = parts[-1] if parts else ""
        parted, goes_on = _PARTED.search(previous[-_LONGEST_WORD:]), _GOES_ON.match(line[:_LONGEST_WORD])
        if parted and goes_on:
            is_lower = goes_on[1][0].islower()
            if previous[-1] in "\xad¬" or (
                is_lower and not _keeps_hyphen(parted[1].lower(), goes_on[1].lower(), words)
            ):
                parts[-1] = previous[:-1]
        # "1914-" before "18" and a dash of its own: nothing tells what it was.
        elif previous and not (re.search(r"\d-$", previous[-2:]) and re.match(r"\d", line)):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def _keeps_hyphen(first: str, second: str, words: Mapping[str, int]) -> bool:
    whole, hyphened = words.get(first + second, 0), words.get(f"{first}-{second}", 0)
    if whole != hyphened:
        return hyphened > whole
    return first in _FIRST_PARTS or "-" in first or "-" in second


def paged_body(paragraphs: Sequence[tuple[int, Sequence[str]]]) -> tuple[str, list[list[int]]]:
    """The clean body of paragraphs' lines with their pages, and of each page its number and where its first begins."""
    words = word_counts(line for _, lines in paragraphs for line in lines)
    body = ""
    pages: list[list[int]] = []
    for page, lines in paragraphs:
        if text := clean(join_lines(lines, words=words)):
            body += "\n\n" if body else ""
            if not pages or pages[-1][0] != page:
                pages.append([page, len(body)])
            body += text
    return body, pages
