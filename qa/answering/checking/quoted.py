"""Quoted words stand in a source, character by character."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording

_QUOTED = re.compile(
    r"“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|\"([^\"]*)\"|(?<!\w)‘([^’]*(?:’\w[^’]*)*)’(?!\w)|(?<!\w)'([^']*(?:'\w[^']*)*)'(?!\w)"
)
_MARK = re.compile(r"[“”«»„\"]")
_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "\u00a0": " "})


def quoted(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Quoted words that stand in none of the sources, in their sentences or headlines."""
    sources = [_plain(f"{one.ground.text} \n {one.ground.source.title}") for one in witnesses]
    for match in _QUOTED.finditer(sentence.text):
        words = _plain(next(group for group in match.groups() if group is not None)).strip(" .,;:")
        if words and not any(_stands(words, source) for source in sources):
            yield Finding(f"The quoted words “{words[:80]}” stand in none of its sources.")
    if _MARK.search(_QUOTED.sub("", sentence.text)):
        yield Finding("It opens or closes a quotation and doesn't do both.")


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_SAME))


def _stands(words: str, source: str) -> bool:
    """Whether words stand in a source; a capital at their beginning may be small there."""
    variants = {words, words[:1].lower() + words[1:], words[:1].upper() + words[1:]}
    return any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", source) for one in variants)
