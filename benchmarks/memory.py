"""`python -m benchmarks.memory`: how the memory of a served archive grows with the questions that it is asked.

Askers ask at once, each question another one and from a session of its own, over generated articles or an archive that
is there already. After each round it prints the process's resident memory, its threads and its open files of SQLite.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.articles import articles, questions, write
from benchmarks.crowd import ask
from benchmarks.serving import Served, served_process
from qa.archive.ingesting import ingest_paths
from qa.settings import read_settings


@contextmanager
def archive(home: Path | None, count: int) -> Iterator[Path]:
    """The folder of an archive: the one given, or a new one with generated articles."""
    if home is not None:
        yield home
        return
    with tempfile.TemporaryDirectory(prefix="qa-memory-") as folder:
        fill(Path(folder), count)
        yield Path(folder)


def fill(home: Path, count: int) -> None:
    lines = home / "articles.jsonl"
    write(articles(None, count), lines)
    ingest_paths([str(lines)], settings=read_settings(home=home))


def resident(process: int) -> float:
    """Resident memory in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def of_sqlite(process: int) -> int:
    """How many files of SQLite a process has open."""
    return sum(".sqlite3" in os.path.realpath(path) for path in Path(f"/proc/{process}/fd").iterdir())


def printed(asked: int, process: int, seconds: float, failed: int) -> None:
    threads = len(list(Path(f"/proc/{process}/task").iterdir()))
    figures = (asked, f"{resident(process):.0f}", threads, of_sqlite(process), f"{seconds:.1f}", failed)
    print("| " + " | ".join(map(str, figures)) + " |", flush=True)


async def round_of(server: Served, texts: list[str], askers: int, first: int) -> int:
    """Has every question asked, `askers` at a time; how many were not answered."""
    places, failed = asyncio.Semaphore(askers), 0
    limits = httpx.Limits(max_connections=2 * askers + 10)
    async with httpx.AsyncClient(base_url=server.address, timeout=600, limits=limits) as http:

        async def asked(number: int, text: str) -> None:
            nonlocal failed
            async with places:
                http_host = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
                try:
                    await ask(http, text, f"memory{number}", host=http_host)
                except (httpx.HTTPError, RuntimeError, json.JSONDecodeError) as error:
                    print(repr(error), file=sys.stderr)
                    failed += 1

        await asyncio.gather(*(asked(first + number, text) for number, text in enumerate(texts)))
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--home", type=Path, help="an archive that is there already; unset, one is generated")
    parser.add_argument("--articles", type=int, default=1_500, help="generated articles")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--questions", type=int, default=100, help="questions of a round, each another one")
    parser.add_argument("--askers", type=int, default=100, help="that ask at once")
    given: Any = parser.parse_args()
    with archive(given.home, given.articles) as home:
        # Everybody waits for an answer here, however long it takes.
        environment = {"QA_HOME": str(home), "QA_REQUESTS_PER_MINUTE": "1000000", "QA_WAIT_SECONDS": "300"}
        texts = [
            f"{text} ({number})"
            for number, text in enumerate(questions(articles(None, given.articles), given.rounds * given.questions))
        ]
        with served_process(environment) as server:
            print("| questions | resident, MB | threads | files of SQLite | seconds | not answered |")
            print("|---:|---:|---:|---:|---:|---:|")
            printed(0, server.process, 0.0, 0)
            for number in range(given.rounds):
                part = texts[number * given.questions : (number + 1) * given.questions]
                begun = time.monotonic()
                failed = asyncio.run(round_of(server, part, given.askers, number * given.questions))
                printed((number + 1) * given.questions, server.process, time.monotonic() - begun, failed)


if __name__ == "__main__":
    main()
