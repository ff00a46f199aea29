"""The count that a question asks for, and which figures give it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa.answering.conflicts.reports import Days, ReportedFigure, days_of
from qa.answering.conflicts.sameness import far, middle, rival_kinds, same_kind
from qa.answering.support import Asked
from qa.dates.finding import find_dates
from qa.models.annotations import FigureKind
from qa.text.event_names import event_names
from qa.text.figure_kinds import kind_words
from qa.text.figure_words import WORLDWIDE
from qa.text.figures import figures, kin
from qa.text.questions import asks_yes_or_no_in_spanish

_YES_NO = re.compile(
    r"\W*(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would)\b(?!.*\b(?:how|what|which|who)\b)",
    re.IGNORECASE,
)
_WORLDWIDE = re.compile(rf"\b(?:{WORLDWIDE}|in the world|en el mundo)\b", re.IGNORECASE)
_PERSONS = frozenset({"people", "arrest"})
_THINGS = frozenset(
    map(kin, ("country", "search", "home", "connection", "item", "province", "officer", "vote", "court"))
)


@dataclass(frozen=True, slots=True)
class AskedCount:
    """What is to be counted, what became of it, where and in which event; `values` are numbers to be confirmed."""

    nouns: frozenset[str]
    kinds: frozenset[FigureKind]
    places: frozenset[str]
    worldwide: bool
    events: frozenset[str]
    values: frozenset[float]
    days: tuple[Days, ...]

    @classmethod
    def of(cls, asked: Asked) -> AskedCount | None:
        """None where the question neither asks how many nor names a number to be confirmed."""
        text, counted = asked.text, asked.demands.counted
        kinds = frozenset(word.kind for word in kind_words(text))
        named = figures(text) if counted is None and _is_yes_no(text) else []
        nouns = counted.nouns if counted else frozenset(word for figure in named for word in figure.counted[:1])
        if not (counted or named) or not (nouns or kinds):
            return None
        return cls(
            nouns=nouns,
            kinds=kinds,
            places=asked.demands.places,
            worldwide=bool(_WORLDWIDE.search(text)),
            events=frozenset(name.key for name in event_names(text)),
            values=frozenset(figure.low for figure in named if figure.low is not None),
            days=_days_in(text),
        )

    def anchors(self, figures: Iterable[ReportedFigure]) -> list[ReportedFigure]:
        """Those that give the count, first those of the number and of the kind that the question names."""

        def rank(figure: ReportedFigure) -> tuple[bool, bool]:
            of_kind = any(same_kind(figure.figure.kind, kind) for kind in self.kinds)
            return bool(self.values) and middle(figure.figure) not in self.values, not of_kind

        return sorted((figure for figure in figures if self.is_given_by(figure)), key=rank)

    def is_given_by(self, reported: ReportedFigure) -> bool:
        """A figure that counts what is asked, where and when it is asked, and of which the same or a rival is said."""
        figure = reported.figure
        if self.events and figure.event not in self.events:
            return False
        if self.days and all(far(reported.dated or reported.report.event_days, days) for days in self.days):
            return False
        placed = bool(self.places & set(figure.places)) if self.places else not (self.worldwide and figure.places)
        return placed and self._counts(reported) and self._of_kind(figure.kind)

    def _counts(self, reported: ReportedFigure) -> bool:
        counted = set(reported.figure.counted)
        if not self.nouns:
            return bool(self.kinds) and reported.figure.kind is not None
        if self.nouns & _PERSONS:
            return reported.figure.kind is not None and bool(counted & _PERSONS)
        if reported.figure.kind is None:
            # Of which nothing is said, is compared where its name is sure in both languages, and no length of time.
            return bool(self.nouns & counted & _THINGS)
        return bool(self.nouns & counted)

    def _of_kind(self, kind: FigureKind | None) -> bool:
        return not self.kinds or any(same_kind(kind, asked) or rival_kinds(kind, asked) for asked in self.kinds)


def _is_yes_no(question: str) -> bool:
    return bool(_YES_NO.match(question)) or asks_yes_or_no_in_spanish(question)


def _days_in(question: str) -> tuple[Days, ...]:
    """The days, months and years that a question names."""
    mentions = find_dates(question, published=None, language="en") or find_dates(
        question, published=None, language="es"
    )
    return tuple(days for mention in mentions if (days := days_of(mention.value)))
