"""Metrics: what is counted, who may read it, and that nothing from outside becomes a label."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from prometheus_client.parser import text_string_to_metric_families as families
from starlette.testclient import TestClient

from qa.errors import Busy, StoreError
from qa.models.deliveries import IngestReport
from qa.models.replies import Question
from qa.models.support import Usage
from qa.settings import Settings
from qa.web.context import WebContext
from qa.web.limits import Limits
from qa.web.metrics import Access
from tests.web.conftest import ROOMY, create_pages
from tests.web.fake_room import WIRE, FakeRoom, answer_to, quote_of
from tests.web.staffed import Staffed

HERE, ELSEWHERE = ("127.0.0.1", 40_000), ("203.0.113.7", 40_000)


def read(app: Any) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    reply = TestClient(app, client=HERE).get("/metrics")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/plain; version=1.0.0")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families(reply.text)
        for sample in family.samples
    }


def test_questions_are_counted_by_channel_and_result(tmp_path: Path) -> None:
    staffed = Staffed(tmp_path)
    app = create_pages(staffed.room, staff=staffed.office, limits=ROOMY, embed_sites=["https://news.example"])
    ended = datetime(2026, 11, 1, 12, tzinfo=UTC)
    number = staffed.journal.imports.begin(ended)
    staffed.journal.imports.end(number, IngestReport(1, 0, 0, (), 1, 0.1), paths=[], at=ended)
    client = TestClient(app, raise_server_exceptions=False)
    for path in ("/ask", "/api/ask", "/api/ask", "/embed"):
        client.get(path, params={"question": "Who was arrested?"})
    for question in ("nothing", "bug", "broken", "refused", ""):
        client.get("/api/ask", params={"question": question})
    samples = read(app)
    counted = {key[1:]: value for key, value in samples.items() if key[0] == "qa_questions_total" and value}
    assert counted == {
        ("page", "answered"): 1,
        ("embed", "answered"): 1,
        ("api", "answered"): 2,
        ("api", "refused"): 1,
        ("api", "failed"): 2,
    }
    assert samples["qa_questions_total", "page", "failed"] == 0
    assert samples["qa_reply_seconds_count", "api"] == 3
    assert samples["qa_reply_seconds_bucket", "api", "+Inf"] == 3
    assert samples["qa_responses_total", "200"] == 5
    assert samples["qa_responses_total", "400"] == samples["qa_responses_total", "422"] == 1
    assert samples["qa_articles",] == 31
    assert samples["qa_archive_readable",] == 1
    assert samples["qa_last_ingestion_timestamp_seconds",] == ended.timestamp()
    assert not any(key[0].endswith("_created") for key in samples)
    assert samples["qa_queue_served",] == samples["qa_queue_waiting",] == samples["qa_queue_turned_away_total",] == 0


class WritingRoom(FakeRoom):
    def replies(self, question: Question, **_: Any) -> Any:
        words = "Spain then informed Eurojust and IberRed."
        object.__setattr__(answer := answer_to(question, quote_of(WIRE, words)), "usage", Usage(700, 0, 90, 2))
        yield answer


def test_what_a_language_model_used_is_counted() -> None:
    app = create_pages(WritingRoom(), limits=ROOMY)
    TestClient(app).get("/api/ask?question=Who?")
    samples = read(app)
    assert samples["qa_llm_calls_total",] == 2
    assert samples["qa_llm_tokens_total", "read"] == 700
    assert samples["qa_llm_tokens_total", "written"] == 90


class ClosedRoom(FakeRoom):
    def coverage(self) -> Any:
        raise StoreError("the disk is gone")


def test_an_archive_that_cannot_be_read_has_metrics_all_the_same() -> None:
    samples = read(create_pages(ClosedRoom()))
    assert samples["qa_archive_readable",] == 0
    assert ("qa_articles",) not in samples


@pytest.mark.parametrize(
    ("access", "client", "headers", "status"),
    [
        ("local", HERE, {}, 200),
        ("local", ("::1", 40_000), {}, 200),
        ("local", ("::ffff:127.0.0.1", 40_000), {}, 200),
        ("local", ELSEWHERE, {}, 404),
        ("local", HERE, {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("local", HERE, {"Via": "1.1 Caddy"}, 404),
        ("off", HERE, {}, 404),
        ("on", ELSEWHERE, {"X-Forwarded-For": "203.0.113.7"}, 200),
    ],
)
def test_who_may_read_them(access: Access, client: Any, headers: dict[str, str], status: int) -> None:
    pages = create_pages(FakeRoom(), metrics=access)
    reply = TestClient(pages, client=client).get("/metrics", headers=headers)
    assert reply.status_code == status
    assert ("qa_questions" in reply.text) is (status == 200)


def test_the_setting_has_the_same_values() -> None:
    field = Settings.model_fields["metrics"]
    assert (get_args(field.annotation), field.default) == (get_args(Access), "local")


def test_who_got_no_turn_is_counted() -> None:
    context = WebContext(FakeRoom(), limits=Limits(concurrency=0, queue_size=0))

    async def asked() -> None:
        async with context.queue.slot("a"):
            raise AssertionError

    with pytest.raises(Busy, match="Ask again"):
        asyncio.run(asked())
    assert context.queue.turned_away == 1
    assert not context.queue.waiting
    assert not context.queue.served
