"""How much of what says something else is stopped, and how much of what says the same passes; with the packaged model.

`unseen.jsonl` was written in the manner of news; in `cut.jsonl` words of a source are left out or moved so that it says
something else. Every run looks at some of the pairs, a run of all tests at more.
"""

from __future__ import annotations

import json

import pytest

from qa.generation.drafts import objection
from qa.generation.verification import Verifier
from qa.text.sentences import sentence_spans
from tests.checking.conftest import ground
from tests.checking.measuring import FOLDER, articles, measure, pairs, records, sentences
from tests.fakes import packaged_support

FLOORS = json.loads((FOLDER / "floors.json").read_text(encoding="utf-8"))
"""Shares of the faithful that pass and of the mutants that are stopped, by part and row; numbers of the other files."""


def stands(sentence: str, source: str) -> bool:
    language = "es" if source.startswith(("El ", "La ")) else "en"
    verifier = Verifier([ground(source, language=language)], support=packaged_support())
    return verifier.check(sentence, [1]).support.full


@pytest.mark.parametrize("part", ["tuning", "held"])
def test_no_row_falls_below_its_floor(part: str) -> None:
    tally, floors = measure(sentences(part, most=20)), FLOORS[part]
    assert tally.all.keys() == floors.keys()
    assert {row: tally.share(row) for row in floors if tally.share(row) < floors[row]} == {}, "\n".join(tally.wrong)


def test_a_sample_of_all_rows_is_as_their_floors_say() -> None:
    # Fewer of each row would tell less than the floors do, which stand on twenty.
    tally, floors = measure(sentences("held", most=5, step=3)), FLOORS["held"]
    assert tally.all.keys() == floors.keys()
    for rows in ({"hand", "rule"}, floors.keys() - {"hand", "rule"}):
        expected = sum(floors[row] * tally.all[row] for row in rows)
        assert sum(tally.right[row] for row in rows) >= int(expected), "\n".join(tally.wrong)


def test_every_sentence_of_the_archive_supports_itself_and_pairs_rest_on_them() -> None:
    bodies = {
        name: [a.body[span.start : span.end] for span in sentence_spans(a.body)] for name, (a, _) in articles().items()
    }
    for article, _ in articles().values():
        for text in filter(lambda text: objection(text) is None, bodies[article.article_id]):
            assert Verifier([ground(text, language=article.source.language)]).check(text, [1]).support.full, text
    for pair in pairs():
        assert all(text in bodies[article_id] for article_id, text in pair.origins), pair.restatement
        assert pair.restatement not in {text for _, text in pair.origins}


def test_no_sentence_is_in_both_parts() -> None:
    held, others = (
        {origin for pair in pairs() if pair.held is part for origin in pair.origins} for part in (True, False)
    )
    assert not held & others
    assert 0.2 < len(held) / len(held | others) < 0.3


def test_unseen_restatements() -> None:
    unseen = records("unseen.jsonl")
    assert len(unseen) == 30
    assert sum(stands(record["altered"], record["source"]) for record in unseen) <= FLOORS["unseen"]["altered shown"]
    assert sum(stands(record["faithful"], record["source"]) for record in unseen) >= FLOORS["unseen"]["faithful shown"]


def test_sentences_that_leave_out_what_matters() -> None:
    cut = records("cut.jsonl")
    assert len(cut) > 50
    assert sum(stands(record["altered"], record["source"]) for record in cut) <= FLOORS["cut"]["shown"]
