"""How much of what says something else is stopped, and how much of what says the same passes; with the packaged model.

A quarter of the pairs of the demo archive, `held`, took no part in the making of the check; `unseen.jsonl` was written
in the manner of news; in `cut.jsonl` words of a source are left out or moved so that it says something else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.generation.plain_sentence import objection
from qa.generation.verification import Verifier
from tests.checking.conftest import ground
from tests.checking.measuring import FAITHFUL, archive_cases, measure, sampled, table
from tests.checking.mutating import CATEGORIES
from tests.checking.pairs import articles, ground_of, origins_in
from tests.fakes import support_model

FLOORS = json.loads(Path(__file__).with_name("floors.json").read_text(encoding="utf-8"))
"""Shares of the faithful that pass and of the mutants that are stopped, by part and row; numbers of the other files."""


def records(name: str) -> Iterator[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def stands(sentence: str, source: str) -> bool:
    language = "es" if source.startswith(("El ", "La ")) else "en"
    verifier = Verifier([ground(source, language=language)], support=support_model())
    return verifier.check(sentence, [1]).support.full


@pytest.mark.parametrize("part", ["tuning", "held"])
def test_no_row_falls_below_its_floor(part: str) -> None:
    cases = [case for case in archive_cases() if case.part == part]
    tally = measure(sampled(cases, dict.fromkeys(CATEGORIES, 20)))
    print(f"\n{table(tally)}")
    below = [row for row in (*FAITHFUL, *CATEGORIES) if tally.share(part, row) < FLOORS[part][row]]
    assert below == [], table(tally)


def test_every_sentence_of_the_archive_supports_itself() -> None:
    for article in articles().values():
        for origin in origins_in(article):
            if objection(origin.text) is None:
                assert Verifier([ground_of(origin, article)]).check(origin.text, [1]).support.full, origin.text


def test_unseen_restatements() -> None:
    unseen = list(records("unseen.jsonl"))
    assert len(unseen) == 30
    assert sum(stands(record["altered"], record["source"]) for record in unseen) <= FLOORS["unseen"]["altered shown"]
    assert sum(stands(record["faithful"], record["source"]) for record in unseen) >= FLOORS["unseen"]["faithful shown"]


def test_sentences_that_leave_out_what_matters() -> None:
    cut = list(records("cut.jsonl"))
    assert len(cut) > 50
    assert sum(stands(record["altered"], record["source"]) for record in cut) <= FLOORS["cut"]["shown"]
