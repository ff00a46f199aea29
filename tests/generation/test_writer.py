from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler

from qa.answering.analysis import ConversationTurn
from qa.answering.rendering import reply_json, reply_text
from qa.answering.view import POSSIBLY, WRITTEN
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.errors import ChatError
from qa.generation.prompt import ONCE_MORE, RULES
from qa.generation.writer import DID_NOT_HOLD, FAILED, LEANS, MOST_AGAIN, SAW_NO_ANSWER, Allowance
from qa.ingestion.ingest import encode_articles
from qa.llm.chat import open_chat_model
from qa.llm.usage import Bounds, DailyBudget
from qa.models.archive import Metadata, Rights
from qa.models.deliveries import Notice, NoticeKind
from qa.models.replies import Answer, Composer, Question, Refusal, Reply
from qa.models.support import CheckStep, Verdict
from qa.store.notices import NoticeStore
from tests.fakes import FakeChat, delivered
from tests.llm.scripted import Exchange, scripted

from .conftest import BRIDGE, COST, HARBOUR, Road, road_over, store_in

ASKED = ConversationTurn(Question("How much did the new pier cost?"))
GOOD = "The harbour office said that the new pier cost 31 million crowns [1]."
INVENTED = "The old harbour was sold to a bank in Oslo [1]."


def answered(reply: Reply) -> Answer:
    assert isinstance(reply, Answer)
    bodies = {one.article_id: one.body for one in (HARBOUR, BRIDGE)}
    for quote in reply.citations:
        assert bodies[quote.source.article_id][quote.start : quote.end] == quote.text
    assert [quote.number for quote in reply.citations] == list(range(1, len(reply.citations) + 1))
    return reply


def texts(answer: Answer) -> list[str]:
    return [statement.text for statement in answer.statements]


def test_a_sentence_that_stands_is_shown_with_its_quote(road: Road) -> None:
    model = FakeChat(GOOD)
    answer = answered(road(model).invoke(ASKED))
    assert texts(answer) == [GOOD.removesuffix(" [1].") + "."]
    assert answer.composed_by is Composer.MODEL
    assert answer.statements[0].quotes[0].text == COST
    assert answer.citations[0].answer == "31 million crowns"
    assert answer.statements[0].support is not None
    assert answer.statements[0].support.verdict is Verdict.SUPPORTED
    (system, user), *_ = model.asked
    assert "[1] Harbour Post, 4 May 2010, “New pier opens”. It says: The new pier cost 31 million" in user
    assert "data" in system


def test_text_and_json_say_who_wrote_it_and_give_the_quotes(road: Road) -> None:
    answer = answered(road(FakeChat(GOOD)).invoke(ASKED))
    text = reply_text(answer)
    assert text.startswith(f"{WRITTEN}\n")
    assert f"31 million crowns. [1]\n[1] Harbour Post, 4 May 2010: “{COST}”" in text
    record = reply_json(answer, id=None, seconds=0.1)
    assert record["composed_by"] == "model"
    assert record["statements"][0]["support"] == {"verdict": "supported", "reasons": []}  # type: ignore[index]


@pytest.mark.parametrize(
    "written",
    [
        INVENTED,
        "The new pier cost 32 million crowns [1].",
        "The harbour office said that the new pier cost 31 million crowns.",
        "The harbour office said that the new pier cost 31 million crowns [9].",
        "[1][2][3]",
        "",
        "word " * 500,
    ],
)
def test_where_nothing_stands_the_quotes_are_the_answer_and_say_why(road: Road, written: str) -> None:
    answer = answered(road(FakeChat(written)).invoke(ASKED))
    assert answer.composed_by is Composer.QUOTES
    assert texts(answer)[0] == COST
    assert answer.fallback == DID_NOT_HOLD


def test_what_rests_on_what_only_may_answer_is_no_surer(road: Road) -> None:
    unsure = ConversationTurn(Question("How much money did the minister get?"))
    quoted = answered(road(FakeChat("NOT ANSWERED")).invoke(unsure))
    assert not quoted.clear
    answer = answered(road(FakeChat(GOOD)).invoke(unsure))
    assert answer.composed_by is Composer.MODEL
    assert not answer.clear
    assert f"{WRITTEN}\n{POSSIBLY}:\n" in reply_text(answer)
    assert POSSIBLY not in reply_text(answered(road(FakeChat(GOOD)).invoke(ASKED)))


def test_a_false_sentence_between_true_ones_is_dropped(road: Road) -> None:
    written = f"{GOOD} {INVENTED} The port minister, Anna Lund, opened it on 3 May 2010 [2]."
    answer = answered(road(FakeChat(written)).invoke(ASKED))
    assert "bank" not in reply_text(answer)
    assert texts(answer)[0].startswith("The harbour office said")


def test_true_sentences_that_rest_on_no_answering_quote_are_no_answer(road: Road) -> None:
    """What is true but beside the question doesn't push the answer away."""
    model = FakeChat(lambda system, user: [_about_ferries(user)])
    answer = answered(road(model).invoke(ASKED))
    assert answer.composed_by is Composer.QUOTES or COST in [quote.text for quote in answer.citations]


def _about_ferries(user: str) -> str:
    lines = [line for line in user.splitlines() if "Ferries are expected" in line]
    return f"Ferries are expected to use it from Monday {lines[0].split()[0]}." if lines else "Nothing."


def test_a_model_that_sees_no_answer_leaves_the_quotes(road: Road) -> None:
    answer = answered(road(FakeChat("NOT ANSWERED")).invoke(ASKED))
    assert answer.composed_by is Composer.QUOTES
    assert answer.fallback == SAW_NO_ANSWER


def test_a_model_that_breaks_off_leaves_a_whole_quoted_answer(road: Road) -> None:
    def script(system: str, user: str) -> Iterable[str]:
        yield f"{GOOD} The port minister "
        raise ChatError("the language model broke off")

    growing = [answered(reply) for reply in road(FakeChat(script)).stream(ASKED)]
    assert growing[0].unfinished
    assert growing[-1].composed_by is Composer.QUOTES
    assert growing[-1].fallback == FAILED
    assert texts(growing[-1])[0] == COST


UNANSWERED = ConversationTurn(Question("What did the government spend on harbours?"))
ELSEWHERE = ConversationTurn(Question("What is the capital of Mongolia?"))


def test_what_no_sentence_answers_surely_the_model_may_answer(road: Road) -> None:
    answer = answered(road(FakeChat(GOOD)).invoke(UNANSWERED))
    assert (answer.composed_by, answer.question.text) == (Composer.MODEL, UNANSWERED.question.text)
    assert [quote.text for quote in answer.citations] == [COST]


def test_what_is_true_of_something_else_leaves_the_refusal(road: Road) -> None:
    replies = list(road(FakeChat(f"{GOOD} {OPENED} [1].")).stream(ELSEWHERE))
    assert [type(reply) for reply in replies] == [Refusal], "nor is it shown meanwhile"


@pytest.mark.parametrize("written", ["NOT ANSWERED", INVENTED, "", ChatError("the language model took too long")])
def test_what_the_model_doesn_t_answer_either_stays_refused(road: Road, written: str | ChatError) -> None:
    def script(system: str, user: str) -> Iterator[str]:
        if isinstance(written, ChatError):
            raise written
        yield written

    model = FakeChat(script)
    refusal = road(model).invoke(UNANSWERED)
    assert isinstance(refusal, Refusal)
    assert model.asked
    assert [one.text for one in refusal.stopped][:1] == ([INVENTED.replace(" [1]", "")] if written == INVENTED else [])
    assert replace(refusal, stopped=()) == road(FakeChat("NOT ANSWERED")).invoke(UNANSWERED)


def test_how_a_case_ended_is_no_model_asked(road: Road) -> None:
    model = FakeChat(GOOD)
    assert isinstance(road(model).invoke(ConversationTurn(Question("Were the engineers convicted?"))), Refusal)
    assert model.asked == []


OPENED = "The port minister, Anna Lund, opened the new pier"


def test_a_sentence_that_fails_is_written_once_more_in_its_place(road: Road) -> None:
    def script(system: str, user: str) -> str:
        return f"{OPENED} [1]." if system == ONCE_MORE else f"The minister, Bo Lund, opened it for the bank [1]. {GOOD}"

    model = FakeChat(script)
    answer = answered(road(model).invoke(ASKED))
    assert texts(answer) == [f"{OPENED}.", GOOD.replace(" [1]", "")]
    (stopped,) = answer.stopped
    assert (stopped.text, stopped.cited) == ("The minister, Bo Lund, opened it for the bank.", (1,))
    assert stopped.support.stopped_by is CheckStep.FACTS
    _, (_, user) = model.asked
    assert "<sentence>The minister, Bo Lund, opened it for the bank.</sentence>" in user
    assert f"<reason>{stopped.support.reasons[0]}" in user
    assert COST in user
    for told in (reply_text(answer), str(reply_json(answer, id=None, seconds=0))):
        assert "Bo Lund" not in told


def test_what_leans_on_a_sentence_that_isn_t_shown_is_written_once_more(road: Road) -> None:
    opened = "It was opened yesterday by the port minister, Anna Lund"

    def script(system: str, user: str) -> str:
        return f"{OPENED} [1]." if system == ONCE_MORE else f"{opened} [1]. {GOOD} {opened} [1]."

    answer = answered(road(FakeChat(script)).invoke(ASKED))
    assert texts(answer) == [f"{OPENED}.", GOOD.replace(" [1]", ""), f"{opened}."]
    assert [(one.text, one.support.reasons) for one in answer.stopped] == [(f"{opened}.", (LEANS,))]


def test_what_fails_again_gives_way_to_the_quote_that_it_leans_on(road: Road) -> None:
    wrong = "The harbour office said that the new pier cost 32 million crowns [1]."
    first = f"Ferries are expected to use it from Monday [1]. {wrong} {INVENTED}"
    model = FakeChat(lambda system, user: [INVENTED if system == ONCE_MORE else first])
    answer = answered(road(model).invoke(ASKED))
    assert texts(answer)[1:] == [COST]
    assert answer.statements[1].support is None
    assert {one.text for one in answer.stopped} == {wrong.replace(" [1]", ""), INVENTED.replace(" [1]", "")}


def test_few_sentences_are_written_once_more(road: Road) -> None:
    model = FakeChat(" ".join(f"The bank in Oslo bought {count} piers [1]." for count in range(2, 9)))
    answer = answered(road(model).invoke(ASKED))
    assert [system for system, _ in model.asked] == [RULES] + [ONCE_MORE] * MOST_AGAIN
    assert len(answer.stopped) == 7 + MOST_AGAIN


def test_no_sentence_is_written_once_more_after_the_time_is_over(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Allowance, "left", property(lambda allowance: 1.0 if not model.asked else 0.0))
    model = FakeChat(f"{GOOD} {INVENTED}")
    answer = answered(road(model).invoke(ASKED))
    assert texts(answer) == [GOOD.replace(" [1]", "")]
    assert [system for system, _ in model.asked] == [RULES]


def test_a_sentence_is_out_before_the_next_is_written(road: Road) -> None:
    written: list[str] = []

    def script(system: str, user: str) -> Iterator[str]:
        for piece in (f"{GOOD} ", "The port minister, Anna Lund, opened it [2]. ", "And so on [1]."):
            written.append(piece)
            yield piece

    stream = road(FakeChat(script)).stream(ASKED)
    first = answered(next(stream))
    assert first.unfinished
    assert len(written) <= 2
    *_, last = stream
    assert not answered(last).unfinished
    assert texts(answered(last))[0] == texts(first)[0]

    async def in_an_event_loop() -> None:
        written.clear()
        pieces = road(FakeChat(script)).astream(ASKED)
        assert answered(await anext(pieces)).unfinished
        assert len(written) <= 2
        assert replace([reply async for reply in pieces][-1], usage=None) == replace(last, usage=None)

    asyncio.run(in_an_event_loop())


def test_an_article_taken_back_while_it_is_written_about_is_not_shown(tmp_path: Path, encoder: SentenceEncoder) -> None:
    store, book = store_in(tmp_path, encoder), NoticeStore(tmp_path / "c.sqlite3")

    def script(system: str, user: str) -> Iterator[str]:
        if not book.history():
            book.add(Notice("harbour", NoticeKind.WITHDRAWAL, "why", "ana", datetime(2026, 5, 3, tzinfo=UTC)))
        yield GOOD

    reply = road_over(store, encoder)(FakeChat(script)).invoke(ASKED)
    assert "31 million" not in reply_text(reply)
    book.close()
    store.close()


class Watcher(BaseCallbackHandler):
    """Notes what ran."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def on_chain_start(self, serialized: Any, inputs: Any, *, name: str = "", **kwargs: Any) -> None:
        self.names.append(name)

    def on_chat_model_start(self, serialized: Any, messages: Any, **kwargs: Any) -> None:
        self.names.append("chat model")


def test_it_is_a_runnable_in_every_way(road: Road) -> None:
    with scripted(lambda exchange: exchange.says(GOOD)) as server:
        model = open_chat_model(None, url=server.url, key=None, bounds=Bounds(), budget=DailyBudget(10**6))
        chain, watcher = road(model), Watcher()
        one = chain.invoke(ASKED, config={"callbacks": [watcher]})
        assert {"archive_qa", "analyze", "retrieve", "compose", "generate", "chat model"} <= set(watcher.names)
        assert chain.batch([ASKED, ASKED]) == [one, one]

        async def alike() -> None:
            assert await chain.ainvoke(ASKED) == one
            assert [reply async for reply in chain.astream(ASKED)][-1] == one
            assert await chain.abatch([ASKED, ASKED]) == [one, one]

        asyncio.run(alike())


def killed(exchange: Exchange) -> None:
    exchange.begin()
    exchange.piece(f"{GOOD} The port minister")
    exchange.cut()


@pytest.mark.parametrize("failing", [killed, lambda exchange: exchange.status(500), lambda exchange: exchange.says("")])
def test_over_http_a_failure_leaves_the_whole_quoted_answer(road: Road, failing: Any) -> None:
    with scripted(failing) as server:
        bounds = Bounds(seconds=5, retries=0)
        model = open_chat_model(None, url=server.url, key=None, bounds=bounds, budget=DailyBudget(10**6))
        started = time.monotonic()
        answer = answered(road(model).invoke(ASKED))
        assert time.monotonic() - started < 30, "it doesn't hang"
    assert texts(answer)[0] == COST
    assert answer.fallback in {FAILED, DID_NOT_HOLD}


def test_no_words_that_an_owner_limits_are_given_to_a_model(tmp_path: Path, encoder: SentenceEncoder) -> None:
    store = store_in(tmp_path, encoder)
    limited = replace(
        HARBOUR, source=replace(HARBOUR.source, quote_limit=6), metadata=Metadata(rights=Rights(quote_limit=6))
    )
    store.put(encode_articles([delivered(limited)], encoder))
    model = FakeChat(GOOD)
    answer = answered(road_over(store, encoder)(model).invoke(ASKED))
    assert model.asked == []
    assert (answer.composed_by, answer.fallback) == (Composer.QUOTES, None)
    assert texts(answer) == ["new pier cost 31 million crowns,"]
    store.close()
