"""Decisions of the staff: one at a time, each logged, none over another's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import NotFound, Overtaken
from qa.models.journal import (
    BEGINNING,
    OFTEN,
    Decision,
    Judgement,
    ReaderReport,
    Rejected,
    ReportKind,
    Review,
    State,
    chain,
)
from qa.models.replies import Answer, Intent, Reply
from qa.store.books import COLUMNS, JOURNAL
from qa.store.journal.opening import Journal, opened_journal
from qa.store.journal.reviews import MOST_OPEN, ReviewFilter
from qa.store.sqlite_file import connected

from .conftest import IN_A_FILE, NOW, record
from .test_records import answer, compared, refusal


def asked(journal: Journal, text: str, *, answer_id: str = "", reply: Reply | None = None) -> Review:
    journal.records.add(record(reply or answer(text), answer_id=answer_id or text), key=text)
    return journal.reviews.of_answer(answer_id or text)


def likely(text: str, likelihood: float) -> Answer:
    """An answer whose first statement is so likely to be one; the others don't matter."""
    reply = answer(text)
    assert isinstance(reply, Answer)
    first, *others = reply.statements
    return replace(reply, statements=(replace(first, likelihood=likelihood), *others))


def told_beside() -> Answer:
    """An answer with what sources say differently on something else than what its first statement answers."""
    reply = compared()
    (conflict,) = reply.conflicts
    parties = tuple(replace(party, quote=replace(party.quote, marked=None)) for party in conflict.parties)
    return replace(reply, conflicts=(replace(conflict, parties=parties),))


def decision(
    review: Review, state: State = State.APPROVED, *, by: str = "ada", judged: dict[int, Judgement] | None = None
) -> Decision:
    return Decision(review.number, review.revision, review.latest, state, by, NOW, judged or {}, "seen", "Put right.")


def test_a_decision_counts(journal: Journal) -> None:
    decided = journal.reviews.decide(decision(asked(journal, "how"), judged={0: Judgement.SUPPORTED}))
    assert (decided.state, decided.standing, decided.by, decided.revision) == (State.APPROVED, "how", "ada", 1)
    assert journal.reviews.judged("how") == {0: Judgement.SUPPORTED}
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


def test_what_needs_a_look_most_comes_first(journal: Journal) -> None:
    for text in ("plain", "reported", "changed", "disliked"):
        asked(journal, text)
    asked(journal, "nowhere", reply=refusal("nowhere"))
    for number in range(3):
        asked(journal, "wanted", reply=refusal("wanted"), answer_id=f"wanted {number}")
        thanks = replace(refusal("thanks"), intent=Intent.SMALL_TALK)
        asked(journal, "thanks", reply=thanks, answer_id=f"thanks {number}")
    for text, likelihood in (("sure", 0.95), ("possibly", 0.8), ("unsure", 0.5), ("unlikely", 0.31)):
        asked(journal, text, reply=likely(text, likelihood))
    asked(journal, "differing", reply=compared())
    asked(journal, "wide", reply=replace(compared(), intent=Intent.OVERVIEW))
    asked(journal, "beside", reply=told_beside())
    journal.reviews.report(ReaderReport("reported", ReportKind.OUT_OF_DATE, "Old.", NOW))
    journal.reviews.report(ReaderReport("disliked", ReportKind.UNHELPFUL, "", NOW))
    changed = journal.reviews.decide(decision(journal.reviews.of_answer("changed")))
    journal.reviews.changed(changed.number, ["an article", "another"])
    listed = journal.reviews.listed(ReviewFilter(to_check=True), limit=20)
    assert [review.key for review in listed] == [
        "reported", "changed", "disliked", "differing", "unlikely", "unsure", "possibly", "wanted",
        "thanks", "plain", "nowhere", "sure", "wide", "beside",
    ]  # fmt: skip
    assert listed[1].changed == ("an article", "another")
    assert [review.key for review in listed if review.conflicting] == ["differing"]
    assert [review.key for review in listed if review.refused and review.asks >= OFTEN] == ["wanted"]
    assert [review.likelihood for review in listed if review.doubtful] == [0.31, 0.5, 0.8]
    counts = journal.reviews.counts()
    assert counts == {"to_check": 14, "reported": 1, "changed": 1}


def test_a_journal_with_a_number_for_doubt_is_brought_over(tmp_path: Path) -> None:
    columns = [name if name != "first_at" else "doubt, first_at" for name in COLUMNS["reviews"]]
    bytes_of = ", ".join(f"CAST({name} AS BLOB)" for name in ", ".join(columns).split(", "))
    with closing(connected(tmp_path / JOURNAL.file)) as file:
        file.executescript(f"{''.join(JOURNAL.migrations[:3])} PRAGMA user_version = 3;")
        for key in ("sound", "damaged"):
            file.execute(
                "INSERT INTO reviews (key, question, latest, doubt, first_at, last_at)"
                " VALUES (?1, ?1, ?1, 0.7, '2026-11-20T09:30:00Z', '2026-11-20T09:30:00Z')",
                (key,),
            )
        file.execute(f"UPDATE reviews SET checksum = checksummed({bytes_of})")
        file.execute("UPDATE reviews SET doubt = 0.2 WHERE key = 'damaged'")
    with opened_journal(tmp_path) as journal:
        states = [(review.key, review.state) for review in journal.reviews.listed(ReviewFilter(), limit=5)]
        assert sorted(states) == [("damaged", State.WITHHELD), ("sound", State.OPEN)]


def test_a_decision_closes_the_reports(journal: Journal) -> None:
    review = asked(journal, "how")
    journal.reviews.report(ReaderReport("how", ReportKind.WRONG, "No.", NOW))
    assert [one.text for one in journal.reviews.reports(review.number)] == ["No."]
    assert journal.reviews.counts()["to_check"] == 1
    journal.reviews.decide(decision(review))
    assert journal.reviews.reports(review.number) == []
    assert journal.reviews.counts()["to_check"] == 0


def test_reports_are_bounded(journal: Journal) -> None:
    asked(journal, "how")
    taken = [journal.reviews.report(ReaderReport("how", ReportKind.OTHER, str(n), NOW)) for n in range(MOST_OPEN + 1)]
    assert taken == [True] * MOST_OPEN + [False]
    with pytest.raises(NotFound):
        journal.reviews.report(ReaderReport("nothing", ReportKind.OTHER, "", NOW))


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


@IN_A_FILE
def test_the_log_is_chained_and_only_added_to(journal: Journal, tmp_path: Path) -> None:
    review = asked(journal, "how")
    for state in (State.APPROVED, State.WITHHELD, State.OPEN):
        review = journal.reviews.decide(decision(review, state))
    entries = list(journal.audit.entries())
    assert [one.number for one in entries] == [1, 2, 3]
    previous = BEGINNING
    for entry in entries:
        assert entry.chained == chain(previous, entry.number, entry.act)
        previous = entry.chained
    assert entries[2].chained != chain(entries[0].chained, 3, entries[2].act)
    with sqlite3.connect(tmp_path / JOURNAL.file) as file:
        for sql in ("UPDATE audit SET who = 'eve'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                file.execute(sql)


@pytest.mark.parametrize("kind", ["postgres"], indirect=True)
def test_nobody_changes_the_log_in_postgres(journal: Journal, emptied_database: str) -> None:
    import psycopg

    from tests.postgres import connected

    journal.reviews.decide(decision(asked(journal, "how")))
    with connected(emptied_database) as server:
        for sql in ("UPDATE audit SET who = 'eve'", "DELETE FROM audit", "TRUNCATE audit"):
            with pytest.raises(psycopg.errors.RaiseException, match="only added to"):
                server.execute(f"SET search_path = qa_journal; {sql}".encode())


def test_lists_are_narrowed_by_words_and_state(journal: Journal) -> None:
    for text in ("Cuántas detenciones", "Which court"):
        asked(journal, text)
    assert [one.key for one in journal.reviews.listed(ReviewFilter(words="cuantas"), limit=5)] == [
        "Cuántas detenciones"
    ]
    assert journal.reviews.matching(ReviewFilter(state=State.OPEN)) == 2
    assert journal.reviews.matching(ReviewFilter(state=State.EDITED)) == 0
