"""A process that dies in the middle: the next one finds everything or nothing of what it did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.store.catalogue import Catalogue
from qa.store.document_store import CatalogueStore
from qa.store.vectors import ChromaVectors, EmbeddedChroma
from tests.fakes import FakeEncoder, FakeGenerations, FakeIndex, article, indexed

Opens = Callable[[], Any]
OLD = [article(f"old{i}", f"The mayor opened bridge number {i}.") for i in range(6)]
CHANGED = article("old2", "The mayor closed it again.")
NEW = [CHANGED, article("new", "The river rose.")]


class Crash(BaseException):
    """No `except` of the house catches it, as none catches the death of the process."""


def state(store: CatalogueStore) -> dict[str, tuple[str, list[str]]]:
    """All that is seen of the store, and the proof that it is sound."""
    assert store.check() == []
    hits = store.near(FakeEncoder().encode(["the mayor"])[0], limit=100)
    found = sorted({hit.passage.source.article_id for hit in hits})
    assert found == sorted(source.article_id for source, _ in store.sources())
    assert store._index.numbers() >= set(store.numbers())
    return {
        one.article_id: (digest, [p.passage_id for p in passages]) for one, digest, passages in store.each_article()
    }


def dies(where: type, name: str, monkeypatch: pytest.MonkeyPatch, *, after: bool = False, call: int = 1) -> None:
    """The process dies in the n-th call of a method, before it does its work or after."""
    real = getattr(where, name)
    calls = 0

    def dying(self: object, *args: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls < call:
            return real(self, *args, **more)
        if after:
            real(self, *args, **more)
        raise Crash

    monkeypatch.setattr(where, name, dying)


def outcome(
    open_store: Opens, monkeypatch: pytest.MonkeyPatch, act: Callable[[CatalogueStore], None], *points: Any
) -> Any:
    """The state that the next process finds after a death in the act."""
    with open_store() as store:
        store.put(indexed(OLD))
    with monkeypatch.context() as patch:
        for where, name, options in points:
            dies(where, name, patch, **options)
        with pytest.raises(Crash), open_store() as store:
            act(store)
    with open_store() as store:
        return state(store)


def undisturbed(tmp_path: Path, *batches: list[Any]) -> Any:
    folder = tmp_path / "undisturbed"
    folder.mkdir()
    store = CatalogueStore(folder / "c.sqlite3", FakeGenerations())
    for batch in batches:
        store.put(indexed(batch))
    found = state(store)
    store.close()
    return found


ADDING: list[Any] = [(where, "add", {}) for where in (ChromaVectors, FakeIndex)]


def test_death_before_anything_is_written(open_store: Opens, monkeypatch: Any, tmp_path: Path) -> None:
    point: Any = (Catalogue, "put_pending", {})
    assert outcome(open_store, monkeypatch, lambda s: s.put(indexed(NEW)), point) == undisturbed(tmp_path, OLD)


@pytest.mark.parametrize("after", [False, True])
def test_death_while_vectors_are_added(open_store: Opens, monkeypatch: Any, tmp_path: Path, after: bool) -> None:
    points = [(where, name, {"after": after}) for where, name, _ in ADDING]
    found = outcome(open_store, monkeypatch, lambda s: s.put(indexed(NEW)), *points)
    assert found == undisturbed(tmp_path, OLD, NEW)


@pytest.mark.parametrize("after", [False, True])
def test_death_at_publishing(open_store: Opens, monkeypatch: Any, tmp_path: Path, after: bool) -> None:
    point: Any = (Catalogue, "publish_pending", {"after": after})
    assert outcome(open_store, monkeypatch, lambda s: s.put(indexed(NEW)), point) == undisturbed(tmp_path, OLD, NEW)


@pytest.mark.parametrize(
    "points",
    [
        ADDING,
        [(where, name, {"after": True}) for where, name, _ in ADDING],
        [(Catalogue, "set_meta", {"call": 1})],
        [(Catalogue, "set_meta", {"call": 1, "after": True})],
        [(where, "drop_all_but", {"call": 2}) for where in (EmbeddedChroma, FakeGenerations)],
    ],
    ids=["before filling", "after filling", "before the switch", "after the switch", "before the old one goes"],
)
def test_death_during_a_rebuild(open_store: Opens, monkeypatch: Any, tmp_path: Path, points: list[Any]) -> None:
    assert outcome(open_store, monkeypatch, CatalogueStore.rebuild, *points) == undisturbed(tmp_path, OLD)
    assert len(list((tmp_path / "vectors").glob("*"))) <= 1


@pytest.mark.parametrize("call", [1, 2])
def test_death_while_reencoding_keeps_the_old_encoder(
    open_store: Opens, monkeypatch: Any, tmp_path: Path, call: int
) -> None:
    def reencode(store: CatalogueStore) -> None:
        store.reencode("other:64:0", [indexed(OLD[:3]), indexed(OLD[3:])])

    found = outcome(open_store, monkeypatch, reencode, (Catalogue, "put_pending", {"call": call, "after": True}))
    assert found == undisturbed(tmp_path, OLD)
    with open_store() as store:
        store.require(FakeEncoder().fingerprint)
        assert not store.has_pending()
        assert not store.meta("reencoding")


def test_death_before_the_reencoded_are_published(open_store: Opens, monkeypatch: Any, tmp_path: Path) -> None:
    point: Any = (Catalogue, "publish_pending", {})
    found = outcome(open_store, monkeypatch, lambda s: s.reencode("other:64:0", [indexed(OLD)]), point)
    assert found == undisturbed(tmp_path, OLD)


def test_death_after_the_reencoded_are_published(open_store: Opens, monkeypatch: Any, tmp_path: Path) -> None:
    point: Any = (Catalogue, "publish_pending", {"after": True})
    with pytest.raises(Exception, match="other:64:0"):
        outcome(open_store, monkeypatch, lambda s: s.reencode("other:64:0", [indexed(OLD)]), point)


@pytest.mark.parametrize(
    ("where", "name"), [(CatalogueStore, "tidy"), (Catalogue, "scrub"), (CatalogueStore, "rebuild")]
)
def test_death_in_a_removal_leaves_nothing_of_the_article(
    open_store: Opens, monkeypatch: Any, tmp_path: Path, where: type, name: str
) -> None:
    with open_store() as store:
        store.put(indexed([article("secret", "A heliotrope stood on the sill.")]))
    found = outcome(open_store, monkeypatch, lambda s: s.remove("secret"), (where, name, {}))
    assert found == undisturbed(tmp_path, OLD)
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and "undisturbed" not in path.parts]
    assert not [path for path in kept if b"heliotrop" in path.read_bytes().lower()]
    with open_store() as store:
        assert store._index.count() == len(OLD)


def test_an_error_takes_the_whole_batch_back(open_store: Opens, monkeypatch: Any, tmp_path: Path) -> None:
    from qa.errors import StoreFull

    def full(*_: object) -> None:
        raise StoreFull("full")

    with open_store() as store:
        store.put(indexed(OLD))
        with monkeypatch.context() as patch:
            for where in (ChromaVectors, FakeIndex):
                patch.setattr(where, "add", full)
            with pytest.raises(StoreFull):
                store.put(indexed(NEW))
        assert state(store) == undisturbed(tmp_path, OLD)
        assert not store.has_pending()
        store.put(indexed(NEW))
        assert "new" in state(store)
