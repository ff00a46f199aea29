"""Which stretches of articles a model is given: whole sentences around what was found, few of each article."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qa.answering.composing import ComposedReply
from qa.errors import NotFound
from qa.generation.prompt import LONGEST
from qa.generation.writer import MOST_PASSAGES, OF_ONE_ARTICLE, SENTENCES, Material, quote_of
from qa.models.archive import Article, Coverage, Passage, Source, Span
from qa.models.replies import Answer, Citation, Hit, Intent, Question, Refusal, SentenceHit, Statement
from qa.text.sentences import sentence_spans
from tests.fakes import FakeLibrary, article

LONG = article("long", " ".join(f"On day {number} the pier was measured by the office again." for number in range(40)))
QUESTION = Question("How long is the pier?")
REFUSED = Refusal(QUESTION, "why", (), Coverage(1, None, None))


def hit(of: Article, first: int, last: int) -> Hit:
    """A passage of some sentences of an article."""
    spans = sentence_spans(of.body)[first : last + 1]
    whole = Span(spans[0].start, spans[-1].end)
    return Hit(Passage(of.source, whole.start, whole.end, of.body[whole.start : whole.end], spans), 1.0)


def candidate(of: Article, number: int, likelihood: float = 0.5) -> SentenceHit:
    found = hit(of, 0, len(sentence_spans(of.body)) - 1)
    return SentenceHit(found, sentence_spans(of.body)[number], 0.0, likelihood=likelihood)


def days(material: Material) -> list[list[int]]:
    """The numbers of the sentences of each passage."""
    texts = (passage.text for passage in material.passages)
    return [[int(words.split()[0]) for words in text.split("day ")[1:]] for text in texts]


def material(*articles: Article, most: int = MOST_PASSAGES, **found: object) -> Material:
    return Material(ComposedReply(REFUSED, **found), FakeLibrary(*articles), most=most)  # type: ignore[arg-type]


def test_a_sentence_is_given_with_those_around_it() -> None:
    made = material(LONG, candidates=(candidate(LONG, 20),))
    assert days(made) == [[18, 19, 20, 21, 22]]
    (ground,) = made.passages
    quote = quote_of(ground)
    assert LONG.body[quote.start : quote.end] == quote.text == ground.text
    assert (ground.source, ground.start) == (quote.source, quote.start)


def test_what_overlaps_is_one_passage_as_long_as_it_may_be() -> None:
    made = material(LONG, candidates=(candidate(LONG, 20), candidate(LONG, 24), candidate(LONG, 21)))
    assert days(made) == [[*range(18, 27)]]
    many = material(LONG, candidates=tuple(candidate(LONG, number) for number in range(0, 40, 3)))
    assert all(len(quote.text) <= LONGEST for quote in many.passages)
    numbers = [number for passage in days(many) for number in passage]
    assert sorted(numbers) == sorted(set(numbers)), "none overlaps another"


def test_few_are_of_one_article_unless_there_is_no_other() -> None:
    far_apart = tuple(candidate(LONG, number) for number in (3, 11, 19, 27, 35))
    assert len(material(LONG, candidates=far_apart).passages) == 5
    other = article("other", "The pier was measured.")
    made = material(LONG, other, candidates=(*far_apart, candidate(other, 0)))
    assert [quote.source.article_id for quote in made.passages] == ["long"] * OF_ONE_ARTICLE + ["other"]


def test_there_are_so_many_and_no_more_the_best_first() -> None:
    articles = [article(f"a{number:02}", f"The pier was measured {number} times.") for number in range(20)]
    near = tuple(hit(one, 0, 0) for one in reversed(articles))
    made = material(*articles, candidates=(candidate(articles[5], 0),), near=near)
    names = [quote.source.article_id for quote in made.passages]
    assert names == ["a05", *(f"a{number:02}" for number in range(19, 8, -1))]
    assert len(made.passages) == MOST_PASSAGES


def test_a_passage_found_is_given_whole() -> None:
    assert days(material(LONG, near=(hit(LONG, 10, 16),))) == [[*range(10, 17)]]
    assert days(material(LONG, near=(hit(LONG, 10, 11),))) == [[*range(8, 8 + SENTENCES)]]


def test_no_sentence_that_the_staff_rejected_is_given() -> None:
    words = LONG.body[sentence_spans(LONG.body)[21].start :].split(". ")[0] + "."
    made = material(LONG, candidates=(candidate(LONG, 20), candidate(LONG, 21)), rejected=frozenset({("long", words)}))
    assert days(made) == [[17, 18, 19, 20]]


def test_what_is_told_in_steps_is_given_by_date() -> None:
    old, new = (
        Article(replace(article(name, "").source, published=day), "The pier was measured.")
        for name, day in (("z", date(2001, 1, 1)), ("a", date(2005, 1, 1)))
    )
    for intent, names in ((Intent.CHRONOLOGY, ["z", "a"]), (Intent.FACT, ["a", "z"])):
        made = material(old, new, candidates=(candidate(new, 0), candidate(old, 0)), intent=intent)
        assert [quote.source.article_id for quote in made.passages] == names


def test_it_is_known_how_likely_a_sentence_answers() -> None:
    spans = sentence_spans(LONG.body)
    quotes = [
        Citation(n, LONG.source, spans[n].start, spans[n].end, LONG.body[slice(*_ends(spans[n]))]) for n in (1, 9)
    ]
    answer = Answer(QUESTION, tuple(Statement(quote.text, (quote,), likelihood=0.1 * quote.number) for quote in quotes))
    composed = ComposedReply(answer, candidates=(candidate(LONG, 20, 0.4), candidate(LONG, 21, 0.2)))
    made = Material(composed, FakeLibrary(LONG))
    both = Citation(0, LONG.source, spans[20].start, spans[21].end, "")
    assert [made.likelihood(quote) for quote in (*quotes, both)] == [pytest.approx(0.1), pytest.approx(0.9), 0.4]


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def test_an_article_that_was_taken_back_is_noticed() -> None:
    with pytest.raises(NotFound):
        Material(ComposedReply(REFUSED, candidates=(candidate(LONG, 1),)), FakeLibrary())


def test_relative_dates_come_with_what_they_mean() -> None:
    told = Article(Source("told", "Pier", "Post", published=date(2010, 5, 4)), "The pier was opened yesterday.")
    (ground,) = material(told, candidates=(candidate(told, 0),)).passages
    assert [gloss.value for gloss in quote_of(ground).glosses] == ["2010-05-03"]
