"""The staff's work on the archive, over a real catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.errors import InputError, Withdrawn
from qa.i18n.staff import REFUSALS
from qa.models.deliveries import Failure, IngestReport, NoticeKind
from qa.models.journal import Role
from qa.review.decisions import ArticleActions
from qa.store.document_store import CatalogueStore
from qa.store.journal.opening import Journal
from qa.store.notices import NoticeStore
from qa.web.context import WebContext
from qa.web.staff.review import add_archive_pages
from tests.fakes import FakeGenerations, article, indexed

from .fake_room import FakeRoom
from .staffed import ADA, SignedIn, office_over

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


class Room:
    def __init__(self, home: Path) -> None:
        self.store = CatalogueStore(home / "c.sqlite3", FakeGenerations())
        self.store.put(indexed([article("bridge", "It was closed."), article("river", "It rose.")]))
        self.book = NoticeStore(home / "c.sqlite3")
        self.journal = Journal(home / "journal.sqlite3")
        self.now = NOW
        self.member = ADA
        app = FastAPI()
        work = ArticleActions(self.book, self.journal, now=lambda: self.now)
        context = WebContext(FakeRoom(articles=[]))
        sources = lambda: [source for source, _ in self.store.sources()]  # noqa: E731
        office = office_over(self.journal, FakeRoom(articles=[]), book=self.book)
        office = replace(office, article_actions=work, sources=sources)
        add_archive_pages(app, context, office, SignedIn(lambda: self.member))
        self.pages = TestClient(app, follow_redirects=False)

    def close(self) -> None:
        for one in (self.store, self.book, self.journal):
            one.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


def test_a_withdrawal_counts_at_once_and_is_due_for_review(room: Room) -> None:
    form = {"article": "bridge", "kind": "withdrawal", "text": "Named in error.", "review_on": "2026-12-01"}
    done = room.pages.post("/staff/archive", data=form)
    assert done.status_code == 303
    assert "Done." in room.pages.get(done.headers["location"]).text
    with pytest.raises(Withdrawn, match="bridge"):
        room.store.article("bridge")
    (entry,) = room.journal.audit.entries()
    assert (entry.act.by, entry.act.what, entry.act.subject) == ("ada", "withdrawal", "bridge")
    assert "Named in error" not in str(entry.act.after)
    assert "Due for review" not in room.pages.get("/staff/archive").text
    room.now = datetime(2026, 12, 1, tzinfo=UTC)
    assert "to be looked at on 1 December 2026: Named in error." in room.pages.get("/staff/archive").text


def test_a_correction_and_an_embargo(room: Room) -> None:
    said = {"article": "bridge", "kind": "correction", "text": "It was open <b>."}
    assert room.pages.post("/staff/archive", data=said).status_code == 303
    assert [one.text for one in room.store.article("bridge").source.corrections] == ["It was open <b>."]
    assert "&lt;b&gt;" in room.pages.get("/staff/archive").text
    ended = room.pages.post("/staff/archive", data=said | {"kind": "take-back"})
    assert ended.status_code == 303
    assert room.store.article("bridge").source.corrections == ()
    assert "(taken back)" in room.pages.get("/staff/archive").text
    later = {"article": "river", "kind": "embargo", "until": "2999-12-01"}
    assert room.pages.post("/staff/archive", data=later).status_code == 303
    assert [one.source.article_id for one in room.store.listed()] == ["bridge"]


def test_who_acts_on_an_article_is_told_of_others_with_its_text(room: Room) -> None:
    assert "The same text" not in room.pages.get("/staff/archive", params={"article": "bridge"}).text
    room.store.put(indexed([article("reprint", "It was closed.", outlet="Daily Copy")]))
    chosen = room.pages.get("/staff/archive", params={"article": "bridge"}).text
    assert re.search(r"what is done here does not reach it:\s*<a href=\"/staff/archive\?article=reprint#act\"", chosen)


def test_an_article_is_picked_from_a_list_also_one_that_readers_don_t_see(room: Room) -> None:
    html = room.pages.get("/staff/archive").text
    assert "No article has these words" not in html
    assert 'name="kind"' not in html
    room.pages.post("/staff/archive", data={"article": "bridge", "kind": "withdrawal", "text": "Why."})
    listed = room.pages.get("/staff/archive", params={"find": "BRIDGE"}).text
    (address,) = re.findall(r'class="pick" href="(.*?)#act"', listed)
    assert "readers don’t see it now" in listed
    chosen = room.pages.get(address).text
    assert re.search(r'name="article" value="bridge">\s*<p class="statement"', chosen)
    assert "No article has these words" in room.pages.get("/staff/archive", params={"find": "x" * 5000}).text
    assert room.pages.get("/staff/archive", params={"find": ""}).text.count('class="pick"') == 2


def test_an_article_that_can_t_be_read_has_its_form_by_its_id(room: Room) -> None:
    chosen = room.pages.get("/staff/archive", params={"article": "gone <b>"}).text
    assert 'name="article" value="gone &lt;b&gt;"' in chosen
    assert 'name="kind"' in chosen


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        ({"article": "none", "kind": "withdrawal", "text": "Why"}, 404, "holds no article"),
        ({"article": "bridge", "kind": "withdrawal"}, 422, "Readers are told why"),
        ({"article": "bridge", "kind": "erasure", "text": "Why"}, 422, "Choose what is to be done"),
        ({"article": "bridge"}, 422, "Choose what is to be done"),
        ({"article": "bridge", "kind": "embargo", "until": "soon"}, 422, "Until when?"),
        ({"article": "bridge", "kind": "correction", "text": "x" * 2001}, 422, "shorten it"),
        ({"article": "bridge", "kind": "correction", "text": "x", "review_on": "soon"}, 422, "The review date"),
        ({"article": "bridge", "kind": "correction", "text": "x", "review_on": "2020-01-01"}, 422, "over already"),
        ({"article": "bridge", "kind": "restoration"}, 422, "readers see it already"),
    ],
)
def test_what_is_amiss_is_said_and_kept(room: Room, form: dict[str, str], status: int, told: str) -> None:
    answer = room.pages.post("/staff/archive", data=form)
    assert (answer.status_code, told in answer.text.replace("&#39;", "'")) == (status, True), answer.text
    assert (f'name="article" value="{form["article"]}"' in answer.text) is (status == 422)
    assert room.journal.audit.count() == 0


def test_nothing_is_erased_from_the_disk_from_here(room: Room) -> None:
    actions = ArticleActions(room.book, room.journal)
    with pytest.raises(InputError, match="qa withdraw ID --erase"):
        actions.act("bridge", NoticeKind.ERASURE, "Why", by="ada", until=None, review_on=None)
    assert room.store.article("bridge").body == "It was closed."


def test_what_the_book_of_notices_refuses_with_is_known_to_the_catalogues(room: Room) -> None:
    past, later = ("1999-12-01", "2999-12-01")
    told = []
    for form in (
        {"kind": "restoration"},
        {"kind": "embargo", "until": past},
        {"kind": "take-back", "text": "Of nothing"},
        {"kind": "correction", "text": "Twice"},
        {"kind": "correction", "text": "Twice"},
        {"kind": "withdrawal", "text": "Why"},
        {"kind": "embargo", "until": later},
    ):
        html = room.pages.post("/staff/archive", data={"article": "bridge"} | form).text
        told += re.findall(r'<p class="refused" role="alert">(.*?)</p>', html)
    assert len(told) == 5
    assert set(told) <= set(REFUSALS)


def test_failed_imports_stay_listed_until_read_or_dismissed(room: Room) -> None:
    imports = room.journal.imports
    number = imports.begin(NOW)
    failed = (Failure("a.md", 3, "a <i>title</i> was expected"), Failure("b.md", None, "empty"))
    imports.end(number, IngestReport(1, 0, 0, failed, passages=4, seconds=0.5), paths=["a.md", "b.md", "c.md"], at=NOW)
    html = room.pages.get("/staff/archive").text
    assert "1 added, 0 updated, 0 unchanged, 2 failed" in html
    assert "a.md, line 3" in html
    assert "a &lt;i&gt;title&lt;/i&gt; was expected" in html
    room.pages.post("/staff/archive/dismiss", data={"path": "a.md", "line": "3"})
    assert [one.path for one, _ in imports.failures()] == ["b.md"]
    again = imports.begin(NOW)
    assert "cut off, or still running" in room.pages.get("/staff/archive").text
    imports.end(again, IngestReport(0, 1, 0, (), passages=4, seconds=0.5), paths=["b.md"], at=NOW)
    assert "every file was read" in room.pages.get("/staff/archive").text
    assert [one.act.what for one in room.journal.audit.entries()] == ["dismiss failure"]


def test_who_may_only_read_sees_no_forms(room: Room) -> None:
    room.member = replace(ADA, account=replace(ADA.account, role=Role.READER))
    assert 'action="/staff/archive' not in room.pages.get("/staff/archive").text
