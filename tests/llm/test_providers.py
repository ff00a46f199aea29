"""Every provider's class takes the limits by the names that it is given them by, where its package is installed."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from qa.errors import SettingsError
from qa.llm.chat import EXTRAS, open_chat_model
from qa.llm.usage import Bounds, DailyBudget

PLENTY = 1_000_000
BOUNDS = Bounds(seconds=12.5, tokens=77)
PROVIDERS = {
    "openai:gpt-4o-mini": ("langchain_openai", {"max_tokens": 77, "request_timeout": 12.5, "max_retries": 0}),
    "anthropic:claude-sonnet-4-5": (
        "langchain_anthropic",
        {"max_tokens": 77, "default_request_timeout": 12.5, "max_retries": 0},
    ),
    "google_genai:gemini-2.5-flash": (
        "langchain_google_genai",
        {"max_output_tokens": 77, "timeout": 12.5, "max_retries": 1},
    ),
    "mistralai:mistral-small-latest": ("langchain_mistralai", {"max_tokens": 77, "timeout": 13, "max_retries": 0}),
    "ollama:llama3.2": ("langchain_ollama", {"num_predict": 77, "client_kwargs": {"timeout": 12.5}}),
}
WITHOUT_TEMPERATURE = {"openai:gpt-5-mini": "langchain_openai", "anthropic:claude-sonnet-5-5": "langchain_anthropic"}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI", "ANTHROPIC", "GOOGLE", "MISTRAL"):
        monkeypatch.setenv(f"{name}_API_KEY", "none")


def opened(name: str) -> object:
    return open_chat_model(name, url=None, key=None, bounds=BOUNDS, budget=DailyBudget(PLENTY))._model


def test_every_extra_has_a_provider_that_is_tried() -> None:
    assert {name.split(":")[0] for name in PROVIDERS} == EXTRAS.keys()


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_limits_reach_the_provider_s_class(name: str) -> None:
    package, expected = PROVIDERS[name]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    model = opened(name)
    assert {argument: getattr(model, argument) for argument in expected} == expected
    assert model.temperature == 0  # type: ignore[attr-defined]
    assert not getattr(model, "model_kwargs", None), "what a class doesn't know ends up there"


@pytest.mark.parametrize("name", WITHOUT_TEMPERATURE)
def test_models_that_take_no_temperature_are_given_none(name: str) -> None:
    if find_spec(package := WITHOUT_TEMPERATURE[name]) is None:
        pytest.skip(f"{package} is not installed")
    assert opened(name).temperature is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "url", "told"),
    [
        ("llama3", None, "provider:model is expected"),
        ("nowhere:llama3", None, "nowhere"),
        ("cohere:command", None, "not installed.*pip install langchain-cohere"),
        ("tiny", "localhost:8080", "an address such as"),
    ],
)
def test_a_setting_that_cannot_be_used_says_what_is_expected(name: str, url: str | None, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        open_chat_model(name, url=url, key=None, bounds=Bounds(), budget=DailyBudget(PLENTY))


def test_a_missing_key_is_told_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        open_chat_model("openai:gpt-4o-mini", url=None, key=None, bounds=Bounds(), budget=DailyBudget(PLENTY))
