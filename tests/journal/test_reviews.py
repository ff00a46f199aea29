"""Decisions of the staff: one at a time, each logged, none over another's."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from qa.errors import NotFound, Overtaken
from qa.models.journal import BEGINNING, Decision, Judged, Judgement, ReaderReport, Rejected, ReportKind, Review, State
from qa.store.journal.opening import JOURNAL, Journal
from qa.store.journal.reviews import MOST_OPEN, ReviewFilter

from .conftest import NOW, record
from .test_records import answer, refusal


def asked(journal: Journal, text: str, *, doubt: float = 0.0, answer_id: str = "") -> Review:
    reply = answer(text) if doubt < 0.5 else refusal(text)
    journal.records.add(record(reply, answer_id=answer_id or text), key=text, doubt=doubt)
    return journal.reviews.of_answer(answer_id or text)


def decision(
    review: Review, state: State = State.APPROVED, *, by: str = "ada", judged: tuple[Judged, ...] = ()
) -> Decision:
    return Decision(review.number, review.revision, review.latest, state, by, NOW, judged, "seen", "Put right.")


def test_a_decision_counts(journal: Journal) -> None:
    decided = journal.reviews.decide(decision(asked(journal, "how"), judged=(Judged(0, Judgement.SUPPORTED),)))
    assert (decided.state, decided.standing, decided.by, decided.revision) == (State.APPROVED, "how", "ada", 1)
    assert journal.reviews.judged("how") == (Judged(0, Judgement.SUPPORTED),)
    assert journal.reviews.decided() == [decided]


def test_two_checkers_do_not_overwrite_each_other(journal: Journal) -> None:
    review = asked(journal, "how")
    journal.reviews.decide(decision(review))
    with pytest.raises(Overtaken, match="ada decided this while you had it open"):
        journal.reviews.decide(decision(review, State.WITHHELD, by="bob"))
    assert journal.reviews.get(review.number).state is State.APPROVED
    assert journal.audit.count() == 1


def test_asking_again_does_not_stand_in_a_checkers_way(journal: Journal) -> None:
    review = asked(journal, "how")
    asked(journal, "how", answer_id="again")
    assert journal.reviews.decide(decision(review)).standing == "how"


def test_reports_come_first_then_changes_then_doubt_then_asks(journal: Journal) -> None:
    for text, doubt in (("plain", 0.1), ("often", 0.1), ("doubtful", 0.9), ("reported", 0.0), ("changed", 0.0)):
        asked(journal, text, doubt=doubt)
    asked(journal, "often", doubt=0.1, answer_id="again")
    journal.reports.add(ReaderReport("reported", ReportKind.OUT_OF_DATE, "Old.", NOW))
    changed = journal.reviews.decide(decision(journal.reviews.of_answer("changed")))
    journal.reviews.changed(changed.number, ["an article", "another"])
    listed = journal.reviews.listed(ReviewFilter(to_check=True), limit=10)
    assert [one.question.split()[0] for one in listed] == ["reported", "changed", "doubtful", "often", "plain"]
    assert listed[1].changed == ("an article", "another")
    counts = journal.reviews.counts()
    assert (counts.to_check, counts.reported, counts.changed) == (5, 1, 1)


def test_a_decision_closes_the_reports(journal: Journal) -> None:
    review = asked(journal, "how")
    journal.reports.add(ReaderReport("how", ReportKind.WRONG, "No.", NOW))
    assert [one.text for one in journal.reports.open(review.number)] == ["No."]
    assert journal.reviews.get(review.number).to_check
    journal.reviews.decide(decision(review))
    assert journal.reports.open(review.number) == []
    assert not journal.reviews.get(review.number).to_check


def test_reports_are_bounded(journal: Journal) -> None:
    asked(journal, "how")
    taken = [journal.reports.add(ReaderReport("how", ReportKind.OTHER, str(n), NOW)) for n in range(MOST_OPEN + 1)]
    assert taken == [True] * MOST_OPEN + [False]
    with pytest.raises(NotFound):
        journal.reports.add(ReaderReport("nothing", ReportKind.OTHER, "", NOW))


def test_an_edition_brings_its_own_answer(journal: Journal) -> None:
    review = asked(journal, "how")
    own = record(answer("how"), answer_id="own")
    edited = journal.reviews.decide(decision(review, State.EDITED), written=own)
    assert edited.standing == "own"
    assert journal.records.get("own") == own
    assert journal.reviews.of_answer("own") == edited
    assert edited.asks == 1


def test_what_was_rejected_is_replaced_by_the_next_look_at_that_answer(journal: Journal) -> None:
    review = asked(journal, "how")
    words = Rejected("how", "an-article", 3, 9, "words")
    review = journal.reviews.decide(decision(review, State.WITHHELD), rejected=[words])
    assert journal.reviews.rejected("how") == [words] == journal.reviews.rejected()
    assert journal.reviews.rejected("why") == []
    journal.reviews.decide(decision(review))
    assert journal.reviews.rejected("how") == []


def test_the_log_is_chained_and_only_added_to(journal: Journal, tmp_path: Path) -> None:
    review = asked(journal, "how")
    for state in (State.APPROVED, State.WITHHELD, State.OPEN):
        review = journal.reviews.decide(decision(review, state))
    entries = list(journal.audit.entries())
    assert [one.number for one in entries] == [1, 2, 3]
    previous = BEGINNING
    for entry in entries:
        assert entry.follows(previous)
        previous = entry.chained
    assert not entries[2].follows(entries[0].chained)
    with sqlite3.connect(tmp_path / JOURNAL) as file:
        for sql in ("UPDATE audit SET who = 'eve'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                file.execute(sql)


def test_lists_are_narrowed_by_words_and_state(journal: Journal) -> None:
    for text in ("Cuántas detenciones", "Which court"):
        asked(journal, text)
    assert [one.key for one in journal.reviews.listed(ReviewFilter(words="cuantas"), limit=5)] == [
        "Cuántas detenciones"
    ]
    assert journal.reviews.matching(ReviewFilter(state=State.OPEN)) == 2
    assert journal.reviews.matching(ReviewFilter(state=State.EDITED)) == 0
