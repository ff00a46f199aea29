"""Putting, replacing, removing and finding, over each kind of vector index."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from qa.errors import NotFound, ShelfMismatch
from qa.models.archive import Coverage, Status
from qa.models.dates import Dates
from qa.protocols import Stored
from qa.store.shelf import StoredShelf
from tests.fakes import DIMENSION, FakeEncoder, article, shelved

BRIDGE = article("bridge", "The mayor opened the bridge. It cost nine pounds.", published=date(1987, 2, 26))
RIVER = article("river", "The river rose by three metres.", published=date(1990, 1, 1))
UNDATED = article("undated", "The mayor spoke about the river.")
HIDDEN = article("hidden", "The mayor was named in error.", status=Status.WITHHELD, published=date(2001, 1, 1))
BLANK = article("blank", "", title="(no headline)")
ALL = (BRIDGE, RIVER, UNDATED, HIDDEN, BLANK)


def near(shelf: StoredShelf, words: str, *, limit: int = 10, between: Dates = Dates()) -> list[str]:  # noqa: B008
    hits = shelf.near(FakeEncoder().encode([words])[0], limit=limit, between=between)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return [hit.passage.source.article_id for hit in hits]


def matching(shelf: StoredShelf, *terms: str, limit: int = 10, between: Dates = Dates()) -> list[str]:  # noqa: B008
    hits = shelf.matching(terms, limit=limit, between=between)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.score > 0 for hit in hits)
    return [hit.passage.source.article_id for hit in hits]


def test_an_empty_shelf(shelf: StoredShelf) -> None:
    assert near(shelf, "mayor") == []
    assert matching(shelf, "mayor") == []
    assert shelf.coverage() == Coverage(0)
    assert shelf.sources() == []
    assert shelf.rarity("mayor") >= 0
    assert shelf.check() == []
    with pytest.raises(NotFound, match="qa list"):
        shelf.article("bridge")


def test_what_is_put_comes_back_whole(shelf: StoredShelf) -> None:
    shelf.put(shelved(ALL, path="news/a.txt"))
    for one in ALL:
        assert shelf.original(one.article_id) == one
        assert shelf.original(one.article_id).digest == one.digest
        if one is not HIDDEN:
            assert shelf.article(one.article_id) == one
    assert shelf.stored(["bridge", "none"]) == {"bridge": Stored(BRIDGE.digest, "news/a.txt")}
    assert [source.article_id for source, _ in shelf.sources()] == ["blank", "bridge", "hidden", "river", "undated"]
    assert shelf.check() == []


def test_passages_come_back_as_they_were_cut(shelf: StoredShelf) -> None:
    batch = shelved([BRIDGE])
    shelf.put(batch)
    (hit,) = shelf.matching(["bridge"], limit=5)
    assert hit.passage == batch[0].passages[0]
    (hit,) = shelf.near(batch[0].vectors[0], limit=5)
    assert hit.passage == batch[0].passages[0]
    assert hit.score == pytest.approx(1, abs=1e-3)


def test_only_articles_that_nobody_finds_can_be_put(shelf: StoredShelf) -> None:
    shelf.put(shelved([HIDDEN, BLANK]))
    assert near(shelf, "mayor") == matching(shelf, "mayor", "headline") == []
    assert shelf.article("blank") == BLANK
    with pytest.raises(NotFound):
        shelf.article("hidden")
    assert shelf.check() == []


def test_coverage_counts_what_readers_may_see(shelf: StoredShelf) -> None:
    shelf.put(shelved(ALL))
    assert shelf.coverage() == Coverage(4, date(1987, 2, 26), date(1990, 1, 1))


RANGES = [
    (Dates(), {"bridge", "river", "undated"}),
    (Dates(first=date(1987, 2, 26)), {"bridge", "river"}),
    (Dates(first=date(1987, 2, 27)), {"river"}),
    (Dates(last=date(1987, 2, 26)), {"bridge"}),
    (Dates(last=date(1987, 2, 25)), set()),
    (Dates(date(1988, 1, 1), date(1990, 1, 1)), {"river"}),
    (Dates(date(1995, 1, 1), date(2005, 1, 1)), set()),
]


@pytest.mark.parametrize(("between", "expected"), RANGES)
def test_dates_are_inclusive_and_leave_the_undated_out(shelf: StoredShelf, between: Dates, expected: set[str]) -> None:
    shelf.put(shelved(ALL))
    assert set(near(shelf, "the mayor and the river", between=between)) == expected
    assert set(matching(shelf, "mayor", "river", between=between)) == expected


def test_a_narrow_range_is_found_among_many_that_are_nearer(shelf: StoredShelf) -> None:
    shelf.put(shelved([article(f"n{i}", "The mayor opened the bridge.") for i in range(60)] + [RIVER]))
    assert near(shelf, "The mayor opened the bridge", limit=2, between=Dates(first=date(1989, 1, 1))) == ["river"]


def test_the_best_come_first_and_no_more_than_asked(shelf: StoredShelf) -> None:
    shelf.put(shelved(ALL))
    assert near(shelf, "The river rose by three metres", limit=1) == ["river"]
    assert matching(shelf, "river", "metres", limit=1) == ["river"]
    assert len(near(shelf, "mayor", limit=2)) == 2


@pytest.mark.parametrize("term", ['"', "'", "NEAR(", "a OR b", "*", "title:mayor", "-mayor", "👍", "l'été", ""])
def test_no_word_is_read_as_an_operator(shelf: StoredShelf, term: str) -> None:
    shelf.put(shelved([RIVER]))
    assert matching(shelf, term, "river") == ["river"]
    assert shelf.rarity(term) >= 0


def test_endings_and_accents_do_not_matter_to_words(shelf: StoredShelf) -> None:
    shelf.put(shelved([article("es", "El juez ordenó la detención en Pontevedra.")]))
    assert matching(shelf, "detencion") == ["es"]
    assert matching(shelf, "DETENCIÓN") == ["es"]


def test_a_rare_word_weighs_more(shelf: StoredShelf) -> None:
    shelf.put(shelved([article(f"a{i}", f"The mayor spoke. {'A heron.' if i == 3 else ''}") for i in range(9)]))
    assert shelf.rarity("unknown") > shelf.rarity("heron") > shelf.rarity("mayor") >= 0
    shelf.put(shelved([article("more", "A heron and a heron.")]))
    assert shelf.rarity("heron") == pytest.approx(np.log(1 + (10 - 2 + 0.5) / 2.5))


def test_a_replaced_article_is_found_by_its_new_words_only(shelf: StoredShelf) -> None:
    shelf.put(shelved(ALL))
    corrected = article("river", "The stream fell by one inch.", published=date(1990, 1, 1))
    shelf.put(shelved([corrected]))
    assert shelf.article("river") == corrected
    assert matching(shelf, "metres") == []
    assert matching(shelf, "stream") == ["river"]
    assert near(shelf, "river").count("river") == 1
    assert shelf.check() == []


def test_vectors_that_were_dropped_hide_nobody(shelf: StoredShelf) -> None:
    """A live blog: changed so often that its former vectors outnumber all that is asked of the index."""
    others = [article(f"o{i}", f"Number {i} is about something else, {i * 7}.") for i in range(40)]
    shelf.put(shelved(others))
    for turn in range(12):
        shelf.put(shelved([article("blog", f"The bridge is open, says the mayor {turn}.")]))
    assert near(shelf, "The bridge is open, says the mayor", limit=1) == ["blog"]
    assert len(near(shelf, "The bridge is open, says the mayor", limit=41)) == 41


def test_a_removed_article_is_gone(shelf: StoredShelf) -> None:
    shelf.put(shelved(ALL))
    shelf.remove("bridge")
    assert "bridge" not in near(shelf, "mayor opened the bridge") + matching(shelf, "bridge", "mayor")
    for again in (shelf.article, shelf.remove):
        with pytest.raises(NotFound):
            again("bridge")
    assert shelf.check() == []


def test_a_withdrawn_article_is_no_longer_found(shelf: StoredShelf) -> None:
    shelf.put(shelved([RIVER]))
    shelf.put(shelved([article("river", RIVER.body, status=Status.WITHHELD)]))
    assert near(shelf, "river") == matching(shelf, "river") == []
    assert shelf.coverage().articles == 0
    assert shelf.check() == []


def test_tidying_writes_a_new_generation_once_enough_is_stale(shelf: StoredShelf) -> None:
    shelf.put(shelved([article(f"a{i}", f"Sentence number {i}.") for i in range(10)]))
    shelf.put(shelved([article("a1", "Changed once.")]))
    shelf.tidy()
    assert shelf._index.count() == 11
    shelf.put(shelved([article(f"a{i}", f"Changed again, {i}.") for i in range(3)]))
    shelf.tidy()
    assert shelf._index.count() == 10
    assert len(near(shelf, "changed", limit=20)) == 10
    assert shelf.check() == []


def test_a_rebuilt_index_leaves_one_folder(shelf: StoredShelf, tmp_path: Path) -> None:
    shelf.put(shelved(ALL))
    before = near(shelf, "mayor river")
    for _ in range(3):
        shelf.rebuild()
    assert near(shelf, "mayor river") == before
    assert len(list(tmp_path.glob("vectors/*"))) in (0, 1)  # the fake has none
    assert shelf.check() == []


def test_another_encoder_is_refused(shelf: StoredShelf) -> None:
    shelf.put(shelved([RIVER]))
    for refused in (shelf.claim, shelf.require):
        with pytest.raises(ShelfMismatch, match=r"fake:64:0.*other:64:0.*qa reencode"):
            refused("other:64:0")


def test_reencoding_takes_the_other_encoder_on(shelf: StoredShelf) -> None:
    shelf.put(shelved(ALL))
    mirrored = shelved(ALL)
    for one in mirrored:
        one.vectors[:] = -one.vectors
    shelf.reencode("mirror:64:0", [mirrored[:2], mirrored[2:]])
    shelf.require("mirror:64:0")
    (best, *_) = shelf.near(-FakeEncoder().encode([RIVER.body])[0], limit=3)
    assert best.passage.source.article_id == "river"
    assert best.score > 0.5
    assert shelf._index.count() == 4
    assert shelf.check() == []


def test_vectors_have_the_encoders_length(shelf: StoredShelf) -> None:
    shelf.put(shelved(ALL))
    numbers, vectors = shelf._catalogue.vectors(shelf._catalogue.numbers())
    assert vectors.shape == (len(numbers), DIMENSION)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_coverage_in_words() -> None:
    day = date(2005, 3, 17)
    assert Coverage(1, day, day).text == "1 article, 17 March 2005"
    assert Coverage(2, day, date(2005, 3, 18)).text == "2 articles, 17 March 2005 to 18 March 2005"
    assert Coverage(3).text == "3 articles"
