"""After an erasure no question has to go on telling what was erased."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qa.cli import articles
from qa.store.journal.records import BLANKED
from qa.text.repetition import Repetition
from tests.cli.conftest import Qa, run, use
from tests.fakes import FakeEncoder

Put = Callable[[str, str], Path]
BODY = "The xylophonist Ana de la Quirk kept quiet about the missing ledger. The council met in Lisbon on Monday."
QUESTIONS = (
    "Why did ana de la quirk leave?",
    "Is it true that she kept quiet about the missing ledger?",
    "Who met on Monday?",
)


@pytest.fixture
def qa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Qa:
    """`qa` with a quick encoder over an archive of two articles, that was asked some questions."""
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QA_HOME", str(tmp_path / "data"))
    use(FakeEncoder(), monkeypatch)
    (tmp_path / "secret.txt").write_text(f"Heliotropes\n\n{BODY}", encoding="utf-8")
    (tmp_path / "river.txt").write_text("River rises\n\nThe river rose by three metres.", encoding="utf-8")
    run("ingest", tmp_path / "secret.txt", tmp_path / "river.txt")
    for question in QUESTIONS:
        run("ask", question)
    return run


def traces(folder: Path, *texts: bytes) -> list[bytes]:
    whole = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()
    return [text for text in texts if text in whole]


ERASE = ("withdraw", "secret", "--reason", "Asked for.", "--erase", "--json")


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ("Why did Ana de la Quirk leave?", True),
        ("why did ANA DE LA QUÍRK leave", True),
        ("kept quiet about the missing", True),
        ("kept quiet about the other", False),
        ("What did the council decide?", False),
        ("Who met in Porto on Monday?", False),
        ("Who is Quirk?", False),
        ("", False),
    ],
)
def test_what_counts_as_repeating(text: str, repeated: bool) -> None:
    assert Repetition([BODY])(text) is repeated


def test_the_count_is_told_and_the_questions_are_blanked_later(qa: Qa, tmp_path: Path) -> None:
    told = qa(*ERASE)
    assert told.code == 0
    assert told.json["questions"] == {"repeating": 2, "answers": 2, "blanked": False}
    assert "2 kept questions repeat words of it" in told.err
    assert "--blank-questions" in told.err
    assert traces(tmp_path / "data", b"quirk", b"missing ledger")
    again = qa("withdraw", "secret", "--erase", "--blank-questions", "--json")
    assert again.json["questions"] == {"repeating": 2, "answers": 2, "blanked": True}
    assert not traces(tmp_path / "data", b"quirk", b"missing ledger", b"xylophonist")


def test_questions_are_blanked_at_once_and_the_records_stay_sealed(qa: Qa, tmp_path: Path) -> None:
    assert qa(*ERASE, "--blank-questions").json["questions"]["blanked"]
    assert not traces(tmp_path / "data", b"quirk", b"missing ledger", b"xylophonist")
    assert len(qa("journal", "export").lines) == 3, "that something was asked, and when, stays"
    with closing(sqlite3.connect(tmp_path / "data" / "journal.sqlite3")) as journal:
        for table in ("reviews", "records"):
            kept = [question for (question,) in journal.execute(f"SELECT question FROM {table} ORDER BY question")]
            assert kept == [BLANKED, BLANKED, QUESTIONS[2]]
    assert qa("audit", "verify").code == 0
    assert qa("check").code == 0
    assert qa("ask", QUESTIONS[0]).code == 0
    assert qa(*ERASE).json["questions"]["repeating"] == 0


def test_questions_are_kept_where_that_is_said(qa: Qa, tmp_path: Path) -> None:
    told = qa(*ERASE, "--keep-questions")
    assert told.json["questions"] == {"repeating": 2, "answers": 2, "blanked": False}
    assert traces(tmp_path / "data", b"quirk")
    assert qa(*ERASE).json["questions"]["repeating"] == 0


@pytest.mark.parametrize("answer", [True, False])
def test_at_a_terminal_it_is_asked(qa: Qa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bool) -> None:
    asked: list[str] = []
    monkeypatch.setattr(articles, "asks", lambda question: (asked.append(question), answer)[1])
    assert qa(*ERASE[:-1]).code == 0
    (question,) = asked
    assert "2 kept questions repeat words of it" in question
    assert bool(traces(tmp_path / "data", b"quirk")) is not answer


def test_nothing_is_asked_where_no_question_repeats_it(qa: Qa) -> None:
    told = qa("withdraw", "river", "--reason", "Asked for.", "--erase")
    assert (told.code, told.err) == (0, "")
