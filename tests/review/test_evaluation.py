"""What staff and readers made of answers, counted; and as questions whose answers are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from qa.answering.policy import REMARKS
from qa.models.journal import (
    Channel,
    Decision,
    Grade,
    Judgement,
    Making,
    QuestionKind,
    ReaderReport,
    ReportKind,
    State,
    WeeklyAnswer,
)
from qa.models.replies import Answer, Composer, Intent, Question, Refusal, Reply, Statement
from qa.review.evaluation import (
    EVERYTHING,
    EvaluationFilter,
    graded,
    kind_of,
    selected,
    tables,
)
from qa.review.gate import judged_questions, read_known
from qa.review.permanent import Recorder
from qa.store.journal.opening import Journal, opened_journal
from tests.web.fake_room import WIRE, FakeRoom, quote_of

MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


class Asking:
    """A fake room that is asked at times, and staff and readers who judge."""

    def __init__(self, journal: Journal) -> None:
        self.room, self.journal, self.now = FakeRoom(), journal, NOW
        self.recorder = Recorder(journal.records, self.room.article, Making("0", "e"), now=lambda: self.now)

    def ask(self, text: str, *, weeks: int = 0, reply: Reply | None = None) -> str:
        self.now = NOW - timedelta(weeks=weeks)
        return self.recorder.keep(reply or self.room.reply(Question(text)), channel=Channel.PAGE, seconds=0.1)

    def decide(
        self, answer_id: str, state: State, judged: dict[int, Judgement] | None = None, written: Answer | None = None
    ) -> None:
        review = self.journal.reviews.of_answer(answer_id)
        decision = Decision(review.number, review.revision, answer_id, state, "ada", NOW, judged or {}, "", "Why.")
        own = self.recorder.record(written, channel=Channel.STAFF, seconds=0.0) if written else None
        self.journal.reviews.decide(decision, written=own)

    def thumb(self, answer_id: str, kind: ReportKind) -> None:
        self.journal.reviews.report(ReaderReport(answer_id, kind, "", NOW))

    def grades(self) -> dict[str, list[tuple[date, Grade]]]:
        """By question, week for week."""
        by_question: dict[str, list[tuple[date, Grade]]] = {}
        for question in graded(self.journal.records.weekly(date(2026, 1, 1))):
            text = self.journal.reviews.get(question.review).question
            by_question.setdefault(text, []).append((question.week, question.grade))
        return by_question


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    with opened_journal(tmp_path) as journal:
        yield Asking(journal)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many were arrested?", QuestionKind.HOW_MANY),
        ("By when did they want it, and who said so?", QuestionKind.WHEN),
        ("On which day was it?", QuestionKind.WHEN),
        ("¿Por qué se anuló?", QuestionKind.WHY),
        ("En la operación, ¿cuántos registros hubo?", QuestionKind.HOW_MANY),
        ("¿Dónde fue?", QuestionKind.WHERE),
        ("Whose proposal was it?", QuestionKind.WHO),
        ("How did it begin?", QuestionKind.HOW),
        ("Somehow nowhere whatever", QuestionKind.OTHER),
    ],
)
def test_a_question_word_tells_the_kind(question: str, kind: QuestionKind) -> None:
    assert kind_of(question) is kind
    assert kind_of(question, Intent.CHRONOLOGY) is QuestionKind.WIDE


def test_the_staff_s_verdict_goes_before_their_decision_and_that_before_thumbs() -> None:
    plain = WeeklyAnswer(1, "Who?", MONDAY, True)
    assert plain.grade is Grade.UNJUDGED
    assert replace(plain, thumbs=-1).grade is Grade.WRONG
    assert replace(plain, thumbs=-1, upheld=True).grade is Grade.RIGHT
    assert replace(plain, thumbs=1, upheld=True, judgement=Judgement.SOURCE_WRONG).grade is Grade.WRONG
    assert replace(plain, answered=False, upheld=True).grade is Grade.REFUSED
    assert graded([replace(plain, answered=False, reason=reason) for reason in REMARKS.values()]) == []


def test_questions_are_graded_week_by_week(asking: Asking) -> None:
    approved, edited = asking.ask("Who was arrested?", weeks=2), asking.ask("When were they arrested?", weeks=2)
    asking.ask("Who was arrested?", weeks=1)
    asking.decide(approved, State.APPROVED)
    answer = asking.room.reply(Question("When were they arrested?"))
    assert isinstance(answer, Answer)
    asking.decide(edited, State.EDITED, written=replace(answer, composed_by=Composer.STAFF))
    asking.ask("When were they arrested?", reply=replace(answer, checked_on=NOW.date()))
    disliked = asking.ask("Which court?")
    for kind in (ReportKind.UNHELPFUL, ReportKind.UNHELPFUL, ReportKind.HELPFUL):
        asking.thumb(disliked, kind)
    judged = asking.ask("background")
    asking.decide(judged, State.OPEN, {0: Judgement.SUPPORTED, 1: Judgement.NOT})
    asking.ask("Why nowhere?")
    asking.ask("How many arrested?")
    before = MONDAY - timedelta(weeks=2)
    assert asking.grades() == {
        "Who was arrested?": [(before, Grade.RIGHT), (MONDAY - timedelta(weeks=1), Grade.RIGHT)],
        "When were they arrested?": [(before, Grade.WRONG), (MONDAY, Grade.RIGHT)],
        "Which court?": [(MONDAY, Grade.WRONG)],
        "background": [(MONDAY, Grade.RIGHT)],
        "Why nowhere?": [(MONDAY, Grade.REFUSED)],
        "How many arrested?": [(MONDAY, Grade.UNJUDGED)],
    }


def test_a_figure_counts_the_questions_that_its_filter_lists(asking: Asking) -> None:
    for weeks, text in enumerate(("Who was arrested?", "Why nowhere?", "Which court?", "Who was arrested?")):
        asking.ask(text, weeks=weeks)
    asking.decide(asking.ask("Who was arrested?", weeks=3), State.APPROVED)
    questions = graded(asking.journal.records.weekly(date(2026, 1, 1)))
    rows = [row for table in tables(questions, NOW.date()) for row in table]
    for row in rows:
        for outcome, count in row.counts.items():
            assert len(selected(questions, replace(row.wanted, grade=outcome))) == count
    assert [row.wanted.week for row in rows[:4]] == [MONDAY - timedelta(weeks=weeks) for weeks in (3, 2, 1, 0)]
    assert sum(len(selected(questions, EvaluationFilter(week=row.wanted.week))) for row in rows[:4]) == 4
    assert len(selected(questions, EVERYTHING)) == 3
    assert [row.wanted.outlet for row in rows if row.wanted.outlet] == ["La Voz de Galicia", "Reuters"]
    assert tables([], NOW.date())[0][0].right_of_judged is None


def test_a_summary_counts_for_those_that_it_summarises() -> None:
    answer = WeeklyAnswer(1, "Who?", MONDAY, True, outlet="Archive, Ltd.")
    summary = replace(answer, review=2, summarises="The Mirror and El País (Madrid), 2 May 2006, with a detail")
    questions = graded([answer, summary])
    _, _, rows = tables(questions, MONDAY)
    assert [row.wanted.outlet for row in rows] == ["Archive, Ltd.", "El País", "Mirror"]
    assert [question.review for question in selected(questions, EvaluationFilter(outlet="El País"))] == [2]


def test_verdicts_are_known_questions(asking: Asking, tmp_path: Path) -> None:
    asking.decide(asking.ask("Who was arrested?"), State.APPROVED, {1: Judgement.PARTLY})
    asking.decide(asking.ask("background"), State.OPEN, {0: Judgement.NOT, 1: Judgement.SUPPORTED})
    asking.decide(asking.ask("Why nowhere?"), State.APPROVED)
    asking.decide(asking.ask("When arrested?"), State.WITHHELD, {1: Judgement.SUPPORTED})
    dated = asking.room.reply(Question("Which court?", date(2007, 1, 1)))
    asking.decide(asking.ask("", reply=dated), State.APPROVED)
    asking.decide(asking.ask("evil"), State.APPROVED)
    asking.ask("How many arrested?")
    asking.room.articles = [article for article in asking.room.articles if not article.article_id.startswith("evil")]
    known = list(judged_questions(asking.journal, asking.room.article))
    assert [(item.question, [answer.article_id for answer in item.answers]) for item in known] == [
        ("Who was arrested?", [WIRE.article_id]),
        ("background", [WIRE.article_id]),
        ("Why nowhere?", []),
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(f"{item.model_dump_json()}\n" for item in known), encoding="utf-8")
    assert read_known(path) == known


def test_of_an_approved_fact_what_says_the_same_as_its_first_sentence_is_known(asking: Asking) -> None:
    asked = asking.room.reply(Question("How many arrested?"))
    assert isinstance(asked, Answer)
    beside = quote_of(WIRE, "Spain then informed Eurojust and IberRed.", number=3, marked="Eurojust and IberRed")
    answer = replace(asked, statements=(*asked.statements, Statement(beside.text, (beside,))))

    def known(reply: Answer, judged: dict[int, Judgement] | None = None) -> list[int]:
        asking.decide(asking.ask("", reply=reply), State.APPROVED, judged)
        (question,) = judged_questions(asking.journal, asking.room.article)
        texts = [statement.text for statement in reply.statements]
        return [texts.index(expected.sentence) for expected in question.answers]

    assert known(answer) == [0, 1], "19 people, 19 personas"
    assert known(replace(answer, intent=Intent.LIST)) == [0, 1, 2]
    assert known(replace(answer, composed_by=Composer.STAFF)) == [0, 1, 2]
    assert known(answer, {1: Judgement.PARTLY, 2: Judgement.SUPPORTED}) == [0, 2]


def test_a_refusal_that_was_changed_by_a_later_answer_is_no_known_refusal(asking: Asking) -> None:
    reply = asking.room.reply(Question("Why nowhere?"))
    assert isinstance(reply, Refusal)
    refused = asking.ask("Why nowhere?")
    asking.decide(refused, State.APPROVED)
    asking.journal.reviews.changed(asking.journal.reviews.of_answer(refused).number, ["archive"])
    assert list(judged_questions(asking.journal, asking.room.article)) == []
