"""A desk over the fake room, with somebody signed in without a password: for the pages behind the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI

from qa.domain.journal import Channel, Making
from qa.domain.replies import Question
from qa.domain.reviews import Review
from qa.domain.staff import Role
from qa.domain.support import Support, Verdict
from qa.errors import Refused
from qa.language.annotating import annotate
from qa.language.sentences import sentence_spans
from qa.review.curating import Curator
from qa.review.desk import CheckDesk
from qa.review.recording import Recorder
from qa.review.rulings import StaffRulings
from qa.storage.journal.opening import Journal
from qa.web.room import Limits, PageTexts
from qa.web.staff.checking import check_routes
from qa.web.staff.queue import queue_routes

from .fake_room import COVERAGE, FakeRoom

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Ada:
    name: str = "ada"
    role: Role = Role.EDITOR
    form_key: str = "key"


class Staffed:
    """Everything behind the door."""

    def __init__(self, home: Path, *, room: FakeRoom | None = None) -> None:
        self.room = room or FakeRoom()
        self.journal = Journal(home / "journal.sqlite3")
        self.member = Ada()
        self.recorder = Recorder(self.journal.records, self.room.article, Making("0", "e"))
        self.room.keeper = self.recorder
        self.rulings = StaffRulings(
            self.journal.reviews, self.journal.records, article=self.room.article, coverage=lambda: COVERAGE
        )
        self.desk = CheckDesk(
            self.journal,
            article=self.room.article,
            coverage=lambda: COVERAGE,
            sentence_spans=sentence_spans,
            recorder=self.recorder,
            curator=Curator(
                article=self.room.article,
                annotations=lambda name: annotate(self.room.article(name)),
                sentence_spans=sentence_spans,
                judge=lambda text, quotes: Support(Verdict.PARTLY, ("No source says <b>that</b>.",)),
            ),
        )

    def admit(self, role: Role) -> Callable[[], Ada]:
        def member() -> Ada:
            if not self.member.role.covers(role):
                raise Refused("not here")
            return self.member

        return member

    def app(self) -> FastAPI:
        app = FastAPI()
        texts = PageTexts()
        app.include_router(queue_routes(self.journal, self.desk, rulings=self.rulings, admit=self.admit, texts=texts))
        app.include_router(
            check_routes(
                self.room,
                self.desk,
                sentence_spans=sentence_spans,
                admit=self.admit,
                texts=texts,
                limits=Limits(),
            )
        )
        return app

    def asked(self, text: str) -> Review:
        reply = self.room.reply(Question(text))
        answer_id = self.recorder.keep(reply, channel=Channel.PAGE, seconds=0.1)
        return self.journal.reviews.of_answer(answer_id)
