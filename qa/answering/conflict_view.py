"""Sentences about conflicts and agreement between sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qa.answering.conflicts import WORLDWIDE
from qa.answering.quote_view import QuoteView, quote_view
from qa.i18n.forms import credit, credit_in_sentence, figure_words, kind_words, long_date, number, numeral, place_name
from qa.i18n.locale import N_, _, pgettext
from qa.models.annotations import FigureKind
from qa.models.replies import Agreement, Citation, Conflict, Party

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


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One side of a conflict: `says` is in the software's words, `speaker` empty for the report itself."""

    day: str
    says: str
    speaker: str
    who: str
    quote: QuoteView
    copies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A conflict as printed: `lead` begins the sentence; `caption` names the thing and the place."""

    lead: str
    sentence: str
    caption: str
    rows: tuple[ConflictRow, ...]


def conflict_view(conflict: Conflict, corrected: Mapping[Citation, bool] | None = None) -> ConflictView:
    """A conflict as printed, in the current locale; `corrected` are the quotes that a correction is shown with."""
    rows = tuple(
        ConflictRow(
            long_date(party.source.published),
            party_words(party, conflict.about),
            party.speaker or "",
            party.speaker or _(ITSELF),
            quote_view(party.quote, corrected=corrected),
            tuple(map(credit, party.copies)),
        )
        for party in conflict.parties
    )
    return ConflictView(_(DIFFER), conflict_sentence(conflict), caption(conflict.about, conflict.scope), rows)


def caption(about: str, scope: str | None) -> str:
    """Thing and place as a heading: "People, worldwide"."""
    about = _(about)
    about = about[:1].upper() + about[1:]
    if scope is None or scope == WORLDWIDE:
        return f"{about}, {_(WORLDWIDE)}" if scope else about
    first, *rest = map(place_name, scope.split(","))
    for name in rest:
        # Spanish has another word for "and" before the sound of an i.
        first += pgettext("before i", " and ") if name.startswith(("I", "Hi")) else _(" and ")
        first += name
    return f"{about}, {first}"


def conflict_sentence(conflict: Conflict) -> str:
    """The different claims with their sources, in order of publication."""
    sayings: dict[str, list[Party]] = {}
    for party in conflict.parties:
        sayings.setdefault(party_words(party, conflict.about), []).append(party)
    parts = []
    for words, (first, *rest) in list(sayings.items())[:MOST]:
        credited = spoken_in(first.speaker, credit_in_sentence(credit(first.source)))
        if rest:
            credited = _("{credit} and {number} more", credit=credited, number=number(len(rest)))
        parts.append(f"{words} ({credited})")
    return f"{_(DIFFER)}: {'; '.join(parts)}."


def different_figures(conflict: Conflict) -> str:
    """The figures on one line: "19, about 20 or more than 500"; with what became of them where it is one figure."""
    figures = list(dict.fromkeys(figure_words(party.said) for party in conflict.parties))[:MOST]
    if len(figures) == 1:
        figures = list(dict.fromkeys(party_words(party, conflict.about) for party in conflict.parties))[:MOST]
    return _("{first} or {last}", first=", ".join(figures[:-1]), last=figures[-1])


def party_words(party: Party, about: str) -> str:
    """The claim of one source, such as "about 500 expected", "29 searches" or "judicial co-operation"."""
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
    """The number of independent sources that say what the answer says first."""
    count = numeral(agreement.independent).capitalize()
    return _("{count} independent sources say so: {figure}.", count=count, figure=figure_words(agreement.said))


def spoken_in(speaker: str | None, credited: str) -> str:
    """Speaker and source; the source alone where it is its own claim."""
    return _("{speaker}, in: {credit}", speaker=speaker, credit=credited) if speaker else credited


def copies_words(credits: Iterable[str]) -> str:
    """The credits of the copies that a row stands for, in brackets; empty where it stands for itself."""
    copies = "; ".join(credits)
    return _(" (also, as copies: {credits})", credits=copies) if copies else ""
