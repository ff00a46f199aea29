"""NewsML-G2: items, messages of several, and what has no words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.models.archive import Status
from qa.models.deliveries import Delivery, Failure, NoticeKind, Remark, WireNotice
from qa.text.cleaning import id_from

SAMPLE = Path(__file__).parents[2] / "corpus" / "formats" / "library-hours.newsml-g2.xml"
ReadOne = Callable[..., Delivery]
ReadAll = Callable[..., list[object]]
FailOne = Callable[..., Failure]
Put = Callable[..., Path]

XHTML = "<inlineXML><html><body><p>The library opens.</p></body></html></inlineXML>"


def item(
    meta: str = "",
    *,
    content: str = XHTML,
    about: str = "<headline>Library opens</headline>",
    kind: str = "text",
    attributes: str = 'guid="urn:x:1" version="1"',
) -> str:
    return (
        f'<newsItem {attributes}><itemMeta><itemClass qcode="ninat:{kind}"/>'
        f"<versionCreated>2021-03-04T12:30:00Z</versionCreated>{meta}</itemMeta>"
        f"<contentMeta>{about}</contentMeta><contentSet>{content}</contentSet></newsItem>"
    )


def message(*items: str) -> str:
    return f"<newsMessage><header/><itemSet>{''.join(items)}</itemSet></newsMessage>"


def test_the_sample_is_read_whole(read_all: ReadAll) -> None:
    (delivery,) = read_all(SAMPLE)
    assert isinstance(delivery, Delivery)
    article, said = delivery.article, delivery.article.metadata
    assert article.source.article_id == "urn:newsml:townwire.example:20210304:library-hours"
    assert article.source.title == "Milltown library opens on Sundays"
    assert (article.source.published, article.source.outlet) == (date(2021, 3, 3), "Town Wire")
    assert (article.source.language, article.source.status) == ("en", Status.LIVE)
    assert article.body.split("\n\n") == [
        "The town council of Milltown said the library would open on Sundays from April.",
        "The council set aside 9,000 pounds for the staff.",
    ]
    assert (said.version, said.urgency, said.byline) == ("3", 6, "By B. Editor, Town Wire")
    assert said.revised == datetime(2021, 3, 4, 12, 30, tzinfo=UTC)
    assert [(one.name, one.code) for one in said.subjects] == [("library", "medtop:20000038")]
    assert [one.name for one in said.organisations] == ["Milltown Town Council"]
    assert [one.name for one in said.places] == ["Milltown"]
    assert said.editor_note == "Check the opening hours before reuse."
    assert (said.rights.holder, said.rights.terms) == ("Town Wire", "For subscribers only.")
    assert article.extra["signal"] == ["sig:update"]
    assert article.extra["links"] == [{"rel": "seealso", "ref": "urn:newsml:townwire.example:20210301:library-budget"}]


def test_the_headline_in_the_language_of_the_item_is_taken(read_one: ReadOne) -> None:
    about = (
        '<language tag="de"/><headline xml:lang="en">Library opens</headline>'
        '<headline xml:lang="de">Bücherei öffnet</headline>'
    )
    article = read_one("a.xml", item(about=about)).article
    assert (article.source.title, article.source.language) == ("Bücherei öffnet", "de")


def test_nitf_inside_is_read_with_its_headline_and_byline(read_one: ReadOne) -> None:
    nitf = (
        "<inlineXML><nitf><body><body.head><hedline><hl1>Library opens</hl1></hedline><byline>By D. Clerk</byline>"
        "</body.head><body.content><p>From April.</p></body.content></body></nitf></inlineXML>"
    )
    article = read_one("a.xml", item(content=nitf, about="<creator><name>Desk</name></creator>")).article
    assert (article.source.title, article.body, article.metadata.byline) == (
        "Library opens",
        "From April.",
        "By D. Clerk",
    )


@pytest.mark.parametrize(
    "content",
    [
        '<inlineData contenttype="text/plain">The first.\n\nThe second.</inlineData>',
        '<inlineData contenttype="text/html">&lt;p&gt;The first.&lt;/p&gt;&lt;p&gt;The second.&lt;/p&gt;</inlineData>',
        '<inlineData contenttype="text/plain" encoding="base64">VGhlIGZpcnN0LgoKVGhlIHNlY29uZC4=</inlineData>',
        '<inlineXML><h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:body><h:p>The first.</h:p><h:p>The second.</h:p>'
        "</h:body></h:html></inlineXML>",
        "<inlineXML><p>The first.</p><p>The second.</p></inlineXML>",
        '<remoteContent href="a.pdf"/><inlineXML><html><body><h1>Library opens</h1><p>The first.</p>'
        "<p>The second.</p></body></html></inlineXML>",
    ],
)
def test_text_is_read_in_every_shape(read_one: ReadOne, content: str) -> None:
    assert read_one("a.xml", item(content=content)).article.body == "The first.\n\nThe second."


def test_what_pages_carry_around_the_text_is_left_out(read_one: ReadOne) -> None:
    content = (
        '<inlineXML><html><body><div class="dat"><span>Home</span><span>TW</span></div>'
        '<p>The library opens.</p><div id="textimg"><img src="a.jpg"/><p>The hall.</p></div></body></html></inlineXML>'
    )
    assert read_one("a.xml", item(content=content)).article.body == "The library opens."


@pytest.mark.parametrize(
    ("meta", "status"),
    [
        ('<pubStatus qcode="stat:usable"/>', Status.LIVE),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/usable"/>', Status.LIVE),
        ('<pubStatus qcode="stat:withheld"/>', Status.WITHHELD),
        ('<pubStatus qcode="stat:canceled"/>', Status.WITHDRAWN),
        ("<embargoed/>", Status.WITHHELD),
        ("<embargoed>until the vote</embargoed>", Status.WITHHELD),
        ("<embargoed>2030-12-01T06:00:00Z</embargoed>", Status.EMBARGOED),
        ('<pubStatus qcode="stat:canceled"/><embargoed/>', Status.WITHDRAWN),
    ],
)
def test_the_status_is_read(read_one: ReadOne, meta: str, status: Status) -> None:
    assert read_one("a.xml", item(meta)).article.source.status is status


def test_a_cancelled_item_without_words_is_an_order(read_all: ReadAll, put: Put) -> None:
    (order,) = read_all(put("a.xml", item('<pubStatus qcode="stat:canceled"/>', content="")))
    assert isinstance(order, WireNotice)
    assert (order.article_id, order.kind, order.day) == ("urn:x:1", NoticeKind.WITHDRAWAL, date(2021, 3, 4))


def test_an_item_says_which_it_replaces(read_one: ReadOne) -> None:
    meta = '<link rel="irel:previousVersion" residref="http://x.example/0"/>'
    assert read_one("a.xml", item(meta)).article.metadata.supersedes == id_from("http://x.example/0")


def test_an_earlier_version_of_the_same_item_is_not_another_item(read_one: ReadOne) -> None:
    meta = '<link rel="irel:previousVersion" residref="urn:x:1" version="1"/>'
    assert read_one("a.xml", item(meta)).article.metadata.supersedes == ""


@pytest.mark.parametrize(("kind", "named"), [("picture", "a picture"), ("video", "a film"), ("graphic", "a graphic")])
def test_what_is_no_text_is_refused_by_its_name(fail_one: FailOne, kind: str, named: str) -> None:
    content = '<remoteContent href="a.jpg" contenttype="image/jpeg"/>'
    assert f"found {named};" in fail_one("a.xml", item(content=content, kind=kind)).reason


@pytest.mark.parametrize("root", ["packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"])
def test_items_without_words_are_refused_in_a_line(fail_one: FailOne, root: str) -> None:
    failure = fail_one("a.xml", f'<{root} guid="urn:x:2"><itemMeta/></{root}>')
    assert root in failure.reason
    assert "\n" not in failure.reason


def test_other_markup_inside_is_named(fail_one: FailOne) -> None:
    reason = fail_one("a.xml", item(content="<inlineXML><sports-content/></inlineXML>")).reason
    assert "found <sports-content>" in reason


def test_a_summary_stands_for_a_text_that_lies_elsewhere(read_one: ReadOne) -> None:
    about = '<headline>Library opens</headline><description role="drol:summary">From April.</description>'
    article = read_one("a.xml", item(content='<remoteContent href="a.html"/>', about=about)).article
    assert (article.body, article.source.kind) == ("From April.", "teaser")


def test_a_message_gives_each_item_with_an_original_of_its_own(read_all: ReadAll, put: Put) -> None:
    picture = item(kind="picture", content="", attributes='guid="urn:x:9"')
    package = (
        '<packageItem guid="urn:x:p"><groupSet><group><itemRef residref="urn:x:p"/></group></groupSet></packageItem>'
    )
    found = read_all(put("a.xml", message(package, item(), item(attributes='guid="urn:x:2"'), picture)))
    assert [type(one) for one in found] == [Remark, Delivery, Delivery, Failure]
    first, second = (one for one in found if isinstance(one, Delivery))
    assert first.original is not None
    assert second.original is not None
    assert (first.original.inside, second.original.inside) == ("2", "3")
    assert first.original.sha256 != second.original.sha256


def test_items_without_a_guid_get_ids_of_their_own(read_all: ReadAll, put: Put) -> None:
    found = read_all(put("march.xml", message(item(attributes=""), item(attributes=""))))
    ids = [(one.article.source.article_id, one.id_is_derived) for one in found if isinstance(one, Delivery)]
    assert ids == [("march-1", True), ("march-2", True)]


def test_of_genres_without_end_few_are_kept(read_one: ReadOne) -> None:
    about = "<headline>Library opens</headline>" + '<genre qcode="genre:current"/>' * 2_000
    assert read_one("a.xml", item(about=about)).article.extra["genre"] == ["current"] * 100


def test_an_empty_message_fails(fail_one: FailOne) -> None:
    assert "found one without" in fail_one("a.xml", message()).reason


@pytest.mark.parametrize("markup", [f"<contentSet>{XHTML}</contentSet>", XHTML])
def test_a_part_of_an_item_is_read_with_its_id_from_the_name(read_one: ReadOne, markup: str) -> None:
    delivery = read_one("Library hours.xml", markup)
    assert (delivery.article.source.article_id, delivery.id_is_derived) == ("library-hours", True)
    assert delivery.article.body == "The library opens."


def test_broken_markup_fails_with_its_line(fail_one: FailOne) -> None:
    assert fail_one("a.xml", '<newsItem guid="urn:x:1">\n<itemMeta>\n</newsItem>').line == 3
