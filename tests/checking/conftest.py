"""Sentences held against grounds written for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from qa.dates.finding import find_dates
from qa.generation.verification import Checker
from qa.models.archive import Source
from qa.models.support import Ground, Support

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
    return Ground(source, 0, text, tuple(find_dates(text, published=published, language=language)))


@pytest.fixture(scope="session")
def check() -> Check:
    """Holds a sentence against one ground, or several of which it cites all."""

    def held(sentence: str, *grounds: Ground | str, **about: str) -> Support:
        given: Sequence[Ground] = [ground(one, **about) if isinstance(one, str) else one for one in grounds]
        return Checker(given).check(sentence, range(1, len(given) + 1))

    return held
