"""A conversation: the last few questions and their replies as shown, sealed for the browser to keep.

Readers leave the page for an article and come back: the browser keeps the sealed conversation for the tab and hands it
in again, so that quotes are shown as they were given and never looked up anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

_SALT = "qa.conversation"


@dataclass(frozen=True, slots=True)
class RenderedTurn:
    """A question and its reply: `html` is one line, already escaped."""

    number: int
    question: str
    html: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last turns, oldest first. `asked` counts every question, those forgotten too."""

    turns: tuple[RenderedTurn, ...] = ()
    asked: int = 0

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(turn.question for turn in self.turns)

    @property
    def html(self) -> str:
        """Every turn as a block of its own, so that a new one leaves the others' place on the page alone."""
        return "\n\n".join(turn.html for turn in self.turns)

    def with_turn(self, question: str, html: str, *, keep: int) -> Conversation:
        """The conversation with one more turn, of which the newest `keep` stay."""
        turn = RenderedTurn(self.asked + 1, question, html)
        return Conversation((*self.turns, turn)[-keep:], turn.number)


def seal(conversation: Conversation, *, key: bytes) -> str:
    """The conversation as text that a browser can keep but not alter."""
    turns = [[turn.number, turn.question, turn.html] for turn in conversation.turns]
    return str(_serializer(key).dumps([conversation.asked, turns]))


def unseal(sealed: str, *, key: bytes) -> Conversation | None:
    """The conversation that was sealed; None where the text is anything else."""
    try:
        asked, turns = _serializer(key).loads(sealed.encode("utf-8", "replace"))
    except BadData:
        return None
    return Conversation(tuple(RenderedTurn(*turn) for turn in turns), asked)


def _serializer(key: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256})
