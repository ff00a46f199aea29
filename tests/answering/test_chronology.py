"""The steps of an event's chronology: the times that sentences name themselves, in order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qa.answering.chronology import OF_A_DAY, by_own_days
from qa.answering.wide import opening_sentences
from qa.models.annotations import Annotations
from qa.models.archive import Article
from qa.models.replies import SentenceHit
from qa.text.annotating import annotate
from tests.fakes import article

RAID = date(2010, 5, 4)


class Library:
    """The articles and what is read of them, as a store gives them."""

    def __init__(self, *articles: Article) -> None:
        self._articles = {one.article_id: one for one in articles}

    def article(self, article_id: str) -> Article:
        return self._articles[article_id]

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        return {name: annotate(self._articles[name]) for name in article_ids}


def steps(*reports: Article, most: int = 8) -> list[str]:
    """The steps of an event whose reports each begin with their first sentence."""
    sentences = [hit for report in reports for hit in opening_sentences(report)]
    opening = [hit for hit in sentences if hit.span.start == 0]
    told: list[SentenceHit] = by_own_days([(hit, RAID) for hit in opening], sentences, Library(*reports), most=most)
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


def test_an_event_that_dates_nothing_is_told_as_its_reports_begin() -> None:
    reports = [article(f"c{n}", f"Report {n} tells of the search.", published=date(2010, 5, 5)) for n in range(3)]
    assert steps(*reports) == [f"Report {n} tells of the search." for n in range(3)]
