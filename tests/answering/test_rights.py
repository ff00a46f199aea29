"""Of an article with a quote limit a reply shows no more words than that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.composing import free
from qa.answering.quoting import (
    NOT_QUOTABLE,
    RightsRetriever,
    article_within_rights,
    hits_within_rights,
    within_rights,
)
from qa.models.annotations import Stage
from qa.models.archive import Article, Coverage, Passage, Span, allowed_span
from qa.models.replies import (
    Answer,
    CaseStatus,
    Citation,
    Conflict,
    Event,
    Hit,
    Party,
    Question,
    Refusal,
    Reply,
    SentenceHit,
    Statement,
)
from qa.pipeline import verified
from qa.web.public import Dossier
from tests.fakes import article

ASKED = Question("What did the port do?")
BODY = "The port was shut for six days. It opened again on Monday, its owner says. Ships came in at once."


def limited(name: str, limit: int | None) -> Article:
    made = article(name, BODY)
    return replace(made, source=replace(made.source, quote_limit=limit))


def quote(of: Article, sentence: int, number: int = 1, marked: str = "") -> Citation:
    words = BODY.split(". ")[sentence].rstrip(".")
    start = BODY.index(words)
    at = BODY.index(marked, start) if marked else 0
    return Citation(number, of.source, start, start + len(words), words, Span(at, at + len(marked)) if marked else None)


def answer(*quotes: Citation, **more: object) -> Answer:
    return Answer(ASKED, tuple(Statement(one.text, (one,)) for one in quotes), **more)  # type: ignore[arg-type]


def shown(reply: Reply) -> Reply:
    return within_rights(reply, lambda: Coverage(3))


def test_what_has_no_limit_is_left_as_it_is() -> None:
    reply = answer(quote(limited("a", None), 0), quote(limited("b", None), 1, 2))
    assert shown(reply) is reply


def test_a_quote_is_cut_behind_its_last_word_that_may_be_shown() -> None:
    port = limited("a", 3)
    reply = shown(answer(quote(port, 0)))
    assert isinstance(reply, Answer)
    assert [(one.text, one.quotes[0].text) for one in reply.statements] == [("The port was", "The port was")]
    assert verified(reply, lambda name: port)
    assert "no more than 3 words" in reply.notices[0]


def test_the_words_that_answer_are_among_those_that_are_shown() -> None:
    reply = shown(answer(quote(limited("a", 2), 0, marked="six days")))
    assert isinstance(reply, Answer)
    assert reply.citations[0].text == "six days"
    assert reply.citations[0].marked is not None


def test_the_limit_is_that_of_the_whole_reply() -> None:
    port, other = limited("a", 9), limited("b", None)
    reply = shown(answer(quote(port, 0), quote(port, 1, 2), quote(port, 2, 3), quote(other, 2, 4)))
    assert isinstance(reply, Answer)
    assert [one.text for one in reply.statements] == [
        "The port was shut for six days",
        "It opened",
        "Ships came in at once",
    ]
    assert [one.number for one in reply.citations] == [1, 2, 3]


def test_what_is_quoted_twice_counts_once() -> None:
    port = limited("a", 7)
    case = CaseStatus(Event("Fire", None), Stage.CONVICTED, quote(port, 0), None)
    reply = shown(answer(quote(port, 0), cases=(case,)))
    assert isinstance(reply, Answer)
    assert [one.text for one in reply.statements] == ["The port was shut for six days"]
    assert [one.quote.text for one in reply.cases] == ["The port was shut for six days"]
    assert reply.notices == ()


def test_a_retriever_lends_no_more_words_than_may_be_shown() -> None:
    class Found:
        def find(self, question: Question, *, limit: int) -> list[Hit]:
            passage = Passage(limited("a", 3).source, 0, len(BODY), BODY, (Span(0, len(BODY)),))
            return [Hit(passage, 1.0)]

    assert [hit.passage.text for hit in RightsRetriever(Found()).find(ASKED, limit=1)] == ["The port was"]


def test_the_limit_is_that_of_a_dossier_over_several_answers() -> None:
    port, other = limited("port", 12), limited("other", None)
    quotes = [quote(port, 0), quote(port, 0), quote(port, 1), quote(other, 1), quote(port, 2)]
    made = Dossier("The port", quotes, {"port": port, "other": other}.__getitem__, base="")
    shown = [quote.citation for _, quotes in made.stops for quote, _ in quotes]
    words = [(citation.source.article_id, citation.text) for citation in shown]
    assert sum(len(text.split()) for name, text in words if name == "port") <= 12
    assert ("port", "The port was shut for six days") in words
    assert ("other", quote(other, 1).text) in words


def test_words_stand_by_themselves_only_where_no_others_may_answer() -> None:
    port = limited("port", None)
    sentence = Statement(BODY, (quote(port, 0, marked="six days"),))
    direct = answer(quote(port, 0, marked="six days")).direct
    assert direct
    assert direct.text == "six days"
    assert Answer(ASKED, (replace(sentence, text=sentence.quotes[0].text, exact=False),)).direct is None


def test_where_nothing_may_be_quoted_the_articles_are_named() -> None:
    port = limited("a", 0)
    reply = shown(answer(quote(port, 0), notices=("Old.",)))
    assert isinstance(reply, Refusal)
    assert (reply.reason, reply.nearest, reply.coverage) == (NOT_QUOTABLE, (port.source,), Coverage(3))
    assert reply.notices[0] == "Old."
    assert BODY[:12] not in str(reply.closest)


@pytest.mark.parametrize(("said", "numbers"), [(("one", "two", "three"), [2, 3]), (("one", "two", "two"), [])])
def test_a_conflict_needs_two_parties_that_may_be_quoted_and_differ(said: Sequence[str], numbers: list[int]) -> None:
    articles = limited("a", 0), limited("b", None), limited("c", None)
    parties = tuple(
        Party(1, words, False, None, None, quote(article, 0, number))
        for number, (article, words) in enumerate(zip(articles, said, strict=True), 2)
    )
    left = shown(answer(quote(articles[1], 2), conflicts=(Conflict("ports", None, parties),)))
    assert isinstance(left, Answer)
    assert [party.quote.number for party in left.parties] == numbers
    one = shown(answer(quote(articles[1], 2), conflicts=(Conflict("ports", None, parties[:2]),)))
    assert isinstance(one, Answer)
    assert one.conflicts == ()


def test_the_nearest_words_of_a_refusal_are_bounded_too() -> None:
    port, other = limited("a", 0), limited("b", None)
    refusal = Refusal(
        ASKED, "No.", (port.source, other.source), Coverage(2), closest=(quote(port, 0), quote(other, 0, 2))
    )
    reply = shown(refusal)
    assert isinstance(reply, Refusal)
    assert [(one.number, one.source.article_id) for one in reply.closest] == [(1, "b")]


def test_a_language_model_is_given_nothing_that_is_limited() -> None:
    def evidence(of: Article) -> SentenceHit:
        passage = Passage(of.source, 0, len(BODY), BODY, (Span(0, len(BODY)),))
        return SentenceHit(Hit(passage, 1.0), Span(0, len(BODY)), 2.0, likelihood=0.9)

    items = [evidence(limited("a", 40)), evidence(limited("b", None))]
    assert free(items) == tuple(items[1:])


@pytest.mark.parametrize("limit", [0, 1, 5, 1000])
def test_passages_and_pages_are_bounded(limit: int) -> None:
    port = limited("a", limit)
    passage = Passage(port.source, 0, len(BODY), BODY, (Span(0, 31), Span(32, 74)))
    (hit,) = hits_within_rights([Hit(passage, 1.0)])
    page = article_within_rights(port)
    for text in (hit.passage.text, page.body):
        assert len(text.split()) == min(limit, len(BODY.split()))
        assert BODY.startswith(text)
    assert hit.passage.text == BODY[: hit.passage.end]


@given(st.text(max_size=80), st.integers(0, 12), st.integers(0, 80), st.integers(0, 80))
def test_a_span_is_of_whole_words_and_within_the_limit(text: str, limit: int, start: int, length: int) -> None:
    around = Span(min(start, len(text)), min(start + length, len(text)))
    span = allowed_span(text, limit, around=around)
    if span is None:
        assert limit == 0 or not text.split()
        return
    cut = text[span.start : span.end]
    assert 1 <= len(cut.split()) <= limit
    assert cut == cut.strip()
    assert set(cut.split()) <= set(text.split())
