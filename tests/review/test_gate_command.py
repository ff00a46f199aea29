"""`qa gate` from end to end, over a corpus of two articles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.archive import ingesting, parts
from qa.cli.main import app
from qa.models.journal import Channel, Decision, Making, Rejected, State
from qa.models.replies import Question
from qa.review.permanent import Recorder
from qa.store.journal.opening import opened_journal
from qa.store.journal.reviews import ReviewFilter
from tests.fakes import Recorded
from tests.recorded import RecordedEncoder
from tests.web.fake_room import FakeRoom

MILL = "The mill in Ashford burned on Monday. Nobody was hurt."
BRIDGE = "The bridge over the Stour was closed on Friday. Engineers found a crack in it."
QUESTIONS = [
    {
        "id": "q1",
        "question": "When did the mill in Ashford burn?",
        "answerable": True,
        "answers": [{"article_id": "mill", "sentence": "The mill in Ashford burned on Monday."}],
        "set": "dev",
    },
    {"id": "u1", "question": "Which zebra won the chess tournament on Jupiter?", "answerable": False, "set": "held"},
]


def _write_questions(folder: Path, records: list[dict[str, object]]) -> None:
    lines = "\n".join(json.dumps(record) for record in records) + "\n"
    (folder / "questions.jsonl").write_text(lines, encoding="utf-8")


def _written(folder: Path) -> Path:
    folder.mkdir()
    for name, body in {"mill": MILL, "bridge": BRIDGE}.items():
        (folder / f"{name}.md").write_text(f"---\nid: {name}\ntitle: {name.title()}\n---\n\n{body}\n", encoding="utf-8")
    (folder / "examples.list").write_text("When did the mill burn?\n", encoding="utf-8")
    _write_questions(folder, list(QUESTIONS))
    return folder


def _gate(corpus: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["gate", "--corpus", str(corpus), *options])
    return result.exit_code, result.output


@pytest.fixture(autouse=True, scope="module")
def _models_of_the_run(encoder: RecordedEncoder) -> Iterator[None]:
    """Each command loads the models anew; here they are those of the other tests, loaded once."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (parts, ingesting):
            patch.setattr(module, "encoder_of", lambda _: encoder)
        patch.setattr(parts, "reader_of", lambda *_: Recorded.reader)
        patch.setattr(parts, "questions_of", lambda *_: Recorded.questions)
        yield


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The floors that `--pin` writes."""
    folder = tmp_path_factory.mktemp("pinned")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_HOME", str(folder / "own"))
        status, shown = _gate(_written(folder / "corpus"), "--pin")
    assert (status, "The gate is open." in shown) == (0, True)
    assert not (folder / "own").exists()
    return (folder / "corpus" / "floors.json").read_text(encoding="utf-8")


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pinned: str) -> Path:
    monkeypatch.setenv("QA_HOME", str(tmp_path / "own"))
    folder = _written(tmp_path / "corpus")
    (folder / "floors.json").write_text(pinned, encoding="utf-8")
    return folder


def test_from_pinning_to_a_fall(corpus: Path) -> None:
    floors = json.loads((corpus / "floors.json").read_text(encoding="utf-8"))
    assert floors["floors"]["all"]["answered_right"] == 1.0
    assert floors["floors"]["all"]["refused_right"] == 1.0

    wrong = {**QUESTIONS[0], "answers": [{"article_id": "bridge", "sentence": "Engineers found a crack in it."}]}
    _write_questions(corpus, [wrong, QUESTIONS[1]])
    status, shown = _gate(corpus, "--json")
    found = json.loads(shown.splitlines()[0])
    assert (status, found["ok"]) == (1, False)
    assert any("qa gate --pin" in failure for failure in found["failures"])
    assert any("answered_right is 0.0000" in failure for failure in found["failures"])

    status, shown = _gate(corpus, "--pin")
    assert status == 2
    assert "would lower" in shown
    assert json.loads((corpus / "floors.json").read_text(encoding="utf-8")) == floors

    status, _ = _gate(corpus, "--pin", "--lower", "the question was wrong")
    lowered = json.loads((corpus / "floors.json").read_text(encoding="utf-8"))
    assert status == 0
    assert [entry["reason"] for entry in lowered["history"]] == ["the question was wrong"]


def test_a_sentence_that_is_not_in_its_article_is_refused(corpus: Path) -> None:
    missing = {**QUESTIONS[0], "answers": [{"article_id": "mill", "sentence": "It burned on Sunday."}]}
    _write_questions(corpus, [missing])
    status, shown = _gate(corpus)
    assert status == 2
    assert "q1: no such sentence in mill" in shown


def test_a_rejected_statement_that_comes_back_shuts_the_gate(corpus: Path) -> None:
    case = {"question": QUESTIONS[0]["question"], "article_id": "mill", "start": 0, "end": 38}
    case["sentence"] = "The mill in Ashford burned on Monday."
    lines = (json.dumps(one) for one in ({**case, "article_id": "not-here"}, case))
    (corpus / "rejected.jsonl").write_text("\n".join(lines), encoding="utf-8")
    status, shown = _gate(corpus)
    assert (status, shown.count("is answered again with what the staff rejected")) == (1, 1)
    assert "rejected: mill" in shown
    (corpus / "rejected.jsonl").write_text("{}\n", encoding="utf-8")
    status, shown = _gate(corpus)
    assert (status, "rejected.jsonl, line 1" in shown) == (2, True)


def test_what_was_rejected_at_the_own_desk_counts_too(corpus: Path, tmp_path: Path) -> None:
    reply = FakeRoom().reply(Question("arrested"))
    with opened_journal(tmp_path / "own") as journal:
        Recorder(journal.records, FakeRoom().article, Making("0", "e")).keep(reply, channel=Channel.PAGE, seconds=0)
        (review,) = journal.reviews.listed(ReviewFilter(), limit=1)
        words = Rejected(str(QUESTIONS[0]["question"]), "mill", 0, 38, "The mill in Ashford burned on Monday.")
        decision = Decision(review.number, 0, review.latest, State.WITHHELD, "ada", datetime.now(UTC), reason="No.")
        journal.reviews.decide(decision, rejected=[words])
    assert _gate(corpus)[0] == 1


@pytest.mark.parametrize("options", [("--lower", "because"), ("--corpus", "nowhere")])
def test_misuse_is_told(corpus: Path, options: tuple[str, ...]) -> None:
    assert _gate(corpus, *options)[0] == 2


def test_an_article_that_cannot_be_read_is_told(corpus: Path) -> None:
    (corpus / "broken.md").write_text("---\ntitle: [\n---\n\nBody.\n", encoding="utf-8")
    status, shown = _gate(corpus)
    assert status == 2
    assert "broken.md" in shown
