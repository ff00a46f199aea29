"""How surely a sentence answers: by the reader, and by how near it is."""

from __future__ import annotations

from qa.answering.selecting import ANSWERS, PACKAGED
from qa.models.archive import Passage, Source, Span
from qa.models.replies import Hit, SentenceHit


def likelihood(*, margin: float = 0.0, sentence: float = 0.6) -> float:
    found = Hit(Passage(Source("a", "A", "Post"), 0, 5, "Text.", (Span(0, 5),)), 1.0)
    return PACKAGED.of(SentenceHit(found, Span(0, 5), margin, sentence))


def test_a_surer_reading_and_a_nearer_sentence_count_for_it() -> None:
    assert likelihood(margin=4) > likelihood() > likelihood(margin=-4)
    assert likelihood(sentence=0.7) > likelihood() > likelihood(sentence=0.5)


def test_a_sure_reading_answers_and_one_against_it_does_not() -> None:
    assert likelihood(margin=8) > ANSWERS > likelihood(margin=-8)
