"""A process that dies in the middle: the next one finds everything or nothing of what it did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.store.archive_store import ArchiveStore
from qa.store.catalogue import Catalogue
from qa.store.document_store import CatalogueStore
from qa.store.vectors import EmbeddedChroma
from tests.fakes import FakeEncoder, FakeGenerations, article, indexed
from tests.store.conftest import OF_FILES, held

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
    return held(store)


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


BUILDING: list[Any] = [(where, "build", {}) for where in (EmbeddedChroma, FakeGenerations)]
BUILT: list[Any] = [(where, name, {"after": True}) for where, name, _ in BUILDING]


@pytest.mark.parametrize("after", [False, True])
def test_death_while_articles_are_put(open_store: Opens, monkeypatch: Any, tmp_path: Path, after: bool) -> None:
    point: Any = (ArchiveStore, "put", {"after": after})
    batches = (OLD, NEW) if after else (OLD,)
    assert outcome(open_store, monkeypatch, lambda s: s.put(indexed(NEW)), point) == undisturbed(tmp_path, *batches)


@OF_FILES
@pytest.mark.parametrize(
    "points",
    [
        BUILDING,
        BUILT,
        [(Catalogue, "set_meta", {})],
        [(Catalogue, "set_meta", {"after": True})],
        [(where, "drop_all_but", {"call": 2}) for where in (EmbeddedChroma, FakeGenerations)],
    ],
    ids=["before building", "after building", "before it is published", "after", "before the old one goes"],
)
def test_death_during_a_rebuild(open_store: Opens, monkeypatch: Any, tmp_path: Path, points: list[Any]) -> None:
    assert outcome(open_store, monkeypatch, CatalogueStore.rebuild, *points) == undisturbed(tmp_path, OLD)
    assert len(list((tmp_path / "vectors").glob("generation-*[0-9]"))) <= 1


@pytest.mark.parametrize("call", [1, 2])
def test_death_while_reencoding_keeps_the_old_encoder(
    open_store: Opens, monkeypatch: Any, tmp_path: Path, call: int
) -> None:
    def reencode(store: CatalogueStore) -> None:
        store.reencode("other:64:0", [indexed(OLD[:3]), indexed(OLD[3:])])

    found = outcome(open_store, monkeypatch, reencode, (ArchiveStore, "put_pending", {"call": call, "after": True}))
    assert found == undisturbed(tmp_path, OLD)
    with open_store() as store:
        store.require(FakeEncoder().fingerprint)
        assert not store.has_pending()


def test_death_before_the_reencoded_are_published(open_store: Opens, monkeypatch: Any, tmp_path: Path) -> None:
    point: Any = (ArchiveStore, "publish_pending", {})
    found = outcome(open_store, monkeypatch, lambda s: s.reencode("other:64:0", [indexed(OLD)]), point)
    assert found == undisturbed(tmp_path, OLD)


def test_death_after_the_reencoded_are_published(open_store: Opens, monkeypatch: Any, tmp_path: Path) -> None:
    point: Any = (ArchiveStore, "publish_pending", {"after": True})
    with pytest.raises(Exception, match="other:64:0"):
        outcome(open_store, monkeypatch, lambda s: s.reencode("other:64:0", [indexed(OLD)]), point)


@OF_FILES
@pytest.mark.parametrize(
    ("where", "name"), [(CatalogueStore, "finish"), (ArchiveStore, "scrub"), (CatalogueStore, "_built")]
)
def test_death_in_a_removal_leaves_nothing_of_the_article(
    open_store: Opens, monkeypatch: Any, tmp_path: Path, where: type, name: str
) -> None:
    with open_store() as store:
        store.put(indexed([article("secret", "A heliotrope stood on the sill.")]))
        store.rebuild()
    found = outcome(open_store, monkeypatch, lambda s: s.remove("secret"), (where, name, {}))
    assert found == undisturbed(tmp_path, OLD)
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and "undisturbed" not in path.parts]
    assert not [path for path in kept if b"heliotrop" in path.read_bytes().lower()]
    with open_store() as store:
        assert store.published().size == len(OLD)


def test_an_error_takes_the_whole_batch_back(open_store: Opens, monkeypatch: Any, tmp_path: Path) -> None:
    from qa.errors import StoreFull

    def full(*_: object) -> None:
        raise StoreFull("full")

    with open_store() as store:
        store.put(indexed(OLD))
        with monkeypatch.context() as patch:
            patch.setattr(type(store.lexicon), "enter", full)
            with pytest.raises(StoreFull):
                store.put(indexed(NEW))
        assert state(store) == undisturbed(tmp_path, OLD)
        assert not store.has_pending()
        store.put(indexed(NEW))
        assert "new" in state(store)
