"""Putting, replacing, removing and finding, over each kind of vector index."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from qa.errors import NotFound, StoreMismatch
from qa.i18n.forms import coverage_text
from qa.models.archive import Coverage, Status
from qa.models.dates import Dates
from qa.protocols import Stored
from qa.store.archive_store import ArchiveStore
from tests.fakes import FakeEncoder, article, indexed
from tests.store.conftest import OF_FILES, OF_VECTORS

BRIDGE = article("bridge", "The mayor opened the bridge. It cost nine pounds.", published=date(1987, 2, 26))
RIVER = article("river", "The river rose by three metres.", published=date(1990, 1, 1))
UNDATED = article("undated", "The mayor spoke about the river.")
HIDDEN = article("hidden", "The mayor was named in error.", status=Status.WITHHELD, published=date(2001, 1, 1))
BLANK = article("blank", "", title="(no headline)")
ALL = (BRIDGE, RIVER, UNDATED, HIDDEN, BLANK)


def near(store: ArchiveStore, words: str, *, limit: int = 10, between: Dates = Dates()) -> list[str]:  # noqa: B008
    hits = store.near(FakeEncoder().encode([words])[0], limit=limit, between=between)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return [hit.passage.source.article_id for hit in hits]


def matching(store: ArchiveStore, *terms: str, limit: int = 10, between: Dates = Dates()) -> list[str]:  # noqa: B008
    hits = store.matching(terms, limit=limit, between=between)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.score > 0 for hit in hits)
    return [hit.passage.source.article_id for hit in hits]


def test_an_empty_store(store: ArchiveStore) -> None:
    assert near(store, "mayor") == []
    assert matching(store, "mayor") == []
    assert store.coverage() == Coverage(0)
    assert store.sources() == []
    assert store.idf("mayor") >= 0
    assert store.check() == []
    with pytest.raises(NotFound, match="qa list"):
        store.article("bridge")


def test_what_is_put_comes_back_whole(store: ArchiveStore) -> None:
    store.put(indexed(ALL, path="news/a.txt"))
    for one in ALL:
        assert store.original(one.article_id) == one
        assert store.original(one.article_id).digest == one.digest
        if one is not HIDDEN:
            assert store.article(one.article_id) == one
    assert store.stored(["bridge", "none"]) == {"bridge": Stored(BRIDGE.digest, "news/a.txt")}
    assert [source.article_id for source, _ in store.sources()] == ["blank", "bridge", "hidden", "river", "undated"]
    assert store.check() == []


def test_passages_come_back_as_they_were_cut(store: ArchiveStore) -> None:
    batch = indexed([BRIDGE])
    store.put(batch)
    (hit,) = store.matching(["bridge"], limit=5)
    assert hit.passage == batch[0].passages[0]
    (hit,) = store.near(batch[0].vectors[0].passage, limit=5)
    assert hit.passage == batch[0].passages[0]
    assert hit.score == pytest.approx(1, abs=1e-3)


def test_coverage_counts_what_readers_may_see(store: ArchiveStore) -> None:
    store.put(indexed(ALL))
    assert store.coverage() == Coverage(4, date(1987, 2, 26), date(1990, 1, 1))


RANGES = [
    (Dates(), {"bridge", "river", "undated"}),
    (Dates(first=date(1987, 2, 26)), {"bridge", "river"}),
    (Dates(first=date(1987, 2, 27)), {"river"}),
    (Dates(last=date(1987, 2, 26)), {"bridge"}),
    (Dates(last=date(1987, 2, 25)), set()),
    (Dates(date(1988, 1, 1), date(1990, 1, 1)), {"river"}),
    (Dates(date(1995, 1, 1), date(2005, 1, 1)), set()),
]


@OF_VECTORS
def test_dates_are_inclusive_and_leave_the_undated_out(store: ArchiveStore) -> None:
    store.put(indexed(ALL))
    for between, expected in RANGES:
        assert set(near(store, "the mayor and the river", between=between)) == expected
        assert set(matching(store, "mayor", "river", between=between)) == expected


@OF_VECTORS
def test_a_narrow_range_is_found_among_many_that_are_nearer(store: ArchiveStore) -> None:
    store.put(indexed([article(f"n{i}", "The mayor opened the bridge.") for i in range(60)] + [RIVER]))
    assert near(store, "The mayor opened the bridge", limit=2, between=Dates(first=date(1989, 1, 1))) == ["river"]


@OF_VECTORS
def test_the_best_come_first_and_no_more_than_asked(store: ArchiveStore) -> None:
    store.put(indexed(ALL))
    assert near(store, "The river rose by three metres", limit=1) == ["river"]
    assert matching(store, "river", "metres", limit=1) == ["river"]
    assert len(near(store, "mayor", limit=2)) == 2


def test_no_word_is_read_as_an_operator(store: ArchiveStore) -> None:
    store.put(indexed([RIVER]))
    for term in ('"', "'", "NEAR(", "a OR b", "*", "title:mayor", "-mayor", "👍", "l'été", ""):
        assert matching(store, term, "river") == ["river"], term
        assert store.idf(term) >= 0


def test_endings_and_accents_do_not_matter_to_words(store: ArchiveStore) -> None:
    store.put(indexed([article("es", "El juez ordenó la detención en Pontevedra.")]))
    assert matching(store, "detencion") == ["es"]
    assert matching(store, "DETENCIÓN") == ["es"]


def test_a_rare_word_weighs_more(store: ArchiveStore) -> None:
    store.put(indexed([article(f"a{i}", f"The mayor spoke. {'A heron.' if i == 3 else ''}") for i in range(9)]))
    assert store.idf("unknown") > store.idf("heron") > store.idf("mayor") >= 0
    store.put(indexed([article("more", "A heron and a heron.")]))
    assert store.idf("heron") == pytest.approx(np.log(1 + (10 - 2 + 0.5) / 2.5))


def test_a_replaced_article_is_found_by_its_new_words_only(store: ArchiveStore) -> None:
    store.put(indexed(ALL))
    corrected = article("river", "The stream fell by one inch.", published=date(1990, 1, 1))
    store.put(indexed([corrected]))
    assert store.article("river") == corrected
    assert matching(store, "metres") == []
    assert matching(store, "stream") == ["river"]
    assert near(store, "river").count("river") == 1
    assert store.check() == []


@OF_VECTORS
def test_vectors_that_were_dropped_hide_nobody(store: ArchiveStore) -> None:
    """A live blog: changed so often that its former vectors outnumber all that is asked of the index."""
    others = [article(f"o{i}", f"Number {i} is about something else, {i * 7}.") for i in range(40)]
    store.put(indexed(others))
    for turn in range(12):
        store.put(indexed([article("blog", f"The bridge is open, says the mayor {turn}.")]))
    assert near(store, "The bridge is open, says the mayor", limit=1) == ["blog"]
    assert len(near(store, "The bridge is open, says the mayor", limit=41)) == 41


@OF_VECTORS
def test_a_removed_article_is_gone(store: ArchiveStore) -> None:
    store.put(indexed(ALL))
    store.remove("bridge")
    assert "bridge" not in near(store, "mayor opened the bridge") + matching(store, "bridge", "mayor")
    for again in (store.article, store.remove):
        with pytest.raises(NotFound):
            again("bridge")
    assert store.check() == []


@OF_FILES
def test_a_new_generation_is_built_once_enough_of_the_former_was_dropped(store: ArchiveStore) -> None:
    store.put(indexed([article(f"a{i}", f"Sentence number {i}.") for i in range(10)]))
    store.rebuild()
    generation = store.published().generation
    store.set_aside(store.rows("SELECT number FROM articles LIMIT 1")[0]["number"])
    store.finish()
    assert (store.published().generation, store.published().size) == (generation, 10)
    for number in range(1, 4):
        store.set_aside(store.rows("SELECT number FROM articles WHERE id = ?", (f"a{number}",))[0]["number"])
    store.finish()
    assert (store.published().generation, store.published().size) == (generation + 1, 6)
    assert len(near(store, "sentence", limit=20)) == 6


def test_another_encoder_is_refused(store: ArchiveStore) -> None:
    store.put(indexed([RIVER]))
    for refused in (store.claim, store.require):
        with pytest.raises(StoreMismatch, match=r"fake:64:0.*other:64:0.*qa reencode"):
            refused("other:64:0")


@OF_VECTORS
def test_reencoding_takes_the_other_encoder_on(store: ArchiveStore) -> None:
    store.put(indexed(ALL))
    mirrored = indexed(ALL)
    for one in mirrored:
        for vectors in one.vectors:
            vectors.passage[:] = -vectors.passage
    store.reencode("mirror:64:0", [mirrored[:2], mirrored[2:]])
    store.require("mirror:64:0")
    (best, *_) = store.near(-FakeEncoder().encode([RIVER.body])[0], limit=3)
    assert best.passage.source.article_id == "river"
    assert best.score > 0.5
    assert store.meta("encoder") == "mirror:64:0"
    assert store.published().size in (4, 0)  # PostgreSQL has no generations
    assert store.check() == []


def test_the_vectors_of_sentences_come_back_but_for_rounding(store: ArchiveStore) -> None:
    batch = indexed(ALL)
    store.put(batch)
    by_id = {item.article.article_id: item for item in batch}
    hidden = by_id.pop("hidden")
    assert {vectors.size for vectors in store.sentence_vectors(hidden.passages)} == {0}
    for item in by_id.values():
        for stored, vectors in zip(store.sentence_vectors(item.passages), item.vectors, strict=True):
            np.testing.assert_allclose((stored * vectors.sentences).sum(axis=1), 1, atol=1e-3)
    store.remove("river")
    assert {vectors.size for vectors in store.sentence_vectors(by_id["river"].passages)} == {0}


def test_the_sentences_of_an_article_that_was_replaced_meanwhile_have_no_vectors(store: ArchiveStore) -> None:
    (before,) = indexed([article("bridge", "The bridge is old. It was built in 1900. Trams use it. It is red.")])
    store.put([before])
    store.put(indexed([article("bridge", "The bridge is gone. Nobody saw it fall.")]))
    assert store.sentence_vectors(before.passages)[0].shape == (0, 0)


def test_an_archive_encoded_before_sentences_had_vectors_says_what_to_do_and_nothing_else(
    store: ArchiveStore,
) -> None:
    store.put(indexed(ALL))
    store.rows("DELETE FROM sentence_vectors")
    store.set_meta(encoder="fake:64:0, passages alone")
    with pytest.raises(StoreMismatch, match=r"encoded by an earlier version.*qa reencode"):
        store.require("fake:64:0")
    store.reencode("fake:64:0", [indexed(ALL)])
    store.require("fake:64:0")
    assert store.check() == []


def test_coverage_in_words() -> None:
    day = date(2005, 3, 17)
    assert coverage_text(Coverage(1, day, day)) == "1 article, 17 March 2005"
    assert coverage_text(Coverage(2, day, date(2005, 3, 18))) == "2 articles, 17 March 2005 to 18 March 2005"
    assert coverage_text(Coverage(3)) == "3 articles"
