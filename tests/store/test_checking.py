"""What a check finds, and that mending puts it right."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import Damaged, ShelfMismatch
from qa.ingestion.mending import mend
from qa.store.catalogue import Catalogue
from qa.store.shelf import StoredShelf
from tests.fakes import FakeEncoder, FakeGenerations, article, shelved

BODY = "The mayor opened the bridge. " * 20
OF_THE_TEXT = {
    "a word of the body": "UPDATE articles SET body = replace(body, 'mayor', 'Mayor') WHERE id = 'a'",
    "the body's length": "UPDATE articles SET body = 'Now ' || body WHERE id = 'a'",
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
def shelf(tmp_path: Path) -> StoredShelf:
    made = StoredShelf(Catalogue(tmp_path / "c.sqlite3"), FakeGenerations())
    made.claim(FakeEncoder().fingerprint)
    made.put(shelved([article("a", BODY), article("b", "The river rose."), article("blank", "")], path="news/a.txt"))
    return made


def test_a_sound_shelf(shelf: StoredShelf) -> None:
    assert shelf.check() == []
    encoder = FakeEncoder()
    mend(shelf, encoder)
    assert shelf.check() == []
    assert encoder.calls == 0


@pytest.mark.parametrize("sql", OF_THE_TEXT.values(), ids=OF_THE_TEXT.keys())
def test_tampering_with_a_text_is_found_and_never_declared_sound(shelf: StoredShelf, sql: str) -> None:
    with shelf._catalogue.transaction() as connection:
        connection.execute(sql)
    for _ in range(2):
        assert [problem.article_id for problem in shelf.check()] in (["a"], ["a", "a"])
        mend(shelf, FakeEncoder())
    assert "qa remove" in shelf.check()[0].what
    with pytest.raises(Damaged):
        shelf.article("a")
    assert shelf.matching(["bridge"], limit=10) == []
    shelf.put(shelved([article("a", BODY)], path="news/a.txt"))
    assert shelf.check() == []


@pytest.mark.parametrize("sql", OF_WHAT_IS_MADE_OF_IT.values(), ids=OF_WHAT_IS_MADE_OF_IT.keys())
def test_tampering_is_found_and_mended(shelf: StoredShelf, sql: str) -> None:
    with shelf._catalogue.transaction() as connection:
        connection.execute(sql)
    assert any(problem.article_id == "a" for problem in shelf.check())
    mend(shelf, FakeEncoder())
    assert shelf.check() == []
    one = shelf.article("a")
    assert shelf.path("a") == "news/a.txt"
    hits = shelf.matching(["bridge"], limit=10)
    assert hits
    assert all(one.body[hit.passage.start : hit.passage.end] == hit.passage.text for hit in hits)
    assert shelf.near(FakeEncoder().encode([BODY])[0], limit=1)[0].passage.source.article_id == "a"


def test_what_another_encoder_made_is_not_mended_by_this_one(shelf: StoredShelf) -> None:
    with shelf._catalogue.transaction() as connection:
        connection.execute(OF_WHAT_IS_MADE_OF_IT["the passages"])
    with pytest.raises(ShelfMismatch, match="qa reencode"):
        mend(shelf, FakeEncoder(name="other"))


def test_vectors_that_the_index_lacks(shelf: StoredShelf) -> None:
    shelf._index._held.popitem()  # type: ignore[attr-defined]
    assert [problem.what for problem in shelf.check()] == ["1 passages are not in the vector index"]
    mend(shelf, FakeEncoder())
    assert shelf.check() == []


def test_an_import_that_was_cut_off(shelf: StoredShelf) -> None:
    shelf._catalogue.put_pending(shelved([article("new", "Not yet there.")]))
    assert any("cut off" in problem.what for problem in shelf.check())
    shelf.recover()
    assert shelf.check() == []
    assert shelf.article("new")
