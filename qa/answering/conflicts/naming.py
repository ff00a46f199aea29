"""What a figure is about, in a word or two, and where it is so: the headings of what sources say of one thing."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.conflicts.sameness import ReportedFigure
from qa.i18n.forms import place_name
from qa.i18n.locale import N_, _, pgettext
from qa.models.annotations import Figure

WORLDWIDE = N_("worldwide")

NAMES = {
    "people": N_("people"), "arrest": N_("arrests"), "country": N_("countries"),
    "search": N_("searches"), "home": N_("homes"), "connection": N_("connections"), "item": N_("items"),
    "province": N_("provinces"), "officer": N_("officers"), "month": N_("months"), "year": N_("years"),
    "day": N_("days"), "week": N_("weeks"), "report": N_("reports"), "vote": N_("votes"),
    "judge": N_("judges"), "court": N_("courts"), "": N_("figures"),
}  # fmt: skip


def name_of_thing(reported: ReportedFigure, body: str) -> str:
    """What is counted, in a word or two; `body` is that of the figure's article."""
    following = body[reported.figure.span.end : reported.figure.span.end + 40].split()
    if reported.thing in NAMES and (reported.thing or not following):
        return NAMES[reported.thing]
    return following[0].strip(".,;:()") if following else NAMES[""]


def scope_of(figure: Figure) -> str | None:
    """Codes of countries with commas between, "worldwide", or None where nothing says."""
    if figure.places:
        return ",".join(sorted(figure.places))
    return WORLDWIDE if figure.worldwide else None


def caption(about: str, scope: str | None) -> str:
    """Thing and place as a heading: "People, worldwide"."""
    about = _(about)
    about = about[:1].upper() + about[1:]
    if scope is None:
        return about
    if scope == WORLDWIDE:
        return f"{about}, {_(WORLDWIDE)}"
    return f"{about}, {_joined([place_name(code) for code in scope.split(',')])}"


def _joined(names: Sequence[str]) -> str:
    """Spanish has another word for "and" before the sound of an i."""
    first, *rest = names
    for name in rest:
        first += pgettext("before i", " and ") if name.startswith(("I", "Hi")) else _(" and ")
        first += name
    return first
