from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from qa.models.deliveries import Delivery, Failure

Put = Callable[..., Path]
FailOne = Callable[..., Failure]
ReadAll = Callable[..., list[Delivery | Failure]]


def feed(*items: object) -> str:
    head = {"version": "https://jsonfeed.org/version/1.1", "title": "Post", "home_page_url": "https://post.example/"}
    return json.dumps({**head, "language": "en-GB", "authors": [{"name": "Ann Reed"}], "items": items}, indent=1)


def test_entries_with_and_without_full_text(put: Put, read_all: ReadAll) -> None:
    full = {
        "id": "1",
        "title": "Crane is up",
        "url": "crane",
        "content_html": "<p>One.</p><p>Two.</p>",
        "date_published": "2019-05-14T08:30:00Z",
        "tags": ["port"],
    }
    teaser = {"id": "2", "summary": "In short.", "author": {"name": "Tom Arden"}}
    first, second, third = read_all(put("a.json", feed(full, teaser, {"id": "3"})))
    assert isinstance(first, Delivery)
    assert (first.article.article_id, first.article.body) == ("1", "One.\n\nTwo.")
    assert (first.article.source.url, first.article.source.outlet) == ("https://post.example/crane", "Post")
    assert (first.article.source.published, first.article.metadata.byline) == (date(2019, 5, 14), "Ann Reed")
    assert isinstance(second, Delivery)
    assert (second.article.source.title, second.article.source.kind) == ("In short.", "teaser")
    assert second.article.metadata.byline == "Tom Arden"
    assert isinstance(third, Failure)
    assert third.reason.startswith("entry 3: a title and a text were expected, found neither")


def test_a_feed_without_entries_is_refused(fail_one: FailOne) -> None:
    assert "a feed with entries was expected, found none" in fail_one("a.json", feed()).reason


def test_what_marked_up_content_and_a_first_address_lack_stands_beside_them(put: Put, read_all: ReadAll) -> None:
    item = {"id": "A &amp; B", "url": "mailto:a@b.example", "external_url": "https://b.example/?a&amp;b", "image": "1"}
    item |= {"content_html": '<img src="a.jpg">', "content_text": "The crane is up."}
    first, second = read_all(put("a.json", feed(item, {**item, "image": "2"})))
    assert isinstance(first, Delivery)
    assert isinstance(second, Delivery)
    assert (first.article.body, first.article.source.kind) == ("The crane is up.", "article")
    assert first.article.source.url == "https://b.example/?a&b"
    assert first.article.article_id.startswith("A-B-")  # as long as its entries have been kept
    digests = {one.original.sha256 for one in (first, second) if one.original}
    assert len(digests) == 2  # of all that the feed says
