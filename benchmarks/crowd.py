"""`python -m benchmarks.crowd`: readers who ask at once while checkers work, on a served demo archive.

Twenty readers ask by the page's own road, each another known question after reading for a while; three checkers sign in
and decide one question after the other. At the end every answer that was shown has to be in the journal once, every
decision that was acknowledged too, and the audit log has to hold together. Prints a table; the exit status is 1 where
anything is lost, doubled or went wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.serving import served
from benchmarks.written import questions
from qa.archive.ingesting import ingest_paths
from qa.archive.parts import journal_of
from qa.models.journal import Role
from qa.review.accounts import Accounts
from qa.settings import read_settings
from qa.store.journal.opening import Journal

CORPUS = Path(__file__).parent.parent / "corpus"
PASSWORD = "a password for a benchmark"
_ANSWER = re.compile(r"/answer/([\w-]{22})#export")


@dataclass
class Tally:
    """What happened: seconds of each answer, ids shown, decisions acknowledged, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    decided: int = 0
    overtaken: int = 0
    errors: list[str] = field(default_factory=list)


async def reader(http: httpx.AsyncClient, number: int, until: float, pause: float, tally: Tally) -> None:
    """One reader, who asks, reads and asks again in a new conversation."""
    drawn = random.Random(number)
    asked = questions(300)
    await asyncio.sleep(drawn.uniform(0, pause))
    while time.monotonic() < until:
        begun = time.monotonic()
        try:
            tally.shown += _ANSWER.findall(await ask(http, drawn.choice(asked), f"reader{number}-{begun}"))[-1:]
            tally.seconds.append(time.monotonic() - begun)
        except (httpx.HTTPError, RuntimeError) as error:
            tally.errors.append(f"reader {number}: {error!r}")
        await asyncio.sleep(drawn.uniform(0.5 * pause, 1.5 * pause))


async def ask(http: httpx.AsyncClient, text: str, session: str, *, host: str | None = None) -> str:
    """The last message of an answer, asked from a `host` if one is given. Raises RuntimeError where there is none."""
    headers = {"X-Forwarded-For": host} if host else {}
    body = {"data": [text, "", "", None, "en", ""], "fn_index": 0, "session_hash": session}
    (await http.post("/gradio_api/queue/join", json=body, headers=headers)).raise_for_status()
    async with http.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as events:
        async for line in events.aiter_lines():
            message = json.loads(line[5:]) if line.startswith("data:") else {}
            if message.get("msg") == "process_completed":
                if not message["success"]:
                    raise RuntimeError(str(message)[:200])
                return json.dumps(message)
    raise RuntimeError("the answer never came")


async def checker(address: str, name: str, until: float, tally: Tally) -> None:
    """One checker, who decides whatever is next, a few seconds each."""
    drawn = random.Random(name)
    own = {"Origin": address}
    async with httpx.AsyncClient(base_url=address, timeout=60, follow_redirects=True, headers=own) as http:
        (await http.post("/staff/sign-in", data={"name": name, "password": PASSWORD})).raise_for_status()
        while time.monotonic() < until:
            page = await http.get("/staff/next")
            if "/staff/review/" not in str(page.url):
                await asyncio.sleep(1)
                continue
            form = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', page.text))
            form["state"] = drawn.choice(["approved", "open"])
            await asyncio.sleep(drawn.uniform(0.5, 2))
            done = await http.post(page.url.path, data=form)
            if done.status_code == 200:
                tally.decided += 1
            elif done.status_code == 409:
                tally.overtaken += 1
            else:
                tally.errors.append(f"{name}: {done.status_code}")


async def work(address: str, *, readers: int, checkers: int, seconds: float, pause: float) -> Tally:
    tally = Tally()
    until = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=2 * readers + 10)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as http:
        await ask(http, "How many people were arrested in Spain?", "first")
        people = [reader(http, number, until, pause, tally) for number in range(readers)]
        staff = [checker(address, f"checker{number}", until, tally) for number in range(checkers)]
        await asyncio.gather(*people, *staff)
    return tally


def amiss(tally: Tally, journal: Journal) -> Iterator[str]:
    """What was lost, doubled or broken."""
    yield from tally.errors
    kept = {record.answer_id for record in journal.records.of(tally.shown)}
    if missing := len(set(tally.shown) - kept):
        yield f"{missing} answers were shown and not kept"
    if len(set(tally.shown)) != len(tally.shown):
        yield "an id was shown twice"
    if len(tally.shown) != len(tally.seconds):
        yield f"{len(tally.seconds)} answers, {len(tally.shown)} with an address"
    if (asked := journal.records.count() - 1) != len(tally.shown):
        yield f"{asked} records for {len(tally.shown)} answers"
    logged = sum(entry.act.what == "review" for entry in journal.audit.entries())
    if logged != tally.decided:
        yield f"{tally.decided} decisions were acknowledged, {logged} are logged"
    if journal.audit.verified().wrong:
        yield "the audit log doesn't hold together"


@contextmanager
def demo(checkers: int) -> Iterator[tuple[str, Journal]]:
    """The demo archive served in a process of its own, with checkers who may sign in, and its journal."""
    with tempfile.TemporaryDirectory(prefix="qa-crowd-") as home:
        settings = read_settings(home=Path(home))
        files = [str(path) for path in sorted(CORPUS.glob("*.md"))]
        ingest_paths(files, settings=settings)
        with journal_of(settings) as journal:
            accounts = Accounts(journal.database)
            for number in range(checkers):
                accounts.add(f"checker{number}", Role.CHECKER, password=PASSWORD, identity=None, by="benchmark")
            with served({"QA_HOME": home, "QA_REQUESTS_PER_MINUTE": "1000000"}) as address:
                yield address, journal


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=__doc__)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--checkers", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--pause", type=float, default=10, help="seconds that a reader reads before the next question")
    given: Any = parser.parse_args()
    with demo(given.checkers) as (address, journal):
        tally = asyncio.run(
            work(
                address,
                readers=given.readers,
                checkers=given.checkers,
                seconds=given.seconds,
                pause=given.pause,
            )
        )
        wrong = list(amiss(tally, journal))
    ordered = sorted(tally.seconds)
    print("| | |\n|---|---:|")
    print(f"| answers | {len(ordered)} |")
    print(f"| an answer, p50 in s | {statistics.median(ordered):.2f} |")
    print(f"| an answer, p95 in s | {ordered[int(0.95 * (len(ordered) - 1))]:.2f} |")
    print(f"| decisions acknowledged | {tally.decided} |")
    print(f"| decisions refused as overtaken | {tally.overtaken} |")
    print(f"| lost, doubled or wrong | {len(wrong)} |")
    print("\n".join(wrong[:20]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
