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


def test_the_dialogues_are_of_both_languages() -> None:
    assert len({one["id"] for one in DIALOGUES}) == len(DIALOGUES)
    assert sum(one["language"] == "en" for one in DIALOGUES) >= 28
    assert sum(one["language"] == "es" for one in DIALOGUES) >= 12
