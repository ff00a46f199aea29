"""Sentences held against grounds written for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from qa.answering.checking.check import Checker
from qa.domain.archive import Source
from qa.domain.support import Ground, Support
from qa.language.dates.finding import find_dates
from qa.ports import Encoder

PUBLISHED = date(2005, 3, 17)
Check = Callable[..., Support]


def ground(
    text: str, *, language: str = "en", outlet: str = "Post", before: str = "", title: str = "What was reported",
    summarises: str | None = None, published: date | None = PUBLISHED,
) -> Ground:  # fmt: skip
    kind = "summary" if summarises else "article"
    source = Source("a", title, outlet, published=published, language=language, kind=kind, summarises=summarises)
    dates = tuple(find_dates(text, published=published, language=language))
    return Ground(source, 0, text, dates, before)


def rarity(word: str) -> float:
    """As of an archive in which every word is as rare as another."""
    return 2.0


@pytest.fixture(scope="session")
def checker(encoder: Encoder) -> Checker:
    return Checker(encoder, rarity)


@pytest.fixture(scope="session")
def check(checker: Checker) -> Check:
    """Holds a sentence against one ground, or several of which it cites all."""

    def held(sentence: str, *grounds: Ground | str, **about: str) -> Support:
        given: Sequence[Ground] = [ground(one, **about) if isinstance(one, str) else one for one in grounds]
        return checker.against(given).check(sentence, range(1, len(given) + 1))

    return held
