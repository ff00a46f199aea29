"""Reading the known questions and the digest of what they are asked of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.errors import InputError
from qa.review.gate import Known, corpus_digest, missing_sentences, read_known

from .conftest import known_of

GOOD = {
    "id": "1",
    "question": "¿Cuándo?",
    "answerable": True,
    "set": "dev",
    "answers": [{"article_id": "a", "sentence": "El  lunes."}],
}


def _file(tmp_path: Path, *records: object) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records) + "\n", encoding="utf-8")
    return path


def test_reads_questions(tmp_path: Path) -> None:
    (known,) = read_known(_file(tmp_path, GOOD, ""))
    assert known == known_of("1", "¿Cuándo?", [("a", "El lunes.")], "dev")
    assert (known.answerable, known.language) == (True, "es")


def test_ids_may_be_numbers(tmp_path: Path) -> None:
    (known,) = read_known(_file(tmp_path, {**GOOD, "id": 1, "answers": [{"article_id": 5, "sentence": "El lunes."}]}))
    assert known == known_of("1", "¿Cuándo?", [("5", "El lunes.")], "dev")


def test_a_question_says_its_language(tmp_path: Path) -> None:
    plain = {**GOOD, "question": "feria apertura día", "lang": "es"}
    one, other = read_known(_file(tmp_path, plain, {**GOOD, "id": "1-en", "question": "When?", "pair": "1"}))
    assert (one.language, other.language) == ("es", "en")


def test_every_question_of_the_demo_archive_stands_in_both_languages() -> None:
    known = read_known(Path(__file__).parents[2] / "corpus" / "questions.jsonl")
    english = [(one.id.removesuffix("-en"), one.answers, one.set) for one in known if one.language == "en"]
    spanish = [(one.id.removesuffix("-es"), one.answers, one.set) for one in known if one.language == "es"]
    assert sorted(english, key=str) == sorted(spanish, key=str)
    assert len({one.question for one in known}) == len(known)


@pytest.mark.parametrize(
    ("records", "message"),
    [
        (["{"], "line 1"),
        ([GOOD, "[]"], "line 2"),
        ([{**GOOD, "answers": []}], "line 1: .*answerable question has answers"),
        ([{**GOOD, "answerable": False}], "another has none"),
        ([GOOD, GOOD], "more than once: 1"),
        ([], "holds no question"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, records: list[object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_known(_file(tmp_path, *records))


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"questions\.jsonl"):
        read_known(tmp_path / "questions.jsonl")


def test_an_expected_sentence_has_to_be_there(known: list[Known]) -> None:
    assert missing_sentences(known, {}) != []
    (missing,) = missing_sentences(known[:1], {"fire": "The mill burned on Sunday."})
    assert missing.startswith("q1: no such sentence in fire")
    assert missing_sentences(known[:1], {"fire": "Look:\nThe mill  burned\non Monday."}) == []


def test_the_digest_knows_names_order_and_every_byte(tmp_path: Path) -> None:
    one, two = tmp_path / "a.md", tmp_path / "b.md"
    one.write_text("one")
    two.write_text("two")
    digest = corpus_digest([one, two])
    assert digest == corpus_digest([two, one])
    assert digest != corpus_digest([one])
    two.write_text("twO")
    assert digest != corpus_digest([one, two])
    one.write_text("")
    two.write_text("onetwo")
    assert digest != corpus_digest([one, two])
