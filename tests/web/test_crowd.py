"""Twenty people ask at once: they wait for their own answer only, not for each other's."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx

from qa.web.server import create_app

from .conftest import ROOMY, served
from .fake_room import FakeRoom

PEOPLE = 20
SECONDS_EACH = 0.5


async def asks(http: httpx.AsyncClient, function: int, person: int) -> str:
    """One reader's question by gradio's own road, and the HTML of the conversation at its end."""
    session = f"person{person}"
    body = {
        "data": [f"How many were arrested? Asked by {person}", "", "", None, "en", ""],
        "fn_index": function,
        "session_hash": session,
    }
    joined = await http.post("/gradio_api/queue/join", json=body)
    joined.raise_for_status()
    async with http.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as events:
        async for line in events.aiter_lines():
            message = json.loads(line[5:]) if line.startswith("data:") else {}
            if message.get("msg") == "process_completed":
                assert message["success"], message
                return json.dumps(message)
    raise AssertionError("the answer never came")


async def crowd(address: str) -> tuple[list[str], float]:
    async with httpx.AsyncClient(base_url=address, timeout=30) as http:
        config: dict[str, Any] = (await http.get("/config")).json()
        function = config["dependencies"][0]["id"]
        await asks(http, function, PEOPLE)
        begun = time.perf_counter()
        answers = await asyncio.gather(*(asks(http, function, person) for person in range(PEOPLE)))
        return list(answers), time.perf_counter() - begun


def test_twenty_people_at_once() -> None:
    room = FakeRoom(delay=SECONDS_EACH)
    with served(create_app(room, limits=ROOMY)) as address:
        answers, seconds = asyncio.run(crowd(address))
    assert len(room.asked) == PEOPLE + 1
    assert all(history == () for _, history in room.asked)
    assert len(answers) == PEOPLE
    assert seconds < PEOPLE * SECONDS_EACH / 3
