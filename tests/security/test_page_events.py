"""What may be posted to gradio's queue: what the page's own events send, and nothing else."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import gradio as gr
import pytest

from qa.web.page import payload_of

from .conftest import Site

JOIN = "/gradio_api/queue/join"
SESSION = "k3j5h6g7f8d"


def question(**changed: Any) -> dict[str, Any]:
    """What chromium sends where a reader presses Enter, with fields changed."""
    body = {
        "data": ["Who was arrested?", None, None, None, "en", ""],
        "fn_index": 0,
        "trigger_id": None,
        "session_hash": SESSION,
    }
    return {**body, **changed}


def with_first(value: Any) -> dict[str, Any]:
    return question(data=[value, None, None, None, "en", ""])


FILE = {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}

STRANGE: dict[str, bytes] = {
    name: json.dumps(body).encode()
    for name, body in {
        "a file": with_first(FILE),
        "a file in a list": with_first([[FILE]]),
        "a file for the state": question(data=["Who?", None, None, FILE, "en", ""]),
        "a file by its address": with_first({"url": "http://127.0.0.1/", "path": "x", "meta": FILE["meta"]}),
        "a file in the event": question(event_data=FILE),
        "a number": with_first(1),
        "a huge number": with_first(10**300),
        "true": with_first(True),
        "an empty list": with_first([]),
        "a long question": with_first("x" * 1_001),
        "a long date": question(data=["Who?", "2" * 11, None, None, "en", ""]),
        "a state": question(data=["Who?", None, None, "", "en", ""]),
        "too few": question(data=["Who?"]),
        "too many": question(data=["Who?", None, None, None, "en", "", None]),
        "none": question(data=[]),
        "no list": question(data={"0": "Who?"}),
        "a negative event": question(fn_index=-1),
        "no such event": question(fn_index=99),
        "a huge event": question(fn_index=10**30),
        "an event by text": question(fn_index="0"),
        "a broken event": question(fn_index=0.5),
        "an event that is false": question(fn_index=False),
        "no event": {key: value for key, value in question().items() if key != "fn_index"},
        "no such trigger": question(trigger_id=10**5),
        "a negative trigger": question(trigger_id=-1),
        "a trigger of another event": question(trigger_id=0),
        "event data": question(event_data={"target": None}),
        "a session of another form": question(session_hash="../../etc"),
        "a session with a line break": question(session_hash=f"{SESSION}\n"),
        "an empty session": question(session_hash=""),
        "a long session": question(session_hash="a" * 33),
        "a session of numbers": question(session_hash=7),
        "no session": {key: value for key, value in question().items() if key != "session_hash"},
        "an unknown field": question(oauth_token="x"),
        "gradio's batches": question(batched=True),
        "another's event": question(event_id="x"),
        "half a character": with_first("\ud800"),
        "a list": [question()],
        "text": "question",
        "null": None,
    }.items()
} | {
    "nothing": b"",
    "half": json.dumps(question()).encode()[:-4],
    "not a number": json.dumps(question(fn_index=float("nan"))).encode(),
    "endless": json.dumps(question(trigger_id=float("inf"))).encode(),
    "too deep": b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "too many digits": b'{"fn_index": 1' + b"0" * 6_000 + b"}",
    "Latin 1": json.dumps(with_first("é"), ensure_ascii=False).encode("latin-1"),
    "UTF-16": json.dumps(question()).encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(question()).encode(),
    "zeros": bytes(100),
}


@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE.keys())
def test_what_the_page_does_not_send_never_reaches_gradio(
    shared_site: Site, body: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def reached(*arguments: object, **options: object) -> None:
        raise AssertionError("it reached gradio's queue")

    monkeypatch.setattr(type(shared_site.page._queue), "push", reached)
    reply = shared_site.client().post(JOIN, content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 400
    assert set(reply.json()) == {"error", "detail", "request_id"}
    assert "Load the page again" in reply.json()["detail"]
    assert caplog.records == []


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/jsonx", ""],
)
def test_what_is_not_sent_as_json_is_refused(shared_site: Site, kind: str) -> None:
    reply = shared_site.client().post(JOIN, content=json.dumps(question()), headers={"content-type": kind})
    assert reply.status_code == 415


def test_what_chromium_sends_is_taken(site: Site) -> None:
    """As seen of gradio 6.31 in chromium: asked, asked by example, restored and begun anew."""
    asked = site.event("_ask", "submit")
    sent: list[tuple[int, list[str | None]]] = [
        (asked, ["Who?", None, None, None, "en", ""]),
        (asked + 1, ["Who?", "2005", "", None, "es", ""]),
        (site.event("_restore", "change"), ["x" * 60_000]),
        (site.event("_restore", "click"), []),
    ]
    with site.client() as client:
        for number, data in sent:
            trigger, event = site.page.fns[number].targets[0]
            body = {"data": data, "fn_index": number, "trigger_id": trigger, "session_hash": SESSION}
            if event == "change":
                body["event_data"] = data[0]
            assert client.post(JOIN, json=body, params={"lang": "es"}).status_code == 200


def test_a_fault_shows_the_number_of_the_request_that_asked(site: Site) -> None:
    """gradio answers in a context of its own, in which another request may have begun."""
    asked, numbers = site.event("_ask", "submit"), list[str]()
    with site.client() as client:
        for session in ("firstone", "secondone"):
            body = {"data": ["bug", None, None, None, "es", ""], "fn_index": asked, "session_hash": session}
            numbers.append(client.post(JOIN, json=body).headers["x-request-id"])
            replies = client.get(f"/gradio_api/queue/data?session_hash={session}").text
            assert f"indique este número: {numbers[-1]}." in replies
    assert len(set(numbers)) == 2


def test_what_a_box_says_twice_is_passed_on_once(shared_site: Site) -> None:
    body = {"data": ["kept"], "fn_index": 6, "event_data": "kept", "session_hash": SESSION}
    payload = payload_of(json.dumps(body).encode(), shared_site.page)
    assert payload.data == ["kept"]
    assert "event_data" not in json.loads(payload.model_dump_json())


def test_every_event_of_the_page_takes_what_its_components_hold(shared_site: Site) -> None:
    page = shared_site.page
    for number, function in page.fns.items():
        body = {"data": [None] * len(function.inputs), "fn_index": number, "session_hash": SESSION}
        assert payload_of(json.dumps(body).encode(), page).fn_index == number
        for trigger, _ in function.targets:
            assert payload_of(json.dumps({**body, "trigger_id": trigger}).encode(), page).trigger_id == trigger


def test_what_holds_no_text_takes_none() -> None:
    async def built() -> gr.Blocks:
        with gr.Blocks(analytics_enabled=False) as page:
            gr.Button().click(lambda file: None, [gr.File()], None)
        return page

    page = asyncio.run(built())
    body = {"data": [None], "fn_index": 0, "session_hash": SESSION}
    assert payload_of(json.dumps(body).encode(), page).data == [None]
    with pytest.raises(ValueError, match="does not send"):
        payload_of(json.dumps({**body, "data": ["/etc/hostname"]}).encode(), page)


def test_a_kept_conversation_that_is_null_is_an_empty_one(shared_site: Site) -> None:
    restored = shared_site.page.fns[shared_site.event("_restore", "change")].fn
    assert restored is not None
    assert restored(None)[1] == ""
