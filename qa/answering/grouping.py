"""The sentences of an answer by the event they tell of: like cases are kept apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from qa.answering.event_reference import EventReference, meant
from qa.answering.events import APART, Reported, by_key, event_within, reported_events
from qa.dates.finding import find_dates
from qa.errors import NotFound
from qa.models.archive import Article
from qa.models.dates import Dates
from qa.models.replies import Candidate, Citation, Event, Hit, Question
from qa.protocols import DocumentStore
from qa.retrieval.timeline import moment_of
from qa.text.event_names import event_names

FindArticle = Callable[[str], Article]
"""The article of an id as readers may see it now; raises NotFound."""


class Events:
    """The events that the evidence of one question tells of."""

    def __init__(self, articles: Sequence[Article] = ()) -> None:
        self._of_article: Mapping[str, Reported] = reported_events(articles)
        self._events = list({id(event): event for event in self._of_article.values()}.values())
        self._by_key = by_key(self._events)

    def of(self, item: Candidate | Citation) -> Reported | None:
        """What a sentence tells of; None where its article doesn't say what or when that was."""
        event = self._of_article.get(item.source.article_id)
        if event is None:
            return None
        reported = event_within(item.text, event, self._by_key)
        if reported is event:
            reported = self._recalled(item, event) or event
        return reported if reported.known else None

    def _recalled(self, item: Candidate | Citation, event: Reported) -> Reported | None:
        """The one other event that has the date a sentence gives, long before its article's own: "last December"."""
        dates = _dates_in(item.text, item.source.published, item.source.language)
        elsewhere = [
            candidate for candidate in self._events if candidate is not event and candidate.event.date in dates
        ]
        if len(elsewhere) != 1 or event.event.date in dates:
            return None
        return elsewhere[0] if long_before(elsewhere[0].event.date, event.event.date) else None

    def meant_hits(self, hits: Sequence[Hit], reference: EventReference) -> tuple[list[Hit], list[str]]:
        """The passages on the events that a question can mean, where it says which, and by what in words."""
        return meant(hits, self._of_passage, reference)

    def meant(self, evidence: Sequence[Candidate], reference: EventReference) -> list[Candidate]:
        """The evidence on the events that a question can mean, where it says which."""
        return meant(evidence, self.of, reference)[0]

    def names(self, chosen: Sequence[Candidate]) -> list[str]:
        """The names, folded, of the events that sentences tell of, where these have one."""
        return sorted({reported.key for item in chosen if (reported := self.of(item)) and reported.key})

    def naming_the_same(
        self, chosen: Sequence[Candidate], question: Question, store: DocumentStore, *, limit: int
    ) -> Iterator[Hit]:
        """Passages, in any language, that name an event that the chosen sentences tell of; `limit` for each event."""
        for key in self.names(chosen):
            for hit in store.matching(key.split(), limit=limit, between=Dates.of(question)):
                if any(name.key == key for name in event_names(f"{hit.passage.source.title}. {hit.passage.text}")):
                    yield hit

    def _of_passage(self, hit: Hit) -> Reported | None:
        reported = self._of_article.get(hit.passage.source.article_id)
        return reported if reported and reported.known else None

    def grouped(self, chosen: Sequence[Candidate]) -> list[tuple[Candidate, Event | None]]:
        """What was chosen, event by event in the order of their best sentences; what tells of none stays last."""
        placed = [(item, reported.event if (reported := self.of(item)) else None) for item in chosen]
        order = list(dict.fromkeys(event for _, event in placed))
        if len(order) < 2:
            return placed
        last = order.index(None) if None in order[1:] else -1
        return sorted(placed, key=lambda pair: (order.index(pair[1]) == last, order.index(pair[1])))


NO_EVENTS = Events()


@lru_cache(maxsize=500)
def _dates_in(sentence: str, published: date | None, language: str) -> frozenset[str]:
    mentions = find_dates(sentence, published=published, language=language)
    return frozenset(mention.value for mention in mentions if mention.value and not mention.flaw)


def long_before(earlier: str | None, later: str | None) -> bool:
    """Whether a date lies so long before another that what it is of is another event."""
    first, second = (moment_of(value) if value else None for value in (earlier, later))
    return bool(first and first.last and second and second.first and second.first - first.last > APART)


def articles_of(article_ids: Iterable[str], find: FindArticle) -> list[Article]:
    """The articles that readers may still see, each once."""
    articles = []
    for article_id in dict.fromkeys(article_ids):
        try:
            articles.append(find(article_id))
        except NotFound:  # taken back a moment ago; the last check of the reply will see it
            continue
    return articles
