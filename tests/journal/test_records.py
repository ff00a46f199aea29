"""What is kept of a question is what was shown, byte for byte, until its time is over or its source is erased."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from qa.errors import StoreMismatch
from qa.models.journal import Decision, ReaderReport, ReportKind, State
from qa.models.replies import Agreement, Answer, Conflict, Party, Question, Reply, WritingProgress
from qa.models.support import Check, Stopped, Support, Verdict
from qa.models.translations import Translation
from qa.store.journal.opening import JOURNAL, Journal, opened_journal
from qa.store.journal.records import reply_of, reply_text
from qa.text.timeframes import timeframe_of
from tests.web.fake_room import SUMMARY, WIRE, FakeRoom

from .conftest import NOW, record

ROOM = FakeRoom()


def answer(text: str) -> Reply:
    return ROOM.reply(Question(f"{text} arrested"))


def refusal(text: str) -> Reply:
    return ROOM.reply(Question(text))


def compared() -> Answer:
    """An answer with everything that an answer can hold."""
    plain = ROOM.reply(
        Question("arrested", NOW.date(), None, "Post", "en", timeframe_of("in March 2005", today=NOW.date()))
    )
    assert isinstance(plain, Answer)
    quote = plain.citations[0]
    parties = (
        Party(19.0, "19", False, "arrested", "the ministry", quote),
        Party("nineteen", "nineteen", True, None, None, quote),
    )
    conflict = Conflict("people", "ES", parties)
    agreement = Agreement("people", "19", 2, (SUMMARY.source, WIRE.source))
    return replace(plain, conflicts=(conflict,), agreement=agreement, notices=("Old.",))


@pytest.mark.parametrize("text", ["arrested", "court", "evil", "outcome", "guilty", "anything", "background"])
def test_a_reply_comes_back_as_it_was(text: str) -> None:
    reply = ROOM.reply(Question(text))
    assert reply_of(reply_text(reply), answered=isinstance(reply, Answer)) == reply


def test_conflicts_and_times_come_back_as_they_were() -> None:
    assert reply_of(reply_text(compared()), answered=True) == compared()


def test_a_written_answer_comes_back_with_what_the_check_stopped_of_it() -> None:
    written = list(ROOM.replies(Question("written arrested")))[-1]
    stopped = Stopped("All were convicted.", (1, 3), Support(Verdict.CONTRADICTED, ("No.",), Check.SUPPORT, 0.1))
    for reply in (written, refusal("Why?")):
        kept = replace(reply, stopped=(stopped,))
        assert reply_of(reply_text(kept), answered=isinstance(reply, Answer)) == kept


def test_a_stopped_sentence_that_repeats_an_erased_article_is_noted(journal: Journal) -> None:
    """It may rest on an article that the answer doesn't quote, whose erasure takes no answer's text."""
    stopped = Stopped("Nineteen were freed.", (2,), Support(Verdict.UNSUPPORTED, ("No.",), Check.FACTS))
    journal.records.add(record(replace(refusal("Why?"), stopped=(stopped,))), key="why")
    journal.repeating.find("x", lambda text: "freed" in text)
    assert journal.repeating.counts("x") == (1, 1)


def test_how_far_a_model_has_got_is_not_kept() -> None:
    growing = replace(answer("How many?"), progress=WritingProgress(1, 2, 3, 4, 5.0, 6.0))
    assert reply_text(growing) == reply_text(answer("How many?"))


def test_a_machine_s_translations_are_not_kept() -> None:
    told = answer("How many?")
    assert isinstance(told, Answer)
    translated = replace(told, translations=(Translation(1, "Unas palabras.", "es", "lab:model"),), translating=True)
    assert reply_text(translated) == reply_text(told)
    assert "translat" not in reply_text(told)


def test_a_record_comes_back_as_it_was(journal: Journal) -> None:
    kept = record(answer("How many?"), articles=(SUMMARY, WIRE))
    journal.records.add(kept, key="how many")
    assert journal.records.get("a1") == kept
    assert journal.records.get("a2") is None


def test_the_same_reply_is_stored_once(journal: Journal, tmp_path: Path) -> None:
    for number in range(3):
        journal.records.add(record(answer("How many?"), answer_id=f"a{number}"), key="how many")
    with sqlite3.connect(tmp_path / JOURNAL) as file:
        assert file.execute("SELECT count(*) FROM replies").fetchone() == (1,)
    review = journal.reviews.of_answer("a0")
    assert (review.asks, review.latest) == (3, "a2")


def test_two_processes_write_in_one_journal(journal: Journal, tmp_path: Path) -> None:
    journal.records.add(record(answer("How many?")), key="how many")
    with opened_journal(tmp_path) as other:
        other.records.add(record(refusal("Why?"), answer_id="a2"), key="why")
    assert journal.records.count() == 2


def test_what_is_old_is_purged_but_not_what_was_decided_or_reported(journal: Journal) -> None:
    for question in ("old", "decided", "reported", "new"):
        at = NOW if question == "new" else NOW - timedelta(days=400)
        journal.records.add(record(answer(question), answer_id=question, at=at), key=question)
    review = journal.reviews.of_answer("decided")
    journal.reviews.decide(Decision(review.number, review.revision, "decided", State.APPROVED, "ada", NOW))
    journal.reports.add(ReaderReport("reported", ReportKind.WRONG, "", NOW))
    assert journal.records.purge(NOW - timedelta(days=365)) == 1
    assert [journal.records.get(one) is not None for one in ("old", "decided", "reported", "new")] == [
        False, True, True, True,
    ]  # fmt: skip
    assert journal.reviews.of_key("old") is None


def test_a_review_whose_newest_answer_is_purged_points_to_another(journal: Journal) -> None:
    journal.records.add(record(answer("How many?"), answer_id="new", at=NOW), key="how many")
    late = record(answer("How many?"), answer_id="old", at=NOW - timedelta(days=400))
    journal.records.add(late, key="how many")
    journal.records.purge(NOW - timedelta(days=365))
    assert journal.reviews.of_answer("new").latest == "new"


def test_an_erased_article_is_nowhere_in_the_file(journal: Journal, tmp_path: Path) -> None:
    journal.records.add(record(answer("How many?"), articles=(SUMMARY,)), key="how many")
    journal.records.add(record(refusal("Why?"), answer_id="a2"), key="why")
    words = b"ayer fueron arrestadas 19 personas"
    assert any(words in path.read_bytes() for path in tmp_path.iterdir())
    assert journal.records.forget_article(SUMMARY.article_id) == 1
    assert not any(words in path.read_bytes() for path in tmp_path.iterdir())
    kept = journal.records.get("a1")
    assert kept is not None
    assert kept.reply is None
    other = journal.records.get("a2")
    assert other is not None
    assert other.reply == refusal("Why?")


def test_a_reply_given_again_after_an_erasure_is_kept_anew(journal: Journal) -> None:
    first = record(answer("How many?"), articles=(SUMMARY,))
    journal.records.add(first, key="how many")
    journal.records.forget_article(SUMMARY.article_id)
    journal.records.add(replace(first, answer_id="a2"), key="how many")
    again = journal.records.get("a2")
    assert again is not None
    assert again.reply == first.reply


def test_a_journal_of_a_newer_version_is_refused(journal: Journal, tmp_path: Path) -> None:
    journal.close()
    with sqlite3.connect(tmp_path / JOURNAL) as file:
        file.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreMismatch, match="journal 99"), opened_journal(tmp_path):
        pass
