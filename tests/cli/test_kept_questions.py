"""Filling prepares the questions that the page offers, where articles came or went."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from qa.archive import ingesting
from qa.archive.suggestions import Kept
from qa.cli import ingesting as commands
from qa.errors import ModelError, StoreBusy
from qa.store.document_store import opened
from qa.store.entries import adapter
from tests.cli.conftest import Qa

Put = Callable[[str, str | bytes], Path]


def kept(home: Path) -> Kept | None:
    with opened(home, writing=False) as store:
        text = store.kept_questions()
        found: Kept | None = adapter(Kept).validate_json(text) if text else None
        assert found is None or found.state == store.state()
        return found


@pytest.fixture
def opening(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Counts how often an archive is opened for questions while it is filled."""
    counting = Mock(side_effect=ingesting.archive_of)
    monkeypatch.setattr(ingesting, "archive_of", counting)
    return counting


def test_they_are_made_where_articles_came_and_else_nothing_is_loaded(
    qa: Qa, home: Path, news: Path, put: Put, opening: Mock
) -> None:
    assert qa("ingest", news / "bridge.md", news / "river.md").code == 0
    first = kept(home)
    assert first
    assert first.questions.keys() == {"en", "es"}
    assert qa("ingest", news / "bridge.md").out.startswith("0 added")
    assert opening.call_count == 1
    put("wire/cocoa.md", (news / "cocoa.md").read_bytes())
    sources = put("archive.toml", '[[source]]\nname = "wire"\npaths = ["wire"]\n')
    for _ in range(2):
        assert qa("sync", "--sources", sources).code == 0
        assert opening.call_count == 2
    second = kept(home)
    assert second
    assert second.state != first.state
    qa("remove", "cocoa")
    assert kept(home) is None, "nothing of what is taken out is left in them"
    qa("ingest", news / "bridge.md")
    assert kept(home)


def test_an_archive_without_articles_has_none(qa: Qa, home: Path, put: Put, opening: Mock) -> None:
    assert qa("ingest", put("empty.md", "")).code == 1
    assert not opening.called
    assert kept(home) is None


def test_where_they_cannot_be_made_what_was_filled_stays(qa: Qa, home: Path, news: Path, opening: Mock) -> None:
    opening.side_effect = ModelError("no such model")
    told = qa("ingest", news)
    assert told.code == 0
    assert "questions that the page offers are not prepared: no such model" in told.err
    opening.side_effect = StoreBusy("another writes")
    assert qa("ingest", news).err == ""
    assert kept(home) is None


def test_while_sources_are_watched_they_are_made_once_an_hour_at_most(
    qa: Qa, news: Path, put: Put, opening: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("wire/river.md", (news / "river.md").read_bytes())
    sources = put("archive.toml", '[[source]]\nname = "wire"\npaths = ["wire"]\n')

    def polls(listed: object, *, every: float) -> Iterator[None]:
        put("wire/cocoa.md", (news / "cocoa.md").read_bytes())
        yield
        assert opening.call_count == 1
        monkeypatch.setattr(commands, "PREPARED_EVERY", 0)
        put("wire/bridge.md", (news / "bridge.md").read_bytes())
        yield

    monkeypatch.setattr(commands, "changes", polls)
    assert qa("sync", "--watch", "--sources", sources).code == 0
    assert opening.call_count == 2
