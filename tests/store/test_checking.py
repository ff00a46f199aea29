"""What a check finds, and that mending puts it right."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qa.errors import Damaged, StoreMismatch
from qa.ingestion.ingest import repair_store
from qa.store.document_store import CatalogueStore
from tests.fakes import FakeEncoder, FakeGenerations, article, indexed

BODY = "The mayor opened the bridge. " * 20
OF_THE_TEXT = {
    "a word of the body": "UPDATE articles SET body = replace(body, 'mayor', 'Mayor') WHERE id = 'a'",
    "the headline": "UPDATE articles SET title = 'Another' WHERE id = 'a'",
}
OF_WHAT_IS_MADE_OF_IT = {
    "the text that is searched": "UPDATE lexicon SET text = 'other' WHERE rowid = 1",
    "the search entries": "DELETE FROM lexicon",
    "the passages": "DELETE FROM passages",
    "a passage's place": "UPDATE passages SET start = start + 3 WHERE number = 1",
    "a sentence's place": "UPDATE passages SET sentences = '[[0, 99999]]' WHERE number = 1",
    "an empty passage": 'UPDATE passages SET start = 5, "end" = 5 WHERE number = 1',
}


@pytest.fixture
def store(tmp_path: Path) -> CatalogueStore:
    made = CatalogueStore(tmp_path / "c.sqlite3", FakeGenerations())
    made.claim(FakeEncoder().fingerprint)
    made.put(indexed([article("a", BODY), article("b", "The river rose."), article("blank", "")], path="news/a.txt"))
    made.rebuild()
    return made


def tamper(store: CatalogueStore, sql: str) -> None:
    """Changes the file as another program would."""
    with closing(sqlite3.connect(store.engine._path)) as connection, connection:
        connection.execute(sql)


def test_a_sound_store(store: CatalogueStore) -> None:
    assert store.check() == []
    encoder = FakeEncoder()
    repair_store(store, encoder)
    assert store.check() == []
    assert encoder.calls == 0


@pytest.mark.parametrize("sql", OF_THE_TEXT.values(), ids=OF_THE_TEXT.keys())
def test_tampering_with_a_text_is_found_and_never_declared_sound(store: CatalogueStore, sql: str) -> None:
    tamper(store, sql)
    for _ in range(2):
        assert [problem.article_id for problem in store.check()] in (["a"], ["a", "a"])
        repair_store(store, FakeEncoder())
    assert "qa remove" in store.check()[0].what
    with pytest.raises(Damaged):
        store.article("a")
    assert store.matching(["bridge"], limit=10) == []
    store.put(indexed([article("a", BODY)], path="news/a.txt"))
    assert store.check() == []


@pytest.mark.parametrize("sql", OF_WHAT_IS_MADE_OF_IT.values(), ids=OF_WHAT_IS_MADE_OF_IT.keys())
def test_tampering_is_found_and_mended(store: CatalogueStore, sql: str) -> None:
    tamper(store, sql)
    assert any(problem.article_id == "a" for problem in store.check())
    repair_store(store, FakeEncoder())
    assert store.check() == []
    one = store.article("a")
    assert store.read_from("a")[0] == "news/a.txt"
    hits = store.matching(["bridge"], limit=10)
    assert hits
    assert all(one.body[hit.passage.start : hit.passage.end] == hit.passage.text for hit in hits)
    assert store.near(FakeEncoder().encode([BODY])[0], limit=1)[0].passage.source.article_id == "a"


def test_a_page_that_cannot_be_read_takes_its_article_alone(tmp_path: Path) -> None:
    path, vector = tmp_path / "pages.sqlite3", FakeEncoder().encode(["bridge"])[0]
    batch = indexed([article(f"a{n}", f"The mayor opened bridge {n}. " * 400) for n in range(4)])
    filled = CatalogueStore(path, None)
    filled.put(batch)
    filled.close()
    content, body = path.read_bytes(), batch[2].article.body.encode()
    # The text of a row goes on in a page of nothing but text, behind the number of the next one.
    place = next(at for at in range(0, len(content), 4096) if content[at + 4 : at + 4096] in body)
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"\xff" * 4)
    store = CatalogueStore(path, None)
    for hits in (store.matching(["bridge"], limit=99), store.near(vector, limit=99)):
        assert {hit.passage.source.article_id for hit in hits} == {"a0", "a1", "a3"}
    assert [(one.number, one.article) for one in store.damaged()] == [(3, None)]
    assert [problem.what for problem in store.check() if "article number 3 can't be read" in problem.what]
    store.close()


def test_an_archive_whose_sentences_have_no_vectors_is_not_damaged(store: CatalogueStore) -> None:
    tamper(store, "DELETE FROM sentence_vectors")
    assert store.broken() == ["a", "b"]
    tamper(store, "UPDATE meta SET value = value || ', passages alone' WHERE key = 'encoder'")
    assert store.broken() == store.check() == []
    with pytest.raises(StoreMismatch, match=r"by an earlier version.*`qa reencode`"):
        store.require(FakeEncoder().fingerprint)


def test_what_was_stored_is_read_without_a_look_at_who_may_see_it(store: CatalogueStore) -> None:
    tamper(store, "DROP VIEW hidden")
    assert store.original("a").body == BODY
    assert (store.existing_id("a"), store.read_from("a")) == ("a", ("news/a.txt", None))


def test_what_another_encoder_made_is_not_mended_by_this_one(store: CatalogueStore) -> None:
    tamper(store, OF_WHAT_IS_MADE_OF_IT["the passages"])
    with pytest.raises(StoreMismatch, match="qa reencode"):
        repair_store(store, FakeEncoder(name="other"))


def test_vectors_that_the_index_lacks(store: CatalogueStore) -> None:
    store._generations.held[store.published().generation]._held.popitem()  # type: ignore[union-attr]
    assert [problem.what for problem in store.check()] == ["1 passages are not in the vector index"]
    repair_store(store, FakeEncoder())
    assert store.check() == []


def test_an_encoding_anew_that_was_cut_off(store: CatalogueStore) -> None:
    store.put_pending(indexed([article("a", "Not yet there.")]))
    assert any("cut off" in problem.what for problem in store.check())
    store.recover()
    assert store.check() == []
    assert store.article("a").body == BODY
