"""The page of the evaluation: its figures lead to their questions, its curves are drawn without script."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.models.journal import Channel, Decision, Making, ReaderReport, ReportKind, Role, State
from qa.models.replies import Question
from qa.models.support import Prices, Usage
from qa.review.permanent import Recorder

from .desk_door import Desk
from .fake_room import FakeRoom

ASKED = ("How many were arrested?", "Why nowhere?", "Which court is it?")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def ask(desk: Desk, text: str, at: datetime) -> str:
    room = FakeRoom()
    recorder = Recorder(desk.journal.records, room.article, Making("0", "e"), now=lambda: at)
    return recorder.keep(room.reply(Question(text)), channel=Channel.PAGE, seconds=0.1)


def test_every_figure_leads_to_as_many_questions(desk: Desk) -> None:
    browser = desk.signed_in(Role.READER.value)
    assert "Nothing was asked yet." in browser.get("/staff/evaluation").text
    now = datetime.now(UTC)
    ids = [ask(desk, text, now) for text in ASKED]
    desk.journal.reviews.report(ReaderReport(ids[0], ReportKind.UNHELPFUL, "", now))
    page = browser.get("/staff/evaluation").text
    figures = re.findall(r'<td><a href="(.*?)">(\d+)</a>', page)
    assert len(figures) == 3 + 3 + 2
    for address, figure in figures:
        listed = browser.get(html.unescape(address)).text
        assert listed.count("<h3>") == int(figure), address
        assert "Of the evaluation:" in listed
    assert "<polyline" not in page


def test_what_a_language_model_used_is_shown_by_day_and_at_its_prices(tmp_path: Path) -> None:
    desk, now = Desk(tmp_path, prices=Prices(2.0, 10.0, 0.5)), datetime.now(UTC)
    room = FakeRoom()
    written = list(room.replies(Question("written arrested")))[-1]
    refused = room.reply(Question(ASKED[1]))
    kept = (
        (written, 0, Usage(30_000, 10_000, 200, 3, False, 2.5)),
        (written, 1, Usage(1_000, 0, 20, 1, True, 1.0)),
        (refused, 1, Usage(500, 0, 0, 1, False, 0.1)),
        (written, 40, Usage(9_000_000, 0, 0, 1, False, 0.1)),
    )
    for reply, days, usage in kept:
        recorder = Recorder(
            desk.journal.records, room.article, Making("0", "e", "lab:model"), now=lambda at=now - timedelta(days): at
        )
        answer_id = recorder.keep(replace(reply, usage=usage), channel=Channel.PAGE, seconds=0.1)
    browser = desk.signed_in(Role.CHECKER.value)
    page = browser.get("/staff/evaluation").text
    table = page[page.index("<h2>Language model</h2>") : page.index("<h2>Known questions</h2>")]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall("<tr>(.*?)</tr>", table, re.DOTALL)]
    assert [row[1:] for row in rows] == [
        ["answers written", "tokens read", "from the cache", "tokens written", "cost"],
        ["1", "30,000", "10,000", "200", "0.0470"],
        ["1", "≈\u00a01,500", "≈\u00a00", "≈\u00a020", "≈\u00a00.00320"],
        ["2", "≈\u00a031,500", "≈\u00a010,000", "≈\u00a0220", "≈\u00a00.0502"],
    ]
    review = desk.journal.reviews.of_answer(answer_id)
    shown = browser.get(f"/staff/review/{review.number}").text
    used = "Language model lab:model: 1 text, 9,000,000 tokens read, 0 of them from the cache, 0 written, in 0.1 s."
    assert f"{used} Cost at today’s prices: 18.00." in shown


def test_curves_take_two_weeks(desk: Desk) -> None:
    browser = desk.signed_in(Role.READER.value)
    now = datetime.now(UTC)
    for days in (0, 15):
        ask(desk, ASKED[1], datetime.fromtimestamp(now.timestamp() - days * 86_400, UTC))
    page = browser.get("/staff/evaluation").text
    assert '<polyline class="refused" points="0.0,0.0 ' in page
    assert "style=" not in page
    assert "<script" not in page


def test_odd_narrowings_are_no_narrowing(desk: Desk) -> None:
    ask(desk, ASKED[0], datetime.now(UTC))
    browser = desk.signed_in(Role.READER.value)
    odd = browser.get("/staff?show=all&grade=best&week=soon&kind=%3Cb%3E").text
    assert (odd.count("<h3>"), "Of the evaluation:" in odd) == (1, False)
    none = browser.get("/staff?show=all&outlet=%3Cscript%3E").text
    assert none.count("<h3>") == 0
    assert "<script>" not in none


def test_verdicts_are_a_file_of_known_questions(desk: Desk) -> None:
    refused = ask(desk, ASKED[1], datetime.now(UTC))
    review = desk.journal.reviews.of_answer(refused)
    desk.journal.reviews.decide(Decision(review.number, 0, refused, State.APPROVED, "ada", datetime.now(UTC)))
    file = desk.signed_in(Role.READER.value).get("/staff/evaluation/questions.jsonl")
    assert 'filename="questions.jsonl"' in file.headers["content-disposition"]
    (line,) = map(json.loads, file.text.splitlines())
    assert (line["question"], line["answerable"], line["answers"]) == (ASKED[1], False, [])
    assert desk.browser().get("/staff/evaluation/questions.jsonl").status_code == 303
