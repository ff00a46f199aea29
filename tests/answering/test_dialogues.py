"""Dialogues over the demo archive: each follow-up made to stand alone, and answered from the article that answers it.

Those marked `held` were written after the rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.answering.following.standing_alone import stand_alone
from qa.domain.replies import Answer, Question
from qa.embedding.sentence_encoder import SentenceEncoder
from qa.indexing.ingesting import ingest
from qa.reading.metadata import Defaults
from qa.settings import Settings
from qa.wiring.archive import Archive
from qa.wiring.filling import records
from qa.wiring.parts import shelf_of

HERE = Path(__file__).parent
Dialogue = dict[str, Any]
DIALOGUES: list[Dialogue] = [json.loads(line) for line in (HERE / "dialogues.jsonl").read_text("utf-8").splitlines()]
ANSWERED = [one for one in DIALOGUES if any("quotes" in turn for turn in one["turns"])]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, exact_encoder: SentenceEncoder) -> Iterator[Archive]:
    settings = Settings(home=tmp_path_factory.mktemp("archive"), chroma_url=None)
    with shelf_of(settings, writing=True, making=True) as made:
        found = records([str(HERE.parents[1] / "corpus" / "*.md")], Defaults())
        assert not ingest(
            found, shelf=made, encoder=exact_encoder, claim=lambda: made.claim(exact_encoder.fingerprint)
        ).failed
    with shelf_of(settings) as made:
        yield Archive(made, exact_encoder)


def follow_ups(dialogue: Dialogue) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Each turn but the first, with what was asked before it."""
    asked = [turn["asked"] for turn in dialogue["turns"]]
    for number, turn in enumerate(dialogue["turns"][1:], start=1):
        yield turn, asked[:number]


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda one: one["id"])
def test_a_follow_up_stands_alone(dialogue: Dialogue) -> None:
    for turn, before in follow_ups(dialogue):
        text, expected = stand_alone(turn["asked"], before), turn["alone"]
        if isinstance(expected, list):
            assert text in expected
        else:
            assert all(part.lower() in text.lower() for part in expected["holds"]), text
            assert not any(part.lower() in text.lower() for part in expected.get("lacks", ())), text


@pytest.mark.parametrize("dialogue", ANSWERED, ids=lambda one: one["id"])
def test_a_follow_up_is_answered_by_the_article_that_answers_it(archive: Archive, dialogue: Dialogue) -> None:
    for turn, before in follow_ups(dialogue):
        if "quotes" not in turn:
            continue
        reply = archive.reply(Question(turn["asked"]), history=before)
        assert isinstance(reply, Answer), turn["asked"]
        expected = turn["quotes"]
        quoted = [quote.text for quote in reply.quotes if quote.source.article_id == expected["article"]]
        assert any(expected["words"] in text for text in quoted), (reply.understood_as, quoted)


def test_the_dialogues_are_of_both_languages_and_some_were_written_after_the_rules() -> None:
    assert len({one["id"] for one in DIALOGUES}) == len(DIALOGUES)
    assert sum(one["language"] == "en" for one in DIALOGUES) >= 28
    assert sum(one["language"] == "es" for one in DIALOGUES) >= 12
    assert sum(one["held"] for one in DIALOGUES) >= 12
    unchanged = [turn for one in DIALOGUES for turn in one["turns"][1:] if turn["alone"] == [turn["asked"]]]
    assert len(unchanged) >= 5
