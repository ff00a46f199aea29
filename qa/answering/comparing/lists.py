"""Lists of countries that nearly agree: one report names eleven, another twelve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.comparing.parties import Saying
from qa.answering.comparing.sentences import Told, on_one_event
from qa.answering.comparing.stated import Report, Ties
from qa.domain.archive import Span
from qa.language.figures import kin
from qa.language.places import name_of, places_in
from qa.language.questions import Kind
from qa.language.terms import words

SHORTEST = 4
"""Countries from which their naming is a list."""

ALIKE = 0.6
"""Share of the countries of two lists that both have, from which they are lists of the same."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A sentence that lists countries, by their codes; `mark` is the list's place in it."""

    told: Told
    codes: frozenset[str]
    mark: Span


def asks_for_countries(question: str, kind: Kind) -> bool:
    return kind in (Kind.OTHER, Kind.WHERE) and "country" in {kin(word) for word in words(question)}


def compare_lists(sentences: Sequence[Told], answered: Report, ties: Ties) -> list[Saying]:
    """The lists of countries that belong to the event of the report that answers first, if they differ."""
    found = [listing for one in sentences if (listing := _listing(one))]
    for anchor in found:
        if anchor.told.report is not answered:
            continue
        alike = [
            one for one in found if _alike(one, anchor) and on_one_event(one.told.report, anchor.told.report, ties)
        ]
        if len({one.codes for one in alike}) > 1:
            return [_saying(one, frozenset().union(*(other.codes for other in alike))) for one in alike]
    return []


def _listing(one: Told) -> Listing | None:
    named = places_in(one.text)
    codes = frozenset(code for _, code in named)
    if len(codes) < SHORTEST:
        return None
    return Listing(one, codes, Span(named[0][0].start, named[-1][0].end))


def _alike(one: Listing, other: Listing) -> bool:
    return len(one.codes & other.codes) >= ALIKE * len(one.codes | other.codes)


def _saying(one: Listing, together: frozenset[str]) -> Saying:
    missing = sorted(name_of(code) for code in together - one.codes)
    said = f"{len(one.codes)} countries" + (f", without {' and '.join(missing)}" if missing else "")
    return one.told.saying(said, one.mark)
