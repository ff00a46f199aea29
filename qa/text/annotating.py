"""Reads what answers need of an article besides its words: dates, stages of cases, and figures."""

from qa.dates.finding import find_dates
from qa.models.annotations import Annotations, NamedEvent
from qa.models.archive import Article
from qa.text.entities import event_names
from qa.text.figures import find_figures
from qa.text.stages import find_stages

VERSION = 24  # raised with every change to what is read or how


def annotate(article: Article) -> Annotations:
    """What headline and body say; it depends on nothing but the article and VERSION."""
    source = article.source
    dates = find_dates(article.body, published=source.published, language=source.language)
    figures_read = tuple(find_figures(article, dates))
    stages = find_stages(article.body, dates, published=source.published, language=source.language)
    named = dict[str, NamedEvent]()
    for name in (*event_names(source.title), *event_names(article.body)):
        named.setdefault(name.key, NamedEvent(name.key, " ".join(name.text.split())))
    read = (tuple(dates), figures_read, tuple(stages))
    return Annotations(VERSION, *read, article.event_date, article.derived_from, tuple(named.values()))
