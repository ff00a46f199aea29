"""Which outlet's own reports a question wants."""

from __future__ import annotations

import pytest

from qa.models.archive import Origins, Span
from qa.models.replies import Question
from qa.retrieval.outlets import NO_OUTLET, NamedOutlet, OutletNames, by_words, publications

ORIGINS = Origins(
    ("BBC News", "European Voice", "La Voz de Galicia", "Tribune (Velm)"),
    summarised=(
        "El País, 17 March 2005, with details from other papers",
        "Agence Rill, 14 December 2005, and The Harbour Times, 18 January 2006",
        "Interpol, 2 October 2008, with figures from El Faro, the DW and El País",
        "La Voz del Interior (Córdoba, Argentina), undated",
    ),
)
NAMED = OutletNames(lambda: ORIGINS, lambda question, name: 1.0)


def test_the_publications_are_those_of_articles_and_those_that_they_summarise() -> None:
    assert publications(ORIGINS) == [
        *("BBC News", "European Voice", "La Voz de Galicia", "Tribune"),
        *("El País", "Agence Rill", "The Harbour Times", "Interpol", "DW", "La Voz del Interior"),
    ]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What did the Harbour Times say?", "The Harbour Times"),
        ("according to harbour times, who left?", "The Harbour Times"),
        ("Harbour Times: who left?", "The Harbour Times"),
        ("¿Qué contó El País?", "El País"),
        ("según el pais, ¿quién salió?", "El País"),
        ("In the BBC's report, who left?", "BBC"),
        ("How many does BBC News count?", "BBC News"),
        ("¿Qué dice La Voz?", "La Voz"),  # of both
        ("¿Qué dice La Voz del Interior?", "La Voz del Interior"),
        ("What did European ministers say in the Tribune?", ""),  # two may be meant
        ("What did the European Parliament decide?", ""),
        ("¿Qué oyó de viva voz?", ""),
        ("What did the Courier say?", ""),
        ("Do El País and the BBC agree?", ""),
        ("", ""),
    ],
)
def test_outlets_are_known_by_their_names_and_by_how_these_begin(question: str, name: str) -> None:
    assert NAMED(question).name == name


def test_only_one_whose_reports_are_wanted_counts() -> None:
    asked: list[tuple[str, Span]] = []

    def wants(question: str, name: Span) -> float:
        asked.append((question, name))
        return -1.0 if question[name.start : name.end] == "El País" else 1.0

    question = "What did the Tribune say of El País?"
    assert OutletNames(lambda: ORIGINS, wants)(question).name == "Tribune"
    assert [question[name.start : name.end] for _, name in asked] == ["Tribune", "El País"]


def test_an_archive_of_one_outlet_has_no_others() -> None:
    assert by_words(Origins(("Tribune",), ("en",))) == {}
    assert by_words(Origins()) == {}


@pytest.mark.parametrize(
    ("words", "locale", "text", "read"),
    [
        ("Tribune", "en", "What did the Tribune say?", "What did the report say?"),
        ("Tribune", "en", "Tribune: who left?", "the report: who left?"),
        ("El País", "es", "¿Qué contó El País del juez?", "¿Qué contó el artículo del juez?"),
        ("Faro", "es", "según el Faro, y en la noticia del Faro", "según el artículo, y en la noticia del artículo"),
        ("DW", "en", "What did DWP say to DW?", "What did DWP say to the report?"),
    ],
)
def test_what_is_read_has_the_report_in_the_place_of_its_outlet(words: str, locale: str, text: str, read: str) -> None:
    held = NamedOutlet("Its Name", words).held(Question(text, locale=locale))
    assert held == Question(read, outlet="Its Name", locale=locale)


def test_what_names_none_stays_as_it_is() -> None:
    question = Question("Who left?", outlet="Tribune")
    assert NO_OUTLET.held(question) is question
    assert NO_OUTLET.within("Who left?", "en") == "Who left?"
    assert NamedOutlet("Tribune", "Tribune").within("What has the Tribune?", "en") == "What has the archive?"
