"""Properties of passages, with a count of words and with the encoder's own tokenizer."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.encoding.sentence_encoder import SentenceEncoder
from qa.models.archive import Article, Passage, Source
from qa.text.sentences import CONTEXT_TOKENS, TARGET_TOKENS, cut_passages, sentence_spans
from tests.fakes import FakeEncoder

count = FakeEncoder().count_tokens
words = st.sampled_from(
    ["The", "mayor", "opened", "bridge.", "It", "cost", "3.5", "pct,", "“why?”", "El", "año", "Mr.", "!", "\n\n",
     "internationalisation", "字字字字", "🙂", "p.m."]
)  # fmt: skip
bodies = st.lists(words, max_size=300).map(" ".join)


def story(body: str, *, title: str = "Title", published: date | None = date(1987, 2, 26)) -> Article:
    return Article(Source("a", title, "Post", published=published), body)


def sound(article: Article, passages: list[Passage]) -> None:
    """Slices, in order, that cover every sentence's text once."""
    end = 0
    for passage in passages:
        assert passage.text == article.body[passage.start : passage.end]
        assert passage.start >= end
        assert passage.sentences
        assert (passage.sentences[0].start, passage.sentences[-1].end) == (passage.start, passage.end)
        end = passage.end
    pieces = [span for passage in passages for span in passage.sentences]
    assert pieces == sorted(pieces)
    covered = {at for span in pieces for at in range(span.start, span.end)}
    assert sum(span.end - span.start for span in pieces) == len(covered), "no character twice"
    for sentence in sentence_spans(article.body):
        inside = [span for span in pieces if span.within(sentence)]
        assert inside[0].start == sentence.start
        assert inside[-1].end == sentence.end
        missing = set(range(sentence.start, sentence.end)) - covered
        assert not any(article.body[at].strip() for at in missing)


@given(bodies, st.integers(3, 60))
def test_passages_are_whole_sentences_within_the_budget(body: str, budget: int) -> None:
    article = story(body)
    passages = cut_passages(article, count, budget=budget)
    sound(article, passages)
    assert all(tokens <= budget for tokens in count([passage.text for passage in passages]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies, title=st.integers(1, 100).map(lambda n: " ".join(["Headline"] * n)))
def test_the_encoder_reads_headline_and_passage_to_the_end(encoder: SentenceEncoder, body: str, title: str) -> None:
    article = story(body, title=title)
    passages = cut_passages(article, encoder.count_tokens)
    sound(article, passages)
    read = encoder.count_tokens([passage.heading + passage.text for passage in passages])
    assert all(tokens <= CONTEXT_TOKENS <= encoder.max_tokens - 2 for tokens in read)


def test_passages_are_filled() -> None:
    article = story("The mayor opened the bridge again. " * 200)
    passages = cut_passages(article, count)
    sizes = count([passage.text for passage in passages])
    assert all(size > TARGET_TOKENS - 8 for size in sizes[:-1])


def test_a_short_article_is_one_passage() -> None:
    (passage,) = cut_passages(story("The mayor spoke. Nobody listened."), count)
    assert passage.passage_id == "a:0-33"
    assert [passage.slice(span) for span in passage.sentences] == ["The mayor spoke.", "Nobody listened."]


@pytest.mark.parametrize("body", ["", "  ", "\n\n"])
def test_nothing_gives_no_passages(body: str) -> None:
    assert cut_passages(story(body), count) == []


def test_a_sentence_over_the_budget_is_cut_at_its_clauses() -> None:
    article = story("Present were " + ", ".join(f"number {i}" for i in range(30)) + ".")
    passages = cut_passages(article, count, budget=20)
    sound(article, passages)
    assert len(passages) > 3
    assert all(passage.text.endswith((",", ".")) for passage in passages)


def test_the_heading_says_headline_and_date() -> None:
    def heading(article: Article) -> str:
        return cut_passages(article, count)[0].heading

    assert heading(story("Body.")) == "Title. 26 February 1987. "
    assert heading(story("Body.", published=None)) == "Title. "
    assert heading(story("Title")) == ""
