"""What the software says of a reply, in the language of its question; what the sources say stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from qa.answering.composing import notices, with_time
from qa.answering.policy import NOTHING, ON_PRINCIPLE, REASONS, TOO_WEAK, UNSURE, is_said
from qa.answering.rendering import reply_json, reply_text
from qa.answering.stage_words import STAGE_WORDS, stage_line, stage_words
from qa.answering.view import ReplyView, agreement_sentence, conflict_sentence
from qa.i18n.locale import use_locale
from qa.models.annotations import About, FigureKind, Stage, Timeframe
from qa.models.archive import Correction, Coverage, Source, Status
from qa.models.replies import (
    Agreement,
    Answer,
    CaseStatus,
    Citation,
    Conflict,
    Event,
    Party,
    Question,
    Refusal,
    Reply,
    Statement,
)  # fmt: skip
from qa.review.permanent import in_its_words
from qa.store.journal.records import reply_of, stored_json

ASKED = Question("¿Cuántas personas fueron detenidas?", locale="es")
POST = Source(
    "a", "Nineteen held", "Harbour Post", published=date(2005, 3, 17), status=Status.CORRECTED,
    corrections=(Correction("It was 19, not 91.", date(2005, 3, 20)),),
)  # fmt: skip
SUMMARY = Source("b", "Detenidos", "Archive", kind="summary", summarises="El País, 18 March 2005", language="es")
WORDS = "Police arrested 19 people."
QUOTE = Citation(1, POST, 0, len(WORDS), WORDS)
OTHER = Citation(2, SUMMARY, 0, 30, "Fueron detenidas 20 personas.")
COVERED = Coverage(1234, date(2001, 11, 28), date(2014, 4, 8))


def party(value: float, said: str, kind: FigureKind | None, quote: Citation, speaker: str | None = None) -> Party:
    return Party(value, said, said.startswith("about"), kind.value if kind else None, speaker, quote)


ARRESTS = Conflict(
    "people",
    "ES",
    (
        party(19, "19", FigureKind.ARRESTED, QUOTE),
        party(20, "about 20", FigureKind.ARRESTED, OTHER, speaker="the ministry"),
    ),
)
ANSWER = Answer(
    ASKED,
    (Statement(WORDS, (QUOTE,)),),
    conflicts=(ARRESTS,),
    agreement=Agreement("people", "19", 2, (POST, SUMMARY)),
    cases=(CaseStatus(Event("Operation Gull", "2005-03"), Stage.ARRESTED, QUOTE, "2005-03-16"),),
    checked_on=date(2026, 5, 3),
)
REFUSAL = Refusal(ASKED, TOO_WEAK, (POST,), COVERED, closest=(QUOTE,))


def test_an_answer_in_spanish() -> None:
    assert reply_text(ANSWER).splitlines() == [
        "Comprobada por el personal del archivo el 3 de mayo de 2026.",
        "Operation Gull, marzo de 2005: El archivo no contiene ninguna sentencia. "
        "Última fase de la que se informa: detención, 16 de marzo de 2005.",
        "Corrección, 20 de marzo de 2005: It was 19, not 91.",
        f"Harbour Post, 17 de marzo de 2005: “{WORDS}” [1]",
        "Dos fuentes independientes lo dicen: 19.",
        "Las fuentes discrepan: 19 detenidos (Harbour Post, 17 de marzo de 2005); alrededor de 20 detenidos "
        "(the ministry, en: resumen de una información de El País, 18 de marzo de 2005).",
        "    Corrección, 20 de marzo de 2005: It was 19, not 91.",
        f"  – 17 de marzo de 2005: 19 detenidos. Harbour Post, 17 de marzo de 2005: “{WORDS}”",
        "  – sin fecha: alrededor de 20 detenidos. the ministry, en: Resumen de una información de El País, "
        "18 de marzo de 2005: “Fueron detenidas 20 personas.”",
        "Término jurídico en [1], «arrested»: Privado de libertad por la policía como sospechoso de un delito; nada se "
        "ha decidido y puede quedar libre. Término español más próximo: «detenido»; no equivale a «imputado».",
    ]


def test_a_refusal_in_spanish() -> None:
    assert reply_text(REFUSAL).splitlines() == [
        "El archivo no responde a esto. Ninguna frase del archivo responde a esto con la precisión suficiente para "
        "citarla.",
        "El archivo contiene 1.234 artículos, del 28 de noviembre de 2001 al 8 de abril de 2014.",
        "Artículos más cercanos:",
        "  Nineteen held (Harbour Post, 17 de marzo de 2005)",
        "    Corrección, 20 de marzo de 2005: It was 19, not 91.",
        f"    palabras más cercanas: “{WORDS}”",
    ]


@pytest.mark.parametrize("reply", [ANSWER, REFUSAL])
def test_in_json_the_words_are_spanish_and_what_was_found_is_the_same(reply: Reply) -> None:
    spanish = reply_json(reply, id=None, seconds=0)
    english = reply_json(replace(reply, question=replace(ASKED, locale="en")), id=None, seconds=0)
    changed = {name for name in english if english[name] != spanish[name]}
    assert "text" in changed
    assert changed <= {"text", "reason", "coverage", "statements", "citations", "status"}
    for found in (english, spanish):
        for row in (*found["statements"], *found["citations"]):  # type: ignore[misc]
            row.pop("lead", None)
            row.pop("credit", None)
    assert english["statements"] == spanish["statements"]
    assert english["citations"] == spanish["citations"]


def test_reasons_made_of_values_are_finished_in_the_language_of_the_reply_and_kept_so() -> None:
    period = Timeframe(About.EVENTS, date(1990, 3, 1), date(1990, 3, 31))
    asked = replace(ASKED, period=period)
    reason = with_time(NOTHING, asked, COVERED, other_times=False)
    assert reason.startswith("It asks about events in March 1990, before the archive's first article (28 November")
    told = notices(replace(period, present=True), lambda: COVERED, date(2026, 1, 1))
    reply = in_its_words(Refusal(asked, reason, (), COVERED, notices=told))
    assert isinstance(reply, Refusal)
    assert reply.reason == (
        "Pregunta por lo ocurrido en marzo de 1990, antes del primer artículo del archivo (28 de noviembre de 2001). "
        "Ningún artículo del archivo se acerca a esta pregunta por sus palabras o su significado."
    )
    assert reply.notices == ("El archivo termina el 8 de abril de 2014; no puede decir qué rige hoy.",)
    assert reply_of(stored_json(reply), answered=False) == reply == in_its_words(reply)


def test_a_record_of_before_is_english() -> None:
    kept = json.loads(stored_json(replace(REFUSAL, question=Question("Who?"))))
    del kept["question"]["locale"]
    found = reply_of(json.dumps(kept), answered=False)
    assert found.question.locale == "en"
    assert reply_text(found).startswith("The archive doesn’t answer this.")


def test_what_is_declined_on_principle_is_so_in_every_language() -> None:
    assert set(REASONS.values()) <= ON_PRINCIPLE
    for reason in ON_PRINCIPLE:
        declined = in_its_words(replace(REFUSAL, reason=reason))
        assert isinstance(declined, Refusal)
        assert declined.reason != reason
        assert is_said(declined.reason, ON_PRINCIPLE)
        assert is_said(reason, ON_PRINCIPLE)
        assert not is_said(TOO_WEAK, ON_PRINCIPLE)


def test_a_kept_refusal_has_the_verdict_that_was_given() -> None:
    unsure = replace(REFUSAL, reason=UNSURE)
    with use_locale("es"):
        assert ReplyView(in_its_words(unsure)).verdict == ReplyView(unsure).verdict != ReplyView(REFUSAL).verdict


CLAIMS = {
    Stage.ARRESTED: "deten|arrest",
    Stage.CHARGED: "acus|proces|imput",
    Stage.ON_TRIAL: "juicio|juzg",
    Stage.CONVICTED: "conden|culpab",
    Stage.SENTENCED: r"\bpena|prisi(?!ón provisional)|cárcel",
    Stage.ACQUITTED: "absol|absuel|inocen",
    Stage.APPEALED: "recurs|recurr|apel",
}
"""What Spanish words claim at least that stage."""


@pytest.mark.parametrize("stage", list(Stage))
def test_no_spanish_word_claims_another_stage_than_its_own(stage: Stage) -> None:
    with use_locale("es"):
        words = stage_words(stage)
        assert len({stage_words(one) for one in STAGE_WORDS}) == len(STAGE_WORDS)
    assert words != STAGE_WORDS[stage]
    for claimed, claim in CLAIMS.items():
        assert bool(re.search(claim, words)) == (claimed is stage), (stage, claimed)


@pytest.mark.parametrize(
    ("about", "kind", "words"),
    [
        ("arrests", FigureKind.EXPECTED, "500 detenciones previstas"),
        ("homes", FigureKind.SEARCHED, "500 viviendas"),
        ("votes", FigureKind.VOTED, "500 votos"),
        ("items", FigureKind.SEIZED, "500 objetos incautados"),
        ("people", FigureKind.INVESTIGATED, "500 investigados"),
        ("people", FigureKind.CHARGED, "500 acusados formalmente"),
        ("people", FigureKind.CONVICTED, "500 condenados"),
        ("imágenes", FigureKind.FOUND, "500 imágenes (hallazgo)"),
        ("homes", FigureKind.WARRANTED, "500 órdenes judiciales"),
        ("people", None, "500 personas"),
    ],
)
def test_what_became_of_things_agrees_with_them(about: str, kind: FigureKind | None, words: str) -> None:
    conflict = Conflict(about, None, (party(500, "500", kind, QUOTE), party(501, "501", kind, OTHER)))
    with use_locale("es"):
        assert f": {words} (" in conflict_sentence(conflict)


SAYING: list[Callable[[], str]] = [
    lambda: conflict_sentence(ARRESTS),
    lambda: agreement_sentence(Agreement("people", "about 20", 12, (POST,))),
    lambda: stage_line(ANSWER.cases[0]),
]


@pytest.mark.parametrize("say", SAYING)
def test_each_sentence_ends_in_every_language(say: Callable[[], str]) -> None:
    for tag in ("en", "es"):
        with use_locale(tag):
            assert say().endswith(".")
