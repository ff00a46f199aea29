"""Chooses the steps of an event's chronology: how its reports begin, and what else they date by themselves."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from qa.answering.quoting import annotations_of
from qa.dates.periods import Period, Precision, of_day, period_of
from qa.models.annotations import Annotations, dates_within
from qa.models.replies import SentenceHit
from qa.protocols import ArticleReader

Step = TypeVar("Step")

OF_A_DAY = 2
"""Sentences that a day keeps where other days want their place."""

BEFORE = 366  # days before an event's first report in which something belongs to it: what is older tells of a past


def by_own_days(
    opening: Sequence[tuple[SentenceHit, date]],
    further: Iterable[SentenceHit],
    library: ArticleReader,
    *,
    most: int,
    belongs: Callable[[SentenceHit], bool] = lambda _: True,
) -> list[SentenceHit]:
    """Sentences in the order of the days that they name themselves, else of those of their reports, `most` of them.

    `opening` is how the reports begin, and news, each with its day. Of `further` sentences that name a time nothing
    else is of, and that `belongs` keeps, comes one for each such time, in the place of what a day has too much of.
    """
    further = list(further)
    annotations = annotations_of({hit.source.article_id for hit in (*further, *(hit for hit, _ in opening))}, library)
    days = [day.toordinal() for _, day in opening if day != date.max]
    since = min(days, default=0) - BEFORE

    def told_by(hit: SentenceHit) -> Period | None:
        time = own_time(hit, annotations)
        return time if time and time.first.toordinal() >= since else None

    steps = [(told_by(hit) or of_day(day), hit) for hit, day in opening]
    dated = [(time, hit) for hit in further if (time := told_by(hit)) and belongs(hit)]
    # A day on which reports came out is that of the reporting, as "17 March" in "as El País wrote on 17 March".
    known = [time for time, _ in steps] + [of_day(hit.source.published) for hit, _ in opening if hit.source.published]
    others: list[tuple[Period, SentenceHit]] = []
    for time, hit in sorted(dated, key=lambda step: step[0].precision is not Precision.DAY):
        if not any(time.first <= other.last and other.first <= time.last for other in known):
            others.append((time, hit))
            known.append(time)
    crowded = Counter(time.first for time, _ in steps)
    for place in range(len(steps) - 1, 0, -1):
        day = steps[place][0].first
        if len(steps) + len(others) > most and crowded[day] > OF_A_DAY:
            crowded[day] -= 1
            del steps[place]
    others.sort(key=lambda step: step[0].first)
    added = far_apart(others, most - len(steps))
    return [hit for _, hit in far_apart(sorted([*steps, *added], key=lambda step: step[0].first), most)]


def far_apart(steps: Sequence[Step], count: int) -> Sequence[Step]:
    """So many of the steps, the first and the last among them; the last where there is place for one."""
    if len(steps) <= count:
        return steps
    if count < 2:
        return steps[len(steps) - max(0, count) :]
    return [steps[number * (len(steps) - 1) // (count - 1)] for number in range(count)]


def own_time(hit: SentenceHit, annotations: Mapping[str, Annotations]) -> Period | None:
    """The day or the month that a sentence itself says of what it tells; none after it was printed."""
    for mention in dates_within(annotations[hit.source.article_id].dates, hit.span):
        period = period_of(mention.value) if mention.value and not mention.flaw else None
        if period and period.precision in (Precision.DAY, Precision.MONTH):
            return period if period.first <= (hit.source.published or period.first) else None
    return None
