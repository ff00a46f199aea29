"""The real client, the real wire and a real model, a weak one: what it makes up is not shown."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from qa.answering.analysis import ConversationTurn
from qa.generation.writer import DID_NOT_HOLD, FAILED, SAW_NO_ANSWER
from qa.llm.chat import LangChainChat, open_chat_model
from qa.llm.usage import Bounds, DailyBudget
from qa.models.archive import Article
from qa.models.replies import Answer, Composer, Question
from qa.models.support import Verdict
from qa.pipeline import verified

from .conftest import BRIDGE, HARBOUR, Road

QUESTIONS = (
    "How much did the new pier cost?",
    "Who opened the new pier?",
    "How long is the old bridge closed?",
    "How many bolts of the bridge had rust?",
)
ARTICLES = {one.article_id: one for one in (HARBOUR, BRIDGE)}


def article(article_id: str) -> Article:
    return ARTICLES[article_id]


SERVING = """
import sys
from benchmarks.small_model import served
with served(threads=1) as address:
    print(address, flush=True)
    sys.stdin.read()
"""


class ModelServer:
    """A small model that is served in another process; in a new one where the last was killed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._address = ""

    def model(self) -> LangChainChat:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", SERVING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            assert self._process.stdout
            self._address = self._process.stdout.readline().strip()
        bounds = Bounds(seconds=120, tokens=120, retries=0)
        return open_chat_model(None, url=self._address, key=None, bounds=bounds, budget=DailyBudget(10**6))

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.kill()


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_shown_was_checked_or_is_a_quote_and_says_so(road: Road, server: ModelServer, question: str) -> None:
    answer = road(server.model()).invoke(ConversationTurn(Question(question)))
    assert isinstance(answer, Answer)
    assert verified(answer, article)
    for statement in answer.statements:
        assert statement.verbatim or (statement.support and statement.support.verdict is Verdict.SUPPORTED)
    if answer.composed_by is Composer.QUOTES:
        assert answer.fallback in {DID_NOT_HOLD, SAW_NO_ANSWER}


class Killed:
    """The model of a server that is killed as soon as it has begun to write."""

    name = "small"

    def __init__(self, server: ModelServer) -> None:
        self._model = server.model()
        self._server = server

    def stream(self, *, system: str, user: str) -> Iterator[str]:
        for piece in self._model.stream(system=system, user=user):
            self._server.kill()
            yield piece


def test_a_server_that_is_killed_while_it_writes_leaves_the_whole_quoted_answer(
    road: Road, server: ModelServer
) -> None:
    answer = road(Killed(server)).invoke(ConversationTurn(Question(QUESTIONS[0])))
    assert isinstance(answer, Answer)
    assert answer.composed_by is Composer.QUOTES
    assert answer.fallback == FAILED
    assert verified(answer, article)
