"""Stages of a case, read from sentences in two languages, published on Wednesday, 3 March 2010."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.models.annotations import Stage
from qa.models.archive import Article, Source
from qa.text.annotating import annotate
from qa.text.entities import main_name
from qa.text.stages import speaks_of_outcome, subject
from tests.each import each

LINES = (Path(__file__).parent / "stages.jsonl").read_text(encoding="utf-8").splitlines()
LABELLED: list[dict[str, Any]] = [json.loads(line) for line in LINES]
PUBLISHED = date(2010, 3, 3)


def read(body: str, language: str = "en", published: date | None = PUBLISHED) -> Article:
    return Article(Source("a", "Title", "Post", published=published, language=language), body)


@each("one", LABELLED)
def test_a_sentence_reports_the_stages_that_were_reached_and_no_other(one: dict[str, Any]) -> None:
    found = annotate(read(one["text"], one.get("language", "en"))).stages
    assert [[mention.stage.value, mention.value] for mention in found] == one["stages"]
    assert all(mention.contested is one.get("contested", False) for mention in found)


def test_a_mention_is_a_stretch_of_the_body_in_its_sentence() -> None:
    article = read("İzmir: the court sat late. Two men were acquitted on Tuesday. It rained.")
    (found,) = annotate(article).stages
    assert article.body[found.start : found.end] == "acquitted"
    assert article.body[found.sentence.start : found.sentence.end] == "Two men were acquitted on Tuesday."
    assert (found.value, found.dated) == ("2010-03-02", True)


@pytest.mark.parametrize(
    ("body", "stage"),
    [
        ("Both men appealed against the sentence.", Stage.APPEALED),
        ("Five people went on trial for the arrests.", Stage.ON_TRIAL),
    ],
)
def test_a_subject_and_its_verb_look_back_on_nothing(body: str, stage: Stage) -> None:
    (found,) = annotate(read(body)).stages
    assert (found.stage, found.value, found.dated) == (stage, PUBLISHED.isoformat(), False)


def test_an_undated_article_dates_no_stage() -> None:
    (found,) = annotate(read("Two men were arrested.", published=None)).stages
    assert (found.value, found.dated) == (None, False)


def test_imputado_is_never_charged() -> None:
    for text in ("Los tres imputados declararon.", "El juez imputó a tres personas.", "Tres personas investigadas."):
        assert {one.stage for one in annotate(read(text, "es")).stages} <= {Stage.INVESTIGATED}, text


def test_only_a_court_s_judgment_is_a_verdict() -> None:
    open_stages = set(Stage) - {stage for stage in Stage if stage.is_outcome}
    assert {Stage.IN_CUSTODY, Stage.CHARGED, Stage.ON_TRIAL} <= open_stages
    assert not any(stage.is_verdict for stage in open_stages | {Stage.DISMISSED})
    assert all(stage.is_verdict for stage in set(Stage) - open_stages - {Stage.DISMISSED})


@pytest.mark.parametrize(
    ("title", "body", "name"),
    [
        ("Operación Marea: doce detenidos", "La Operación Canal Grande es otra.", "Operación Marea"),
        ("A ruling", "The judge in the Casa Pia case ruled.", "Casa Pia case"),
        ("A ruling", "Operation Gull is not Operation Heron. Operation Gull went on.", "Operation Gull"),
        ("A ruling", "The Supreme Court case went on.", None),
        ("A ruling", "El caso Faro sigue abierto.", "caso Faro"),
    ],
)
def test_what_an_article_s_event_is_called(title: str, body: str, name: str | None) -> None:
    found = main_name(title, body)
    assert (found and found.text) == name


@pytest.mark.parametrize(
    ("question", "persons"),
    [
        ("Is the mayor guilty?", "the mayor"),
        ("Has the minister been convicted?", "the minister"),
        ("¿Fue inocente el ministro?", "el ministro"),
        ("¿Ha sido condenado el ministro?", "el ministro"),
        ("¿Fueron condenados los detenidos en Cerbero?", "los detenidos"),
        ("¿Fueron condenados recientemente los detenidos en Cerbero?", "los detenidos"),
        ("¿Es que condenaron a los detenidos de Cerbero?", ""),
        ("¿Fueron absueltos solo dos de los detenidos?", ""),
        ("¿Fue condenada la mayoría de los detenidos?", ""),
        ("¿Fueron condenados a penas de cárcel los policías?", ""),
        ("Are convictions expected in the Marea case?", ""),
        ("Were verdicts announced in the Cerbero case?", ""),
        ("What did the mayor say?", ""),
    ],
)
def test_who_is_asked_about_stands_before_or_behind_what_is_asked(question: str, persons: str) -> None:
    assert subject(question) == persons


@pytest.mark.parametrize(
    ("sentence", "speaks"),
    [
        ("Both men were sent to jail for six years.", True),
        ("The court cleared the mayor.", True),
        ("Twelve people were sent to prison pending trial.", False),
        ("Los doce ingresaron en prisión provisional.", False),
        ("The searches were made at dawn.", False),
    ],
)
def test_jail_before_a_trial_is_no_outcome(sentence: str, speaks: bool) -> None:
    assert speaks_of_outcome(sentence) is speaks
