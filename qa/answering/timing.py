"""What the time of a question does to an answer: to its evidence, to the words of a refusal, to what is added."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from qa.answering.annotated import annotations_of
from qa.answering.selecting import by_support, shifted
from qa.i18n.forms import outside, period_text
from qa.i18n.locale import N_
from qa.i18n.messages import Message
from qa.models.annotations import About, Timeframe
from qa.models.archive import Coverage
from qa.models.replies import Hit, Question, SentenceHit
from qa.protocols import DocumentStore
from qa.retrieval.timed import article_fit, best, dates_fit, recency
from qa.text.entities import is_date
from qa.text.timeframes import names_a_subject

UNDATED = N_("No article in the archive is dated; it can't say what holds today.")
OTHER_TIMES = N_("What comes closest in the archive is about other times than the question.")
NO_SUBJECT = N_(
    "It names a time but nothing that is asked about. The timeline lists what the archive holds of that time."
)

UNFIT = 5.0
"""What the logarithm of a sentence's odds loses where nothing of it fits the period. Of 24 questions about one of
several like cases in the demo archive 5 were answered from another case only with 0, 1 with 4, none with 5 or 7. Of the
94 questions of xquad that name a time, 81 are refused without their paragraph with 0 and 85 with 5, which wrongly
refuses 5 instead of 4."""

UNDATED_FIT, UNKNOWN = 0.4, 0.8
"""Fit of an article that has no date, in an archive whose articles have: in the demo archive "in 2012" was answered by
undated reports with .8; and where none has one: on xquad .5 wrongly refused 8 questions of 94, .8 refuses 5."""

NEWEST = 1.5
"""By how much the odds of the newest and the oldest article found are moved apart, where the newest is asked for: with
.5 a ruling of 2014 still stood behind an older text in the same words."""

OTHER_DATE = 0.5
"""Share of the fit that stays of a sentence that names another time than the period, "last December" in an article of
March. .2 and .8 came out the same."""


def timed(evidence: Sequence[SentenceHit], period: Timeframe | None, store: DocumentStore) -> list[SentenceHit]:
    """The evidence with its support held against the period of the question, strongest first.

    `store` tells when the articles' events were and which dates their words name.
    """
    if period is None or period.about is About.PUBLISHED:
        return list(evidence)
    if period.about is About.LATEST:
        newness = recency(item.source for item in evidence)
        moves = [NEWEST * (newness[item.source.published] - 0.5) for item in evidence]
    else:
        moves = [UNFIT * (fit - 1) for fit in _fits(evidence, period, store)]
    return by_support(shifted(item, by) for item, by in zip(evidence, moves, strict=True))


def _fits(evidence: Sequence[SentenceHit], period: Timeframe, store: DocumentStore) -> Iterator[float]:
    """How well each sentence fits the period, 0 to 1.

    Its own dates say best when it happened; then its article's, then those of the passage around it.
    """
    articles = dict.fromkeys(item.source.article_id for item in evidence)
    unknown = UNKNOWN if store.coverage().first is None else UNDATED_FIT
    events, annotated = store.event_dates(articles), annotations_of(articles, store)
    named = {article_id: dates_fit(period, annotated[article_id].dates) for article_id in articles}
    for item in evidence:
        dates, passage = named[item.source.article_id], item.passage
        of_article = article_fit(period, item.source, events.get(item.source.article_id))
        of_sentence, around = best(dates, within=item.span), best(dates, within=passage.span) or 0.0
        if of_sentence:
            yield max(of_sentence, of_article or 0.0)
            continue
        fit = max(unknown, around) if of_article is None else max(of_article, around / 2)
        # Of a sentence that the reader finds to say when, another time is what is asked for.
        answers_when = item.answer is not None and is_date(passage.slice(item.answer))
        yield fit * OTHER_DATE if of_sentence is not None and not answers_when else fit


def in_time(items: Sequence[SentenceHit | Hit], period: Timeframe | None, store: DocumentStore) -> Iterator[bool]:
    """Of each sentence or passage whether its article is of the period."""
    events = store.event_dates({item.source.article_id for item in items}) if period else {}
    for item in items:
        yield period is None or bool(article_fit(period, item.source, events.get(item.source.article_id)))


def notices(period: Timeframe | None, coverage: Callable[[], Coverage], today: date) -> tuple[str, ...]:
    """What a reader is told who asks what holds now, of an archive that ends before today."""
    if period is None or not period.present:
        return ()
    last = coverage().last
    if last is None:
        return (UNDATED,)
    notice = Message("The archive ends on {day}; it can't say what holds today.", day=last)
    return () if last >= today else (notice,)


def asks_for_a_time_alone(question: Question) -> bool:
    """True of "what was known in May?": no sentence answers that, the timeline does."""
    period = question.period
    return period is not None and period.about is not About.LATEST and not names_a_subject(question.text)


def with_time(reason: str, question: Question, coverage: Coverage, *, other_times: bool) -> str:
    """The reason of a refusal, with what the time that is asked about has to do with it.

    `other_times` says that a sentence was sure enough to be quoted but for its time.
    """
    period = question.period
    if period is None or period.about is About.LATEST:
        return reason
    if outside(period, coverage):
        return Message(
            "It asks about {period}, {outside}. {reason}",
            period=partial(period_text, period),
            outside=partial(outside, period, coverage),
            reason=Message(reason),
        )
    if asks_for_a_time_alone(question):
        return NO_SUBJECT
    return OTHER_TIMES if other_times and period.about is About.EVENTS else reason
