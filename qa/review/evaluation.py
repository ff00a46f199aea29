"""How questions are answered, by what staff and readers made of the answers: week by week, by kind and by outlet."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa.answering.policy import REMARKS, is_said
from qa.models.journal import Grade, QuestionKind, WeeklyAnswer
from qa.models.replies import TOLD_IN_STEPS, Intent
from qa.retrieval.outlets import credited_in

WEEKS = 26  # that are looked back on
MOST_OUTLETS = 50  # in a table, those quoted most
# The question words of English and Spanish. Of two that begin at one place the first counts.
_QUESTION_WORDS = {
    QuestionKind.HOW_MANY: "how (?:many|much|long|old|often)|cu[aá]nt[oa]s?",
    QuestionKind.WHEN: "when|(?:what|which) (?:day|date|month|year)|cu[aá]ndo|qu[eé] (?:d[ií]a|fecha|mes|año)",
    QuestionKind.WHERE: "where|a?d[oó]nde",
    QuestionKind.WHO: "who|whom|whose|qui[eé]n(?:es)?",
    QuestionKind.WHY: "why|por qu[eé]",
    QuestionKind.HOW: "how|c[oó]mo",
    QuestionKind.WHAT: "what|which|qu[eé]|cu[aá]l(?:es)?",
}
_ASKED = re.compile("|".join(rf"(?P<{kind}>\b(?:{words})\b)" for kind, words in _QUESTION_WORDS.items()))


@dataclass(frozen=True, slots=True)
class EvaluationFilter:
    """Which answers are meant; empty, any."""

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
    counts: Mapping[Grade, int]

    @property
    def right_of_judged(self) -> float | None:
        """The share of right answers of those judged; None where none was."""
        judged = self.counts[Grade.RIGHT] + self.counts[Grade.WRONG]
        return self.counts[Grade.RIGHT] / judged if judged else None


def first_week(today: date) -> date:
    """The Monday of the first week that is looked back on."""
    return _monday(today) - timedelta(weeks=WEEKS - 1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def kind_of(question: str, intent: Intent = Intent.FACT) -> QuestionKind:
    """By what was wanted, as it was told when it was asked; else by the first question word."""
    if intent in TOLD_IN_STEPS or intent is Intent.LIST:
        return QuestionKind.WIDE
    match = _ASKED.search(question.casefold())
    return QuestionKind(match.lastgroup) if match and match.lastgroup else QuestionKind.OTHER


def graded(answers: Iterable[WeeklyAnswer]) -> list[WeeklyAnswer]:
    """Each question once a week, by its last answer in order that was judged or refused; remarks are left out."""
    latest: dict[tuple[int, date], WeeklyAnswer] = {}
    for answer in answers:
        place = (answer.review, answer.week)
        if not is_said(answer.reason, REMARKS.values()) and (answer.grade is not Grade.UNJUDGED or place not in latest):
            outlets = tuple(credited_in(answer.summarises)) or tuple(filter(None, [answer.outlet]))
            latest[place] = replace(answer, kind=kind_of(answer.question, answer.intent), outlets=outlets)
    return list(latest.values())


def selected(answers: Sequence[WeeklyAnswer], wanted: EvaluationFilter) -> list[WeeklyAnswer]:
    """Those that a filter means: of one week, or of all weeks each question once, by the last that says something."""
    ordered = sorted(answers, key=lambda answer: (answer.grade is not Grade.UNJUDGED, answer.week))
    latest = {answer.review: answer for answer in ordered if wanted.week in (None, answer.week)}
    return [
        answer
        for answer in latest.values()
        if wanted.grade in (None, answer.grade)
        and wanted.kind in (None, answer.kind)
        and wanted.outlet in ("", *answer.outlets)
    ]


def tables(answers: Sequence[WeeklyAnswer], today: date) -> tuple[list[EvaluationRow], ...]:
    """Rows by week, from the first in which something was asked to this one; by kind; and by outlet, the most first."""

    def row(wanted: EvaluationFilter) -> EvaluationRow:
        return EvaluationRow(wanted, Counter(answer.grade for answer in selected(answers, wanted)))

    first = min((answer.week for answer in answers), default=_monday(today))
    weeks = (first + timedelta(weeks=number) for number in range((_monday(today) - first).days // 7 + 1))
    kinds = (row(EvaluationFilter(kind=kind)) for kind in QuestionKind)
    quoted = Counter(sorted(outlet for answer in selected(answers, EVERYTHING) for outlet in answer.outlets))
    outlets = [row(EvaluationFilter(outlet=outlet)) for outlet, _ in quoted.most_common(MOST_OUTLETS)]
    return [row(EvaluationFilter(week=week)) for week in weeks], [kind for kind in kinds if kind.counts], outlets
