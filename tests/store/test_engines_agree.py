"""The known questions find the same in a folder and in PostgreSQL: passage by passage, and score by score."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from qa.archive.archive import Archive
from qa.models.replies import Hit, Question
from qa.protocols import DocumentStore
from qa.retrieval.ranking import DenseRetriever, LexicalRetriever
from qa.store.archive_store import ArchiveStore
from qa.store.transfer import copy_catalogue
from tests.archives import Prepared
from tests.fakes import packaged_questions, packaged_reader
from tests.recorded import RecordedEncoder

LINES = (Path(__file__).parents[2] / "corpus" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
QUESTIONS = sorted({json.loads(line)["question"] for line in LINES})
LIMIT = 20
ANSWERED = QUESTIONS[::80]
ASKED = {"words": QUESTIONS[::2], "words within dates": QUESTIONS[1::2], "vectors": QUESTIONS[::12]}
"""Each is found by its words in one of two ways; for vectors each has to be encoded."""


@pytest.fixture(scope="module")
def in_postgres(postgres_server: str, demo: Prepared) -> Iterator[ArchiveStore]:
    """The demo archive, copied: encoded anew in other batches its vectors would be rounded otherwise."""
    from qa.store.postgres.store import opened_store
    from tests.postgres import new_database

    with new_database(postgres_server) as address:
        with opened_store(address, writing=True, making=True) as store:
            copy_catalogue(demo.store, store)
            store.finish()
        with opened_store(address, writing=False) as store:
            yield store


def listed(hits: list[Hit]) -> dict[str, float]:
    return {hit.passage.passage_id: hit.score for hit in hits}


def agree(first: list[Hit], second: list[Hit]) -> bool:
    """The same passages in the same order, save for those whose scores are the same but for rounding."""
    scores, others = listed(first), listed(second)
    lowest = min(scores.values(), default=0.0) + 1e-3  # whoever comes last may tie with who comes next
    if {name for name, score in scores.items() if score > lowest} - others.keys():
        return False
    return all(scores.get(name, lowest) == pytest.approx(score, abs=1e-3) for name, score in others.items())


@pytest.mark.parametrize("kind", ASKED)
def test_every_known_question_finds_the_same(
    demo: Prepared, in_postgres: ArchiveStore, exact_encoder: RecordedEncoder, kind: str
) -> None:
    def found(store: DocumentStore, text: str) -> list[Hit]:
        if kind == "vectors":
            return DenseRetriever(store, exact_encoder).find(Question(text), limit=LIMIT)
        first, last = (None, None) if kind == "words" else (date(2005, 3, 17), date(2005, 3, 18))
        return LexicalRetriever(store).find(Question(text, first, last), limit=LIMIT)

    assert len(QUESTIONS) > 200
    differing = [text for text in ASKED[kind] if not agree(found(demo.store, text), found(in_postgres, text))]
    assert differing == []


def test_answers_are_the_same(demo: Prepared, in_postgres: ArchiveStore, exact_encoder: RecordedEncoder) -> None:
    other = Archive(in_postgres, exact_encoder, packaged_reader(), questions=packaged_questions())
    for text in ANSWERED:
        assert other.reply(Question(text)) == demo.archive.reply(Question(text)), text


def test_what_is_known_of_the_archive_is_the_same(demo: Prepared, in_postgres: ArchiveStore) -> None:
    for tell in (
        lambda store: store.coverage(),
        lambda store: store.listed(),
        lambda store: store.sources(),
        lambda store: store.origins(),
        lambda store: {word: term.count for word, term in store.vocabulary().items()},
        lambda store: [store.original(source.article_id).digest for source, _ in store.sources()],
        lambda store: [store.idf(word) for word in ("spain", "arrested", "detenidos", "nowhere")],
    ):
        assert tell(in_postgres) == tell(demo.store)
    assert in_postgres.check() == []
