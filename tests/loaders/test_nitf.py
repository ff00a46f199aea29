"""NITF: what is read of an item's words, of what it says of itself, and of what it orders about others."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.models.archive import Status
from qa.models.deliveries import Delivery, Failure, NoticeKind, WireNotice

SAMPLE = Path(__file__).parents[2] / "corpus" / "formats" / "harbour-dues.nitf.xml"
ReadOne = Callable[..., Delivery]
ReadAll = Callable[..., list[object]]
FailOne = Callable[..., Failure]


def item(
    docdata: str = "", content: str = "<p>Boats pay less.</p>", head: str = "<hedline><hl1>Dues</hl1></hedline>"
) -> str:
    return (
        f"<nitf><head><docdata{docdata if docdata.startswith(' ') else f'>{docdata}'}</docdata></head>"
        f"<body><body.head>{head}</body.head><body.content>{content}</body.content></body></nitf>"
    )


def ninjs(body: str) -> str:
    return json.dumps({"uri": "urn:x:1", "headline": "Dues", "body_nitf": body})


def test_the_sample_is_read_whole(read_all: ReadAll) -> None:
    (delivery,) = read_all(SAMPLE)
    assert isinstance(delivery, Delivery)
    article, said = delivery.article, delivery.article.metadata
    assert article.source.article_id == "CNA-2019-0412-0031"
    assert article.source.title == "Port authority lowers harbour dues for small boats"
    assert article.source.published == date(2019, 4, 12)
    assert (article.source.outlet, article.source.language) == ("Coastal News", "en-gb")
    assert article.body.split("\n\n") == [
        "The port authority lowers its dues from June.",
        "The port authority of Seaport said on Friday that it would lower the dues for boats of less than 12 metres.",
        "The new rates begin on 1 June.",
        "What boats pay",
        "Length | Dues",
        "up to 6 metres | 40 pounds",
        "Dues are paid once a year.",
        "Visitors pay by the night.",
        '"We listened to the harbour users," the chair of the authority said.',
    ]
    assert said.byline == "By A. Writer, Shipping Correspondent"
    assert (said.version, said.urgency, said.section) == ("2", 4, "Business")
    assert said.revised == datetime(2019, 4, 12, 8, 30, tzinfo=UTC)
    assert said.editor_note == "Adds the vote in the last paragraph"
    assert said.keywords == ("harbour dues", "port authority")
    assert [place.name for place in said.places] == ["Seaport", "Seaport, United Kingdom"]
    assert [(one.name, one.code) for one in said.organisations] == [("Seaport Port Authority", "SPA")]
    assert (said.rights.holder, said.rights.terms) == ("Coastal News Agency", "No resale")
    assert article.extra["dateline"] == "Seaport, April 12"
    assert article.extra["located"] == "Seaport"


def test_the_namespace_changes_nothing(read_one: ReadOne) -> None:
    named = item().replace("<nitf>", '<n:nitf xmlns:n="http://iptc.org/std/NITF/2006-10-18/">')
    prefixed = named.replace("</nitf>", "</n:nitf>")
    plain = item().replace("<nitf>", '<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/">')
    for markup in (item(), prefixed, plain):
        delivery = read_one("dues.xml", markup)
        assert (delivery.article.source.title, delivery.article.body) == ("Dues", "Boats pay less.")


def test_the_title_of_the_head_stands_in_for_the_headline(read_one: ReadOne) -> None:
    markup = item(head="").replace("<head>", "<head><title>New dues</title>")
    assert read_one("a.xml", markup).article.source.title == "New dues"


def test_without_any_headline_the_first_words_stand_in_and_it_is_said(read_one: ReadOne) -> None:
    delivery = read_one("a.xml", item(head=""))
    assert delivery.article.source.title == "Boats pay less."
    assert delivery.notices == ("it has no headline; its first words stand in",)


def test_an_abstract_that_the_body_says_too_is_kept_apart(read_one: ReadOne) -> None:
    head = "<hedline><hl1>Dues</hl1></hedline><abstract><p>Boats pay  less.</p></abstract>"
    delivery = read_one("a.xml", item(head=head, content="<p>Boats pay less.</p><p>From June.</p>"))
    assert delivery.article.body == "Boats pay less.\n\nFrom June."
    assert delivery.article.extra["abstract"] == "Boats pay less."


def test_the_lines_of_preformatted_text_stay(read_one: ReadOne) -> None:
    delivery = read_one("a.xml", item(content="<p>Results:</p><pre>North 1\nSouth 2</pre>"))
    assert delivery.article.body == "Results:\n\nNorth 1\nSouth 2"


def test_plain_text_in_the_body_is_parted_by_indented_lines(read_one: ReadOne) -> None:
    delivery = read_one("a.xml", item(content="\n   The first.\n   The second.\n"))
    assert delivery.article.body == "The first.\n\nThe second."


def test_what_stands_behind_an_unknown_entity_is_not_lost(read_one: ReadOne) -> None:
    markup = '<!DOCTYPE nitf SYSTEM "nitf.dtd">' + item(content="<p>Boats &unheard; pay <em>less</em>.</p>")
    assert read_one("a.xml", markup).article.body == "Boats &unheard; pay less."


def test_notes_for_editors_are_never_in_the_text(read_one: ReadOne) -> None:
    content = '<note noteclass="editorsnote"><p>Hold the picture.</p></note><p>Boats pay less.</p>'
    article = read_one("a.xml", item(content=content)).article
    assert article.body == "Boats pay less."
    assert article.metadata.editor_note == "Hold the picture."
    assert "Hold" not in str(article.extra)


def test_notes_at_the_head_are_not_in_the_text(read_one: ReadOne) -> None:
    note = '<note noteclass="{}"><body.content><p>{}</p></body.content></note>'
    notes = note.format("editorsnote", "Hold the picture.") + note.format("end", "From the evening edition.")
    markup = item(content="<p>Boats pay less.</p>").replace("</body.head>", f"{notes}</body.head>")
    assert markup.count("<note") == 2
    article = read_one("a.xml", markup).article
    assert (article.body, article.metadata.editor_note) == ("Boats pay less.", "Hold the picture.")
    assert article.extra["notes"] == ["From the evening edition."]


def test_heads_of_blocks_are_not_in_the_text_but_what_follows_is(read_one: ReadOne) -> None:
    content = "<block><byline>By C. Reporter</byline><dateline>Seaport</dateline><p>Boats pay less.</p></block>"
    article = read_one("a.xml", item(content=content)).article
    assert (article.body, article.metadata.byline) == ("Boats pay less.", "By C. Reporter")
    assert article.extra["dateline"] == "Seaport"


def test_a_lead_that_stands_alone_and_in_the_whole_is_read_once(read_one: ReadOne) -> None:
    lead = "<p>Boats pay less.</p>"
    content = f'<block class="lead"><p>Boats pay  less.</p></block><block class="full_text">{lead}<p>Soon.</p></block>'
    assert read_one("a.xml", item(content=content)).article.body == "Boats pay less.\n\nSoon."


def test_a_block_of_correction_is_a_correction_and_no_text(read_one: ReadOne) -> None:
    content = '<block class="correction_text"><p>It is June.</p></block><block><p>Boats pay less.</p></block>'
    article = read_one("a.xml", item(content=content)).article
    assert article.body == "Boats pay less."
    assert [one.text for one in article.source.corrections] == ["It is June."]


def test_the_address_of_the_page_is_kept(read_one: ReadOne) -> None:
    markup = item().replace("</head>", '<pubdata name="Coast" ex-ref="https://coast.example/dues"/></head>')
    assert read_one("a.xml", markup).article.source.url == "https://coast.example/dues"


@pytest.mark.parametrize(
    ("docdata", "status"),
    [
        (' management-status="usable">', Status.LIVE),
        (' management-status="withheld">', Status.WITHHELD),
        (' management-status="canceled">', Status.WITHDRAWN),
        (' management-status="embargoed">', Status.WITHHELD),
        (' management-status="embargoed"><date.release norm="20301201T060000Z"/>', Status.EMBARGOED),
        ('<date.issue norm="20301130T060000Z"/><date.release norm="20301201T060000Z"/>', Status.EMBARGOED),
        ('<date.issue norm="20301201"/><date.release norm="20301201"/>', Status.LIVE),
        (' management-status="some-new-word">', Status.WITHHELD),
    ],
)
def test_the_status_is_the_strictest_that_is_said(read_one: ReadOne, docdata: str, status: Status) -> None:
    assert read_one("a.xml", item(docdata)).article.source.status is status


def test_the_end_of_an_embargo_is_the_release(read_one: ReadOne) -> None:
    docdata = ' management-status="embargoed"><date.release norm="20301201T060000-0100"/>'
    assert read_one("a.xml", item(docdata)).article.embargo == datetime(2030, 12, 1, 7, tzinfo=UTC)


def test_a_cancelled_item_without_words_is_an_order_about_it(read_all: ReadAll, put: Callable[..., Path]) -> None:
    docdata = ' management-status="canceled"><doc-id id-string="CNA 7"/><date.issue norm="20190413"/>'
    (order,) = read_all(put("a.xml", item(docdata, content="")))
    assert isinstance(order, WireNotice)
    assert (order.kind, order.day) == (NoticeKind.WITHDRAWAL, date(2019, 4, 13))
    (delivery,) = read_all(put("b.xml", item('<doc-id id-string="CNA 7"/>')))
    assert isinstance(delivery, Delivery)
    assert order.article_id == delivery.article.source.article_id


def test_a_notice_that_cancels_another_item_is_no_article(read_all: ReadAll, put: Callable[..., Path]) -> None:
    docdata = ' management-doc-idref="CNA-1" management-idref-status="canceled"><doc-id id-string="CNA-2"/>'
    head = "<hedline><hl1>Harbour dues, KILL</hl1></hedline>"
    (order,) = read_all(put("a.xml", item(docdata, content="<p>Do not use the item.</p>", head=head)))
    assert isinstance(order, WireNotice)
    assert (order.article_id, order.kind) == ("CNA-1", NoticeKind.WITHDRAWAL)


def test_a_notice_that_is_cancelled_too_is_an_order_about_both(read_all: ReadAll, put: Callable[..., Path]) -> None:
    docdata = ' management-status="canceled" management-doc-idref="CNA-1" management-idref-status="canceled">'
    orders = read_all(put("a.xml", item(f'{docdata}<doc-id id-string="CNA-2"/>', content="")))
    assert [order.article_id for order in orders if isinstance(order, WireNotice)] == ["CNA-1", "CNA-2"]


def test_a_cancelled_headline_without_an_identifier_withdraws_what_its_file_held(read_one: ReadOne) -> None:
    article = read_one("dues.xml", item(' management-status="canceled">', content="")).article
    assert (article.article_id, article.source.status) == ("dues", Status.WITHDRAWN)


def test_an_article_that_replaces_a_cancelled_one_is_read_with_the_order(read_one: ReadOne) -> None:
    docdata = ' management-doc-idref="CNA-1" management-idref-status="canceled"><doc-id id-string="CNA-2"/>'
    delivery = read_one("a.xml", item(docdata))
    assert delivery.article.source.article_id == "CNA-2"
    assert [(order.article_id, order.kind) for order in delivery.orders] == [("CNA-1", NoticeKind.WITHDRAWAL)]


def test_a_correction_of_another_item_is_an_order_beside_the_article(read_one: ReadOne) -> None:
    docdata = '<doc-id id-string="CNA-2"/><correction info="The dues fall from June." id-string="CNA-1"/>'
    (order,) = read_one("a.xml", item(docdata)).orders
    assert (order.article_id, order.kind) == ("CNA-1", NoticeKind.CORRECTION)
    assert order.text == "The dues fall from June."


def test_a_correction_of_the_item_itself_is_its_own(read_one: ReadOne) -> None:
    docdata = '<doc-id id-string="CNA-2"/><correction info="The dues fall from June." id-string="CNA-2"/>'
    delivery = read_one("a.xml", item(docdata))
    assert delivery.orders == ()
    assert [one.text for one in delivery.article.source.corrections] == ["The dues fall from June."]
    assert delivery.article.source.status is Status.CORRECTED


def test_a_correction_without_words_changes_nothing(read_one: ReadOne) -> None:
    delivery = read_one("a.xml", item('<correction id-string="CNA-1"/>'))
    assert (delivery.orders, delivery.article.source.status) == ((), Status.LIVE)


def test_the_trail_of_delivery_deletes_nothing(read_one: ReadOne) -> None:
    delivery = read_one("a.xml", item('<del-list><from-src src-name="relay" level-number="1"/></del-list>'))
    assert delivery.article.source.status is Status.LIVE


def test_bytes_in_another_encoding_than_declared_are_read_with_a_notice(read_one: ReadOne) -> None:
    markup = '<?xml version="1.0" encoding="UTF-8"?>' + item(content="<p>Das Café am Hafen öffnet früh.</p>")
    delivery = read_one("a.xml", markup.encode("cp1252"))
    assert delivery.article.body == "Das Café am Hafen öffnet früh."
    assert delivery.notices == ("read as windows-1252, not UTF-8 (first seen in line 1)",)


@pytest.mark.parametrize("declared", ["ISO-8859-1", "utf-16", "x-unheard-of"])
def test_utf8_is_read_whatever_it_declares(read_one: ReadOne, declared: str) -> None:
    markup = f'<?xml version="1.0" encoding="{declared}"?>' + item(content="<p>Das Café öffnet.</p>")
    assert read_one("a.xml", markup).article.body == "Das Café öffnet."


def test_quotation_marks_of_windows_are_read_where_latin_1_is_declared(read_one: ReadOne) -> None:
    markup = '<?xml version="1.0" encoding="ISO-8859-1"?>' + item(content="<p>“Less”, the chair said.</p>")
    assert read_one("a.xml", markup.encode("cp1252")).article.body == "“Less”, the chair said."


def test_broken_markup_fails_with_its_line(fail_one: FailOne) -> None:
    failure = fail_one("a.xml", "<nitf>\n<body>\n<p>Boats</body>\n</nitf>")
    assert failure.line == 3
    assert failure.reason.startswith("XML was expected, found an error")


def test_an_item_with_neither_headline_nor_body_fails(fail_one: FailOne) -> None:
    assert "found neither" in fail_one("a.xml", item(content="", head="")).reason


@pytest.mark.parametrize(
    "markup",
    [
        item(content="<p>One.</p><p>Two.</p>"),
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + item(content="<p>One.</p><p>Two.</p>"),
        "<body.content><p>One.</p><p>Two.</p></body.content>",
        "<p>One.</p><p>Two.</p>",
    ],
)
def test_the_words_of_an_item_given_as_text(read_one: ReadOne, markup: str) -> None:
    assert read_one("a.json", ninjs(markup)).article.body == "One.\n\nTwo."


def test_what_is_no_nitf_is_read_as_html(read_one: ReadOne) -> None:
    assert read_one("a.json", ninjs("<p>One.</div>")).article.body == "One."
