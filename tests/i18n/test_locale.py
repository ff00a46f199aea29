"""Messages, dates, numbers, sources and figures in the language that is spoken."""

from __future__ import annotations

import copy
import pickle
import threading
from collections.abc import Iterator
from datetime import date

import pytest

from qa.errors import QuestionError
from qa.i18n.forms import (
    Message,
    coverage_text,
    credit,
    credit_in_sentence,
    error_text,
    figure_words,
    language_name,
    lead,
    localized,
    long_date,
    number,
    place_name,
    publication_text,
    quote_credit,
    short_date,
    value_text,
)
from qa.i18n.locale import _, current_locale, use_locale, with_locale
from qa.models.archive import Correction, Coverage, Source
from qa.models.replies import Citation

DAY = date(2005, 3, 17)
SOURCES = (
    Source("a", "A title", "Harbour Post", published=DAY),
    Source("b", "A title", "", version=3),
    Source("c", "A title", "Archive", published=DAY, kind="summary", summarises="El País, 17 March 2005"),
    Source("d", "A title", "Archive", published=DAY, kind="summary", summarises="Metro", version=2),
)


def test_a_message_is_text_in_english_and_can_be_said_in_another_language() -> None:
    message = Message("The archive ends on {day}; it can't say what holds today.", day=DAY)
    assert message == "The archive ends on 17 March 2005; it can't say what holds today."
    with use_locale("es"):
        assert localized(message) == "El archivo termina el 17 de marzo de 2005; no puede decir qué rige hoy."
        assert localized(copy.deepcopy(message)) == localized(message) == localized(pickle.loads(pickle.dumps(message)))
        assert Message("The archive ends on {day}; it can't say what holds today.", day=DAY) == message


def test_a_value_is_never_read_as_a_message_s_place_for_one() -> None:
    message = Message(
        "Of “{title}” no more than {number} words may be shown; the article says more.", title="{x}", number=1234
    )
    with use_locale("es"):
        assert localized(message).startswith("De “{x}” no se pueden mostrar más de 1.234 palabras")


def test_an_error_says_it_in_the_language_of_who_reads_it() -> None:
    error = QuestionError(
        Message("The dates are the wrong way round: {first} is after {last}. Swap them.", first=DAY, last=DAY)
    )
    assert str(error) == "The dates are the wrong way round: 17 March 2005 is after 17 March 2005. Swap them."
    with use_locale("es"):
        assert error_text(error).startswith("Las fechas están al revés: el 17 de marzo de 2005")
    assert error_text(ValueError()) == ""


def test_each_step_is_made_in_the_language_and_none_is_left_behind() -> None:
    def steps() -> Iterator[str]:
        yield current_locale()
        with use_locale("en"):
            inner = current_locale()
        yield inner
        yield current_locale()

    walking = with_locale("es", steps())
    found = [next(walking)]
    assert current_locale() == "en"
    other = threading.Thread(target=lambda: found.extend(walking))
    other.start()
    other.join()
    assert found == ["es", "en", "es"]


def test_threads_speak_for_themselves() -> None:
    heard = dict[str, str]()

    def speak(tag: str) -> None:
        with use_locale(tag):
            for _turn in range(200):
                heard[tag] = _("Search")

    threads = [threading.Thread(target=speak, args=(tag,)) for tag in ("en", "es")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {"en": "Search", "es": "Buscar"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.article_id)
def test_in_english_a_source_is_credited_as_files_and_programs_get_it(source: Source) -> None:
    assert credit(source) == source.credit
    assert quote_credit(Citation(1, source, 0, 5, "Words")) == credit(source)
    assert quote_credit(Citation(1, source, 0, 7, source.title)) == f"{credit(source)} (headline)"


def test_in_spanish_names_stay_and_the_rest_does_not() -> None:
    with use_locale("es"):
        assert [credit(source) for source in SOURCES] == [
            "Harbour Post, 17 de marzo de 2005",
            "Fuente sin nombre, sin fecha, versión 3",
            "Resumen de una información de El País, 17 de marzo de 2005",
            "Resumen de una información de Metro, versión 2",
        ]
        assert publication_text("Metro, 1 May 2005, with figures") == "Metro, 1 de mayo de 2005, with figures"
        assert publication_text("Metro, May 2005, and Sun 2005") == "Metro, mayo de 2005, además de Sun 2005"
        assert publication_text("Metro, undated") == "Metro, sin fecha"
        assert publication_text("Metro, about 18 May 2005") == "Metro, hacia el 18 de mayo de 2005"
        assert publication_text("Metro, about May 2005") == "Metro, hacia mayo de 2005"
        assert publication_text("Metro, 17 and 18 May 2005, and Sun") == "Metro, 17 y 18 de mayo de 2005, además de Sun"
        assert publication_text("Law and Order, late 2007, and Sun, 1 May 2005") == (
            "Law and Order, finales de 2007, además de Sun, 1 de mayo de 2005"
        )
        assert publication_text("Metro, early May 2005") == "Metro, principios de mayo de 2005"
        assert publication_text("Metro, mid-2005, late Edition 2005") == "Metro, mediados de 2005, late Edition 2005"
        assert publication_text("Metro, about 18 May 2005 (headline only)") == (
            "Metro, hacia el 18 de mayo de 2005 (solo el titular)"
        )
        assert publication_text("Metro, May 2005, and Sun, undated") == "Metro, mayo de 2005, además de Sun, sin fecha"
        assert credit_in_sentence(credit(SOURCES[2])).startswith("resumen de")
        assert credit_in_sentence(credit(SOURCES[0])).startswith("Harbour")
        assert lead(Correction("x", DAY)) == "Corrección, 17 de marzo de 2005"
    assert publication_text("Metro, about 17 and 18 May 2005") == "Metro, about 17 and 18 May 2005"


@pytest.mark.parametrize(
    ("coverage", "english"),
    [
        (Coverage(1), "1 article"),
        (Coverage(1234, DAY, DAY), "1,234 articles, 17 March 2005"),
        (Coverage(31, DAY, date(2014, 4, 8)), "31 articles, 17 March 2005 to 8 April 2014"),
    ],
)
def test_an_extent_is_told_in_both(coverage: Coverage, english: str) -> None:
    assert coverage_text(coverage) == english
    with use_locale("es"):
        assert coverage_text(coverage).startswith(f"{number(coverage.articles)} artículo")
        assert not coverage.first or "de marzo de 2005" in coverage_text(coverage)


def test_dates_and_numbers_of_spanish() -> None:
    with use_locale("es"):
        assert (long_date(DAY), short_date(DAY), long_date(None)) == ("17 de marzo de 2005", "17 mar 2005", "sin fecha")
        assert [number(value) for value in (7, 1234, 1234567.5)] == ["7", "1.234", "1.234.567,5"]
        values = ("2005-03-16", "2004-12", "2005-H1", "2005", "2005-03-10/2005-03-16", "2004-09/2004-11")
        assert [value_text(value) for value in values] == [
            "16 de marzo de 2005",
            "diciembre de 2004",
            "primer semestre de 2005",
            "2005",
            "del 10 de marzo de 2005 al 16 de marzo de 2005",
            "de septiembre de 2004 a noviembre de 2004",
        ]
        assert (place_name("ES"), language_name("en-GB")) == ("España", "inglés")


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("500", "500"),
        ("about 500", "alrededor de 500"),
        ("more than 20,000", "más de 20.000"),
        ("6 to 24", "6 a 24"),
        ("12.5%", "12,5 %"),
        ("none", "ninguno"),
        ("16 March 2005", "16 de marzo de 2005"),
        ("December 2004", "diciembre de 2004"),
        ("hundreds", "hundreds"),
        ("Caldas de Reis", "Caldas de Reis"),
        ("about it", "about it"),
    ],
)
def test_figures_are_said_anew_and_a_source_s_own_words_are_not(english: str, spanish: str) -> None:
    assert figure_words(english) == english
    with use_locale("es"):
        assert figure_words(english) == spanish
