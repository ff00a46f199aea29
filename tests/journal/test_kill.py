"""`kill -9` in the middle of verdicts: what was acknowledged stays, nothing is half there, the log verifies."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from qa.models.journal import BEGINNING, Judgement, State, chain
from qa.store.journal.opening import Journal, opened_journal
from tests.journal import verdict_driver
from tests.tiers import share_of

from .conftest import record
from .test_records import answer

ROOT = Path(__file__).parents[2]
QUESTIONS = 200
KILLS = max(3, share_of(5))


def start(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, verdict_driver.__file__, str(home)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    return process


def sound(journal: Journal) -> set[int]:
    """The numbers of the reviews that are decided, after everything that goes with a decision was found there."""
    decided = journal.reviews.decided()
    for review in decided:
        assert (review.state, review.revision, review.by) == (State.APPROVED, 1, "ada")
        judged = {0: Judgement.SUPPORTED, 1: Judgement.PARTLY}
        assert journal.reviews.judged(review.standing or "") == judged
    previous, logged = BEGINNING, []
    for entry in journal.audit.entries():
        assert entry.chained == chain(previous, entry.number, entry.act)
        previous = entry.chained
        logged.append(int(entry.act.subject.removeprefix("review ")))
    assert sorted(logged) == sorted(review.number for review in decided)
    return set(logged)


def test_kills_in_the_middle_of_verdicts(tmp_path: Path) -> None:
    with opened_journal(tmp_path) as journal:
        for number in range(QUESTIONS):
            kept = record(answer("How many?"), answer_id=f"a{number}")
            journal.records.add(kept, key=f"question {number}")
    moments, deaths, acknowledged = random.Random(7), 0, set[int]()
    for number in range(KILLS):
        with start(tmp_path) as process:
            # On a busy machine nothing is decided so soon: until something was, each lives longer than the last.
            time.sleep(moments.uniform(0.01, 0.2) * (1 if acknowledged else 1 + number))
            deaths += process.poll() is None
            process.send_signal(signal.SIGKILL)
            assert process.stdout
            told = process.stdout.read().split("\n")
        acknowledged |= {int(line) for line in told[:-1] if line.isdigit()}
        with opened_journal(tmp_path) as journal:
            assert acknowledged <= sound(journal)
    assert deaths, "no kill came in time"
    assert acknowledged
    with start(tmp_path) as process:
        process.communicate()
    with opened_journal(tmp_path) as journal:
        assert len(sound(journal)) == QUESTIONS
