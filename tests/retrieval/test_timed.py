from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from qa.dates.periods import DateKind, DateMention, Precision
from qa.models.annotations import About, Timeframe
from qa.models.archive import Article, Source, Span
from qa.models.replies import Question
from qa.retrieval.ranking import LexicalRetriever
from qa.retrieval.timeline import TimedRetriever, article_fit, dates_fit, held_to, overlap, recency
from qa.store.document_store import CatalogueStore
from qa.text.timeframes import timeframe_of
from tests.fakes import article

MARCH = Timeframe(About.EVENTS, date(2005, 3, 1), date(2005, 3, 31))
SINCE = Timeframe(About.EVENTS, date(2006, 1, 1), None)
BODY = "The police searched homes and arrested {} people in the harbour."
Stock = Callable[[Sequence[Article]], None]


def like_cases() -> list[Article]:
    """The same words about four years; the first in the alphabet is of another year than any that is asked for."""
    later = article("d-told-later", BODY.format(18), title="Raid", published=date(2011, 1, 2))
    told_later = replace(later, event_date="2005-03-16")
    return [
        article("a-2003", BODY.format(40), title="Raid", published=date(2003, 5, 1)),
        article("b-2005", BODY.format(19), title="Raid", published=date(2005, 3, 17)),
        article("c-2006", BODY.format(24), title="Raid", published=date(2006, 2, 24)),
        told_later,
        article("e-undated", BODY.format(27), title="Raid"),
        article("f-off-topic", "The mayor opened a bridge.", published=date(2005, 3, 20)),
    ]


def found(store: CatalogueStore, text: str, **held: date) -> list[str]:
    question = held_to(Question(text, **held), timeframe_of(text), store.coverage)
    hits = TimedRetriever(LexicalRetriever(store), store.event_dates).find(question, limit=10)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    ids = [hit.passage.source.article_id for hit in hits]
    assert len(ids) == len(set(ids))
    return ids


def test_like_cases_of_other_times_come_behind_and_are_not_lost(store: CatalogueStore, stock: Stock) -> None:
    stock(like_cases())
    order = found(store, "How many people were arrested in the harbour in March 2005?")
    assert set(order[:2]) == {"b-2005", "d-told-later"}, "an article of 2011 may tell of 2005"
    assert order[2] == "e-undated"
    assert {"a-2003", "c-2006"} <= set(order)
    assert found(store, "How many people were arrested in the harbour since 2006?")[:1] == ["c-2006"]
    assert found(store, "How many people were arrested in the harbour before 2004?")[:1] == ["a-2003"]
    assert found(store, "How many people were arrested in the harbour in 2005?")[0] in ("b-2005", "d-told-later")


def test_what_was_known_by_a_day_holds_nothing_that_was_published_later(store: CatalogueStore, stock: Stock) -> None:
    stock(like_cases())
    known = found(store, "What was known about the people arrested in the harbour on 17 March 2005?")
    assert set(known) == {"a-2003", "b-2005"}
    assert found(store, "As of 1 January 1999, how many people were arrested in the harbour?") == []


def test_the_newest_come_first_where_they_are_asked_for(store: CatalogueStore, stock: Stock) -> None:
    stock([one for one in like_cases() if one.article_id != "f-off-topic"])
    order = found(store, "What is the latest count of people arrested in the harbour?")
    assert order[0] == "d-told-later"
    assert order[-1] == "a-2003"


def test_dates_that_were_set_hold_beside_those_that_were_read(store: CatalogueStore, stock: Stock) -> None:
    stock(like_cases())
    text = "How many people were arrested in the harbour in March 2005?"
    assert found(store, text, published_from=date(2006, 1, 1)) == ["d-told-later", "c-2006"]
    known = "What was known about the people arrested in the harbour on 17 March 2005?"
    assert found(store, known, published_from=date(2005, 1, 1)) == ["b-2005"]
    assert found(store, known, published_until=date(2004, 1, 1)) == ["a-2003"]
    assert found(store, known, published_from=date(2006, 1, 1)) == []


def test_a_question_without_time_is_left_to_the_other(store: CatalogueStore, stock: Stock) -> None:
    stock(like_cases())
    text = "How many people were arrested in the harbour?"
    other = LexicalRetriever(store)
    assert TimedRetriever(other, store.event_dates).find(Question(text), limit=3) == other.find(Question(text), limit=3)


def test_an_archive_without_dates_is_not_narrowed_down_by_them(store: CatalogueStore, stock: Stock) -> None:
    stock([article("undated", BODY.format(27))])
    assert found(store, "As of 17 March 2005, how many people were arrested in the harbour?") == ["undated"]


def test_one_case_of_a_time_is_found_among_many_of_others(store: CatalogueStore, stock: Stock) -> None:
    others = [article(f"n{i:03}", BODY.format(i), published=date(2009, 1, 1)) for i in range(120)]
    stock([*others, article("z", BODY.format(19), published=date(2005, 3, 17))])
    assert found(store, "How many people were arrested in the harbour in March 2005?")[0] == "z"


@pytest.mark.parametrize(
    ("period", "first", "last", "fit"),
    [
        (MARCH, date(2005, 3, 16), date(2005, 3, 16), 1.0),
        (MARCH, date(2005, 1, 1), date(2005, 12, 31), 0.5),
        (MARCH, date(2005, 4, 1), date(2005, 4, 1), 0.0),
        (SINCE, date(2006, 1, 1), date(2009, 1, 1), 1.0),
        (SINCE, date(2005, 6, 1), date(2006, 6, 1), 0.5),
        (SINCE, date(2005, 12, 31), date(2005, 12, 31), 0.0),
    ],
)
def test_days_fit_a_period_wholly_partly_or_not(period: Timeframe, first: date, last: date, fit: float) -> None:
    assert overlap(period, first, last) == fit


def test_an_article_fits_by_its_event_then_by_its_publication() -> None:
    in_march, in_april, later = (
        Source("a", "t", "Post", published=date(2005, *day)) for day in ((3, 17), (4, 2), (9, 1))
    )
    undated = Source("a", "t", "Post")
    assert article_fit(MARCH, later, "2005-03") == 1.0
    assert article_fit(MARCH, in_march, None) == 1.0
    assert article_fit(MARCH, in_april, None) == 0.5, "news of the last days of March"
    assert article_fit(MARCH, in_march, "2004-12") == 0.5, "it tells of December"
    assert article_fit(MARCH, later, None) == 0.0
    assert article_fit(MARCH, in_march, "early one morning") == 1.0, "words that name no year don't count"
    assert article_fit(MARCH, undated, None) is None
    assert article_fit(MARCH, undated, "2005-03-16") == 1.0


def test_the_dates_inside_a_sentence_are_told_from_those_around_it() -> None:
    dates = [
        DateMention(3, 9, "2004-12", Precision.MONTH, DateKind.RELATIVE),
        DateMention(30, 40, "2005-03-16", Precision.DAY, DateKind.ABSOLUTE),
        DateMention(50, 55, None, Precision.MONTH, DateKind.RELATIVE),
    ]
    assert dates_fit(MARCH, dates, within=Span(0, 29)) == 0.0
    assert dates_fit(MARCH, dates, within=Span(0, 60)) == dates_fit(MARCH, dates, within=Span(30, 40)) == 1.0
    assert dates_fit(MARCH, dates, within=Span(50, 55)) is None


def test_recency_ranks_the_days_and_puts_the_undated_in_the_middle() -> None:
    days = [date(2005, 3, 16), date(2005, 3, 17), date(2014, 4, 8)]
    ranks = recency([Source("x", "t", "Post", published=day) for day in [*days, None]])
    assert [ranks[day] for day in days] == [0.0, 0.5, 1.0]
    assert ranks[None] == 0.5
    assert recency([Source("x", "t", "Post", published=days[0])])[days[0]] == 0.5
