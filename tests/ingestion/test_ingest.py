from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from qa.errors import NotFound, StoreMismatch
from qa.ingestion import ingest as ingest_module
from qa.ingestion.ingest import Ingestion, encode_articles
from qa.loaders.reading import read
from qa.models.annotations import Annotations
from qa.models.archive import Article, Status
from qa.models.deliveries import Delivery, Failure, IngestReport, Remark
from qa.protocols import IndexedArticle, Vectors
from qa.store.document_store import CatalogueStore
from qa.text.annotating import VERSION
from tests.fakes import DIMENSION, FakeEncoder, FakeGenerations, article, delivered

Fill = Callable[..., IngestReport]
SPANISH = "El ministro presentó ayer en Madrid un plan para mejorar los puertos y las carreteras de la costa."
ENGLISH = "The minister presented a plan in Madrid yesterday to improve the harbours and the roads of the coast."
BODY = "The mayor opened the bridge. It cost nine pounds."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogueStore]:
    made = CatalogueStore(tmp_path / "c.sqlite3", FakeGenerations())
    yield made
    made.close()


@pytest.fixture
def fill(store: CatalogueStore) -> Fill:
    """Ingests into the one store of the test."""

    def filling(*records: Delivery | Failure, encoder: FakeEncoder | None = None, **more: object) -> IngestReport:
        return Ingestion(store, encoder or FakeEncoder(), **more).run(iter(records))  # type: ignore[arg-type]

    return filling


def counts(report: IngestReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, len(report.failed)


def test_a_run_again_changes_and_loads_nothing(fill: Fill, store: CatalogueStore) -> None:
    records = [delivered(article(f"a{i}", f"{BODY} {i}.")) for i in range(5)]
    first = fill(*records)
    assert counts(first) == (5, 0, 0, 0)
    assert first.passages == 5
    before = store.numbers()
    encoder = FakeEncoder(name="another")
    again = fill(*records, encoder=encoder)
    assert counts(again) == (0, 0, 5, 0)
    assert (again.passages, encoder.calls) == (0, 0)
    assert store.numbers() == before


def test_another_encoder_encodes_nothing(fill: Fill) -> None:
    fill(delivered(article("a", BODY)))
    encoder = FakeEncoder(name="another")
    with pytest.raises(StoreMismatch):
        fill(delivered(article("b", BODY)), encoder=encoder)
    assert encoder.calls == 0


@pytest.mark.parametrize(
    "changed",
    [
        article("a", f"{BODY} Corrected."),
        article("a", BODY, title="Another headline"),
        article("a", BODY, outlet="Times"),
        article("a", BODY, published=date(2005, 3, 17)),
        article("a", BODY, status=Status.WITHHELD),
    ],
    ids=["text", "headline", "outlet", "date", "status"],
)
def test_any_change_is_an_update(fill: Fill, store: CatalogueStore, changed: object) -> None:
    fill(delivered(article("a", BODY)))
    assert counts(fill(delivered(changed))) == (0, 1, 0, 0)  # type: ignore[arg-type]
    assert store.original("a") == changed
    assert store.check() == []


def test_the_path_alone_is_no_change(fill: Fill) -> None:
    fill(delivered(article("a", BODY), path="here.txt"))
    assert counts(fill(delivered(article("a", BODY), path="there.txt"))) == (0, 0, 1, 0)


@pytest.mark.parametrize("batch", [1, 128])
def test_one_id_for_two_texts_keeps_the_first(
    fill: Fill, store: CatalogueStore, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest_module, "BATCH", batch)
    first, second = article("a", BODY), article("a", "Another text.")
    report = fill(
        Delivery(first, "x.jsonl", 1), Delivery(second, "x.jsonl", 2), Delivery(first, "x.jsonl", 3),
        Delivery(article("b", BODY), "x.jsonl", 4),
    )  # fmt: skip
    assert counts(report) == (2, 0, 1, 1)
    (failure,) = report.failed
    assert (failure.path, failure.line) == ("x.jsonl", 2)
    assert "'a'" in failure.reason
    assert "x.jsonl, line 1" in failure.reason
    assert store.article("a") == first


def test_two_texts_in_the_order_of_an_update(fill: Fill, store: CatalogueStore) -> None:
    """The stored text is no longer delivered first: what this run said first counts."""
    fill(delivered(article("a", "Old text.")))
    assert counts(fill(delivered(article("a", BODY)), delivered(article("a", "Old text.")))) == (0, 1, 0, 1)
    assert store.article("a").body == BODY


def test_an_id_made_from_a_name_takes_no_other_files_place(fill: Fill, store: CatalogueStore) -> None:
    fill(delivered(article("report", BODY), path="2004/report.txt", id_is_derived=True))
    report = fill(delivered(article("report", "Another year."), path="2005/report.txt", id_is_derived=True))
    assert counts(report) == (0, 0, 0, 1)
    assert "2004/report.txt" in report.failed[0].reason
    assert "an id of its own" in report.failed[0].reason
    assert store.article("report").body == BODY
    update = fill(delivered(article("report", "Corrected."), path="./2004/report.txt", id_is_derived=True))
    assert counts(update) == (0, 1, 0, 0)


def test_a_stated_id_may_move_to_another_file(fill: Fill) -> None:
    fill(delivered(article("report", BODY), path="2004/report.txt"))
    assert counts(fill(delivered(article("report", "Another."), path="2005/x.txt"))) == (0, 1, 0, 0)


def test_withheld_articles_are_kept_and_never_found(fill: Fill, store: CatalogueStore) -> None:
    report = fill(delivered(article("a", BODY, status=Status.WITHHELD)))
    assert counts(report) == (1, 0, 0, 0)
    assert store.original("a").body == BODY
    assert store.matching(["mayor"], limit=5) == []
    with pytest.raises(NotFound):
        store.article("a")


def test_a_headline_only_is_found_as_itself(fill: Fill, store: CatalogueStore) -> None:
    fill(delivered(article("a", "BRIDGE OPENS IN PORTO", title="BRIDGE OPENS IN PORTO")))
    (hit,) = store.matching(["porto"], limit=5)
    assert hit.passage.text == "BRIDGE OPENS IN PORTO"
    assert store.article("a").headline_only


def test_an_empty_body_is_kept(fill: Fill, store: CatalogueStore) -> None:
    assert counts(fill(delivered(article("a", "")))) == (1, 0, 0, 0)
    assert counts(fill(delivered(article("a", "")))) == (0, 0, 1, 0)
    assert store.check() == []


def test_failures_and_notices_are_reported_in_order(fill: Fill) -> None:
    bad = [Failure("a.jsonl", 3, "broken"), Failure("b.txt", None, "empty")]
    noticed = Delivery(article("a", BODY), "c.txt", notices=("read as windows-1252",))
    report = fill(bad[0], noticed, bad[1])
    assert report.failed == bad
    assert report.notices == [Remark("c.txt", None, "read as windows-1252")]


def test_progress_counts_every_record(fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_module, "BATCH", 2)
    told: list[int] = []
    fill(*(delivered(article(f"a{i}", BODY)) for i in range(4)), Failure("x", 1, "bad"), progress=told.append)
    assert told == [2, 2, 1]


def test_what_was_reported_before_a_death_is_stored(
    fill: Fill, store: CatalogueStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest_module, "BATCH", 2)

    def cut_off() -> Iterator[Delivery]:
        for number in range(3):
            yield delivered(article(f"a{number}", BODY))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Ingestion(store, FakeEncoder()).run(cut_off())
    assert [source.article_id for source, _ in store.sources()] == ["a0", "a1"]
    assert store.check() == []


def passage_vectors(indexed: IndexedArticle) -> Vectors:
    return np.array([vectors.passage for vectors in indexed.vectors]).reshape(-1, DIMENSION)


def test_passages_are_encoded_with_headline_and_date() -> None:
    one = article("a", BODY, title="Bridge", published=date(1987, 2, 26))
    (made,) = encode_articles([delivered(one)], FakeEncoder())
    expected = FakeEncoder().encode([f"Bridge. 26 February 1987. {BODY}"])
    np.testing.assert_array_equal(passage_vectors(made), expected)
    assert made.passages[0].text == BODY
    (undated, headline) = encode_articles(
        [
            delivered(article("u", BODY, title="Bridge")),
            delivered(article("h", "Bridge", title="Bridge", published=date(1987, 2, 26))),
        ],
        FakeEncoder(),
    )
    np.testing.assert_array_equal(passage_vectors(undated), FakeEncoder().encode([f"Bridge. {BODY}"]))
    np.testing.assert_array_equal(passage_vectors(headline), FakeEncoder().encode(["Bridge"]))


def test_each_article_gets_its_own_vectors() -> None:
    long = article("long", "The mayor spoke about bridges again. " * 100)
    ones = [article("a", BODY), article("blank", ""), long, article("z", "The river rose.")]
    made = encode_articles([delivered(one) for one in ones], FakeEncoder())
    assert [len(one.passages) for one in made][:2] == [1, 0]
    assert len(made[2].passages) > 2
    for one in made:
        texts = [one.article.source.heading + passage.text for passage in one.passages]
        np.testing.assert_array_equal(passage_vectors(one), FakeEncoder().encode(texts).reshape(-1, DIMENSION))


def test_articles_read_by_an_earlier_version_are_read_anew(
    fill: Fill, store: CatalogueStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [delivered(article(f"a{i}", f"On Monday {12 + i} people were arrested.")) for i in range(3)]
    with monkeypatch.context() as earlier:
        earlier.setattr(ingest_module, "VERSION", -1)
        earlier.setattr(ingest_module, "annotate", lambda one: Annotations(-1))
        fill(*records)
    ids = [f"a{i}" for i in range(3)]
    assert [one.figures for one in store.annotations(ids).values()] == [()] * 3
    encoder = FakeEncoder()
    assert counts(fill(records[0], encoder=encoder)) == (0, 0, 1, 0)
    found = store.annotations(ids)
    assert {one.version for one in found.values()} == {VERSION}
    assert [found[one].figures[0].low for one in ids] == [12, 13, 14]
    assert encoder.calls == 0
    assert store.check() == []


def test_reading_anew_that_was_cut_off_goes_on_with_the_rest(
    fill: Fill, store: CatalogueStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(ingest_module, "VERSION", -1)
        earlier.setattr(ingest_module, "annotate", lambda one: Annotations(-1))
        fill(*(delivered(article(f"a{i}", f"{BODY} {i}.")) for i in range(3)))
    monkeypatch.setattr(ingest_module, "BATCH", 2)
    read: list[str] = []

    def dying(one: Article) -> Annotations:
        read.append(one.article_id)
        if len(read) == 3:
            raise KeyboardInterrupt
        return Annotations(VERSION)

    monkeypatch.setattr(ingest_module, "annotate", dying)
    with pytest.raises(KeyboardInterrupt):
        fill()
    assert store.outdated(VERSION) == ["a2"]
    fill()
    assert read == ["a0", "a1", "a2", "a2"]
    assert store.outdated(VERSION) == []


@pytest.mark.parametrize(
    ("text", "stated", "option", "language"),
    [
        (SPANISH, None, None, "es"),
        (ENGLISH, None, None, "en"),
        (SPANISH, "und", None, "es"),
        (SPANISH, "en", None, "en"),
        (ENGLISH, "es-MX", None, "es-mx"),
        (ENGLISH, "spa", None, "es"),
        (SPANISH, "es", "en", "es"),
        (ENGLISH, "Und", "es", "es"),
        ("Nota", None, None, "en"),
    ],
)
def test_a_language_is_recognised_where_none_is_stated_and_only_there(
    fill: Fill, store: CatalogueStore, tmp_path: Path, text: str, stated: str | None, option: str | None, language: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"id": "a", "title": "Plan", "text": text, "language": stated}))
    for _ in range(2):
        report = fill(*read(path, defaults={"language": option}))
        assert store.article("a").source.language == language
    assert counts(report) == (0, 0, 1, 0), "read again it is recognised as the same"


def test_the_articles_of_a_batch_are_taken_over_in_one_step(
    fill: Fill, store: CatalogueStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [delivered(article(f"a{i}", f"{BODY} {i}.")) for i in range(5)]
    fill(*records)
    steps: list[dict[str, str]] = []
    reassign = store.reassign
    monkeypatch.setattr(store, "reassign", lambda sources: (steps.append(dict(sources)), reassign(sources)))
    taken = [replace(record, source="wire") for record in records]
    assert counts(fill(*taken, prefixes={"wire": ""})) == (0, 0, 5, 0)
    assert steps == [{f"a{i}": "wire" for i in range(5)}]
    assert set(store.owners(["a0", "a4"]).values()) == {"wire"}
