"""Claims with what is known of the article they stand in: what is compared."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from qa.answering.marks import Marks, marks_of
from qa.domain.annotations import Annotations
from qa.domain.archive import Passage, Source
from qa.domain.claims import Claim, ClaimKind
from qa.language.figures import is_common
from qa.language.terms import fold, words
from qa.retrieval.timeline import moment_of

EXACT = timedelta(days=92)
"""A longer stretch than a quarter, such as "in 2005", tells no event from another."""

Days = tuple[date, date]
"""First and last day."""


@dataclass(frozen=True, eq=False)
class Report:
    """An article as the comparison sees it: its source, what was read out of it, and the passages found of it."""

    source: Source
    annotations: Annotations
    passages: tuple[Passage, ...]

    @cached_property
    def ties(self) -> Marks:
        """The marks of what was found of it, save its voices."""
        return marks_of(". ".join([self.source.title, *(passage.text for passage in self.passages)])) - self.voices

    @cached_property
    def voices(self) -> frozenset[str]:
        """The words of its outlet and of the publications that it sums up: they tell who speaks, not of what."""
        return frozenset(fold(word) for word in words(f"{self.source.outlet} {self.source.summarises or ''}"))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All its words as found, folded."""
        return frozenset(
            fold(word) for text in (self.source.title, *(one.text for one in self.passages)) for word in words(text)
        )

    @cached_property
    def event_days(self) -> Days | None:
        """When what it reports happened, as its file says."""
        return days_of(self.annotations.event_date)

    @cached_property
    def published_days(self) -> Days | None:
        day = self.source.published
        return (day, day) if day else None


@dataclass(frozen=True, eq=False)
class Stated:
    """A claim and the report that makes it."""

    claim: Claim
    report: Report

    @property
    def source(self) -> Source:
        return self.report.source

    @cached_property
    def dated(self) -> Days | None:
        """The days that the sentence itself gives, if they tell one event from another."""
        published = self.source.published
        if self.claim.as_of is None or (published and self.claim.as_of == published.isoformat()):
            return None
        found = days_of(self.claim.as_of)
        return found if found and found[1] - found[0] <= EXACT else None

    @cached_property
    def days(self) -> Days | None:
        """When it was so: by the sentence, else by the event's date, else by the day of publication."""
        return self.dated or self.report.event_days or self.report.published_days

    @cached_property
    def thing(self) -> str:
        """What is counted, by one word; persons are people whatever became of them."""
        counted = self.claim.counted
        common = next((word for word in counted[:3] if is_common(word)), "")
        if common in ("people", "arrest") or (self.claim.kind in OF_PERSONS and not common):
            return "people"
        return common or (counted[0] if counted else "")


PERSONS = frozenset(
    {
        *(ClaimKind.ARRESTED, ClaimKind.DETAINED, ClaimKind.EXPECTED, ClaimKind.IMPLICATED, ClaimKind.INVESTIGATED),
        *(ClaimKind.REMANDED, ClaimKind.CHARGED, ClaimKind.TRIED, ClaimKind.CONVICTED, ClaimKind.ACQUITTED),
        *(ClaimKind.RELEASED, ClaimKind.REPORTED, ClaimKind.WARRANTED),
    }
)
"""What becomes of persons in an inquiry."""


OF_PERSONS = PERSONS | {
    *(ClaimKind.KILLED, ClaimKind.INJURED, ClaimKind.MISSING, ClaimKind.DISPLACED, ClaimKind.RESCUED),
}
"""What becomes of persons only."""


def days_of(value: str | None) -> Days | None:
    """First and last day of a date as in TIMEX3 or of words; None where it says no year."""
    moment = moment_of(value) if value else None
    return (moment.first, moment.last) if moment and moment.first and moment.last else None


def reports(passages: Iterable[Passage], annotated: Mapping[str, Annotations]) -> list[Report]:
    """One for each article, in the order of its first passage."""
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        found.setdefault(passage.source.article_id, []).append(passage)
    return [
        Report(held[0].source, annotated[article_id], tuple(held))
        for article_id, held in found.items()
        if article_id in annotated
    ]


@dataclass(frozen=True)
class Ties:
    """How closely the reports found for a question belong together, by what few of them have in common."""

    reports: Sequence[Report]

    @cached_property
    def _weights(self) -> dict[str, float]:
        """Weight of each tie: little where nearly all the reports have it."""
        counts = Counter(tie for report in self.reports for tie in report.ties)
        return {tie: math.log((len(self.reports) + 1) / count) for tie, count in counts.items()}

    def share(self, one: Report, other: Report) -> float:
        """The weight of the ties that two reports share, as a share of all the ties of the one with fewer."""
        shared, smaller = one.ties & other.ties, min(one.ties, other.ties, key=self._weight)
        total = self._weight(smaller)
        return self._weight(shared) / total if total and len(shared) > 1 else 0.0

    def _weight(self, ties: Iterable[str]) -> float:
        return sum(self._weights[tie] for tie in ties)


def stated(found: Sequence[Report]) -> list[Stated]:
    return [Stated(claim, report) for report in found for claim in report.annotations.claims]
