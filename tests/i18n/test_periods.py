"""Stretches of time in words."""

from __future__ import annotations

from datetime import date

import pytest

from qa.i18n.forms import outside, stretch
from qa.models.annotations import About, Timeframe
from qa.models.archive import Coverage


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2005-03-01", "2005-03-31", "in March 2005"),
        ("2005-12-01", "2005-12-31", "in December 2005"),
        ("2005-01-01", "2005-12-31", "in 2005"),
        ("2005-03-16", "2005-03-16", "on 16 March 2005"),
        ("2005-01-01", "2007-12-31", "from 2005 to 2007"),
        ("2005-10-01", "2005-12-31", "from October 2005 to December 2005"),
        ("2005-03-16", "2005-03-31", "from 16 March 2005 to 31 March 2005"),
        ("2006-01-01", None, "since 2006"),
        ("2006-02-01", None, "since February 2006"),
        ("2006-02-03", None, "since 3 February 2006"),
        (None, "2003-12-31", "until the end of 2003"),
        (None, "2004-02-29", "until the end of February 2004"),
        (None, "2004-02-28", "until 28 February 2004"),
    ],
)
def test_days_as_a_reader_says_them(first: str | None, last: str | None, words: str) -> None:
    assert stretch(first and date.fromisoformat(first), last and date.fromisoformat(last)) == words  # type: ignore[arg-type]


def test_a_period_outside_an_archive_is_told_apart_from_one_that_meets_it() -> None:
    coverage = Coverage(3, date(2001, 11, 29), date(2014, 4, 8))
    assert "first article (29 November 2001)" in outside(Timeframe(About.EVENTS, None, date(2000, 1, 1)), coverage)
    assert "last article (8 April 2014)" in outside(Timeframe(About.EVENTS, date(2014, 4, 9), None), coverage)
    assert not outside(Timeframe(About.EVENTS, None, date(2001, 11, 29)), coverage)
    assert not outside(Timeframe(About.EVENTS, date(2014, 1, 1), None), coverage)
    assert not outside(Timeframe(About.EVENTS, date(2014, 1, 1), None), Coverage(3))
