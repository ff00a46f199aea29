"""Notes on legal words: who is told, once, in which language; and that quotes stay as they are."""

from __future__ import annotations

import pytest

from qa.answering.rendering import reply_json, reply_text
from qa.answering.view import explanation, legal_notes, note_line, notes_heading, reader_language, terms_of
from qa.models.annotations import Stage
from qa.models.archive import Coverage, Source
from qa.models.replies import Answer, CaseStatus, Citation, Event, Question, Refusal, Statement
from qa.text.glossary import glossary


def note_lines(quotes: list[Citation], reader: str) -> list[str]:
    return [note_line(note, reader) for notes in legal_notes(quotes, reader).values() for note in notes]


BODY = "Antes hubo más. Los tres imputados y una detenida declararon ante el juez."
TERMS = {term.term: term for term in glossary()}


def quote(text: str, *, language: str = "es", number: int = 1, start: int = 0) -> Citation:
    source = Source(f"a{number}", "Titular", "El Diario", language=language)
    return Citation(number, source, start, start + len(text), text)


SPANISH = quote(BODY[16:], start=16)
ENGLISH = quote("Two men were arrested and one was remanded in custody.", language="en", number=2)


def answer(question: str, *quotes: Citation) -> Answer:
    return Answer(Question(question), tuple(Statement(one.text, (one,)) for one in quotes))


def test_spans_count_the_characters_of_the_body() -> None:
    assert [BODY[one.span.start : one.span.end] for one in terms_of(SPANISH)] == ["imputados", "detenida"]


def test_each_term_is_told_once_where_it_first_stands() -> None:
    again = quote("Una imputada y otra detenida callaron; hay un auto de prisión.", number=2)
    notes = legal_notes([SPANISH, again], "en")
    told = {number: [note.word for note in of_quote] for number, of_quote in notes.items()}
    assert told == {1: ["imputados", "detenida"], 2: ["auto"]}


def test_who_reads_another_language_is_told_of_every_term_in_the_own_one() -> None:
    imputado, detenida = note_lines([SPANISH], "en")
    assert imputado.startswith("Legal word in [1], “imputados”: Until December 2015, ")
    assert imputado.endswith("Nearest English term: “suspect under judicial investigation”; not the same as “charged”.")
    assert detenida.endswith("Nearest English term: “arrested”; not the same as “charged”.")
    arrested, remanded = note_lines([ENGLISH], "es")
    assert arrested.startswith("Término jurídico en [2], «arrested»: ")
    assert arrested.endswith("Término español más próximo: «detenido»; no equivale a «imputado».")
    assert "prisión provisional" in remanded


def test_who_reads_the_same_language_is_told_only_of_what_is_often_confused() -> None:
    (told,) = note_lines([SPANISH], "es")
    assert told == f"Término jurídico en [1], «imputados»: {TERMS['imputado'].meaning_es}"
    (told,) = note_lines([ENGLISH], "en")
    assert told.startswith("Legal word in [2], “remanded in custody”: ")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("How many were arrested?", "en"),
        ("¿Cuántos detenidos?", "es"),
        ("cuantas personas fueron detenidas en España", "es"),
        ("What did the Guardia Civil say?", "en"),
        ("Azahar", "en"),
    ],
)
def test_the_reader_s_language_is_the_question_s(question: str, language: str) -> None:
    assert reader_language(Question(question)) == language


def test_the_notes_follow_the_answer_and_quotes_are_not_touched() -> None:
    lines = reply_text(answer("Who was questioned?", SPANISH, ENGLISH)).splitlines()
    assert lines[0] == f"El Diario, undated: “{SPANISH.text}” [1]"
    assert lines[1] == f"El Diario, undated: “{ENGLISH.text}” [2]"
    assert [line[:20] for line in lines[2:]] == ["Legal word in [1], “", "Legal word in [1], “", "Legal word in [2], “"]


def test_how_far_a_case_has_got_is_told_with_its_notes() -> None:
    case = CaseStatus(Event("Caso"), Stage.INVESTIGATED, SPANISH)
    text = reply_text(Refusal(Question("¿Fueron condenados?"), "…", (), Coverage(1), cases=(case,)))
    assert "Término jurídico en [1], «imputados»: " in text


def test_programs_get_every_term_with_both_meanings() -> None:
    (citation,) = reply_json(answer("¿Quién declaró?", SPANISH), id=None, seconds=0.1)["citations"]  # type: ignore[misc]
    first, second = citation["terms"]
    assert (BODY[first["start"] : first["end"]], first["term"], first["language"]) == ("imputados", "imputado", "es")
    assert first["meaning"] == {"en": TERMS["imputado"].meaning_en, "es": TERMS["imputado"].meaning_es}
    assert (second["corresponds"], second["not_equal"], second["confused"]) == ("arrested", "charged", False)


def test_the_page_explains_a_term_below_the_quote_it_first_stands_in() -> None:
    again = quote("Otra imputada calló.", number=2)
    notes = legal_notes([SPANISH, again, quote("Hubo un auto judicial.", number=3)], "en")
    assert {number: notes_heading(number, of_quote, "en") for number, of_quote in notes.items()} == {
        1: "Legal words in quote 1",
        3: "Legal word in quote 3",
    }
    assert [(note.word, note.term.language) for note in notes[1]] == [("imputados", "es"), ("detenida", "es")]
    assert explanation(notes[1][1].term, "en") == explanation(TERMS["detenido"], "en")
