"""What differs: two things side by side, and what sources say of one figure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice, zip_longest

import numpy as np

from qa.answering.analysis import AnalyzedQuestion
from qa.answering.conflicts import as_asked, conflicts_in, numbers_named
from qa.answering.events import EventReference, Events
from qa.answering.matters import NEAR, TOPIC_POOL, MatterRetrieval
from qa.answering.openings import Openings
from qa.answering.quoting import articles_of
from qa.answering.reported_figures import middle
from qa.answering.steps import (
    MOST_STEPS,
    OF_EACH,
    Steps,
    days_reported,
    in_order,
    in_turn,
    most_reported,
    opening_sentences,
    same_words,
    sentences_on_event,
)
from qa.answering.subjects import Naming, Subjects
from qa.models.annotations import FigureKind
from qa.models.archive import Article, Span
from qa.models.replies import Conflict, Hit, Party, Question, SentenceHit
from qa.protocols import DocumentStore, Encoder
from qa.text.entities import is_date, places_in
from qa.text.figures import figures

SIDES = 3  # things that are set side by side


@dataclass(frozen=True, slots=True)
class Differences:
    """Sets things side by side, and what each source says."""

    encoder: Encoder
    store: DocumentStore
    matters: MatterRetrieval
    openings: Openings
    subjects: Subjects

    def compared(self, analyzed: AnalyzedQuestion) -> Steps:
        """Sentences on the first thing that is named, then on the next; none where no two are."""
        question = analyzed.question
        named = [name for name in self.subjects.names(question.text) if not is_date(name)]
        # "Cerbero and Bachata both had 19 arrests in Spain": what is in a country is compared, not that.
        named = [name for name in named if not places_in(name)] if len(named) > 2 else named
        namings = {name: naming for name in named if (naming := self.subjects.naming(name))}
        namings = dict(islice(namings.items(), SIDES))
        if len(namings) < 2:
            return Steps()
        hits = self.matters.passages(question)
        events = self.matters.events(question, hits)
        sides, leads, on_events = (list[list[SentenceHit]]() for _ in range(3))
        for name, this in namings.items():
            others = [naming for naming in namings.values() if naming is not this]

            def that(text: str, others: Sequence[Naming] = others) -> bool:
                return any(naming(text) for naming in others)

            reports = self._on_event(hits, events, EventReference(name))
            begun = [hit for hit in self.openings.of(reports) if not that(hit.text)]
            near = self._nearest(replace(question, text=name), question.text, this, that)
            sides.append(in_turn([[*near[:1], *begun]], most=MOST_STEPS // 2) if begun else near)
            leads.append([*begun, *near][:1])
            whole = chain.from_iterable(islice(sentences_on_event(report), MOST_STEPS) for report in reports)
            on_events.append([hit for hit in whole if not that(hit.text)])
        if not all(sides) or len({hit.place for side in sides for hit in side}) < sum(map(len, sides)):
            return Steps()
        if len(sides) == 2 and all(on_events):
            # Of what is told of the event with less to tell the other's reports say the same kind of thing.
            more = int(len(on_events[0]) < len(on_events[1]))
            sides[more] = self._alike(sides[1 - more], on_events[more], lead=leads[more][0])
        return Steps(list(chain.from_iterable(sides)), [hit.found for hit in chain.from_iterable(on_events)])

    def _on_event(self, hits: Iterable[Hit], events: Events, reference: EventReference) -> list[Article]:
        """The reports among those that hits are of on the event that is named."""
        found = {hit.source.article_id for hit in hits}
        return articles_of((name for name in events.named_by(reference) if name in found), self.store.article)

    def _nearest(self, question: Question, wanted: str, this: Naming, that: Naming) -> list[SentenceHit]:
        """What names one thing and says nearly as much of what is `wanted` as the sentence that says most."""
        of_it = partial(self.matters.sentences, question, wanted, limit=OF_EACH)
        # What names both tells them apart least.
        near = of_it(only=lambda text: this(text) and not that(text)) or of_it(only=this)
        return [hit for hit in near if hit.cosine >= near[0].cosine - NEAR]

    def _alike(
        self, told: Sequence[SentenceHit], others: Sequence[SentenceHit], *, lead: SentenceHit
    ) -> list[SentenceHit]:
        """The `lead`, and for all but one sentence told that of the others most like it; no more than are told."""
        likeness = self.encoder.encode([hit.text for hit in told]) @ self.encoder.encode([hit.text for hit in others]).T
        chosen = [lead]
        for row in likeness[np.sort((-likeness.max(axis=1)).argsort()[: len(told) - 1])]:
            ranked = (others[number] for number in row.argsort()[::-1])
            chosen += islice((hit for hit in ranked if not any(same_words(hit.text, c.text) for c in chosen)), 1)
        return chosen

    def disputed(self, analyzed: AnalyzedQuestion) -> Steps:
        """What each side says of figures that sources give differently; else what is said of a number that is named."""
        text = analyzed.question.text
        matters, near = self._disputing(analyzed)
        told, sides = dict[tuple[str, Span], SentenceHit](), list[list[list[tuple[str, Span]]]]()
        for reports in matters:
            hits = [replace(hit, likelihood=1.0) for report in reports for hit in opening_sentences(report)]
            told.update({hit.place: hit for hit in hits})
            found = conflicts_in(hits, (), self.store, most=len(hits))
            of_matter = [conflict for conflict in found if not near or is_among(near, conflict)]
            sides.append(list(map(sides_of, as_asked(text, of_matter))))
        conflicts, quoted = list(chain.from_iterable(sides)), quoted_sides(sides)
        steps = [told[place] for place in dict.fromkeys(chain.from_iterable(conflicts)) if place in quoted]
        if not steps:  # who says what of a number is told, where it is one thing in some and another in others
            numbers = numbers_named(text)
            with_number = [hit for hit in told.values() if not numbers.isdisjoint(map(middle, figures(hit.text)))]
            first = {hit.source.article_id: hit for hit in reversed(with_number)}
            steps = in_order(list(first.values())[:MOST_STEPS], self.store)
        unquoted = (place for place in chain.from_iterable(conflicts[:MOST_STEPS]) if place not in quoted)
        further = [told[place] for place in dict.fromkeys(unquoted)]
        compared = {hit.source.article_id for hit in (*steps, *further)}
        return Steps(steps, [hit.found for hit in told.values() if hit.source.article_id in compared], further)

    def _disputing(self, analyzed: AnalyzedQuestion) -> tuple[Sequence[Sequence[Article]], Sequence[SentenceHit]]:
        """The reports on what is named, now or in the question before; else on each event of the fullest days.

        Of what is asked about without its name they are what is found, with the sentences that are surest of it.
        """
        question, reference = analyzed.question, analyzed.reference
        if analyzed.repeated and not analyzed.asked.topical:
            question = analyzed.repeated[-1]
            reference = EventReference(question.text)
        found = self.matters.passages(question)
        events = self.matters.events(question, found)
        if on_event := self._on_event(found, events, reference):
            return [on_event], ()
        if analyzed.repeated or analyzed.asked.topical:
            reports = articles_of((hit.source.article_id for hit in found), self.store.article)
            return [reports], self.matters.surest(question.text, found)
        listed = chain.from_iterable(most_reported(days_reported(question, self.store)))
        reports = articles_of((one.source.article_id for one in islice(listed, TOPIC_POOL)), self.store.article)
        of_events = {id(event): event.articles for event in Events(reports).by_article.values()}
        return sorted(of_events.values(), key=len, reverse=True), ()


def place_of(party: Party) -> tuple[str, Span]:
    """The article and the sentence in which a source says something."""
    return party.source.article_id, Span(party.quote.start, party.quote.end)


def sides_of(conflict: Conflict) -> list[tuple[str, Span]]:
    """Where each thing that is said of a figure is said first; "up to 130" says nothing else than "130"."""
    first: dict[tuple[object, ...], tuple[str, Span]] = {}
    for party in conflict.parties:
        kind = FigureKind.DETAINED.value if party.kind == FigureKind.ARRESTED.value else party.kind
        first.setdefault((party.value, kind), place_of(party))
    return list(first.values())


def quoted_sides(matters: Iterable[Iterable[Sequence[tuple[str, Span]]]]) -> set[tuple[str, Span]]:
    """The sides of the conflicts of each matter that are quoted: the first of each, then further ones, whole ones."""
    quoted = set[tuple[str, Span]]()
    for sides in filter(None, chain.from_iterable(zip_longest(*matters))):
        if len(quoted.union(sides)) <= MOST_STEPS:
            quoted.update(sides)
        elif not quoted:
            quoted.update(sides[:MOST_STEPS])
    return quoted


def is_among(near: Sequence[SentenceHit], conflict: Conflict) -> bool:
    """Whether a conflict is of what some sentences are on: one is a side of it, and two sides are of their reports."""
    places, reports = {hit.place for hit in near}, {hit.source.article_id for hit in near}
    of_reports = [party for party in conflict.parties if party.source.article_id in reports]
    return len(of_reports) > 1 and any(place_of(party) in places for party in of_reports)
