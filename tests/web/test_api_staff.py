"""The staff's calls: each with a token of the right role, and what they do counts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from qa.models.journal import Channel, Making, Role, State
from qa.models.replies import Answer, Question
from qa.models.support import CheckStep, Stopped, Support, Usage, Verdict
from qa.review.decisions import StaffOverrides
from qa.review.permanent import Recorder
from tests.tiers import share_of

from .desk_door import Desk
from .fake_room import COVERAGE, FakeRoom

ARRESTED = "How many were arrested?"


class Program:
    """A program of the staff, and an archive that was asked two questions."""

    def __init__(self, home: Path) -> None:
        self.desk = Desk(home)
        self.http: TestClient = self.desk.browser()
        journal, room = self.desk.journal, FakeRoom()
        self.recorder = Recorder(journal.records, room.article, Making("0", "e"))
        self.ids = [
            self.recorder.keep(room.reply(Question(text)), channel=Channel.API, seconds=0.1)
            for text in (ARRESTED, "What is nowhere?")
        ]
        self.overrides = StaffOverrides(journal, article=room.article, coverage=lambda: COVERAGE)
        self.tokens = {role: self.desk.accounts.add_token(role.value, "program", by="test") for role in Role}

    def call(self, role: Role | None, path: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        if body:
            return self.http.post(f"/api/staff{path}", json=body, headers=headers)
        return self.http.get(f"/api/staff{path}", headers=headers)

    def decision(self, **more: Any) -> dict[str, Any]:
        return {"answer_id": self.ids[0], "revision": 0, "state": "approved", **more}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.mark.parametrize("path", ["/queue", "/reviews/1", "/reviews/1/answer"])
def test_reading_takes_a_token(program: Program, path: str) -> None:
    assert program.call(None, path).status_code == 401
    assert program.call(None, path).headers["www-authenticate"] == "Bearer"
    forged = program.http.get(f"/api/staff{path}", headers={"Authorization": "Bearer qa_forged"})
    assert (forged.status_code, "error" in forged.json()) == (401, True)
    assert program.call(Role.READER, path).status_code == 200


def test_the_desks_cookie_is_no_token(program: Program) -> None:
    browser = program.desk.signed_in("admin")
    assert browser.get("/api/staff/queue").status_code == 401


def test_deciding_takes_the_role(program: Program) -> None:
    assert program.call(None, "/reviews/1/decision", **program.decision()).status_code == 401
    assert program.call(Role.READER, "/reviews/1/decision", **program.decision()).status_code == 403
    withheld = program.decision(state="withheld", reason="Wrong.")
    assert program.call(Role.CHECKER, "/reviews/1/decision", **withheld).status_code == 403
    assert program.call(Role.EDITOR, "/reviews/1/decision", **withheld).json()["state"] == "withheld"


def test_a_revoked_token_and_a_shut_account_are_out(program: Program) -> None:
    program.desk.accounts.revoke_token("reader", "program", by="test")
    assert program.call(Role.READER, "/queue").status_code == 401
    program.desk.accounts.shut("editor", by="test")
    assert program.call(Role.EDITOR, "/queue").status_code == 401


def test_the_queue_and_its_answers(program: Program) -> None:
    queue = program.call(Role.READER, "/queue").json()
    assert queue["total"] == 2
    answered, refused = queue["reviews"]
    assert [answered["question"], refused["question"]] == [ARRESTED, "What is nowhere?"]
    assert [answered["refused"], refused["refused"], answered["likelihood"]] == [False, True, None]
    shown = program.call(Role.READER, f"/reviews/{answered['number']}/answer").json()
    assert shown["answer_id"] == program.ids[0]
    assert shown["reply"]["citations"][0]["quote"].startswith("According to the Interior Ministry")
    assert program.call(Role.READER, "/queue?show=approved").json() == {"total": 0, "reviews": []}


def test_how_an_answer_was_made_is_told_to_the_staff_alone(program: Program) -> None:
    stopped = Stopped("It was raining.", (3,), Support(Verdict.UNSUPPORTED, ("Why.",), CheckStep.SUPPORT, 0.07))
    made = replace(FakeRoom().reply(Question(ARRESTED)), stopped=(stopped,), usage=Usage(4_321, 99, 50, 2, True, 1.5))
    answer_id = program.recorder.keep(made, channel=Channel.API, seconds=0.1)
    told = program.call(Role.READER, "/reviews/1/answer").json()
    support = {"verdict": "unsupported", "reasons": ["Why."], "stopped_by": "support", "likelihood": 0.07}
    assert told["stopped"] == [{"text": "It was raining.", "cited": [3], "support": support}]
    assert told["usage"] == {
        "tokens_read": 4_321,
        "tokens_cached": 99,
        "tokens_written": 50,
        "calls": 2,
        "estimated": True,
        "seconds": 1.5,
        "cost": None,
    }
    for path in (
        f"/answer/{answer_id}",
        f"/answer/{answer_id}.json",
        f"/answer/{answer_id}.md",
        f"/api/answers/{answer_id}",
    ):
        public = program.http.get(path)
        assert public.status_code == 200, path
        assert not re.search("raining|4.?321|usage|stopped", public.text), path


def test_a_decision_counts_and_a_second_one_is_told(program: Program) -> None:
    judged = [{"statement": 0, "judgement": "supported"}]
    done = program.call(Role.CHECKER, "/reviews/1/decision", **program.decision(judged=judged))
    assert (done.status_code, done.json()["by"], done.json()["revision"]) == (200, "checker", 1)
    assert program.overrides.settled(Question(ARRESTED)) is not None
    again = program.call(Role.EDITOR, "/reviews/1/decision", **program.decision())
    assert again.status_code == 409
    assert "checker decided this" in again.json()["error"]


def test_an_answer_is_edited(program: Program) -> None:
    statements = [
        {"text": "19, the ministry said.", "places": [{"article_id": "2005-03-16-reuters", "first": 2, "last": 2}]}
    ]
    sent = program.decision(state="edited", reason="Clearer.", statements=statements)
    assert program.call(Role.EDITOR, "/reviews/1/decision", **sent).status_code == 200
    settled = program.overrides.settled(Question(ARRESTED))
    assert isinstance(settled, Answer)
    assert settled.statements[0].text == "19, the ministry said."


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"answer_id": "nothing"}, 404),
        ({"state": "withheld"}, 400),
        ({"state": "gone"}, 422),
        ({"revision": "0"}, 422),
        ({"judged": [{"statement": 9, "judgement": "not"}]}, 400),
        ({"judged": [{"statement": 0, "judgement": "not"}]}, 400),
        ({"note": "x" * 1001}, 422),
        ({"extra": 1}, 422),
        ({"state": "edited", "reason": "Why", "statements": []}, 400),
    ],
)
def test_what_can_not_be_decided(program: Program, change: dict[str, Any], status: int) -> None:
    reply = program.call(Role.ADMIN, "/reviews/1/decision", **program.decision(**change))
    assert (reply.status_code, bool(reply.json()["error"])) == (status, True), reply.text
    assert program.desk.journal.reviews.get(1).state is State.OPEN


def test_a_question_that_is_not_there(program: Program) -> None:
    assert program.call(Role.ADMIN, "/reviews/99").status_code == 404
    assert program.call(Role.ADMIN, "/reviews/99/decision", **program.decision()).status_code == 404


def test_the_calls_keep_to_their_description(program: Program) -> None:
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", program.desk.app)
    headers = {"Authorization": f"Bearer {program.tokens[Role.ADMIN]}"}
    own = {found.ok().label: found.ok() for found in schema.get_all_operations()}
    labels = {label for label in own if "/staff/" in label or "/answers/" in label}
    assert labels == {
        "GET /staff/queue",
        "GET /staff/reviews/{number}",
        "GET /staff/reviews/{number}/answer",
        "POST /staff/reviews/{number}/decision",
        "GET /answers/{answer_id}",
    }
    for label in sorted(labels):

        @hypothesis.given(case=own[label].as_strategy())
        @hypothesis.settings(max_examples=share_of(40), deadline=None, derandomize=True, database=None)
        def asked(case: Any) -> None:
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        asked()
