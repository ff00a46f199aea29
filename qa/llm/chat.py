"""Any chat model of LangChain's as a `ChatModel`: bounded in time, length, number and tokens per day."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential,
    wait_random,
)

from qa.errors import ChatError
from qa.llm.deadline import within
from qa.llm.metering import Meter, TextMeter, current_meter

DAY = 24 * 60 * 60.0

MIN_WAIT = 0.3
MAX_WAIT = 5.0
"""Seconds before the first and before any further attempt; they double in between, with some chance in them. A server
that names seconds itself gets those."""

SHARE_WAITED = 0.5
"""Of the seconds of a text, those that may go by before its last attempt: it takes the rest to be written."""

TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""HTTP statuses that may be gone a moment later; what has none is a broken connection or an answer cut short."""

STOP_REASONS = ("finish_reason", "stop_reason", "stopReason", "done_reason")
"""The names that providers have for why a text ended.

A text without one was cut off: a closed connection looks like an end."""

OUT_OF_TOKENS = frozenset({"length", "max_tokens"})
"""The reasons that they give where a text had no more tokens."""

MAX_CHARACTERS_PER_TOKEN = 12
"""Characters a text may have for each token it was allowed; a server that ignores the limit is cut off here."""


class DailyBudget:
    """Tokens used in the last 24 hours, against a limit. It may be asked from several threads."""

    def __init__(self, limit: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._spent: deque[tuple[float, int]] = deque()
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """Tokens that may still be used; negative where the last text ran over."""
        with self._lock:
            while self._spent and self._spent[0][0] <= self._clock() - DAY:
                self._spent.popleft()
            return self._limit - sum(tokens for _, tokens in self._spent)

    def spend(self, tokens: int) -> None:
        with self._lock:
            self._spent.append((self._clock(), tokens))


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of one text: `seconds` in all, `tokens` written, `retries` before it begins; replies `at_once`."""

    seconds: float = 30.0
    tokens: int = 400
    retries: int = 2
    at_once: int = 4


class _Places:
    """Places for so many replies at once. All texts of a reply share its place: some are asked for within another."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._texts: Counter[Meter] = Counter()
        self._lock = threading.Lock()

    def take(self, reply: Meter) -> bool:
        with self._lock:
            if reply not in self._texts and len(self._texts) >= self._most:
                return False
            self._texts[reply] += 1
            return True

    def leave(self, reply: Meter) -> None:
        with self._lock:
            self._texts[reply] -= 1
            if not self._texts[reply]:
                del self._texts[reply]


class LangChainChat:
    """A `ChatModel` over any of LangChain's. It may be asked from several threads.

    `marks_cached`: its provider keeps the rules in its cache for the next text where they are marked for it.
    """

    def __init__(
        self, model: BaseChatModel, *, name: str, bounds: Bounds, budget: DailyBudget, marks_cached: bool = False
    ) -> None:
        self.name = name
        self._model = model
        self._bounds = bounds
        self._budget = budget
        self._marks_cached = marks_cached
        self._places = _Places(bounds.at_once)

    def stream(self, *, system: str, user: str) -> Iterator[str]:
        if self._budget.left <= 0:
            raise ChatError("the language model has used up its tokens for today")
        reply = current_meter()
        if not self._places.take(reply):
            raise ChatError("the language model is busy with other questions")
        meter = reply.text(system, user)
        try:
            yield from self._bounded_text(system, user, meter)
        finally:
            self._budget.spend(meter.usage.tokens)
            self._places.leave(reply)

    def _bounded_text(self, system: str, user: str, meter: TextMeter) -> Iterator[str]:
        """The text, counted whatever happens to it."""
        length, reason, untouched = 0, "", False
        try:
            for chunk in within(self._bounds.seconds, self._chunks(system, user)):
                piece = str(chunk.text)
                meter.note(piece, chunk.usage_metadata)
                reason = reason or _stop_reason(chunk)
                length += len(piece)
                if length > self._bounds.tokens * MAX_CHARACTERS_PER_TOKEN:
                    raise ChatError("the language model wrote more than it was allowed")
                if piece:
                    yield piece
            if not reason:
                raise ChatError("the language model broke off (its text has no end)")
            if not length and reason.lower() in OUT_OF_TOKENS:
                raise ChatError("the language model used up its tokens before it wrote a word: raise QA_LLM_TOKENS")
        except ChatError:
            raise
        except Exception as error:
            untouched = not length and _is_refused(error)
            # Not `from error`: a log that shows causes would show what the server or the vendor said.
            raise ChatError(_describe(error, begun=length > 0)) from None
        finally:
            meter.end(untouched=untouched)

    def _chunks(self, system: str, user: str) -> Iterator[AIMessageChunk]:
        """The chunks; asked anew where nothing has come yet."""
        messages: list[BaseMessage] = [self._rules(system), HumanMessage(user)]
        attempts = Retrying(
            stop=stop_after_attempt(1 + self._bounds.retries) | stop_before_delay(self._bounds.seconds * SHARE_WAITED),
            wait=_wait,
            retry=retry_if_exception(_is_transient),
            reraise=True,
        )

        def start() -> Iterator[AIMessageChunk]:
            chunks = self._model.stream(messages)
            first = next(chunks, None)
            return iter(()) if first is None else chain([first], chunks)

        yield from attempts(start)

    def _rules(self, system: str) -> SystemMessage:
        if not self._marks_cached:
            return SystemMessage(system)
        return SystemMessage([{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}])


def _stop_reason(chunk: AIMessageChunk) -> str:
    """Why the text ended, where a chunk says so; else empty."""
    return next((str(reason) for name in STOP_REASONS if (reason := chunk.response_metadata.get(name))), "")


def _chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """A vendor's error and what caused it: some of LangChain's packages put their own in front."""
    while error is not None:
        yield error
        error = error.__cause__


def _status(error: BaseException) -> int | None:
    """The HTTP status behind a vendor's error, by the names that their clients have for it."""
    for cause in _chain_of(error):
        response = getattr(cause, "response", None)
        for source, name in ((cause, "status_code"), (response, "status_code"), (cause, "code")):
            if isinstance(status := getattr(source, name, None), int):
                return status
    return None


def _retry_after(error: BaseException) -> float:
    """The seconds for which a server asks to be left alone, as seconds or as a date; 0 where it doesn't."""
    for cause in _chain_of(error):
        asked = (getattr(getattr(cause, "response", None), "headers", None) or {}).get("retry-after")
        if not asked:
            continue
        try:
            return max(0.0, float(asked))
        except ValueError:
            pass
        try:
            return max(0.0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
        except (ValueError, TypeError):
            return 0.0
    return 0.0


_own_wait = wait_exponential(multiplier=MIN_WAIT, max=MAX_WAIT) + wait_random(0, MIN_WAIT)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return max(_own_wait(state), _retry_after(error) if error else 0.0)


def _is_transient(error: BaseException) -> bool:
    status = _status(error)
    return isinstance(error, Exception) and (status is None or status in TRANSIENT)


def _is_unreachable(error: BaseException) -> bool:
    return "connect" in type(error).__name__.lower()


def _is_refused(error: BaseException) -> bool:
    """Whether the server turned the text down, or never heard of it."""
    return _status(error) is not None or _is_unreachable(error)


def _describe(error: BaseException, *, begun: bool) -> str:
    """The failure in words, without what a server or a vendor put into its message: that may hold anything."""
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
    if _is_unreachable(error) and not begun:
        return "the language model can't be reached"
    return f"the language model broke off ({type(error).__name__})"
