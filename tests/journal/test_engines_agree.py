"""A journal in a file and one in PostgreSQL, in which the same was done, say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from qa.models.deliveries import Failure, IngestReport
from qa.models.journal import Decision, Judgement, ReaderReport, ReportKind, State
from qa.models.support import Usage
from qa.store.journal.opening import Journal, opened_journal
from qa.store.journal.reviews import ReviewFilter
from tests.web.fake_room import SUMMARY

from .conftest import NOW, record
from .test_records import answer, compared, refusal

USED = Usage(1_200, 1_000, 90, 2, True, 1.5)


def fill(journal: Journal) -> None:
    for week in range(4):
        at = NOW - timedelta(days=5 * week)
        for number, text in enumerate(("how many", "which court", "why")):
            reply = refusal(text) if text == "why" else answer(text)
            kept = record(reply, answer_id=f"{week}-{number}", at=at, articles=(SUMMARY,))
            journal.records.add(replace(kept, usage=USED if number else None), key=text)
    journal.records.add(record(compared(), answer_id="all"), key="all")
    for kind in (ReportKind.HELPFUL, ReportKind.UNHELPFUL, ReportKind.WRONG):
        journal.reviews.report(ReaderReport("0-0", kind, "No, è falso.", NOW))
    for number, judgement in ((0, Judgement.SUPPORTED), (0, Judgement.NOT)):
        review = journal.reviews.of_answer("0-1")
        judged = {number: judgement}
        journal.reviews.decide(
            Decision(review.number, review.revision, "0-1", State.APPROVED, "ada", NOW, judged, "seen", "")
        )
    journal.reviews.changed(journal.reviews.of_answer("0-1").number, ["an article"])
    journal.records.note_repeating("x", lambda text: "falso" in text)
    number = journal.imports.begin(NOW)
    failed = (Failure("b.zip > x", 3, "no"), Failure("a.txt", None, "no"), Failure("b.zip > x", 3, "still no"))
    journal.imports.end(number, IngestReport(1, 2, 3, failed, 4, 0.1), paths=["b.zip"], at=NOW)
    journal.records.purge(NOW - timedelta(days=14))


SAYINGS: dict[str, Callable[[Journal], object]] = {
    "lists": lambda book: [
        book.reviews.listed(ReviewFilter(order=order), limit=9) for order in ("need", "newest", "oldest", "asks")
    ],
    "narrowed": lambda book: [
        book.reviews.listed(wanted, limit=9)
        for wanted in (
            ReviewFilter(to_check=True),
            ReviewFilter(words="COURT"),
            ReviewFilter(numbers=frozenset({1, 3})),
        )
    ],
    "counts": lambda book: (book.reviews.counts(), book.reviews.matching(ReviewFilter(to_check=True))),
    "decided": lambda book: (book.reviews.decided(), book.reviews.standing(), book.reviews.judged("0-1")),
    "weeks": lambda book: book.records.weekly(NOW.date() - timedelta(days=90)),
    "judged": lambda book: book.reviews.judged_answers(),
    "days": lambda book: book.records.daily_usage(NOW.date() - timedelta(days=90)),
    "records": lambda book: list(book.records.between(NOW - timedelta(days=90), NOW + timedelta(days=1))),
    "telling": lambda book: (book.records.telling_of(SUMMARY.article_id), book.records.repeating("x")),
    "reports": lambda book: book.reviews.reports(book.reviews.of_answer("0-0").number),
    "imports": lambda book: (book.imports.newest(), book.imports.failures()),
    "log": lambda book: list(book.audit.entries()),
    "damage": lambda book: list(book.problems(erased=[])),
}


@pytest.fixture
def in_a_file(tmp_path: Path) -> Journal:
    with opened_journal(tmp_path / "file") as journal:
        fill(journal)
    return Journal(tmp_path / "file" / "journal.sqlite3")


@pytest.mark.parametrize("kind", ["postgres"], indirect=True)
def test_both_say_the_same(journal: Journal, in_a_file: Journal) -> None:
    fill(journal)
    for what, say in SAYINGS.items():
        assert say(journal) == say(in_a_file), what
    assert journal.records.count() > 5
