"""An archive in English and Spanish, with both packaged encoders, from the command line."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qa.archive import parts
from qa.archive.parts import store_of
from qa.encoding.universal import UniversalEncoder
from qa.protocols import Encoder
from qa.settings import read_settings
from tests.cli.conftest import Qa, run, use

BRIDGE = (
    "---\nid: bridge\ntitle: Mayor opens the new bridge\npublished: 1987-02-26\noutlet: Daily Post\n---\n"
    "The mayor, Ana Ruiz, opened the new bridge over the river on Monday. It cost 9 million pounds.\n"
)
LIBRARY = (
    "---\nid: biblioteca\ntitle: La biblioteca abre en verano\npublished: 1988-05-04\noutlet: El Correo\n---\n"
    "La directora, Elena Soto, inauguró la biblioteca municipal el lunes. "
    "El edificio costó 3 millones de pesetas y tiene dos salas de lectura.\n"
)
QUOTE = "La directora, Elena Soto, inauguró la biblioteca municipal el lunes."
QUESTIONS = [
    {"id": "own", "question": "¿Quién inauguró la biblioteca municipal?"},
    {"id": "other", "question": "¿Quién inauguró el puente nuevo?"},
    {"id": "english", "question": "Who opened the new bridge?"},
    {"id": "unknown", "question": "¿Quién ganó el campeonato de ajedrez?"},
]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with one article in English and one in Spanish; neither says its language."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.md").write_text(BRIDGE, encoding="utf-8")
    (folder / "biblioteca.md").write_text(LIBRARY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def second() -> UniversalEncoder:
    return UniversalEncoder()


@pytest.fixture
def qa(home: Path, encoder: Encoder, second: UniversalEncoder, monkeypatch: pytest.MonkeyPatch) -> Qa:
    """`qa` with both real encoders, each loaded once, and an archive of the test's own."""
    use(encoder, monkeypatch)
    monkeypatch.setattr(parts, "UniversalEncoder", lambda: second)
    return run


def second_vectors(home: Path) -> int:
    """How many passages have a vector of the second encoder, which alone makes it a collection of the index."""
    with store_of(read_settings()) as store:
        count = len(store.multilingual_numbers())
    (index,) = home.rglob("chroma.sqlite3")
    with closing(sqlite3.connect(index)) as opened:
        names = [name for (name,) in opened.execute("SELECT name FROM collections")]
    assert any("multilingual" in name for name in names) == (count > 0)
    return count


def test_a_spanish_question_is_answered_from_both_languages_in_spanish_words(
    qa: Qa, home: Path, articles: Path, tmp_path: Path
) -> None:
    assert qa("ingest", articles, "--json").json["added"] == 2
    assert {one["id"]: one["language"] for one in qa("list", "--json").json} == {"bridge": "en", "biblioteca": "es"}
    asked = tmp_path / "questions.jsonl"
    asked.write_text("\n".join(json.dumps(one) for one in QUESTIONS), encoding="utf-8")

    def asked_again() -> None:
        assert qa("check").code == 0
        assert second_vectors(home) == 2
        told = {one["id"]: one for one in qa("ask", "--file", asked).lines}
        (first, *_), (other, *_), (english, *_) = (told[one]["citations"] for one in ("own", "other", "english"))
        assert (first["article_id"], first["language"], first["quote"]) == ("biblioteca", "es", QUOTE)
        assert (other["article_id"], other["language"]) == ("bridge", "en")
        assert told["own"]["text"].startswith(f"El Correo, 4 de mayo de 1988: “{QUOTE[:-1]}")
        assert told["other"]["text"].startswith("Daily Post, 26 de febrero de 1987: “The mayor, Ana Ruiz,")
        assert told["english"]["text"].startswith("Daily Post, 26 February 1987: “The mayor, Ana Ruiz,")
        assert english["quote"] == other["quote"]
        assert told["unknown"]["text"].startswith("El archivo no responde a esto.")
        assert "2 artículos, del 26 de febrero de 1987 al 4 de mayo de 1988" in told["unknown"]["text"]

    asked_again()
    assert qa("reencode").out == "Encoded 2 articles.\n"
    asked_again()


def test_set_to_never_nothing_of_the_second_encoder_is_stored(
    qa: Qa, home: Path, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_MULTILINGUAL", "never")
    assert qa("ingest", articles).code == qa("reencode").code == qa("check", "--repair").code == 0
    assert second_vectors(home) == 0
    told = qa("ask", str(QUESTIONS[0]["question"]), "--json").json
    assert (told["citations"][0]["quote"], told["citations"][0]["language"]) == (QUOTE, "es")


def test_set_to_never_afterwards_what_lacks_a_vector_is_no_problem_until_it_is_set_back(
    qa: Qa, home: Path, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert qa("ingest", articles).code == 0
    with monkeypatch.context() as never:
        never.setenv("QA_MULTILINGUAL", "never")
        (articles / "more.md").write_text(LIBRARY.replace("biblioteca", "piscina"), encoding="utf-8")
        assert qa("ingest", articles).code == 0
        assert second_vectors(home) == 2
        assert qa("check").code == 0
    assert "1 passages lack their vector for several languages" in qa("check").err
    assert qa("check", "--repair").code == 0
    assert second_vectors(home) == 3
