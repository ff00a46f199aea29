"""Which event a figure belongs to, of those that its article names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from qa.domain.archive import Span
from qa.language.event_names import EventName, event_names


@dataclass(frozen=True, slots=True)
class Events:
    """The events that an article names: the keys of those in its headline, and those of its body in order."""

    title: tuple[str, ...]
    body: tuple[EventName, ...]

    @classmethod
    def of(cls, title: str, body: str) -> Events:
        return cls(tuple(dict.fromkeys(one.key for one in event_names(title))), tuple(event_names(body)))

    def at(self, place: int, sentence: Span) -> str | None:
        """The key of the event that a figure at this place of a sentence belongs to.

        It is the one named last before it, but one that its sentence names behind it rather than one of a sentence
        before. Where none is named so far, it is that of the headline, or the one that the article names most.
        """
        before = [one for one in self.body if one.span.start < place]
        behind = [one for one in self.body if place <= one.span.start < sentence.end]
        if before and (not behind or before[-1].span.start >= sentence.start):
            return before[-1].key
        if behind:
            return behind[0].key
        if len(self.title) == 1:
            return self.title[0]
        counts = Counter(one.key for one in self.body)
        return counts.most_common(1)[0][0] if counts else None
