"""An article as a page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models.archive import Article, Correction, Source, Span
from qa.web.context import PageTexts, render
from qa.web.public import article_html, paragraphs

from .fake_room import HEADLINE, HOSTILE, SUMMARY
from .test_turns import Elements


def page_of(article: Article, quoted: str = "") -> str:
    return article_html(article, quoted=quoted, texts=PageTexts())


def test_sentences_are_numbered_and_paragraphs_kept() -> None:
    pages = paragraphs("One. Two.\n\nThree.", [Span(0, 4), Span(5, 9), Span(11, 17)])
    assert pages == [
        [(1, "One."), (2, "Two.")],
        [(3, "Three.")],
    ]


def test_quoted_sentences_know_their_neighbours() -> None:
    hops = re.findall(r'href="#s(\d)"><span aria-hidden="true">([↑↓])', page_of(SUMMARY, quoted="1,3,4"))
    assert hops == [("3", "↓"), ("1", "↑"), ("4", "↓"), ("3", "↑")]
    assert 'class="hops"' not in page_of(SUMMARY, quoted="2")


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=8))
def test_no_word_of_the_body_is_lost(body: str, cuts: list[int]) -> None:
    ends = sorted({min(cut, len(body)) for cut in cuts})
    spans = [Span(a, b) for a, b in list(pairwise(ends))[::2] if a < b]
    words = "".join(text for page in paragraphs(body, spans) for _, text in page)
    assert "".join(words.split()) == "".join(body.split())


def test_what_a_reader_needs_to_judge_it_is_there() -> None:
    html = page_of(SUMMARY)
    page = Elements(html)
    for words in (
        SUMMARY.source.title,
        "Case archive, 17 March 2005",
        "Spanish",
        "It is not that publication’s own text",
    ):
        assert words in page.words
    assert "“Ayer” is 16 March 2005." in page.words
    assert {"lang": "es"} in page.all("h1")
    assert any(link["href"] == SUMMARY.source.url for link in page.all("a"))
    assert [span["id"] for span in page.all("span", "sentence")] == ["s1", "s2", "s3", "s4"]


def test_corrections_stand_above_the_text() -> None:
    printed = Correction("Nor so.", printed_in="put right")
    corrections = (Correction("It was <b>not</b> so.", date(2005, 3, 21)), printed)
    html = page_of(replace(SUMMARY, source=replace(SUMMARY.source, corrections=corrections)))
    page = Elements(html)
    assert len(page.all("p", "correction")) == 2
    assert "Correction, 21 March 2005: It was <b>not</b> so." in page.words
    assert "Correction: Nor so." in page.words
    assert [link["href"] for link in page.all("a") if "put" in str(link["href"])] == ["/article/put%20right"]
    assert not page.all("b")
    assert html.index("Nor so.") < html.index('id="s1"')
    assert not Elements(page_of(SUMMARY)).all("p", "correction")


@pytest.mark.parametrize(("reason", "day"), [("<i>Named</i> in error.", date(2026, 5, 3)), ("", None)])
def test_a_tombstone_says_why_and_nothing_of_the_article(reason: str, day: date | None) -> None:
    page = Elements(render("tombstone.html", reason=reason, day=day, texts=PageTexts()))
    assert ("This article was withdrawn from the archive on 3 May 2026." in page.words) is (day is not None)
    assert ("Reason: <i>Named</i> in error." in page.words) is bool(reason)
    assert not page.all("i")


def test_previous_and_next_quoted_sentence() -> None:
    page = Elements(page_of(SUMMARY, "2,4,99"))
    assert [span["id"] for span in page.all("span", "quoted")] == ["s2", "s4"]
    assert "next quoted sentence" in page.words
    assert "sentence 99" not in page.words
    assert "Back to the answer" in page.words


def test_a_headline_alone_says_so() -> None:
    assert "Only the headline is archived." in page_of(HEADLINE)
    assert "Only the headline is archived." not in page_of(SUMMARY)


def test_an_article_cannot_bring_markup() -> None:
    page = Elements(page_of(HOSTILE, "<script>"))
    assert not {tag for tag, _ in page.elements} & {"script", "img", "b", "i"}
    assert not any((link.get("href") or "").startswith("javascript") for link in page.all("a"))
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert [attributes.get("lang") for _, attributes in page.elements if attributes.get("lang")] == ["en"]
    assert "<script>window.pwned=1</script> inside." in page.words


@given(st.text(min_size=1), st.text(), st.text(), st.text())
def test_any_text_gives_a_page(title: str, outlet: str, url: str, body: str) -> None:
    article = Article(Source("x", title, outlet, url=url, language=outlet), body)
    html = article_html(article, quoted=url, texts=PageTexts())
    assert html.count("<h1") == 1


def test_the_date_of_the_event_is_written_out_where_it_is_a_day() -> None:
    for written, words in (
        ("2005-03-16", "16 March 2005"),
        ("2005-03", "March 2005"),
        ("this <i>spring", "this <i>spring"),
    ):
        assert words in Elements(page_of(replace(SUMMARY, event_date=written))).words
