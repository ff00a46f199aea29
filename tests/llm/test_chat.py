from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Thread
from types import SimpleNamespace

import pytest

from qa.errors import ChatError
from qa.llm.chat import LangChainChat, _retry_after, open_chat_model
from qa.llm.usage import Bounds, DailyBudget, Meter, with_meter
from qa.models.support import Prices, Usage
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


def test_what_may_pass_is_tried_again() -> None:
    with scripted(after_failures(503, 2)) as server:
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


def too_many(header: str) -> Script:
    def script(exchange: Exchange) -> None:
        if exchange.number == 1:
            exchange.status(429, {"Retry-After": header})
        else:
            exchange.says("It answers.")

    return script


def test_a_server_that_asks_for_patience_gets_it() -> None:
    """Until the very moment, by the server's clock."""
    begun: list[float] = []

    def script(exchange: Exchange) -> None:
        begun.append(time.monotonic())
        if exchange.number == 1:
            exchange.status(429, {"Retry-After": "1"})
        else:
            exchange.says("It answers.")

    with scripted(script) as server:
        assert text_of(chat(server.url, bounds=Bounds(seconds=60))) == "It answers."
    assert begun[1] - begun[0] > 0.95


@pytest.mark.parametrize(("ahead", "least"), [(60, 50), (-60, 0)])
def test_a_server_may_name_a_date(ahead: int, least: int) -> None:
    asked = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True)
    error = ChatError("busy")
    error.response = SimpleNamespace(headers={"retry-after": asked})  # type: ignore[attr-defined]
    assert least <= _retry_after(error) <= max(0, ahead)


@pytest.mark.parametrize("header", ["4000", "inf"])
def test_a_server_that_asks_for_more_patience_than_there_is_time_is_left_alone(header: str) -> None:
    with scripted(too_many(header)) as server:
        started = time.monotonic()
        with pytest.raises(ChatError, match="too much to do"):
            text_of(chat(server.url, bounds=Bounds(seconds=10)))
        assert time.monotonic() - started < 3
    assert len(server.requests) == 1


@pytest.mark.parametrize("header", ["soon", "nan", "-3"])
def test_odd_words_of_a_server_are_no_reason_to_wait(header: str) -> None:
    with scripted(too_many(header)) as server:
        assert text_of(chat(server.url)) == "It answers."


def test_nothing_of_a_server_s_message_or_of_a_key_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Not even where somebody logs the failure with what it came from."""
    caplog.set_level(logging.WARNING)
    with scripted(after_failures(500, 9)) as server:
        model = open_chat_model("tiny", url=server.url, key="sk-1234", bounds=Bounds(), budget=DailyBudget(PLENTY))
        try:
            text_of(model)
        except ChatError:
            logging.getLogger("qa").exception("an answer was not written")
    assert "HTTP 500" in caplog.text
    assert "secret" not in caplog.text
    assert "sk-1234" not in caplog.text + repr(vars(model))


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


def test_a_model_that_only_thinks_until_its_tokens_are_used_up_is_a_failure() -> None:
    def thinks(exchange: Exchange) -> None:
        exchange.begin()
        exchange.done(finish="length")

    with scripted(thinks) as server, pytest.raises(ChatError, match="raise QA_LLM_TOKENS"):
        text_of(chat(server.url))


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


def test_a_failed_text_costs_too_but_not_one_that_was_turned_down() -> None:
    for script, costs in ((cuts, True), (after_failures(401, 9), False)):
        budget = DailyBudget(1_000)
        with scripted(script) as server, pytest.raises(ChatError):
            text_of(chat(server.url, budget=budget))
        assert (budget.left < 1_000) is costs


def counts_cached(exchange: Exchange) -> None:
    exchange.begin()
    exchange.piece("Yes.", usage=600, cached=500)
    exchange.piece("Yes.")
    exchange.piece("", usage=601, cached=500)  # some servers count with every piece, from the beginning each time
    exchange.done()


def metered(model: LangChainChat, meter: Meter) -> str:
    def steps() -> Iterator[str]:
        thread = Thread(target=copy_context().run, args=(text_of, model))
        thread.start()
        thread.join()
        yield text_of(model)

    return "".join(with_meter(meter, steps()))


def test_what_is_used_is_summed_over_the_texts_of_a_reply_those_of_other_threads_too() -> None:
    meter = Meter()
    assert meter.usage is None
    with scripted(counts_cached) as server:
        metered(chat(server.url), meter)
        text_of(chat(server.url))  # for no reply
    used = meter.usage
    assert used is not None
    assert 0 < used.seconds < 10
    assert used == Usage(1_200, 1_000, 2, 2, False, used.seconds)


def test_what_no_server_counts_is_estimated_and_what_is_left_midway_counts_as_far_as_it_came() -> None:
    meter = Meter()
    with scripted(dribbles) as server:
        texts = with_meter(meter, chat(server.url).stream(system="s" * 300, user="u" * 300))
        for _ in range(6):
            next(texts)
    used = meter.usage
    assert used is not None
    assert (used.tokens_read, used.tokens_written, used.calls, used.estimated) == (201, 5, 1, True)
    assert (used + Usage(calls=1)).estimated


def test_a_text_that_was_turned_down_is_a_call_without_tokens() -> None:
    meter = Meter()
    with scripted(after_failures(401, 9)) as server, pytest.raises(ChatError):
        list(with_meter(meter, chat(server.url).stream(system="rules", user="material")))
    used = meter.usage
    assert used is not None
    assert (used.tokens, used.estimated) == (0, False)


def test_a_price_is_for_a_million_tokens_and_those_of_the_cache_may_have_their_own() -> None:
    used = Usage(3_000_000, 1_000_000, 500_000, 2)
    assert Prices(2.0, 10.0).cost(used) == 3 * 2 + 5
    assert Prices(2.0, 10.0, 0.5).cost(used) == 2 * 2 + 0.5 + 5


def test_only_so_many_texts_are_written_at_once_and_a_place_is_free_again_when_one_is_left() -> None:
    with scripted(dribbles) as server:
        model = chat(server.url, bounds=Bounds(seconds=20, at_once=1))
        writing = model.stream(system="", user="")
        next(writing)
        with pytest.raises(ChatError, match="busy"):
            text_of(model)
        writing.close()  # type: ignore[attr-defined]
        assert next(model.stream(system="", user=""))


def test_a_reply_may_ask_for_a_text_within_another_where_no_further_reply_has_a_place() -> None:
    """A sentence is judged while the next is written."""

    def script(exchange: Exchange) -> None:
        dribbles(exchange) if exchange.number == 1 else exchange.says("Yes.")

    with scripted(script) as server:
        model = chat(server.url, bounds=Bounds(seconds=20, at_once=1))

        def steps() -> Iterator[str]:
            writing = model.stream(system="", user="")
            next(writing)
            yield text_of(model)
            with pytest.raises(ChatError, match="busy"):
                next(with_meter(Meter(), model.stream(system="", user="")))
            writing.close()  # type: ignore[attr-defined]

        assert list(with_meter(Meter(), steps())) == ["Yes."]
        assert text_of(model) == "Yes."
