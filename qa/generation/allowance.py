"""What a language model may use for one answer that takes it several texts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.errors import ChatError
from qa.llm.deadline import within
from qa.models.replies import WritingProgress
from qa.protocols import ChatModel


@dataclass(frozen=True, slots=True)
class TextBounds:
    """The bounds of one text of a language model: its seconds, and the tokens that it may write."""

    seconds: float = 30.0
    tokens: int = 400


BOUNDS = TextBounds()


class Allowance:
    """A language model for one answer, with the time of so many texts for all of them together.

    When that is over no further text is begun; one that is streamed has the model's own bounds.
    """

    def __init__(
        self, model: ChatModel, bounds: TextBounds, *, texts: int = 1, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._model = model
        self._texts, self._most_texts = 0, texts
        self._seconds, self._tokens = texts * bounds.seconds, texts * bounds.tokens
        self._clock, self._begun = clock, clock()

    @property
    def progress(self) -> WritingProgress:
        return WritingProgress(self._texts, self._most_texts, self._seconds - self.left, self._seconds, self._tokens)

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self._seconds - (self._clock() - self._begun))

    def stream(self, *, system: str, user: str) -> Iterator[str]:
        """A text in pieces, as they come. Raises ChatError, also midway."""
        if not self.left:
            raise ChatError("the time for this answer is over")
        yield from self._model.stream(system=system, user=user)
        self._texts += 1

    def text(self, *, system: str, user: str) -> str:
        """A whole text. Raises ChatError."""
        try:
            return "".join(within(self.left, self.stream(system=system, user=user)))
        except TimeoutError as error:
            raise ChatError("the language model took too long") from error
