"""The controller of the asking page, without a browser."""

from __future__ import annotations

import logging

import pytest

from qa.web.context import TROUBLE, WebContext
from qa.web.limits import TOO_MANY, Limits
from qa.web.page import Conversation, ConversationView, QuestionController

from .fake_room import FakeRoom
from .test_turns import TRANSLATING, WRITING

SEARCHING = "Searching the archive…"
NOTHING_YET = Conversation()


def desk(room: FakeRoom, *, per_minute: int = 100, turns: int = 6) -> QuestionController:
    limits = Limits(requests_per_minute=per_minute, history_turns=turns)
    return QuestionController(WebContext(room, limits=limits))


def asked(
    controller: QuestionController, text: str, conversation: Conversation = NOTHING_YET, first: str = ""
) -> list[ConversationView]:
    return list(controller.views(text, first, "", conversation, host="127.0.0.1"))


def test_first_it_says_that_it_searches_then_it_answers(room: FakeRoom) -> None:
    waiting, answered = asked(desk(room), "How many were arrested?")
    assert SEARCHING in waiting.html
    assert waiting.conversation.turns == ()
    assert "#s2" in answered.html
    assert answered.conversation.questions == ("How many were arrested?",)
    assert (answered.notice, answered.box) == ("", "")


def test_a_written_answer_is_shown_as_it_grows_and_kept_when_it_is_whole(room: FakeRoom) -> None:
    waiting, growing, whole = asked(desk(room), "How many were arrested? It is written.")
    assert SEARCHING in waiting.html
    assert WRITING in growing.html
    assert WRITING not in whole.html
    assert "The second" in whole.html
    assert "The second" not in growing.html
    assert growing.conversation.turns == ()
    assert len(whole.conversation.turns) == 1


def test_an_answer_is_shown_while_it_is_translated_and_kept_once(room: FakeRoom) -> None:
    waiting, growing, whole = asked(desk(room), "How many were arrested? It is translated.")
    assert SEARCHING in waiting.html
    assert "ayer fueron arrestadas" in growing.html
    assert "Machine translation" not in growing.html
    assert TRANSLATING in growing.html
    assert TRANSLATING not in whole.html
    assert "Machine translation by lab:model, not checked:" in whole.html
    assert "&lt;b&gt;arrested" in whole.html
    assert growing.conversation.turns == ()
    assert len(whole.conversation.turns) == 1


def test_every_quote_leads_to_the_sentence_it_stands_in(room: FakeRoom) -> None:
    answered = asked(desk(room), "What is the background?")[-1]
    assert "/article/2005-03-16-reuters?quoted=5,28#s28" in answered.html
    assert "/article/2005-03-16-reuters?quoted=5,28#s5" in answered.html


def test_history_goes_along_and_is_bounded(room: FakeRoom) -> None:
    controller, conversation = desk(room, turns=2), Conversation()
    for text in ("one", "two", "three", "four"):
        conversation = asked(controller, text, conversation)[-1].conversation
    assert [history for _, history in room.asked] == [(), ("one",), ("one", "two"), ("two", "three")]
    assert len(conversation.turns) == 2


def test_a_question_that_cannot_be_asked_stays_in_the_box(room: FakeRoom) -> None:
    for text, first, words in [
        ("", "", "The question is empty"),
        ("Who?", "soon", "isn’t a date"),
        ("x" * 1_001, "", "1,001"),
    ]:
        (view,) = asked(desk(room), text, first=first)
        assert words in view.notice
        assert view.box == text
    assert room.asked == []


@pytest.mark.parametrize("text", ["broken", "bug"])
def test_a_failure_is_told_without_its_inner_words(room: FakeRoom, text: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        _, view = asked(desk(room), text)
    assert TROUBLE in view.notice
    assert "secret" not in view.notice
    assert (view.box, view.html) == (text, "")


def test_a_refusal_of_the_room_is_told_in_its_words(room: FakeRoom) -> None:
    assert "can’t be asked as it stands" in asked(desk(room), "refused")[-1].notice


def test_too_many_questions(room: FakeRoom) -> None:
    controller = desk(room, per_minute=1)
    conversation = asked(controller, "arrested")[-1].conversation
    (view,) = asked(controller, "again", conversation)
    assert TOO_MANY in view.notice
    assert view.box == "again"
    assert view.conversation == conversation


def test_a_kept_conversation_comes_back_and_a_forged_one_does_not(room: FakeRoom) -> None:
    controller = desk(room)
    answered = asked(controller, "arrested")[-1]
    sealed = answered.html.split('data-kept="')[1].split('"')[0]
    assert controller.restored(sealed) == answered
    assert controller.restored(f"x{sealed}").html == ""
    assert desk(room).restored(sealed).html == ""
    assert controller.restored("").html == ""


def test_below_an_answer_stand_questions_to_ask_next_none_of_them_asked_before(room: FakeRoom) -> None:
    first = asked(desk(room), "How many were arrested?")[-1]
    assert "Ask next:" in first.html
    assert "Who &lt;b&gt;proposed&lt;/b&gt; it?" in first.html
    link = '<a href="/ask?question=How%20many%20people%20were%20arrested%20in%20Spain%3F"'
    assert link in first.html
    second = asked(desk(room), "How many people were arrested in Spain?", first.conversation)[-1]
    assert link not in second.conversation.turns[-1][1]
    growing = asked(desk(room), "How many were arrested? It is written.")[1]
    assert "Ask next:" not in growing.html
