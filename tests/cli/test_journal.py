"""The journal on the command line: look at an answer, take answers along, delete the old ones."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.models.archive import Article, Source
from qa.models.journal import Channel, Cited, Decision, Making, Record, Rejected, State
from qa.models.replies import Answer, Citation, Question, Statement
from qa.review.gate import read_known, read_rejected
from qa.store.journal.opening import Journal, opened_journal

from .conftest import Qa, asked_over, filled

NOW = datetime.now(UTC)
WORDS = "The river rose by three metres on Sunday night."
IDS = ("-starts-with-a-dash-12", "another_answer_1234567", "withheld_answer_123456")


def kept(answer_id: str, at: datetime) -> Record:
    source = Source("river", "River rises by three metres", "Daily Post")
    quote = Citation(1, source, 0, len(WORDS), WORDS)
    reply = Answer(Question(f"What rose? {answer_id}"), (Statement(WORDS, (quote,)),))
    cited = (Cited.of(Article(source, WORDS)),)
    making = Making("0.1.0", "fake:64:0")
    return Record(answer_id, at, Channel.PAGE, reply.question.text, reply, cited, making, 0.25)


@pytest.fixture(scope="module")
def answers_home(tmp_path_factory: pytest.TempPathFactory, news: Path) -> Path:
    """An archive with three answers, of today, of ten days ago, and one that was withheld; for reading only."""
    home = filled(tmp_path_factory.mktemp("answers"), news)
    with opened_journal(home) as journal:
        for answer_id, days in zip(IDS, (0, 10, 20), strict=True):
            journal.records.add(kept(answer_id, NOW - timedelta(days=days)), key=answer_id)
        review = journal.reviews.of_answer(IDS[2])
        withheld = Decision(review.number, 0, IDS[2], State.WITHHELD, "ada", NOW, reason="It named a person.")
        journal.reviews.decide(withheld)
    return home


@pytest.fixture
def answers(answers_home: Path, monkeypatch: pytest.MonkeyPatch) -> Qa:
    return asked_over(answers_home, monkeypatch)


@pytest.fixture
def journal_home(answers_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(answers_home, tmp_path / "data"))


@pytest.fixture
def journal(journal_home: Path, monkeypatch: pytest.MonkeyPatch) -> Qa:
    """The same over a copy, which may be changed."""
    return asked_over(journal_home, monkeypatch)


def ids(home: Path) -> set[str]:
    def named(opened: Journal) -> set[str]:
        beginning, end = datetime(1, 1, 1, tzinfo=UTC), NOW + timedelta(days=1)
        return {one.answer_id for one in opened.records.between(beginning, end)}

    with opened_journal(home) as opened:
        return named(opened)


def test_an_answer_is_shown_even_where_its_id_begins_with_a_dash(answers: Qa) -> None:
    told = answers("journal", "show", IDS[0])
    assert told.code == 0
    assert WORDS in told.out
    assert "Not checked by staff." in told.out
    assert "river: Its headline or text was changed since." in told.out


def test_the_staff_see_what_was_withheld(answers: Qa) -> None:
    told = answers("journal", "show", IDS[2], "--json").json
    assert told["check"]["state"] == "withheld"
    assert told["reply"]["citations"][0]["quote"] == WORDS
    assert told["making"]["encoder"] == "fake:64:0"


@pytest.mark.parametrize("name", ["nothing", "../../etc/passwd", "unknown-unknown-unknow"])
def test_no_such_answer(answers: Qa, name: str) -> None:
    told = answers("journal", "show", name)
    assert told.code == 2
    assert "The journal holds no answer" in told.err


def test_answers_are_exported_but_for_withheld_ones(answers: Qa) -> None:
    told = answers("journal", "export")
    assert [one["answer_id"] for one in told.lines] == [IDS[0], IDS[1]]
    assert told.lines[0]["address"] == f"http://127.0.0.1:7860/answer/{IDS[0]}"
    assert "withheld answers that are left out: 1" in told.err


def test_an_export_is_held_to_days_and_form(answers: Qa) -> None:
    day = f"{NOW:%Y-%m-%d}"
    told = answers("journal", "export", "--from", day, "--format", "csv", "--address", "https://a.example/")
    (row,) = csv.DictReader(io.StringIO(told.out))
    assert row["address"] == f"https://a.example/answer/{IDS[0]}"
    assert answers("journal", "export", "--until", "2001-01-01").out == ""
    for kind in ("md", "bib", "ris"):
        assert WORDS in answers("journal", "export", "--format", kind).out


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_no_address_leads_to_every_machine(answers: Qa, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("QA_HOST", host)
    assert "--address" in answers("journal", "export").err
    assert answers("journal", "export", "--address", "https://a.example").code == 0
    monkeypatch.setenv("QA_HOST", "::1")
    assert answers("journal", "export").lines[0]["address"] == f"http://[::1]:7860/answer/{IDS[0]}"


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "--from", "2006-01-02", "--until", "2006-01-01"),
        ("export", "--address", "<b>"),
        ("export", "--format", "exe"),
        ("purge", "--days", "-1"),
        ("purge", "--days", "99999999999"),
        ("purge", "--days", "999999"),
    ],
)
def test_what_cannot_be_used(answers: Qa, arguments: tuple[str, ...]) -> None:
    assert answers("journal", *arguments).code == 2


def test_the_last_day_of_the_calendar(answers: Qa) -> None:
    assert len(answers("journal", "export", "--until", "9999-12-31").lines) == 2


def test_old_answers_are_deleted_but_for_those_that_were_decided_on(journal: Qa, journal_home: Path) -> None:
    told = journal("journal", "purge", "--days", "5")
    assert told.code == 0
    assert told.out.startswith("Deleted 1 answer from before")
    assert ids(journal_home) == {IDS[0], IDS[2]}


def test_the_setting_counts_and_nought_keeps_everything(
    journal: Qa, journal_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_JOURNAL_DAYS", "0")
    assert "Nothing was deleted" in journal("journal", "purge").out
    assert len(ids(journal_home)) == 3
    monkeypatch.setenv("QA_JOURNAL_DAYS", "5")
    journal("journal", "purge")
    assert len(ids(journal_home)) == 2


def test_imports_are_noted_and_failures_stay_until_their_file_is_read(qa: Qa, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text("{\n", encoding="utf-8")
    assert qa("ingest", path, tmp_path / "missing.txt").code == 1
    with opened_journal(home) as journal:
        (first,) = journal.imports.newest()
        failed = {failure.path for failure, _ in journal.imports.failures()}
    assert (first.added, first.failed) == (0, 2)
    assert first.ended_at is not None
    assert failed == {str(path), str(tmp_path / "missing.txt")}
    path.write_text('{"id": "a", "title": "Bridge", "text": "The bridge was opened."}\n', encoding="utf-8")
    assert qa("ingest", path).code == 0
    with opened_journal(home) as journal:
        assert journal.imports.newest()[0].added == 1
        assert {failure.path for failure, _ in journal.imports.failures()} == {str(tmp_path / "missing.txt")}


def test_verdicts_are_written_down_as_known_questions(journal_home: Path, journal: Qa, tmp_path: Path) -> None:
    assert journal("journal", "known").out == ""
    with opened_journal(journal_home) as opened:
        review = opened.reviews.of_answer(IDS[0])
        opened.reviews.decide(Decision(review.number, 0, IDS[0], State.APPROVED, "ada", NOW))
    path = tmp_path / "questions.jsonl"
    path.write_text(journal("journal", "known").out, encoding="utf-8")
    (known,) = read_known(path)
    assert (known.question, [answer.sentence for answer in known.answers]) == (f"What rose? {IDS[0]}", [WORDS])


def test_what_was_rejected_is_written_down_as_cases_of_a_gate(journal_home: Path, journal: Qa, tmp_path: Path) -> None:
    assert journal("journal", "rejected").out == ""
    words = Rejected("What rose?", "river", 0, len(WORDS), WORDS)
    with opened_journal(journal_home) as opened:
        review = opened.reviews.of_answer(IDS[0])
        opened.reviews.decide(Decision(review.number, 0, IDS[0], State.OPEN, "ada", NOW), rejected=[words])
    told = journal("journal", "rejected")
    path = tmp_path / "rejected.jsonl"
    path.write_text(told.out, encoding="utf-8")
    assert read_rejected(path) == [words]
