"""The search page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from qa.errors import NotFound, StoreError
from qa.models.archive import Article, Correction, ListedArticle, Origins, Source, Status
from qa.models.dates import ALWAYS, Dates
from qa.web.limits import Limits

from .conftest import ROOMY, create_pages
from .fake_room import COURT, HOSTILE, FakeRoom
from .test_turns import Elements

MANY = [
    Article(
        Source(f"n{number:02}", f"Story {number}", "Post", published=date(2001, 1, 1) + timedelta(number)),
        f"The mayor spoke about matter {number}.",
    )
    for number in range(45)
]


def links(html: str) -> list[str]:
    """The addresses of the articles listed, in order."""
    return [str(a["href"]) for a in Elements(html).all("a") if str(a.get("href")).startswith("/article/")]


def client_of(articles: Sequence[Article]) -> TestClient:
    return TestClient(create_pages(FakeRoom(articles=articles), limits=ROOMY))


def test_nothing_asked_is_a_form_and_no_search(client: TestClient, room: FakeRoom) -> None:
    reply = client.get("/search?q=&from=&until=&outlet=&language=&sort=relevance")
    assert reply.status_code == 200
    page = Elements(reply.text)
    assert {"method": "get", "action": "/search", "role": "search"}.items() <= page.all("form")[0].items()
    assert not links(reply.text)
    assert room.searched == []
    assert {box["id"] for tag in ("input", "select") for box in page.all(tag) if "id" in box} == {
        label["for"] for label in page.all("label") if "for" in label
    }


def test_words_are_marked_and_lead_to_their_sentence(client: TestClient) -> None:
    reply = client.get("/search", params={"q": "forecast of the ministry"})
    assert reply.status_code == 200
    assert links(reply.text)[0] == "/article/2005-03-16-reuters#s3"
    assert "<mark>forecast</mark>" in reply.text
    assert "<mark>ministry</mark>" in reply.text
    assert "<mark>of</mark>" not in reply.text
    assert 'value="forecast of the ministry"' in reply.text
    assert "Summary of a report in Reuters, 16 March 2005" in reply.text


def test_the_boxes_reach_the_archive(client: TestClient, room: FakeRoom) -> None:
    query = {"q": "court", "from": "2007", "until": "2007-01", "outlet": "voz", "language": "en"}
    assert links(client.get("/search", params=query).text) == ["/article/2007-01-02-court#s1"]
    asked = room.searched[0]
    assert (asked.published_from, asked.published_until) == (date(2007, 1, 1), date(2007, 1, 31))
    assert (asked.outlet, asked.language) == ("voz", "en")
    assert links(client.get("/search", params=query | {"outlet": "times"}).text) == []


def test_the_newest_first(client: TestClient) -> None:
    found = links(client.get("/search", params={"q": "Eurojust court arrested", "sort": "date"}).text)
    assert [link.split("#")[0][9:] for link in found] == [
        "2007-01-02-court", "2005-03-17-el-pais", "2005-03-16-reuters",
    ]  # fmt: skip


def test_without_words_all_that_passes_is_listed_by_date(client: TestClient, room: FakeRoom) -> None:
    reply = client.get("/search", params={"from": "2005"})
    assert links(reply.text) == [
        "/article/2007-01-02-court", "/article/2006-headline", "/article/2005-03-17-el-pais",
        "/article/2005-03-16-reuters",
    ]  # fmt: skip
    assert "4 articles" in Elements(reply.text).words
    assert "Only the headline is archived." in reply.text
    assert room.searched == []
    assert links(client.get("/search", params={"language": "es"}).text) == ["/article/2005-03-17-el-pais"]


def test_where_no_article_has_the_words_it_says_so_and_helps(client: TestClient) -> None:
    reply = client.get("/search", params={"q": "zebra"})
    assert reply.status_code == 200
    for words in ("Nothing found", "No article has these words.", "Nearest in meaning"):
        assert words in reply.text
    assert len(links(reply.text)) == 3
    nothing = client.get("/search", params={"from": "1990", "until": "1991"})
    assert "No article passes these boxes." in nothing.text
    assert links(nothing.text) == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"q": "data", "from": "soon"}, "“soon” isn’t a date"),
        ({"until": "2005-02-30"}, "“2005-02-30” isn’t a date"),
        ({"from": "2006", "until": "2005"}, "wrong way round"),
        ({"q": "x" * 1_001}, "1,001 characters"),
        ({"q": "???"}, "no word"),
    ],
)
def test_a_bad_box_is_said_on_the_page(client: TestClient, room: FakeRoom, query: dict[str, str], words: str) -> None:
    reply = client.get("/search", params=query)
    assert reply.status_code == 400
    assert words in reply.text
    page = Elements(reply.text)
    assert any(p.get("role") == "alert" for p in page.all("p"))
    (wrong,) = (box for box in page.all("input") if "aria-invalid" in box)
    assert "refused" in str(wrong["aria-describedby"]).split()
    assert room.searched == []


def test_what_is_found_can_be_taken_along_as_a_dossier(client: TestClient, room: FakeRoom) -> None:
    query = {"q": "court -zebra", "from": "2001"}
    page = Elements(client.get("/search", params=query).text)
    files = [str(a["href"]) for a in page.all("a") if "format=" in str(a.get("href"))]
    assert files == [f"/search?q=court+-zebra&from=2001&format={kind}" for kind in ("md", "html")]
    for path in files:
        reply = client.get(path)
        assert reply.headers["content-disposition"].startswith("attachment; filename=")
        assert COURT.body.split(". ")[0] in reply.text
        assert "http://testserver/article/2007-01-02-court#s1" in reply.text
    assert not links(client.get("/search?q=&format=md").text)
    assert client.get("/search?q=zebra&format=md").text.count(">") == 0
    assert room.searched[-1].text == "zebra"


def test_a_long_list_is_cut_into_pages() -> None:
    client = client_of(MANY)
    first = client.get("/search", params={"q": "mayor", "sort": "date"})
    assert "45 articles, 1 to 20" in Elements(first.text).words
    assert links(first.text)[0] == "/article/n44#s1"
    assert '<a href="/search?page=2&amp;q=mayor&amp;sort=date" rel="next">' in first.text
    assert 'rel="prev"' not in first.text
    told = [link for page in "123" for link in links(client.get(f"/search?q=mayor&sort=date&page={page}").text)]
    assert len(set(told)) == len(told) == 45
    for page in ("3", "4", "999999", "9" * 50):
        last = client.get("/search", params={"q": "mayor", "page": page})
        assert last.status_code == 200
        assert len(links(last.text)) == (20 if len(page) > 6 else 5)


def test_where_not_all_was_looked_through_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(MANY)
    assert "There may be more" not in client.get("/search?q=mayor").text
    monkeypatch.setattr("qa.web.public.MOST_PASSAGES", 30)
    assert "There may be more" in client.get("/search?q=mayor").text


def test_hostile_words_stay_words() -> None:
    client = client_of([HOSTILE])
    for query in (
        {"q": "<script>window.pwned=1</script> body"},
        {"q": '"><img src=x onerror=window.pwned=1> onerror'},
        {"q": "{{7*7}}", "outlet": '"><script>', "language": '"><script>', "from": "<script>"},
        {"until": "2020", "outlet": "onerror"},
    ):
        reply = client.get("/search", params=query)
        page = Elements(reply.text)
        assert not {tag for tag, _ in page.elements} & {"script", "img", "b", "i"}
        assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
        assert "49" not in reply.text
    assert links(client.get("/search", params={"q": "body"}).text) == ["/article/evil%2F%22%3Cid%3E%3F%23#s1"]


def test_a_withheld_article_is_not_found(client: TestClient) -> None:
    for query in ({"q": "nobody may read"}, {"until": "2020"}, {"outlet": "Case archive"}):
        assert "nobody may read" not in client.get("/search", params=query).text.replace('value="nobody may read"', "")


def test_too_many_searches() -> None:
    client = TestClient(create_pages(FakeRoom(), limits=Limits(requests_per_minute=2)))
    replies = [client.get("/search", params={"q": "court"}) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert "Wait a minute" in replies[2].text
    assert replies[2].headers["retry-after"] in ("29", "30")  # a second may have passed
    assert client.get("/search").status_code == 200, "the empty form costs nothing"


def test_the_form_may_lead_here_and_nothing_else_may(client: TestClient) -> None:
    policy = client.get("/search").headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "form-action 'none'" in client.get("/how").headers["content-security-policy"]


class ForgetfulRoom(FakeRoom):
    """Its articles are taken away between the search and the page."""

    def article(self, article_id: str) -> Article:
        raise NotFound(article_id)


def test_an_article_that_goes_meanwhile_breaks_nothing() -> None:
    client = TestClient(create_pages(ForgetfulRoom(articles=[COURT]), limits=ROOMY))
    assert links(client.get("/search?q=court").text) == ["/article/2007-01-02-court"]
    assert client.get("/search?from=2007").status_code == 200


class ClosedRoom(FakeRoom):
    def origins(self) -> Origins:
        raise StoreError("/srv/secret/path")

    def listed(self, between: Dates = ALWAYS) -> list[ListedArticle]:
        raise StoreError(f"/srv/secret/path {between}")


@pytest.mark.parametrize("path", ["/search", "/search?q=broken", "/search?from=2005", "/timeline", "/search?from=soon"])
def test_an_archive_that_cannot_be_read(path: str) -> None:
    reply = TestClient(create_pages(ClosedRoom(), limits=ROOMY)).get(path)
    assert reply.status_code == 503
    assert "secret" not in reply.text


@pytest.mark.parametrize("path", ["/", "/how", "/search", "/timeline", "/article/2006-headline"])
def test_every_masthead_leads_to_both(client: TestClient, path: str) -> None:
    page = Elements(client.get(path).text)
    assert {"/how", "/search", "/timeline"} <= {link.get("href") for link in page.all("a")}
    current = [link["href"] for link in page.all("a") if link.get("aria-current")]
    assert current == ([path] if path in {"/how", "/search", "/timeline"} else [])


def test_of_a_corrected_article_the_words_stand_after_the_correction() -> None:
    source = replace(COURT.source, status=Status.CORRECTED, corrections=(Correction("It was Vigo.", date(2007, 1, 4)),))
    client = client_of([replace(COURT, source=source)])
    for query in ({"q": "court"}, {"from": "2007"}):
        reply = client.get("/search", params=query)
        shown = Elements(reply.text).words
        assert shown.index("It was Vigo.") < shown.index("keeps the proceedings")
    assert links(client.get("/search?q=court").text)[0].endswith("#s1")
