"""Which language model is meant by a name or an address, made ready to write."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from langchain.chat_models import init_chat_model

from qa.errors import SettingsError
from qa.llm.budget import DailyBudget
from qa.llm.chat import Bounds, LangChainChat

COMPATIBLE = "openai"
"""The provider whose protocol other servers speak."""

UNNAMED = "default"
"""The model asked of a server that serves only one; llama.cpp and LM Studio take any name."""


def open_chat_model(
    name: str | None, *, url: str | None, key: str | None, bounds: Bounds, budget: DailyBudget
) -> LangChainChat:
    """The model of a name such as `ollama:llama3.2`, or behind an address; nothing is asked of it yet.

    Raises SettingsError: no such provider, its package or key is missing.
    """
    provider, _, model = (name or "").partition(":") if url is None else _at_address(name)
    if not provider or not model:
        raise SettingsError(f"QA_LLM = {name!r}: provider:model is expected, such as ollama:llama3.2.")
    arguments = _arguments(provider, bounds)
    if url is not None:
        arguments |= {"base_url": _address(url), "api_key": key or "none"}
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


def _at_address(name: str | None) -> tuple[str, str, str]:
    """Provider and model at an OpenAI-compatible address; a model's own name may hold colons there."""
    return COMPATIBLE, ":", (name or UNNAMED).removeprefix(f"{COMPATIBLE}:")


def _address(url: str) -> str:
    """The address of the protocol; a server's bare address means its version 1."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(f"QA_LLM_URL = {url!r}: an address such as http://127.0.0.1:8080/v1 is expected.")
    return url if parts.path.strip("/") else f"{parts.scheme}://{parts.netloc}/v1"


def _arguments(provider: str, bounds: Bounds) -> dict[str, Any]:
    """Temperature and limits by the names that a provider has for them; retries are ours, the same for all."""
    if provider == "ollama":
        return {"temperature": 0, "num_predict": bounds.tokens, "client_kwargs": {"timeout": bounds.seconds}}
    arguments = {"temperature": 0, "max_tokens": bounds.tokens, "timeout": bounds.seconds, "max_retries": 0}
    return arguments | ({"stream_usage": True} if provider == "openai" else {})
