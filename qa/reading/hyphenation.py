"""Words that a line's end has parted: put together again, and hyphens that belong to a word kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_PARTED = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)[-\u2010\u2011\xad¬=⸗]$")
_GOES_ON = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_SOFT = "\xad¬"

# What stands before a hyphen of its own ("self-employed", "vice-president") far more often than before a mere
# syllable: "co-" and "high-" are left out for "co-lour" and "high-way".
_FIRST_PARTS = frozenset(
    (
        *("anglo", "deputy", "franco", "half", "hispano", "mid", "non", "quasi", "self", "ultra", "vice", "well"),
        *("two", "three", "twenty", "thirty", "forty", "fifty", "ninety"),
    )
)
_NO_WORDS: Counter[str] = Counter()


def words_of(lines: Iterable[str]) -> Counter[str]:
    """How often each word stands in a text, in lower case: what a parted one is told by."""
    found: Counter[str] = Counter()
    for line in lines:
        found.update(word.replace("\u2010", "-") for word in _WORD.findall(line.lower()))
    return found


def joined(lines: Sequence[str], *, words: Counter[str] = _NO_WORDS) -> str:
    """The lines as one. A hyphen at an end goes where the same word stands whole elsewhere, or none speaks for it.

    >>> joined(["The har-", "bour is open"])
    'The harbour is open'
    >>> joined(["the self-", "employed"])
    'the self-employed'
    """
    text = ""
    for line in lines:
        text = with_next(text, line, words=words)
    return text


def with_next(text: str, line: str, *, words: Counter[str] = _NO_WORDS) -> str:
    """A text and the line that follows it."""
    parted, goes_on = _PARTED.search(text), _GOES_ON.match(line)
    if not parted or not goes_on:
        # "1914-" before "18" and a dash of its own: nothing tells what it was.
        return f"{text} {line}" if text and line and not _is_range(text, line) else text + line
    if text[-1] in _SOFT:
        return text[:-1] + line
    if not goes_on[1][0].islower() or _keeps_hyphen(parted[1].lower(), goes_on[1].lower(), words):
        return text + line
    return text[:-1] + line


def _is_range(text: str, line: str) -> bool:
    return bool(re.search(r"\d-$", text) and re.match(r"\d", line))


def _keeps_hyphen(first: str, second: str, words: Counter[str]) -> bool:
    whole, hyphened = words[first + second], words[f"{first}-{second}"]
    if whole != hyphened:
        return hyphened > whole
    return first in _FIRST_PARTS or "-" in first or "-" in second
