from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.models.archive import Status
from qa.models.deliveries import Delivery, Failure

ReadOne = Callable[..., Delivery]
FailOne = Callable[..., Failure]
SAMPLE = Path(__file__).parents[2] / "corpus/formats/port-dredging.mail.eml"


def mail(body: str | bytes, *fields: str, subject: str = "Ferry timetable changes") -> bytes:
    head = [f"Subject: {subject}", "From: Town Hall <press@town.example>", "Date: Tue, 12 Mar 2024 08:15:00 +0100"]
    content = body.encode() if isinstance(body, str) else body
    return "\n".join((*head, *fields)).encode("utf-8") + b"\n\n" + content


def test_the_sample(read_all: Callable[..., list[Delivery]]) -> None:
    (delivery,) = read_all(SAMPLE)
    article = delivery.article
    assert article.source.title == "Dredging of the north channel begins in April — ferries keep their timetable"
    assert article.article_id == "20240312.0815.dredging@harbour.example"
    assert (article.source.published, article.extra["published"]) == (date(2024, 3, 12), "2024-03-12T08:15:00+01:00")
    assert (article.source.outlet, article.metadata.byline) == (
        "Port Authority of Sandhaven",
        "Press office of the harbour",
    )
    assert article.metadata.keywords == ("port", "dredging", "ferries")
    assert article.metadata.slugline == "PORT-DREDGING"
    first, second = article.body.split("\n\n")
    assert first.startswith("The Port Authority of Sandhaven will dredge the north channel from 2 April until the end")
    assert first.endswith("Two vessels will work in shifts, and the ferries keep their timetable.")
    assert second == "“The channel will be 12 metres deep when we are done,” the harbour master said on Tuesday."
    assert article.extra["attachments"] == ["chart.pdf"]


def test_a_sender_without_organisation_is_the_outlet(read_one: ReadOne) -> None:
    article = read_one("a.eml", mail("The ferry leaves at nine.")).article
    assert (article.source.outlet, article.metadata.byline, article.article_id) == ("Town Hall", "", "a")


def test_an_address_alone_is_no_outlet(read_one: ReadOne) -> None:
    for sender in (b"x@town.example", b'"x@town.example" <x@town.example>', b"x@town.example <x@town.example>"):
        assert read_one("a.eml", b"From: " + sender + b"\nSubject: S\n\nText.").article.source.outlet == ""


def test_a_date_that_cannot_be_read_is_left_out(read_one: ReadOne) -> None:
    delivery = read_one("a.eml", b"Subject: S\nDate: the 40th of May\n\nText.")
    assert delivery.article.source.published is None
    assert any("the date" in notice for notice in delivery.notices)


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Año nuevo".encode()),
        ("iso-8859-1", "Año nuevo".encode("latin-1")),
        ("iso-8859-1", "Año nuevo".encode()),
        ("us-ascii", "Año nuevo".encode("cp1252")),
        ("x-no-such", "Año nuevo".encode()),
        ("utf-8", "El nuevo año empieza con niebla: Año nuevo".encode("cp1252")),
        ("utf-8", "Niebla\0: Año nuevo".encode()),
        ("iso-8859-1", "Niebla\0: Año nuevo".encode("latin-1")),
    ],
)
def test_charsets_right_wrong_and_unknown(read_one: ReadOne, charset: str, text: bytes) -> None:
    content = mail(text, f"Content-Type: text/plain; charset={charset}", "Content-Transfer-Encoding: 8bit")
    assert "Año nuevo" in read_one("a.eml", content).article.body


def test_a_subject_of_bare_bytes(read_one: ReadOne) -> None:
    for encoding in ("utf-8", "cp1252"):
        content = "Subject: Año nuevo en el puerto\nFrom: x@y.example\n\nTexto.".encode(encoding)
        assert read_one("a.eml", content).article.source.title == "Año nuevo en el puerto"


def test_signature_replies_and_list_footer_are_left_out(read_one: ReadOne) -> None:
    body = (
        "The council meets on Monday.\n\nOn Tue, 5 Mar 2024 at 10:00, Press wrote:\n> When?\n>\n> Thanks\n\n"
        "It begins at nine.\n-- \nTown Hall\n"
    )
    assert read_one("a.eml", mail(body)).article.body == "The council meets on Monday.\n\nIt begins at nine."
    footed = (
        "The council meets on Monday.\n\n____________________\npress mailing list\nhttps://x.example/listinfo/press\n"
    )
    assert read_one("b.eml", mail(footed)).article.body == "The council meets on Monday."


def test_a_text_that_is_quoted_as_a_whole_stays(read_one: ReadOne) -> None:
    delivery = read_one("a.eml", mail("> The council meets.\n> It begins at nine.\n"))
    assert "It begins at nine." in delivery.article.body
    assert "the whole text is quoted from another mail" in delivery.notices


def test_a_dash_that_parts_long_texts_is_no_signature(read_one: ReadOne) -> None:
    body = "First part.\n\n-- \n" + "\n".join(f"Line {n}." for n in range(40))
    assert "Line 39." in read_one("a.eml", mail(body)).article.body


def test_marked_up_text_where_there_is_no_other(read_one: ReadOne) -> None:
    content = mail("<html><body><p>One.</p><p>Two.</p></body></html>", "Content-Type: text/html; charset=utf-8")
    assert read_one("a.eml", content).article.body == "One.\n\nTwo."


def test_a_text_part_that_only_points_to_the_other_one(read_one: ReadOne) -> None:
    parts = (
        "--b\nContent-Type: text/plain\n\nPlease view this message in HTML.\n"
        f"--b\nContent-Type: text/html\n\n<p>{'The ferry leaves at nine. ' * 20}</p>\n--b--\n"
    )
    article = read_one("a.eml", mail(parts, "Content-Type: multipart/alternative; boundary=b")).article
    assert article.body.startswith("The ferry leaves at nine.")
    both = parts.replace("The ferry leaves at nine. " * 20, "Short.")
    article = read_one("b.eml", mail(both, "Content-Type: multipart/alternative; boundary=b")).article
    assert article.body == "Please view this message in HTML."


def test_a_forwarded_message_is_not_the_article(read_one: ReadOne, fail_one: FailOne) -> None:
    inner = "Content-Type: message/rfc822\n\nSubject: Old\nFrom: a@b.example\n\nOld words.\n--b--\n"
    kind = "Content-Type: multipart/mixed; boundary=b"
    both = mail(f"--b\nContent-Type: text/plain\n\nNew words.\n--b\n{inner}", kind)
    assert read_one("a.eml", both).article.body == "New words."
    alone = f"From: a@b.example\n{kind}\n\n--b\n{inner}"
    assert "nothing but a forwarded message" in fail_one("b.eml", alone).reason


def test_what_it_replaces_and_answers(read_one: ReadOne) -> None:
    fields = ("Supersedes: <old@town.example>", "In-Reply-To: <q@town.example>", "X-Desk: local")
    article = read_one("a.eml", mail("Text.", *fields)).article
    assert article.metadata.supersedes == "old@town.example"
    assert article.extra["In-Reply-To"] == "<q@town.example>"
    assert article.extra["X-Desk"] == "local"


def test_an_embargo_of_the_header(read_one: ReadOne) -> None:
    article = read_one("a.eml", mail("Text.", "X-Embargo: until 2031-03-14T06:00:00+01:00")).article
    assert (article.source.status, article.embargo) == (Status.EMBARGOED, datetime(2031, 3, 14, 5, tzinfo=UTC))
    withheld = read_one("b.eml", mail("Text.", "X-Embargo: noon on Friday")).article
    assert withheld.source.status is Status.WITHHELD


def test_without_a_subject_the_first_words_stand_in(read_one: ReadOne) -> None:
    delivery = read_one("a.eml", b"From: x@y.example\nTo: z@y.example\n\nThe ferry leaves at nine.\n\nIt is new.")
    assert delivery.article.source.title == "The ferry leaves at nine."
    assert any("no headline" in notice for notice in delivery.notices)


@pytest.mark.parametrize("content", [b"From: x@y.example\nTo: z@y.example\n\n", b"From: x@y.example\nTo: z@y.example"])
def test_an_empty_one_is_refused(fail_one: FailOne, content: bytes) -> None:
    assert " expected, found neither; " in fail_one("a.eml", content).reason


@pytest.mark.parametrize(
    "field",
    [
        "From: =?utf-8?q?broken",
        "From: @@@<<>>,;:",
        'Content-Type: text/plain; charset*0*=;;="',
        "Content-Disposition: ;;;filename*0*=x'",
        "Content-Type: multipart/mixed; boundary=",
        "Message-ID: <[[>",
        "Date: Tue, 99 Foo 99999 99:99:99 +9999999",
        "Content-Transfer-Encoding: base64",
    ],
)
def test_odd_fields_break_nothing(read_one: ReadOne, field: str) -> None:
    assert read_one("a.eml", f"Subject: Ferries\n{field}\n\nVGhlIGZlcnJ5".encode()).article.source.title == "Ferries"


def test_fields_and_parts_without_end(read_one: ReadOne, fail_one: FailOne) -> None:
    long = "Subject: " + "=?utf-8?q?a?= " * 20_000 + "\nFrom: a@b.example\n\nThe ferry leaves."
    assert read_one("a.eml", long).article.body == "The ferry leaves."
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2_000))
    assert "can't be taken apart" in fail_one("b.eml", f"Subject: S\nFrom: a@b.example\n{nested}").reason


def test_mail_is_recognised_without_its_ending(read_one: ReadOne) -> None:
    assert read_one("message", mail("Text of it.")).article.source.title == "Ferry timetable changes"
