"""Dense and lexical search together: within a language by both, across languages by meaning."""

from __future__ import annotations

from qa.models.archive import Passage, Source
from qa.models.replies import Hit
from qa.retrieval.ranking import fused, standardised


def hit(name: str, score: float, language: str = "en") -> Hit:
    return Hit(Passage(Source(name, name, "Post", language=language), 0, 1, "x"), score)


def names(hits: list[Hit]) -> list[str]:
    return [found.passage.source.article_id for found in hits]


def test_what_both_find_comes_before_what_one_finds() -> None:
    dense = [hit("both", 0.9), hit("dense", 0.9), hit("other", 0.7)]
    lexical = [hit("both", 9.0), hit("lexical", 8.0)]
    assert names(fused(dense, lexical, language="en"))[0] == "both"
    assert set(names(fused(dense, lexical, language="en"))) == {"both", "dense", "other", "lexical"}


def test_words_do_not_count_against_a_passage_in_another_language() -> None:
    dense = [hit("far", 0.92, "es"), hit("near", 0.9), hit("last", 0.8)]
    lexical = [hit("last", 5.0)]
    assert names(fused(dense, lexical, language="en"))[0] == "far"


def test_the_cosine_goes_along_and_what_words_alone_found_has_none() -> None:
    hits = fused([hit("a", 0.9), hit("b", 0.8)], [hit("c", 4.0)], language="en")
    assert {found.passage.source.article_id: found.cosine for found in hits} == {"a": 0.9, "b": 0.8, "c": None}


def test_nothing_found_is_nothing() -> None:
    assert fused([], [], language="en") == []
    assert standardised([], []) == {}
    assert standardised([hit("a", 1.0)], ["a:0-1"]) == {"a:0-1": 0.0}


def test_a_passage_in_another_language_counts_its_meaning_twice() -> None:
    hits = fused([hit("far", 0.9, "es"), hit("last", 0.7)], [hit("near", 5.0), hit("last", 4.0)], language="en")
    scores = {found.passage.source.article_id: found.score for found in hits}
    dense = standardised([hit("far", 0.9), hit("last", 0.7)], ["far:0-1", "last:0-1", "near:0-1"])
    assert scores["far"] == 2 * dense["far:0-1"] > 0
