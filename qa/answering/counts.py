"""The main figures that articles give of one event: each thing counted once, what is said of it side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.annotated import Annotated
from qa.answering.comparing.naming import caption, name_of_thing, scope_of
from qa.answering.comparing.parties import parties, saying_of
from qa.answering.comparing.sameness import far, near, same_kind, same_thing, values_equal
from qa.answering.comparing.stated import OF_PERSONS, Report, Stated, stated
from qa.answering.differing import party_words
from qa.answering.marks import LEAST_FIGURE
from qa.domain.annotations import Annotations
from qa.domain.archive import Article, Source
from qa.domain.claims import Claim, ClaimKind
from qa.domain.replies import Party
from qa.language.claims.kinds import kind_words
from qa.language.figures import is_common

OF_AN_ARTICLE = 3
"""Things counted that each article brings in: more of them are read better in the article."""

OF_AN_EVENT = 5
"""Things counted that are shown of one event, however many articles report on it."""

_NEXT_WORD = 40
"""Characters in which the word after a figure ends."""

_OF_OTHERS_TOO = frozenset({ClaimKind.CHARGED, ClaimKind.RELEASED, ClaimKind.REPORTED, ClaimKind.WARRANTED})
"""What becomes of sums, figures and shares as well, where no case is reported."""

_LENGTHS = frozenset({"year", "month", "week", "day"})
"""How long something took is nothing counted."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says, and the claim of its article."""

    party: Party
    claim: Claim

    def words(self, about: str) -> str:
        """The figure in the software's words; the length of time it was counted over in the source's."""
        words = party_words(self.party, about)
        return f"{words} (“{self.claim.period}”)" if self.claim.period else words


@dataclass(frozen=True, slots=True)
class Count:
    """What sources say of one thing in one place: in order of publication, copies folded, nothing chosen."""

    about: str
    scope: str | None
    said: tuple[Said, ...]

    @property
    def caption(self) -> str:
        return caption(self.about, self.scope)

    @property
    def sayings(self) -> dict[str, list[Said]]:
        """Each different saying, and who says it."""
        found: dict[str, list[Said]] = {}
        for one in self.said:
            found.setdefault(one.words(self.about), []).append(one)
        return found


def has_counts(source: Source, annotations: Annotations) -> bool:
    """Whether an article may bring in a figure at all."""
    return any(_may_count(one) for one in stated([Report(source, annotations, ())]))


def main_counts(articles: Sequence[Article], annotated: Annotated, *, event: str) -> tuple[Count, ...]:
    """What is counted of an event in articles that all report on it; `event` is its name, folded, or empty.

    Persons and what became of them come first, then what several articles count, then what something became of.
    """
    reports = [Report(article.source, annotated[article.article_id], ()) for article in articles]
    bodies = {article.article_id: article.body for article in articles}
    claims = [one for one in stated(reports) if _may_count(one)]
    claims = [one for one in claims if _is_of(one, event)]
    claims = [one for one in claims if _is_sure(one, bodies[one.source.article_id])]
    groups = [group for group in _groups(list(_said_once(claims))) if _is_main(group)]
    brought = [group for report in reports for group in _brought_by(report, groups)]
    chosen = sorted((group for group in groups if group in brought), key=lambda group: (_rank(group), -_width(group)))
    held = {article.article_id: article for article in articles}
    return tuple(_count(group, held) for group in chosen[:OF_AN_EVENT])


def _may_count(one: Stated) -> bool:
    """Whether a figure is one of persons of whom it is said what became of them, or of things usually counted.

    It has a value and stands by itself: what comes on top of others is no total.
    """
    claim, value = one.claim, one.claim.low or one.claim.high or 0
    if claim.additional or (claim.low is None and claim.high is None):
        return False
    if claim.kind not in OF_PERSONS and value < LEAST_FIGURE:
        return False
    if one.thing == "people":
        return claim.kind in OF_PERSONS
    usual = is_common(one.thing) and one.thing not in _LENGTHS and claim.counted[0] == one.thing
    return usual and value >= LEAST_FIGURE


def _is_sure(one: Stated, body: str) -> bool:
    """Whether what persons are said to have become is sure to be said of persons, not of tonnes or dollars.

    The words counted name persons, or say themselves what became of them ("44 convicted"), or are left out.
    """
    claim = one.claim
    if one.thing != "people":
        return True
    if claim.kind in _OF_OTHERS_TOO and not one.report.annotations.stages:
        return False
    if not claim.counted or any(is_common(word) for word in claim.counted[:3]):
        return True
    following = kind_words(body[claim.figure.end : claim.figure.end + _NEXT_WORD].lstrip())
    return len(claim.counted) == 1 and bool(following) and following[0].span.start == 0


def names_another(claim: Claim, event: str) -> bool:
    """Whether a claim is of an event of another name."""
    return claim.event not in (None, event)


def _is_of(one: Stated, event: str) -> bool:
    """Whether a claim is of the event that its article is about, by name and by date."""
    if names_another(one.claim, event):
        return False
    days = one.report.event_days or one.report.published_days
    return not far(one.dated, days) if days else one.dated is None


def _said_once(claims: Sequence[Stated]) -> Iterator[Stated]:
    """Without what an article says again; of several figures in one breath the first: "387 votes to 204"."""
    for at, one in enumerate(claims):
        if not any(_says_again(one, before) for before in claims[:at] if before.report is one.report):
            yield one


def _says_again(one: Stated, before: Stated) -> bool:
    ours, theirs = one.claim, before.claim
    if one.thing != before.thing or scope_of(one) != scope_of(before):
        return False
    if ours.kind is None and theirs.kind is None:
        return True  # nothing tells that the first figure and a later one count the same
    if ours.kind is None or not same_kind(ours.kind, theirs.kind) or ours.speaker != theirs.speaker:
        return False
    return ours.sentence == theirs.sentence or (ours.low, ours.high) == (theirs.low, theirs.high)


def _groups(claims: Sequence[Stated]) -> list[list[Stated]]:
    """Claims on the same thing in the same place, in order."""
    groups: list[list[Stated]] = []
    for one in sorted(claims, key=lambda one: scope_of(one) is None):
        held = _place(one, [group for group in groups if same_thing(one, group[0])])
        held.append(one) if held else groups.append([one])
    order = {id(one): at for at, one in enumerate(claims)}
    ordered = [sorted(group, key=lambda one: order[id(one)]) for group in groups]
    return sorted(ordered, key=lambda group: order[id(group[0])])


def _place(one: Stated, groups: Sequence[list[Stated]]) -> list[Stated] | None:
    """The group that a claim belongs to. Where it says no place, that in which its number is said most often.

    Where its number is said nowhere, the only one that has, of the same kind, one near to it.
    """
    if scope_of(one):
        return next((group for group in groups if scope_of(group[0]) == scope_of(one)), None)
    said = {at: sum(values_equal(one.claim, other.claim) for other in group) for at, group in enumerate(groups)}
    if any(said.values()):
        return groups[max(said, key=lambda at: (said[at], -at))]
    alike = [group for group in groups if scope_of(group[0]) and any(_alike(one, other) for other in group)]
    unplaced = next((group for group in groups if scope_of(group[0]) is None), None)
    return alike[0] if len(alike) == 1 else unplaced


def _alike(one: Stated, other: Stated) -> bool:
    return one.claim.kind is not None and one.claim.kind is other.claim.kind and near(one.claim, other.claim)


def _is_main(group: Sequence[Stated]) -> bool:
    """Whether several articles count it, or something became of it."""
    return _width(group) > 1 or any(one.claim.kind for one in group)


def _rank(group: Sequence[Stated]) -> int:
    """Persons first, then what several articles count."""
    return 0 if group[0].thing == "people" else 1 if _width(group) > 1 else 2


def _width(group: Sequence[Stated]) -> int:
    return len({one.source.article_id for one in group})


def _brought_by(report: Report, groups: Sequence[list[Stated]]) -> Iterator[list[Stated]]:
    """The groups that a report's first and weightiest figures stand in."""
    own = [
        (_rank(group), one.claim.figure, at) for at, group in enumerate(groups) for one in group if one.report is report
    ]
    places = dict.fromkeys(at for _, _, at in sorted(own))
    return (groups[at] for at in list(places)[:OF_AN_ARTICLE])


def _count(group: Sequence[Stated], articles: dict[str, Article]) -> Count:
    placed = next((one for one in group if scope_of(one)), group[0])
    claims = {(one.source.article_id, one.claim.figure): one.claim for one in group}
    rows = parties([saying_of(one, articles[one.source.article_id].body) for one in group], articles)
    said = (Said(row, claims[row.source.article_id, row.quote.marked]) for row in rows if row.quote.marked)
    return Count(name_of_thing(placed, articles[placed.source.article_id].body), scope_of(placed), tuple(said))
