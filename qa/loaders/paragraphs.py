"""Paragraphs of a text whose lines may have been broken to fit a page.

Only line breaks change here: every word stays, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

MIN_WIDTH = 40  # characters; narrower blocks are lists, verses and addresses
MAX_WIDTH = 100  # characters; typewriters and mail broke lines at 60 to 80, wider lines are not broken to fit
FULL_SHARE = 0.8  # of the width that a broken line fills, and of the lines that do
SENTENCES_SHARE = 0.8  # of the lines that end a sentence where each line is a paragraph

_BLANK = re.compile(r"\n{2,}")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")


def split_paragraphs(text: str) -> list[str]:
    """Paragraphs of a clean text.

    Blank lines part them. A text without any blank line is one paragraph broken into lines if it
    looks so, and otherwise one paragraph a line.
    """
    blocks = [block.split("\n") for block in _BLANK.split(text) if block]
    if len(blocks) == 1 and (not looks_wrapped(blocks[0]) or _are_sentences(blocks[0])):
        return blocks[0]
    return [(" " if looks_wrapped(block) else "\n").join(block) for block in blocks]


def looks_wrapped(lines: Sequence[str]) -> bool:
    """Whether most lines are so full that the next line's first word would not have fitted."""
    width = max(map(len, lines))
    if len(lines) < 2 or not MIN_WIDTH <= width <= MAX_WIDTH:
        return False
    full = [len(line) + 1 + len(following.split(" ", 1)[0]) > FULL_SHARE * width for line, following in pairwise(lines)]
    return sum(full) >= FULL_SHARE * len(full)


def ends_sentence(line: str) -> bool:
    """Whether a sentence ends with this line."""
    return bool(_SENTENCE_END.search(line))


def _are_sentences(lines: Sequence[str]) -> bool:
    return sum(map(ends_sentence, lines)) >= SENTENCES_SHARE * len(lines)
