from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.models.deliveries import Delivery, Failure

Put = Callable[..., Path]
ReadOne = Callable[..., Delivery]
FailOne = Callable[..., Failure]
ReadAll = Callable[..., list[Delivery | Failure]]
SAMPLES = Path(__file__).parents[2] / "corpus" / "formats"


def rss(*items: str, encoding: str = "utf-8") -> bytes:
    listed = "".join(f"<item>{item}</item>" for item in items)
    channel = f"<channel><title>Post</title><link>https://post.example/news/</link>{listed}</channel>"
    return f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0">{channel}</rss>'.encode(encoding)


def test_rss_with_and_without_full_text(read_all: ReadAll) -> None:
    full, teaser = read_all(SAMPLES / "council-news.rss.xml")
    assert isinstance(full, Delivery)
    assert isinstance(teaser, Delivery)
    assert (full.article.article_id, full.article.source.kind) == ("estuary-4711", "article")
    assert full.article.body.startswith("The council of Northmouth agreed")
    assert full.article.body.count("\n\n") == 1
    assert (full.article.source.published, full.article.source.language) == (date(2019, 3, 4), "en-gb")
    assert full.article.metadata.byline == "Tom Arden"
    assert full.article.metadata.keywords == ("Council", "Budget")
    assert full.article.metadata.rights.notice == "The Estuary Post 2019"
    assert (teaser.article.source.kind, teaser.id_is_derived) == ("teaser", True)
    assert teaser.article.body == "From April on the library will be open on Sundays too."
    assert teaser.article.source.url == "https://www.estuarypost.example/council/library-sundays"
    assert full.original != teaser.original


def test_atom(read_all: ReadAll) -> None:
    (delivery,) = read_all(SAMPLES / "court-calendar.atom.xml")
    assert isinstance(delivery, Delivery)
    source = delivery.article.source
    assert (source.title, source.kind) == ("El tribunal publica su calendario de otoño", "article")
    assert (source.outlet, source.language) == ("Diario del Puerto: Tribunales", "es")
    assert source.url == "https://diario.example/tribunales/calendario-otono"
    assert source.published == date(2018, 9, 20)
    assert delivery.article.metadata.revised == datetime(2018, 9, 21, 10, tzinfo=UTC)
    assert delivery.article.metadata.byline == "Redacción"


def test_rdf(read_one: ReadOne) -> None:
    feed = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Post</title></channel>'
        '<item rdf:about="https://post.example/1"><title>One</title><link>https://post.example/1</link>'
        "<description>Text.</description><dc:date>2003-12-31</dc:date><dc:creator>Ann</dc:creator></item></rdf:RDF>"
    )
    article = read_one("a.rdf", feed).article
    assert (article.source.title, article.source.published) == ("One", date(2003, 12, 31))
    assert (article.metadata.byline, article.source.outlet) == ("Ann", "Post")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
def test_any_encoding(read_one: ReadOne, encoding: str) -> None:
    article = read_one("a.xml", rss("<title>Año nuevo</title><description>x</description>", encoding=encoding)).article
    assert article.source.title == "Año nuevo"


def test_first_words_stand_for_a_missing_title(put: Put, read_all: ReadAll) -> None:
    items = ("<pubDate>Thu, 04 Mar 2004</pubDate>", "<description>&lt;p&gt;Only text.&lt;/p&gt;</description>")
    neither, titled = read_all(put("a.xml", rss(*items)))
    assert isinstance(neither, Failure)
    assert "entry 1: a title and a text were expected, found neither" in neither.reason
    assert isinstance(titled, Delivery)
    assert titled.article.source.title == "Only text."
    assert any("first words" in notice for notice in titled.notices)


def test_an_ill_formed_feed_is_read_with_a_notice(read_one: ReadOne) -> None:
    delivery = read_one("a.xml", "<rss><channel><item><title>Salt & pepper</title></item></channel></rss>")
    assert delivery.article.source.title == "Salt & pepper"
    assert "ill-formed (not well-formed" in delivery.notices[0]


@pytest.mark.parametrize("broken", [b"&#xFFFFFF;", b"&#xD800;", b"&#zz;", b"&", b"\0"])
def test_what_the_parser_breaks_on_does_not_lose_the_feed(read_one: ReadOne, broken: bytes) -> None:
    item = b"<title>Salt " + broken + b" pepper</title><description>a & b</description>"
    title = read_one("a.xml", b"<rss><channel><item>" + item + b"</item></channel></rss>").article.source.title
    assert title.startswith("Salt")
    assert title.endswith("pepper")


@pytest.mark.parametrize("content", ["<rss></rss>", "<rss", '<feed xmlns="http://www.w3.org/2005/Atom"/>'])
def test_without_entries_it_is_refused(fail_one: FailOne, content: str) -> None:
    assert "a feed with entries was expected, found none" in fail_one("a.xml", content).reason


def test_hostile_entities_and_scripts_come_to_nothing(read_one: ReadOne) -> None:
    declared = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    item = "<title>T &x;</title><description>&lt;script&gt;alert(1)&lt;/script&gt;Text.</description>"
    article = read_one("a.xml", f"{declared}<rss><channel><item>{item}</item></channel></rss>").article
    assert (article.source.title, article.body) == ("T &x;", "Text.")


def test_dates_that_are_none_and_addresses_that_are_none_are_left_out(read_one: ReadOne) -> None:
    item = "<title>T</title><pubDate>Thu, 32 Foo 2004</pubDate><link>http://[bad/</link><author>a@b.example</author>"
    article = read_one("a.xml", rss(item)).article
    assert (article.source.published, article.source.url, article.metadata.byline) == (None, None, "")


@pytest.mark.parametrize(
    "author", ["ann@post.example (Ann Reed)", "Ann Reed <ann@post.example>", "Ann Reed", "(Ann Reed) ann@post.example"]
)
def test_bylines_have_no_addresses(read_one: ReadOne, author: str) -> None:
    escaped = author.replace("<", "&lt;")
    assert read_one("a.xml", rss(f"<title>T</title><author>{escaped}</author>")).article.metadata.byline == "Ann Reed"


def test_a_long_title_is_cut_with_a_notice(read_one: ReadOne) -> None:
    delivery = read_one("a.xml", rss(f"<title>{'word ' * 200}</title><description>Text.</description>"))
    assert len(delivery.article.source.title) <= 120
    assert delivery.notices == ("the headline is a paragraph; its first words stand in",)
    assert delivery.article.body.startswith("word word")


def test_a_feed_nested_without_end_is_refused_and_sections_of_text_do_not_count(put: Put, read_all: ReadAll) -> None:
    tags = "<div>" * 3_000
    deep = f'<rss version="2.0"><channel>{tags}</channel></rss>'
    (failure,) = read_all(put("deep.xml", deep))
    assert isinstance(failure, Failure)
    assert "deep were expected" in failure.reason
    text = f"<![CDATA[<p>The port is open.</p>{'<br>' * 3_000}]]>"
    item = f"<item><title>Port</title><description>{text}</description></item>"
    (read,) = read_all(put("wide.xml", f'<rss version="2.0"><channel><!-- {tags} -->{item}</channel></rss>'))
    assert isinstance(read, Delivery)
    assert list(read_all(put("open.xml", f'<rss version="2.0"><channel>{"<![CDATA[" * 200_000}')))
