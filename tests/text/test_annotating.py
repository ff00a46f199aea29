"""A whole article read at once."""

from __future__ import annotations

from datetime import date

from qa.text.annotating import annotate
from tests.fakes import article

SEEN = article("a", "Nineteen people were arrested yesterday.", published=date(2005, 3, 17))


def test_dates_are_read_from_the_body_against_the_day_of_publication() -> None:
    (found,) = annotate(SEEN).dates
    assert (SEEN.body[found.start : found.end], found.value) == ("yesterday", "2005-03-16")
