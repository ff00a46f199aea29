"""What Spanish questions ask: kind, time, outcome, what is counted, as their English counterparts do."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.models.archive import Span
from qa.text.answer_spans import answer_spans, dated_spans
from qa.text.demands import Demands
from qa.text.figures import is_common, kin
from qa.text.outcomes import Outcome, outcome_asked
from qa.text.questions import Kind, asks_yes_or_no_in_spanish, question_kind
from qa.text.tallies import Counted
from qa.text.timeframes import timeframe_of
from tests.each import each

KNOWN = Path(__file__).parents[2] / "corpus" / "questions.jsonl"
TODAY = date(2026, 11, 24)

KINDS = """
who      | ¿Quién dirigió la operación?
who      | quien dirigió la operación
who      | ¿Con quién habló el ministro?
who      | ¿Qué ministra lo anunció?
who      | ¿Qué jueza lo ordenó?
who      | ¿En manos de quién está el caso?
when     | ¿Cuándo fueron las 27 detenciones anteriores?
when     | cuando fueron las detenciones
when     | ¿Desde cuándo se conservan los datos?
when     | ¿En qué año se aprobó?
when     | ¿Cuál es la fecha de la directiva?
other    | Cuando llegó la policía, ¿qué encontró?
where    | ¿De dónde vino el aviso?
where    | donde empezó el caso
where    | ¿Con la policía de qué país empezó la operación?
where    | ¿En qué juzgado está la causa?
how_many | ¿Cuántas personas fueron detenidas en España?
how_many | cuantos detenidos hubo
how_many | ¿Qué número de personas fue detenido?
how_many | ¿Qué porcentaje supone?
how_long | ¿Cuánto tiempo se vigiló el chat?
how_long | ¿Cuánto duró la investigación?
how_long | ¿Cuántos años se guardan los datos?
how_long | ¿Por qué plazo se guardan?
other    | ¿Cuántos años tenía el ministro?
why      | ¿Por qué se anuló la directiva?
why      | por que se anuló la directiva
why      | ¿Por qué motivo se rechazó?
why      | ¿A qué se debió la anulación?
other    | ¿Por qué medio se puso en contacto con Eurojust?
other    | ¿Por qué otra cosa se le conoce?
other    | ¿Se sabe dónde fue la detención?
other    | ¿Tenía algo que ver con la operación española?
other    | ¿Qué propuso el Defensor del Pueblo?
"""

PERIODS = """
2005-03-01 2005-03-31 | ¿Cuántas detenciones hubo en marzo de 2005?
2005-12-14 2005-12-14 | ¿Qué votó el Parlamento el 14 de diciembre de 2005?
2026-11-23 2026-11-23 | ¿Qué pasó ayer en Vigo?
2026-11-22 2026-11-22 | ¿Qué pasó anteayer?
2026-11-16 2026-11-22 | ¿Qué pasó la semana pasada?
2026-10-01 2026-10-31 | ¿Qué ocurrió el mes pasado?
2025-01-01 2025-12-31 | ¿Cuántos arrestos hubo el año pasado?
2024-01-01 2024-12-31 | ¿Cuántos detenidos hubo hace dos años?
2005-01-01 2005-03-31 | ¿Qué se publicó en el primer trimestre de 2005?
2004-07-01 2004-12-31 | ¿Cuántos hubo en el segundo semestre de 2004?
2005-03-16 2005-03-18 | ¿Cuántos hubo del 16 al 18 de marzo de 2005?
2005-01-01 2006-12-31 | ¿Cuántos detenidos hubo durante 2005 y 2006?
2007-03-01 2007-05-31 | ¿Cuántos registros hubo en la primavera de 2007?
1990-01-01 1999-12-31 | ¿Qué ocurrió en los años noventa?
2005-01-01 -          | ¿Cuántos detenidos hubo desde 2005?
-          2003-12-31 | ¿Qué operaciones hubo antes de 2004?
-          2007-10-31 | ¿Qué hubo hasta octubre de 2007?
"""

OUTCOMES = """
verdict   | ¿Fueron condenados los 19?
verdict   | ¿Son culpables?
verdict   | ¿Qué condena recibieron?
verdict   | ¿Cómo terminó el caso?
verdict   | ¿En qué quedó la Operación Azahar?
verdict   | ¿Qué fue de los detenidos?
verdict   | ¿Qué pasó al final con los 19?
verdict   | ¿Acabaron en la cárcel?
verdict   | ¿Qué pena les impusieron?
procedure | ¿Hubo juicio?
procedure | ¿Se archivó la causa?
procedure | ¿Qué decidió finalmente el juzgado de Pontevedra?
-         | ¿Ingresaron en prisión provisional?
-         | ¿Cuántos años de cárcel podrían caerles?
-         | ¿Qué pena se aplica a la posesión desde 2004?
-         | ¿Por qué fue detenido el director?
-         | ¿Qué sucedió cuando se fundieron las dos empresas?
-         | ¿Qué ocurrió en Vigo en 1992?
"""


def rows(table: str) -> list[tuple[str, str]]:
    return [(left.strip(), right.strip()) for left, right in (line.split("|") for line in table.strip().splitlines())]


@each(("kind", "question"), rows(KINDS))
def test_the_kind_of_answer_asked_for(kind: str, question: str) -> None:
    assert question_kind(question) is Kind(kind)


@each(("period", "question"), rows(PERIODS))
def test_the_time_that_is_meant(period: str, question: str) -> None:
    first, last = (None if day == "-" else date.fromisoformat(day) for day in period.split())
    found = timeframe_of(question, today=TODAY)
    assert found is not None
    assert (found.first, found.last) == (first, last)


def test_a_month_without_its_year_is_left_open_as_in_english() -> None:
    for question in ("¿Cuántos detenidos hubo el pasado diciembre?", "¿Qué se dijo el martes?"):
        assert timeframe_of(question, today=TODAY) is None


@each(("outcome", "question"), rows(OUTCOMES))
def test_whether_the_end_of_a_case_is_asked_for(outcome: str, question: str) -> None:
    assert outcome_asked(question) is (None if outcome == "-" else Outcome(outcome))


@pytest.mark.parametrize(
    ("question", "yes_no"),
    [
        ("¿Bachata y Cerbero son la misma operación?", True),
        ("¿Aceptó el ministro la recomendación?", True),
        ("Entonces, ¿era una red?", True),
        ("¿Cuantos detenidos hubo?", False),
        ("¿A que ministro se dirigió?", False),
        ("En total, ¿cuántos fueron?", False),
        ("Was it a network?", False),
    ],
)
def test_a_question_without_a_word_that_asks_wants_yes_or_no(question: str, yes_no: bool) -> None:
    assert asks_yes_or_no_in_spanish(question) is yes_no


@pytest.mark.parametrize(
    ("spanish", "english"),
    [
        ("detenidas", "arrested"), ("arrestados", "arrests"), ("detenciones", "arrest"), ("detuvieron", "detained"),
        ("juezas", "judge"), ("jueces", "judges"), ("magistrado", "judge"), ("naciones", "nations"),
        ("usuarios", "users"), ("víctimas", "victims"), ("eurodiputados", "MEPs"), ("menores", "children"),
    ],
)  # fmt: skip
def test_what_counts_the_same_has_one_name_in_both_languages(spanish: str, english: str) -> None:
    assert kin(spanish) == kin(english)


def test_words_of_which_there_may_be_more_are_asked_of_no_sentence() -> None:
    assert not is_common("víctimas")
    assert Demands.of("¿Cuántas víctimas hubo?").unmet("In all, 12 women were hurt.") == ""


@pytest.mark.parametrize(
    ("question", "nouns"),
    [
        ("¿Cuántos archivos revisó la Policía Nacional?", {"item"}),
        ("¿Cuántas personas podrían ser procesadas?", {"people"}),
        ("¿Cuántos países participaron?", {"country"}),
        ("¿Cuántos agentes judiciales había?", {"officer", "judiciales"}),
    ],
)
def test_the_verb_behind_what_is_counted_is_not_counted(question: str, nouns: set[str]) -> None:
    assert Counted.asked_by(question).nouns == {kin(noun) for noun in nouns}


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("¿Cuántas personas fueron detenidas en España?", "Police made 500 arrests, 19 of them in Spain.", "19"),
        ("¿Cuántas personas fueron detenidas en Suecia?", "The arrests were made in France (21) and Sweden (8).", "8"),
        ("How many searches were made?", "La Guardia Civil arrestó a 19 personas e hizo 37 registros.", "37"),
    ],
)
def test_a_number_is_found_in_a_sentence_of_the_other_language(question: str, sentence: str, answer: str) -> None:
    demands = Demands.of(question)
    assert demands.unmet(sentence) == ""
    assert demands.counted is not None
    figure = demands.counted.tallies(sentence).here[0]
    assert sentence[figure.span.start : figure.span.end] == answer


@pytest.mark.parametrize(
    ("question", "sentence", "lack"),
    [
        (
            "¿Cuántas personas fueron detenidas en Suecia?",
            "El 16 de marzo hubo 19 detenidos en España.",
            "another place",
        ),
        ("¿Por qué se retiró el ministro?", "El ministro se fue el lunes.", "no reason"),
        ("¿Cuánto costó el puente?", "El puente mide 300 metros.", "no sum of money"),
        ("¿Cuánto cuesta el billete?", "The ticket is valid on Monday.", "no sum of money"),
        ("¿Qué magistrado redactó la resolución?", "El tribunal resolvió el lunes.", "no judge"),
        ("¿Fueron condenados los detenidos?", "La Guardia Civil detuvo a 19 personas.", "no word of a verdict"),
        ("¿Cuáles eran los seis países que se reunieron?", "Se reunieron policías de seis países.", "no country"),
        ("What are the two countries that voted no?", "Two countries voted no.", "no country"),
        ("Which six countries met?", "Officers of six countries met.", "no country"),
        ("Why was the mayor arrested?", "The mayor resigned because of the fire.", "no word of that stage"),
        ("¿Por qué fue detenido el alcalde?", "The mayor was charged because of the fire.", "no word of that stage"),
        ("When was she convicted?", "She was arrested on Monday.", "no word of that stage"),
    ],
)
def test_what_a_sentence_lacks(question: str, sentence: str, lack: str) -> None:
    assert lack in Demands.of(question).unmet(sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Why was the mayor arrested?", "El alcalde fue detenido porque ardió el puerto."),
        ("¿Cuándo fue detenida?", "The arrest was made on Monday."),
        ("When did the mayor resign?", "The mayor resigned on Monday."),
    ],
)
def test_a_sentence_that_tells_of_the_stage_may_answer(question: str, sentence: str) -> None:
    assert Demands.of(question).unmet(sentence) == ""


def test_times_of_which_no_calendar_is_kept() -> None:
    for text in ("hace 22 000 años", "hace aproximadamente mil millones de años", "300 a. C."):
        sentence = f"Empezó {text} en Europa."
        assert dated_spans(sentence) == (Span(7, 7 + len(text)),)


def test_who_is_found_among_names_and_offices() -> None:
    sentence = "Lo anunció ayer la ministra, según la agencia."
    spans = answer_spans(Kind.WHO, sentence, question="¿Quién lo dijo?")
    assert "ministra" in [sentence[span.start : span.end] for span in spans]


def _pairs() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    records = {one["id"]: one for one in map(json.loads, KNOWN.read_text(encoding="utf-8").splitlines())}
    return [(records[one["pair"]], one) for one in records.values() if "pair" in one]


@each("pair", _pairs())
def test_a_known_question_demands_no_more_of_its_sentences_in_one_language(
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    lacking = [
        [Demands.of(one["question"]).unmet(answer["sentence"]) for answer in one.get("answers", ())] for one in pair
    ]
    assert [bool(lack) for lack in lacking[0]] == [bool(lack) for lack in lacking[1]]
    assert pair[0]["set"] == "held" or not lacking[0] or not all(lacking[0])
