"""`kill -9` of those who fill and serve an archive, at moments by chance: is anything lost, doubled or half there?

    python -m benchmarks.crash STORIES.jsonl [--kills 10] [--seed 7] [--database SERVER]

Ingests the stories undisturbed. Then, for each kill in an archive of its own: a page is served and asked all the time
while the stories are ingested, by one command into a folder, by two into PostgreSQL, and one of these processes is
killed, each in its turn. The archive is checked as it was left, every answer that a reader got has to be kept, the
stories are ingested again, and the contents (ids, digests, passages) are compared with the undisturbed ones. Prints a
table; the exit status is 1 where anything differs. `--database` names a server as a user who may make databases.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from pydantic import SecretStr

from benchmarks.articles import Record, articles, questions, write
from benchmarks.serving import served_process
from qa.archive.parts import journal_of, store_of
from qa.settings import Settings

QA = [sys.executable, "-m", "qa.cli.main"]
SHORTEST, LONGEST = 0.2, 1.0
"""Moments of the kills, as shares of the undisturbed run; at its begin the encoder is still being loaded."""

Contents = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an archive is: its folder, and its database where it has one."""

    folder: Path
    database: str | None

    @property
    def settings(self) -> Settings:
        return Settings(home=self.folder, database=SecretStr(self.database) if self.database else None)

    @property
    def environment(self) -> dict[str, str]:
        named = {"QA_HOME": str(self.folder), "QA_REQUESTS_PER_MINUTE": "1000000"}
        return {**os.environ, **named, **({"QA_DATABASE": self.database} if self.database else {})}

    def ingesting(self, stories: list[Path]) -> list[subprocess.Popen[bytes]]:
        commands = [[*QA, "ingest", "--json", str(path)] for path in stories]
        return [
            subprocess.Popen(line, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for line in commands
        ]

    def contents(self) -> tuple[Contents, int]:
        """Digests and passages of all articles by id, and the number of problems that a check finds."""
        with store_of(self.settings, writing=True, making=True) as store:
            rows = store.rows(
                'SELECT a.id, p.start, p."end" FROM passages p JOIN articles a ON a.number = p.article'
                " WHERE a.state = 'live' ORDER BY a.id, p.start"
            )
            passages: dict[str, list[str]] = {}
            for row in rows:
                passages.setdefault(row["id"], []).append(f"{row['start']}-{row['end']}")
            digests = store.stored(set(passages))
            problems = len(store.check())
        return {name: (digests[name].digest, " ".join(spans)) for name, spans in passages.items()}, problems

    def kept_answers(self) -> int:
        with journal_of(self.settings) as journal:
            return journal.records.count()


@dataclass
class Asking:
    """A reader who asks without a pause until told to stop: how many answers came whole."""

    address: str
    asked: list[str]
    answers: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        dice = random.Random(1)
        while not self.stop.is_set():
            try:
                question = dice.choice(self.asked)
                httpx.get(f"{self.address}/api/ask", params={"question": question}, timeout=60).raise_for_status()
                self.answers += 1
            except httpx.HTTPError:
                time.sleep(0.1)


def killed(place: Place, stories: list[Path], asked: list[str], *, after: float, victim: int) -> tuple[str, int, int]:
    """Who was killed, how many answers readers got, and how many are kept."""
    for command in place.ingesting([stories[0].with_name("first.jsonl")]):  # of nothing no page is served
        command.wait()
    with served_process(place.environment) as page:
        asking = Asking(page.address, asked)
        thread = threading.Thread(target=asking.run)
        thread.start()
        commands = place.ingesting(stories)
        time.sleep(after)
        if victim < len(commands):
            name = f"command {victim + 1}" + ("" if commands[victim].poll() is None else " (had ended)")
            commands[victim].kill()
        else:
            name = "page"
            os.kill(page.process, signal.SIGKILL)
        for command in commands:
            command.wait()
        asking.stop.set()
        thread.join()
    return name, asking.answers, place.kept_answers()


@contextmanager
def places(folder: Path, server: str | None) -> Iterator[Place]:
    """An empty archive, gone with the block where it is a database."""
    name = f"qa_{uuid.uuid4().hex[:12]}"
    home = folder / name
    if server is None:
        yield Place(home, None)
        return
    import psycopg
    from psycopg.conninfo import make_conninfo

    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield Place(home, make_conninfo(server, dbname=name))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def run(records: list[Record], folder: Path, *, kills: int, seed: int, server: str | None) -> bool:
    several = 2 if server else 1
    stories, asked = [folder / f"stories-{number}.jsonl" for number in range(several)], questions(records, 100)
    for number, path in enumerate(stories):
        write(records[number::several], path)
    write(records[:1], folder / "first.jsonl")
    with places(folder, server) as place:
        begun = time.perf_counter()
        for command in place.ingesting(stories):
            command.wait()
        seconds = time.perf_counter() - begun
        expected, problems = place.contents()
    print(f"Undisturbed: {len(expected):,} articles in {seconds:.0f} s, {problems} problems.\n")
    print("| killed | after s | answers got | kept | stored whole | half or foreign | problems | same in the end |")
    print("|---|--:|--:|--:|--:|--:|--:|---|", flush=True)
    moments, sound = random.Random(seed), not problems
    for number in range(kills):
        after = moments.uniform(SHORTEST, LONGEST) * seconds
        with places(folder, server) as place:
            name, got, kept = killed(place, stories, asked, after=after, victim=number % (several + 1))
            found, problems = place.contents()
            for command in place.ingesting(stories):
                command.wait()
            last, problems_after = place.contents()
        foreign = len(found.items() - expected.items())
        same = last == expected and not problems_after
        # An answer may be kept whose reader was cut off before it arrived.
        sound &= same and not problems and not foreign and got <= kept <= got + 1
        print(
            f"| {name} | {after:.1f} | {got} | {kept} | {len(found):,} | {foreign} | {problems} "
            f"| {'yes' if same else 'NO'} |",
            flush=True,
        )
    return sound


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stories", type=Path)
    parser.add_argument("--count", type=int, metavar="N", help="the first N only")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", metavar="SERVER")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qa-crash-") as folder:
        records = articles(given.stories, given.count)
        return 0 if run(records, Path(folder), kills=given.kills, seed=given.seed, server=given.database) else 1


if __name__ == "__main__":
    sys.exit(main())
