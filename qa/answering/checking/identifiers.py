"""Numbers of laws, cases and files stand in the sources as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording

_IDENTIFIER = re.compile(
    r"(?<![\w/])(?=[\w/.-]*\d)\w+(?:[/-]\w+)+|(?<![\w/])(?=[a-z]*\d+[a-z])[a-z]*\d\w*|(?<![\w/])[a-z]+\d\w*"
)
_WORDS = re.compile(r"(?:\d+|[a-z]+)-[a-z]+(?:-[a-z]+)*")
_MADE_UP = re.compile(r"\d+(?:st|nd|rd|th|s|º|ª)|\d{4}-\d\d?-\d\d?|\d+(?:am|pm|h|km|kg|m|bn|p|cm|mm|mln)")


def identifiers(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Identifiers that stand in none of the sources, nor in what stands around them."""
    known = " ".join(part.lower for one in witnesses for part in one.parts)
    for match in _IDENTIFIER.finditer(sentence.lower):
        own = match.group()
        if _WORDS.fullmatch(own) or _MADE_UP.fullmatch(own):
            continue  # "12-country" is a number and a word
        if not re.search(rf"(?<![\w/-]){re.escape(own)}(?![\w/-])", known):
            yield Finding(f"“{sentence.text[match.start() : match.end()]}” stands in none of its sources.")
