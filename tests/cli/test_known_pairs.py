"""`qa verify` on sentences of which it is known whether their article says so, from the command to its JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from tests.checking.measuring import CORPUS, FAITHFUL, Sentence, sentences
from tests.cli.conftest import asked_over, filled

Put = Callable[[str, str | bytes], Path]
EACH = 15  # faithful sentences, and as many that say something else
FLOORS = {"faithful": 0.53, "altered": 0.93}
"""Shares of the faithful that are supported, and of the altered that aren't, of those that are taken."""


def known() -> list[Sentence]:
    """As many of each, with one article, spread over all that are held back from tuning."""
    alone = [one for one in sentences("held", most=2, step=9) if len({g.source.article_id for g in one.grounds}) == 1]
    faithful = [one for one in alone if one.row in FAITHFUL]
    return [*faithful[:EACH], *islice((one for one in alone if one.row not in FAITHFUL), EACH)]


def test_known_pairs_are_told_apart(tmp_path: Path, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = known()
    assert len(taken) == 2 * EACH
    names = [one.grounds[0].source.article_id for one in taken]
    lines = [
        json.dumps({"id": at, "sentence": one.text, "article_id": name})
        for at, (one, name) in enumerate(zip(taken, names, strict=True))
    ]
    qa = asked_over(filled(tmp_path, *(CORPUS / f"{name}.md" for name in dict.fromkeys(names))), monkeypatch)
    told = qa("verify", "--json", "--file", put("pairs.jsonl", "\n".join(lines)))
    assert [line["id"] for line in told.lines] == [str(at) for at in range(len(taken))]
    right, wrong = Counter[str](), list[str]()
    for one, line in zip(taken, told.lines, strict=True):
        row = "faithful" if one.row in FAITHFUL else "altered"
        is_right = (line["verdict"] == "supported") is (row == "faithful")
        right[row] += is_right
        wrong += [] if is_right else [f"{one.row}: {one.text} {line['reasons']}"]
    assert {row: right[row] / EACH for row in FLOORS if right[row] / EACH < FLOORS[row]} == {}, "\n".join(wrong)
