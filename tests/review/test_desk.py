"""What a checker sees, and what comes of what they decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.errors import ArchiveError, InputError, NotFound, Overtaken, Refused
from qa.models.archive import Article, Correction
from qa.models.journal import (
    OFTEN,
    Channel,
    Decision,
    Judgement,
    Making,
    ReaderReport,
    ReportKind,
    Review,
    Role,
    State,
)  # fmt: skip
from qa.models.replies import Answer, Composer, Question
from qa.models.support import Support
from qa.models.support import Verdict as Found
from qa.review.decisions import StaffOverrides
from qa.review.permanent import Recorder
from qa.review.service import HANDED, Place, ReviewService, StatementDraft
from qa.store.journal.opening import Journal, opened_journal
from qa.text.annotating import annotate
from tests.web.fake_room import COVERAGE, SUMMARY, WIRE, FakeRoom

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
WIRED = WIRE.article_id


class Desk:
    """A desk over the fake room's articles, and a public that asks."""

    def __init__(self, journal: Journal) -> None:
        self.room = FakeRoom()
        self.changed: dict[str, Article] = {}
        self.journal = journal
        self.now = NOW
        self.recorder = Recorder(journal.records, self.article, Making("0", "e"), now=lambda: NOW)
        self.check = ReviewService(
            journal,
            article=self.article,
            coverage=lambda: COVERAGE,
            annotations=lambda name: annotate(self.article(name)),
            judge=lambda text, quotes: Support(Found.SUPPORTED),
            recorder=self.recorder,
            now=lambda: self.now,
        )
        self.overrides = StaffOverrides(journal, article=self.article, coverage=lambda: COVERAGE)

    def article(self, article_id: str) -> Article:
        return self.changed.get(article_id) or self.room.article(article_id)

    def asked(self, text: str) -> tuple[Review, str]:
        answer_id = self.recorder.keep(self.room.reply(Question(text)), channel=Channel.PAGE, seconds=0.1)
        return self.journal.reviews.of_answer(answer_id), answer_id


def verdict(
    state: State, judged: dict[int, Judgement] | None = None, *, revision: int = 0, note: str = "", reason: str = ""
) -> Decision:
    """On the first question that was asked."""
    return Decision(1, revision, "", state, "ada", NOW, judged or {}, note, reason)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_journal(tmp_path) as journal:
        yield Desk(journal)


def test_each_statement_stands_beside_its_source_in_context(desk: Desk) -> None:
    review, answer_id = desk.asked("How many were arrested?")
    desk.journal.reviews.report(ReaderReport(answer_id, ReportKind.WRONG, "No.", NOW))
    opened = desk.check.opened(review.number)
    assert len(opened.statements) == 2
    (quote,) = opened.statements[0].quotes
    shown = opened.contexts[quote]
    assert shown.before == "Reuters reports that searches took place at the same time in twelve countries."
    assert quote.text in WIRE.body
    assert shown.after.startswith("The ministry expected")
    assert shown.standing == ""
    assert [one.text for one in opened.reports] == ["No."]
    assert opened.changed == ()


def test_what_changed_meanwhile_is_said(desk: Desk) -> None:
    review, _ = desk.asked("How many were arrested?")
    desk.changed[WIRED] = replace(WIRE, body=WIRE.body.replace("19 people", "20 people"))
    source = replace(SUMMARY.source, corrections=(Correction("It was 20."),))
    desk.changed[SUMMARY.article_id] = replace(SUMMARY, source=source)
    opened = desk.check.opened(review.number)
    first, second = (opened.contexts[statement.quotes[0]].standing for statement in opened.statements)
    assert "stand there no more" in first
    assert "Corrected since" in second
    assert set(opened.changed) == {WIRED, SUMMARY.article_id}


def plain_and_wanted(desk: Desk) -> tuple[Review, Review]:
    """A question that was answered, and one that was asked often and refused, which needs a look more."""
    plain, _ = desk.asked("How many were arrested?")
    return plain, [desk.asked("What is nowhere?")[0] for _ in range(OFTEN)][-1]


def test_the_next_is_the_one_most_in_need_and_not_the_one_just_left(desk: Desk) -> None:
    assert desk.check.next("ada") is None
    plain, refused = plain_and_wanted(desk)
    assert desk.check.next("ada") == refused
    assert desk.check.next("ada", after=refused.number) == plain


def test_two_checkers_are_handed_different_questions(desk: Desk) -> None:
    plain, refused = plain_and_wanted(desk)
    assert desk.check.next("ada") == refused == desk.check.next("ada")
    assert desk.check.next("bob") == plain
    assert desk.check.next("eve") == refused
    desk.now += HANDED
    assert desk.check.next("bob") == refused


def test_approving_makes_an_answer_count(desk: Desk) -> None:
    review, answer_id = desk.asked("How many were arrested?")
    judged = {0: Judgement.SUPPORTED, 1: Judgement.NEEDS_CONTEXT}
    approved = replace(verdict(State.APPROVED, judged, note="seen"), review=review.number, answer_id=answer_id)
    decided = desk.check.decide(approved, role=Role.CHECKER)
    assert (decided.state, decided.note) == (State.APPROVED, "seen")
    settled = desk.overrides.settled(Question("How many were arrested?"))
    assert settled is not None
    assert settled.checked_on == date(2026, 11, 20)


def test_a_rejected_statement_is_kept_as_a_case(desk: Desk) -> None:
    _, answer_id = desk.asked("How many were arrested?")
    judged = {0: Judgement.NOT, 1: Judgement.SUPPORTED}
    withheld = verdict(State.WITHHELD, judged, reason="The figure is of another day.")
    desk.check.decide(replace(withheld, answer_id=answer_id), role=Role.EDITOR)
    (case,) = desk.journal.reviews.rejected()
    assert (case.question, case.article_id) == ("How many were arrested?", WIRED)
    assert WIRE.body[case.start : case.end] == case.sentence


def test_an_edition_is_given_instead(desk: Desk) -> None:
    review, answer_id = desk.asked("How many were arrested?")
    edition = replace(verdict(State.EDITED, reason="Said more clearly."), answer_id=answer_id)
    drafts = [StatementDraft("The ministry told of 19 arrests.", (Place(WIRED, 2, 2),))]
    edited = desk.check.decide(edition, drafts, role=Role.EDITOR)
    settled = desk.overrides.settled(Question("How many were arrested?"))
    assert isinstance(settled, Answer)
    assert settled.statements[0].text == "The ministry told of 19 arrests."
    assert settled.composed_by is Composer.STAFF
    assert edited.standing is not None
    assert edited.standing != answer_id
    assert desk.check.opened(review.number, answer_id=edited.standing).statements[0].support is not None


@pytest.mark.parametrize(
    ("decision", "role", "error", "told"),
    [
        (verdict(State.WITHHELD, reason="Why"), Role.CHECKER, Refused, "role editor or above"),
        (verdict(State.APPROVED), Role.READER, Refused, "role checker or above"),
        (verdict(State.WITHHELD), Role.EDITOR, InputError, "write the public reason"),
        (verdict(State.APPROVED, note="x" * 1001), Role.ADMIN, InputError, "shorten it"),
        (verdict(State.APPROVED, {7: Judgement.NOT}), Role.ADMIN, InputError, "2 statements"),
        (verdict(State.APPROVED, {1: Judgement.NOT}), Role.ADMIN, InputError, "statement 2 wanting"),
        (verdict(State.OPEN, revision=3), Role.ADMIN, Overtaken, "decided this"),
        (verdict(State.EDITED, reason="Why"), Role.ADMIN, InputError, "needs the answer"),
    ],
)
def test_what_can_not_be_decided(
    desk: Desk, decision: Decision, role: Role, error: type[ArchiveError], told: str
) -> None:
    _, answer_id = desk.asked("How many were arrested?")
    if error is Overtaken:
        desk.check.decide(replace(verdict(State.OPEN), answer_id=answer_id), role=Role.CHECKER)
    with pytest.raises(error, match=told):
        desk.check.decide(replace(decision, answer_id=answer_id), role=role)
    assert desk.overrides.settled(Question("How many were arrested?")) is None


@pytest.mark.parametrize("editorial", [State.WITHHELD, State.EDITED])
@pytest.mark.parametrize("state", [State.OPEN, State.APPROVED])
def test_no_checker_takes_back_what_an_editor_decided(desk: Desk, editorial: State, state: State) -> None:
    review, answer_id = desk.asked("How many were arrested?")
    drafts = [StatementDraft("The ministry told of 19 arrests.", (Place(WIRED, 2, 2),))]
    decided = desk.check.decide(
        replace(verdict(editorial, reason="Why."), answer_id=answer_id),
        drafts if editorial is State.EDITED else None,
        role=Role.EDITOR,
    )
    again = replace(verdict(state, revision=decided.revision), answer_id=answer_id)
    with pytest.raises(Refused, match="role editor or above"):
        desk.check.decide(again, role=Role.CHECKER)
    assert desk.journal.reviews.get(review.number) == decided
    assert desk.check.decide(again, role=Role.EDITOR).state is state


def test_what_is_decided_later_waits_with_its_reports(desk: Desk) -> None:
    review, answer_id = desk.asked("How many were arrested?")
    desk.journal.reviews.report(ReaderReport(answer_id, ReportKind.WRONG, "No.", NOW))
    for state, waiting in ((State.OPEN, 1), (State.APPROVED, 0)):
        revision = desk.journal.reviews.get(review.number).revision
        desk.check.decide(replace(verdict(state, revision=revision), answer_id=answer_id), role=Role.CHECKER)
        assert len(desk.journal.reviews.reports(review.number)) == waiting


def test_a_public_reason_has_words(desk: Desk) -> None:
    _, answer_id = desk.asked("How many were arrested?")
    blank = replace(verdict(State.WITHHELD, reason=" \n "), answer_id=answer_id)
    with pytest.raises(InputError, match="write the public reason"):
        desk.check.decide(blank, role=Role.EDITOR)


def test_what_rests_on_a_changed_article_is_not_approved(desk: Desk) -> None:
    _, answer_id = desk.asked("How many were arrested?")
    desk.changed[WIRED] = replace(WIRE, note="A note more.")
    with pytest.raises(InputError, match="Ask again"):
        desk.check.decide(replace(verdict(State.APPROVED), answer_id=answer_id), role=Role.ADMIN)


def test_an_erased_answer_can_only_be_withheld(desk: Desk) -> None:
    review, answer_id = desk.asked("How many were arrested?")
    desk.journal.records.forget_articles([WIRED])
    assert desk.check.opened(review.number).statements == ()
    with pytest.raises(InputError, match="erased"):
        desk.check.decide(replace(verdict(State.APPROVED), answer_id=answer_id), role=Role.ADMIN)
    withheld = replace(verdict(State.WITHHELD, reason="Erased."), answer_id=answer_id)
    assert desk.check.decide(withheld, role=Role.ADMIN).state is State.WITHHELD


def test_an_answer_to_another_question_is_not_opened_here(desk: Desk) -> None:
    review, _ = desk.asked("How many were arrested?")
    _, other = desk.asked("What is nowhere?")
    with pytest.raises(NotFound):
        desk.check.opened(review.number, answer_id=other)
