"""Versions of an article, and what items say of other ones, on the way in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.errors import NotFound, Withdrawn
from qa.ingestion import ingest as ingest_module
from qa.ingestion.ingest import Ingestion
from qa.models.archive import Article, Metadata, Status
from qa.models.deliveries import Delivery, IngestReport, NoticeKind, Record, WireNotice
from qa.store.document_store import CatalogueStore
from qa.store.notices import NoticeStore
from tests.fakes import FakeEncoder, FakeGenerations, article, delivered

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
KILL = WireNotice("port", NoticeKind.WITHDRAWAL, "Sent by mistake.", "kill.xml", day=date(2026, 5, 3))


class Road:
    """Ingestion into one catalogue."""

    def __init__(self, folder: Path) -> None:
        self.store = CatalogueStore(folder / "c.sqlite3", FakeGenerations())
        self.book = NoticeStore(folder / "c.sqlite3")

    def __call__(self, *records: Record) -> IngestReport:
        hear = lambda order: self.book.hear(order, at=NOW)  # noqa: E731
        return Ingestion(self.store, FakeEncoder(), hear=hear).run(iter(records))

    def texts(self, article_id: str) -> list[str]:
        return [version.article.body for version in self.store.versions(article_id)]

    def close(self) -> None:
        self.store.close()
        self.book.close()


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with closing(Road(tmp_path)) as made:
        yield made


def port(words: str, **metadata: object) -> Article:
    return replace(article("port", words), metadata=Metadata(**metadata))  # type: ignore[arg-type]


def test_a_changed_text_is_kept_with_what_its_file_said(road: Road) -> None:
    first, second = port("The port is shut.", byline="A. Ruiz"), port("The port is open.")
    road(delivered(first, path="a.xml"))
    road(delivered(second, path="b.xml"))
    (version,) = road.store.versions("port")
    assert version.article == first
    assert (version.digest, version.path, version.number) == (first.digest, "a.xml", 1)
    assert road.store.article("port").source.version == 2
    assert road.store.article("port").source.credit.endswith(", version 2")


def test_what_leaves_the_words_as_they_are_makes_no_version(road: Road) -> None:
    road(delivered(port("The port is shut.")))
    road(delivered(port("The port is shut.", byline="A. Ruiz")))
    assert road.texts("port") == []
    assert road.store.article("port").source.version == 1


@pytest.mark.parametrize("batch", [1, 128])
@pytest.mark.parametrize("order", [(2, 1, 0), (1, 2, 0)])
def test_the_newest_version_stands_whatever_the_order(
    road: Road, order: tuple[int, ...], batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest_module, "BATCH", batch)
    words = [f"The port: report number {number}." for number in range(3)]
    versions = [
        port(text, version=str(9 + number), revised=datetime(2026, 5, 1 + number, tzinfo=UTC))
        for number, text in enumerate(words)
    ]
    report = road(*(delivered(versions[place]) for place in order))
    assert report.failed == []
    assert road.store.article("port").body == words[2]
    assert road.texts("port") == words[:2]
    assert road.store.article("port").source.version == 3


def test_an_older_version_that_comes_again_is_kept_once(road: Road) -> None:
    road(delivered(port("New words.", version="2")))
    old = delivered(port("Old words.", version="1"))
    assert [road(old).older, road(old).older] == [1, 0]
    assert road.store.article("port").body == "New words."
    assert road.texts("port") == ["Old words."]


def test_versions_that_cannot_be_compared_are_two_texts_of_one_id(road: Road) -> None:
    report = road(delivered(port("One.", version="a")), delivered(port("Two.", version="b")))
    assert (report.added, len(report.failed)) == (1, 1)


def test_a_kill_notice_takes_its_item_back(road: Road) -> None:
    road(delivered(port("The port is shut.")))
    assert road(KILL).orders == [KILL]
    with pytest.raises(Withdrawn) as taken:
        road.store.article("port")
    assert (taken.value.reason, taken.value.day) == ("Sent by mistake.", date(2026, 5, 3))
    (entry,) = road.book.history("port")
    assert entry.by == "the item kill.xml"


def test_a_kill_notice_that_comes_first_is_waiting_for_its_item(road: Road) -> None:
    road(KILL)
    road(delivered(port("The port is shut.")))
    with pytest.raises(Withdrawn):
        road.store.article("port")
    assert road.store.with_standing("port")[1].status is Status.WITHDRAWN


def test_what_the_staff_restored_is_not_killed_again(road: Road) -> None:
    from qa.models.deliveries import Notice

    road(delivered(port("The port is shut.")), KILL)
    road.book.add(Notice("port", NoticeKind.RESTORATION, "", "eve", NOW))
    assert road(KILL).orders == []
    assert road.store.article("port").body == "The port is shut."


def test_a_correction_of_another_item_is_shown_with_it(road: Road) -> None:
    road(delivered(port("The port is shut.")))
    correction = WireNotice("port", NoticeKind.CORRECTION, "It was open.", "c.xml", day=date(2026, 5, 4))
    road(Delivery(article("later", "The port was open."), "c.xml", orders=(correction,)))
    assert [one.text for one in road.store.article("port").source.corrections] == ["It was open."]
    assert road.store.article("later").source.corrections == ()


def test_removed_means_the_earlier_texts_too(road: Road, tmp_path: Path) -> None:
    road(delivered(port("The zzyzx is shut.")))
    road(delivered(port("The port is open.")))
    road.store.remove("port")
    assert road.texts("port") == []
    road.store.close()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"zzyzx" in path.read_bytes()]


def test_erased_means_the_earlier_texts_too(road: Road, tmp_path: Path) -> None:
    from qa.models.deliveries import Notice

    road(delivered(port("The zzyzx is shut.")))
    road(delivered(port("The port is open.")))
    road.book.add(Notice("port", NoticeKind.ERASURE, "An error.", "eve", NOW))
    road.store.recover()
    with pytest.raises(NotFound):
        road.store.original("port")
    road.close()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"zzyzx" in path.read_bytes()]


def test_encoding_anew_keeps_what_is_known_of_an_article(road: Road) -> None:
    road(delivered(port("The port is shut.")))
    road(delivered(port("The port is open."), path="here.xml"))
    stored = road.store.rows("SELECT stored_at FROM articles")[0]["stored_at"]
    encoder = FakeEncoder()
    road.store.reencode("other", [ingest_module.encode_articles([delivered(road.store.original("port"))], encoder)])
    assert road.store.rows("SELECT stored_at FROM articles")[0]["stored_at"] == stored
    assert road.texts("port") == ["The port is shut."]
    assert stored is not None


@pytest.mark.parametrize("kind", [NoticeKind.WITHDRAWAL, NoticeKind.CORRECTION])
def test_what_was_erased_stays_so_whatever_the_wire_says(road: Road, tmp_path: Path, kind: NoticeKind) -> None:
    from qa.models.deliveries import Notice

    road(delivered(port("The zzyzx is shut.")))
    road(WireNotice("port", NoticeKind.CORRECTION, "Not zzyzx.", "c.xml"))
    road.book.add(Notice("port", NoticeKind.ERASURE, "An error.", "eve", NOW))
    road.store.recover()
    assert road(WireNotice("port", kind, "Of the zzyzx.", "late.xml")).orders == []
    assert road.book.erased() == ["port"]
    assert road(delivered(port("The zzyzx is shut."))).unchanged == 1
    road.close()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"zzyzx" in path.read_bytes()]
