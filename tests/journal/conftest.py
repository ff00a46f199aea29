"""A journal in a folder of its own, and replies to keep in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.models.archive import Article
from qa.models.journal import Channel, Cited, Making, Record
from qa.models.replies import Reply
from qa.store.journal.opening import Journal, opened_journal

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MAKING = Making("0.1.0", "fake:64:0", None, {"concurrency": "20"})


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with opened_journal(tmp_path) as opened:
        yield opened


def record(reply: Reply, *, answer_id: str = "a1", at: datetime = NOW, articles: tuple[Article, ...] = ()) -> Record:
    cited = tuple(map(Cited.of, articles))
    return Record(answer_id, at, Channel.PAGE, reply.question.text, reply, cited, MAKING, 0.25)
