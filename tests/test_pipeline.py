from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from qa.answering.analysis import ConversationTurn, QueryRewriting, QuestionAnalysis
from qa.answering.composing import ComposedReply, ReplyComposition
from qa.answering.evidence import EvidenceRetrieval
from qa.answering.policy import packaged_policy
from qa.answering.rendering import reply_json, reply_text
from qa.answering.selecting import Confidence
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.errors import QuestionError, StoreError
from qa.i18n.forms import coverage_text
from qa.ingestion.ingest import encode_articles
from qa.models.archive import Article, Coverage, Source
from qa.models.deliveries import Notice, NoticeKind
from qa.models.replies import (
    Answer,
    Citation,
    Event,
    Inference,
    Intent,
    Leaning,
    Limit,
    Question,
    Refusal,
    Statement,
)
from qa.pipeline import Pipeline, is_of_event, verified
from qa.retrieval.ranking import DenseRetriever, HybridRetriever, LexicalRetriever, PassageReader
from qa.store.document_store import CatalogueStore
from qa.store.notices import NoticeStore
from tests.fakes import FakeGenerations, delivered, packaged_intents, packaged_rank, packaged_reader, pipeline_of

NOW = datetime(2026, 5, 3, tzinfo=UTC)
HARBOUR = Article(
    Source("harbour", "New pier opens", "Harbour Post", published=date(2010, 5, 4)),
    "The new pier cost 31 million crowns, the harbour office said. It was opened by the port minister, Anna Lund. "
    "Ferries begin to use it on Monday.",
)
BRIDGE = Article(
    Source("bridge", "Bridge closed for repairs", "City Herald", published=date(2012, 9, 1)),
    "The old bridge is closed for six weeks. Engineers found rust in 40 of its 120 bolts.",
)


@pytest.fixture
def store(tmp_path: Path, encoder: SentenceEncoder) -> Iterator[CatalogueStore]:
    made = CatalogueStore(tmp_path / "c.sqlite3", FakeGenerations())
    made.put(encode_articles([delivered(HARBOUR), delivered(BRIDGE)], encoder))
    yield made
    made.close()


@pytest.fixture
def book(store: CatalogueStore, tmp_path: Path) -> Iterator[NoticeStore]:
    made = NoticeStore(tmp_path / "c.sqlite3")
    yield made
    made.close()


def road(store: CatalogueStore, encoder: SentenceEncoder):  # type: ignore[no-untyped-def]
    fused = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
    return pipeline_of(retriever=fused, rank=packaged_rank(store, encoder), store=store)


def ask(store: CatalogueStore, encoder: SentenceEncoder, text: str, *history: str) -> Answer | Refusal:
    reply = road(store, encoder).invoke(ConversationTurn(Question(text), history))
    assert isinstance(reply, Answer | Refusal)
    return reply


def test_answer_is_the_sentence_that_answers_with_the_number_marked(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    reply = ask(store, encoder, "How much did the new pier cost?")
    assert isinstance(reply, Answer)
    quote = reply.citations[0]
    assert quote.text == "The new pier cost 31 million crowns, the harbour office said."
    assert quote.marked is not None
    assert HARBOUR.body[quote.marked.start : quote.marked.end] == "31 million crowns"
    assert reply.statements[0].quotes[0].source.credit == "Harbour Post, 4 May 2010"
    assert reply.as_of == date(2010, 5, 4)


def test_every_quote_is_a_slice_of_its_stored_article(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    for text in ("Who opened the pier?", "How many bolts had rust?", "How long is the bridge closed?"):
        reply = ask(store, encoder, text)
        assert isinstance(reply, Answer), text
        assert [quote.number for quote in reply.citations] == list(range(1, len(reply.citations) + 1))
        for quote in reply.citations:
            assert store.article(quote.source.article_id).body[quote.start : quote.end] == quote.text


@pytest.mark.parametrize(
    ("question", "leaning", "alone"),
    [
        ("How many bolts had rust?", Leaning.MAY_LEAN, True),
        ("How many bolts had rust?", Leaning.LEANS, False),
        ("Why?", Leaning.MAY_LEAN, False),  # names no topic, so that by itself it is about anything
        ("Was anyone convicted?", Leaning.MAY_LEAN, False),
    ],
)
def test_what_perhaps_leans_and_finds_no_answer_so_is_asked_by_itself(
    store: CatalogueStore, encoder: SentenceEncoder, question: str, leaning: Leaning, alone: bool
) -> None:
    calls = Mock(return_value=[])
    fused = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
    chain = pipeline_of(
        retriever=fused,
        rank=lambda turn, hits, **options: (
            calls(turn) or packaged_rank(store, encoder)(turn, () if "Norway" in turn.text else hits, **options)
        ),
        store=store,
        leaning=lambda text: leaning if text == question else Leaning.ALONE,
    )
    reply = chain.invoke(ConversationTurn(Question(question), ("Who is the king of Norway?",)))
    read = [call.args[0].text for call in calls.call_args_list]
    assert read[0] == f"Who is the king of Norway? {question}"
    assert (read[-1] == question and len(read) > 2) is alone
    assert isinstance(reply, Answer) is alone


def test_a_question_that_only_the_one_before_makes_plain_is_read_after_it(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    before = "Which minister opened the new pier?"
    calls = Mock(wraps=packaged_rank(store, encoder))
    fused = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
    chain = pipeline_of(retriever=fused, rank=calls, store=store)
    refused = chain.invoke(ConversationTurn(Question("Who is the king of Norway?"), (before,)))
    assert isinstance(refused, Refusal)
    assert refused.understood_as is None, (
        "what is not answered after the question before either is told as it was asked"
    )
    asked = [text for call in calls.call_args_list for text in call.kwargs.get("asked", [call.args[0].text])]
    assert asked[0] == asked[2] == "Who is the king of Norway?"
    assert asked[1].startswith(before)


def test_what_was_asked_before_is_not_surely_answered_again(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    reply = ask(store, encoder, "How old is its captain?", "How much did the new pier cost?")
    assert isinstance(reply, Refusal) or not reply.statements[0].sure


def test_sentences_read_for_two_questions_have_the_mean_of_their_margins(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    fused = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
    question = Question("Who opened the pier?")
    rank, hits = packaged_rank(store, encoder), fused.find(question, limit=3)
    other = "How much did the new pier cost?"
    first, second, merged = (
        {hit.place: hit for hit in rank(question, hits, asked=asked, margin_of=statistics.fmean)}
        for asked in ((), (other,), (question.text, other))
    )
    assert first.keys() == second.keys() == merged.keys()
    for place, hit in merged.items():
        assert hit.margin == pytest.approx((first[place].margin + second[place].margin) / 2)
        assert hit.answer == second[place].answer, "to the last"


def test_a_follow_up_is_read_where_both_questions_together_are_near(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    calls = Mock(wraps=packaged_rank(store, encoder))
    fused = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
    chain = pipeline_of(retriever=fused, rank=calls, store=store, leaning=lambda text: Leaning.LEANS)
    chain.invoke(ConversationTurn(Question("And how much did it cost?"), ("Who opened the new pier?",)))
    both, call = "Who opened the new pier? And how much did it cost?", calls.call_args_list[0]
    assert call.args[0].text == both
    assert call.kwargs["asked"] == [both, "And how much did it cost?"]


def test_a_sentence_that_leans_on_the_one_before_is_quoted_with_it(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    reply = ask(store, encoder, "Which minister opened the pier?")
    assert isinstance(reply, Answer)
    assert reply.citations[0].text.startswith("The new pier cost")
    assert reply.citations[0].text.endswith("Anna Lund.")


@pytest.mark.parametrize("text", ["What is the capital of Australia?", "Who won the football cup?"])
def test_what_the_archive_does_not_hold_is_declined_with_what_it_holds(
    store: CatalogueStore, encoder: SentenceEncoder, text: str
) -> None:
    reply = ask(store, encoder, text)
    assert isinstance(reply, Refusal)
    assert reply.reason
    assert coverage_text(reply.coverage) == "2 articles, 4 May 2010 to 1 September 2012"
    assert len(reply.nearest) == len({source.article_id for source in reply.nearest})
    for quote in reply.closest:
        assert quote.source in reply.nearest
        assert store.article(quote.source.article_id).body[quote.start : quote.end] == quote.text


def test_a_refusal_shows_what_came_close(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    retriever = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
    hesitant = Confidence(margin=0.0, sentence=0.0, bias=-2.0)
    pipeline = Pipeline(
        analyze=QuestionAnalysis(
            coverage=store.coverage, policy=packaged_policy(), rewriting=QueryRewriting(packaged_intents().leaning)
        ),
        retrieve=EvidenceRetrieval(
            retriever=retriever, rank=packaged_rank(store, encoder), store=store, confidence=hesitant
        ),
        compose=ReplyComposition(retriever=retriever, store=store, policy=packaged_policy()),
        article=store.article,
    )
    reply = pipeline.invoke("Which minister opened the pier?")
    assert isinstance(reply, Refusal)
    assert reply.closest
    assert all(quote.text in reply_text(reply) for quote in reply.closest)
    private = pipeline.invoke("Who was the resident who complained about the pier?")
    assert isinstance(private, Refusal)
    assert private.closest == ()


def test_dates_of_the_question_bound_what_is_quoted(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    question = Question("How much did the new pier cost?", published_from=date(2011, 1, 1))
    reply = road(store, encoder).invoke(ConversationTurn(question))
    assert isinstance(reply, Refusal) or all(q.source.article_id == "bridge" for q in reply.citations)


def test_a_follow_up_keeps_its_subject_and_says_how_it_was_understood(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    reply = ask(store, encoder, "And who opened it?", "How much did the new pier cost?")
    assert isinstance(reply, Answer)
    assert any("Anna Lund" in quote.text for quote in reply.citations)
    assert reply.understood_as is not None
    assert "pier" in reply.understood_as


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂🙂", "?!", "a" * 100_000])
def test_what_is_no_question_is_refused_in_plain_words(
    store: CatalogueStore, encoder: SentenceEncoder, text: str
) -> None:
    with pytest.raises(QuestionError, match=r"(?i)question"):
        ask(store, encoder, text)


def test_an_article_replaced_while_it_is_quoted_is_never_quoted_in_its_old_words(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    fused = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
    ranker = PassageReader(packaged_reader(), encoder, store.sentence_vectors)
    replaced = replace(HARBOUR, body="The new pier cost 45 million crowns, the harbour office said in a correction.")

    def rank_while_replacing(question, hits, **options):  # type: ignore[no-untyped-def]
        ranked = ranker.rank(question, hits, **options)
        store.put(encode_articles([delivered(replaced)], encoder))
        return ranked

    reply = pipeline_of(retriever=fused, rank=rank_while_replacing, store=store).invoke(
        ConversationTurn(Question("How much did the new pier cost?"))
    )
    assert isinstance(reply, Answer)
    assert "45 million" in reply.citations[0].text


def test_an_archive_that_never_holds_still_is_said_to_be_so(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    fused = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
    ranker = PassageReader(packaged_reader(), encoder, store.sentence_vectors)

    def rank_while_removing(question, hits, **options):  # type: ignore[no-untyped-def]
        ranked = ranker.rank(question, hits, **options)
        bodies.append(f"The new pier cost {len(bodies)}7 million crowns.")
        store.put(encode_articles([delivered(replace(HARBOUR, body=bodies[-1]))], encoder))
        return ranked

    bodies: list[str] = []
    with pytest.raises(StoreError, match="changing"):
        pipeline_of(retriever=fused, rank=rank_while_removing, store=store).invoke(
            ConversationTurn(Question("How much did the new pier cost?"))
        )


@pytest.mark.parametrize("text", ["How much did the new pier cost?", "What is the capital of Australia?"])
def test_an_article_withdrawn_while_it_is_quoted_is_in_no_reply(
    store: CatalogueStore, encoder: SentenceEncoder, book: NoticeStore, text: str
) -> None:
    ranker = PassageReader(packaged_reader(), encoder, store.sentence_vectors)

    def rank_while_withdrawing(question, hits, **options):  # type: ignore[no-untyped-def]
        ranked = ranker.rank(question, hits, **options)
        if not book.history():
            book.add(Notice("harbour", NoticeKind.WITHDRAWAL, "why", "ana", NOW))
        return ranked

    fused = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
    reply = pipeline_of(retriever=fused, rank=rank_while_withdrawing, store=store).invoke(
        ConversationTurn(Question(text))
    )
    assert "harbour" not in json.dumps(reply_json(reply, id=None, seconds=0))
    assert "pier" not in reply_text(reply)


def test_an_article_corrected_while_it_is_quoted_is_quoted_with_it(
    store: CatalogueStore, encoder: SentenceEncoder, book: NoticeStore
) -> None:
    ranker = PassageReader(packaged_reader(), encoder, store.sentence_vectors)

    def rank_while_correcting(question, hits, **options):  # type: ignore[no-untyped-def]
        ranked = ranker.rank(question, hits, **options)
        if not book.history():
            book.add(Notice("harbour", NoticeKind.CORRECTION, "It cost 45 million.", "ana", NOW, date(2010, 5, 6)))
        return ranked

    fused = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
    chain = pipeline_of(retriever=fused, rank=rank_while_correcting, store=store)
    reply = chain.invoke(ConversationTurn(Question("How much did the new pier cost?")))
    lines = reply_text(reply).splitlines()
    assert lines[0] == "Correction, 6 May 2010: It cost 45 million."
    assert lines[1].startswith("Harbour Post, 4 May 2010: “The new pier cost 31 million crowns")
    citation = reply_json(reply, id=None, seconds=0)["citations"][0]  # type: ignore[index]
    assert citation["correction"] == {"text": "It cost 45 million.", "date": "2010-05-06"}


def test_only_an_answer_held_to_one_event_takes_the_place_of_one_on_several() -> None:
    source = Source("a", "Raids", "Post")
    heron, gull = (
        Statement("12.", (Citation(1, source, 0, 3, "12."),), Event(name, day))
        for name, day in (("Operation Heron", "2010-01-01"), ("Operation Gull", "2011-01-01"))
    )
    held = (Limit(Inference.EVENT, "Operation Heron"),)
    of_one = Answer(Question("How many?"), (heron,), limits=held)
    assert is_of_event(of_one)
    assert not is_of_event(replace(of_one, limits=()))
    assert not is_of_event(replace(of_one, statements=(heron, gull)))


def test_the_road_batches_like_any_runnable(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    chain = road(store, encoder)
    replies = chain.batch(
        [
            ConversationTurn(Question("Who opened the pier?")),
            ConversationTurn(Question("What is the capital of Australia?")),
        ]
    )
    assert [type(reply) for reply in replies] == [Answer, Refusal]
    assert list(chain.stream(ConversationTurn(Question("Who opened the pier?")))) == [replies[0]]


def test_text_and_json_carry_lead_quote_and_mark(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    reply = ask(store, encoder, "How much did the new pier cost?")
    value = reply_json(reply, id="7", seconds=0.1)
    line = "Harbour Post, 4 May 2010: “The new pier cost 31 million crowns, the harbour office said.” [1]"
    assert reply_text(reply).splitlines()[:2] == ["“31 million crowns” (Harbour Post, 4 May 2010)", line]
    assert value["direct"] == {"text": "31 million crowns", "sure": True, "citation": 1, "others": 0}
    assert value["id"] == "7"
    assert value["answered"] is True
    refused = reply_json(ask(store, encoder, "What is the capital of Australia?"), id=None, seconds=0.1)
    assert refused["answered"] is False
    assert refused["citations"] == []
    assert "2 articles" in str(refused["text"])


def test_a_refusal_shows_no_words_that_do_not_stand_in_their_article(store: CatalogueStore) -> None:
    source, words = BRIDGE.source, "The old bridge is closed for six weeks."

    def refusal(text: str) -> Refusal:
        near = Citation(1, source, 0, len(words), text)
        return Refusal(Question("Why?"), "Too weak.", (source,), Coverage(2), closest=(near,))

    assert verified(refusal(words), store.article)
    assert not verified(refusal(words.replace("six", "two")), store.article)


def test_what_is_told_in_steps_is_given_to_no_language_model(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    plain = ask(store, encoder, "Who opened the pier?")
    assert isinstance(plain, Answer)
    told = replace(plain, intent=Intent.OVERVIEW)
    step = Mock(compose=lambda evidence: ComposedReply(told))
    writer = Mock(answers=Mock(side_effect=AssertionError("asked to write")))
    pipeline = Pipeline(analyze=Mock(), retrieve=Mock(), compose=step, article=store.article, generate=writer)
    assert pipeline.invoke("What is this about?") == told
