from __future__ import annotations

import time

import pytest

from qa.errors import ChatError, SettingsError
from qa.llm.chat import Bounds, DailyBudget, LangChainChat, open_chat_model
from tests.llm.scripted import Exchange, Script, dribbles, scripted

PLENTY = 1_000_000


def chat(url: str, *, bounds: Bounds | None = None, budget: DailyBudget | None = None) -> LangChainChat:
    bounds = bounds or Bounds(seconds=5, retries=2)
    return open_chat_model("tiny", url=url, key=None, bounds=bounds, budget=budget or DailyBudget(PLENTY))


def text_of(model: LangChainChat) -> str:
    return "".join(model.stream(system="rules", user="material"))


def after_failures(status: int, times: int) -> Script:
    def script(exchange: Exchange) -> None:
        if exchange.number <= times:
            exchange.status(status)
        else:
            exchange.says("It answers.")

    return script


def test_the_model_gets_rules_and_material_at_temperature_0_and_its_text_comes_in_pieces() -> None:
    with scripted(lambda exchange: exchange.says("Nineteen were arrested [1].", size=4)) as server:
        pieces = list(chat(server.url, bounds=Bounds(tokens=77)).stream(system="rules", user="material"))
    assert "".join(pieces) == "Nineteen were arrested [1]."
    assert len(pieces) > 3
    (request,) = server.requests
    assert [(message["role"], message["content"]) for message in request["messages"]] == [
        ("system", "rules"),
        ("user", "material"),
    ]
    assert request["temperature"] == 0
    assert 77 in (request.get("max_tokens"), request.get("max_completion_tokens"))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(status: int) -> None:
    with scripted(after_failures(status, 2)) as server:
        assert text_of(chat(server.url)) == "It answers."
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 404])
def test_what_will_not_pass_is_not_tried_again(status: int) -> None:
    with scripted(after_failures(status, 2)) as server, pytest.raises(ChatError):
        text_of(chat(server.url))
    assert len(server.requests) == 1


def test_after_the_last_attempt_it_has_failed_and_nothing_of_the_servers_message_is_told() -> None:
    with scripted(after_failures(500, 9)) as server, pytest.raises(ChatError, match="HTTP 500") as failure:
        text_of(chat(server.url, bounds=Bounds(seconds=5, retries=1)))
    assert len(server.requests) == 2
    assert "secret" not in str(failure.value)


def cuts(exchange: Exchange) -> None:
    exchange.begin()
    exchange.piece("Nineteen people were ")
    exchange.cut()


def ends_without_a_reason(exchange: Exchange) -> None:
    exchange.begin()
    exchange.piece("Nineteen people were ")
    exchange.done(finish=None)


def talks_nonsense(exchange: Exchange) -> None:
    exchange.begin()
    exchange.piece("Nineteen people were ")
    exchange.raw("data: {not json\n\n")


def test_a_stream_that_breaks_is_not_begun_anew() -> None:
    """What was said before the break is out already."""
    for script in (cuts, talks_nonsense, ends_without_a_reason):
        with scripted(script) as server:
            said = []
            with pytest.raises(ChatError, match="broke off"):
                said.extend(piece for piece in chat(server.url).stream(system="", user=""))
        assert len(server.requests) == 1


@pytest.mark.parametrize("script", [dribbles, lambda exchange: exchange.waits(30)])
def test_the_time_limit_holds_whether_a_server_dribbles_or_keeps_silent(script: Script) -> None:
    with scripted(script) as server:
        model = chat(server.url, bounds=Bounds(seconds=0.6, retries=0))
        started = time.monotonic()
        with pytest.raises(ChatError, match="too long"):
            text_of(model)
        assert time.monotonic() - started < 5


def test_a_server_that_ignores_the_length_is_cut_off() -> None:
    with (
        scripted(lambda exchange: exchange.says("word " * 50_000, size=5_000)) as server,
        pytest.raises(ChatError, match="more than it was allowed"),
    ):
        text_of(chat(server.url, bounds=Bounds(tokens=50)))


def test_an_empty_reply_is_an_empty_text() -> None:
    with scripted(lambda exchange: exchange.says("")) as server:
        assert text_of(chat(server.url)) == ""


def test_nothing_listening_is_said_in_plain_words() -> None:
    with scripted(lambda exchange: None) as server:
        url = server.url
    with pytest.raises(ChatError, match="can't be reached"):
        text_of(chat(url, bounds=Bounds(seconds=3, retries=0)))


def counts(exchange: Exchange) -> None:
    exchange.begin()
    exchange.piece("Yes.")
    exchange.piece("", usage=600)
    exchange.done()


def test_tokens_are_booked_as_the_server_counts_them_and_when_they_are_used_up_it_is_not_asked() -> None:
    now = [0.0]
    budget = DailyBudget(1_000, clock=lambda: now[0])
    with scripted(counts) as server:
        model = chat(server.url, budget=budget)
        text_of(model)
        assert budget.left == 400
        text_of(model)
        with pytest.raises(ChatError, match="tokens for today"):
            text_of(model)
        assert len(server.requests) == 2
        now[0] = 24 * 3600
        assert text_of(model) == "Yes."


def test_a_failed_text_costs_too() -> None:
    budget = DailyBudget(1_000)
    with scripted(cuts) as server, pytest.raises(ChatError):
        text_of(chat(server.url, budget=budget))
    assert budget.left < 1_000


def test_only_so_many_texts_are_written_at_once_and_a_place_is_free_again_when_one_is_left() -> None:
    with scripted(dribbles) as server:
        model = chat(server.url, bounds=Bounds(seconds=20, at_once=1))
        writing = model.stream(system="", user="")
        next(writing)
        with pytest.raises(ChatError, match="busy"):
            text_of(model)
        writing.close()  # type: ignore[attr-defined]
        assert next(model.stream(system="", user=""))


@pytest.mark.parametrize(
    ("name", "url", "told"),
    [
        ("llama3", None, "provider:model is expected"),
        ("nowhere:llama3", None, "nowhere"),
        ("cohere:command", None, "not installed"),
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
