from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader, PdfWriter

from qa.loaders import pdf as pdf_loader
from qa.models.deliveries import Delivery, Failure
from tests.loaders.pdf_files import Placed, column, pdf

ReadOne = Callable[..., Delivery]
FailOne = Callable[..., Failure]
SAMPLE = Path(__file__).parents[2] / "corpus/formats/tram-line.pdf"

FIRST = ("The tram to the harbour will run every ten minutes", "from May, the town council decided on Monday eve-")
GOES_ON = ("ning. The vote was unanimous.",)
SECOND = ("Two stops are new: the library and the court. They", "open in the autumn, a spokeswoman said.")


def test_the_sample(read_all: Callable[..., list[Delivery]]) -> None:
    (delivery,) = read_all(SAMPLE)
    article = delivery.article
    assert article.source.title == "Tram line to the harbour runs every ten minutes"
    assert article.metadata.byline == "Town desk"
    assert article.source.published == date(2019, 5, 6)
    assert article.extra["published_from"] == "the file's creation date"
    assert any("creation date stands in" in notice for notice in delivery.notices)
    paragraphs = article.body.split("\n\n")
    assert [paragraph.split(" ", 1)[0] for paragraph in paragraphs] == ["The", "Two", "The"]
    assert "on Monday evening. The vote" in article.body
    assert article.extra["pages"] == [[1, 0], [2, article.body.index(paragraphs[2])]]
    assert "Sandhaven Courier" not in article.body


def test_lines_become_paragraphs_by_their_distance(read_one: ReadOne) -> None:
    page = column("Tram line runs", "", *FIRST, *GOES_ON, "", *SECOND)
    article = read_one("a.pdf", pdf(page)).article
    assert article.source.title == "Tram line runs"
    assert article.body.split("\n\n") == [
        "The tram to the harbour will run every ten minutes from May, the town council decided on Monday evening. "
        "The vote was unanimous.",
        "Two stops are new: the library and the court. They open in the autumn, a spokeswoman said.",
    ]


def test_lines_become_paragraphs_by_their_indent_and_by_short_lines(read_one: ReadOne) -> None:
    full = "The tram to the harbour will run every ten minutes."
    indented = [*column("Title", "", full, full), (84.0, 652.0, 10.0, full), *column(full, top=640)]
    assert len(read_one("a.pdf", pdf(indented)).article.body.split("\n\n")) == 2
    short = column("Title", "", full, "It is so.", full, full)
    assert len(read_one("b.pdf", pdf(short)).article.body.split("\n\n")) == 2


def test_a_paragraph_goes_on_in_the_next_column_and_on_the_next_page(read_one: ReadOne) -> None:
    first = [*column("Title", "", FIRST[0]), *column(FIRST[1], x=320)]
    article = read_one("a.pdf", pdf(first, column(*GOES_ON, "", *SECOND))).article
    assert "on Monday evening. The vote" in article.body
    assert article.extra["pages"] == [[1, 0], [2, article.body.index("Two stops")]]


def test_a_headline_in_large_letters_over_two_lines(read_one: ReadOne) -> None:
    page = [
        *column("Local news"),
        *column("Tram line to the", "harbour", top=670, size=24, gap=28),
        *column(*FIRST, top=600),
    ]
    article = read_one("a.pdf", pdf(page)).article
    assert article.source.title == "Tram line to the harbour"
    assert article.body.startswith("Local news\n\nThe tram")


@pytest.mark.parametrize(
    "title", ["Microsoft Word - tram.doc", "tram_line_final.indd", "Untitled-1", "untitled", "A4", "20190506", ""]
)
def test_a_title_of_the_file_that_is_none(read_one: ReadOne, title: str) -> None:
    article = read_one("a.pdf", pdf(column("Tram line runs", "", *SECOND), information={"Title": title})).article
    assert article.source.title == "Tram line runs"


def test_a_title_of_the_file_is_not_repeated_in_the_text(read_one: ReadOne) -> None:
    page = column("Tram line to", "the harbour", "", *SECOND)
    article = read_one("a.pdf", pdf(page, information={"Title": "Tram line to the harbour"})).article
    assert (article.source.title, article.body[:9]) == ("Tram line to the harbour", "Two stops")
    stated = read_one("b.pdf", pdf(page)).article
    assert stated.source.title == "Tram line to"


def test_running_heads_and_page_numbers_are_left_out(read_one: ReadOne) -> None:
    pages = []
    for number in range(1, 5):
        head: list[Placed] = [(72.0, 800.0, 10.0, f"Sandhaven Courier, 6 May 2019, page {number}")]
        foot: list[Placed] = [(300.0, 40.0, 10.0, f"- {number} -")]
        pages.append([*head, *column(f"Part {'ABCD'[number - 1]} of it", "", *SECOND), *foot])
    body = read_one("a.pdf", pdf(*pages)).article.body
    assert "Courier" not in body
    assert "- 2 -" not in body
    assert body.count("Two stops are new") == 4


def test_lines_of_the_text_that_repeat_stay(read_one: ReadOne) -> None:
    pages = [column("Chorus of the ferry song", *SECOND, "They sail again at nine.") for _ in range(3)]
    article = read_one("a.pdf", pdf(*pages)).article
    assert article.body.count("They sail again at nine.") == 3


def test_a_date_that_is_stated_counts_before_that_of_the_file(read_one: ReadOne) -> None:
    content = pdf(column("Tram line", *SECOND), information={"CreationDate": "D:20190506"})
    delivery = read_one("a.pdf", content, published=date(1999, 1, 1))
    assert delivery.article.source.published == date(1999, 1, 1)
    assert "published_from" not in delivery.article.extra


@pytest.mark.parametrize("said", ["D:2019", "yesterday", "D:20191399", ""])
def test_a_creation_date_that_is_none(read_one: ReadOne, said: str) -> None:
    content = pdf(column("Tram line", *SECOND), information={"CreationDate": said})
    assert read_one("a.pdf", content).article.source.published is None


def test_an_author_that_is_no_name_is_kept_apart(read_one: ReadOne) -> None:
    content = pdf(column("Tram line", *SECOND), information={"Author": "Administrator"}, catalogue="/Lang (es-ES)")
    article = read_one("a.pdf", content).article
    assert (article.metadata.byline, article.extra["Author"]) == ("", "Administrator")
    assert article.source.language == "es-es"


def test_scanned_pages(read_one: ReadOne, fail_one: FailOne) -> None:
    reason = fail_one("a.pdf", pdf([], [])).reason
    assert reason == (
        "a PDF with text was expected, found 2 scanned pages without any; run OCR (text recognition) first"
    )
    delivery = read_one("b.pdf", pdf([], column("Tram line", *SECOND), []))
    assert "pages 1, 3 without text; run OCR (text recognition) first" in delivery.notices
    assert delivery.article.extra["pages"] == [[2, 0]]


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(column("Tram line", *SECOND)))))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_encrypted_ones(read_one: ReadOne, fail_one: FailOne) -> None:
    assert "found an encrypted one" in fail_one("a.pdf", encrypted("secret")).reason
    assert read_one("b.pdf", encrypted("")).article.source.title == "Tram line"


@pytest.mark.parametrize("cut", [5, 9, 60, 200])
def test_damaged_ones_are_refused_in_one_line(fail_one: FailOne, cut: int) -> None:
    failure = fail_one("a.pdf", pdf(column("Tram line", *SECOND))[:cut])
    assert failure.reason.startswith("a ")
    assert " expected, found " in failure.reason
    assert "\n" not in failure.reason


def test_too_many_pages_are_refused(fail_one: FailOne, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_loader, "MAX_PAGES", 2)
    assert "found 3" in fail_one("a.pdf", pdf(*[column("A", "B")] * 3)).reason


@pytest.mark.parametrize("bound", ["MAX_OPERATIONS", "MAX_CONTENT"])
def test_one_that_draws_without_end_is_refused(fail_one: FailOne, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(pdf_loader, bound, 20)
    assert "draws without end" in fail_one("a.pdf", pdf(column(*"ABCDEFGH"))).reason


def test_pages_of_too_much_content_are_not_taken_apart(fail_one: FailOne, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_loader, "MAX_CONTENT", 20)
    monkeypatch.setattr(PageObject, "extract_text", lambda *_, **__: pytest.fail("it was taken apart"))
    assert "draws without end" in fail_one("a.pdf", pdf(column(*"ABCDEFGH"))).reason


def test_what_only_says_that_it_is_one_is_refused(fail_one: FailOne) -> None:
    assert " expected, found " in fail_one("a.pdf", "Not a PDF at all.").reason


def test_offsets_are_those_of_the_body_as_it_is_stored(read_one: ReadOne) -> None:
    pages = [column("Title") + column(f"El año {n}\xa0 empieza  así.", top=600) for n in range(5)]
    article = read_one("a.pdf", pdf(*pages)).article
    assert len(article.extra["pages"]) == 5
    for number, offset in article.extra["pages"]:
        assert article.body[offset:].startswith(("Title", f"El año {number - 1} empieza así."))
