"""What is kept of a question is what was shown, byte for byte, until its time is over or its source is erased."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from qa.errors import StoreMismatch
from qa.models.journal import DailyUsage, Decision, ReaderReport, ReportKind, State
from qa.models.replies import Agreement, Answer, Conflict, Party, Question, Reply, WritingProgress
from qa.models.support import CheckStep, Stopped, Support, Translation, Usage, Verdict
from qa.store.books import JOURNAL, computed
from qa.store.journal.opening import Journal, opened_journal
from qa.store.journal.records import reply_of, stored_json
from qa.store.sqlite_file import connected
from qa.text.timeframes import timeframe_of
from tests.web.fake_room import SUMMARY, WIRE, FakeRoom

from .conftest import IN_A_FILE, NOW, record

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


def test_replies_come_back_as_they_were() -> None:
    texts = ("arrested", "court", "outcome", "anything")
    stopped = Stopped("All were convicted.", (1, 3), Support(Verdict.CONTRADICTED, ("No.",), CheckStep.SUPPORT, 0.1))
    written = list(ROOM.replies(Question("written arrested")))[-1]
    shown = [
        *(ROOM.reply(Question(text)) for text in texts),
        compared(),
        *(replace(reply, stopped=(stopped,)) for reply in (written, refusal("Why?"))),
    ]
    for reply in shown:
        assert reply_of(stored_json(reply), answered=isinstance(reply, Answer)) == reply


def test_a_stopped_sentence_that_repeats_an_erased_article_is_noted(journal: Journal) -> None:
    """It may rest on an article that the answer doesn't quote, whose erasure takes no answer's text."""
    stopped = Stopped("Nineteen were freed.", (2,), Support(Verdict.UNSUPPORTED, ("No.",), CheckStep.FACTS))
    journal.records.add(record(replace(refusal("Why?"), stopped=(stopped,))), key="why")
    journal.records.note_repeating("x", lambda text: "freed" in text)
    assert journal.records.repeating("x") == (1, 1)


def test_how_far_a_model_has_got_is_not_kept_nor_are_a_machine_s_translations() -> None:
    plain = answer("How many?")
    assert isinstance(plain, Answer)
    growing = replace(plain, progress=WritingProgress(1, 2, 3.0, 4.0, 5))
    translated = replace(plain, translations=(Translation(1, "Unas palabras.", "es", "lab:model"),), translating=True)
    assert stored_json(growing) == stored_json(translated) == stored_json(plain)
    assert "translat" not in stored_json(plain)


def test_a_record_comes_back_as_it_was(journal: Journal) -> None:
    kept = record(answer("How many?"), articles=(SUMMARY, WIRE))
    journal.records.add(kept, key="how many")
    assert journal.records.get("a1") == kept
    assert journal.records.get("a2") is None


USED = Usage(1_200, 1_000, 90, 2, True, 1.5)


def test_what_a_model_used_is_kept_beside_the_reply_and_summed_by_day(journal: Journal) -> None:
    written = list(ROOM.replies(Question("written arrested")))[-1]
    days = (NOW - timedelta(days=1), NOW, NOW)
    for number, (reply, at) in enumerate(zip((written, written, refusal("Why?")), days, strict=True)):
        kept = replace(record(replace(reply, usage=USED), answer_id=str(number), at=at), usage=USED)
        journal.records.add(kept, key="how")
        assert journal.records.get(str(number)) == kept
    journal.records.add(record(written, answer_id="unused"), key="how")
    assert stored_json(replace(written, usage=USED)) == stored_json(written), "the same words are kept once"
    today, yesterday = NOW.date(), NOW.date() - timedelta(days=1)
    assert journal.records.daily_usage(yesterday) == [DailyUsage(today, 1, USED + USED), DailyUsage(yesterday, 1, USED)]
    assert [one.day for one in journal.records.daily_usage(today)] == [today]


def test_a_journal_from_before_usage_was_kept_is_brought_up_to_date(tmp_path: Path) -> None:
    """What was damaged before stays found."""
    before = computed("records").replace(", CAST(usage AS BLOB)", "")
    with closing(connected(tmp_path / JOURNAL.file)) as file:
        file.executescript(f"{''.join(JOURNAL.migrations[:4])} PRAGMA user_version = 4;")
        file.execute("INSERT INTO reviews (key, question, latest, first_at, last_at) VALUES ('a', 'a', 'a', 'a', 'a')")
        file.execute("INSERT INTO replies (digest, answered) VALUES ('d', 1)")
        for name in ("sound", "damaged"):
            file.execute(
                "INSERT INTO records (answer_id, review, at, channel, question, reply, making, seconds)"
                """ VALUES (?, 1, '2026-11-20T09:30:00Z', 'page', 'a', 'd', '{"program": "", "encoder": ""}', 0.5)""",
                (name,),
            )
        file.execute(f"UPDATE records SET checksum = {before}")
        file.execute("UPDATE records SET question = 'b' WHERE answer_id = 'damaged'")
    with opened_journal(tmp_path) as journal:
        assert [(one.answer_id, one.usage) for one in journal.records.of(["sound", "damaged"])] == [("sound", None)]


@IN_A_FILE
def test_the_same_reply_is_stored_once(journal: Journal, tmp_path: Path) -> None:
    for number in range(3):
        journal.records.add(record(answer("How many?"), answer_id=f"a{number}"), key="how many")
    with sqlite3.connect(tmp_path / JOURNAL.file) as file:
        assert file.execute("SELECT count(*) FROM replies").fetchone() == (1,)
    review = journal.reviews.of_answer("a0")
    assert (review.asks, review.latest) == (3, "a2")


def test_two_processes_write_in_one_journal(
    journal: Journal, open_another: Callable[[], AbstractContextManager[Journal]]
) -> None:
    journal.records.add(record(answer("How many?")), key="how many")
    with open_another() as other:
        other.records.add(record(refusal("Why?"), answer_id="a2"), key="why")
    assert journal.records.count() == 2


def test_what_is_old_is_purged_but_not_what_was_decided_or_reported(journal: Journal) -> None:
    for question in ("old", "decided", "reported", "new"):
        at = NOW if question == "new" else NOW - timedelta(days=400)
        journal.records.add(record(answer(question), answer_id=question, at=at), key=question)
    review = journal.reviews.of_answer("decided")
    journal.reviews.decide(Decision(review.number, review.revision, "decided", State.APPROVED, "ada", NOW))
    journal.reviews.report(ReaderReport("reported", ReportKind.WRONG, "", NOW))
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


@IN_A_FILE
def test_an_erased_article_is_nowhere_in_the_file(journal: Journal, tmp_path: Path) -> None:
    journal.records.add(record(answer("How many?"), articles=(SUMMARY,)), key="how many")
    journal.records.add(record(refusal("Why?"), answer_id="a2"), key="why")
    words = b"ayer fueron arrestadas 19 personas"
    assert any(words in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert journal.records.telling_of(SUMMARY.article_id) == 1
    journal.records.forget_articles([SUMMARY.article_id])
    assert journal.records.telling_of(SUMMARY.article_id) == 0
    assert not any(words in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    kept = journal.records.get("a1")
    assert kept is not None
    assert kept.reply is None
    other = journal.records.get("a2")
    assert other is not None
    assert other.reply == refusal("Why?")


def test_a_reply_given_again_after_an_erasure_is_kept_anew(journal: Journal) -> None:
    first = record(answer("How many?"), articles=(SUMMARY,))
    journal.records.add(first, key="how many")
    journal.records.forget_articles([SUMMARY.article_id])
    journal.records.add(replace(first, answer_id="a2"), key="how many")
    again = journal.records.get("a2")
    assert again is not None
    assert again.reply == first.reply


@IN_A_FILE
def test_a_journal_of_a_newer_version_is_refused(journal: Journal, tmp_path: Path) -> None:
    journal.close()
    with sqlite3.connect(tmp_path / JOURNAL.file) as file:
        file.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreMismatch, match="journal 99"), opened_journal(tmp_path):
        pass


def test_a_copy_from_before_an_upgrade_goes_with_what_is_deleted_alone(tmp_path: Path) -> None:
    copy = tmp_path / "journal-v4.sqlite3"
    with opened_journal(tmp_path) as opened:
        copy.touch()
        opened.records.forget_articles([])
        opened.records.purge(NOW - timedelta(days=9_999))
        assert copy.exists()
        opened.records.forget_articles(["river"])
        assert not copy.exists()
