"""Sentences as steps of a story: how reports begin, what day each tells of, and which few of many are told."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from datetime import date
from itertools import chain, groupby, islice, zip_longest
from typing import NamedTuple, TypeGuard, TypeVar

from qa.answering.quoting import annotations_of
from qa.dates.periods import Period, Precision, of_day, period_of
from qa.models.annotations import About, Annotations, Timeframe, dates_within
from qa.models.archive import Article, ListedArticle, Passage, Source
from qa.models.dates import Dates
from qa.models.replies import Hit, Question, SentenceHit
from qa.protocols import ArticleReader, DocumentStore
from qa.retrieval.ranking import is_label
from qa.retrieval.timeline import REPORTED_WITHIN, when_of
from qa.text.entities import event_names
from qa.text.sentences import sentence_spans
from qa.text.terms import alike, stems

MOST_STEPS = 8  # sentences that tell a matter; the timeline has the rest
OF_EACH = 3  # sentences on each of two things that are compared, of two events some more; and reports of one time
OF_A_DAY = 2  # sentences that a day keeps where other days want their place
BEFORE = 366  # days before an event's first report in which something belongs to it: what is older tells of a past
REMARK = "(["  # what a sentence begins with that tells of the report alone: "(Published first in El Faro.)"
SAME_WORDS = 0.5  # share of their words, all told, that two sentences have in common which say the same

Step = TypeVar("Step")
Reports = TypeVar("Reports", bound=Sized)


class Steps(NamedTuple):
    """The sentences that tell a matter, in order, and passages of the reports on the event told of most.

    `differing` are sentences with figures of which who says what is told without quoting them as steps.
    """

    sentences: Sequence[SentenceHit] = ()
    reports: Sequence[Hit] = ()
    differing: Sequence[SentenceHit] = ()


def most_reported(days: Sequence[Reports], *, count: int = MOST_STEPS) -> list[Reports]:
    """The days with most reports, those first; of days with as many as the last of so many some, far apart."""
    by_size = sorted(days, key=len, reverse=True)
    if len(by_size) <= count:
        return by_size
    least = len(by_size[count - 1])
    more = [day for day in by_size if len(day) > least]
    like_that = [day for day in by_size if len(day) == least]
    chosen = far_apart(range(len(like_that)), count - len(more))
    others = [day for number, day in enumerate(like_that) if number not in chosen]
    return [*more, *(like_that[number] for number in chosen), *others]


def each_of(reports: Sequence[Article]) -> int:
    """How many sentences of each report tell an event: more where few reports do."""
    return max(OF_EACH, MOST_STEPS // max(1, len(reports)))


def opening_sentence(article: Article) -> SentenceHit | None:
    """The first sentence of a report, or one of the next where that says clearly more of what its headline says."""
    headline = stems(article.source.title)
    first = enumerate(islice(opening_sentences(article), OF_EACH))
    return max(first, key=lambda placed: len(headline & stems(placed[1].text)) - placed[0], default=(0, None))[1]


def sentences_on_event(article: Article) -> Iterator[SentenceHit]:
    """The sentences of a report from its first, but those further down that name an event not named before."""
    names = {name.key for name in event_names(article.source.title)}
    for number, hit in enumerate(opening_sentences(article)):
        named = {name.key for name in event_names(hit.text)}
        if number < OF_EACH:
            names |= named
        if named <= names:
            yield hit


def opening_sentences(article: Article) -> Iterator[SentenceHit]:
    """The sentences of a report from its first, which says most of it in fewest words."""
    body = article.body
    for span in sentence_spans(body):
        is_remark = body[span.start] in REMARK
        if not (is_remark or is_label(Passage(article.source, 0, len(body), body, (span,)), 0)):
            passage = Passage(article.source, span.start, span.end, body[span.start : span.end], (span,))
            yield SentenceHit(Hit(passage, 0.0), span, 0.0)


def in_turn(groups: Iterable[Iterable[SentenceHit | None]], *, most: int) -> list[SentenceHit]:
    """The first sentence of each group, then the second and so on, none that says what another does."""
    chosen: list[SentenceHit] = []
    for hit in filter(None, chain.from_iterable(zip_longest(*groups))):
        if len(chosen) == most:
            break
        if not any(same_words(hit.text, earlier.text) for earlier in chosen):
            chosen.append(hit)
    return chosen


def same_words(first: str, second: str) -> bool:
    return alike(stems(first), stems(second)) >= SAME_WORDS


def by_own_days(
    opening: Sequence[tuple[SentenceHit, date]],
    further: Iterable[SentenceHit],
    library: ArticleReader,
    *,
    most: int,
    belongs: Callable[[SentenceHit], bool] = lambda _: True,
) -> list[SentenceHit]:
    """Sentences, `most` of them, in the order of the days that they name themselves, else of those of their reports.

    To the `opening` ones come `further` ones, one for each time that nothing else is of, if it `belongs`.
    """
    further = list(further)
    annotations = annotations_of({hit.source.article_id for hit in (*further, *(hit for hit, _ in opening))}, library)
    days = [day.toordinal() for _, day in opening if day != date.max]
    since = min(days, default=0) - BEFORE

    def time_of(hit: SentenceHit) -> Period | None:
        time = own_time(hit, annotations)
        return time if time and time.first.toordinal() >= since else None

    steps = [(time_of(hit) or of_day(day), hit) for hit, day in opening]
    dated = [(time, hit) for hit in further if (time := time_of(hit)) and belongs(hit)]
    # A day on which reports came out is that of the reporting, as "17 March" in "as El País wrote on 17 March".
    known = [time for time, _ in steps] + [of_day(hit.source.published) for hit, _ in opening if hit.source.published]
    others = of_other_times(dated, known)
    firsts = [time.first for time, _ in steps]
    crowding = [place for place, day in enumerate(firsts) if firsts[:place].count(day) >= OF_A_DAY]
    dropped = crowding[::-1][: max(0, len(steps) + len(others) - most)]
    kept = [step for place, step in enumerate(steps) if place not in dropped]
    added = far_apart(others, most - len(kept))
    return [hit for _, hit in far_apart(sorted([*kept, *added], key=lambda step: step[0].first), most)]


def of_other_times(
    dated: Iterable[tuple[Period, SentenceHit]], known: Iterable[Period]
) -> list[tuple[Period, SentenceHit]]:
    """One of the dated sentences for each time that nothing known is of, a day before a month, in their order."""
    others, taken = list[tuple[Period, SentenceHit]](), list(known)
    for time, hit in sorted(dated, key=lambda step: step[0].precision is not Precision.DAY):
        if not any(time.first <= other.last and other.first <= time.last for other in taken):
            others.append((time, hit))
            taken.append(time)
    return sorted(others, key=lambda step: step[0].first)


def in_order(
    hits: Sequence[SentenceHit], store: DocumentStore, *, lead: Sequence[SentenceHit] = ()
) -> list[SentenceHit]:
    """The sentences by the dates of what they tell of, what is undated last; of one date what leads first."""
    placed = [
        (day, hit not in lead, hit.source.published or date.max, hit.source.article_id, hit.span, hit)
        for hit, day in zip(hits, dates_of(hits, store), strict=True)
    ]
    return [hit for *_, hit in sorted(placed, key=lambda place: place[:-1])]


def newest_first(source: Source) -> tuple[int, str]:
    """What articles are ordered by to begin with the newest, what is undated last."""
    return -(source.published or date.min).toordinal(), source.article_id


def dates_of(hits: Sequence[SentenceHit], store: DocumentStore) -> list[date]:
    """When what each sentence tells of was, by its article, else by itself; of a month or year when it came out."""
    event_dates = store.event_dates({hit.source.article_id for hit in hits})
    undated = [hit for hit in hits if not (hit.source.published or event_dates.get(hit.source.article_id))]
    annotations = annotations_of({hit.source.article_id for hit in undated}, store)
    by_sentence = {hit.place: time.first for hit in undated if (time := own_time(hit, annotations))}
    days = []
    for hit in hits:
        source = hit.source
        when = when_of(ListedArticle(source, event_dates.get(source.article_id)))
        first, last, published = when.first or date.max, when.last or date.min, source.published or date.max
        days.append(by_sentence.get(hit.place, published if first <= published <= last else first))
    return days


def days_reported(question: Question, store: DocumentStore) -> list[list[ListedArticle]]:
    """The articles of each time, of those that it is held to, by the order of their publication."""
    placed = [(when_of(one), one) for one in store.listed(Dates.of(question))]
    dated = [(when.first, article) for when, article in placed if when.first]
    # What happened when is surer of an article whose file names it than by the day of its publication.
    named = [(day, article) for day, article in dated if article.event_date]
    chosen = named if len({day for day, _ in named}) > 1 and 2 * len(named) >= len(dated) else dated
    chosen.sort(key=lambda pair: (pair[0], pair[1].source.published or date.max, pair[1].source.article_id))
    days = [[article for _, article in day] for _, day in groupby(chosen, key=lambda pair: pair[0])]
    undated = [[article] for when, article in placed if not when.first]
    # Where most have no date, those that have one don't stand for all.
    return [*days, *undated] if len(undated) > len(dated) and not question.period else days


def far_apart(steps: Sequence[Step], count: int) -> Sequence[Step]:
    """So many of the steps, the first and the last among them; the last where there is place for one."""
    if len(steps) <= count:
        return steps
    if count < 2:
        return steps[len(steps) - max(0, count) :]
    return [steps[number * (len(steps) - 1) // (count - 1)] for number in range(count)]


def own_time(hit: SentenceHit, annotations: Mapping[str, Annotations]) -> Period | None:
    """The day or the month that a sentence itself says first of what it tells; none after it was printed."""
    first = next(times_named(hit, annotations), None)
    return first if first and first.first <= (hit.source.published or first.first) else None


def times_named(hit: SentenceHit, annotations: Mapping[str, Annotations]) -> Iterator[Period]:
    """The days and months that a sentence names."""
    for mention in dates_within(annotations[hit.source.article_id].dates, hit.span):
        period = period_of(mention.value) if mention.value and not mention.flaw else None
        if period and period.precision in (Precision.DAY, Precision.MONTH):
            yield period


def asks_for_latest(period: Timeframe | None) -> bool:
    return period is not None and period.about is About.LATEST


def bounds_events(period: Timeframe | None) -> TypeGuard[Timeframe]:
    """Whether what happened in a time is asked for."""
    return period is not None and period.about is About.EVENTS and bool(period.first or period.last)


def is_stretch(period: Timeframe | None) -> TypeGuard[Timeframe]:
    """Whether what happened in a time with a beginning and an end is asked for."""
    return bounds_events(period) and bool(period.first and period.last)


def bounds(period: Timeframe, time: Period) -> bool:
    """Whether a time that is known lies in the period."""
    return (period.first or date.min) <= time.first < date.max and time.last <= (period.last or date.max)


def tells_of(period: Timeframe, hit: SentenceHit, annotations: Mapping[str, Annotations]) -> bool:
    """Whether a sentence names no times but of a period, as far as it is news; else whether the first is of it."""
    times, printed = list(times_named(hit, annotations)), hit.source.published
    past = [time for time in times if printed and time.first <= printed]
    return all(bounds(period, time) for time in (*times[:1], *past))


def may_tell_of(period: Timeframe, listed: ListedArticle) -> bool:
    """Whether an article is of a time by its dates, or came out so soon after it that it may tell of it."""
    until = min(period.last or date.max, date.max - REPORTED_WITHIN) + REPORTED_WITHIN
    return when_of(listed).meets(period.first, period.last if listed.event_date else until)
