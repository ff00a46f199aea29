"""Questions and ingestion over bulk news, in a process of their own each: medians, and the peak of memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from benchmarks.articles import articles, questions, write
from evaluation.program import opened
from evaluation.table import Row

ASKED = 100


def evaluate(path: Path, *, count: int) -> Iterator[Row]:
    """The first `count` stories of a file, ingested and asked about by their headlines."""
    command = [sys.executable, "-m", "evaluation.speed", str(path), str(count)]
    finished = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(finished.stdout.splitlines()[-1])
    dataset = f"speed, {count:,} stories"
    yield Row(dataset, "ingested", figure=figures["ingested"], unit="articles/s")
    yield Row(dataset, "question, median", figure=figures["median"], unit="ms")
    yield Row(dataset, "question, 95th percentile", figure=figures["percentile"], unit="ms")
    yield Row(dataset, "peak memory", figure=figures["memory"], unit="MB")


def _measured(path: Path, count: int) -> dict[str, float]:
    stories = articles(path, count)
    with tempfile.TemporaryDirectory(prefix="qa-evaluation-") as scratch:
        lines = Path(scratch) / "stories.jsonl"
        write(stories, lines)
        milliseconds = []
        with opened([str(lines)], home=Path(scratch) / "home") as program:
            for text in questions(stories, ASKED):
                began = time.perf_counter()
                program.reply(text)
                milliseconds.append((time.perf_counter() - began) * 1e3)
            ingested = program.articles_per_second
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return {
        "ingested": ingested,
        "median": median(milliseconds),
        "percentile": quantiles(milliseconds, n=20)[-1],
        "memory": peak,
    }


if __name__ == "__main__":
    print(json.dumps(_measured(Path(sys.argv[1]), int(sys.argv[2]))))
