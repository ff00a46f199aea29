"""What the source says of a piece beside its words: as agencies and publishers code it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Coded:
    """A subject, place, person or organisation as the source names it; `code` is in the source's own scheme."""

    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """Who owns a piece and what may be done with it.

    At most `quote_limit` words of it may be shown in one place; 0 forbids any, None sets no limit.
    """

    holder: str = ""
    notice: str = ""
    terms: str = ""
    quote_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """Empty where the source says nothing.

    `section` is the desk or part of the paper; `urgency` goes from 1, most urgent, to 9. `version` is the source's own
    name for this version and `revised`, in UTC, its moment; `supersedes` is the id of the item that this one replaces.
    `editor_note` is for the staff alone.
    """

    slugline: str = ""
    byline: str = ""
    section: str = ""
    keywords: tuple[str, ...] = ()
    subjects: tuple[Coded, ...] = ()
    places: tuple[Coded, ...] = ()
    people: tuple[Coded, ...] = ()
    organisations: tuple[Coded, ...] = ()
    rights: Rights = Rights()
    urgency: int | None = None
    version: str = ""
    revised: datetime | None = None
    supersedes: str = ""
    editor_note: str = ""

    def precedes(self, other: Metadata) -> bool:
        """Whether this is certainly an older version than the other, by their numbers or else by their moments."""
        if self.version.isdecimal() and other.version.isdecimal() and self.version != other.version:
            return int(self.version) < int(other.version)
        return bool(self.revised and other.revised and self.revised < other.revised)


NO_METADATA = Metadata()
