"""The sentences of an answer by the event they tell of: like cases are kept apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from qa.answering.cues import Cues, meant
from qa.answering.events import Reported, by_key, event_within, reported_events
from qa.domain.archive import Article
from qa.domain.replies import Event, Evidence, Hit
from qa.errors import NotFound

FindArticle = Callable[[str], Article]
"""The article of an id as readers may see it now; raises NotFound."""


class Events:
    """The events that the evidence of one question tells of."""

    def __init__(self, articles: Sequence[Article] = ()) -> None:
        self._of_article: Mapping[str, Reported] = reported_events(articles)
        self._by_key = by_key(self._of_article.values())

    def of(self, item: Evidence) -> Reported | None:
        """What a sentence tells of; None where its article doesn't say what or when that was."""
        own = self._of_article.get(item.source.article_id)
        if own is None:
            return None
        reported = event_within(item.text, own, self._by_key)
        return reported if reported.known else None

    def meant_hits(self, hits: Sequence[Hit], cues: Cues) -> list[Hit]:
        """The passages on the events that a question can mean, where it says which."""
        return meant(hits, self._of_passage, cues)

    def meant(self, evidence: Sequence[Evidence], cues: Cues) -> list[Evidence]:
        """The evidence on the events that a question can mean, where it says which."""
        return meant(evidence, self.of, cues)

    def _of_passage(self, hit: Hit) -> Reported | None:
        reported = self._of_article.get(hit.passage.source.article_id)
        return reported if reported and reported.known else None

    def grouped(self, chosen: Sequence[Evidence]) -> list[tuple[Evidence, Event | None]]:
        """What was chosen, event by event in the order of their best sentences; what tells of none stays last."""
        placed = [(item, reported.event if (reported := self.of(item)) else None) for item in chosen]
        order = list(dict.fromkeys(event for _, event in placed))
        if len(order) < 2:
            return placed
        last = order.index(None) if None in order[1:] else -1
        return sorted(placed, key=lambda pair: (order.index(pair[1]) == last, order.index(pair[1])))


NO_EVENTS = Events()


def articles_of(article_ids: Iterable[str], find: FindArticle) -> list[Article]:
    """The articles that readers may still see, each once."""
    found = []
    for article_id in dict.fromkeys(article_ids):
        try:
            found.append(find(article_id))
        except NotFound:  # taken back a moment ago; the last check of the reply will see it
            continue
    return found
