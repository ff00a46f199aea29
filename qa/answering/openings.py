"""An event told by how its reports begin, without what most sources contradict."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice

from qa.answering.conflicts import conflicts_in
from qa.answering.reported_figures import PEOPLE
from qa.answering.steps import MOST_STEPS, dates_of, each_of, in_order, in_turn, sentences_on_event
from qa.models.archive import Article
from qa.models.replies import Conflict, SentenceHit
from qa.protocols import DocumentStore, Encoder


@dataclass(frozen=True, slots=True)
class Openings:
    """Chooses among the sentences that reports of one event begin with."""

    encoder: Encoder
    store: DocumentStore

    def of(self, reports: Sequence[Article], *, most: int = MOST_STEPS) -> list[SentenceHit]:
        """How the reports of one event begin, of those of its first day what tells it best first."""
        openings = [list(islice(sentences_on_event(report), each_of(reports))) for report in reports]
        outvoted = self.outvoted(chain.from_iterable(openings))
        first = [hits[0] for hits in openings if hits]
        # What most others contradict is left out; what its report says next has no claim to be told before others.
        sound = [[None if hit.text in outvoted else hit for hit in hits] for hits in openings]
        days = dates_of(first, self.store)
        earliest = [hit for hit, day in zip(first, days, strict=True) if day == min(days)]
        disputed = {party.quote.text for conflict in self._conflicts(earliest) for party in conflict.parties}
        central = self.central(earliest)
        undisputed = [hit for hit in central if not (hit.source.correction or hit.text in disputed)]
        lead = (undisputed or central)[:1]
        return in_order(in_turn([lead, *sound], most=most), self.store, lead=lead)

    def central(self, hits: Sequence[SentenceHit]) -> list[SentenceHit]:
        """The sentences, those first that have most in common with all of them, in mean cosine."""
        if not hits:
            return []
        vectors = self.encoder.encode([hit.text for hit in hits])
        return [hits[place] for place in (-(vectors @ vectors.T).mean(axis=1)).argsort(kind="stable")]

    def outvoted(self, hits: Iterable[SentenceHit]) -> set[str]:
        """The sentences with a number of people for which fewer sources stand than for another that came no earlier."""
        outvoted = set[str]()
        for conflict in 2 * self._conflicts(hits):  # what is outvoted on one number has no vote on another
            # Five hundred people held are not five hundred expected.
            said = [(party.value, party.kind, party) for party in conflict.parties]
            voting = [each for each in said if not (each[2].source.correction or each[2].quote.text in outvoted)]
            for value, kind, party in said:
                since = party.source.published or date.min
                votes = Counter(each[:2] for each in voting if (each[2].source.published or date.max) >= since)
                if votes[value, kind] < max(votes.values(), default=0):
                    outvoted.add(party.quote.text)
        return outvoted

    def _conflicts(self, hits: Iterable[SentenceHit]) -> list[Conflict]:
        told = [replace(hit, answer=None, likelihood=1.0) for hit in hits]
        return [c for c in conflicts_in(told, (), self.store, most=len(told)) if c.about == PEOPLE]
