"""The main figures that articles give of one event: each thing counted once, what each source gives side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.annotated import Annotated
from qa.answering.conflict_view import party_words
from qa.answering.conflicts.naming import caption, name_of_thing, scope_of
from qa.answering.conflicts.parties import parties
from qa.answering.conflicts.reports import Report, ReportedFigure, reported
from qa.answering.conflicts.sameness import NEAR, far, near, same_kind, values_equal
from qa.answering.events import LEAST_FIGURE
from qa.models.annotations import OF_PERSONS, Annotations, Figure, FigureKind
from qa.models.archive import Article, Source
from qa.models.replies import Party
from qa.text.figures import is_common

OF_AN_ARTICLE = 3
"""Things counted that each article brings in: more of them are read better in the article."""

OF_AN_EVENT = 5
"""Things counted that are shown of one event, however many articles report on it."""

_OF_OTHERS_TOO = frozenset({FigureKind.CHARGED, FigureKind.RELEASED, FigureKind.REPORTED, FigureKind.WARRANTED})
"""What becomes of sums, figures and shares as well, where no case is reported."""

_LENGTHS = frozenset({"year", "month", "week", "day"})
"""How long something took is nothing counted."""


@dataclass(frozen=True, slots=True)
class CountRow:
    """What one source says, and the figure of its article."""

    party: Party
    figure: Figure

    def words(self, about: str) -> str:
        """The figure in the software's words; the length of time it was counted over in the source's."""
        words = party_words(self.party, about)
        return f"{words} (“{self.figure.period}”)" if self.figure.period else words


@dataclass(frozen=True, slots=True)
class Count:
    """What sources say of one thing in one place: in order of publication, copies folded, nothing chosen."""

    about: str
    scope: str | None
    rows: tuple[CountRow, ...]

    @property
    def caption(self) -> str:
        return caption(self.about, self.scope)

    @property
    def sayings(self) -> dict[str, list[CountRow]]:
        """Each different figure, and the rows that give it."""
        by_words: dict[str, list[CountRow]] = {}
        for row in self.rows:
            by_words.setdefault(row.words(self.about), []).append(row)
        return by_words


def has_counts(source: Source, annotations: Annotations) -> bool:
    """Tells an article that may bring in a figure from one that never does."""
    return any(map(_may_count, reported([Report(source, annotations, ())])))


def main_counts(articles: Sequence[Article], annotated: Annotated, *, event: str) -> tuple[Count, ...]:
    """What is counted of an event in articles that all report on it; `event` is its name, folded, or empty.

    Persons and what became of them come first, then what several articles count, then what something became of.
    """
    by_id = {article.article_id: article for article in articles}
    reports = [Report(article.source, annotated[article.article_id], ()) for article in articles]
    figures = [
        figure for figure in reported(reports) if _may_count(figure) and _is_of(figure, event) and _is_sure(figure)
    ]
    groups = [group for group in _groups(list(_first_given(figures))) if _width(group) > 1 or _has_kind(group)]
    brought = [group for report in reports for group in _brought_by(report, groups)]
    chosen = sorted((group for group in groups if group in brought), key=lambda group: (_rank(group), -_width(group)))
    return tuple(_count(group, by_id) for group in chosen[:OF_AN_EVENT])


def _may_count(reported: ReportedFigure) -> bool:
    """A figure of persons of whom it is said what became of them, or of things usually counted.

    It has a value and stands by itself: what comes on top of others is no total.
    """
    figure = reported.figure
    value = figure.low or figure.high or 0
    if figure.additional or not value or (figure.kind not in OF_PERSONS and value < LEAST_FIGURE):
        return False
    if reported.thing == "people":
        return figure.kind in OF_PERSONS
    return is_common(reported.thing) and reported.thing not in _LENGTHS and figure.counted[0] == reported.thing


def _is_sure(reported: ReportedFigure) -> bool:
    """What persons are said to have become is sure to be said of persons, not of tonnes or dollars."""
    figure = reported.figure
    if reported.thing != "people":
        return True
    if figure.kind in _OF_OTHERS_TOO and not reported.report.annotations.stages:
        return False
    return any(map(is_common, figure.counted[:3]))


def names_another(figure: Figure, event: str) -> bool:
    """A figure of an event of another name."""
    return figure.event not in (None, event)


def _is_of(reported: ReportedFigure, event: str) -> bool:
    """A figure of the event that its article is about, by name and by date."""
    days = reported.report.event_days or reported.report.published_days
    in_time = not far(reported.dated, days) if days else reported.dated is None
    return in_time and not names_another(reported.figure, event)


def _first_given(figures: Sequence[ReportedFigure]) -> Iterator[ReportedFigure]:
    """Without what an article says again; of several figures in one breath the first: "387 votes to 204"."""
    for at, figure in enumerate(figures):
        if not any(_says_again(figure, before) for before in figures[:at] if before.report is figure.report):
            yield figure


def _says_again(reported: ReportedFigure, before: ReportedFigure) -> bool:
    value, earlier_value = reported.figure, before.figure
    if reported.thing != before.thing or scope_of(value) != scope_of(earlier_value):
        return False
    if value.kind is None or not same_kind(value.kind, earlier_value.kind):
        return value.kind is None  # nothing tells that the first figure and a later one count the same
    same = value.sentence == earlier_value.sentence or (value.low, value.high) == (
        earlier_value.low,
        earlier_value.high,
    )
    return same and value.speaker == earlier_value.speaker


def _groups(figures: Sequence[ReportedFigure]) -> list[list[ReportedFigure]]:
    """Figures of the same thing in the same place, in order; those that say no place after the others."""
    groups: list[list[ReportedFigure]] = []
    for figure in sorted(figures, key=lambda figure: scope_of(figure.figure) is None):
        group = _group_of(figure, [group for group in groups if group[0].thing == figure.thing])
        group.append(figure) if group else groups.append([figure])
    order = {id(figure): at for at, figure in enumerate(figures)}
    ordered = [sorted(group, key=lambda figure: order[id(figure)]) for group in groups]
    return sorted(ordered, key=lambda group: order[id(group[0])])


def _group_of(reported: ReportedFigure, groups: Sequence[list[ReportedFigure]]) -> list[ReportedFigure] | None:
    """The group of a figure's place; where it says none, that of its number, else the only one with a near one."""
    scope = scope_of(reported.figure)
    same_scope = next((group for group in groups if scope_of(group[0].figure) == scope), None)
    if scope:
        return same_scope
    equal = [group for group in groups if any(values_equal(reported.figure, member.figure) for member in group)]
    alike = [group for group in groups if any(_alike(reported.figure, member.figure) for member in group)]
    return equal[0] if equal else alike[0] if len(alike) == 1 else same_scope


def _alike(figure: Figure, second: Figure) -> bool:
    return figure.kind is not None and figure.kind is second.kind and near(figure, second, NEAR)


def _has_kind(group: Sequence[ReportedFigure]) -> bool:
    return any(figure.figure.kind for figure in group)


def _rank(group: Sequence[ReportedFigure]) -> int:
    """Persons first, then what several articles count."""
    return 0 if group[0].thing == "people" else 1 if _width(group) > 1 else 2


def _width(group: Sequence[ReportedFigure]) -> int:
    return len({figure.source.article_id for figure in group})


def _brought_by(report: Report, groups: Sequence[list[ReportedFigure]]) -> Iterator[list[ReportedFigure]]:
    """The groups that a report's first and weightiest figures stand in."""
    rows = [
        (_rank(group), figure.figure.span, at)
        for at, group in enumerate(groups)
        for figure in group
        if figure.report is report
    ]
    places = dict.fromkeys(at for _, _, at in sorted(rows))
    return (groups[at] for at in list(places)[:OF_AN_ARTICLE])


def _count(group: Sequence[ReportedFigure], articles: dict[str, Article]) -> Count:
    placed = next((figure for figure in group if scope_of(figure.figure)), group[0])
    figures = {(figure.source.article_id, figure.figure.span): figure.figure for figure in group}
    rows = tuple(
        CountRow(party, figures[party.source.article_id, party.quote.marked])
        for party in parties(group, articles)
        if party.quote.marked
    )
    about = name_of_thing(placed, articles[placed.source.article_id].body)
    return Count(about, scope_of(placed.figure), rows)
