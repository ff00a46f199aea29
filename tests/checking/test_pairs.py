"""The pairs and the mutants are what they are said to be; no check is asked here."""

from __future__ import annotations

from collections import Counter

from tests.checking.measuring import archive_cases, sampled
from tests.checking.mutating import CATEGORIES, MOST
from tests.checking.mutations.said import words_of
from tests.checking.pairs import articles, held_origins, origins_in, read_pairs
from tests.checking.restating import pairs_by_rule

FEWEST = {"numbers": 100, "dates": 100, "names": 100, "places": 100, "negation": 100, "status": 50, "attribution": 100}
"""Mutants of the held part that a share of 99 or 90 per cent can be told by."""


def test_origins_are_sentences_of_the_archive() -> None:
    held = {one for article in articles().values() for one in origins_in(article)}
    for pair in read_pairs():
        assert set(pair.origins) <= held, pair.restatement


def test_counts() -> None:
    pairs = read_pairs()
    by = Counter(pair.by for pair in pairs)
    assert len(pairs) >= 500
    assert by["hand"] >= 220
    assert len({(pair.origins, pair.restatement) for pair in pairs}) == len(pairs)
    spanish = {one.article_id for one in articles().values() if one.source.language == "es"}
    assert sum(one.language == "en" and one.origins[0].article_id in spanish for one in pairs) >= 30


def test_a_quarter_is_held_and_no_sentence_is_on_both_sides() -> None:
    pairs = read_pairs()
    held = held_origins(pair.origins for pair in pairs)
    for pair in pairs:
        assert {one in held for one in pair.origins} == {pair.held}, pair.restatement
    for by in ("hand", "rule"):
        share = sum(pair.held for pair in pairs if pair.by == by) / sum(pair.by == by for pair in pairs)
        assert 0.2 <= share <= 0.3, by


def test_pairs_by_rule_are_what_the_rules_give() -> None:
    ruled = [pair for pair in read_pairs() if pair.by == "rule"]
    stored = [(pair.origins[0], pair.language, pair.how, pair.restatement) for pair in ruled]
    assert stored == list(pairs_by_rule())


def test_restatements_differ_from_their_origins() -> None:
    for pair in read_pairs():
        assert pair.restatement not in {one.text for one in pair.origins}


def test_mutants_say_something_else_than_any_faithful_sentence() -> None:
    for case in archive_cases():
        faithful = {tuple(words_of(text)) for _, text in case.faithful} | {
            tuple(words_of(one.text)) for one in case.grounds
        }
        for mutant in case.mutants:
            assert tuple(words_of(mutant.text)) not in faithful, mutant


def test_every_category_has_mutants_in_both_parts() -> None:
    found = Counter((case.part, mutant.category) for case in archive_cases() for mutant in case.mutants)
    for category in CATEGORIES:
        assert found["tuning", category] > 0, category
        assert found["held", category] >= FEWEST.get(category, 1), category


def test_the_sample_is_the_same_every_time_and_no_larger_than_asked() -> None:
    once, again = (sampled(archive_cases(), MOST) for _ in range(2))
    assert once == again
    found = Counter((case.part, mutant.category) for case in once for mutant in case.mutants)
    assert max(found.values()) <= MOST
