"""Values of the layers below that readers see, written out so that the catalogues have them.

What became of things agrees with them in many languages: a catalogue gives the gender of a thing counted, f for
feminine, and the words for feminine things beside those for any.
"""

from __future__ import annotations

from qa.i18n.locale import N_, _, pgettext
from qa.i18n.locale import pgettext_noop as _c

THINGS = (
    N_("people"), N_("arrests"), N_("countries"), N_("searches"), N_("homes"), N_("connections"),
    N_("items"), N_("provinces"), N_("officers"), N_("months"), N_("years"), N_("days"),
    N_("weeks"), N_("reports"), N_("votes"), N_("judges"), N_("courts"), N_("figures"),
    N_("warrants"),
)  # fmt: skip
"""What is counted."""

GENDERS = (
    _c("gender", "arrests"), _c("gender", "countries"), _c("gender", "searches"),
    _c("gender", "homes"), _c("gender", "connections"), _c("gender", "items"),
    _c("gender", "provinces"), _c("gender", "officers"), _c("gender", "months"),
    _c("gender", "years"), _c("gender", "days"), _c("gender", "weeks"),
    _c("gender", "reports"), _c("gender", "votes"), _c("gender", "judges"),
    _c("gender", "courts"),
)  # fmt: skip

OF_PEOPLE = (
    _c("people", "arrested"), _c("people", "detained"), _c("people", "expected"),
    _c("people", "implicated"), _c("people", "under investigation"),
    _c("people", "reported to the authorities"), _c("people", "in custody before trial"),
    _c("people", "charged"), _c("people", "on trial"), _c("people", "convicted"),
    _c("people", "acquitted"), _c("people", "released"), _c("people", "searched"),
    _c("people", "found"), _c("people", "voted"), _c("people", "attended"),
    _c("people", "killed"), _c("people", "injured"), _c("people", "missing"),
    _c("people", "displaced"), _c("people", "rescued"),
)  # fmt: skip
"""What became of people; only the number goes before it."""

OF_THINGS = (
    N_("arrested"), N_("detained"), N_("expected"), N_("implicated"), N_("under investigation"),
    N_("reported to the authorities"), N_("in custody before trial"), N_("charged"), N_("on trial"),
    N_("convicted"), N_("acquitted"), N_("released"), N_("searched"), N_("found"), N_("seized"),
    N_("distributed"), N_("voted"), N_("attended"), N_("killed"), N_("injured"), N_("missing"),
    N_("displaced"), N_("rescued"),
)  # fmt: skip

OF_FEMININE_THINGS = (
    _c("f", "arrested"), _c("f", "detained"), _c("f", "expected"), _c("f", "implicated"),
    _c("f", "charged"), _c("f", "convicted"), _c("f", "acquitted"), _c("f", "released"),
    _c("f", "searched"), _c("f", "found"), _c("f", "seized"), _c("f", "distributed"),
    _c("f", "displaced"), _c("f", "rescued"),
)  # fmt: skip

OF_OTHER_THINGS = (
    _c("unknown", "arrested"), _c("unknown", "detained"), _c("unknown", "expected"),
    _c("unknown", "implicated"), _c("unknown", "charged"), _c("unknown", "convicted"),
    _c("unknown", "acquitted"), _c("unknown", "released"), _c("unknown", "searched"),
    _c("unknown", "found"), _c("unknown", "seized"), _c("unknown", "distributed"),
    _c("unknown", "displaced"), _c("unknown", "rescued"),
)  # fmt: skip
"""Of things that no catalogue knows the gender of, words that need not agree with them."""

FLAWS = (
    N_("Stated as past, but later than the article's own date"),
    N_("Counted as past, but the period had not ended on the article's own date"),
    N_("No calendar has this day"),
)
"""What is impossible about a date."""

NUMERALS = (
    N_("none"), N_("one"), N_("two"), N_("three"), N_("four"), N_("five"), N_("six"),
    N_("seven"), N_("eight"), N_("nine"), N_("ten"),
)  # fmt: skip


def kind_words(kind: str, thing: str) -> str:
    """What became of things counted, in agreement with them."""
    if thing == "people":
        return pgettext("people", kind)
    gender = pgettext("gender", thing) if thing in THINGS else "unknown"
    return pgettext(gender, kind)


def numeral(count: int) -> str:
    """A small number as a word, a larger one in figures."""
    return _(NUMERALS[count]) if count < len(NUMERALS) else str(count)
