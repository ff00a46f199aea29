"""Which event a figure belongs to, of those that its article names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from qa.domain.archive import Span
from qa.language.event_names import EventName, operation_names

_SAID_OF = re.compile(r"(?:(?!\b(?:and|y|e)\b)[^\d,;:.()]){0,60}\b(?:in|of|during|under|en|de|durante) (?:the |la )?")
"""What stands between a figure and the name of the event that it is said to be of."""


@dataclass(frozen=True, slots=True)
class Events:
    """The events that an article names: the keys of those in its headline, those of its body in order.

    `most` is the key of the one that the body names most often; None where it names none.
    """

    title: tuple[str, ...]
    body: tuple[EventName, ...]
    most: str | None

    @classmethod
    def of(cls, title: str, body: str) -> Events:
        named = tuple(operation_names(body))
        counts = Counter(one.key for one in named)
        most = counts.most_common(1)[0][0] if counts else None
        return cls(tuple(dict.fromkeys(one.key for one in operation_names(title))), named, most)

    def at(self, figure: Span, sentence: Span, body: str) -> str | None:
        """The key of the event that a figure of a sentence belongs to.

        It is the one that the figure is said to be of ("30 in Operation Landmark"), else the one named last before it,
        but one that its sentence names behind it rather than one of a sentence before. Where none is named so far, it
        is that of the headline, or the one that the article names most.
        """
        here = bisect_left(self.body, figure.start, key=lambda one: one.span.start)
        before, behind = self.body[max(0, here - 1) : here], self.body[here : here + 1]
        if behind and behind[0].span.start >= sentence.end:
            behind = ()
        if behind and _SAID_OF.fullmatch(body, figure.end, behind[0].span.start):
            return behind[0].key
        if before and (not behind or before[-1].span.start >= sentence.start):
            return before[-1].key
        if behind:
            return behind[0].key
        if len(self.title) == 1:
            return self.title[0]
        return self.most
