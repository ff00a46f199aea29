"""The events of an archive by the names that its articles give them: operations, storms, cases."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import capwords

from qa.models.annotations import NamedEvent
from qa.models.archive import ListedArticle
from qa.models.dates import Dates
from qa.protocols import DocumentStore
from qa.text.entities import event_names, fold_text

OWN_SHARE = 0.5  # of the articles with a word in them, from which it is an event's name, and no person's or place's


def names_of_events(named: Iterable[Sequence[NamedEvent]]) -> dict[str, str]:
    """The names of events by their keys, as most articles write them; those first that most articles name."""
    written, articles = defaultdict[str, Counter[str]](Counter), Counter[str]()
    for event in (event for events in named for event in events):
        written[event.key][event.text] += 1
        articles[event.key] += 1
    return {key: written[key].most_common(1)[0][0] for key, _count in articles.most_common()}


def naming(
    listed: Iterable[ListedArticle], named: Mapping[str, Sequence[NamedEvent]], wanted: str
) -> list[ListedArticle]:
    """The articles that name an event so called: by its whole name in whatever language, or by a part of one."""
    names = event_names(wanted) or event_names(capwords(wanted))  # as it is typed: "operation cerbero"
    key = names[0].key if names else fold_text(wanted)

    def is_meant(event: NamedEvent) -> bool:
        return event.key == key or f" {key} " in f" {fold_text(event.text)} "

    return [article for article in listed if any(map(is_meant, named.get(article.source.article_id, ())))]


@dataclass(frozen=True, slots=True)
class EventNames:
    """Tells the events of an archive by their names alone, without what they are: "Bachata" of "Operación Bachata"."""

    store: DocumentStore

    def whole(self, name: str) -> str | None:
        """The whole name of the event that is so called; None where that is rather somebody's or a place's name."""
        key, named = fold_text(name), self.store.named_events()
        of_event = {article_id for article_id, events in named.items() if any(event.key == key for event in events)}
        if not of_event:
            return None
        having = {listed.source.article_id for listed in self.store.listed(Dates(phrases=(key,)))}
        if len(of_event & having) < OWN_SHARE * len(having):
            return None
        return names_of_events(named[article_id] for article_id in of_event)[key]
