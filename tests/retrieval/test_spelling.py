"""Words that no article has, read as the archive's own."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pytest
from rapidfuzz import process

from qa.models.archive import Article, Status
from qa.models.replies import Answer
from qa.retrieval.spelling import SpellingCorrector, punctuated
from qa.store.document_store import CatalogueStore
from tests.archives import Archives
from tests.fakes import article

REPORTS = (
    article("raids", "Police arrested nineteen people. Two more were arrested in Madrid.", title="Operación Azahar"),
    article("case", "Fernando Alonso spoke of those who are detained, and of those detained before."),
    article(
        "caso",
        "La policía registró viviendas y detuvo a varias personas. Según la policía son personas mayores.",
        title="Las detenciones",
    ),
    article("hidden", "Zoritas are named. Zoritas again.", status=Status.WITHHELD),
)


@pytest.fixture
def correct(store: CatalogueStore, stock: Callable[[Sequence[Article]], None]) -> Callable[[str], str]:
    stock(REPORTS)
    return SpellingCorrector(store, is_word=lambda word: word == "Madrit").correct


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("How many were arested in operacion azahr??", "How many were arrested in operacion Azahar??"),
        ("What did Alonzo say?", "What did Alonso say?"),
        ("what did fernadno alonzo say", "what did Fernando Alonso say"),
        ("¿Qué persoans detuvo la polcía?", "¿Qué personas detuvo la policía?"),
        ("Arested?", "Arrested?"),
    ],
)
def test_a_slip_is_put_right(correct: Callable[[str], str], question: str, corrected: str) -> None:
    assert correct(question) == corrected


def test_names_are_left_as_they_are_where_they_have_to_be(
    store: CatalogueStore, stock: Callable[[Sequence[Article]], None]
) -> None:
    stock(REPORTS)
    correct = partial(SpellingCorrector(store, is_word=lambda word: False).correct, names=False)
    assert correct("Was Alonzo arested?") == "Was Alonzo arrested?"
    assert correct("was alonzo arested") == "was alonzo arrested"


@pytest.mark.parametrize(
    "question",
    [
        "Who was arrested in Madrid?",
        "Which arrests were there, and who is arresting?",  # other forms of what the archive has
        "policia y operación",  # accents alone
        "¿Qué detención hubo?",
        "Who is Elonso, and what are polls?",  # another first letter; too short
        "20051 people on 16 Mar 2005",
        "Who lives in Madrit?",  # a word that the archive happens not to have
        "Was “Alonzo” or 'arested' or \"azahr\" named? «polcía»",
        "What are zorytas?",  # near a word of an article that nobody may see
        "",
    ],
)
def test_what_is_no_slip_stays(correct: Callable[[str], str], question: str) -> None:
    assert correct(question) == question


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("was anybody arrested in madrid", "was anybody arrested in Madrid"),
        ("who is fernando alonso?", "who is fernando Alonso?"),  # the first stands where a sentence begins alone
        ("two were arrested", "two were arrested"),  # it has a capital where a sentence begins alone
        ("according to police", "according to police"),  # no name: it is written small, too
        ("was it “madrid”?", "was it “madrid”?"),
        ("MADRID", "MADRID"),
        ("what was operacion azahar about", "what was operacion Azahar about"),
    ],
)
def test_a_name_in_small_letters_gets_its_capital(correct: Callable[[str], str], question: str, corrected: str) -> None:
    assert correct(question) == corrected


def test_a_word_of_the_language_is_a_name_behind_operation(
    store: CatalogueStore, stock: Callable[[Sequence[Article]], None]
) -> None:
    stock(REPORTS)
    correct = SpellingCorrector(store, is_word=lambda word: True).correct
    assert correct("what was operation azahar about") == "what was operation Azahar about"
    assert correct("what was azahar about") == "what was azahar about"


def test_a_word_of_the_language_is_no_name_but_that_of_a_country(
    store: CatalogueStore, stock: Callable[[Sequence[Article]], None]
) -> None:
    stock([article("a", "They read it in the Daily Press, in Chad and in Madrid.", title="T")])
    correct = SpellingCorrector(store, is_word={"press", "chad"}.__contains__).correct
    assert correct("and the press? in madrid, chad?") == "and the press? in Madrid, Chad?"
    # One that the archive doesn't name is asked about, too, by who writes all small.
    assert correct("who paid in mali?") == "who paid in Mali?"
    assert correct("Who paid the mali?") == "Who paid the mali?"
    assert correct("who paid in the uk?") == "who paid in the uk?"


def test_an_empty_archive_corrects_nothing(store: CatalogueStore) -> None:
    assert SpellingCorrector(store, is_word=lambda word: False).correct("Who was arested?") == "Who was arested?"


def test_the_vocabulary_follows_the_articles(store: CatalogueStore, stock: Callable[[Sequence[Article]], None]) -> None:
    correct = SpellingCorrector(store, is_word=lambda word: False).correct
    stock(REPORTS)
    assert correct("Alonzo") == "Alonso"
    store.remove("case")
    assert correct("Alonzo") == "Alonzo"


def test_of_words_as_near_that_of_the_language_is_meant(
    store: CatalogueStore, stock: Callable[[Sequence[Article]], None]
) -> None:
    english = article("english", "The operation goes on. Of this operation and that operation more is known.")
    spanish = article("spanish", "La operación sigue. Hubo otra operación.")
    stock([english, replace(spanish, source=replace(spanish.source, language="es"))])
    correct = SpellingCorrector(store, is_word=lambda word: False).correct
    assert correct("¿Cuándo empezó la operasion?") == "¿Cuándo empezó la operación?"
    assert correct("When did the operasion begin?") == "When did the operation begin?"


def test_a_word_is_compared_with_few_others(
    store: CatalogueStore, stock: Callable[[Sequence[Article]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = random.Random(5)
    words = ["".join(drawn.choices(string.ascii_lowercase, k=drawn.randint(4, 12))) for _ in range(60_000)]
    stock([article(f"a{at}", " ".join(words[at : at + 2_000])) for at in range(0, len(words), 2_000)])
    compared = dict[str, Sequence[str]]()

    def extract(word: str, near: Sequence[str], **how: object) -> list[tuple[str, int, int]]:
        compared[word] = near
        return process.extract(word, near, **how)

    monkeypatch.setattr("qa.retrieval.spelling.process", SimpleNamespace(extract=extract))
    SpellingCorrector(store, is_word=lambda word: False).correct("How many were arested in operacion azahr?")
    assert len(store.vocabulary()) > 59_000
    assert compared.keys() == {"arested", "operacion", "azahr"}
    assert all(0 < len(near) < 60_000 / 40 for near in compared.values())


def test_the_demo_archive_answers_it(archives: Archives) -> None:
    reply = archives.demo().archive.ask("How many were arested in operacion azahar??")
    assert isinstance(reply, Answer)
    assert reply.understood_as == "How many were arrested in operacion Azahar??"
    assert reply.question.text == "How many were arested in operacion azahar??"
    assert any(character.isdigit() for character in reply.statements[0].text)
    assert "Azahar" in reply.statements[0].quotes[0].source.title + reply.statements[0].text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("y a cuantos detuvieron en el puerto", "y a cuántos detuvieron en el puerto?"),
        ("quien dirige el puerto", "quién dirige el puerto?"),
        ("so who paid for it ", "so who paid for it?"),
        ("Who opened the pier", "Who opened the pier?"),
        ("quien dirige el puerto de Málaga", "quién dirige el puerto de Málaga?"),
        ("did they find the boat", "did they find the boat?"),
        ("¿Cuántos barcos?", "¿Cuántos barcos?"),
        ("cuántos barcos había", "cuántos barcos había?"),
    ],
)
def test_what_is_typed_in_haste_gets_its_marks(typed: str, printed: str) -> None:
    assert punctuated(typed) == printed


@pytest.mark.parametrize(
    "text",
    ["timeline", "thank you", "creo que el puerto cerró", "list all boats", "dime cuantos barcos había", "", "…"],
)
def test_what_asks_nothing_by_its_first_words_stays_as_it_is(text: str) -> None:
    assert punctuated(text) == text
