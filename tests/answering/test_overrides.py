"""What the staff decided goes before what the road would find."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from qa.answering.analysis import ConversationTurn
from qa.answering.policy import REASONS, WITHHELD
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.generation.verification import Verifier
from qa.generation.writer import Writer
from qa.llm.usage import Bounds
from qa.models.archive import Coverage
from qa.models.replies import Answer, Inference, Leaning, Question, Refusal, Reply
from qa.retrieval.ranking import DenseRetriever, HybridRetriever, LexicalRetriever
from qa.store.document_store import CatalogueStore
from tests.fakes import FakeChat, packaged_rank, pipeline_of
from tests.test_pipeline import HARBOUR, store

__all__ = ["store"]

COST = "How much did the new pier cost?"
DAY = date(2026, 11, 20)


class FakeOverrides:
    """`Overrides` by the text of the question; `asked` keeps what it was asked about."""

    def __init__(
        self, settled: dict[str, Reply] | None = None, rejected: frozenset[tuple[str, str]] = frozenset()
    ) -> None:
        self.held = settled or {}
        self.refused = rejected
        self.asked: list[Question] = []

    def settled(self, question: Question) -> Reply | None:
        self.asked.append(question)
        return self.held.get(question.text)

    def rejected(self, question: Question) -> frozenset[tuple[str, str]]:
        return self.refused


def road(store: CatalogueStore, encoder: SentenceEncoder, overrides: FakeOverrides, **more: Any) -> Any:
    fused = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
    return pipeline_of(retriever=fused, rank=packaged_rank(store, encoder), store=store, overrides=overrides, **more)


def answered(store: CatalogueStore, encoder: SentenceEncoder) -> Answer:
    reply = road(store, encoder, FakeOverrides()).invoke(ConversationTurn(Question(COST)))
    assert isinstance(reply, Answer)
    return reply


def texts(reply: Reply) -> list[str]:
    """What a reply quotes, or shows as closest where it is a refusal."""
    return [quote.text for quote in (reply.citations if isinstance(reply, Answer) else reply.closest)]


def test_an_approved_answer_is_given_as_it_is(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    approved = replace(answered(store, encoder), checked_on=DAY, notices=("Approved.",))
    reply = road(store, encoder, FakeOverrides({COST: approved})).invoke(ConversationTurn(Question(f" {COST} ")))
    assert reply == replace(approved, question=reply.question)
    assert reply.checked_on == DAY


def test_a_withheld_answer_is_not_given_to_a_follow_up_that_means_the_same(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    withheld = Refusal(Question(""), WITHHELD, (), Coverage(2), checked_on=DAY)
    understood = f"{COST} And the old bridge?"
    overrides = FakeOverrides({understood: withheld})
    reply = road(store, encoder, overrides).invoke(ConversationTurn(Question("And the old bridge?"), (COST,)))
    assert overrides.asked[0].text == understood
    assert isinstance(reply, Refusal)
    assert reply.reason == WITHHELD
    assert reply.question.text == "And the old bridge?"
    assert reply.understood_as == understood


def test_a_withheld_answer_is_not_given_to_a_follow_up_that_asks_for_it_again(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    withheld = Refusal(Question(""), WITHHELD, (), Coverage(2), checked_on=DAY)
    follow_up = ConversationTurn(Question("And when?"), ("Who runs the ferry?", COST, "And in crowns?"))
    leaning = {"leaning": lambda text: Leaning.LEANS if text.startswith("And") else Leaning.ALONE}
    for key in (COST, f"{COST} And in crowns?"):
        reply = road(store, encoder, FakeOverrides({key: withheld}), **leaning).invoke(follow_up)
        assert isinstance(reply, Refusal)
        assert reply.reason == WITHHELD
    other = road(store, encoder, FakeOverrides({"Who runs the ferry?": withheld}), **leaning).invoke(follow_up)
    assert not (isinstance(other, Refusal) and other.reason == WITHHELD)


def test_what_perhaps_leans_is_held_to_what_was_decided_on_it_and_on_both_questions(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    turn = ConversationTurn(Question(COST), ("Who runs the ferry?",))
    maybe = {"leaning": lambda text: Leaning.MAY_LEAN if text == COST else Leaning.ALONE}
    first = answered(store, encoder).citations[0]
    assert first.text in texts(road(store, encoder, FakeOverrides(), **maybe).invoke(turn))
    withheld = Refusal(Question(""), WITHHELD, (), Coverage(2), checked_on=DAY)
    reply = road(store, encoder, FakeOverrides({COST: withheld}), **maybe).invoke(turn)
    assert isinstance(reply, Refusal)
    assert reply.reason == WITHHELD

    class OfBoth(FakeOverrides):
        def rejected(self, question: Question) -> frozenset[tuple[str, str]]:
            return self.refused if question.text == f"Who runs the ferry? {COST}" else frozenset()

    overrides = OfBoth(rejected=frozenset({(HARBOUR.article_id, first.text)}))
    assert first.text not in texts(road(store, encoder, overrides, **maybe).invoke(turn))


def test_what_is_rejected_for_a_question_is_not_quoted_when_it_is_asked_behind_another(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    class OfCost(FakeOverrides):
        def rejected(self, question: Question) -> frozenset[tuple[str, str]]:
            return self.refused if question.text == COST else frozenset()

    first = answered(store, encoder).citations[0]
    turn = ConversationTurn(Question(COST), ("What did the harbour office say of the new pier?",))
    overrides = OfCost(rejected=frozenset({(HARBOUR.article_id, first.text)}))
    alone = {"leaning": lambda _: Leaning.ALONE}
    assert first.text not in texts(road(store, encoder, overrides, **alone).invoke(turn))


def test_what_is_withheld_stays_so_when_a_limit_of_the_question_is_taken_off(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    whole = "How much did the new pier cost in May 2010?"
    withheld = Refusal(Question(""), WITHHELD, (), Coverage(2), checked_on=DAY)
    lifted = ConversationTurn(Question(whole, without=(Inference.PERIOD,)))
    assert isinstance(road(store, encoder, FakeOverrides()).invoke(lifted), Answer)
    reply = road(store, encoder, FakeOverrides({whole: withheld})).invoke(lifted)
    assert isinstance(reply, Refusal)
    assert reply.reason == WITHHELD


def test_words_rejected_for_a_question_are_not_quoted_when_a_follow_up_asks_it_again(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    first = answered(store, encoder).citations[0]

    class OfOneQuestion(FakeOverrides):
        def rejected(self, question: Question) -> frozenset[tuple[str, str]]:
            return self.refused if question.text == COST else frozenset()

    follow_up = ConversationTurn(Question("And in crowns?"), (COST,))
    assert first.text in texts(road(store, encoder, FakeOverrides()).invoke(follow_up))
    overrides = OfOneQuestion(rejected=frozenset({(HARBOUR.article_id, first.text)}))
    assert first.text not in texts(road(store, encoder, overrides).invoke(follow_up))


def test_rejected_words_are_quoted_no_more(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    first = answered(store, encoder).citations[0]
    overrides = FakeOverrides(rejected=frozenset({(HARBOUR.article_id, first.text)}))
    reply = road(store, encoder, overrides).invoke(ConversationTurn(Question(COST)))
    quotes = reply.citations if isinstance(reply, Answer) else reply.closest
    assert all(quote.text != first.text for quote in quotes)
    model = FakeChat("NOT ANSWERED")
    road(store, encoder, overrides, writer=Writer(model, library=store, verifier=Verifier, bounds=Bounds())).invoke(
        ConversationTurn(Question(COST))
    )
    assert [first.text in user for _, user in model.asked] == [False]


def test_what_is_declined_on_principle_stays_declined(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    asked = "Who are the victims?"
    approved = replace(answered(store, encoder), checked_on=DAY)
    reply = road(store, encoder, FakeOverrides({asked: approved})).invoke(ConversationTurn(Question(asked)))
    assert isinstance(reply, Refusal)
    assert reply.reason == REASONS["private"]


def test_a_language_model_does_not_rewrite_what_the_staff_approved(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    class NoWriter:
        def replies(self, composed: object) -> Any:
            raise AssertionError("asked to write")

    approved = replace(answered(store, encoder), checked_on=DAY)
    reply = road(store, encoder, FakeOverrides({COST: approved}), writer=NoWriter()).invoke(
        ConversationTurn(Question(COST))
    )
    assert reply.statements == approved.statements


def test_a_ruling_on_words_that_are_no_more_there_is_not_shown(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    approved = answered(store, encoder)
    false = replace(approved.citations[0], text="The new pier cost 30 million crowns, the harbour office said.")
    ruled = replace(approved, statements=(replace(approved.statements[0], text=false.text, quotes=(false,)),))
    with pytest.raises(Exception, match="changing too fast"):
        road(store, encoder, FakeOverrides({COST: ruled})).invoke(ConversationTurn(Question(COST)))


@pytest.mark.parametrize("decided_on", ["How much did the new peir cost?", COST])
def test_a_decision_counts_in_the_readers_spelling_and_in_the_archives(
    store: CatalogueStore, encoder: SentenceEncoder, decided_on: str
) -> None:
    approved = replace(answered(store, encoder), checked_on=DAY)
    overrides = FakeOverrides({decided_on: approved})
    asked = road(store, encoder, overrides, correct=lambda question: question.replace("peir", "pier"))
    reply = asked.invoke(ConversationTurn(Question("How much did the new peir cost?")))
    assert reply.checked_on == DAY
    assert reply.understood_as == COST
