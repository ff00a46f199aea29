"""Which outlet's own reports a question wants."""

from __future__ import annotations

import pytest

from qa.models.archive import Origins, Span
from qa.models.replies import FACT, Asked, Intent, Question
from qa.protocols import OutletReading
from qa.retrieval.outlets import NO_OUTLET, NamedOutlet, OutletNames, names_of, publications

ORIGINS = Origins(
    ("BBC News", "European Voice", "La Voz de Galicia", "Tribune (Velm)"),
    summarised=(
        "El País, 17 March 2005, with details from other papers",
        "Agence Rill, 14 December 2005, and The Harbour Times, 18 January 2006",
        "Interpol, 2 October 2008, with figures from El Faro, the DW and El País",
        "La Voz del Interior (Córdoba, Argentina), undated",
    ),
)
WANTED = OutletReading(1.0, -1.0, -1.0)
NAMED = OutletNames(lambda: ORIGINS, lambda question, name: WANTED)


def test_the_publications_are_those_of_articles_and_those_that_they_summarise() -> None:
    assert publications(ORIGINS) == [
        *("BBC News", "European Voice", "La Voz de Galicia", "Tribune"),
        *("El País", "Agence Rill", "Harbour Times", "Interpol", "DW", "La Voz del Interior"),
    ]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What did the Harbour Times say?", "Harbour Times"),
        ("according to harbour times, who left?", "Harbour Times"),
        ("Harbour Times: who left?", "Harbour Times"),
        ("WHAT DID THE HARBOUR TIMES SAY ABOUT VELM?", "Harbour Times"),
        ("¿Qué contó El País?", "El País"),
        ("según el País, ¿quién salió?", "El País"),
        ("Según El País, ¿quién salió?", "El País"),
        ("In the BBC's report, who left?", "BBC"),
        ("How many does BBC News count?", "BBC News"),
        ("According to the BBC, what did BBC News show?", "BBC"),
        ("¿Qué dice La Voz?", "La Voz"),  # of both
        ("¿Qué dice La Voz del Interior?", "La Voz del Interior"),
        ("What did European ministers say in the Tribune?", "Tribune"),
        ("What did the European Parliament decide?", ""),
        ("¿Qué oyó de viva voz?", ""),
        ("¿En qué país fue?", ""),
        ("which dw?", ""),  # one word in small letters, which may be any
        ("¿cuántos hubo en el país?", ""),
        ("What did the New York Tribune say?", ""),
        ("¿Qué dijo El País Semanal?", ""),
        ("What did the Courier say?", ""),
        ("¿Qué pasó en País Vasco?", ""),
        ("And in the Voz de Galicia?", "La Voz de Galicia"),
        ("Do El País and the BBC agree?", ""),
        ("", ""),
    ],
)
def test_outlets_are_known_by_their_names_and_by_how_these_begin(question: str, name: str) -> None:
    assert NAMED.wanted(question).name == name


def test_only_one_whose_reports_are_wanted_counts() -> None:
    asked: list[tuple[str, Span]] = []

    def read(question: str, name: Span) -> OutletReading:
        asked.append((question, name))
        return WANTED._replace(wanted=-1.0) if question[name.start : name.end] == "El País" else WANTED

    question = "What did the Tribune say of El País?"
    assert OutletNames(lambda: ORIGINS, read).wanted(question).name == "Tribune"
    assert [question[name.start : name.end] for _, name in asked] == ["the Tribune", "El País"]
    asked.clear()
    OutletNames(lambda: ORIGINS, read).wanted("Who sued the DW? " * 50)
    assert len(asked) < 10


@pytest.mark.parametrize(
    ("reading", "asked"),
    [
        (WANTED, FACT),
        (WANTED._replace(told=1.0), Asked(Intent.OVERVIEW, likely=False)),
        (WANTED._replace(told=1.0, of_all=1.0), Asked(Intent.OVERVIEW, topical=False)),
    ],
)
def test_what_is_wanted_of_its_reports_is_read_too(reading: OutletReading, asked: Asked) -> None:
    assert OutletNames(lambda: ORIGINS, lambda question, name: reading).wanted("What has DW?").asked == asked


def test_the_outlet_of_the_question_before_stays_but_for_who_asks_for_others() -> None:
    before = "What did DW say?"
    assert NAMED.wanted("And when?", f"{before} And when?").name == "DW"
    assert NAMED.wanted("And El País?", f"{before} And El País?").name == "El País"
    assert NAMED.wanted("And when?", f"{before} And when?").asked is None  # its own words tell
    for others in ("And what do the others say?", "¿Y según otros medios?", "¿y los demas?", "Anybody else?"):
        assert NAMED.wanted(others, f"{before} {others}") is NO_OUTLET


def test_an_archive_of_one_outlet_has_no_others() -> None:
    assert names_of(Origins(("Tribune",), ("en",))) == {}
    assert names_of(Origins()) == {}


def test_a_name_that_stands_within_other_words_is_not_looked_for() -> None:
    names = names_of(Origins(("Time", "The Times", "Sunday Times", "AP", "Rill Echo"), summarised=("British papers",)))
    assert {*names.values()} == {"Sunday Times", "Rill Echo", "British papers"}


def test_names_without_end_are_soon_read() -> None:
    names = names_of(Origins((" ".join(f"Word{number}" for number in range(5_000)), "Tribune")))
    assert max(map(len, names)) == 9  # eight words, and "the"


@pytest.mark.parametrize(
    ("words", "locale", "text", "read"),
    [
        ("the Tribune", "en", "What did the Tribune say?", "What did the report say?"),
        ("Tribune", "en", "Tribune: who left?", "the report: who left?"),
        ("El País", "es", "¿Qué contó El País del país?", "¿Qué contó el artículo del país?"),
        ("El País", "es", "¿Qué dice El País del resto de el país?", "¿Qué dice el artículo del resto de el país?"),
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
