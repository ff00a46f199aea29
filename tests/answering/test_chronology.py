"""The steps of an event's chronology: the times that sentences name themselves, in order."""

from __future__ import annotations

from datetime import date

from qa.answering.steps import OF_A_DAY, by_own_days, opening_sentences
from qa.models.archive import Article
from tests.fakes import FakeLibrary, article

RAID = date(2010, 5, 4)


def steps(*reports: Article, most: int = 8, day: date = RAID) -> list[str]:
    """The steps of an event whose reports each begin with their first sentence."""
    sentences = [hit for report in reports for hit in opening_sentences(report)]
    opening = [hit for hit in sentences if hit.span.start == 0]
    told = by_own_days([(hit, day) for hit in opening], sentences, FakeLibrary(*reports), most=most)
    return [hit.text for hit in told]


RAIDS = article(
    "a",
    "Harbour offices were searched. The complaint was filed on 19 January. The ministry had been founded in May 1987. "
    "The hearing is on 20 June.",
    published=date(2010, 5, 5),
)
RULING = article(
    "b",
    "The port case is back in Orvik. In July 2010 the court sent the file to Velm. On 3 August 2010 Velm refused it. "
    "As this newspaper wrote on 5 May 2010, offices were searched.",
    published=date(2011, 1, 2),
)


def test_what_reports_date_themselves_stands_in_its_place() -> None:
    assert steps(RAIDS, RULING) == [
        "The complaint was filed on 19 January.",
        "Harbour offices were searched.",
        "The port case is back in Orvik.",
        "In July 2010 the court sent the file to Velm.",
        "On 3 August 2010 Velm refused it.",
    ]


def test_nothing_of_the_far_past_of_the_future_or_of_the_reporting_is_a_step() -> None:
    told = " ".join(steps(RAIDS, RULING))
    assert not any(words in told for words in ("1987", "hearing", "newspaper"))


def test_other_days_take_the_place_of_what_one_has_too_much_of() -> None:
    crowd = [article(f"c{n}", f"Report {n} tells of the search.", published=date(2010, 5, 5)) for n in range(6)]
    assert sum("search" in text for text in steps(RAIDS, *crowd, RULING)) == 5
    told = steps(RAIDS, *crowd, RULING, most=5)
    assert sum("search" in text for text in told) == OF_A_DAY
    assert told[0] == "The complaint was filed on 19 January."
    assert told[-1] == "On 3 August 2010 Velm refused it."


def test_the_first_and_the_last_step_stay_where_there_are_too_many() -> None:
    reports = [article(f"c{n}", f"Report {n} came.", published=date(2011, n, 5)) for n in range(1, 10)]
    hits = [next(opening_sentences(report)) for report in reports]
    told = by_own_days([(hit, hit.source.published or RAID) for hit in hits], [], FakeLibrary(*reports), most=4)
    assert [hit.text for hit in told] == ["Report 1 came.", "Report 3 came.", "Report 6 came.", "Report 9 came."]


def test_an_event_that_dates_nothing_is_told_as_its_reports_begin() -> None:
    reports = [article(f"c{n}", f"Report {n} tells of the search.", published=date(2010, 5, 5)) for n in range(3)]
    assert steps(*reports) == [f"Report {n} tells of the search." for n in range(3)]


def test_of_many_times_some_far_apart_are_told_and_the_last() -> None:
    months = ("January", "March", "July", "September", "November", "December")
    body = " ".join(["Offices were searched.", *(f"On 3 {month} 2010 step {month} was taken." for month in months)])
    told = steps(article("a", body, published=date(2011, 1, 2)), most=4)
    assert told[-1] == "On 3 December 2010 step December was taken."
    assert len(told) == 4
    assert "Offices were searched." in told
    assert any("March" in text or "January" in text for text in told)


def test_an_opening_that_names_the_far_past_stays_with_its_report() -> None:
    opening = article("a", "The trial over the fire of 11 March 1994 opened.", published=date(2011, 2, 1))
    told = steps(opening, article("b", "On 4 January 2010 a complaint was filed.", published=date(2011, 3, 1)))
    assert told == ["On 4 January 2010 a complaint was filed.", "The trial over the fire of 11 March 1994 opened."]


def test_reports_without_a_day_or_of_the_first_day_there_is_have_an_order() -> None:
    undated = article("a", "A bridge fell. On 4 January 2010 it had been closed.")
    assert steps(undated, day=date.max)[0] == "On 4 January 2010 it had been closed."
    assert len(steps(undated, day=date.min)) == 2
