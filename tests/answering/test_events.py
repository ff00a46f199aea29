"""Which articles tell of the same event, and which event a question means."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qa.answering.events import EventReference, Events, covers_several, meant
from qa.models.archive import Article, Passage, Source, Span
from qa.models.replies import Answer, Citation, Event, Hit, Question, SentenceHit, Statement
from qa.text.entities import operation_names


def report(name: str, title: str, body: str, *, event: str | None = None, day: int = 1) -> Article:
    return Article(Source(name, title, "Post", published=date(2010, 3, day)), body, event_date=event)


RAID = report("raid", "Raids on the coast", "In Oster 44 boats were searched and 17 people held.", event="2010-03-02")
NAMED = report(
    "named", "Operation Gull", "Seventeen people were held and 44 boats searched.", event="2010-03-02", day=3
)
LATER = report("later", "Ruling on the boats", "The court in Oster ruled in the Operation Gull case.", day=9)
OTHER = report("other", "Operation Heron", "Near Oster 17 people were held on 44 boats.", event="2010-03-02")
VOTE = report("vote", "A vote", "The council of Velm voted by 12 to 9.", event="2010-03-02")
PLAIN = report("plain", "Weather", "It rained in Oster.")


def test_reports_of_one_name_or_of_one_day_with_the_same_figures_are_one_event() -> None:
    events = Events([RAID, NAMED, LATER, VOTE]).by_article
    assert events["raid"] == events["named"] == events["later"]
    assert (events["raid"].event.name, events["raid"].event.date) == ("Operation Gull", "2010-03-02")
    assert events["vote"] != events["raid"]


def test_reports_that_may_not_be_quoted_give_an_event_its_name_but_no_headline() -> None:
    assert Events([RAID], [NAMED]).by_article["raid"].event.name == "Operation Gull"
    first = report(
        "first", "Seventeen held at sea", "In Oster 44 boats were searched and 17 people held.", event="2010-03-02"
    )
    events = Events([RAID], [replace(first, source=replace(first.source, published=date(2010, 2, 28)))])
    assert events.by_article["raid"] == events.by_article["first"]
    assert events.by_article["raid"].event.name == "Raids on the coast"


def test_reports_of_two_names_are_two_events_however_alike() -> None:
    events = Events([NAMED, OTHER]).by_article
    assert events["named"] != events["other"]


def test_an_article_that_says_neither_what_nor_when_tells_of_no_known_event() -> None:
    assert not Events([PLAIN]).by_article["plain"].known


def test_a_headline_stands_in_for_a_name() -> None:
    event = Events([VOTE]).by_article["vote"].event
    assert (event.name, event.by_headline) == ("A vote", True)


def test_a_sentence_that_names_one_other_event_tells_of_it() -> None:
    events = Events([NAMED])
    gull = events.by_article["named"]
    assert events.within("In Operation Heron nobody was held.", "named").event.name == "Operation Heron"
    assert events.within("Unlike Operation Heron, Operation Gull went on.", "named") == gull
    assert events.within("Nobody was held.", "named") == gull


def evidence(article: Article) -> SentenceHit:
    """The article's body as one sentence."""
    span = Span(0, len(article.body))
    passage = Passage(article.source, 0, len(article.body), article.body, (span,))
    return SentenceHit(Hit(passage, 1.0), span, 2.0, likelihood=0.5)


def told_in(article: Article, *others: Article) -> str | None:
    """The headline or name of the event that an article's body tells of."""
    told = Events([article, *others]).of(evidence(article))
    return told.event.name if told else None


def test_a_sentence_about_an_earlier_event_tells_of_the_one_of_its_date() -> None:
    body = "Last December 27 people were held near Oster."
    recalling = report("recalling", "Operation Gull goes on", body, event="2010-03-02")
    earlier = report("earlier", "27 held near Oster", body, event="2009-12")
    assert told_in(recalling, earlier) == "27 held near Oster"
    assert told_in(recalling) == "Operation Gull"
    begun = replace(recalling, body="The case began with a complaint made last November.")
    assert told_in(begun, earlier) == "Operation Gull"


def test_two_events_of_that_date_leave_a_sentence_with_its_own() -> None:
    body = "Last December 27 people were held near Oster."
    recalling = report("recalling", "Operation Gull goes on", body, event="2010-03-02")
    others = [report(name, f"Raid in {name}", "A raid took place.", event="2009-12") for name in ("Velm", "Orvik")]
    assert told_in(recalling, *others) == "Operation Gull"


@pytest.mark.parametrize(
    ("one", "other", "several"),
    [
        (Event("Operation Gull", "2010-03-02"), Event("Operation Heron", "2010-03-02"), True),
        (Event("Operation Gull", "2010-03-02"), Event("A raid", "2010-03-02", by_headline=True), False),
        (Event("A vote", "2010-03-02", by_headline=True), Event("A raid", "2010-03-02", by_headline=True), False),
        (Event("A vote", "2010-03-02", by_headline=True), Event("A raid", "2010-04", by_headline=True), True),
    ],
)
def test_what_may_be_one_event_is_not_told_apart(one: Event, other: Event, several: bool) -> None:
    quote = Citation(1, RAID.source, 0, 7, "In Oste")
    answer = Answer(Question("Who was held?"), tuple(Statement("x", (quote,), event) for event in (one, other)))
    assert covers_several(answer) is several


def test_a_question_means_the_event_that_it_names_numbers_or_places() -> None:
    may = report("may", "Second raid", "In Velm 30 people were held.", event="2011-05-04")
    events = Events([NAMED, may, PLAIN]).by_article

    def kept(question: str, *limits: str) -> list[str]:
        items = [NAMED, may, PLAIN]
        found, by = meant(
            items,
            lambda one: events[one.article_id] if events[one.article_id].known else None,
            EventReference(question),
        )
        assert by == list(limits)
        return [one.article_id for one in found]

    assert kept("How many people were held?") == ["named", "may", "plain"]
    assert kept("How many people were held in Operation Gull?", "Operation Gull") == ["named", "plain"]
    assert kept("How many boats in the Gull case?", "Operation Gull") == ["named", "plain"]
    assert kept("Where were the 30 held?", "30") == ["may", "plain"]
    assert kept("How do the 30 operations differ?") == ["named", "may", "plain"]
    assert kept("How many people were held in Velm?", "Velm") == ["may", "plain"]
    assert kept("Who led the second raid?", "second") == ["may", "plain"]
    # Time is weighed sentence by sentence: a report of a later year may tell of the one that is asked about.
    assert kept("How many people were held in May 2011?") == ["named", "may", "plain"]


def test_behind_what_is_of_the_event_named_stands_nothing_of_articles_that_say_of_none() -> None:
    events, one, other = Events([NAMED, PLAIN]), evidence(NAMED), evidence(PLAIN)

    def kept(question: str, *chosen: SentenceHit) -> list[str]:
        found = events.beside_named(chosen, EventReference(question))
        return [item.source.article_id for item in found]

    assert kept("How many people were held in Operation Gull?", one, other) == ["named"]
    assert kept("How many people were held?", one, other) == ["named", "plain"]
    assert kept("How many people were held in Operation Gull?", other, one) == ["plain", "named"]
    assert kept("How many people were held in Operation Gull?") == []


def test_a_small_number_says_which_event_only_where_it_is_taken_as_known() -> None:
    few = report("few", "A raid in Velm", "In Velm 4 people were held.", event="2011-05-04")
    events = Events([NAMED, few]).by_article

    def kept(question: str) -> list[str]:
        found, _ = meant([NAMED, few], lambda one: events[one.article_id], EventReference(question))
        return [one.article_id for one in found]

    assert kept("Which 4 people were held?") == ["named", "few"]
    assert kept("Where were the 4 held?") == ["few"]


def test_a_day_is_no_name_of_an_operation() -> None:
    assert operation_names("He was held in a joint operation Tuesday in Velm.") == []
    assert [name.key for name in operation_names("He was held in operation Gull on Tuesday.")] == ["gull"]
