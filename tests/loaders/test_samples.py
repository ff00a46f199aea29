"""The samples in corpus/formats, one and more of each format: what is read of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qa.loaders.documents import Document, gunzipped
from qa.loaders.reading import read
from qa.loaders.registry import FORMATS, recognise
from qa.models.archive import Status
from qa.models.deliveries import Delivery, Failure, NoticeKind, Record, WireNotice

from .fuzzing import SAMPLES, samples

# File, format, and of each article: headline, date, first words, status.
READ = {
    "bridge-tender.ninjs.json": (
        "json",
        [("City opens tender for the river bridge", "2022-02-07", "The city opened", "live")],
    ),
    "council-news.rss.xml": (
        "feed",
        [
            ("Council sets its budget", "2019-03-04", "The council of Northmouth", "live"),
            ("Library opens on Sundays", "2019-03-05", "From April on", "live"),
        ],
    ),
    "court-calendar.atom.xml": (
        "feed",
        [("El tribunal publica su calendario de otoño", "2018-09-20", "El tribunal publicó", "live")],
    ),
    "ferry-timetable.newsml1.xml": (
        "newsml1",
        [("Island ferry adds an evening crossing", "2008-09-05", "The ferry company said", "live")],
    ),
    "harbour-crane.html": ("html", [("Harbour gets its third crane", "2019-05-14", "The port authority", "corrected")]),
    "harbour-dues.nitf.xml": (
        "nitf",
        [("Port authority lowers harbour dues for small boats", "2019-04-12", "The port authority", "live")],
    ),
    "library-hours.newsml-g2.xml": (
        "newsml-g2",
        [("Milltown library opens on Sundays", "2021-03-03", "The town council", "live")],
    ),
    "library-sundays.jsonld.json": (
        "json",
        [("Library opens on Sundays", "2019-03-05", "The library of Northmouth", "corrected")],
    ),
    "lock-gates.txt": ("text", [("New gates for the upper lock", None, "The upper lock gets new gates", "live")]),
    "market-hall.jsonl": (
        "jsonl",
        [
            ("Market hall closes for repairs", "2021-10-04", "The market hall closes", "live"),
            ("Market hall reopens", "2022-03-12", "The market hall reopens", "corrected"),
        ],
    ),
    "observatory.md": (
        "markdown",
        [("Observatory opens its dome on Fridays", "2020-01-17", "The observatory opens", "live")],
    ),
    "port-dredging.mail.eml": (
        "mail",
        [
            (
                "Dredging of the north channel begins in April — ferries keep their timetable",
                "2024-03-12",
                "The Port Authority",
                "live",
            )
        ],
    ),
    "town-hall.mbox": (
        "mbox",
        [
            ("Library opens on Sundays", "2024-03-11", "The town library opens", "live"),
            ("Market moves to the harbour square", "2024-03-12", "The weekly market moves", "live"),
        ],
    ),
    "tram-line.pdf": (
        "pdf",
        [("Tram line to the harbour runs every ten minutes", "2019-05-06", "The tram to the harbour", "live")],
    ),
    "harbour-gazette-1912-04-16/issue.mets.xml": (
        "newspaper",
        [
            ("New lighthouse lamp lit", "1912-04-16", "The new lamp", "live"),
            ("Ferry fares", "1912-04-16", "Fares stay as they are.", "live"),
        ],
    ),
    "saved-pages.warc.gz": (
        "warc",
        [
            ("Pier to be widened", "2018-06-05", "The pier will be widened", "live"),
            ("Ferry gets a second ramp", "2018-06-07", "The ferry landing", "live"),
        ],
    ),
    "saved-pages.wacz": (
        "wacz",
        [
            ("Pier to be widened", "2018-06-05", "The pier will be widened", "live"),
            ("Ferry gets a second ramp", "2018-06-07", "The ferry landing", "live"),
        ],
    ),
    "town-notices.zip": (
        "zip",
        [
            ("Court hears the ferry case in June", None, "The regional court", "live"),
            ("Swimming pool closes for a week", "2024-03-18", "The indoor pool closes", "live"),
        ],
    ),
}


def records(path: Path) -> list[Record]:
    return list(read(path))


@pytest.mark.parametrize("name", READ)
def test_a_sample_is_read_as_what_it_is(name: str) -> None:
    format, expected = READ[name]
    document = Document.of_file(SAMPLES / name)
    assert recognise(gunzipped(document) or document).name == format
    found = [one.article for one in records(SAMPLES / name) if isinstance(one, Delivery)]
    assert len(found) == len(expected)
    for article, (title, day, words, status) in zip(found, expected, strict=True):
        assert article.source.title == title
        assert article.source.published == (date.fromisoformat(day) if day else None)
        assert article.body.startswith(words)
        assert article.source.status is Status(status)


def test_the_name_of_a_file_is_no_matter(tmp_path: Path) -> None:
    """Renamed, every sample is recognised by its content; plain text and lists need no name either."""
    for name, (format, _) in READ.items():
        if format == "newspaper":
            continue
        path = tmp_path / "item"
        path.write_bytes((SAMPLES / name).read_bytes())
        assert sum(isinstance(one, Delivery) for one in records(path)) == len(READ[name][1]), name


def test_no_sample_fails_and_every_format_has_one() -> None:
    assert not [one for path in samples() for one in records(path) if isinstance(one, Failure)]
    assert {format for format, _ in READ.values()} >= {one.name for one in FORMATS} - {"csv", "xml"}


def test_a_kill_notice_is_an_order_and_no_article() -> None:
    (order,) = records(SAMPLES / "harbour-dues-kill.nitf.xml")
    assert isinstance(order, WireNotice)
    assert (order.article_id, order.kind) == ("CNA-2019-0430-0007", NoticeKind.WITHDRAWAL)


def test_editors_notes_are_kept_apart() -> None:
    (delivery,) = records(SAMPLES / "bridge-tender.ninjs.json")
    assert isinstance(delivery, Delivery)
    article = delivery.article
    assert article.metadata.editor_note == "Updates with the department."
    assert "Updates" not in f"{article.body}{article.note}{article.extra}"
