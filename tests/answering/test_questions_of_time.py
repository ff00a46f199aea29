"""Questions with words of time over the demo archive: half were written before the weights were chosen, half after.

Each says which period it means and which articles tell of it; none of them where the archive has nothing of that time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa.answering.analysis import ConversationTurn
from qa.archive.archive import Archive
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.models.replies import Question, Refusal
from qa.retrieval.ranking import DenseRetriever, HybridRetriever, LexicalRetriever
from qa.retrieval.timeline import TimedRetriever, held_to
from qa.store.document_store import CatalogueStore
from qa.text.timeframes import timeframe_of
from tests.archives import Prepared
from tests.each import each
from tests.fakes import packaged_questions, packaged_reader

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Timed:
    """A question, its half, the period it means as about, from and until, and the articles that may answer."""

    half: str
    question: str
    period: tuple[str, str | None, str | None]
    articles: frozenset[str]


def _timed(line: str) -> Timed:
    one = json.loads(line)
    return Timed(one["set"], one["question"], (one["about"], one["from"], one["until"]), frozenset(one["articles"]))


QUESTIONS = [
    _timed(line) for line in (Path(__file__).parent / "questions_of_time.jsonl").read_text("utf-8").splitlines()
]
HALVES = ("before", "after")


def of(half: str, *, answerable: bool) -> list[Timed]:
    return [one for one in QUESTIONS if one.half == half and bool(one.articles) == answerable]


@pytest.fixture(scope="module")
def store(demo: Prepared) -> CatalogueStore:
    return demo.store


@each("one", QUESTIONS)
def test_the_period_is_read(one: Timed) -> None:
    found = timeframe_of(one.question)
    assert found is not None
    about, first, last = one.period
    assert (found.about.value, found.first and found.first.isoformat(), found.last and found.last.isoformat()) == (
        about,
        first,
        last,
    )


@pytest.mark.parametrize(("half", "first"), [("before", 19), ("after", 17)])
def test_articles_of_the_time_are_found_first(
    store: CatalogueStore, exact_encoder: SentenceEncoder, half: str, first: int
) -> None:
    """Without regard to time the right one came first for 7 and 14, and was among five for 17 and 18."""
    fused = HybridRetriever(DenseRetriever(store, exact_encoder), LexicalRetriever(store))
    timed = TimedRetriever(fused, store.event_dates)
    asked = of(half, answerable=True)
    orders = []
    for one in asked:
        question = held_to(Question(one.question), timeframe_of(one.question), store.coverage)
        orders.append([hit.passage.source.article_id in one.articles for hit in timed.find(question, limit=5)])
    assert sum(order[0] for order in orders) >= first
    assert all(any(order) for order in orders)


@pytest.mark.parametrize(("half", "first", "wrong"), [("before", 18, 0), ("after", 14, 1)])
def test_answers_are_of_the_time_that_was_asked_about(
    store: CatalogueStore, exact_encoder: SentenceEncoder, half: str, first: int, wrong: int
) -> None:
    """Of 21 and 20 questions 19 and 14; 16 with the reader before, which knew less of follow-ups and like cases."""
    chain = Archive(store, exact_encoder, packaged_reader(), questions=packaged_questions()).pipeline
    replies = [(one, chain.invoke(ConversationTurn(Question(one.question)))) for one in of(half, answerable=True)]
    quoted = [
        [quote.source.article_id in one.articles for quote in reply.citations]
        for one, reply in replies
        if not isinstance(reply, Refusal)
    ]
    assert sum(right[0] for right in quoted) >= first
    assert sum(not any(right) for right in quoted) <= wrong


@pytest.mark.parametrize("half", HALVES)
def test_a_time_of_which_the_archive_tells_nothing_is_refused(
    store: CatalogueStore, exact_encoder: SentenceEncoder, half: str
) -> None:
    """Without regard to time 1 of 3 and 1 of 4 were."""
    chain = Archive(store, exact_encoder, packaged_reader(), questions=packaged_questions()).pipeline
    for one in of(half, answerable=False):
        assert isinstance(chain.invoke(ConversationTurn(Question(one.question))), Refusal), one.question
