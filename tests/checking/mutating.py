"""Alters faithful sentences so that they say something that their sources don't."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from tests.checking.mutations.clauses import added_cause, altered_attribution, altered_quotes, invented_clause
from tests.checking.mutations.dates import altered_dates
from tests.checking.mutations.names import altered_names, exchanged_names
from tests.checking.mutations.numbers import altered_identifiers, altered_numbers, altered_units, exchanged_numbers
from tests.checking.mutations.places import altered_places, exchanged_places
from tests.checking.mutations.said import Alter, Said, words_of
from tests.checking.mutations.wording import by_words
from tests.checking.pairs import drawn

MOST = 3
"""Mutants of one sentence in one category."""

CATEGORIES: dict[str, tuple[Alter, ...]] = {
    "numbers": (altered_numbers,),
    "dates": (altered_dates,),
    "names": (altered_names,),
    "places": (altered_places,),
    "exchanged": (exchanged_numbers, exchanged_names, exchanged_places),
    "identifiers": (altered_identifiers,),
    "units": (altered_units,),
    "counted": (by_words("counted"),),
    "negation": (by_words("negation"),),
    "modality": (by_words("modality"),),
    "status": (by_words("status"),),
    "attribution": (altered_attribution,),
    "cause": (added_cause,),
    "quantifier": (by_words("quantifier"),),
    "comparison": (by_words("comparison"),),
    "antonym": (by_words("antonym"),),
    "quotes": (altered_quotes,),
    "invented": (invented_clause,),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A sentence that says something else than the one it was made from."""

    category: str
    how: str
    text: str


def mutants_of(said: Said, *, most: int = MOST) -> list[Mutant]:
    """At most so many of each category, drawn by their text; none says the same as the sentence or a source."""
    faithful = {tuple(words_of(one)) for one in (said.text, *said.sources)}
    found = list[Mutant]()
    for category, alters in CATEGORIES.items():
        made = {text: how for how, text in chain.from_iterable(alter(said) for alter in alters)}
        kept = [text for text in made if tuple(words_of(text)) not in faithful]
        kept.sort(key=lambda text: drawn(text, of=1 << 32))
        found.extend(Mutant(category, made[text], text) for text in kept[:most])
    return found
