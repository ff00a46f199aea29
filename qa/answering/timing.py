"""What the time of a question does to an answer: to its evidence, to the words of a refusal, to what is added."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from qa.domain.archive import Coverage, Passage, Span, long_date
from qa.domain.replies import Evidence
from qa.domain.timeframes import About, Timeframe, stretch
from qa.language.questions import Kind
from qa.retrieval.time_fit import UNKNOWN, article_fit, best, dates_fit, recency

UNFIT = 5.0
NEWEST = 1.5
OTHER_DATE = 0.5


def timed(
    evidence: Sequence[Evidence], period: Timeframe | None, event_dates: Mapping[str, str], *, kind: Kind
) -> list[Evidence]:
    """The evidence with its support held against the period of the question, strongest first.

    `event_dates` are those of the articles that name one.
    """
    if period is None or period.about is About.PUBLISHED:
        return list(evidence)
    if period.about is About.LATEST:
        newness = recency(item.source for item in evidence)
        moved = [_moved(item, NEWEST * (newness[item.source.published] - 0.5)) for item in evidence]
    else:
        dates: dict[str, list[tuple[Span, float]]] = {}
        moved = []
        for item in evidence:
            passage = item.hit.passage
            if passage.passage_id not in dates:
                dates[passage.passage_id] = dates_fit(period, passage)
            own = article_fit(period, item.source, event_dates.get(item.source.article_id))
            fit = _fit(item, own, dates[passage.passage_id], kind)
            moved.append(_moved(item, UNFIT * (fit - 1)))
    return sorted(moved, key=lambda e: (-e.support, -e.hit.late, e.source.article_id, e.span))


def _fit(item: Evidence, of_article: float | None, dates: Sequence[tuple[Span, float]], kind: Kind) -> float:
    """A sentence's own dates say best when it happened; then its article's, then those of the passage around it."""
    own, around = best(dates, within=item.span), best(dates) or 0.0
    if own:
        return max(own, of_article or 0.0)
    fit = max(UNKNOWN, around) if of_article is None else max(of_article, around / 2)
    other_time = own is not None and kind not in (Kind.WHEN, Kind.HOW_LONG)
    return fit * OTHER_DATE if other_time else fit


def _moved(item: Evidence, by: float) -> Evidence:
    """The evidence with the logarithm of its odds moved; what has no support has none."""
    if not 0 < item.support < 1:
        return item
    odds = math.log(item.support / (1 - item.support)) + by
    return replace(item, support=1 / (1 + math.exp(-odds)))


def notices(period: Timeframe | None, coverage: Coverage, today: date) -> tuple[str, ...]:
    """What a reader is told who asks what holds now, of an archive that ends before today."""
    if period is None or not period.present:
        return ()
    if coverage.last is None:
        return ("No article in the archive is dated; it can't say what holds today.",)
    if coverage.last >= today:
        return ()
    return (f"The archive ends on {long_date(coverage.last)}; it can't say what holds today.",)


def with_time(reason: str, period: Timeframe | None, coverage: Coverage) -> str:
    """The reason of a refusal, with what its period has to do with it."""
    if period is None or not (outside := period.outside(coverage)):
        return reason
    return f"It asks about {stretch(period.first, period.last)}, {outside}. {reason}"
