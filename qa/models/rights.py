"""What may be shown of an article whose owner sets a limit: that many words, from the start or around what matters."""

from __future__ import annotations

import re

from qa.models.archive import Span

_WORD = re.compile(r"\S+")


def word_count(text: str) -> int:
    return len(text.split())


def allowed_span(text: str, limit: int, *, around: Span | None = None) -> Span | None:
    """The stretch of a text that has at most `limit` words, whole ones; None where none may be shown.

    It holds `around`, a span of the text, as far as that fits.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    if limit <= 0 or not words:
        return None
    last = limit
    if around is not None:
        last = max(limit, sum(start < around.end for start, _ in words))
    chosen = words[max(0, min(last, len(words)) - limit) : last]
    return Span(chosen[0][0], chosen[-1][1])
