"""What the staff write rests on the archive's words, and software says how well."""

from __future__ import annotations

from collections.abc import Sequence
from unittest.mock import MagicMock

import pytest

from qa.errors import InputError
from qa.models.replies import Answer, Citation, Composer, Question, Statement
from qa.models.support import Support, Verdict
from qa.review.service import MOST_STATEMENTS, OpenedReview, Place, ReviewService, StatementDraft
from qa.text.annotating import annotate
from tests.web.fake_room import COURT, COVERAGE, RULING, SUMMARY, WIRE, FakeRoom

ASKED = Question("How many were arrested?")
WIRED = WIRE.article_id


def judged(text: str, quotes: Sequence[Citation]) -> Support:
    return Support(Verdict.SUPPORTED if "19" in text else Verdict.UNSUPPORTED, () if "19" in text else ("No.",))


def opened(*statements: Statement) -> OpenedReview:
    """The question as it was asked, with an answer of these statements."""
    return OpenedReview(MagicMock(), MagicMock(reply=Answer(ASKED, statements)), {}, {}, (), ())


@pytest.fixture
def service() -> ReviewService:
    room = FakeRoom()
    return ReviewService(
        MagicMock(),
        article=room.article,
        coverage=lambda: COVERAGE,
        annotations=lambda name: annotate(room.article(name)),
        judge=judged,
        recorder=MagicMock(),
    )


def test_words_of_the_staff_with_the_archives_quotes(service: ReviewService) -> None:
    drafts = [
        StatementDraft("  Police arrested 19\npeople. ", (Place(WIRED, 2, 2), Place(SUMMARY.article_id, 2, 2))),
        StatementDraft("", (Place(WIRED, 2, 3),)),
        StatementDraft("Nobody knows.", (Place(WIRED, 2, 2),)),
    ]
    answer = service.draft(opened(), drafts)
    assert answer.question == ASKED
    assert answer.composed_by is Composer.STAFF
    assert [quote.number for quote in answer.citations] == [1, 2, 3]
    for quote in answer.citations:
        body = WIRE.body if quote.source == WIRE.source else SUMMARY.body
        assert body[quote.start : quote.end] == quote.text
    first, second, third = answer.statements
    assert first.text == "Police arrested 19 people."
    assert first.support == Support(Verdict.SUPPORTED)
    assert second.verbatim
    assert second.support is None
    assert third.quotes == first.quotes[:1]
    assert third.support is not None
    assert third.support.reasons == ("No.",)
    assert [gloss.value for gloss in answer.citations[1].glosses] == ["2005-03-16"]


def test_an_edited_answer_keeps_its_events(service: ReviewService) -> None:
    likeness = FakeRoom().reply(Question("What was the outcome?"))
    assert isinstance(likeness, Answer)
    edited = service.draft(opened(*likeness.statements), [StatementDraft("", (Place(COURT.article_id, 1, 1),))])
    assert edited.statements[0].event == RULING


@pytest.mark.parametrize(
    ("drafts", "told"),
    [
        ([], "1 to 10 statements, found 0"),
        ([StatementDraft("19", (Place(WIRED, 1, 1),))] * (MOST_STATEMENTS + 1), "found 11"),
        ([StatementDraft("19", ())], "Statement 1: it rests on 1 to 5 quotes, found 0"),
        ([StatementDraft("x" * 1001, (Place(WIRED, 1, 1),))], "at most 1,000 characters, found 1,001"),
        ([StatementDraft("", (Place(WIRED, 1, 1), Place(WIRED, 2, 2)))], "say in your words"),
        ([StatementDraft("19", (Place("withheld", 1, 1),))], "readers can't see an article 'withheld'"),
        ([StatementDraft("19", (Place(WIRED, 0, 1),))], "has sentences 1 to"),
        ([StatementDraft("19", (Place(WIRED, 1, 99_999),))], "has sentences 1 to"),
        ([StatementDraft("19", (Place(WIRED, 1, 9),))], "at most 4"),
        ([StatementDraft("", (Place(WIRED, 1, 1),)), StatementDraft("19", (Place(WIRED, 3, 2),))], "Statement 2"),
    ],
)
def test_what_can_not_be_an_answer_is_refused(service: ReviewService, drafts: list[StatementDraft], told: str) -> None:
    with pytest.raises(InputError, match=told):
        service.draft(opened(), drafts)
