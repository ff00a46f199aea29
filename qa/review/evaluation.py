"""How questions are answered, by what staff and readers made of the answers: week by week, by kind and by outlet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from qa.answering.refusing import is_remark
from qa.models.journal import Grade, QuestionKind, WeeklyAnswer
from qa.models.replies import TOLD_IN_STEPS, Intent

WEEKS = 26
"""Weeks that are looked back on."""

MOST_OUTLETS = 50
"""Outlets in a table, those quoted most."""

_WIDE = frozenset((*TOLD_IN_STEPS, Intent.LIST))
_QUESTION_WORDS = [
    (kind, re.compile(rf"\b(?:{words})\b"))
    for kind, words in (
        (QuestionKind.HOW_MANY, "how (?:many|much|long|old|often)|cu[aá]nt[oa]s?"),
        (QuestionKind.WHEN, "when|(?:what|which) (?:day|date|month|year)|cu[aá]ndo|qu[eé] (?:d[ií]a|fecha|mes|año)"),
        (QuestionKind.WHERE, "where|a?d[oó]nde"),
        (QuestionKind.WHO, "who|whom|whose|qui[eé]n(?:es)?"),
        (QuestionKind.WHY, "why|por qu[eé]"),
        (QuestionKind.HOW, "how|c[oó]mo"),
        (QuestionKind.WHAT, "what|which|qu[eé]|cu[aá]l(?:es)?"),
    )
]
"""The question words of English and Spanish. Of two that begin at one place the first counts."""


@dataclass(frozen=True, slots=True)
class GradedQuestion:
    """A question in a week, and what came of it."""

    review: int
    week: date
    grade: Grade
    kind: QuestionKind
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class EvaluationFilter:
    """Which graded questions are meant; empty, any."""

    grade: Grade | None = None
    week: date | None = None
    kind: QuestionKind | None = None
    outlet: str = ""

    def __bool__(self) -> bool:
        return self != EVERYTHING


EVERYTHING = EvaluationFilter()


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """How many of the questions that a filter means came to each grade."""

    wanted: EvaluationFilter
    counts: Mapping[Grade, int] = field(default_factory=Counter)

    @property
    def right_of_judged(self) -> float | None:
        """The share of right answers of those judged; None where none was."""
        judged = self.counts[Grade.RIGHT] + self.counts[Grade.WRONG]
        return self.counts[Grade.RIGHT] / judged if judged else None


def first_week(today: date) -> date:
    """The Monday of the first week that is looked back on."""
    return monday(today) - timedelta(weeks=WEEKS - 1)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def grade(answer: WeeklyAnswer) -> Grade:
    """What came of an answer: by the verdict on its first statement, by a decision of the staff, by thumbs."""
    if not answer.answered:
        return Grade.REFUSED
    if answer.judgement:
        return Grade.WRONG if answer.judgement.rejects else Grade.RIGHT
    if answer.upheld is not None:
        return Grade.RIGHT if answer.upheld else Grade.WRONG
    if answer.thumbs:
        return Grade.RIGHT if answer.thumbs > 0 else Grade.WRONG
    return Grade.UNJUDGED


def kind_of(question: str, intent: Intent = Intent.FACT) -> QuestionKind:
    """By what was wanted, as it was told when it was asked; else by the first question word."""
    if intent in _WIDE:
        return QuestionKind.WIDE
    text = question.casefold()
    places = [(match.start(), kind) for kind, words in _QUESTION_WORDS if (match := words.search(text))]
    return min(places, key=lambda place: place[0])[1] if places else QuestionKind.OTHER


def graded(answers: Iterable[WeeklyAnswer]) -> list[GradedQuestion]:
    """Each question once a week, by its last answer that was judged or refused; what was no question is left out.

    `answers` come in the order they were given.
    """
    latest: dict[tuple[int, date], GradedQuestion] = {}
    for answer in answers:
        place, outcome = (answer.review, answer.week), grade(answer)
        if not (answer.reason and is_remark(answer.reason)) and (outcome is not Grade.UNJUDGED or place not in latest):
            kind = kind_of(answer.question, answer.intent)
            latest[place] = GradedQuestion(answer.review, answer.week, outcome, kind, answer.outlet)
    return list(latest.values())


def selected(questions: Sequence[GradedQuestion], wanted: EvaluationFilter) -> list[GradedQuestion]:
    """Those that a filter means: of one week, or of all weeks each once, by the last week that says something."""
    latest: dict[int, GradedQuestion] = {}
    for question in sorted(questions, key=lambda question: (question.grade is not Grade.UNJUDGED, question.week)):
        if wanted.week in (None, question.week):
            latest[question.review] = question
    return [
        question
        for question in latest.values()
        if (wanted.grade in (None, question.grade))
        and (wanted.kind in (None, question.kind))
        and (wanted.outlet in ("", question.outlet))
    ]


def by_week(questions: Sequence[GradedQuestion], today: date) -> list[EvaluationRow]:
    """A row for each week from the first in which something was asked to this one."""
    first = min((question.week for question in questions), default=monday(today))
    weeks = [first + timedelta(weeks=number) for number in range((monday(today) - first).days // 7 + 1)]
    return [_row(questions, EvaluationFilter(week=week)) for week in weeks]


def by_kind(questions: Sequence[GradedQuestion]) -> list[EvaluationRow]:
    """A row for each kind of which something was asked."""
    rows = [_row(questions, EvaluationFilter(kind=kind)) for kind in QuestionKind]
    return [row for row in rows if any(row.counts.values())]


def by_outlet(questions: Sequence[GradedQuestion]) -> list[EvaluationRow]:
    """A row for each outlet whose words came first in an answer, those with most answers first."""
    outlets = Counter(question.outlet for question in selected(questions, EVERYTHING) if question.outlet)
    most = sorted(outlets, key=lambda outlet: (-outlets[outlet], outlet))[:MOST_OUTLETS]
    return [_row(questions, EvaluationFilter(outlet=outlet)) for outlet in most]


def _row(questions: Sequence[GradedQuestion], wanted: EvaluationFilter) -> EvaluationRow:
    return EvaluationRow(wanted, Counter(question.grade for question in selected(questions, wanted)))
