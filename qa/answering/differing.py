"""What sources say differently, and that they agree, in the software's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.i18n.figures import figure_words
from qa.i18n.forms import long_date, number
from qa.i18n.locale import N_, _
from qa.i18n.sources import credit, lead, quote_credit, within
from qa.i18n.vocabulary import kind_words, numeral
from qa.models.annotations import FigureKind
from qa.models.replies import Agreement, Conflict, Party

DIFFER = N_("The sources differ")
ITSELF = N_("the report itself")
MOST = 6
"""Different sayings that the sentence names; the table has all."""

_SAID_BY_THE_NOUN = {
    FigureKind.VOTED.value,
    FigureKind.SEARCHED.value,
    FigureKind.WARRANTED.value,
    FigureKind.ATTENDED.value,
}
"""Kinds that need no word where the thing counted says them: votes, searches."""


def conflict_sentence(conflict: Conflict) -> str:
    """Who says what, once for each thing said, in order of publication."""
    sayings: dict[str, list[Party]] = {}
    for party in conflict.parties:
        sayings.setdefault(party_words(party, conflict.about), []).append(party)
    parts = [f"{words} ({_credits(held)})" for words, held in list(sayings.items())[:MOST]]
    return f"{_(DIFFER)}: {'; '.join(parts)}."


def party_words(party: Party, about: str) -> str:
    """What one source says, such as "about 500 expected", "29 searches" or "judicial co-operation"."""
    figure = figure_words(party.said)
    if isinstance(party.value, str) and party.kind is None:
        return figure
    if party.kind is None or party.kind in _SAID_BY_THE_NOUN:
        noun = party.kind if party.kind == FigureKind.WARRANTED.value else about
        return _("{figure} {thing}", figure=figure, thing=_(noun))
    kind = kind_words(party.kind, about)
    if about == "people":
        return _("{figure} {kind}", figure=figure, kind=kind)
    return _("{figure} {thing} {kind}", figure=figure, thing=_(about), kind=kind)


def agreement_sentence(agreement: Agreement) -> str:
    """How many independent sources say what the answer says first."""
    count = numeral(agreement.independent).capitalize()
    return _("{count} independent sources say so: {figure}.", count=count, figure=figure_words(agreement.said))


def row_lines(conflict: Conflict) -> Iterator[str]:
    """The table as lines of text: date, what is said, by whom, where, and the words."""
    for party in conflict.parties:
        if party.source.correction:
            yield f"    {lead(party.source.correction)}: {party.source.correction.text}"
        day, words = long_date(party.source.published), party_words(party, conflict.about)
        credited = spoken_in(party.speaker, quote_credit(party.quote))
        yield f"  – {day}: {words}. {credited}: “{party.quote.text}”{copies_words(party)}"


def spoken_in(speaker: str | None, credited: str) -> str:
    """Who says so, and in which source; the source alone where it is its own word."""
    return _("{speaker}, in: {credit}", speaker=speaker, credit=credited) if speaker else credited


def copies_words(party: Party) -> str:
    """Which copies a row stands for; empty where it stands for itself."""
    copies = "; ".join(credit(one) for one in party.copies)
    return _(" (also, as copies: {credits})", credits=copies) if copies else ""


def _credits(held: Iterable[Party]) -> str:
    first, *others = held
    credited = spoken_in(first.speaker, within(credit(first.source)))
    return _("{credit} and {number} more", credit=credited, number=number(len(others))) if others else credited
