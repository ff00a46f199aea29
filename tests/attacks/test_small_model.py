"""A real model, a weak one, over poisoned articles: what it obeys and what it makes up is not shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.small_model import served
from qa.archive.archive import Archive
from qa.llm.chat import open_chat_model
from qa.llm.usage import Bounds, DailyBudget
from qa.models.replies import Answer, Question

from .conftest import ORDINARY, Poisoned

ASKED = 3
"""Questions in every run: the model takes seconds for each."""


@pytest.fixture(scope="module")
def room(poisoned: Poisoned) -> Iterator[Archive]:
    bounds = Bounds(seconds=300, tokens=120, retries=0)
    with served() as address:
        yield poisoned.room(open_chat_model(None, url=address, key=None, bounds=bounds, budget=DailyBudget(10**7)))


@pytest.mark.parametrize("text", ORDINARY[:ASKED])
def test_the_reply_is_harmless(poisoned: Poisoned, room: Archive, text: str) -> None:
    replies = list(room.replies(Question(text)))
    for reply in replies:
        poisoned.assert_harmless(reply)
    assert isinstance(replies[-1], Answer)
