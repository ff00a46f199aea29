"""Words that a line's end has parted: put together again, and hyphens that belong to a word kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_PARTED = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)[-\u2010\u2011\xad¬=⸗]$")
_GOES_ON = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LONGEST_WORD = 100  # characters
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
    parts: list[str] = []
    for line in lines:
        if not line:
            continue
        if parts:
            cut, between = joint(parts[-1], line, words=words)
            parts[-1] = parts[-1][: len(parts[-1]) - cut]
            parts.append(between)
        parts.append(line)
    return "".join(parts)


def joint(line: str, following: str, *, words: Counter[str] = _NO_WORDS) -> tuple[int, str]:
    """How many characters go from a line's end, and what comes between it and the following line."""
    parted, goes_on = _PARTED.search(line[-_LONGEST_WORD:]), _GOES_ON.match(following[:_LONGEST_WORD])
    if not parted or not goes_on:
        # "1914-" before "18" and a dash of its own: nothing tells what it was.
        return 0, " " if line and following and not _is_range(line, following) else ""
    if line[-1] in _SOFT:
        return 1, ""
    if not goes_on[1][0].islower() or _keeps_hyphen(parted[1].lower(), goes_on[1].lower(), words):
        return 0, ""
    return 1, ""


def _is_range(text: str, line: str) -> bool:
    return bool(re.search(r"\d-$", text[-2:]) and re.match(r"\d", line))


def _keeps_hyphen(first: str, second: str, words: Counter[str]) -> bool:
    whole, hyphened = words[first + second], words[f"{first}-{second}"]
    if whole != hyphened:
        return hyphened > whole
    return first in _FIRST_PARTS or "-" in first or "-" in second
