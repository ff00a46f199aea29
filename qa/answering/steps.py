"""Sentences as steps of a story: how reports begin, what day each tells of, and which few of many are told."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from datetime import date
from itertools import chain, islice, zip_longest
from typing import NamedTuple, TypeGuard, TypeVar

from qa.answering.quoting import annotations_of
from qa.answering.selecting import leans
from qa.dates.periods import Period, Precision, of_day, period_of
from qa.models.annotations import About, Annotations, Timeframe, dates_within
from qa.models.archive import Article, ListedArticle, Passage
from qa.models.replies import Hit, SentenceHit
from qa.protocols import ArticleReader
from qa.retrieval.ranking import is_label
from qa.retrieval.timeline import REPORTED_WITHIN, when_of
from qa.text.entities import event_names
from qa.text.sentences import sentence_spans
from qa.text.terms import alike, stems

MOST_STEPS = 8  # sentences that tell a matter; the timeline has the rest
OF_EACH = 3  # sentences on each of two things that are compared, of two events some more; and reports of one time
OF_A_DAY = 2  # sentences that a day keeps where other days want their place
BEFORE = 366  # days before an event's first report in which something belongs to it: what is older tells of a past
SAME_WORDS = 0.5  # share of their words, all told, that two sentences have in common which say the same
REMARK = "(["  # what a sentence begins with that tells of the report alone: "(Published first in El Faro.)"
SPEECH = '"“«'  # what one begins with that is somebody's words: few say what happened

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


def first_of_time(period: Timeframe, article: Article, annotations: Mapping[str, Annotations]) -> SentenceHit | None:
    """How a report begins; another of its first sentences where that tells of long before: "In April 2005 …"."""
    begun = opening_sentence(article)
    since = max(1, (period.first or date.min).toordinal() - BEFORE)
    for hit in filter(None, (begun, *islice(opening_sentences(article), OF_EACH))):
        time = own_time(hit, annotations)
        if time is None or time.last.toordinal() >= since:
            return hit
    return begun


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
        if not is_label(Passage(article.source, 0, len(body), body, (span,)), 0):
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
    crowded = Counter(time.first for time, _ in steps)
    for place in range(len(steps) - 1, 0, -1):
        day = steps[place][0].first
        if len(steps) + len(others) > most and crowded[day] > OF_A_DAY:
            crowded[day] -= 1
            del steps[place]
    added = far_apart(others, most - len(steps))
    return [hit for _, hit in far_apart(sorted([*steps, *added], key=lambda step: step[0].first), most)]


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


def begun_by(hits: Iterable[SentenceHit]) -> dict[str, int]:
    """Which of some sentences is the one that a report begins with, by its id; what has no date is no report."""
    placed = [(hit, number) for number, hit in enumerate(hits) if hit.passage.start == 0 and hit.source.published]
    return {hit.source.article_id: number for hit, number in reversed(placed)}


def says_alone(hit: SentenceHit) -> bool:
    return not (leans(hit.text) or hit.text[0] in REMARK + SPEECH)


def may_tell_of(period: Timeframe, listed: ListedArticle) -> bool:
    """Whether an article is of a time by its dates, or came out so soon after it that it may tell of it."""
    until = min(period.last or date.max, date.max - REPORTED_WITHIN) + REPORTED_WITHIN
    return when_of(listed).meets(period.first, period.last if listed.event_date else until)
