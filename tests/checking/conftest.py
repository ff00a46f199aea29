"""Sentences held against grounds written for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from qa.dates.finding import find_dates
from qa.generation.verification import Verifier
from qa.models.archive import Source
from qa.models.support import Ground, Support
from qa.protocols import SupportReading, Window
from qa.text.terms import content_words, stem, stems

PUBLISHED = date(2005, 3, 17)
Check = Callable[..., Support]


def ground(
    text: str, *, language: str = "en", outlet: str = "Post", summarises: str | None = None,
    published: date | None = PUBLISHED,
) -> Ground:  # fmt: skip
    kind = "summary" if summarises else "article"
    source = Source(
        "a", "What was reported", outlet, published=published, language=language, kind=kind, summarises=summarises
    )
    dates = tuple(find_dates(text, published=published, language=language))
    return Ground(source, 0, len(text), text, dates=dates)


class WordSupport:
    """A `SupportModel` by words: evidence bears out what has no other words of topic, unless one of them denies."""

    fingerprint = "fake support"

    def weigh(self, claim: str, windows: Sequence[Window]) -> list[SupportReading]:
        return [self._reading(claim, window) for window in windows]

    def _reading(self, claim: str, window: Window) -> SupportReading:
        present = stems(window.heading + window.text)
        if (" not " in claim) != (" not " in window.text):
            return SupportReading(0.1, 0.1, 0.8)
        share = sum(stem(word) in present for word in content_words(claim)) / len(content_words(claim))
        return SupportReading(share, 1 - share, 0.0)


@pytest.fixture(scope="session")
def check() -> Check:
    """Holds a sentence against one ground, or several of which it cites all."""

    def held(sentence: str, *grounds: Ground | str, **about: str) -> Support:
        given: Sequence[Ground] = [ground(one, **about) if isinstance(one, str) else one for one in grounds]
        return Verifier(given, support=WordSupport()).check(sentence, range(1, len(given) + 1)).support

    return held
