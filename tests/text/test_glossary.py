"""The glossary of legal words: where its words stand, and that it is whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models.annotations import LegalTerm
from qa.text.glossary import find_terms, glossary
from tests.each import each

_MARK = re.compile(r"\[([^=\]]+)=([^\]]+)\]")
LINES = [
    line
    for line in (Path(__file__).parent / "legal_terms.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
REQUIRED = """
    imputado investigado encausado procesado detenido arrestado acusado condenado absuelto sobreseimiento
    sobreseimiento_libre sobreseimiento_provisional archivo diligencias diligencias_previas auto sentencia fiscalía
    juez_instructor Audiencia_Nacional Tribunal_Supremo libertad_con_cargos libertad_provisional libertad_bajo_fianza
    prisión_provisional prescripción recurso denuncia querella Defensor_del_Pueblo Guardia_Civil
    charged indicted remanded bail arraigned acquitted discharged custody
""".split()  # noqa: SIM905


def _read(line: str) -> tuple[str, str, list[tuple[str, str]]]:
    language, marked = line.split(" ", 1)
    return language, _MARK.sub(r"\1", marked), [(match[1], match[2]) for match in _MARK.finditer(marked)]


@each("line", LINES)
def test_the_legal_words_of_a_sentence_are_found_and_no_others_whatever_stands_around_it(line: str) -> None:
    language, text, expected = _read(line)
    for around in (text, f"(…) {text}\n\n"):
        found = find_terms(around, language)
        assert [(around[one.span.start : one.span.end], one.term.term) for one in found] == expected


def test_every_term_is_tried() -> None:
    tried = {term for line in LINES for _, term in _read(line)[2]}
    assert {term.term for term in glossary()} == tried


def test_the_terms_that_readers_meet_are_there_once() -> None:
    terms = [term.term for term in glossary()]
    assert {one.replace("_", " ") for one in REQUIRED} <= set(terms)
    assert len(terms) == len(set(terms))


@each("term", tuple(glossary()))
def test_a_meaning_is_one_neutral_sentence_in_each_language(term: LegalTerm) -> None:
    for meaning in (term.meaning_en, term.meaning_es):
        assert meaning.endswith(".")
        assert 40 <= len(meaning) <= 240, len(meaning)
        assert not re.search(r"[.!?] [A-ZÁÉÍÓÚ]", meaning)
    assert term.corresponds.casefold() != term.not_equal.casefold()


def test_who_is_arrested_or_investigated_is_never_called_charged_or_convicted() -> None:
    by_name = {term.term: term for term in glossary()}
    for name in ("imputado", "investigado", "detenido", "arrestado"):
        assert by_name[name].not_equal == "charged"
        assert not re.search(r"charged|convicted|accused", by_name[name].corresponds)
    for name in ("encausado", "procesado", "acusado"):
        assert by_name[name].not_equal == "convicted"
    assert by_name["arrested"].not_equal == "imputado"
    assert by_name["custody"].not_equal == "condena"
    assert by_name["auto"].not_equal == "judgment"
    assert "2015" in by_name["imputado"].meaning_en
    assert "2015" in by_name["imputado"].meaning_es


def test_a_line_break_inside_a_term_hides_it_from_nobody() -> None:
    text = "Ingresó en prisión\nprovisional."
    (found,) = find_terms(text, "es-ES")
    assert text[found.span.start : found.span.end] == "prisión\nprovisional"


@given(st.text(max_size=200), st.sampled_from(["en", "es", "gl"]))
def test_spans_lie_in_the_text_in_order_and_apart(text: str, language: str) -> None:
    at = 0
    for one in find_terms(text, language):
        assert at <= one.span.start < one.span.end <= len(text)
        at = one.span.end


@pytest.mark.parametrize("text", ["denuncia" * 5_000, "auto de " * 5_000, "charged " * 5_000, "condena de " * 5_000])
def test_long_and_hostile_text_is_read_through(text: str) -> None:
    assert len(find_terms(text, "es")) + len(find_terms(text, "en")) < len(text)
