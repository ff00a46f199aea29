"""Opening a chat model of any provider that LangChain speaks to, its limits by the names that the provider has."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import urlsplit

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from qa.errors import SettingsError
from qa.llm.bounds import Bounds, DailyBudget
from qa.llm.chat import LangChainChat

EXTRAS = {name: name for name in ("openai", "anthropic", "mistralai", "ollama")} | {"google_genai": "google"}
"""The extras of this package by which the client of a provider is installed."""

COMPATIBLE = "openai"  # the provider whose protocol other servers speak
UNNAMED = "default"  # the model asked of a server that serves only one; llama.cpp and LM Studio take any name


def open_chat_model(
    name: str | None, *, url: str | None, key: str | None, bounds: Bounds, budget: DailyBudget
) -> LangChainChat:
    """The model of a name such as `ollama:llama3.2`, or behind an address; nothing is asked of it yet.

    Raises SettingsError: no such provider, its package or key is missing.
    """
    if url is not None:  # a model's own name may hold colons there
        provider, model = COMPATIBLE, (name or UNNAMED).removeprefix(f"{COMPATIBLE}:")
    else:
        provider, _, model = (name or "").partition(":")
    if not provider or not model:
        raise SettingsError(f"QA_LLM = {name!r}: provider:model is expected, such as ollama:llama3.2.")
    arguments = limits(provider, bounds)
    if url is not None:
        arguments |= {"base_url": _base_url(url), "api_key": key or "none"}
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


def limits(provider: str, bounds: Bounds) -> dict[str, Any]:
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


def _base_url(url: str) -> str:
    """The address of the protocol; a server's bare address means its version 1."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(f"QA_LLM_URL = {url!r}: an address such as http://127.0.0.1:8080/v1 is expected.")
    return url if parts.path.strip("/") else f"{parts.scheme}://{parts.netloc}/v1"
