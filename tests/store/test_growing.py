"""A store that reads while another one writes in the same folder, as a page does that is served."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from qa.errors import StoreError, StoreMismatch
from qa.models.deliveries import Notice, NoticeKind
from qa.store import document_store
from qa.store.archive_store import ArchiveStore
from qa.store.document_store import CatalogueStore
from qa.store.notices import NoticeStore
from qa.store.vectors import EmbeddedChroma
from tests.fakes import FakeEncoder, FakeGenerations, Generations, article, indexed
from tests.store.test_notices import NOW

Open = Callable[[], ArchiveStore]
QUESTION = FakeEncoder().encode(["The mayor opened bridge 1"])[0]


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_store, "PATIENCE", 0.5)


OF_FILES = pytest.mark.parametrize("kind", ["chroma", "fake"], indirect=True)
"""Of tests that are about generations of the index, or files."""


@pytest.fixture(params=["chroma", "fake", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def of_each_process(kind: str, tmp_path: Path) -> Callable[[], Generations]:
    """Generations as each process has them."""
    fake = FakeGenerations()
    return lambda: EmbeddedChroma(tmp_path / "vectors") if kind == "chroma" else fake


@pytest.fixture
def open_another(
    kind: str,
    tmp_path: Path,
    of_each_process: Callable[[], Generations],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Open]:
    if kind == "postgres":
        from qa.store.postgres import store as module

        address = request.getfixturevalue("emptied_database")
        monkeypatch.setattr(module, "FRESH_SECONDS", 0)
    with ExitStack() as stack:

        def opening() -> ArchiveStore:
            store: ArchiveStore
            if kind == "postgres":
                store = module.PostgresStore(module.PostgresBook(address))
            else:
                store = CatalogueStore(tmp_path / "catalogue.sqlite3", of_each_process())
            stack.callback(store.close)
            return store

        yield opening


@pytest.fixture
def writer(open_another: Open) -> ArchiveStore:
    store = open_another()
    store.claim(FakeEncoder().fingerprint)
    store.put(indexed([article(f"a{n}", f"The mayor opened bridge {n}.") for n in range(8)]))
    store.rebuild()
    return store


@pytest.fixture
def reader(open_another: Open, writer: ArchiveStore) -> ArchiveStore:
    store = open_another()
    store.require(FakeEncoder().fingerprint)
    assert near(store) == {f"a{n}" for n in range(8)}
    return store


def near(store: ArchiveStore, *, limit: int = 100) -> set[str]:
    return {hit.passage.source.article_id for hit in store.near(QUESTION, limit=limit)}


def test_what_comes_and_goes_is_met_at_the_next_question(writer: ArchiveStore, reader: ArchiveStore) -> None:
    everything = {f"a{n}" for n in range(8)}
    writer.put(indexed([article("new", "The mayor opened bridge 1 again.")]))
    assert near(reader) == everything | {"new"}
    writer.put(indexed([article("new", "The river rose."), article("a1", "The river fell.")]))
    assert near(reader) == everything | {"new"}
    bodies = {hit.passage.text for hit in reader.near(QUESTION, limit=100)}
    assert {"The river rose.", "The river fell."} <= bodies
    assert not {"The mayor opened bridge 1 again.", "The mayor opened bridge 1."} & bodies
    writer.remove("a2")
    assert near(reader) == (everything | {"new"}) - {"a2"}


def test_the_nearest_of_both_parts_come_first(writer: ArchiveStore, reader: ArchiveStore) -> None:
    writer.put(indexed([article("far", "Cocoa prices fell in London."), article("b1", "The mayor opened bridge 1.")]))
    assert near(reader, limit=2) == {"a1", "b1"}
    assert "far" in near(reader)


@OF_FILES
def test_a_new_generation_is_taken_on_and_the_former_goes(
    writer: ArchiveStore, reader: ArchiveStore, tmp_path: Path
) -> None:
    former = writer.published().generation
    writer.put(indexed([article("new", "The mayor opened bridge 1 again.")]))
    writer.rebuild()
    assert near(reader) == {f"a{n}" for n in range(8)} | {"new"}
    assert len(reader._view.numbers) == 0  # type: ignore[union-attr]
    assert writer.published().generation == former + 1
    writer.recover()  # as whoever writes next does
    assert len(list((tmp_path / "vectors").glob("generation-*[0-9]"))) in (0, 1)  # the fake has none
    assert writer.check() == reader.check() == []


@OF_FILES
def test_a_withdrawn_article_is_met_nowhere_and_an_erased_one_is_off_the_disk(
    writer: ArchiveStore, reader: ArchiveStore, tmp_path: Path
) -> None:
    book = NoticeStore(tmp_path / "catalogue.sqlite3")
    book.add(Notice("a1", NoticeKind.ERASURE, "why", "ana", NOW))
    assert "a1" not in near(reader) | {hit.passage.source.article_id for hit in reader.matching(["bridge"], limit=99)}
    writer.recover()
    embedded = isinstance(writer._generations, EmbeddedChroma)
    # The reader has the former generation open: nobody asked it since.
    assert (f"process {os.getpid()}" in writer.unscrubbed_since()) is embedded
    reader.follow()
    writer.recover()
    assert not writer.unscrubbed_since()
    assert b"bridge 1." not in (tmp_path / "catalogue.sqlite3").read_bytes()
    book.close()


def test_after_an_encoding_anew_nothing_is_compared(writer: ArchiveStore, reader: ArchiveStore) -> None:
    passages = [hit.passage for hit in reader.near(QUESTION, limit=3)]
    batch = indexed([writer.original(f"a{n}") for n in range(8)])
    writer.put_pending(batch[:4])
    assert near(reader) == {f"a{n}" for n in range(8)}  # until it is done, the former encoder's are searched
    writer.recover()  # as whoever writes next does
    writer.reencode("other:64:0", [batch[:4], batch[4:]])
    for compared in (lambda: reader.near(QUESTION, limit=3), lambda: reader.sentence_vectors(passages), reader.follow):
        with pytest.raises(StoreMismatch, match=r"other:64:0.*start again"):
            compared()
    assert reader.matching(["mayor"], limit=3)


@OF_FILES
def test_a_damaged_generation_is_passed_over(
    writer: ArchiveStore, open_another: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = []

    def broken(*_: object) -> None:
        tries.append(1)
        raise StoreError("it is broken")

    reader = open_another()
    with caplog.at_level(logging.ERROR), monkeypatch.context() as patch:
        for where in (EmbeddedChroma, FakeGenerations):
            patch.setattr(where, "open", broken)
        assert near(reader) == {f"a{n}" for n in range(8)}
        writer.put(indexed([article("new", "The mayor opened bridge 1 again.")]))
        assert "new" in near(reader)
        assert len(tries) == 1
        patch.setattr(document_store, "RETRY_SECONDS", 0)
        reader._unusable = dict.fromkeys(reader._unusable, 0.0)  # type: ignore[attr-defined]  # some time later
        assert "new" in near(reader)
        assert len(tries) == 2
    assert len([record for record in caplog.records if "it is broken" in record.message]) == 1
    assert "new" in near(reader)
    assert reader._view.generation is not None  # type: ignore[union-attr]


@OF_FILES
def test_a_generation_that_goes_while_it_is_searched_is_followed_by_the_next(
    writer: ArchiveStore, reader: ArchiveStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = type(reader._view.generation)  # type: ignore[union-attr]
    real = gone.nearest
    calls = 0

    def once(*args: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            writer.rebuild()
            raise StoreError("it is gone")
        return real(*args, **more)

    monkeypatch.setattr(gone, "nearest", once)
    assert near(reader) == {f"a{n}" for n in range(8)}
    assert reader._view.generation is not None  # type: ignore[union-attr]


def test_words_and_their_weights_follow(writer: ArchiveStore, reader: ArchiveStore) -> None:
    before = reader.idf("heron")
    assert "heron" not in reader.vocabulary()
    reader._vocabulary._rest_until = 0.0  # a moment later
    writer.put(indexed([article("new", "A heron flew by.")]))
    assert reader.idf("heron") < before
    assert reader.vocabulary()["heron"].count == 1
    assert reader.vocabulary() is reader.vocabulary()


def test_the_vocabulary_is_not_counted_at_every_change(writer: ArchiveStore, reader: ArchiveStore) -> None:
    first = reader.vocabulary()
    reader._vocabulary._rest_until = float("inf")
    writer.put(indexed([article("new", "A heron flew by.")]))
    assert reader.vocabulary() is first


@OF_FILES
def test_a_check_is_of_one_moment(writer: ArchiveStore, reader: ArchiveStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change in the middle of it is no problem."""
    real = CatalogueStore._index_problems

    def changing(store: CatalogueStore) -> object:
        writer.put(indexed([article("a1", "The river rose."), article("new", "The mayor opened bridge 1 again.")]))
        return real(store)

    monkeypatch.setattr(CatalogueStore, "_index_problems", changing)
    assert reader.check() == []
    assert "new" in near(reader)


@OF_FILES
def test_who_may_not_write_the_folder_is_told_that_it_changed(
    writer: ArchiveStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.scrub()
    monkeypatch.setattr("qa.store.sqlite_file.writable", lambda path: False)
    fixed = CatalogueStore(tmp_path / "catalogue.sqlite3", None)
    monkeypatch.undo()
    assert near(fixed) == {f"a{n}" for n in range(8)}
    writer.put(indexed([article("new", "The mayor opened bridge 1 again.")]))
    writer.scrub()
    with pytest.raises(StoreError, match="may write"):
        near(fixed)
    fixed.close()
