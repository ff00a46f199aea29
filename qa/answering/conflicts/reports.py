"""Articles as the comparison of their figures sees them, and how closely two of them belong together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from qa.answering.events import Marks, marks_of
from qa.models.annotations import OF_PERSONS, Annotations, Figure
from qa.models.archive import Passage, Source
from qa.retrieval.timeline import moment_of
from qa.text.figures import is_common
from qa.text.terms import fold, words

EXACT = timedelta(days=92)
"""A longer stretch than a quarter, such as "in 2005", tells no event from another."""

Days = tuple[date, date]
"""First and last day."""


@dataclass(frozen=True, eq=False)
class Report:
    """An article with its annotations and those of its passages that were found."""

    source: Source
    annotations: Annotations
    passages: tuple[Passage, ...]

    @cached_property
    def marks(self) -> Marks:
        """Names, places and figures of its title and of what was found of it, save the words of those who publish."""
        voices = {fold(word) for word in words(f"{self.source.outlet} {self.source.summarises or ''}")}
        return marks_of(". ".join([self.source.title, *(passage.text for passage in self.passages)])) - voices

    @cached_property
    def event_days(self) -> Days | None:
        """When what it reports happened, as its metadata say."""
        return days_of(self.annotations.event_date)

    @cached_property
    def published_days(self) -> Days | None:
        day = self.source.published
        return (day, day) if day else None


@dataclass(frozen=True, eq=False)
class ReportedFigure:
    """A figure and the report that gives it."""

    figure: Figure
    report: Report

    @property
    def source(self) -> Source:
        return self.report.source

    @cached_property
    def dated(self) -> Days | None:
        """The days that the sentence itself gives, if they tell one event from another."""
        published = self.source.published
        if self.figure.as_of is None or (published and self.figure.as_of == published.isoformat()):
            return None
        days = days_of(self.figure.as_of)
        return days if days and days[1] - days[0] <= EXACT else None

    @cached_property
    def days(self) -> Days | None:
        """When it was so: by the sentence, else by the event's date, else by the day of publication."""
        return self.dated or self.report.event_days or self.report.published_days

    @cached_property
    def thing(self) -> str:
        """What is counted, by one word; persons are people whatever became of them."""
        counted = self.figure.counted
        common = next((word for word in counted[:3] if is_common(word)), "")
        if common in ("people", "arrest") or (self.figure.kind in OF_PERSONS and not common):
            return "people"
        return common or (counted[0] if counted else "")


def days_of(value: str | None) -> Days | None:
    """First and last day of a date as in TIMEX3 or of words; None where it says no year."""
    moment = moment_of(value) if value else None
    return (moment.first, moment.last) if moment and moment.first and moment.last else None


def reports(passages: Iterable[Passage], annotated: Mapping[str, Annotations]) -> list[Report]:
    """One for each article, in the order of its first passage."""
    by_article: dict[str, list[Passage]] = {}
    for passage in passages:
        by_article.setdefault(passage.source.article_id, []).append(passage)
    return [
        Report(passages[0].source, annotated[article_id], tuple(passages))
        for article_id, passages in by_article.items()
        if article_id in annotated
    ]


def reported(reports: Iterable[Report]) -> list[ReportedFigure]:
    return [ReportedFigure(figure, report) for report in reports for figure in report.annotations.figures]


@dataclass(frozen=True)
class Ties:
    """How closely the reports found for a question belong together, by the marks that few of them have in common."""

    reports: Sequence[Report]

    @cached_property
    def _weights(self) -> dict[str, float]:
        """Weight of each mark: little where nearly all the reports have it."""
        counts = Counter(mark for report in self.reports for mark in report.marks)
        return {mark: math.log((len(self.reports) + 1) / count) for mark, count in counts.items()}

    def share(self, report: Report, second: Report) -> float:
        """The weight of the marks that two reports share, as a share of all the marks of the one with fewer."""
        shared = report.marks & second.marks
        total = min(self._weight(report.marks), self._weight(second.marks))
        return self._weight(shared) / total if total and len(shared) > 1 else 0.0

    def _weight(self, marks: Iterable[str]) -> float:
        return sum(self._weights[mark] for mark in marks)
