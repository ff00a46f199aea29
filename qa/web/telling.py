"""A question answered and its reply kept, in whatever way it came in."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.models.journal import Channel
from qa.models.replies import Answer, Question, Reply
from qa.web.room import ReadingRoom


@dataclass(frozen=True, slots=True)
class Told:
    """A reply as it is told: `answer_id` names the address where it stays, None while it grows or isn't kept."""

    reply: Reply
    answer_id: str | None = None
    seconds: float = 0.0

    @property
    def growing(self) -> bool:
        return isinstance(self.reply, Answer) and (self.reply.unfinished or self.reply.translating)


def told(room: ReadingRoom, question: Question, *, channel: Channel) -> Told:
    """Raises QuestionError, StoreError."""
    *_, last = telling(room, question, channel=channel)
    return last


def telling(room: ReadingRoom, question: Question, *, channel: Channel, history: Sequence[str] = ()) -> Iterator[Told]:
    """The reply as it grows, at last the whole, kept before it is seen. Raises QuestionError, StoreError."""
    begun = time.perf_counter()
    for reply in room.replies(question, history=history):
        growing = Told(reply)
        if growing.growing:
            yield growing
            continue
        seconds = time.perf_counter() - begun
        yield Told(reply, room.keep(reply, channel=channel, seconds=seconds), seconds)
