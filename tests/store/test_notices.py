"""Corrections, withdrawals, embargoes: what readers find of an article before and after a notice."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from qa.errors import InputError, NotFound, Withdrawn
from qa.models.archive import Article, Correction, Coverage, Status, Withdrawal
from qa.models.dates import Dates
from qa.models.deliveries import Notice, NoticeKind, Standing, WireNotice
from qa.store.archive_store import ArchiveStore
from qa.store.books import CATALOGUE
from qa.store.notices import NoticeStore
from tests.fakes import FakeEncoder, article, indexed
from tests.store.conftest import Place

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
BRIDGE = article("bridge", "The mayor opened the bridge. It cost nine pounds.", published=date(1987, 2, 26))
RIVER = article("river", "The mayor saw the river rise.", published=date(1990, 1, 1))
SPANS = (Dates(), Dates(first=date(1980, 1, 1)))


@pytest.fixture
def book(store: ArchiveStore, place: Place) -> Iterator[NoticeStore]:
    """The book as another process has it, beside a store that holds two articles."""
    store.put(indexed([BRIDGE, RIVER]))
    made = NoticeStore(place())
    yield made
    made.close()


def say(book: NoticeStore, kind: NoticeKind, text: str = "why", **more: object) -> Notice:
    return book.add(Notice("bridge", kind, text, "ana", NOW, **more))  # type: ignore[arg-type]


def found(store: ArchiveStore) -> set[str]:
    """Every id that a reader meets, in whatever way."""
    vector = FakeEncoder().encode(["mayor opened the bridge"])[0]
    ways = [
        {hit.passage.source.article_id for hit in hits}
        for between in SPANS
        for hits in (store.near(vector, limit=1, between=between), store.near(vector, limit=9, between=between),
                     store.matching(["mayor", "bridge"], limit=9, between=between))
    ]  # fmt: skip
    return set.union(*ways)


def test_what_an_article_says_of_another_goes_with_its_words(store: ArchiveStore, book: NoticeStore) -> None:
    words = "The bridge cost ten pounds."

    def version(body: str) -> None:
        store.put(indexed([replace(RIVER, body=body)]))

    def corrections() -> tuple[Correction, ...]:
        return store.article("bridge").source.corrections

    version(f"The river rose. {words}")
    said = WireNotice("bridge", NoticeKind.CORRECTION, words, "river")
    assert book.hear(said, at=NOW)
    assert not book.hear(said, at=NOW)
    assert corrections() == (Correction(words, printed_in="river"),)
    assert store.printers() == {"river"}
    assert [row["id"] for row in store.texts(after=0)] == ["bridge", "river"]
    assert {BRIDGE.body[span.start : span.end] for span in store.sentences_of("bridge")} == {
        "The mayor opened the bridge.", "It cost nine pounds.",
    }  # fmt: skip
    store.unsay_all_but("river", [said])
    version(f"The river fell. {words}")
    assert corrections() == (Correction(words, printed_in="river"),)
    version("The river fell.")
    assert corrections() == ()
    version(words)
    assert book.hear(said, at=NOW)
    store.unsay_all_but("river", [])
    assert corrections() == ()
    assert {notice.text for notice in book.history()} == {""}


@pytest.mark.parametrize("kind", [NoticeKind.WITHDRAWAL, NoticeKind.ERASURE])
def test_a_withdrawn_article_is_met_nowhere(store: ArchiveStore, book: NoticeStore, kind: NoticeKind) -> None:
    assert found(store) == {"bridge", "river"}
    say(book, kind, "Named in error.", day=date(2026, 5, 2))
    assert found(store) == {"river"}
    assert store.coverage() == Coverage(1, date(1990, 1, 1), date(1990, 1, 1))
    assert store.newest_titles(9) == [RIVER.source.title]
    with pytest.raises(Withdrawn) as caught:
        store.article("bridge")
    assert (caught.value.reason, caught.value.day) == ("Named in error.", date(2026, 5, 2))
    assert {source.article_id: source.status for source, _ in store.sources()}["bridge"] is Status.WITHDRAWN
    held, standing = store.with_standing("bridge")
    assert held.body == BRIDGE.body
    assert standing == Standing(Status.WITHDRAWN, "Named in error.", date(2026, 5, 2))


def test_hidden_articles_do_not_weigh_words(store: ArchiveStore, book: NoticeStore) -> None:
    mayor, unknown = store.idf("mayor"), store.idf("unknown")
    say(book, NoticeKind.WITHDRAWAL)
    assert store.idf("bridge") == store.idf("unknown") < unknown
    assert store.idf("mayor") != mayor


def test_the_nearest_being_hidden_hides_nobody_behind_them(store: ArchiveStore, book: NoticeStore) -> None:
    store.put(indexed([article(f"copy{n}", BRIDGE.body) for n in range(12)]))
    for n in range(12):
        book.add(Notice(f"copy{n}", NoticeKind.WITHDRAWAL, "why", "ana", NOW))
    vector = FakeEncoder().encode([BRIDGE.body])[0]
    for between in SPANS:
        assert [hit.passage.source.article_id for hit in store.near(vector, limit=1, between=between)] == ["bridge"]
        hits = store.matching(["bridge", "pounds"], limit=1, between=between)
        assert [hit.passage.source.article_id for hit in hits] == ["bridge"]


@pytest.mark.parametrize("again", [BRIDGE, replace(BRIDGE, body="The mayor opened the bridge again.")])
def test_ingesting_again_resurrects_nothing(store: ArchiveStore, book: NoticeStore, again: Article) -> None:
    say(book, NoticeKind.WITHDRAWAL)
    store.put(indexed([again]))
    assert found(store) == {"river"}
    store.remove("bridge")
    store.put(indexed([again]))
    assert found(store) == {"river"}
    say(book, NoticeKind.RESTORATION)
    assert found(store) == {"bridge", "river"}
    assert store.article("bridge") == again
    assert store.check() == []


def test_an_embargo_ends_by_the_clock(store: ArchiveStore, book: NoticeStore) -> None:
    until = datetime.now(UTC) + timedelta(seconds=2)
    book.add(Notice("bridge", NoticeKind.EMBARGO, "", "ana", datetime.now(UTC), until=until))
    assert found(store) == {"river"}
    with pytest.raises(NotFound) as hidden:
        store.article("bridge")
    with pytest.raises(NotFound) as unknown:
        store.article("none")
    assert type(hidden.value) is type(unknown.value) is NotFound
    assert str(hidden.value).replace("bridge", "none") == str(unknown.value)
    time.sleep(2.1)
    assert found(store) == {"bridge", "river"}
    assert store.article("bridge") == BRIDGE


def stated(status: Status, **more: object) -> Article:
    return replace(BRIDGE, source=replace(BRIDGE.source, status=status), **more)  # type: ignore[arg-type]


PAST, FUTURE = datetime(2001, 1, 1, tzinfo=UTC), datetime(2901, 1, 1, tzinfo=UTC)
BY_FILE = [
    (stated(Status.WITHHELD), False),
    (stated(Status.WITHDRAWN, withdrawal=Withdrawal("Asked for.", date(2020, 1, 1))), False),
    (stated(Status.EMBARGOED, embargo=FUTURE), False),
    (stated(Status.EMBARGOED, embargo=PAST), True),
]


@pytest.mark.parametrize(("one", "readable"), BY_FILE)
def test_what_a_file_says_of_its_article(store: ArchiveStore, book: NoticeStore, one: Article, readable: bool) -> None:
    store.put(indexed([one]))
    assert ("bridge" in found(store)) is readable
    assert store.original("bridge") == one
    assert store.check() == []
    if one.withdrawal:
        with pytest.raises(Withdrawn, match="withdrawn") as caught:
            store.article("bridge")
        assert caught.value.reason == "Asked for."
    if not readable:
        say(book, NoticeKind.RESTORATION)
        assert "bridge" in found(store)
        assert store.article("bridge").source.status is Status.LIVE
        store.put(indexed([replace(one, note="A new version that still says so.")]))
        assert "bridge" not in found(store), "the file was changed since: it is heard again"


def test_corrections_of_file_and_staff_travel_with_the_source(store: ArchiveStore, book: NoticeStore) -> None:
    first, second = Correction("It cost ten.", date(2020, 1, 1)), Correction("And two pence.", date(2021, 1, 1))
    own = replace(BRIDGE, source=replace(BRIDGE.source, status=Status.CORRECTED, corrections=(first,)))
    store.put(indexed([own]))
    say(book, NoticeKind.CORRECTION, second.text, day=second.day)
    hits = store.matching(["bridge"], limit=5) + store.near(FakeEncoder().encode(["bridge"])[0], limit=5)
    sources = [hit.passage.source for hit in hits if hit.passage.source.article_id == "bridge"]
    for source in [*sources, store.article("bridge").source, store.with_standing("bridge")[0].source]:
        assert source.status is Status.CORRECTED
        assert source.corrections == (first, second)
        assert source.correction == Correction("It cost ten. And two pence.", second.day)
    assert len(sources) == 2
    assert store.original("bridge") == own
    store.put(indexed([replace(own, body="The mayor opened it.")]))
    assert store.article("bridge").source.corrections == (first, second)


def test_what_cannot_be_said(store: ArchiveStore, book: NoticeStore) -> None:
    for kind in NoticeKind:
        with pytest.raises(NotFound, match="qa list"):
            book.add(Notice("none", kind, "why", "ana", NOW, until=FUTURE))
    for kind, more, match in (
        (NoticeKind.RESTORATION, {}, "already"),
        (NoticeKind.EMBARGO, {"until": PAST}, "over already"),
        (NoticeKind.WITHDRAWAL, {"text": ""}, "--reason"),
    ):
        with pytest.raises(InputError, match=match):
            say(book, kind, **more)  # type: ignore[arg-type]
    say(book, NoticeKind.WITHDRAWAL, "The first reason.")
    with pytest.raises(InputError, match="Restore it first"):
        say(book, NoticeKind.EMBARGO, until=FUTURE)
    assert say(book, NoticeKind.ERASURE, "").text == "The first reason."
    assert say(book, NoticeKind.WITHDRAWAL, "Another.").kind is NoticeKind.ERASURE, "an ordered erasure stays ordered"
    assert [entry.kind for entry in book.history("bridge")] == ["withdrawal", "erasure", "erasure"]
    assert book.history("river") == []


def test_a_notice_is_whole_or_not_there(store: ArchiveStore, book: NoticeStore) -> None:
    class Stop(BaseException):
        pass

    def cut_off() -> None:
        with book.transaction() as connection:
            connection.execute(
                "INSERT INTO notices (article_id, kind, text, digest, who, at)"
                " VALUES ('bridge', 'withdrawal', '', '', '', '')"
            )
            assert found(store) == {"bridge", "river"}
            raise Stop

    with pytest.raises(Stop):
        cut_off()
    assert found(store) == {"bridge", "river"}
    assert book.history() == []


def test_erasure_waits_and_is_carried_out_by_the_next_writer(store: ArchiveStore, book: NoticeStore) -> None:
    say(book, NoticeKind.CORRECTION, "It was the heron.")
    say(book, NoticeKind.ERASURE, "Named in error.")
    assert [entry.pending for entry in book.history()] == [False, True]
    assert store.unscrubbed_since()
    assert [problem.article_id for problem in store.check()] == ["bridge"]
    store.recover()
    assert not store.unscrubbed_since()
    assert store.check() == []
    assert store.published().size in (1, 0)  # PostgreSQL has no generations
    assert [entry.text for entry in book.history()] == ["", "Named in error."]
    assert [entry.pending for entry in book.history()] == [False, False]
    with pytest.raises(Withdrawn):
        store.article("bridge")
    with pytest.raises(NotFound):
        store.original("bridge")
    assert store.erased(["bridge", "river"]) == {"bridge"}
    say(book, NoticeKind.RESTORATION)
    assert store.erased(["bridge", "river"]) == set()


def test_a_restoration_in_time_keeps_the_text(store: ArchiveStore, book: NoticeStore) -> None:
    say(book, NoticeKind.ERASURE)
    say(book, NoticeKind.RESTORATION)
    store.recover()
    assert store.article("bridge") == BRIDGE
    assert not any(entry.pending for entry in book.history())


def test_many_write_at_once_and_none_is_lost(store: ArchiveStore, book: NoticeStore) -> None:
    def writing(name: str) -> None:
        for n in range(10):
            book.add(Notice("bridge", NoticeKind.CORRECTION, f"{name} {n}", name, NOW))

    writers = [threading.Thread(target=writing, args=(name,)) for name in "abc"]
    for writer in writers:
        writer.start()
    store.put(indexed([article(f"n{n}", "The river rose.") for n in range(40)]))
    for writer in writers:
        writer.join()
    assert len(book.history()) == 30
    assert len(store.article("bridge").source.corrections) == 30


def test_an_archive_of_before_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.executescript(f"{''.join(CATALOGUE.migrations[:6])} PRAGMA user_version = 6;")
        connection.execute(
            "INSERT INTO articles (id, state, digest, title, outlet, language, kind, status, extra, path, body)"
            " VALUES ('a', 'live', 'd', 'T', 'O', 'en', 'article', 'withheld', '{}', 'a.txt', 'Body.')"
        )
    connection.close()
    threads = [threading.Thread(target=lambda: NoticeStore(path).close()) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    book = NoticeStore(path)
    book.add(Notice("a", NoticeKind.RESTORATION, "", "ana", NOW))
    assert len(book.history()) == 1
    book.close()


def test_orders_in_force_are_due_for_review(store: ArchiveStore, book: NoticeStore) -> None:
    say(book, NoticeKind.WITHDRAWAL, "Named in error.", review_on=date(2026, 6, 1))
    assert book.due(date(2026, 5, 31)) == []
    assert [(one.article_id, one.review_on) for one in book.due(date(2026, 6, 1))] == [("bridge", date(2026, 6, 1))]
    say(book, NoticeKind.RESTORATION, "")
    assert book.due(date(2027, 1, 1)) == []
