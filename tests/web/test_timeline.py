"""The timeline page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from unittest.mock import patch

import pytest
from starlette.testclient import TestClient

from qa.answering.stage_words import Phase, phase_of
from qa.models.annotations import Stage
from qa.models.archive import Article, ListedArticle, Source
from qa.retrieval.timeline import timeline
from qa.web.forms import SearchForm
from qa.web.limits import Limits
from qa.web.public import LABEL, LARGE, MOST_MARKS, TimelinePicture, opening, timeline_picture

from .conftest import ROOMY, create_pages
from .fake_room import COURT, HOSTILE, SUMMARY, WIRE, FakeRoom
from .test_search import MANY
from .test_search import links as all_links
from .test_turns import Elements


def links(html: str) -> list[str]:
    """Where the headlines lead; figures lead to sentences."""
    return [link for link in all_links(html) if "#" not in link]


UNDATED = Article(Source("undated", "An undated note", "Post"), "It says no day.")
TRIAL = Article(Source("trial", "The first trial", "Post"), "It began.", event_date="the <i>first</i> trial")


def test_events_stand_in_their_order(client: TestClient) -> None:
    reply = client.get("/timeline")
    assert reply.status_code == 200
    assert [link.split("/")[2] for link in links(reply.text)] == [
        "evil%2F%22%3Cid%3E%3F%23", "2005-03-17-el-pais", "2005-03-16-reuters", "2006-headline", "2007-01-02-court",
    ]  # fmt: skip
    page = Elements(reply.text)
    for words in (
        "16 March 2005",
        "Published 16 March 2005",
        "La Voz de Galicia, 2 January 2007",
        "The Supreme Court decided that the court at Caldas de Reis keeps the proceedings.",
        "Only the headline is archived.",
        "5 articles",
    ):
        assert words in page.words
    assert "Undated" not in page.words
    assert "nobody may read" not in page.words
    assert len(page.all("h1")) == 1


def test_the_undated_stand_apart_and_it_is_said() -> None:
    client = TestClient(create_pages(FakeRoom(articles=[UNDATED, COURT, TRIAL]), limits=ROOMY))
    reply = client.get("/timeline")
    assert links(reply.text) == ["/article/2007-01-02-court", "/article/trial", "/article/undated"]
    words = Elements(reply.text).words
    assert words.index("Published 2 January 2007") < words.index("Undated") < words.index("An undated note")
    assert "Nothing says when these were published" in words
    assert "the <i>first</i> trial" in words
    assert links(client.get("/timeline?from=1900").text) == ["/article/2007-01-02-court"]


def test_articles_about_one_time_stand_together() -> None:
    told = [replace(one, event_date=said) for one, said in ((COURT, "2004-12"), (WIRE, "December 2004"))]
    reply = TestClient(create_pages(FakeRoom(articles=told), limits=ROOMY)).get("/timeline")
    assert len(links(reply.text)) == 2
    assert reply.text.count("December 2004</h2>") == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"from": "2006-03-02"}, ["2007-01-02-court"]),
        ({"until": "2005-03-16", "from": "2005"}, ["2005-03-17-el-pais", "2005-03-16-reuters"]),
        ({"outlet": "reuters"}, ["2005-03-16-reuters"]),
        ({"outlet": "EDRi", "q": "ignored", "language": "es"}, ["2006-headline"]),
        ({"from": "2010"}, []),
    ],
)
def test_dates_and_outlet_choose(client: TestClient, query: dict[str, str], expected: list[str]) -> None:
    reply = client.get("/timeline", params=query)
    assert [link.split("/")[2] for link in links(reply.text)] == expected
    assert ("No article passes these boxes." in reply.text) == (not expected)


RAIDS = Article(
    Source("raids", "Raids in Operación Cerbero", "Post", published=date(2005, 3, 16)), "Nineteen were arrested."
)
LATER = Article(
    Source("later", "A year on", "Post", published=date(2006, 3, 16)), "Operation Cerbero and the Casa Pia case go on."
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"event": "Operación Cerbero"}, ["raids", "later"]),
        ({"event": "operation Cerbero"}, ["raids", "later"]),
        ({"event": "operation cerbero"}, ["raids", "later"]),
        ({"event": "caso casa pia"}, ["later"]),
        ({"event": "cerbero"}, ["raids", "later"]),
        ({"event": "Operación Cerbero", "from": "2006"}, ["later"]),
        ({"event": "Caso Casa Pia"}, ["later"]),
        ({"event": "pia"}, ["later"]),
        ({"event": "Cerb"}, []),
        ({"event": "Nineteen"}, []),
    ],
)
def test_an_event_chooses_the_articles_that_name_it(query: dict[str, str], expected: list[str]) -> None:
    client = TestClient(create_pages(FakeRoom(articles=[RAIDS, LATER, COURT]), limits=ROOMY))
    reply = client.get("/timeline", params=query)
    assert [link.split("/")[2] for link in links(reply.text)] == expected
    names = [option["value"] for option in Elements(reply.text).all("option")]
    assert names[-2:] == ["Casa Pia case", "Operación Cerbero"]


def test_there_is_no_box_for_events_where_none_has_a_name() -> None:
    page = TestClient(create_pages(FakeRoom(articles=[COURT]), limits=ROOMY)).get("/timeline").text
    assert 'name="event"' not in page
    assert "Dates, outlet<" in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"from": "soon"}, "“soon” isn’t a date"),
        ({"from": "2006", "until": "2005"}, "wrong way round"),
        ({"outlet": "x" * 101}, "Shorten it"),
        ({"event": "x" * 101}, "No event has so long a name. Shorten it"),
    ],
)
def test_a_bad_box_is_said_on_the_page(client: TestClient, query: dict[str, str], words: str) -> None:
    reply = client.get("/timeline", params=query)
    assert reply.status_code == 400
    assert words in reply.text
    assert links(reply.text) == []


def test_a_long_timeline_is_cut_into_pages() -> None:
    many = [replace(one, source=replace(one.source, article_id=f"{a}{one.article_id}")) for a in "abc" for one in MANY]
    client = TestClient(create_pages(FakeRoom(articles=many), limits=ROOMY))
    first, last = client.get("/timeline"), client.get("/timeline?page=99")
    assert (len(links(first.text)), len(links(last.text))) == (100, 35)
    assert "135 articles, 1 to 100" in first.text
    assert '<a href="/timeline?page=2" rel="next">' in first.text
    assert not set(links(first.text)) & set(links(last.text))


def test_hostile_words_stay_words() -> None:
    hostile = replace(HOSTILE, event_date="<script>window.pwned=1</script> 2005")
    client = TestClient(create_pages(FakeRoom(articles=[hostile]), limits=ROOMY))
    for query in ({}, {"from": "<script>"}, {"outlet": '"><script>'}):
        page = Elements(client.get("/timeline", params=query).text)
        assert not {tag for tag, _ in page.elements} & {"script", "img", "b", "i"}
        assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert "<script>window.pwned=1</script> 2005" in Elements(client.get("/timeline").text).words


def test_of_too_many_timelines_none_reads_the_archive() -> None:
    room = FakeRoom()
    client = TestClient(create_pages(room, limits=Limits(requests_per_minute=1)))
    with patch.object(FakeRoom, "named_events", side_effect=room.named_events) as read:
        assert [client.get("/timeline").status_code for _ in range(2)] == [200, 429]
    assert read.call_count == 1


def test_the_opening_is_whole_sentences_where_they_are_short() -> None:
    body = "One is short. " + "Two is much longer than that. " * 20
    article = Article(Source("a", "T", "Post", published=date(2001, 1, 1)), body)
    text = opening(article)
    assert text.startswith("One is short. Two")
    assert text.endswith("that.")
    assert len(text) <= 280
    endless = opening(replace(article, body="word " * 2000))
    assert endless.endswith("…")
    assert len(endless) <= 420
    assert opening(replace(article, body="")) == ""
    assert opening(replace(article, body="T")) == ""


def test_every_mark_of_the_picture_leads_to_its_date(client: TestClient) -> None:
    page = Elements(client.get("/timeline").text)
    (figure,) = page.all("figure")
    marks = [str(a["href"]) for a in page.all("a") if str(a.get("href")).startswith("#stop-")]
    assert marks == [str("#" + str(stop["id"])) for stop in page.all("section") if stop.get("class") == "stop"]
    assert figure["aria-details"] in {str(div.get("id")) for div in page.all("div")}
    assert "16 March 2005: 1 article. Stage reported: arrested." in page.words
    assert "Published 2 January 2007: 1 article." in page.words
    assert {"arrest", "other"} <= {str(path.get("class")) for path in page.all("path")}
    assert "style" not in {name for _, attributes in page.elements for name in attributes}


def test_a_mark_leads_to_the_page_of_the_list_that_has_it() -> None:
    many = [replace(one, source=replace(one.source, article_id=f"{a}{one.article_id}")) for a in "abc" for one in MANY]
    client = TestClient(create_pages(FakeRoom(articles=many), limits=ROOMY))
    first, last = (Elements(client.get(f"/timeline?outlet=post&page={page}").text) for page in (1, 2))
    marks = [[str(a["href"]) for a in page.all("a") if "#stop-" in str(a["href"])] for page in (first, last)]
    assert [marks[0][0], marks[0][-1]] == ["#stop-0", "/timeline?page=2&outlet=post#stop-44"]
    assert [marks[1][0], marks[1][-1]] == ["/timeline?outlet=post#stop-0", "#stop-44"]
    assert "stop-44" in [section.get("id") for section in last.all("section")]


def pictured(days: int, *, apart: int) -> TimelinePicture:
    """Articles published so many days apart."""
    sources = [
        Source(f"n{number}", "A story", "Post", published=date(1900, 1, 1) + timedelta(number * apart))
        for number in range(days)
    ]
    picture = timeline_picture(
        timeline(ListedArticle(source, None) for source in sources),
        FakeRoom(articles=[Article(source, "It rained.") for source in sources]),
        SearchForm(),
    )
    assert picture is not None
    return picture


def test_years_with_marks_have_their_names_before_those_between() -> None:
    days = [date(2001, 6, 1), *(date(2005, month, 1) for month in range(1, 13)), date(2009, 6, 1), date(2014, 4, 8)]
    sources = [Source(f"n{number}", "A story", "Post", published=day) for number, day in enumerate(days)]
    library = FakeRoom(articles=[Article(source, "It rained.") for source in sources])
    picture = timeline_picture(timeline(ListedArticle(source, None) for source in sources), library, SearchForm())
    assert picture is not None
    assert {"2005", "2014"} <= {label for _, label in picture.years}
    named = [x for x, label in picture.years if label]
    assert all(after - before >= LABEL for before, after in pairwise(named))
    assert named[-1] + LABEL <= picture.width


@pytest.mark.parametrize(
    ("days", "apart", "marks"), [(200, 1, 200), (201, 1, 7), (2_000, 20, 110), (600, 1_000, 165), (2_900, 1_000, 80)]
)
def test_dates_are_taken_together_where_there_are_many(days: int, apart: int, marks: int) -> None:
    picture = pictured(days, apart=apart)
    assert len(picture.marks) == marks <= MOST_MARKS
    places = [mark.x for mark in picture.marks]
    assert all(after - before >= LARGE[1] for before, after in pairwise(places))
    assert 0 < places[0] < places[-1] < picture.width
    assert picture.marks[0].href == "/timeline#stop-0"


def test_an_article_shows_its_place_in_small() -> None:
    client = TestClient(create_pages(FakeRoom(articles=[UNDATED, COURT, SUMMARY]), limits=ROOMY))
    page = Elements(client.get("/article/2007-01-02-court").text)
    assert "/timeline#stop-1" in [a.get("href") for a in page.all("a")]
    assert len([circle for circle in page.all("circle") if circle["class"] == "here"]) == 1
    assert "Place on the timeline · Published 2 January 2007: 1 article." in page.words
    assert not Elements(client.get("/article/undated").text).all("svg")


def test_what_narrows_it_down_is_folded_until_it_is_set(client: TestClient) -> None:
    folded = [Elements(client.get(f"/timeline?{query}").text).all("details")[0] for query in ("q=x", "until=2010")]
    assert ["open" in details for details in folded] == [False, True]


def test_stages_have_their_phase() -> None:
    told = {stage: phase_of(stage) for stage in Stage}
    assert [stage for stage, phase in told.items() if phase is Phase.OTHER] == [
        Stage.INVESTIGATED, Stage.RELEASED, Stage.DISMISSED,
    ]  # fmt: skip
    assert {told[stage] for stage in Stage if stage.is_verdict} == {Phase.VERDICT}
    assert phase_of(None) is Phase.OTHER
