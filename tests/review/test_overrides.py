"""What the staff decided counts when the question comes again, for as long as what it rests on stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.answering.policy import WITHHELD
from qa.errors import Withdrawn
from qa.models.archive import Article, Correction, Coverage
from qa.models.journal import Channel, Decision, Making, Rejected, State
from qa.models.replies import Answer, Question, Refusal, Reply
from qa.review.decisions import ARCHIVE, StaffOverrides
from qa.review.permanent import Recorder
from qa.store.journal import records
from qa.store.journal.opening import Journal, opened_journal
from tests.web.fake_room import COVERAGE, FakeRoom

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ASKED = Question("How many were arrested?")


class Archive:
    """Articles that a test can change, and replies to questions about them."""

    def __init__(self, journal: Journal) -> None:
        self.room = FakeRoom()
        self.changed: dict[str, Article | None] = {}
        self.held = COVERAGE
        self.journal = journal
        self.recorder = Recorder(journal.records, self.article, Making("0", "e"), now=lambda: NOW)
        self.overrides = StaffOverrides(journal, article=self.article, coverage=lambda: self.held)

    def article(self, article_id: str) -> Article:
        if article_id in self.changed:
            found = self.changed[article_id]
            if found is None:
                raise Withdrawn(article_id)
            return found
        return self.room.article(article_id)

    def ask(self, question: Question) -> tuple[Reply, str]:
        reply = self.overrides.settled(question) or self.room.reply(question)
        return reply, self.recorder.keep(reply, channel=Channel.PAGE, seconds=0.1)

    def decide(self, answer_id: str, state: State, rejected: tuple[Rejected, ...] = ()) -> None:
        review = self.journal.reviews.of_answer(answer_id)
        self.journal.reviews.decide(
            Decision(review.number, review.revision, answer_id, state, "ada", NOW, reason="Wrong."), rejected=rejected
        )

    def change(self, article_id: str) -> None:
        article = self.room.article(article_id)
        source = replace(article.source, corrections=(Correction("It was 20.", date(2026, 1, 1)),))
        self.changed[article_id] = replace(article, source=source)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with opened_journal(tmp_path) as journal:
        yield Archive(journal)


def test_an_approved_answer_is_given_again_with_the_day_it_was_checked(archive: Archive) -> None:
    first, answer_id = archive.ask(ASKED)
    assert archive.overrides.settled(ASKED) is None
    archive.decide(answer_id, State.APPROVED)
    again = archive.overrides.settled(Question("how many  were ARRESTED"))
    assert isinstance(again, Answer)
    assert isinstance(first, Answer)
    assert again == replace(first, checked_on=date(2026, 11, 20))


def test_other_dates_are_another_question(archive: Archive) -> None:
    _, answer_id = archive.ask(ASKED)
    archive.decide(answer_id, State.APPROVED)
    assert archive.overrides.settled(replace(ASKED, published_from=date(2006, 1, 1))) is None
    assert archive.overrides.settled(replace(ASKED, outlet="Post")) is None


def test_a_withheld_answer_is_never_given_again(archive: Archive) -> None:
    _, answer_id = archive.ask(ASKED)
    archive.decide(answer_id, State.WITHHELD)
    reply = archive.overrides.settled(ASKED)
    assert isinstance(reply, Refusal)
    assert (reply.reason, reply.nearest) == (WITHHELD, ())
    archive.change("2005-03-16-reuters")
    archive.overrides.sweep()
    assert isinstance(archive.overrides.settled(ASKED), Refusal)


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_decision_needs_a_new_check_once_its_source_changed(archive: Archive, withdrawn: bool) -> None:
    _, answer_id = archive.ask(ASKED)
    archive.decide(answer_id, State.APPROVED)
    assert archive.overrides.sweep() == 0
    archive.change("2005-03-16-reuters")
    if withdrawn:
        archive.changed["2005-03-16-reuters"] = None
        assert archive.overrides.settled(ASKED) is None
    assert archive.overrides.sweep() == 1, "without a question, too"
    assert archive.overrides.settled(ASKED) is None
    assert archive.journal.reviews.of_answer(answer_id).changed == ("2005-03-16-reuters",)
    counts = archive.journal.reviews.counts()
    assert (counts["changed"], counts["to_check"]) == (1, 1)
    assert archive.overrides.close_to("How many were arrested in all?") == []


def test_a_kept_reply_that_cant_be_read_is_passed_over_and_others_are_looked_at(
    archive: Archive, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "AT_ONCE", 1)
    ids = [archive.ask(question)[1] for question in (ASKED, Question("What is nowhere?"))]
    for answer_id in ids:
        archive.decide(answer_id, State.APPROVED)
    with archive.journal.database.transaction() as connection:
        connection.execute('UPDATE replies SET reply = \'{"a": "secret"}\', checksum = NULL WHERE answered')
    archive.held = Coverage(COVERAGE.articles + 1, COVERAGE.first, COVERAGE.last)
    assert archive.overrides.sweep() == 1
    assert archive.overrides.settled(ASKED) is None
    assert ids[0] in caplog.text
    assert "secret" not in caplog.text


def test_records_are_read_a_few_at_a_time(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "AT_ONCE", 1)
    ids = [archive.ask(question)[1] for question in (ASKED, Question("What is nowhere?"))]
    read = archive.journal.records.of(ids)
    assert next(read).answer_id == ids[0]
    archive.journal.records.purge(datetime.max.replace(tzinfo=UTC))
    assert list(read) == [], "what was deleted meanwhile was in memory"


def test_an_approved_refusal_stands_until_the_archive_grows(archive: Archive) -> None:
    _, answer_id = archive.ask(Question("What is nowhere?"))
    archive.decide(answer_id, State.APPROVED)
    assert isinstance(archive.overrides.settled(Question("What is nowhere?")), Refusal)
    archive.held = Coverage(COVERAGE.articles + 1, COVERAGE.first, COVERAGE.last)
    assert archive.overrides.settled(Question("What is nowhere?")) is None
    assert archive.journal.reviews.of_answer(answer_id).changed == (ARCHIVE,)


def test_an_answer_whose_source_was_erased_is_not_given(archive: Archive) -> None:
    _, answer_id = archive.ask(ASKED)
    archive.decide(answer_id, State.APPROVED)
    archive.journal.records.forget_articles(["2005-03-16-reuters"])
    assert archive.overrides.settled(ASKED) is None


def test_a_follow_up_is_known_by_what_it_stands_for(archive: Archive) -> None:
    reply = archive.room.reply(Question("And which court?"))
    assert reply.understood_as
    answer_id = archive.recorder.keep(reply, channel=Channel.PAGE, seconds=0.1)
    archive.decide(answer_id, State.APPROVED)
    assert archive.overrides.settled(Question(reply.understood_as)) is not None
    assert archive.overrides.settled(Question("And which court?")) is None


def test_a_close_question_is_offered_what_was_approved_but_not_given_it(archive: Archive) -> None:
    _, answer_id = archive.ask(ASKED)
    archive.decide(answer_id, State.APPROVED)
    close = Question("How many people were arrested?")
    assert archive.overrides.settled(close) is None
    assert archive.overrides.close_to(close.text) == [(ASKED.text, answer_id)]
    for other in ("How many were arrested in 2005?", "How many were arrested in Spain?", "Which court was it?"):
        assert archive.overrides.close_to(other) == []


def test_rejected_words_are_told_for_their_question_alone(archive: Archive) -> None:
    _, answer_id = archive.ask(ASKED)
    words = Rejected(ASKED.text, "2005-03-16-reuters", 0, 4, "Some words.")
    archive.decide(answer_id, State.OPEN, (words,))
    assert archive.overrides.rejected(ASKED) == {("2005-03-16-reuters", "Some words.")}
    assert archive.overrides.rejected(Question("Why?")) == frozenset()


def test_a_withheld_refusal_is_not_in_the_queue_again_because_the_archive_grew(archive: Archive) -> None:
    _, answer_id = archive.ask(Question("What is nowhere?"))
    archive.decide(answer_id, State.WITHHELD)
    archive.held = Coverage(COVERAGE.articles + 1, COVERAGE.first, COVERAGE.last)
    assert archive.overrides.sweep() == 0
    reply = archive.overrides.settled(Question("What is nowhere?"))
    assert isinstance(reply, Refusal)
    assert (reply.reason, reply.checked_on) == (WITHHELD, None)


def test_what_changed_is_found_without_reading_the_answers(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    _, answer_id = archive.ask(ASKED)
    archive.decide(answer_id, State.APPROVED)
    archive.change("2005-03-16-reuters")
    monkeypatch.delattr(records, "reply_of")
    assert archive.overrides.sweep() == 1
