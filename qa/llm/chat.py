"""Any chat model that LangChain opens, as a `ChatModel`: bounded in time, length, number and tokens per day."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from qa.errors import ChatError, SettingsError
from qa.llm.deadline import within

DAY = 24 * 60 * 60.0
CHARACTERS_PER_TOKEN = 3
"""An estimate on the safe side, for servers that don't say what was used; English has about four."""

MIN_WAIT = 0.3
MAX_WAIT = 5.0
"""Seconds before the first and before any further attempt; they double in between, with some chance in them."""

TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""HTTP statuses that may be gone a moment later; what has none is a broken connection or an answer cut short."""

STOP_REASONS = frozenset({"finish_reason", "stop_reason", "stopReason", "done_reason"})
"""The names that providers have for why a text ended.

A text without one was cut off: a closed connection looks like an end."""

MAX_CHARACTERS_PER_TOKEN = 12
"""Characters a text may have for each token it was allowed; a server that ignores the limit is cut off here."""

COMPATIBLE = "openai"
"""The provider whose protocol other servers speak."""

UNNAMED = "default"
"""The model asked of a server that serves only one; llama.cpp and LM Studio take any name."""


def estimated_tokens(*texts: str) -> int:
    """Tokens of texts whose model doesn't count them for us."""
    return sum(len(text) for text in texts) // CHARACTERS_PER_TOKEN + 1


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
    """The bounds of one text: `seconds` in all, `tokens` written, `retries` before it begins, `at_once` texts."""

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
        self._slots = threading.BoundedSemaphore(bounds.at_once)

    def stream(self, *, system: str, user: str) -> Iterator[str]:
        if self._budget.left <= 0:
            raise ChatError("the language model has used up its tokens for today")
        if not self._slots.acquire(blocking=False):
            raise ChatError("the language model is busy with other questions")
        try:
            yield from self._bounded_text(system, user)
        finally:
            self._slots.release()

    def _bounded_text(self, system: str, user: str) -> Iterator[str]:
        """The text, its tokens booked whatever happens to it."""
        text, used, ended = "", 0, False
        try:
            for chunk in within(self._bounds.seconds, self._chunks(system, user)):
                used = max(used, _tokens_used(chunk))
                ended = ended or not STOP_REASONS.isdisjoint(chunk.response_metadata)
                piece = str(chunk.text)
                text += piece
                if len(text) > self._bounds.tokens * MAX_CHARACTERS_PER_TOKEN:
                    raise ChatError("the language model wrote more than it was allowed")
                if piece:
                    yield piece
            if not ended:
                raise ChatError("the language model broke off (its text has no end)")
        except ChatError:
            raise
        except Exception as error:
            raise ChatError(_describe(error, begun=bool(text))) from error
        finally:
            self._budget.spend(used or estimated_tokens(system, user, text))

    def _chunks(self, system: str, user: str) -> Iterator[AIMessageChunk]:
        """The chunks; asked anew where nothing has come yet."""
        messages = [SystemMessage(system), HumanMessage(user)]
        attempts = Retrying(
            stop=stop_after_attempt(1 + self._bounds.retries),
            wait=wait_exponential_jitter(multiplier=MIN_WAIT, jitter=MIN_WAIT, max=MAX_WAIT),
            retry=retry_if_exception(_is_transient),
            reraise=True,
        )

        def start() -> Iterator[AIMessageChunk]:
            chunks = self._model.stream(messages)
            first = next(chunks, None)
            return iter(()) if first is None else chain([first], chunks)

        yield from attempts(start)


def _tokens_used(chunk: AIMessageChunk) -> int:
    """Tokens read and written so far, where a chunk says so; else 0."""
    return chunk.usage_metadata["total_tokens"] if chunk.usage_metadata else 0


def _status(error: BaseException) -> int | None:
    """The HTTP status behind a vendor's error, by the two names that their clients have for it."""
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


def _is_transient(error: BaseException) -> bool:
    status = _status(error)
    return isinstance(error, Exception) and (status is None or status in TRANSIENT)


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
    if "connect" in type(error).__name__.lower() and not begun:
        return "the language model can't be reached"
    return f"the language model broke off ({type(error).__name__})"


def open_chat_model(
    name: str | None, *, url: str | None, key: str | None, bounds: Bounds, budget: DailyBudget
) -> LangChainChat:
    """The model of a name such as `ollama:llama3.2`, or behind an address; nothing is asked of it yet.

    Raises SettingsError: no such provider, its package or key is missing.
    """
    provider, _, model = (name or "").partition(":") if url is None else _compatible(name)
    if not provider or not model:
        raise SettingsError(f"QA_LLM = {name!r}: provider:model is expected, such as ollama:llama3.2.")
    arguments = _model_arguments(provider, bounds)
    if url is not None:
        arguments |= {"base_url": _base_url(url), "api_key": key or "none"}
    try:
        chat = init_chat_model(model, model_provider=provider, **arguments)
    except ImportError as error:
        raise SettingsError(
            f"QA_LLM = {name!r}: the package for {provider} is not installed. "
            f"Install it: pip install 'archive-qa[{provider}]', or langchain-{provider} itself."
        ) from error
    except Exception as error:  # every vendor has its own for a missing key
        first = next(iter(str(error).splitlines()), type(error).__name__)
        raise SettingsError(
            f"QA_LLM = {name!r} can't be used: {first} docs/language-model.md says which key each provider reads."
        ) from error
    return LangChainChat(chat, name=f"{provider}:{model}", bounds=bounds, budget=budget)


def _compatible(name: str | None) -> tuple[str, str, str]:
    """Provider and model at an OpenAI-compatible address; a model's own name may hold colons there."""
    return COMPATIBLE, ":", (name or UNNAMED).removeprefix(f"{COMPATIBLE}:")


def _base_url(url: str) -> str:
    """The address of the protocol; a server's bare address means its version 1."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(f"QA_LLM_URL = {url!r}: an address such as http://127.0.0.1:8080/v1 is expected.")
    return url if parts.path.strip("/") else f"{parts.scheme}://{parts.netloc}/v1"


def _model_arguments(provider: str, bounds: Bounds) -> dict[str, Any]:
    """Temperature and limits by the names that a provider has for them; retries are ours, the same for all."""
    if provider == "ollama":
        return {"temperature": 0, "num_predict": bounds.tokens, "client_kwargs": {"timeout": bounds.seconds}}
    arguments = {"temperature": 0, "max_tokens": bounds.tokens, "timeout": bounds.seconds, "max_retries": 0}
    return arguments | ({"stream_usage": True} if provider == "openai" else {})
