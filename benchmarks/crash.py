"""`kill -9` at random moments of an ingestion: does the next run always end with the same catalogue?

    python -m benchmarks.crash STORIES.jsonl [--kills 10] [--seed 7]

Ingests the stories undisturbed with the real command line. Then, for each kill into a folder of its own: ingests
until killed, opens the archive as the next run does and checks it, ingests again, compares with the undisturbed
catalogue (ids, digests, passages) and checks again. Prints a table; the exit status is 1 where anything differs.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from qa.store.opening import opened

SHORTEST, LONGEST = 0.1, 1.0
"""Moments of the kills, as shares of the undisturbed run; before a tenth of it the encoder is still being loaded."""

Contents = dict[str, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: when, whether it met a running process, what the restart found, and what the next run made of it."""

    seconds: float
    alive: bool
    articles: int
    foreign: int
    problems: int
    same: bool
    problems_after: int

    @property
    def clean(self) -> bool:
        return self.same and not (self.problems or self.foreign or self.problems_after)

    @property
    def row(self) -> str:
        cells = (
            f"{self.seconds:.1f}", "yes" if self.alive else "no", f"{self.articles:,}", self.foreign, self.problems,
            "yes" if self.same else "NO", self.problems_after,
        )  # fmt: skip
        return "| " + " | ".join(map(str, cells)) + " |"


def started(home: Path, stories: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "qa.cli.main", "ingest", "--json", str(stories)],
        env={**os.environ, "QA_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )


def contents(home: Path) -> tuple[Contents, int]:
    """Ids, digests and passages of all articles, and the number of problems that a check finds."""
    with opened(home, writing=True, making=True) as store:
        held = {source.article_id for source, _ in store.sources()}
        digests = store.stored(held)
        passages = {article_id: tuple(store.passage_ids(article_id)) for article_id in held}
        problems = len(store.check())
    return {article_id: (digests[article_id].digest, passages[article_id]) for article_id in held}, problems


def killed(home: Path, stories: Path, *, after: float, expected: Contents) -> Kill:
    process = started(home, stories)
    time.sleep(after)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    found, problems = contents(home)
    started(home, stories).wait()
    last, problems_after = contents(home)
    foreign = len(found.items() - expected.items())
    return Kill(after, alive, len(found), foreign, problems, last == expected, problems_after)


def run(stories: Path, folder: Path, *, kills: int, seed: int) -> bool:
    begun = time.perf_counter()
    started(folder / "undisturbed", stories).wait()
    seconds = time.perf_counter() - begun
    expected, problems = contents(folder / "undisturbed")
    print(f"undisturbed: {len(expected):,} articles in {seconds:.0f} s, {problems} problems\n")
    print("| killed after s | was running | stored whole | half or foreign | problems | same in the end | problems |")
    print("|---|---|---|---|---|---|---|", flush=True)
    moments, sound = random.Random(seed), not problems
    for number in range(kills):
        after = moments.uniform(SHORTEST, LONGEST) * seconds
        kill = killed(folder / f"killed-{number}", stories, after=after, expected=expected)
        sound &= kill.clean
        print(kill.row, flush=True)
    return sound


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stories", type=Path)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return 0 if run(given.stories, Path(folder), kills=given.kills, seed=given.seed) else 1


if __name__ == "__main__":
    sys.exit(main())
