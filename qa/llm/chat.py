"""Any chat model of LangChain's as a `ChatModel`: bounded in time, length, number and tokens per day."""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import tenacity
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage

from qa.errors import ChatError, SettingsError
from qa.llm.usage import Bounds, DailyBudget, Meter, TextMeter, current_meter, within

# Seconds before the first and before any further attempt; they double in between, with some chance in them. A server
# that names seconds itself gets those.
MIN_WAIT, MAX_WAIT = 0.3, 5.0
SHARE_WAITED = 0.5  # of a text's seconds, those that may go by before its last attempt: it takes the rest to be written
TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""HTTP statuses that may be gone a moment later; what has none is a broken connection or an answer cut short."""
STOP_REASONS = ("finish_reason", "stop_reason", "stopReason", "done_reason")
"""Providers' names for why a text ended; one without was cut off: a closed connection looks like an end."""
OUT_OF_TOKENS = frozenset({"length", "max_tokens"})  # the reasons that they give where a text had no more tokens
MAX_CHARACTERS_PER_TOKEN = 12  # of a text's limit: a server that ignores it is cut off here
COMPATIBLE = "openai"  # the provider whose protocol other servers speak
EXTRAS = {name: name for name in ("openai", "anthropic", "mistralai", "ollama")} | {"google_genai": "google"}
"""The extras of this package by which the client of a provider is installed."""


class LangChainChat:
    """A `ChatModel` over any of LangChain's. It may be asked from several threads."""

    def __init__(self, model: BaseChatModel, *, name: str, bounds: Bounds, budget: DailyBudget) -> None:
        self.name = name
        self._model, self._bounds, self._budget = model, bounds, budget
        self._writing: list[Meter] = []  # one entry for each text
        self._lock = threading.Lock()

    def stream(self, *, system: str, user: str) -> Iterator[str]:
        if self._budget.left <= 0:
            raise ChatError("the language model has used up its tokens for today")
        reply = current_meter.get() or Meter()
        with self._place_of(reply):
            reply.texts.append(meter := TextMeter(len(system) + len(user)))
            try:
                yield from self._bounded_text(system, user, meter)
            finally:
                self._budget.spend(meter.usage.tokens)

    @contextmanager
    def _place_of(self, reply: Meter) -> Iterator[None]:
        """All texts of a reply share its place among those at once: some are asked for within another."""
        with self._lock:
            if reply not in self._writing and len(set(self._writing)) >= self._bounds.at_once:
                raise ChatError("the language model is busy with other questions")
            self._writing.append(reply)
        try:
            yield
        finally:
            with self._lock:
                self._writing.remove(reply)

    def _bounded_text(self, system: str, user: str, meter: TextMeter) -> Iterator[str]:
        length, stopped, untouched = 0, "", False
        try:
            for chunk in within(self._bounds.seconds, self._chunks(system, user)):
                piece = str(chunk.text)
                meter.note(piece, chunk.usage_metadata)
                ends = (str(reason) for name in STOP_REASONS if (reason := chunk.response_metadata.get(name)))
                stopped = stopped or next(ends, "")
                length += len(piece)
                if length > self._bounds.tokens * MAX_CHARACTERS_PER_TOKEN:
                    raise ChatError("the language model wrote more than it was allowed")
                if piece:
                    yield piece
            if not stopped:
                raise ChatError("the language model broke off (its text has no end)")
            if not length and stopped.lower() in OUT_OF_TOKENS:
                raise ChatError("the language model used up its tokens before it wrote a word: raise QA_LLM_TOKENS")
        except ChatError:
            raise
        except Exception as error:
            # Turned down, or never heard of.
            untouched = not length and (_status(error) is not None or _is_unreachable(error))
            # Not `from error`: a log that shows causes would show what the server or the vendor said.
            raise ChatError(_failure_text(error, begun=length > 0)) from None
        finally:
            meter.end(untouched=untouched)

    def _chunks(self, system: str, user: str) -> Iterator[AIMessageChunk]:
        """The chunks; asked anew where nothing has come yet."""

        def start() -> Iterator[AIMessageChunk]:
            chunks = self._model.stream([SystemMessage(system), HumanMessage(user)])
            first = next(chunks, None)
            return iter(()) if first is None else chain([first], chunks)

        enough = tenacity.stop_after_attempt(1 + self._bounds.retries)
        late = tenacity.stop_before_delay(self._bounds.seconds * SHARE_WAITED)
        transient = tenacity.retry_if_exception(_is_transient)
        yield from tenacity.Retrying(stop=enough | late, wait=_wait, retry=transient, reraise=True)(start)


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


def _retry_after(error: BaseException | None) -> float:
    """The seconds for which a server asks to be left alone, as seconds or as a date; 0 where it doesn't."""
    responses = (getattr(cause, "response", None) for cause in _chain_of(error))
    headers = (getattr(response, "headers", None) or {} for response in responses)
    header = next(filter(None, (values.get("retry-after") for values in headers)), "")
    with suppress(ValueError):
        return max(0.0, float(header))
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    return 0.0


def _wait(state: tenacity.RetryCallState) -> float:
    growing = tenacity.wait_exponential(multiplier=MIN_WAIT, max=MAX_WAIT) + tenacity.wait_random(0, MIN_WAIT)
    return max(growing(state), _retry_after(state.outcome.exception() if state.outcome else None))


def _is_transient(error: BaseException) -> bool:
    return isinstance(error, Exception) and _status(error) in (None, *TRANSIENT)


def _is_unreachable(error: BaseException) -> bool:
    return "connect" in type(error).__name__.lower()


def _failure_text(error: BaseException, *, begun: bool) -> str:
    """The failure in words, without what a server or a vendor put into its message: that may hold anything."""
    if "timeout" in type(error).__name__.lower():
        return "the language model took too long"
    match _status(error):
        case 401 | 403 as status:
            return f"the language model's key was not accepted (HTTP {status})"
        case 404:
            return "the language model's server knows no such model or address (HTTP 404)"
        case 429:
            return "the language model has too much to do just now"
        case int(status):
            return f"the language model's server answered with HTTP {status}"
    if _is_unreachable(error) and not begun:
        return "the language model can't be reached"
    return f"the language model broke off ({type(error).__name__})"


def open_chat_model(
    name: str | None, *, url: str | None, key: str | None, bounds: Bounds, budget: DailyBudget
) -> LangChainChat:
    """The model of a name such as `ollama:llama3.2`, or behind an address, not asked yet. Raises SettingsError."""
    if url is not None:  # a model's own name may hold colons there; servers of only one model take any name
        provider, model = COMPATIBLE, (name or "default").removeprefix(f"{COMPATIBLE}:")
    else:
        provider, _, model = (name or "").partition(":")
    if not provider or not model:
        raise SettingsError(f"QA_LLM = {name!r}: provider:model is expected, such as ollama:llama3.2.")
    arguments = _limits(provider, bounds)
    if url is not None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise SettingsError(f"QA_LLM_URL = {url!r}: an address such as http://127.0.0.1:8080/v1 is expected.")
        base_url = url if parts.path.strip("/") else f"{parts.scheme}://{parts.netloc}/v1"
        arguments |= {"base_url": base_url, "api_key": key or "none"}
    try:
        chat: BaseChatModel = init_chat_model(model, model_provider=provider, **arguments)
        if (chat.profile or {}).get("temperature") is not False:  # of some their package knows that they take none
            chat = init_chat_model(model, model_provider=provider, temperature=0, **arguments)
    except ImportError as error:
        extra, package = EXTRAS.get(provider), f"langchain-{provider.replace('_', '-')}"
        install = f"pip install 'archive-qa[{extra}]'" if extra else f"pip install {package}"
        raise SettingsError(
            f"QA_LLM = {name!r}: the package for {provider} is not installed. Install it: {install}"
        ) from error
    except Exception as error:  # every vendor has its own for a missing key
        first = next(iter(str(error).splitlines()), type(error).__name__)
        raise SettingsError(
            f"QA_LLM = {name!r} can't be used: {first} docs/language-model.md says which key each provider reads."
        ) from error
    return LangChainChat(chat, name=f"{provider}:{model}", bounds=bounds, budget=budget)


def _limits(provider: str, bounds: Bounds) -> dict[str, Any]:
    """The limits of a text by the names that a provider's class has for them; retries are ours, the same for all."""
    tokens, seconds = bounds.tokens, bounds.seconds
    match provider:
        case "ollama":
            return {"num_predict": tokens, "client_kwargs": {"timeout": seconds}}
        case "google_genai":  # 0 retries are its client's own five
            return {"max_output_tokens": tokens, "timeout": seconds, "max_retries": 1}
        case "mistralai":
            return {"max_tokens": tokens, "timeout": math.ceil(seconds), "max_retries": 0}
        case "openai":
            return {"max_tokens": tokens, "timeout": seconds, "max_retries": 0, "stream_usage": True}
    return {"max_tokens": tokens, "timeout": seconds, "max_retries": 0}
