"""Words that the floors below use as values and readers get to see, written out so that the catalogues know them.

What became of things agrees with them in many languages: a catalogue gives the gender of a thing counted, f for
feminine, and the words for feminine things beside those for any.
"""

from __future__ import annotations

from qa.i18n.speaking import noted, noted_of, said, said_of

THINGS = (
    noted("people"), noted("arrests"), noted("countries"), noted("searches"), noted("homes"), noted("connections"),
    noted("items"), noted("provinces"), noted("officers"), noted("months"), noted("years"), noted("days"),
    noted("weeks"), noted("reports"), noted("votes"), noted("judges"), noted("courts"), noted("figures"),
    noted("warrants"),
)  # fmt: skip
"""What is counted."""

GENDERS = (
    noted_of("gender", "arrests"), noted_of("gender", "countries"), noted_of("gender", "searches"),
    noted_of("gender", "homes"), noted_of("gender", "connections"), noted_of("gender", "items"),
    noted_of("gender", "provinces"), noted_of("gender", "officers"), noted_of("gender", "months"),
    noted_of("gender", "years"), noted_of("gender", "days"), noted_of("gender", "weeks"),
    noted_of("gender", "reports"), noted_of("gender", "votes"), noted_of("gender", "judges"),
    noted_of("gender", "courts"),
)  # fmt: skip

OF_PEOPLE = (
    noted_of("people", "arrested"), noted_of("people", "detained"), noted_of("people", "expected"),
    noted_of("people", "implicated"), noted_of("people", "under investigation"),
    noted_of("people", "reported to the authorities"), noted_of("people", "in custody before trial"),
    noted_of("people", "charged"), noted_of("people", "on trial"), noted_of("people", "convicted"),
    noted_of("people", "acquitted"), noted_of("people", "released"), noted_of("people", "searched"),
    noted_of("people", "found"), noted_of("people", "voted"), noted_of("people", "attended"),
    noted_of("people", "killed"), noted_of("people", "injured"), noted_of("people", "missing"),
    noted_of("people", "displaced"), noted_of("people", "rescued"),
)  # fmt: skip
"""What is said to have become of people, of whom the number alone stands before it."""

OF_THINGS = (
    noted("arrested"), noted("detained"), noted("expected"), noted("implicated"), noted("under investigation"),
    noted("reported to the authorities"), noted("in custody before trial"), noted("charged"), noted("on trial"),
    noted("convicted"), noted("acquitted"), noted("released"), noted("searched"), noted("found"), noted("seized"),
    noted("distributed"), noted("voted"), noted("attended"), noted("killed"), noted("injured"), noted("missing"),
    noted("displaced"), noted("rescued"),
)  # fmt: skip

OF_FEMININE_THINGS = (
    noted_of("f", "arrested"), noted_of("f", "detained"), noted_of("f", "expected"), noted_of("f", "implicated"),
    noted_of("f", "charged"), noted_of("f", "convicted"), noted_of("f", "acquitted"), noted_of("f", "released"),
    noted_of("f", "searched"), noted_of("f", "found"), noted_of("f", "seized"), noted_of("f", "distributed"),
    noted_of("f", "displaced"), noted_of("f", "rescued"),
)  # fmt: skip

OF_OTHER_THINGS = (
    noted_of("unknown", "arrested"), noted_of("unknown", "detained"), noted_of("unknown", "expected"),
    noted_of("unknown", "implicated"), noted_of("unknown", "charged"), noted_of("unknown", "convicted"),
    noted_of("unknown", "acquitted"), noted_of("unknown", "released"), noted_of("unknown", "searched"),
    noted_of("unknown", "found"), noted_of("unknown", "seized"), noted_of("unknown", "distributed"),
    noted_of("unknown", "displaced"), noted_of("unknown", "rescued"),
)  # fmt: skip
"""Of things that no catalogue knows the gender of, words that need not agree with them."""

FLAWS = (
    noted("Stated as past, but later than the article's own date"),
    noted("Counted as past, but the period had not ended on the article's own date"),
    noted("No calendar has this day"),
)
"""What is impossible about a date."""

NUMERALS = (
    noted("none"), noted("one"), noted("two"), noted("three"), noted("four"), noted("five"), noted("six"),
    noted("seven"), noted("eight"), noted("nine"), noted("ten"),
)  # fmt: skip


def kind_words(kind: str, thing: str) -> str:
    """What became of things counted, in agreement with them."""
    if thing == "people":
        return said_of("people", kind)
    gender = said_of("gender", thing) if thing in THINGS else "unknown"
    return said_of(gender, kind)


def numeral(count: int) -> str:
    """A small number as a word, a larger one in figures."""
    return said(NUMERALS[count]) if count < len(NUMERALS) else str(count)
