"""A journal that was tampered with, or still holds what is to be erased, is found out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.models.journal import AuditedAct, Channel, Making
from qa.models.replies import Question
from qa.review.permanent import Recorder
from qa.store.books import JOURNAL
from qa.store.journal.opening import Journal, opened_journal
from tests.journal.conftest import NOW
from tests.web.fake_room import WIRE, FakeRoom


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with opened_journal(tmp_path) as opened:
        room = FakeRoom()
        recorder = Recorder(opened.records, room.article, Making("0", "e"))
        recorder.keep(room.reply(Question("Who was arrested?")), channel=Channel.PAGE, seconds=0.1)
        for what in ("one", "two"):
            opened.audit.add(AuditedAct("ada", what, "it", NOW))
        yield opened


def test_a_sound_one(journal: Journal) -> None:
    assert list(journal.problems(erased=["another"])) == []


def test_a_changed_entry_of_the_log(journal: Journal, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / JOURNAL.file) as file:
        file.execute("DROP TRIGGER audit_stays")
        file.execute("UPDATE audit SET who = 'eve' WHERE number = 2")
    (problem,) = journal.problems(erased=[])
    assert problem.what == "the audit log: Entry 2 was changed, or an entry before it."


def test_a_reply_that_still_quotes_what_is_to_be_erased(journal: Journal) -> None:
    (problem,) = journal.problems(erased=[WIRE.article_id])
    assert (problem.article_id, "1 kept replies still quote it" in problem.what) == (WIRE.article_id, True)
    journal.records.forget_articles([WIRE.article_id])
    assert list(journal.problems(erased=[WIRE.article_id])) == []
