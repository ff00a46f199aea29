"""Values that no page ever sends, in every address: an answer in words, never a fault of the server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from qa.models.journal import Channel, Making
from qa.models.replies import Question
from qa.review.permanent import Recorder
from tests.web.desk_door import HERE, Desk, form_key
from tests.web.fake_room import FakeRoom

LONG = "9" * 30
ODD = ["0", "-1", str(2**63), LONG, "9" * 5_000, "1e3", "1_0", "٣", "1%00", "%ED%A0%80", "%FF", "a" * 3_000, "'"]
BODIES = ["\x00", "\ud800", "a" * 100_000, "9" * 5_000, "\u2028"]
PUBLIC = [
    "/answer/{}", "/answer/{}/report", "/answer/{}.json", "/answers/export?ids={}", "/answers/export?ids=a&format={}",
    "/article/{}", "/article/2006-headline?quoted={}", "/versions/{}", "/search?q={}", "/search?q=court&page={}",
    "/search?q=court&from={}", "/search?outlet={}&q=court", "/timeline?from={}", "/timeline?page={}",
    "/corrections?page={}", "/ask?question=Who&until={}", "/ask?question=Who&without={}",
    "/embed?question={}", "/how?lang={}", "/api/ask?question={}", "/api/ask?question=Who&from={}",
    "/api/search?q=court&limit={}", "/api/search?q={}", "/api/articles/{}", "/api/answers/{}",
    "/?lang={}", "/gradio_api/queue/data?session_hash={}", "/gradio_api/queue/status?x={}",
]  # fmt: skip
STAFF = [
    "/staff/review/{}", "/staff/review/{}/edit", "/staff/review/1?answer={}", "/staff/review/1/edit?answer={}",
    "/staff/next?after={}", "/staff?page={}", "/staff?q={}", "/staff?outlet={}", "/staff?week={}",
    "/staff/archive?article={}", "/staff/archive?find={}", "/staff/archive?done={}",
    "/staff/audit?page={}", "/staff/account?done={}", "/staff/sign-in?next={}",
]  # fmt: skip
CALLS = ["/api/staff/queue?page={}", "/api/staff/reviews/{}", "/api/staff/reviews/{}/answer"]
FORMS = {
    "/staff/sign-in": ("name", "password", "next"),
    "/staff/account": ("old", "new", "again"),
    "/staff/review/1": ("answer_id", "revision", "state", "note", "reason", "judged-0"),
    "/staff/review/1/edit": ("answer_id", "revision", "do", "text-0", "place-0-0", "find", "article", "reason"),
    "/staff/ask": ("question",),
    "/staff/archive": ("kind", "article", "text", "until", "review_on"),
    "/staff/archive/dismiss": ("path", "line"),
}


class Room:
    """A desk with one question asked, somebody signed in who may do all, and a program with a token."""

    def __init__(self, home: Path) -> None:
        self.desk = Desk(home)
        room = FakeRoom()
        recorder = Recorder(self.desk.journal.records, room.article, Making("0", "e"))
        self.answers = [
            recorder.keep(room.reply(Question(text)), channel=Channel.PAGE, seconds=0.1)
            for text in ("How many people were arrested?", "Which court keeps the proceedings?")
        ]
        self.browser = self.desk.signed_in("admin")
        self.key = form_key(self.browser)
        token = self.desk.accounts.add_token("admin", "bot", by="test")
        self.bearer = {"authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("desk"))
    yield made
    made.desk.journal.close()


@pytest.mark.parametrize("address", PUBLIC + STAFF + CALLS)
def test_odd_values_in_an_address(room: Room, address: str) -> None:
    headers = room.bearer if address in CALLS else {}
    for value in ODD:
        reply = room.browser.get(address.format(value if "%" in value else quote(value)), headers=headers)
        assert reply.status_code < 500, (address, value[:40], reply.text[:200])


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "x"])
@pytest.mark.parametrize("path", ["/staff/review/{}", "/staff/review/{}/edit", "/staff/review/{}/ask"])
def test_a_question_that_no_number_names_is_not_there(room: Room, path: str, number: str) -> None:
    form = {"form_key": room.key, "revision": "0", "state": "approved", "answer_id": room.answers[0]}
    replies = [room.browser.post(path.format(number), data=form, headers=HERE)]
    if not path.endswith("ask"):
        replies.append(room.browser.get(path.format(number)))
    for reply in replies:
        assert reply.status_code == 404
        assert "text/html" in reply.headers["content-type"]


@pytest.mark.parametrize("state", ["approved", "open", "edited", "withheld"])
@pytest.mark.parametrize("path", ["/staff/review/1", "/staff/review/1/edit"])
def test_the_answer_of_another_question_is_not_found(room: Room, path: str, state: str) -> None:
    for answer in (room.answers[1], "no-such-answer", "\x00"):
        form = {"form_key": room.key, "revision": "0", "state": state, "answer_id": answer, "do": "publish"}
        written = {"reason": "why", "text-0": "", "place-0-0": "2006-headline 1-1"}
        for more in ({}, written, {"revision": "x"}):
            reply = room.browser.post(path, data=form | more, headers=HERE)
            assert reply.status_code == 404, (answer[:20], more, reply.text[:300])


@pytest.mark.parametrize("path", FORMS)
def test_odd_values_in_a_form(room: Room, path: str) -> None:
    usual = {"form_key": room.key, "answer_id": room.answers[0], "revision": "0", "state": "open"}
    for field in FORMS[path]:
        for value in BODIES:
            form = usual | {field: value.encode("utf-8", "surrogatepass")}
            reply = room.browser.post(path, data=form, headers=HERE)
            assert reply.status_code < 500, (path, field, value[:20], reply.text[:200])


@pytest.mark.parametrize("path", ["/api/ask", "/api/search", "/api/staff/reviews/1/decision"])
def test_odd_values_in_a_body(room: Room, path: str) -> None:
    decision = {"answer_id": room.answers[0], "revision": 0, "state": "open", "judged": [], "note": "", "reason": ""}
    usual: dict[str, object] = {"/api/ask": {"question": "Who?"}, "/api/search": {"q": "court"}}.get(path, decision)
    for field in usual:
        for value in [*BODIES, 2**63, 10**300, 1e300, True, None, {}, [[[]]]]:
            if isinstance(value, str) and len(value) > 50_000:
                continue
            content = json.dumps(usual | {field: value})
            headers = room.bearer | {"content-type": "application/json"}
            reply = room.browser.post(path, content=content, headers=headers)
            assert reply.status_code < 500, (path, field, str(value)[:20], reply.text[:200])
