"""`python -m benchmarks.growing`: readers who ask while the archive grows, is corrected and withdrawn from.

Some of the articles are in the archive when it is served, half of them if no number is named. Twenty readers ask
about all, first in quiet, then while `qa ingest` reads the others and changed texts of every tenth article that is
there. Every citation has to stand in the article as it was or as it is, all of one answer in the same of both, and an
article that was withdrawn in the middle in none. Prints a table; the exit status is 1 where anything went wrong.

With `--database` the archive is that of PostgreSQL: two pages are asked in turn, and two commands ingest a half each.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.articles import Record, articles, questions, write
from benchmarks.measures import machine, percentile
from benchmarks.serving import Served, served_process

READERS = 20
CHANGED = 10
"""Of so many articles that are held one is changed."""

QA = [sys.executable, "-m", "qa.cli.main"]


@dataclass
class Tally:
    """Seconds of each answer, what went wrong, and the seconds of a processor that the page took for all."""

    seconds: list[float] = field(default_factory=list)
    processor: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Texts:
    """What each article may be quoted with: its texts, spaces made one; none once it is withdrawn."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._texts: dict[str, list[str]] = {}
        self._withdrawn: dict[str, float] = {}
        self.add(records)

    def add(self, records: Sequence[Record]) -> None:
        for record in records:
            self._texts.setdefault(record["id"], []).append(" ".join(record["text"].split()))

    def withdraw(self, article_id: str) -> None:
        self._withdrawn[article_id] = time.monotonic()

    def mixed(self, citations: Sequence[Mapping[str, Any]], *, asked_at: float) -> list[str]:
        """What is wrong with the citations of one answer."""
        wrong = []
        quotes: dict[str, list[str]] = {}
        for citation in citations:
            quotes.setdefault(citation["article_id"], []).append(" ".join(citation["quote"].split()))
        for article_id, words in quotes.items():
            if not any(all(quote in text for quote in words) for text in self._texts[article_id]):
                wrong.append(f"{article_id} is quoted with words that it never had together: {words}")
            if self._withdrawn.get(article_id, asked_at) < asked_at:
                wrong.append(f"{article_id} is quoted although it was withdrawn")
        return wrong


async def reader(
    http: httpx.AsyncClient, number: int, asked: Sequence[str], texts: Texts, tally: Tally, *, pause: float
) -> None:
    """One reader, who asks, reads and asks again until cancelled."""
    drawn = random.Random(number)
    while True:
        await asyncio.sleep(drawn.uniform(0, 2 * pause))
        begun = time.monotonic()
        try:
            reply = (await http.get("/api/ask", params={"question": drawn.choice(asked)})).raise_for_status().json()
        except httpx.HTTPError as error:
            tally.wrong.append(f"reader {number}: {error!r}")
            continue
        tally.seconds.append(time.monotonic() - begun)
        tally.wrong += texts.mixed(reply["citations"], asked_at=begun)


async def asked_while(
    pages: Sequence[Served], asked: Sequence[str], texts: Texts, work: Callable[[], None], *, pause: float
) -> Tally:
    """What readers meet until the work is done; each stays with one page."""
    tally = Tally(processor=-sum(processor_seconds(page.process) for page in pages))
    async with AsyncExitStack() as opened:
        https = [
            await opened.enter_async_context(
                httpx.AsyncClient(base_url=page.address, timeout=120, limits=httpx.Limits(max_connections=60))
            )
            for page in pages
        ]
        people = [
            asyncio.create_task(reader(https[number % len(https)], number, asked, texts, tally, pause=pause))
            for number in range(READERS)
        ]
        await asyncio.to_thread(work)
        for person in people:
            person.cancel()
        await asyncio.gather(*people, return_exceptions=True)
    tally.processor += sum(processor_seconds(page.process) for page in pages)
    return tally


def processor_seconds(process: int) -> float:
    """What a process has taken of a processor so far; on Linux alone."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def qa(environment: Mapping[str, str], *arguments: str) -> None:
    subprocess.run([*QA, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def changed(record: Record) -> Record:
    return {**record, "text": record["text"].replace(" said", " said again")}


def freshness(address: str, environment: Mapping[str, str], folder: Path) -> float:
    """Seconds from the end of `qa ingest` until a question finds what it has read."""
    new = folder / "heron.txt"
    new.write_text("Herons at Torvik\n\nThe herons of Torvik nested on the church tower.", encoding="utf-8")
    qa(environment, "ingest", str(new))
    begun = time.monotonic()
    while True:
        reply = httpx.get(f"{address}/api/ask", params={"question": "Where did the herons of Torvik nest?"}, timeout=60)
        if any(citation["article_id"] == "heron" for citation in reply.json()["citations"]):
            return time.monotonic() - begun


def run(
    folder: Path, records: list[Record], *, first: int | None, pause: float, quiet: float, database: str | None
) -> int:
    first = first or len(records) // 2
    held, coming = records[:first], records[first:]
    updates = [changed(record) for record in held[::CHANGED]]
    several = 2 if database else 1
    environment = {**os.environ, "QA_HOME": str(folder / "home"), "QA_REQUESTS_PER_MINUTE": "1000000"}
    environment |= {"QA_DATABASE": database} if database else {}
    there, others = folder / "first.jsonl", [folder / f"second-{number}.jsonl" for number in range(several)]
    write(held, there)
    for number, path in enumerate(others):
        write([*coming, *updates][number::several], path)
    qa(environment, "ingest", str(there))
    texts, asked = Texts([*records, *updates]), questions(records, 300)
    gone = held[1]["id"]

    def growing() -> None:
        commands = [
            subprocess.Popen([*QA, "ingest", str(path)], env=environment, stdout=subprocess.DEVNULL) for path in others
        ]
        time.sleep(quiet / 4)
        qa(environment, "withdraw", gone, "--reason", "benchmark")
        texts.withdraw(gone)
        if sum(abs(command.wait()) for command in commands):
            raise SystemExit("the ingestion failed")

    with ExitStack() as opened:
        pages = [opened.enter_context(served_process(environment)) for _ in range(several)]
        without = asyncio.run(asked_while(pages, asked, texts, lambda: time.sleep(quiet), pause=pause))
        begun = time.monotonic()
        during = asyncio.run(asked_while(pages, asked, texts, growing, pause=pause))
        seconds = time.monotonic() - begun
        fresh = freshness(pages[-1].address, environment, folder)
        articles_held = httpx.get(f"{pages[0].address}/health", timeout=60).json()["articles"]
    wrong = [*without.wrong, *during.wrong]
    if articles_held != len(records):  # one more, and one less
        wrong.append(f"{articles_held} articles are found, {len(records)} were expected")
    where = "PostgreSQL, two pages and two commands" if database else "a folder"
    print(
        f"{machine()}. In {where}: {first:,} articles, then {len(coming):,} more and {len(updates):,} changed"
        f" in {seconds:.0f} s.\n"
    )
    print("| | in quiet | while it grows |\n|---|---:|---:|")
    print(f"| answers | {len(without.seconds)} | {len(during.seconds)} |")
    for name, of in (("p50", statistics.median), ("p95", lambda values: percentile(values, 0.95))):
        print(f"| {name} in s | {of(without.seconds):.2f} | {of(during.seconds):.2f} |")
    for_each = [tally.processor / len(tally.seconds) for tally in (without, during)]
    print(f"| processor seconds of the page for each | {for_each[0]:.2f} | {for_each[1]:.2f} |")
    print(f"| errors, mixed or withdrawn | {len(without.wrong)} | {len(during.wrong)} |")
    print(f"\nWhat was ingested last was found {fresh:.1f} s after.")
    print("\n".join(wrong[:20]))
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growing", description=__doc__)
    parser.add_argument("--articles", type=Path, metavar="FILE", help="JSON Lines, gzip or not; unset, generated ones")
    parser.add_argument("--count", type=int, default=1_000, metavar="N", help="the first N articles only")
    parser.add_argument("--first", type=int, metavar="N", help="so many are there when it is served; unset, half")
    parser.add_argument("--pause", type=float, default=10, help="seconds that a reader reads, in the mean")
    parser.add_argument("--quiet", type=float, default=60, help="seconds that are measured before it grows")
    parser.add_argument("--database", metavar="URL", help="an empty database of PostgreSQL, instead of a folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qa-growing-") as folder:
        return run(
            Path(folder),
            articles(given.articles, given.count),
            first=given.first,
            pause=given.pause,
            quiet=given.quiet,
            database=given.database,
        )


if __name__ == "__main__":
    sys.exit(main())
