"""Questions that an archive may answer, drafted in the current locale from what its articles were read for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest

from qa.answering.reported_figures import same_kind
from qa.answering.subjects import names_in
from qa.dates.periods import Precision, period_of
from qa.i18n.forms import long_date, month_of
from qa.i18n.locale import N_, _, current_locale
from qa.models.annotations import Annotations, FigureKind, Timeframe
from qa.models.archive import Article
from qa.models.replies import Intent
from qa.retrieval.named_events import names_of_events
from qa.text.entities import NAME, event_names, fold_text, is_date, places_in, without_dates
from qa.text.figures import form, kind_words
from qa.text.language import primary
from qa.text.terms import STOP_WORDS, content_words, fold
from qa.text.timeframes import timeframe_of

Reading = tuple[Article, Annotations]

SEVERAL = 2  # articles that have a name or a day, at least, for it to be asked about
COUNTED = {
    FigureKind.ARRESTED: N_("How many people were arrested in {event}?"),
    FigureKind.CHARGED: N_("How many people were charged in {event}?"),
    FigureKind.CONVICTED: N_("How many people were convicted in {event}?"),
    FigureKind.KILLED: N_("How many people were killed in {event}?"),
    FigureKind.INJURED: N_("How many people were injured in {event}?"),
    FigureKind.MISSING: N_("How many people went missing in {event}?"),
    FigureKind.RESCUED: N_("How many people were rescued in {event}?"),
    FigureKind.DISPLACED: N_("How many people had to leave their homes in {event}?"),
}
ARRESTED = FigureKind.ARRESTED
TOLD_WHOLE = (Intent.OVERVIEW, Intent.CHRONOLOGY, Intent.PROFILE)
"""What is told of one thing in much the same sentences, whichever of them is wanted."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about, in whatever words: the time and what it names; of a count what it counts, too."""

    names: frozenset[str]  # their words
    period: Timeframe | None
    counted: frozenset[FigureKind] = frozenset()

    def is_that_of(self, other: "Subject") -> bool:
        """True also where one names what is not counted in fewer words: "Who is Múgica?"."""
        named = self.names == other.names
        if self.names and other.names and not self.counted:
            named = self.names <= other.names or other.names <= self.names
        return named and (self.period, self.counted) == (other.period, other.counted)


def subject_of(question: str, intent: Intent) -> Subject | None:
    """The subject of a question for the whole of something, or for a count; None of another, or where it has none."""
    kinds = (word.kind for word in kind_words(question)) if intent is Intent.FACT else ()
    counted = frozenset(ARRESTED if same_kind(kind, ARRESTED) else kind for kind in kinds)
    if intent not in TOLD_WHOLE and not (counted and form("asked_quantity").search(question)):
        return None
    keys = {name.text: name.key for name in event_names(question)}
    named = (content_words(keys.get(name, name)) for name in names_in(without_dates(question)))
    names, period = frozenset(chain.from_iterable(named)), timeframe_of(question)
    return Subject(names, period, counted) if names or period else None


def drafts(readings: Sequence[Reading], *, limit: int) -> list[str]:
    """At most so many questions, of each kind those first that most articles may answer, the kinds in turn."""
    events = _events(readings)
    figures = [figure for _article, reading in readings for figure in reading.figures]
    counted = Counter((f.kind, f.event) for f in figures if f.kind in COUNTED and f.event in events)
    kinds = (
        (_(COUNTED[kind], event=events[event]) for (kind, event), _count in counted.most_common() if kind and event),
        (_("What happened in {event}?", event=name) for name in events.values()),
        _days(readings),
        (_("Tell me about {name}.", name=name) for name in _names(readings)),
    )
    in_turn = chain.from_iterable(zip_longest(*kinds))
    return list(dict.fromkeys(question for question in in_turn if question))[:limit]


def _by_articles(articles: Counter[str]) -> list[str]:
    """Those that several articles have, those first that most have."""
    ranked = sorted(articles.items(), key=lambda item: (-item[1], item[0]))
    return [name for name, count in ranked if count >= SEVERAL]


def _events(readings: Sequence[Reading]) -> dict[str, str]:
    """The names of events by their keys, as they are mostly written."""
    names = names_of_events(reading.events for _article, reading in readings)
    articles = Counter(event.key for _article, reading in readings for event in reading.events)
    return {key: names[key] for key in _by_articles(articles)}


def _days(readings: Sequence[Reading]) -> Iterator[str]:
    days, months = Counter[date](), Counter[date]()
    for _article, reading in readings:
        periods = [period_of(mention.value or "") for mention in reading.dates]
        dated = {period.first for period in periods if period and period.precision is Precision.DAY}
        days.update(dated)
        months.update({day.replace(day=1) for day in dated})
    frequent = [(count, _("What happened on {day}?", day=long_date(day))) for day, count in days.items()]
    frequent += [(count, _("What happened in {month}?", month=month_of(day))) for day, count in months.items()]
    yield from (question for count, question in sorted(frequent, reverse=True) if count >= SEVERAL)


def _names(readings: Sequence[Reading]) -> list[str]:
    """Names of several words that several articles have, one in the current language; none of what suspects are in."""
    articles, spoken, about_suspects = Counter[str](), set[str](), set[str]()
    for article, reading in readings:
        named = set(_named(article.body))
        articles.update(named)
        spoken |= named if primary(article.source.language) == current_locale() else set()
        for stage in reading.stages:
            about_suspects.update(_named(article.body[stage.sentence.start : stage.sentence.end]))
    return [name for name in _by_articles(articles) if name in spoken - about_suspects]


def _named(text: str) -> Iterator[str]:
    events = {fold_text(name.text) for name in event_names(text)}
    countries = {text[span.start : span.end] for span, _code in places_in(text)}
    for match in NAME.finditer(text):
        name = match.group()
        plain = " " not in name or "’" in name or "'" in name or fold(name.split()[0]) in STOP_WORDS or is_date(name)
        if not plain and name not in countries and fold_text(name) not in events:
            yield name
