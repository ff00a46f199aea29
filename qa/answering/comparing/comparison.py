"""Compares what the articles that an answer is about say of what was asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from qa.answering.annotated import annotations_of
from qa.answering.comparing.attendance import asks_who_met, compare_attendance
from qa.answering.comparing.descriptions import Described, compare_descriptions
from qa.answering.comparing.figures import Group, Grouping
from qa.answering.comparing.identifiers import compare_identifiers, identifiers_in
from qa.answering.comparing.lists import asks_for_countries, compare_lists
from qa.answering.comparing.naming import name_of_thing, scope_of
from qa.answering.comparing.parties import Saying, independent, parties, saying_of
from qa.answering.comparing.reversals import compare_reversals, is_yes_no
from qa.answering.comparing.sentences import Told, answering, told
from qa.answering.comparing.spans import compare_spans
from qa.answering.comparing.stated import Report, Stated, Ties, reports, stated
from qa.answering.comparing.wanted import Wanted
from qa.answering.support import Asked
from qa.domain.archive import Article
from qa.domain.replies import Agreement, Conflict, Evidence, Hit
from qa.errors import NotFound
from qa.language.questions import Kind
from qa.ports import Shelf

MOST = 3
"""Conflicts that one answer shows, those about what it says first."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What sources say differently, and whether independent ones agree."""

    conflicts: tuple[Conflict, ...] = ()
    agreement: Agreement | None = None


def asks_what_differs(asked: Asked) -> bool:
    """Whether something is asked of which sources can say different things."""
    return Wanted.of(asked) is not None or _asks_for_words(asked)


def compare(
    asked: Asked,
    chosen: Sequence[Evidence],
    evidence: Sequence[Evidence],
    hits: Sequence[Hit],
    shelf: Shelf,
    *,
    threshold: float,
) -> Comparison:
    """The answer's sources held against the others that were found, for a question that `asks_what_differs`."""
    wanted = Wanted.of(asked)
    passages = [*(item.hit.passage for item in chosen), *(hit.passage for hit in hits)]
    unique = list({passage.passage_id: passage for passage in passages}.values())
    found = reports(unique, annotations_of((passage.source.article_id for passage in unique), shelf))
    library = _Library(shelf, {})
    conflicts, agreement = _figures(wanted, chosen, found, library, shelf)
    sentences = list(told(found))
    for about, sayings in _words(asked, chosen, evidence, sentences, Ties(found), threshold):
        conflicts += _table(about, None, sayings, library)
    return Comparison(tuple(_numbered(conflicts[:MOST], first=len(chosen) + 1)), agreement)


def _numbered(conflicts: Sequence[Conflict], *, first: int) -> Iterator[Conflict]:
    """The conflicts with their quotes numbered on from the answer's."""
    numbers = count(first)
    for conflict in conflicts:
        rows = (replace(party, quote=replace(party.quote, number=next(numbers))) for party in conflict.parties)
        yield replace(conflict, parties=tuple(rows))


@dataclass(frozen=True, slots=True)
class _Library:
    """Articles looked up once for a question."""

    shelf: Shelf
    held: dict[str, Article]

    def body(self, article_id: str) -> str:
        """Empty where the article was taken back a moment ago."""
        if article_id not in self.held:
            try:
                self.held[article_id] = self.shelf.article(article_id)
            except NotFound:
                return ""
        return self.held[article_id].body

    def sentence(self, one: Stated) -> str:
        span = one.claim.sentence
        for passage in one.report.passages:
            if span.within(passage.span):
                return passage.slice(span)
        return self.body(one.source.article_id)[span.start : span.end]


def _figures(
    wanted: Wanted | None, chosen: Sequence[Evidence], found: Sequence[Report], library: _Library, shelf: Shelf
) -> tuple[list[Conflict], Agreement | None]:
    if wanted is None:
        return [], None
    grouped = Grouping(wanted, stated(found), Ties(found), library.sentence, shelf.rarity).groups(chosen)
    conflicts = [conflict for group in grouped for conflict in _conflict(group, library)]
    agreement = _agreement(grouped[0], library) if grouped and not grouped[0].in_conflict else None
    return conflicts, agreement


def _asks_for_words(asked: Asked) -> bool:
    """Whether something is asked whose answers are compared in words: see `_words`."""
    return (
        asked.kind in (Kind.WHEN, Kind.WHERE)
        or is_yes_no(asked.text)
        or asks_for_countries(asked.text, asked.kind)
        or bool(identifiers_in(asked.text))
        or Described.asked_by(asked.text) is not None
        or asks_who_met(asked.text, asked.kind)
    )


def _words(
    asked: Asked,
    chosen: Sequence[Evidence],
    evidence: Sequence[Evidence],
    sentences: Sequence[Told],
    ties: Ties,
    threshold: float,
) -> Iterator[tuple[str, list[Saying]]]:
    """What differs in words: countries listed, numbers of texts, descriptions, who attended, days and places."""
    answered = answering(chosen, sentences)
    if answered and asks_for_countries(asked.text, asked.kind):
        first = next(one for one in answered if one.report.source == chosen[0].source)
        yield "countries", compare_lists(sentences, first.report, ties)
    if named := identifiers_in(asked.text):
        yield "number", compare_identifiers(named, sentences, answered)
    if described := Described.asked_by(asked.text):
        yield "description", compare_descriptions(described, sentences, answered)
    if taken_back := compare_reversals(asked.text, sentences, answered, ties):
        yield "first and later account", taken_back
    if asks_who_met(asked.text, asked.kind):
        yield "who attended", compare_attendance(sentences, answered, ties)
    if asked.kind in (Kind.WHEN, Kind.WHERE):
        about = "date" if asked.kind is Kind.WHEN else "place"
        yield about, compare_spans(asked.kind, evidence, sentences, threshold, ties)


def _conflict(group: Group, library: _Library) -> list[Conflict]:
    if not group.in_conflict:
        return []
    sayings = [saying_of(one, body) for one in group.members if (body := library.body(one.source.article_id))]
    return _table(_about(group.anchor, library), scope_of(group.anchor), sayings, library)


def _table(about: str, scope: str | None, sayings: Sequence[Saying], library: _Library) -> list[Conflict]:
    """A conflict of the rows that are left when copies are folded, if they still say different things."""
    held = [one for one in sayings if library.body(one.report.source.article_id)]
    rows = parties(held, library.held)
    return [Conflict(about, scope, rows)] if len({(party.said, party.kind) for party in rows}) > 1 else []


def _agreement(group: Group, library: _Library) -> Agreement | None:
    anchor = group.anchor
    same = [one for one in group.members if one.claim.low == anchor.claim.low and one.claim.high == anchor.claim.high]
    sources = list({one.source.article_id: one.report for one in same}.values())
    held = [report for report in sources if library.body(report.source.article_id)]
    witnesses = independent(held, library.held) if len(held) > 1 else 0
    if witnesses < 2:
        return None
    said = saying_of(anchor, library.body(anchor.source.article_id)).said
    return Agreement(_about(anchor, library), said, witnesses, tuple(report.source for report in held))


def _about(one: Stated, library: _Library) -> str:
    return name_of_thing(one, library.body(one.source.article_id))
