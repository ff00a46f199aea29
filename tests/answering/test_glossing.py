"""Relative dates in a quote are explained beside its words, never in them."""

from __future__ import annotations

from datetime import date

import pytest

from qa.answering.quoting import fragments, glosses_within
from qa.answering.view import QuoteView
from qa.i18n.forms import value_text
from qa.models.annotations import Annotations
from qa.models.archive import Article, Source, Span
from qa.models.replies import Citation
from qa.text.annotating import annotate


def read(body: str, *, published: date | None, language: str = "en") -> tuple[Source, Annotations]:
    source = Source("a", "A title", "A paper", published=published, language=language)
    return source, annotate(Article(source, body))


def quote(text: str, *, published: date | None, language: str = "en", before: str = "") -> Citation:
    source, annotations = read(before + text, published=published, language=language)
    span = Span(len(before), len(before) + len(text))
    return Citation(1, source, span.start, span.end, text, None, glosses_within(annotations, span))


@pytest.mark.parametrize(
    ("text", "published", "language", "expected"),
    [
        ("They were held yesterday.", date(2005, 3, 17), "en", "They were held yesterday [16 March 2005]."),
        ("Last December 27 were held.", date(2005, 3, 17), "en", "Last December [December 2004] 27 were held."),
        ("Fueron detenidos ayer.", date(2005, 3, 17), "es", "Fueron detenidos ayer [16 March 2005]."),
        ("It opened on December 5.", date(2005, 12, 10), "en", "It opened on December 5."),
        ("Cerró el 3 de enero.", date(2005, 3, 17), "es", "Cerró el 3 de enero."),
        ("It grew this decade.", date(2022, 3, 17), "en", "It grew this decade."),
        ("It opened on 16 March 2005.", date(2005, 3, 17), "en", "It opened on 16 March 2005."),
        ("It opened yesterday.", None, "en", "It opened yesterday [the report has no date]."),
    ],
)  # fmt: skip
def test_a_relative_date_is_explained_after_its_words(
    text: str, published: date | None, language: str, expected: str
) -> None:
    assert QuoteView(quote(text, published=published, language=language)).words == expected


def test_an_impossible_date_is_said_to_be_the_sources_own() -> None:
    shown = QuoteView(quote("Parliament voted on 14 December 2006.", published=date(2006, 3, 1))).words
    assert "14 December 2006 [so in the source; stated as past, but later" in shown


def test_glosses_count_from_the_start_of_the_body_and_words_lose_nothing() -> None:
    before = "The pier is old. "
    found = quote("It closed yesterday and opens on Friday.", published=date(2005, 3, 17), before=before)
    start = len(before)
    assert [found.text[g.start - start : g.end - start] for g in found.glosses] == ["yesterday", "Friday"]
    assert "".join(part.text for part in fragments(found) if not part.gloss) == found.text


def test_only_the_dates_of_the_quoted_stretch_are_explained() -> None:
    text = "It closed yesterday. It opens on Friday."
    _, annotations = read(text, published=date(2005, 3, 17))
    assert [text[g.start : g.end] for g in glosses_within(annotations, Span(21, len(text)))] == ["Friday"]


@pytest.mark.parametrize(
    ("value", "words"),
    [("2005-03-16", "16 March 2005"), ("2004-12", "December 2004"),
     ("2005-H1", "first half of 2005"),
     ("1989-Q3", "third quarter of 1989"), ("2005", "2005"),
     ("2008-09-25/2008-10-02", "25 September 2008 to 2 October 2008")],
)  # fmt: skip
def test_values_in_words(value: str, words: str) -> None:
    assert value_text(value) == words
