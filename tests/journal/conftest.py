"""A journal in a folder of its own, and replies to keep in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.models.archive import Article
from qa.models.journal import Channel, Cited, Making, Record
from qa.models.replies import Reply
from qa.store.journal.opening import Journal, opened_journal

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MAKING = Making("0.1.0", "fake:64:0", None, {"concurrency": "20"})


IN_A_FILE = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
"""Of tests that look into the file."""


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_another(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[], AbstractContextManager[Journal]]:
    """Opens the journal, as each process does."""
    if kind == "sqlite":
        return lambda: opened_journal(tmp_path)
    from qa.store.postgres.store import opened_records

    address = request.getfixturevalue("emptied_database")
    return lambda: opened_records(address)


@pytest.fixture
def journal(open_another: Callable[[], AbstractContextManager[Journal]]) -> Iterator[Journal]:
    with open_another() as opened:
        yield opened


def record(reply: Reply, *, answer_id: str = "a1", at: datetime = NOW, articles: tuple[Article, ...] = ()) -> Record:
    cited = tuple(map(Cited.of, articles))
    return Record(answer_id, at, Channel.PAGE, reply.question.text, reply, cited, MAKING, 0.25)
