"""Reading a whole article for what answers need besides its words."""

from qa.dates.finding import find_dates
from qa.models.annotations import Annotations
from qa.models.archive import Article
from qa.text.figure_reading import find_figures
from qa.text.stages import find_stages

VERSION = 17  # raised with every change to what is read or how


def annotate(article: Article) -> Annotations:
    """What the body says; it depends on nothing but the article and VERSION."""
    source = article.source
    dates = find_dates(article.body, published=source.published, language=source.language)
    figures = find_figures(article, dates)
    stages = find_stages(article.body, dates, published=source.published, language=source.language)
    return Annotations(VERSION, tuple(dates), tuple(figures), tuple(stages), article.event_date, article.derived_from)
