"""What a figure is about, in a word or two, and where it is so: the headings of what sources say of one thing."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.conflicts.reports import ReportedFigure
from qa.i18n.forms import place_name
from qa.i18n.speaking import noted, said, said_of
from qa.models.mentions import Figure

WORLDWIDE = noted("worldwide")

_NAMES = {
    "people": noted("people"), "arrest": noted("arrests"), "country": noted("countries"),
    "search": noted("searches"), "home": noted("homes"), "connection": noted("connections"), "item": noted("items"),
    "province": noted("provinces"), "officer": noted("officers"), "month": noted("months"), "year": noted("years"),
    "day": noted("days"), "week": noted("weeks"), "report": noted("reports"), "vote": noted("votes"),
    "judge": noted("judges"), "court": noted("courts"),
}  # fmt: skip


def name_of_thing(reported: ReportedFigure, body: str) -> str:
    """What is counted, in a word or two; `body` is that of the figure's article."""
    if reported.thing in _NAMES:
        return _NAMES[reported.thing]
    following = body[reported.figure.span.end : reported.figure.span.end + 40].split()
    return following[0].strip(".,;:()") if following else "figures"


def scope_of(figure: Figure) -> str | None:
    """Codes of countries with commas between, "worldwide", or None where nothing says."""
    if figure.places:
        return ",".join(sorted(figure.places))
    return WORLDWIDE if figure.worldwide else None


def caption(about: str, scope: str | None) -> str:
    """Thing and place as a heading: "People, worldwide"."""
    about = said(about)
    about = about[:1].upper() + about[1:]
    if scope is None:
        return about
    if scope == WORLDWIDE:
        return f"{about}, {said(WORLDWIDE)}"
    return f"{about}, {_joined([place_name(code) for code in scope.split(',')])}"


def _joined(names: Sequence[str]) -> str:
    """Spanish has another word for "and" before the sound of an i."""
    first, *others = names
    for name in others:
        first += said_of("before i", " and ") if name.startswith(("I", "Hi")) else said(" and ")
        first += name
    return first
