"""NewsML 1: one id for all revisions, the article among the components, other languages, what has no words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.models.archive import Status
from qa.models.deliveries import Delivery, Failure, NoticeKind, Remark, WireNotice

SAMPLE = Path(__file__).parents[2] / "corpus" / "formats" / "ferry-timetable.newsml1.xml"
ReadOne = Callable[..., Delivery]
ReadAll = Callable[..., list[object]]
FailOne = Callable[..., Failure]
Put = Callable[..., Path]

LINES = "<NewsLines><HeadLine>Ferry adds a crossing</HeadLine></NewsLines>"
TEXT = "<ContentItem><DataContent><p>The ferry sails at 8 p.m.</p></DataContent></ContentItem>"


def item(management: str = "", *, component: str = LINES + TEXT, revision: str = "1", number: str = "F-1") -> str:
    return (
        "<NewsItem><Identification><NewsIdentifier><ProviderId>press.example</ProviderId><DateId>20080905</DateId>"
        f'<NewsItemId>{number}</NewsItemId><RevisionId PreviousRevision="0" Update="N">{revision}</RevisionId>'
        f"</NewsIdentifier></Identification><NewsManagement>{management}</NewsManagement>"
        f"<NewsComponent>{component}</NewsComponent></NewsItem>"
    )


def newsml(*items: str) -> str:
    return f"<NewsML>{''.join(items)}</NewsML>"


def part(content: str, *, role: str = "", language: str = "", lines: str = "") -> str:
    said = f'<Role FormalName="{role}"/>' if role else ""
    said += lines
    said += f'<DescriptiveMetadata><Language FormalName="{language}"/></DescriptiveMetadata>' if language else ""
    return f"<NewsComponent>{said}<ContentItem><DataContent>{content}</DataContent></ContentItem></NewsComponent>"


def test_the_sample_is_read_whole(read_all: ReadAll) -> None:
    (delivery,) = read_all(SAMPLE)
    assert isinstance(delivery, Delivery)
    article, said = delivery.article, delivery.article.metadata
    assert article.source.article_id == "urn:newsml:islandpress.example:20080905:FERRY-17"
    assert article.source.title == "Island ferry adds an evening crossing"
    assert (article.source.published, article.source.outlet) == (date(2008, 9, 5), "Island Press")
    assert article.body.split("\n\n") == [
        "The ferry company said it would add an evening crossing from Monday.",
        "The boat leaves North Island at 8 p.m.",
    ]
    assert (said.version, said.urgency, said.slugline) == ("2", 5, "Ferry-Timetable")
    assert said.revised == datetime(2008, 9, 5, 14, 10, tzinfo=UTC)
    assert [one.code for one in said.subjects] == ["04000000", "04015000"]
    assert [(one.name, one.code) for one in said.organisations] == [("Island Ferry Company", "FERRYCO")]
    assert [one.name for one in said.places] == ["North Island"]
    assert (said.rights.notice, said.rights.terms) == ("(c) Island Press 2008", "Not for resale")
    assert article.extra["dateline"] == "NORTH ISLAND, September 5"


def test_all_revisions_have_one_id(read_one: ReadOne) -> None:
    public = (
        "<NewsML><NewsItem><Identification><NewsIdentifier><PublicIdentifier>urn:newsml:press.example:20080905:F-1:3U"
        f"</PublicIdentifier></NewsIdentifier></Identification><NewsComponent>{LINES}{TEXT}</NewsComponent></NewsItem>"
        "</NewsML>"
    )
    files = (newsml(item()), newsml(item(revision="2")), public)
    assert {read_one("a.xml", markup).article.source.article_id for markup in files} == {
        "urn:newsml:press.example:20080905:F-1"
    }


@pytest.mark.parametrize(
    ("management", "status"),
    [
        ('<Status FormalName="Usable"/>', Status.LIVE),
        ('<Status FormalName="Withheld"/>', Status.WITHHELD),
        ('<Status FormalName="Canceled"/>', Status.WITHDRAWN),
        ('<Status FormalName="Embargoed"/>', Status.WITHHELD),
        ('<Status FormalName="Usable"/><Instruction FormalName="Delete"/>', Status.WITHDRAWN),
        (
            '<Status FormalName="Usable"/><Instruction FormalName="Delete"><RevisionStatus Revision="1">'
            '<Status FormalName="Canceled"/></RevisionStatus></Instruction>',
            Status.LIVE,
        ),
    ],
)
def test_the_status_is_read(read_one: ReadOne, management: str, status: Status) -> None:
    assert read_one("a.xml", newsml(item(management))).article.source.status is status


def test_an_embargo_ends_when_the_status_will_change(read_one: ReadOne) -> None:
    change = (
        '<Status FormalName="Embargoed"/><StatusWillChange><FutureStatus FormalName="Usable"/>'
        "<DateAndTime>20301201T060000+0100</DateAndTime></StatusWillChange>"
    )
    article = read_one("a.xml", newsml(item(change))).article
    assert (article.source.status, article.embargo) == (Status.EMBARGOED, datetime(2030, 12, 1, 5, tzinfo=UTC))


def test_a_cancelled_item_without_words_is_an_order(read_all: ReadAll, put: Put) -> None:
    (order,) = read_all(put("a.xml", newsml(item('<Status FormalName="Canceled"/>', component="", revision="3"))))
    assert isinstance(order, WireNotice)
    assert (order.article_id, order.kind) == ("urn:newsml:press.example:20080905:F-1", NoticeKind.WITHDRAWAL)


@pytest.mark.parametrize(
    "content",
    [
        "<p>One.</p><p>Two.</p>",
        "One.\n\nTwo.",
        "<nitf><body><body.content><p>One.</p><p>Two.</p></body.content></body></nitf>",
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p>One.</p><p>Two.</p></body></html>',
        "<![CDATA[<p>One.</p><p>Two.</p>]]>",
        "<body.content><block><p>One.</p></block><p>Two.</p></body.content>",
    ],
)
def test_text_is_read_in_every_shape(read_one: ReadOne, content: str) -> None:
    article = read_one("a.xml", newsml(item(component=LINES + part(content)))).article
    assert article.body == "One.\n\nTwo."


def test_captions_contacts_and_style_sheets_are_no_article(read_one: ReadOne) -> None:
    component = (
        LINES
        + part(".a { color: red }", role="StyleSheet")
        + part("<p>The ferry at its berth.</p>", role="Caption")
        + f'<NewsComponent><Role FormalName="Photo"/>{part("<p>A caption.</p>")}</NewsComponent>'
        + part("<p>Press desk</p>", role="Contact")
        + part("<p>The ferry sails.</p>", role="Body")
    )
    assert read_one("a.xml", newsml(item(component=component))).article.body == "The ferry sails."


def test_the_headline_stands_in_a_component_of_its_own(read_one: ReadOne) -> None:
    component = part("<p>Ferry adds a crossing</p>", role="HeadLine") + part("<p>It sails.</p>", role="Main")
    assert read_one("a.xml", newsml(item(component=component))).article.source.title == "Ferry adds a crossing"


def test_the_text_in_another_language_is_an_article_of_its_own(read_all: ReadAll, put: Put) -> None:
    spanish = "<NewsLines><HeadLine>Nuevo ferry</HeadLine></NewsLines>"
    component = (
        LINES
        + part("<p>The ferry sails.</p>", language="en")
        + part("<p>Sale el ferry.</p>", language="es", lines=spanish)
    )
    found = read_all(put("a.xml", newsml(item(component=component))))
    articles = [one.article for one in found if isinstance(one, Delivery)]
    name = "urn:newsml:press.example:20080905:F-1"
    assert [(one.source.article_id, one.source.language, one.source.title) for one in articles] == [
        (name, "en", "Ferry adds a crossing"),
        (f"{name}-es", "es", "Nuevo ferry"),
    ]
    assert [one.body for one in articles] == ["The ferry sails.", "Sale el ferry."]


def test_more_texts_in_the_same_language_are_named(read_all: ReadAll, put: Put) -> None:
    component = LINES + part("<p>The ferry sails.</p>", role="Main") + part("<p>About us.</p>", role="Background")
    delivery, remark = read_all(put("a.xml", newsml(item(component=component))))
    assert isinstance(delivery, Delivery)
    assert delivery.article.body == "The ferry sails."
    assert type(remark) is Remark
    assert "background" in remark.reason


def test_a_text_with_a_headline_of_its_own_is_an_article_of_its_own(read_all: ReadAll, put: Put) -> None:
    other = "<NewsLines><HeadLine>Pier is mended</HeadLine></NewsLines>"
    component = part("<p>It sails.</p>", lines=LINES) + part("<p>It holds.</p>", lines=other)
    found = read_all(put("a.xml", newsml(item(component=component))))
    articles = [one.article for one in found if isinstance(one, Delivery)]
    assert [(one.source.title, one.body) for one in articles] == [
        ("Ferry adds a crossing", "It sails."),
        ("Pier is mended", "It holds."),
    ]
    assert articles[1].source.article_id == "urn:newsml:press.example:20080905:F-1-2"


def test_the_same_text_in_another_form_is_read_once(read_all: ReadAll, put: Put) -> None:
    component = LINES + part("<p>It sails.</p>") + part("It  sails.")
    (delivery,) = read_all(put("a.xml", newsml(item(component=component))))
    assert isinstance(delivery, Delivery)
    assert delivery.article.body == "It sails."


def test_one_item_that_cannot_be_read_does_not_keep_others_back(read_all: ReadAll, put: Put) -> None:
    photo = '<ContentItem Href="a.jpg"><MediaType FormalName="Photo"/></ContentItem>'
    found = read_all(put("a.xml", newsml(item(), item(component=LINES + photo, number="F-2"), item(number="F-3"))))
    assert [type(one) for one in found] == [Delivery, Failure, Delivery]
    (failure,) = (one for one in found if isinstance(one, Failure))
    assert "found a reference to Photo (a.jpg)" in failure.reason
    originals = [one.original for one in found if isinstance(one, Delivery)]
    assert len(set(originals)) == 2


def test_a_list_of_items_is_no_article(fail_one: FailOne) -> None:
    component = LINES + '<NewsItemRef NewsItem="a.xml"/><NewsItemRef NewsItem="b.xml"/>'
    assert "a package that lists 2 items" in fail_one("index.xml", newsml(item(component=component))).reason


def test_a_headline_alone_is_an_article(read_one: ReadOne) -> None:
    article = read_one("a.xml", newsml(item(component=LINES))).article
    assert (article.source.title, article.body) == ("Ferry adds a crossing", "Ferry adds a crossing")


def test_an_item_that_only_updates_another_is_refused(fail_one: FailOne) -> None:
    markup = item(component="").replace("<NewsComponent></NewsComponent>", '<Update DuidRef="t1"/>')
    assert "only updates others" in fail_one("a.xml", newsml(markup)).reason


def test_an_item_may_stand_alone(read_one: ReadOne) -> None:
    assert read_one("a.xml", item()).article.body == "The ferry sails at 8 p.m."


def test_the_envelope_says_what_items_leave_out(read_one: ReadOne) -> None:
    envelope = '<NewsEnvelope><SentFrom><Party FormalName="Island Press"/></SentFrom></NewsEnvelope>'
    delivery = read_one("a.xml", newsml(envelope, item()))
    assert delivery.article.source.outlet == "Island Press"


def test_a_file_without_items_fails(fail_one: FailOne) -> None:
    assert "a news item was expected" in fail_one("a.xml", "<NewsML><NewsEnvelope/></NewsML>").reason
