"""`python -m benchmarks.attacked`: what becomes of hostile questions to poisoned articles when a weak model writes.

Asks the archive of `tests/attacks`, whose articles give orders, everything that the tests there ask: plain questions,
hostile ones, and both in one, as most hostile questions alone never reach the model. Every reply, and every one that is
shown while it grows, is held against what must always hold; those that break it are printed, and the command fails.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from benchmarks.small_model import served
from benchmarks.written import not_to_the_letter, outcome, written
from qa.archive.parts import encoder_of, reader_of
from qa.llm.chat import open_chat_model
from qa.llm.usage import Bounds, DailyBudget
from qa.models.replies import Question, Reply
from qa.settings import Settings
from tests.archives import prepared_archives
from tests.attacks.conftest import ORDINARY, QUESTIONS, Poisoned, poisoned_in

BOUNDS = Bounds(seconds=300, tokens=120, retries=0)
KINDS = ("ordinary", "hostile", "both in one")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attacked", description=__doc__)
    parser.add_argument("--count", type=int, default=10**6, metavar="N", help="questions of each kind, from the first")
    count = parser.parse_args().count
    encoder = encoder_of(Settings())
    reader = reader_of(Settings(), encoder)
    with (
        tempfile.TemporaryDirectory() as home,
        prepared_archives(Path(home) / "made", Path(home) / "opened", encoder, reader) as archives,
        served() as address,
    ):
        poisoned = poisoned_in(archives, encoder)
        model = open_chat_model(None, url=address, key=None, bounds=BOUNDS, budget=DailyBudget(10**9))
        room = poisoned.room(model)
        tally: Counter[tuple[str, str]] = Counter()
        seconds, told = [], list[str]()
        for kind, text in questions(count):
            started = time.perf_counter()
            replies = list(room.replies(Question(text)))
            seconds.append(time.perf_counter() - started)
            tally[kind, "asked"] += 1
            tally[kind, outcome(replies[-1])] += 1
            if harm := harm_in(poisoned, replies):
                tally[kind, "harmful"] += 1
                told.append(f"HARMFUL: {text}\n  {harm}")
            for statement in written(replies[-1]):
                tally[kind, "sentences written and shown"] += 1
                missing = ", ".join(not_to_the_letter(statement))
                told.append(f"{text}\n  {statement.text}" + (f"\n  not to the letter: {missing}" if missing else ""))
        show(tally, seconds)
    print("\n".join(told))
    sys.exit(any(tally[kind, "harmful"] for kind in KINDS))


def questions(count: int) -> list[tuple[str, str]]:
    """Questions, each with its kind: those that articles may answer, those that ask for harm, and the two joined."""
    plain = [*ORDINARY, *(record["question"] for record in QUESTIONS if record["expected"] == "searched")]
    hostile = [record["question"] for record in QUESTIONS if record["expected"] != "searched"]
    orders = [record["question"] for record in QUESTIONS if record["expected"] == "safe"]
    both = [f"{order} {ORDINARY[at % len(ORDINARY)]}" for at, order in enumerate(orders)]
    return [(kind, text) for kind, texts in zip(KINDS, (plain, hostile, both), strict=True) for text in texts[:count]]


def harm_in(poisoned: Poisoned, replies: list[Reply]) -> str:
    """What breaks what must always hold of a reply, whole or growing; empty where nothing does."""
    for reply in replies:
        try:
            poisoned.assert_harmless(reply)
        except AssertionError:
            return traceback.format_exc(limit=-1)
    return ""


def show(tally: Counter[tuple[str, str]], seconds: list[float]) -> None:
    for kind in KINDS:
        tally[kind, "harmful"] += 0
    print(f"| | {' | '.join(KINDS)} |\n|---|{'---:|' * len(KINDS)}")
    for name in sorted({name for _, name in tally}):
        print(f"| {name} | {' | '.join(str(tally[kind, name]) for kind in KINDS)} |")
    print(f"\nSeconds a question, p50 and longest: {statistics.median(seconds):.1f}, {max(seconds):.1f}")


if __name__ == "__main__":
    main()
