"""Decides questions one after the other, and says which were acknowledged, to be killed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from qa.models.journal import Decision, Judgement, State
from qa.store.journal.opening import opened_journal
from qa.store.journal.reviews import ReviewFilter


def main(home: str) -> None:
    with opened_journal(Path(home)) as journal:
        reviews = journal.reviews.listed(ReviewFilter(state=State.OPEN, order="oldest"), limit=10_000)
        print("open", flush=True)
        for review in reviews:
            judged = {0: Judgement.SUPPORTED, 1: Judgement.PARTLY}
            now = datetime.now(UTC)
            decision = Decision(review.number, review.revision, review.latest, State.APPROVED, "ada", now, judged)
            journal.reviews.decide(decision)
            print(review.number, flush=True)
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
