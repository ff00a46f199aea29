"""A question in a conversation, beside what was asked before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.following.clause import Clause, clause_of, tongue_of
from qa.answering.following.english import ENGLISH
from qa.answering.following.referents import referents
from qa.answering.following.tongue import Tongue

_MARKS = " \t?¿!¡.,;:…"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question and those before it, oldest first, at least one, each made to stand alone.

    `rest` is the question without its opening ("And …") and its marks, `opened` whether it had such an opening, and
    `about` whether that was "what about".
    """

    text: str
    rest: str
    opened: bool
    about: bool
    tongue: Tongue
    before: tuple[str, ...]

    @classmethod
    def of(cls, text: str, before: Sequence[str]) -> FollowUp:
        tongue = tongue_of(text, otherwise=tongue_of(before[-1]))
        rest, about = tongue.about.sub("", text), bool(tongue.about.match(text))
        opened = about
        if not about and (opening := tongue.opening.match(text)) and opening.end() < len(text):
            rest, opened = text[opening.end() :], True
        return cls(text, rest.strip(_MARKS), opened, about, tongue, tuple(before))

    @property
    def asked(self) -> str:
        """The question right before, as it stands alone."""
        return self.before[-1]

    @property
    def asked_in(self) -> Tongue:
        return tongue_of(self.asked)

    @property
    def meant(self) -> tuple[str, ...]:
        """The questions before in which what is meant is looked for; of those in another language only the names."""
        return tuple(text if tongue_of(text) is self.tongue else _names_of(text) for text in self.before)

    @property
    def clause(self) -> Clause | None:
        """The question right before, taken apart."""
        return clause_of(self.asked, self.asked_in)

    def as_question(self, text: str) -> str:
        """A text with a capital and question marks."""
        return as_question(text, self.tongue)


def _names_of(text: str) -> str:
    return ", ".join(one.text for one in referents(text) if one.named)


def as_question(text: str, tongue: Tongue) -> str:
    bare = text.strip(_MARKS)
    first = re.search(r"\w", bare)
    if first:
        bare = bare[: first.start()] + bare[first.start()].upper() + bare[first.end() :]
    return f"¿{bare}?" if tongue is not ENGLISH else f"{bare}?"
