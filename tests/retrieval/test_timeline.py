"""When things happened, and in what order they are told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.dates.periods import Precision
from qa.models.archive import ListedArticle, Source
from qa.retrieval.timeline import When, moment_of, part, timeline, when_of


def listed(name: str, event_date: str | None = None, *, published: date | None = None) -> ListedArticle:
    return ListedArticle(Source(name, f"Title of {name}", "Post", published=published), event_date)


def names(*articles: ListedArticle, first: date | None = None, last: date | None = None) -> list[list[str]]:
    events = timeline(articles, first=first, last=last)
    return [[one.source.article_id for one in event.articles] for event in events]


@pytest.mark.parametrize(
    ("text", "precision", "first", "last", "heading"),
    [
        ("2005-03-16", "day", date(2005, 3, 16), date(2005, 3, 16), "16 March 2005"),
        ("2004-02", "month", date(2004, 2, 1), date(2004, 2, 29), "February 2004"),
        ("2005-Q3", "quarter", date(2005, 7, 1), date(2005, 9, 30), "Third quarter of 2005"),
        ("2005-H2", "half", date(2005, 7, 1), date(2005, 12, 31), "Second half of 2005"),
        ("2005", "year", date(2005, 1, 1), date(2005, 12, 31), "2005"),
        ("2005-03-10/2005-04", "span", date(2005, 3, 10), date(2005, 4, 30), "10 March 2005 to April 2005"),
        ("March  2005", "month", date(2005, 3, 1), date(2005, 3, 31), "March 2005"),
        ("16 march 2005", "day", date(2005, 3, 16), date(2005, 3, 16), "16 March 2005"),
        ("March 16, 2005", "day", date(2005, 3, 16), date(2005, 3, 16), "16 March 2005"),
        ("spring of 2005", "year", date(2005, 1, 1), date(2005, 12, 31), "spring of 2005"),
        ("between 2003 and 2005", "span", date(2003, 1, 1), date(2005, 12, 31), "between 2003 and 2005"),
    ],
)
def test_a_date_of_any_precision(text: str, precision: str, first: date, last: date, heading: str) -> None:
    moment = moment_of(text)
    assert moment is not None
    assert (moment.precision, moment.first, moment.last) == (Precision(precision), first, last)
    assert moment.heading == heading


def test_dates_of_the_calendar_are_not_looked_for_among_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading words takes many times as long."""
    monkeypatch.setattr("qa.retrieval.timeline.find_dates", None)
    moment = moment_of("2005-03-16")
    assert moment is not None
    assert moment.value == "2005-03-16"


@pytest.mark.parametrize("text", ["", "the second trial", "/", "0000-01", "05-03-16", "20051", "٢٠٠٥-٠٣"])
def test_words_without_a_year_say_no_date(text: str) -> None:
    assert moment_of(text) is None


@pytest.mark.parametrize("text", ["2005-13", "2005-03-32", "2005-06/2005-03", "2005-Q5"])
def test_of_an_impossible_date_only_the_year_is_believed(text: str) -> None:
    moment = moment_of(text)
    assert moment is not None
    assert (moment.value, moment.first, moment.last) == (text, date(2005, 1, 1), date(2005, 12, 31))
    assert moment.heading == text


def test_the_event_counts_before_the_day_of_publication() -> None:
    assert names(
        listed("undated"),
        listed("late", "2004-12", published=date(2006, 1, 1)),
        listed("published", published=date(2005, 3, 16)),
        listed("day", "2005-03-16", published=date(2005, 3, 18)),
        listed("same day", "16 March 2005", published=date(2005, 3, 17)),
        listed("month", "2005-03"),
        listed("words", "the second trial", published=date(2007, 1, 1)),
        listed("only words", "the first trial"),
    ) == [["late"], ["month"], ["same day", "day"], ["published"], ["words"], ["only words"], ["undated"]]


def test_what_stands_where_is_said() -> None:
    day = date(2005, 3, 16)
    assert when_of(listed("a", published=day)) == When(None, None, day, day)
    assert when_of(listed("a", published=day)).heading == "Published 16 March 2005"
    assert when_of(listed("a", "a trial", published=day)) == When("a trial", None, day, day)
    assert when_of(listed("a", "a trial")).undated
    assert when_of(listed("a")).heading == "No date"


def test_dates_choose_what_they_touch_and_leave_the_undated_out() -> None:
    articles = [listed("month", "2005-03"), listed("day", "2005-03-16"), listed("undated")]
    assert names(*articles, first=date(2005, 3, 20)) == [["month"]]
    assert names(*articles, last=date(2005, 3, 16)) == [["month"], ["day"]]
    assert names(*articles, first=date(2005, 3, 16), last=date(2005, 3, 16)) == [["month"], ["day"]]
    assert names(*articles, last=date(2005, 2, 28)) == []


days = st.dates(date(1990, 1, 1), date(2020, 12, 31))
event_dates = st.one_of(
    st.none(),
    days.map(str),
    days.map(lambda day: str(day)[:7]),
    days.map(lambda day: str(day)[:4]),
    st.text(max_size=20),
)
archives = st.lists(st.tuples(event_dates, st.none() | days), max_size=20).map(
    lambda drawn: [listed(f"n{i}", said, published=day) for i, (said, day) in enumerate(drawn)]
)


@given(archives, st.none() | days, st.none() | days)
def test_nothing_is_lost_doubled_or_out_of_order(
    articles: list[ListedArticle], first: date | None, last: date | None
) -> None:
    events = timeline(articles, first=first, last=last)
    told = [one for event in events for one in event.articles]
    assert sorted(one.source.article_id for one in told) == sorted(
        one.source.article_id for one in articles if when_of(one).meets(first, last)
    )
    begun = [event.when.first or date.max for event in events]
    assert begun == sorted(begun)
    assert len({event.when for event in events}) == len(events)
    assert all(when_of(one) == event.when for event in events for one in event.articles)


@given(archives, st.randoms())
def test_the_order_is_of_the_articles_not_of_the_store(articles: list[ListedArticle], random: object) -> None:
    shuffled = list(articles)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert timeline(shuffled) == timeline(articles)


@given(archives, st.integers(1, 7))
def test_the_parts_make_the_whole(articles: list[ListedArticle], size: int) -> None:
    events = timeline(articles)
    parts = [part(events, start, start + size) for start in range(0, len(articles) or 1, size)]
    told = [one for events in parts for event in events for one in event.articles]
    assert told == [one for event in events for one in event.articles]
    assert all(sum(len(event.articles) for event in events) <= size for events in parts)


@given(st.text())
def test_any_words_have_a_place_and_a_heading(text: str) -> None:
    when = when_of(listed("a", text, published=date(2005, 1, 1)))
    assert when.heading
    assert when.first is not None
    assert when.last is not None
    assert when.last - when.first >= timedelta(0)
