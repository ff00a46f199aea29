"""A crowd that asks at once: each is answered or told to come back, none starves, and no network takes all seats."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from qa.errors import Busy
from qa.models.replies import Question, Reply
from qa.web.limits import BUSY, Limits, RequestQueue
from qa.web.server import create_app
from tests.web.conftest import served
from tests.web.fake_room import FakeRoom

CROWD = 40
PATIENCE = 0.5
SERVICE = 0.1
TIGHT = Limits(concurrency=2, queue_size=25, queue_share=15, wait_seconds=PATIENCE, requests_per_minute=100_000)


async def asked(queue: RequestQueue, host: str, done: list[str], *, seconds: float = 0.01) -> bool:
    try:
        async with queue.slot(host):
            await asyncio.sleep(seconds)
            done.append(host)
            return True
    except Busy:
        return False


def test_a_network_that_asks_much_waits_for_itself() -> None:
    async def crowd() -> list[str]:
        queue, done = RequestQueue(Limits(concurrency=2, queue_size=100, queue_share=50, wait_seconds=30)), list[str]()
        many = [asyncio.create_task(asked(queue, "192.0.2.1", done)) for _ in range(40)]
        await asyncio.sleep(0)
        few = [asyncio.create_task(asked(queue, f"198.51.100.{number}", done)) for number in range(5)]
        assert all(await asyncio.gather(*many, *few))
        return done

    done = asyncio.run(crowd())
    assert {host for host in done[:14] if host.startswith("198")} == {f"198.51.100.{number}" for number in range(5)}


def test_seats_are_bounded_in_all_and_for_one_network() -> None:
    async def crowd() -> tuple[Counter[bool], Counter[bool]]:
        queue, done = RequestQueue(Limits(concurrency=1, queue_size=20, queue_share=8, wait_seconds=30)), list[str]()
        one = [asyncio.create_task(asked(queue, f"2001:db8::{number:x}", done)) for number in range(30)]
        await asyncio.sleep(0)
        others = [asyncio.create_task(asked(queue, f"192.0.2.{number}", done)) for number in range(30)]
        return Counter(await asyncio.gather(*one)), Counter(await asyncio.gather(*others))

    one, others = asyncio.run(crowd())
    assert one[True] == 9
    assert others[True] == 12


def test_nobody_waits_longer_than_the_patience() -> None:
    async def crowd() -> float:
        queue = RequestQueue(Limits(concurrency=1, queue_size=10, queue_share=10, wait_seconds=0.2))
        async with queue.slot("a"):
            begun = time.monotonic()
            with pytest.raises(Busy):
                async with queue.slot("b"):
                    raise AssertionError("there was no place")
            seconds = time.monotonic() - begun
        async with asyncio.timeout(5), queue.slot("b"):
            return seconds

    assert 0.15 < asyncio.run(crowd()) < 5


def test_who_goes_away_leaves_seat_and_place() -> None:
    async def crowd() -> bool:
        queue, done = RequestQueue(Limits(concurrency=1, queue_size=1, queue_share=1, wait_seconds=30)), list[str]()
        first = asyncio.create_task(asked(queue, "a", done, seconds=30))
        await asyncio.sleep(0.01)
        second = asyncio.create_task(asked(queue, "b", done))
        await asyncio.sleep(0.01)
        for task in (second, first):
            task.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        return await asked(queue, "c", done)

    assert asyncio.run(crowd())


async def by_page(http: httpx.AsyncClient, function: int, person: int) -> str:
    """What the page shows at the end: the values of its parts."""
    session, headers = f"person{person}", {"X-Forwarded-For": f"198.51.{person}.1"}
    body = {"data": [f"Who? {person}", "", "", None, "en", ""], "fn_index": function, "session_hash": session}
    (await http.post("/gradio_api/queue/join", json=body, headers=headers)).raise_for_status()
    async with http.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as events:
        async for line in events.aiter_lines():
            message = json.loads(line[5:]) if line.startswith("data:") else {}
            if message.get("msg") == "process_completed":
                assert message["success"], message
                return json.dumps(message, ensure_ascii=False)
    raise AssertionError("the answer never came")


def test_a_crowd_at_the_page_is_answered_or_told_that_it_is_busy() -> None:
    room = FakeRoom(delay=SERVICE)

    async def crowd(address: str) -> list[str]:
        limits = httpx.Limits(max_connections=3 * CROWD)
        async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as http:
            config: dict[str, Any] = (await http.get("/config")).json()
            function = config["dependencies"][0]["id"]
            return list(await asyncio.gather(*(by_page(http, function, person) for person in range(CROWD))))

    with served(create_app(room, limits=TIGHT)) as address:
        shown = asyncio.run(crowd(address))
    turned_away = [(person, text) for person, text in enumerate(shown) if BUSY in text]
    assert 0 < len(turned_away) < CROWD
    assert len(room.asked) == CROWD - len(turned_away)
    assert all(f"Who? {person}" in text for person, text in turned_away)


WAYS = ["/api/ask?question=Who", "/api/search?q=court", "/embed?question=Who", "/search?q=court"]


class HeldRoom(FakeRoom):
    """A room in which whoever asks stays until he is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def reply(self, question: Question, *, history: Sequence[str] = ()) -> Reply:
        answered = super().reply(question, history=history)
        self.let_go.wait(30)
        return answered


def test_every_way_to_ask_says_when_to_come_back() -> None:
    limits, room = Limits(concurrency=1, queue_size=0, requests_per_minute=10_000), HeldRoom()
    app = create_app(room, limits=limits, embed_sites=["https://news.example"], asking_page=False)

    async def crowd(address: str) -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            first = asyncio.create_task(http.get("/api/ask?question=Who"))
            while not room.asked:
                await asyncio.sleep(0.01)
            others = await asyncio.gather(*(http.get(path) for path in ("/health", *WAYS)))
            room.let_go.set()
            return [await first, *others]

    with served(app) as address:
        first, health, *others = asyncio.run(crowd(address))
    assert first.status_code == health.status_code == 200
    for path, told in zip(WAYS, others, strict=True):
        assert told.status_code == 503, path
        assert int(told.headers["retry-after"]) >= 1
        assert "asking just now" in told.text
        assert "Who" in told.text or "embed" not in path


def test_a_call_of_a_program_is_counted_once(room_of_one: TestClient) -> None:
    for _ in range(3):
        assert room_of_one.get("/api/ask?question=Who").status_code == 200
        assert room_of_one.get("/api/ask?question=").status_code == 422


@pytest.fixture
def room_of_one() -> TestClient:
    return TestClient(create_app(FakeRoom(), limits=Limits(concurrency=1, queue_size=0), asking_page=False))
