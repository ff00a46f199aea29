"""A desk over the fake room, with somebody signed in without a password: for the pages behind the door."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI

from qa.errors import Refused
from qa.models.journal import Account, Channel, Making, Review, Role, Session
from qa.models.replies import Question, Reply
from qa.models.support import Support, Verdict
from qa.review.accounts import Accounts
from qa.review.decisions import ArticleActions, StaffOverrides
from qa.review.permanent import Recorder
from qa.review.service import ReviewService, StaffContext
from qa.store.journal.opening import Journal
from qa.store.notices import NoticeStore
from qa.text.annotating import annotate
from qa.web.context import WebContext
from qa.web.staff.auth import StaffAuth, TurnedAway
from qa.web.staff.review import add_queue_pages, add_review_pages

from .fake_room import COVERAGE, FakeRoom

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def office_over(
    journal: Journal,
    room: FakeRoom,
    *,
    accounts: Accounts | None = None,
    book: NoticeStore | None = None,
) -> StaffContext:
    """The rooms behind the page over a fake room's articles; without a `book`, notices are of no consequence."""
    recorder = Recorder(journal.records, room.article, Making("0", "e"))
    book = book or NoticeStore(Path(tempfile.mkdtemp()) / "catalogue.sqlite3")
    desk = ReviewService(
        journal,
        article=room.article,
        coverage=lambda: COVERAGE,
        annotations=lambda name: annotate(room.article(name)),
        judge=lambda text, quotes: Support(Verdict.PARTLY, ("No source says <b>that</b>.",)),
        recorder=recorder,
    )
    overrides = StaffOverrides(journal, article=room.article, coverage=lambda: COVERAGE)
    accounts = accounts or Accounts(journal.database)
    actions, sources = ArticleActions(book, journal), tuple(article.source for article in room.articles)
    return StaffContext(journal, accounts, desk, overrides, actions, book.history, sources=lambda: sources)


ADA = Session(Account("ada", Role.EDITOR, True, NOW), "key", NOW)


class SignedIn(StaffAuth):
    """Lets in who is there, without a session, for what their role covers."""

    def __init__(self, who: Callable[[], Session]) -> None:
        self._who = who
        self.reader, self.checker, self.editor, self.admin = (Depends(self.member(role)) for role in Role)

    def member(self, role: Role) -> Callable[..., Any]:
        def member() -> Session:
            if not self._who().account.role.covers(role):
                raise Refused("not here")
            return self._who()

        return member


class Staffed:
    """Everything behind the door."""

    def __init__(self, home: Path, *, room: FakeRoom | None = None) -> None:
        self.room = room or FakeRoom()
        self.journal = Journal(home / "journal.sqlite3")
        self.member = ADA
        self.recorder = Recorder(self.journal.records, self.room.article, Making("0", "e"))
        self.room.keeper = self.recorder
        self.office = office_over(self.journal, self.room)
        self.overrides, self.desk = self.office.staff_overrides, self.office.review_service

    def app(self) -> FastAPI:
        app = FastAPI()
        app.add_exception_handler(TurnedAway, lambda request, error: error.response)  # type: ignore[attr-defined]
        context, auth = WebContext(self.room), SignedIn(lambda: self.member)
        add_queue_pages(app, context, self.office, auth)
        add_review_pages(app, context, self.office, auth)
        return app

    def asked(self, text: str) -> Review:
        return self.gave(self.room.reply(Question(text)))

    def gave(self, reply: Reply) -> Review:
        answer_id = self.recorder.keep(reply, channel=Channel.PAGE, seconds=0.1)
        return self.journal.reviews.of_answer(answer_id)
