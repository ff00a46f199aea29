"""What the timeline tells of events: main figures side by side, and the stage of the case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from qa.answering.entries import Strand, entries
from qa.errors import Withdrawn
from qa.models.annotations import Annotations, Stage
from qa.models.archive import Article, ListedArticle, Source
from qa.retrieval.timeline import timeline
from qa.text.annotating import annotate

DAY = date(2011, 5, 4)
RAID = "Police arrested 19 people in Norland in Operation Gull. "
AGENCY = "Operation Gull led to 21 arrests in Norland, the Interior Ministry said. About 40 more arrests are expected."


class Shelves:
    """A `Library` of a few articles, some of them taken back."""

    def __init__(self, *articles: Article, withdrawn: Iterable[str] = ()) -> None:
        self._held = {one.article_id: one for one in articles}
        self._withdrawn = set(withdrawn)

    def article(self, article_id: str) -> Article:
        if article_id in self._withdrawn:
            raise Withdrawn(article_id)
        return self._held[article_id]

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        return {name: annotate(self._held[name]) for name in article_ids if name not in self._withdrawn}


def report(name: str, body: str, *, title: str = "", event: str | None = "2011-05-04", **own: object) -> Article:
    source = Source(name, title or f"Headline of {name}", "Post", published=own.pop("published", DAY))  # type: ignore[arg-type]
    return replace(Article(source, body, event_date=event), **own)  # type: ignore[arg-type]


def strands(*articles: Article, withdrawn: Iterable[str] = ()) -> list[Strand]:
    events = timeline(ListedArticle(one.source, one.event_date) for one in articles)
    return [strand for entry in entries(events, Shelves(*articles, withdrawn=withdrawn)) for strand in entry.strands]


def told(strand: Strand) -> dict[str, list[str]]:
    return {count.caption: list(count.sayings) for count in strand.counts}


def figures(*articles: Article) -> list[str]:
    return [words for strand in strands(*articles) for sayings in told(strand).values() for words in sayings]


def test_different_figures_of_one_thing_stand_side_by_side_and_none_is_chosen() -> None:
    (strand,) = strands(report("a", RAID), report("b", AGENCY))
    (people,) = (count for count in strand.counts if "19 arrested" in count.sayings)
    assert "21 arrested" in people.sayings
    first, second = (people.sayings[words][0].party for words in ("19 arrested", "21 arrested"))
    assert (first.speaker, first.source.article_id) == (None, "a")
    assert (second.speaker, second.source.article_id) == ("the Interior Ministry", "b")
    assert second.quote.text == "Operation Gull led to 21 arrests in Norland, the Interior Ministry said."


def test_what_is_expected_is_not_what_was_done() -> None:
    assert "about 40 expected" in figures(report("a", "About 40 arrests are expected, the ministry said."))


def test_a_copy_is_no_further_voice() -> None:
    body = RAID + "The operation began at dawn, and officers searched homes in several towns along the coast."
    (strand,) = strands(report("a", body), report("b", body))
    (said,) = strand.counts[0].rows
    assert [source.article_id for source in said.party.copies] == ["b"]
    assert {article.article_id for article in strand.articles} == {"a", "b"}


def test_persons_come_first_and_not_everything_is_shown() -> None:
    body = (
        "Officers searched 30 homes in Operation Gull. They seized 5,000 items. Police arrested 12 people in Norland. "
        "The inquiry cost 300,000 euros. Some 14 provinces were concerned, and it took 18 months."
    )
    (strand,) = strands(report("a", body))
    assert next(iter(told(strand))).startswith("People")
    assert 1 < len(strand.counts) <= 3
    assert not any("months" in words or "300,000" in words for words in figures(report("a", body)))


def test_a_thing_that_several_articles_count_is_shown_without_saying_what_became_of_it() -> None:
    one, other = RAID + "It concerned 14 provinces.", AGENCY + " It took place in 15 provinces."
    assert told(strands(report("a", one), report("b", other))[0])["Provinces"] == ["14 provinces", "15 provinces"]
    assert "14 provinces" not in figures(report("a", one))


def test_sums_are_no_persons() -> None:
    body = "The company charged 5,200,000 dollars against earnings. It released 3,000 tonnes. It issued 20 warrants."
    assert figures(report("a", body)) == []


def test_what_is_told_of_another_event_is_left_out() -> None:
    before = RAID + "Last December 27 people were arrested in Norland."
    named = RAID + "In Operation Tern, 33 people were arrested in Norland."
    for body in (before, named):
        assert [words for words in figures(report("a", body)) if "arrested" in words] == ["19 arrested"]


def test_two_events_of_one_day_are_not_set_against_each_other() -> None:
    found = strands(report("a", RAID), report("b", "Police arrested 70 people in Sorland in Operation Tern."))
    assert [(strand.reported.event.name, sum(map(len, told(strand).values()))) for strand in found] == [
        ("Operation Gull", 1),
        ("Operation Tern", 1),
    ]


def test_the_time_that_a_figure_was_counted_over_is_said() -> None:
    assert figures(report("a", "Police arrested 1,200 people over five years.")) == ["1,200 arrested (“five years”)"]


def test_the_stage_is_that_of_the_articles_and_no_stronger() -> None:
    (strand,) = strands(report("a", RAID), report("b", "Those held in Operation Gull are under investigation."))
    assert strand.status is not None
    assert strand.status.stage is Stage.INVESTIGATED
    assert strand.status.quote.source.article_id == "b"
    (strand,) = strands(report("a", RAID))
    assert strand.status is not None
    assert (strand.status.stage, strand.status.quote.text) == (Stage.ARRESTED, RAID.strip())


def test_the_stage_of_an_earlier_event_is_not_this_ones() -> None:
    body = RAID + "In March 2009 a court convicted 4 people of the same offence."
    (strand,) = strands(report("a", body))
    assert strand.status is not None
    assert strand.status.stage is Stage.ARRESTED


def test_of_an_article_that_was_taken_back_nothing_is_told() -> None:
    assert strands(report("a", RAID), withdrawn=["a"]) == []
    (strand,) = strands(report("a", RAID), report("b", AGENCY), withdrawn=["a"])
    assert "19 arrested" not in [words for sayings in told(strand).values() for words in sayings]
    assert [article.article_id for article in strand.articles] == ["b"]


def test_articles_that_tell_neither_have_no_strand() -> None:
    assert strands(report("a", "The council met."), report("b", "")) == []


def test_of_figures_in_one_breath_the_first_counts_and_nothing_is_said_twice() -> None:
    vote = "Parliament passed the bill by 387 votes to 204, with 30 abstentions. "
    assert figures(report("a", vote)) == ["387 votes"]
    assert figures(report("a", RAID + "The 19 people detained are held in Norland.")) == ["19 arrested"]


def test_one_article_brings_in_three_things_however_many_it_counts() -> None:
    countries = ("Spain", "Italy", "France", "Poland", "Brazil")
    body = " ".join(f"Police arrested {30 + at} people in {name}." for at, name in enumerate(countries))
    assert figures(report("a", body)) == ["30 arrested", "31 arrested", "32 arrested"]
    names = ("Chile", "Peru", "Cuba", "Panama", "Mexico", "Canada")
    more = [
        report(str(at), f"Operation Gull: police arrested {50 + at} people in {name}.") for at, name in enumerate(names)
    ]
    (strand,) = strands(*more)
    assert len(strand.counts) == 5


def test_what_comes_on_top_of_others_is_no_total() -> None:
    assert figures(report("a", RAID + "Another 23 people were arrested on Friday.")) == ["19 arrested"]


def test_a_figure_without_a_place_stands_with_its_number() -> None:
    placed = report("a", "In Operation Gull police arrested 500 people worldwide. In Spain 19 people were arrested.")
    same = report("b", "In Operation Gull 500 people were detained.")
    near = report("c", "In Operation Gull 520 people were arrested.")
    (strand,) = strands(placed, same, near)
    assert told(strand) == {
        "People, worldwide": ["500 arrested", "500 detained"],
        "People, Spain": ["19 arrested"],
        "People": ["520 arrested"],
    }


def test_a_stage_told_of_another_event_is_not_this_ones() -> None:
    body = "Operation Gull, an inquiry into fraud, goes on. In Operation Tern 33 people were arrested. " + RAID
    other = "Operation Gull goes on, the ministry said. Operation Gull has no results yet. "
    assert [strand.status.stage for strand in strands(report("a", body)) if strand.status] == [Stage.ARRESTED]
    assert strands(report("a", other + "In Operation Tern, 33 people were arrested.")) == []
    carried = "In Operation Tern, police met. They arrested 33 people."
    assert not any(strand.status for strand in strands(report("a", other + carried)))
