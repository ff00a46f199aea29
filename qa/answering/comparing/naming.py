"""What a claim is about, in a word or two, and where it is so: the headings of what sources say of one thing."""

from __future__ import annotations

from qa.answering.comparing.stated import Stated
from qa.language.places import name_of

WORLDWIDE = "worldwide"

_NAMES = {
    "people": "people", "arrest": "arrests", "country": "countries", "search": "searches", "home": "homes",
    "connection": "connections", "item": "items", "province": "provinces", "officer": "officers", "month": "months",
    "year": "years", "day": "days", "week": "weeks", "report": "reports", "vote": "votes", "judge": "judges",
    "court": "courts",
}  # fmt: skip


def name_of_thing(one: Stated, body: str) -> str:
    """What is counted, in a word or two; `body` is that of the claim's article."""
    if one.thing in _NAMES:
        return _NAMES[one.thing]
    following = body[one.claim.figure.end : one.claim.figure.end + 40].split()
    return following[0].strip(".,;:()") if following else "figures"


def scope_of(one: Stated) -> str | None:
    """Codes of countries with commas between, "worldwide", or None where nothing says."""
    if one.claim.scope:
        return ",".join(sorted(one.claim.scope))
    return WORLDWIDE if one.claim.worldwide else None


def caption(about: str, scope: str | None) -> str:
    """Thing and place as a heading: "People, worldwide"."""
    about = about[:1].upper() + about[1:]
    if scope is None:
        return about
    if scope == WORLDWIDE:
        return f"{about}, {WORLDWIDE}"
    return f"{about}, {' and '.join(name_of(code) for code in scope.split(','))}"
