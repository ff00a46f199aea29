"""Figures compared: claims on one thing, in one event and place, that don't say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from qa.answering.comparing.sameness import (
    at_once,
    close,
    comparable,
    differ,
    far,
    middle,
    rival_kinds,
    same_event,
    same_kind,
    same_scope,
    same_thing,
    same_voice,
    values_equal,
)
from qa.answering.comparing.stated import Stated, Ties
from qa.answering.comparing.wanted import Rarity, Wanted, vocabulary_of
from qa.domain.archive import Span
from qa.domain.replies import Evidence

TELLING = 100
"""From here on two reports hardly give the same number of the same thing by chance."""

FITTING = 0.6
"""Share of the anchor's fit to the question's topic that another report needs, to be about the same."""

Text = Callable[[Stated], str]
"""The sentence of a claim."""


@dataclass(frozen=True, slots=True)
class Group:
    """Claims on the same thing as the first one, the anchor, which stands in the answer."""

    anchor: Stated
    members: tuple[Stated, ...]

    @property
    def in_conflict(self) -> bool:
        return any(differ(one, other) for at, one in enumerate(self.members) for other in self.members[:at])


@dataclass(frozen=True, slots=True)
class Grouping:
    """All that was found for a question, to be put into groups; `text` gives a claim's sentence."""

    wanted: Wanted
    claims: Sequence[Stated]
    ties: Ties
    text: Text
    rarity: Rarity

    def groups(self, chosen: Sequence[Evidence]) -> list[Group]:
        """A group for each event, thing and place that the answer gives figures of, in the answer's order."""
        found: list[Group] = []
        for anchor in _first_of_each_sentence(anchors(self.wanted, chosen, self.claims)):
            if not any(anchor in group.members for group in found):
                found.append(self._group(anchor))
        return found

    def _group(self, anchor: Stated) -> Group:
        alike = [one for one in self.claims if one is not anchor and _alike(one, anchor)]
        name = self._name(anchor)
        joined = [one for one in alike if self._joins(one, anchor, name) and self._fits(one, anchor, name)]
        members = _without_asides(anchor, joined)
        group = Group(anchor, tuple(_first_of_each_sentence(members)))
        if not group.in_conflict:
            return group
        beside = [
            one
            for one in self.claims
            if one not in members and _beside(one, anchor, members) and self._joins(one, anchor, name)
        ]
        return Group(anchor, (*group.members, *beside))

    def _name(self, anchor: Stated) -> str | None:
        """The name of the anchor's event; where its report has none, that which the closest other report gives."""
        if anchor.claim.event:
            return anchor.claim.event
        named = [one for one in self.claims if one.claim.event and same_event(one, anchor, self.ties)]
        closest = max(named, key=lambda one: self.ties.share(one.report, anchor.report), default=None)
        return closest.claim.event if closest else None

    def _joins(self, one: Stated, anchor: Stated, name: str | None) -> bool:
        """Whether a claim belongs to the anchor's event."""
        if name and one.claim.event:
            return one.claim.event == name and (anchor.claim.event is None or same_event(one, anchor, self.ties))
        return same_event(one, anchor, self.ties) or self._asked_alike(one, anchor)

    def _asked_alike(self, one: Stated, anchor: Stated) -> bool:
        """Whether two reports of the same days have the same two or more words of the question's topic.

        "The Italian operation" tells which one is meant, even where reports in two languages share no names.
        """
        topic = self.wanted.topic_in(anchor.report.vocabulary - anchor.report.voices)
        named = one.claim.event and anchor.claim.event
        return (
            not named
            and len(topic) > 1
            and topic <= self.wanted.topic_in(one.report.vocabulary)
            and at_once(one, anchor)
            and not far(one.dated, anchor.dated)
        )

    def _fits(self, one: Stated, anchor: Stated, name: str | None) -> bool:
        """Whether a claim meets the question nearly as well as the anchor does.

        The report has to; where nothing is said of the things counted, the sentence. A name of the event will do.
        """
        if one.claim.kind is None:
            ours, theirs = (vocabulary_of(stated, self.text(stated)) for stated in (one, anchor))
        elif name and one.claim.event == name:
            return True
        else:
            ours, theirs = one.report.vocabulary, anchor.report.vocabulary
        return self.wanted.fit(ours, self.rarity) >= FITTING * self.wanted.fit(theirs, self.rarity)


def anchors(wanted: Wanted, chosen: Iterable[Evidence], claims: Sequence[Stated]) -> list[Stated]:
    """The claims of the answer's own sentences that tell what is asked; those first whose kind was asked for."""
    spans: list[tuple[str, Span]] = [(item.source.article_id, item.span) for item in chosen]
    meant = [
        one
        for article_id, span in spans
        for one in claims
        if one.source.article_id == article_id and one.claim.figure.within(span) and wanted.meant(one)
    ]
    exact = [one for one in meant if any(same_kind(one.claim.kind, kind) for kind in wanted.kinds)]
    return [*exact, *(one for one in meant if one not in exact)]


def _beside(one: Stated, anchor: Stated, members: Sequence[Stated]) -> bool:
    """Whether a claim, no contradiction by itself, belongs to the picture that a conflict gives.

    It has the anchor's telling number but says it of another place, or nearly a member's number in another status.
    """
    if not same_thing(one, anchor):
        return False
    value = middle(anchor.claim)
    if value is not None and value >= TELLING and values_equal(one.claim, anchor.claim):
        return True
    return same_scope(one, anchor) and any(
        rival_kinds(one.claim.kind, member.claim.kind) and close(one.claim, member.claim) for member in members
    )


def _alike(one: Stated, anchor: Stated) -> bool:
    """Whether a claim is about the anchor's thing and place, counted as it is, and of its kind or its number."""
    if not (same_thing(one, anchor) and same_scope(one, anchor) and comparable(one.claim, anchor.claim)):
        return False
    return same_kind(one.claim.kind, anchor.claim.kind) or values_equal(one.claim, anchor.claim)


def _without_asides(anchor: Stated, others: Sequence[Stated]) -> list[Stated]:
    """The anchor and the others, without what a voice that agrees with the anchor says besides: of something else."""
    agreeing = [anchor, *(one for one in others if _agree(one, anchor))]
    return [
        anchor,
        *(one for one in others if one in agreeing or not any(same_voice(one, member) for member in agreeing)),
    ]


def _agree(one: Stated, anchor: Stated) -> bool:
    return same_kind(one.claim.kind, anchor.claim.kind) and values_equal(one.claim, anchor.claim)


def _first_of_each_sentence(members: Sequence[Stated]) -> list[Stated]:
    """The first figure of a kind in each sentence: "387 votes to 204" is compared by its first."""
    kept: dict[tuple[object, ...], Stated] = {}
    for one in members:
        claim = one.claim
        kept.setdefault((one.source.article_id, claim.sentence, claim.kind, one.thing, claim.scope), one)
    return list(kept.values())
