"""What a question says of the count it asks for: where, when, of which event, and numbers to be confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa.answering.conflicts.reports import Days, ReportedFigure, days_of
from qa.answering.conflicts.sameness import far, middle, rival_kinds, same_kind
from qa.dates.finding import find_dates
from qa.models.annotations import FigureKind
from qa.text.event_names import event_names
from qa.text.figure_kinds import kind_words
from qa.text.figure_words import WORLDWIDE
from qa.text.figures import figures, kin
from qa.text.places import places_in

_WORLDWIDE = re.compile(rf"\b(?:{WORLDWIDE}|in the world|en el mundo)\b", re.IGNORECASE)


_THINGS = frozenset(
    map(kin, ("country", "search", "home", "connection", "item", "province", "officer", "vote", "court"))
)
"""Things that are compared though nothing is said of what became of them: their names are sure in both languages."""


@dataclass(frozen=True, slots=True)
class AskedCount:
    """What became of the things counted, where and in which event; `values` are numbers to be confirmed."""

    kinds: frozenset[FigureKind]
    places: frozenset[str]
    worldwide: bool
    events: frozenset[str]
    values: frozenset[float]
    days: tuple[Days, ...]

    @classmethod
    def of(cls, question: str) -> AskedCount:
        return cls(
            kinds=frozenset(word.kind for word in kind_words(question)),
            places=frozenset(code for _, code in places_in(question)),
            worldwide=bool(_WORLDWIDE.search(question)),
            events=frozenset(name.key for name in event_names(question)),
            values=frozenset(figure.low for figure in figures(question) if figure.low is not None),
            days=_days_in(question),
        )

    def anchors(self, figures: Iterable[ReportedFigure]) -> list[ReportedFigure]:
        """Those that give the count, first those of the number and of the kind that the question names."""

        def rank(figure: ReportedFigure) -> tuple[bool, bool]:
            of_kind = any(same_kind(figure.figure.kind, kind) for kind in self.kinds)
            return bool(self.values) and middle(figure.figure) not in self.values, not of_kind

        return sorted((figure for figure in figures if self.is_given_by(figure)), key=rank)

    def is_given_by(self, reported: ReportedFigure) -> bool:
        """True for a figure said of the place, the time and the event that the question names, if it names any."""
        figure = reported.figure
        if self.events and figure.event not in self.events:
            return False
        if self.days and all(far(reported.dated or reported.report.event_days, days) for days in self.days):
            return False
        placed = bool(self.places & set(figure.places)) if self.places else not (self.worldwide and figure.places)
        return (
            placed and (figure.kind is not None or bool(_THINGS & set(figure.counted))) and self._of_kind(figure.kind)
        )

    def _of_kind(self, kind: FigureKind | None) -> bool:
        return not self.kinds or any(same_kind(kind, named) or rival_kinds(kind, named) for named in self.kinds)


def _days_in(question: str) -> tuple[Days, ...]:
    """The days, months and years that a question names."""
    mentions = find_dates(question, published=None, language="en") or find_dates(
        question, published=None, language="es"
    )
    return tuple(days for mention in mentions if (days := days_of(mention.value)))
