"""Dialogues over the demo archive: each follow-up answered from the article that answers it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.archive.archive import Archive
from qa.models.replies import Answer, Question
from tests.archives import Prepared

HERE = Path(__file__).parent
Dialogue = dict[str, Any]
DIALOGUES: list[Dialogue] = [json.loads(line) for line in (HERE / "dialogues.jsonl").read_text("utf-8").splitlines()]
ANSWERED = [one for one in DIALOGUES if any("quotes" in turn for turn in one["turns"])]


@pytest.fixture(scope="module")
def archive(demo: Prepared) -> Archive:
    assert not demo.report.failed
    return demo.archive


def follow_ups(dialogue: Dialogue) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Each turn but the first, with what was asked before it."""
    asked = [turn["asked"] for turn in dialogue["turns"]]
    for number, turn in enumerate(dialogue["turns"][1:], start=1):
        yield turn, asked[:number]


def test_most_follow_ups_are_answered_by_the_article_that_answers_them(archive: Archive) -> None:
    """Three quarters of them are wanted, which is 27; 31 are."""
    turns = [(turn, before) for dialogue in ANSWERED for turn, before in follow_ups(dialogue) if "quotes" in turn]
    right = 0
    for turn, before in turns:
        reply = archive.reply(Question(turn["asked"]), history=before)
        quotes = reply.citations if isinstance(reply, Answer) else ()
        article, words = turn["quotes"]["article"], turn["quotes"]["words"]
        right += any(quote.source.article_id == article and words in quote.text for quote in quotes)
    assert len(turns) == 35
    assert right >= 29


def test_a_follow_up_on_the_operation_asked_about_quotes_no_article_on_some_other_case(archive: Archive) -> None:
    before = ["What was Operation Landmark?", "How many were arrested overall?"]
    reply = archive.reply(Question("And in Spain?"), history=before)
    assert isinstance(reply, Answer)
    assert "the Guardia Civil made one arrest" in reply.statements[0].text
    assert {quote.source.article_id for quote in reply.citations} == {"2001-11-29-bbc-and-el-pais-operation-landmark"}


def test_what_may_lean_but_is_not_answered_so_is_asked_by_itself(archive: Archive) -> None:
    reply = archive.reply(Question("How many homes were searched?"), history=["Who wrote the anthem of Norway?"])
    assert isinstance(reply, Answer)
    assert "homes searched" in reply.statements[0].text
    assert reply.understood_as is None


def test_a_time_of_the_question_before_in_which_nothing_fits_is_left_out(archive: Archive) -> None:
    question, before = Question("How many people were arrested?"), "Who was prime minister of Spain in 2010?"
    reply, alone = archive.reply(question, history=[before]), archive.reply(question)
    assert isinstance(reply, Answer)
    assert isinstance(alone, Answer)
    assert (reply.limits, reply.statements) == (alone.limits, alone.statements)


def test_what_was_asked_before_on_another_matter_keeps_no_answer_away(archive: Archive) -> None:
    before = "¿A cuántos años de prisión fueron condenados finalmente los detenidos en Cerbero?"
    reply = archive.reply(Question("¿Tiene Europol poderes ejecutivos?"), history=[before])
    assert isinstance(reply, Answer)
    assert "has no executive powers" in reply.statements[0].text


@pytest.mark.parametrize("before", ["What was Operation Carousel?", "What is INHOPE?"])
def test_what_says_no_case_is_asked_of_that_before_where_several_would_answer(archive: Archive, before: str) -> None:
    question = Question("How many homes did they search here, and in how many provinces?")
    alone, behind = archive.reply(question), archive.reply(question, history=[before])
    assert isinstance(alone, Answer)
    assert isinstance(behind, Answer)
    events = [{one.event.name for one in reply.statements if one.event} for reply in (alone, behind)]
    assert events[0] > {"Operation Carousel"}
    # A body is no case: what was asked before it is of no help.
    assert events[1] == ({"Operation Carousel"} if "Carousel" in before else events[0])


def test_a_description_without_a_name_is_of_what_was_asked_before(archive: Archive) -> None:
    before = "What did the Spanish interior minister tell the press about the March 2005 searches?"
    reply = archive.reply(Question("What is the minister's name?"), history=[before])
    assert isinstance(reply, Answer)
    assert reply.direct
    assert reply.direct.text == "José Antonio Alonso"


def test_the_dialogues_are_of_both_languages() -> None:
    assert len({one["id"] for one in DIALOGUES}) == len(DIALOGUES)
    assert sum(one["language"] == "en" for one in DIALOGUES) >= 28
    assert sum(one["language"] == "es" for one in DIALOGUES) >= 12
