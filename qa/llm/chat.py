"""A LangChain chat model as a `ChatModel`: bounded in time, length, number and tokens; its failures translated."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from qa.errors import ChatError
from qa.llm.budget import DailyBudget, estimated_tokens
from qa.llm.deadline import within

FIRST_WAIT = 0.3
LONGEST_WAIT = 5.0
"""Seconds before the first and before any further attempt; they double in between, with some chance in them."""

PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""HTTP statuses that may be gone a moment later; what has none is a broken connection or an answer cut short."""

REASONS = frozenset({"finish_reason", "stop_reason", "stopReason", "done_reason"})
"""What providers call why a text ended. One that doesn't say so was cut off: a closed connection looks like an end."""

LONGEST_PER_TOKEN = 12
"""Characters a text may have for each token it was allowed; a server that ignores the limit is cut off here."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one text may take: `seconds` in all, `tokens` written, `retries` before it begins, `at_once` texts."""

    seconds: float = 30.0
    tokens: int = 400
    retries: int = 2
    at_once: int = 4


class LangChainChat:
    """A `ChatModel` over any of LangChain's. It may be asked from several threads."""

    def __init__(self, model: BaseChatModel, *, name: str, bounds: Bounds, budget: DailyBudget) -> None:
        self.name = name
        self._model = model
        self._bounds = bounds
        self._budget = budget
        self._places = threading.BoundedSemaphore(bounds.at_once)

    def stream(self, *, system: str, user: str) -> Iterator[str]:
        if self._budget.left <= 0:
            raise ChatError("the language model has used up its tokens for today")
        if not self._places.acquire(blocking=False):
            raise ChatError("the language model is busy with other questions")
        try:
            yield from self._written(system, user)
        finally:
            self._places.release()

    def _written(self, system: str, user: str) -> Iterator[str]:
        """The text, its tokens booked whatever happens to it."""
        text, counted, ended = "", 0, False
        try:
            for chunk in within(self._bounds.seconds, self._opened(system, user)):
                counted = max(counted, _tokens_used(chunk))
                ended = ended or not REASONS.isdisjoint(chunk.response_metadata)
                piece = str(chunk.text)
                text += piece
                if len(text) > self._bounds.tokens * LONGEST_PER_TOKEN:
                    raise ChatError("the language model wrote more than it was allowed")
                if piece:
                    yield piece
            if not ended:
                raise ChatError("the language model broke off (its text has no end)")
        except ChatError:
            raise
        except Exception as error:
            raise ChatError(_in_words(error, begun=bool(text))) from error
        finally:
            self._budget.spend(counted or estimated_tokens(system, user, text))

    def _opened(self, system: str, user: str) -> Iterator[AIMessageChunk]:
        """The chunks; asked anew where nothing has come yet."""
        messages = [SystemMessage(system), HumanMessage(user)]
        attempts = Retrying(
            stop=stop_after_attempt(1 + self._bounds.retries),
            wait=wait_exponential_jitter(multiplier=FIRST_WAIT, jitter=FIRST_WAIT, max=LONGEST_WAIT),
            retry=retry_if_exception(_may_pass),
            reraise=True,
        )

        def begun() -> Iterator[AIMessageChunk]:
            chunks = self._model.stream(messages)
            first = next(chunks, None)
            return iter(()) if first is None else chain([first], chunks)

        yield from attempts(begun)


def _tokens_used(chunk: AIMessageChunk) -> int:
    """Tokens read and written so far, where a chunk says so; else 0."""
    return chunk.usage_metadata["total_tokens"] if chunk.usage_metadata else 0


def _status(error: BaseException) -> int | None:
    """The HTTP status behind a vendor's error, by the two names that their clients have for it."""
    found = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    return found if isinstance(found, int) else None


def _may_pass(error: BaseException) -> bool:
    status = _status(error)
    return isinstance(error, Exception) and (status is None or status in PASSING)


def _in_words(error: BaseException, *, begun: bool) -> str:
    """What went wrong, without what a server or a vendor put into its message: that may hold anything."""
    status = _status(error)
    if isinstance(error, TimeoutError) or "timeout" in type(error).__name__.lower():
        return "the language model took too long"
    if status == 429:
        return "the language model has too much to do just now"
    if status in (401, 403):
        return f"the language model's key was not accepted (HTTP {status})"
    if status == 404:
        return "the language model's server knows no such model or address (HTTP 404)"
    if status is not None:
        return f"the language model's server answered with HTTP {status}"
    if "connect" in type(error).__name__.lower() and not begun:
        return "the language model can't be reached"
    return f"the language model broke off ({type(error).__name__})"
