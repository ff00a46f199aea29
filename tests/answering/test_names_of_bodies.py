from __future__ import annotations

import pytest

from qa.archive.archive import Archive
from qa.models.replies import Answer, Inference, Question, Refusal
from qa.text.glossary import with_other_names
from tests.archives import Prepared

ASKED = "¿Qué propuso el Defensor del Pueblo?"


@pytest.fixture(scope="module")
def archive(demo: Prepared) -> Archive:
    return demo.archive


def test_a_body_is_found_by_the_word_of_another_language(archive: Archive) -> None:
    reply = archive.ask(ASKED)
    assert isinstance(reply, Answer)
    assert "has recommended that the industry minister" in reply.statements[0].text
    assert reply.understood_as == "¿Qué propuso el ombudsman?"


def test_a_reader_takes_the_other_word_off(archive: Archive) -> None:
    assert isinstance(archive.ask(Question(ASKED, without=(Inference.REWRITING,))), Refusal)


def test_what_is_not_in_the_archive_is_refused_by_either_word(archive: Archive) -> None:
    assert isinstance(archive.ask("¿Cuándo dimitió el Defensor del Pueblo?"), Refusal)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("¿Qué hizo la Guardia Civil en Vigo?", "¿Qué hizo la Civil Guard en Vigo?"),
        ("¿Quién fue detenido?", "¿Quién fue detenido?"),
    ],
)
def test_only_bodies_are_called_otherwise(text: str, other: str) -> None:
    assert with_other_names(text) == other
