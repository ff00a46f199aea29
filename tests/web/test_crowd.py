"""Twenty people ask at once: they wait for their own answer only, not for each other's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from threading import Barrier
from typing import Any

import httpx

from qa.models.replies import Question, Reply
from qa.web.server import create_app

from .conftest import ROOMY, served
from .fake_room import FakeRoom

PEOPLE = 20
TOGETHER = 10
PATIENCE = 60  # seconds


class SharedRoom(FakeRoom):
    """Answers nobody before `TOGETHER` people have asked; who was to wait for another's answer gets an error."""

    def __init__(self) -> None:
        super().__init__()
        self._together = Barrier(TOGETHER)

    def reply(self, question: Question, *, history: Sequence[str] = ()) -> Reply:
        self._together.wait(PATIENCE)
        return super().reply(question, history=history)


async def asks(http: httpx.AsyncClient, function: int, person: int) -> str:
    """One reader's question by gradio's own road, and the HTML of the conversation at its end."""
    session = f"person{person}"
    body = {
        "data": [f"How many were arrested? Asked by {person}.", "", "", None, "en", ""],
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


async def crowd(address: str) -> list[str]:
    async with httpx.AsyncClient(base_url=address, timeout=2 * PATIENCE) as http:
        config: dict[str, Any] = (await http.get("/config")).json()
        function = config["dependencies"][0]["id"]
        return list(await asyncio.gather(*(asks(http, function, person) for person in range(PEOPLE))))


def test_twenty_people_at_once() -> None:
    room = SharedRoom()
    with served(create_app(room, limits=ROOMY)) as address:
        answers = asyncio.run(crowd(address))
    assert len(room.asked) == PEOPLE
    assert all(history == () for _, history in room.asked)
    assert all(f"Asked by {person}." in answer for person, answer in enumerate(answers))
