"""The project's own probes: known questions, time, dates, conflicts, like cases, outcomes, dialogues, verification."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from evaluation.program import Program, is_answered, quotes_by_statement
from evaluation.table import Row, share
from qa.answering.rendering import reply_json
from qa.dates.finding import find_dates
from qa.models.replies import Answer, Party, Reply
from qa.review.gate import LOWER_IS_BETTER, ask_all, by_group, read_known
from qa.text.timeframes import timeframe_of

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
Record = dict[str, Any]
Programs = dict[str, Program]
"""Open archives by name: demo, courts, agreeing."""

ARCHIVES = {
    "demo": str(ROOT / "corpus" / "*.md"),
    "courts": str(TESTS / "probes" / "courts.jsonl"),
    "own": str(TESTS / "comparing" / "agreeing.jsonl"),
}

TIME = ("answering", "questions_of_time.jsonl")
DATES = ("text", "dates.jsonl")
CONFLICTS = ("comparing", "key.jsonl")
AGREEING = ("comparing", "agreeing_questions.jsonl")
LIKE_CASES = ("probes", "like_cases.jsonl")
OUTCOMES = ("probes", "outcomes.jsonl")
DIALOGUES = ("answering", "dialogues.jsonl")
FILES = (TIME, DATES, CONFLICTS, AGREEING, LIKE_CASES, OUTCOMES, DIALOGUES)
"""Files of records, below the folder of tests."""


def records(*names: str) -> list[Record]:
    path = TESTS.joinpath(*names)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def known_questions(programs: Programs) -> Iterator[Row]:
    archive = programs["demo"].archive
    outcomes = ask_all(
        read_known(ROOT / "corpus" / "questions.jsonl"), archive.reply, lambda name: archive.article(name).body
    )
    for group, measures in by_group(outcomes).items():
        for name, counted in measures.items():
            measure = name.replace("_", " ")
            assert (name in LOWER_IS_BETTER) >= (measure in {"wrong answers", "wrong refusals"})
            yield Row(f"demo, {group}", measure, counted.part, counted.whole)


def questions_of_time(programs: Programs) -> Iterator[Row]:
    questions = records(*TIME)
    yield share("questions of time", "period read", (_period_is_read(record) for record in questions))
    answerable = [record for record in questions if record["articles"]]
    quoted = [
        [quotes[0].source.article_id in record["articles"] for quotes in quotes_by_statement(reply) if quotes]
        for record in answerable
        for reply in [programs["demo"].reply(record["question"])]
    ]
    yield share("questions of time", "first statement of that time", (right[:1] == [True] for right in quoted))
    yield share("questions of time", "wrong answers", (bool(right) and not any(right) for right in quoted))
    refused = (not is_answered(programs["demo"].reply(r["question"])) for r in questions if not r["articles"])
    yield share("questions of time", "refused rightly", refused)


def _period_is_read(record: Record) -> bool:
    frame = timeframe_of(record["question"])
    if frame is None:
        return False
    first, last = (day.isoformat() if day else None for day in (frame.first, frame.last))
    return (frame.about.value, first, last) == (record["about"], record["from"], record["until"])


def dates(_: Programs) -> Iterator[Row]:
    for part, held in (("worked with", False), ("held", True)):
        expected, found = set(), set()
        for number, record in enumerate(records(*DATES)):
            if record["held"] is not held:
                continue
            published = date.fromisoformat(record["published"]) if record["published"] else None
            expected |= {(number, d["words"], d["value"], d.get("flaw", False)) for d in record["dates"]}
            mentions = find_dates(record["text"], published=published, language=record["language"])
            found |= {(number, record["text"][m.start : m.end], m.value, m.flaw is not None) for m in mentions}
        yield Row(f"dates, {part}", "recall", len(expected & found), len(expected))
        yield Row(f"dates, {part}", "precision", len(expected & found), len(found))


def conflicts(programs: Programs) -> Iterator[Row]:
    for part, held in (("worked with", False), ("held", True)):
        key = [record for record in records(*CONFLICTS) if record["held"] is held]
        yield share(f"conflicts, {part}", "shown with their parties", (_is_shown(programs, record) for record in key))
    agreeing = records(*AGREEING)
    replies = [programs[record["archive"]].reply(record["question"]) for record in agreeing]
    false = (isinstance(reply, Answer) and bool(reply.conflicts) for reply in replies)
    yield share("agreeing sources", "false conflicts", false)


def _is_shown(programs: Programs, record: Record) -> bool:
    reply = programs["demo"].reply(record["question"])
    return isinstance(reply, Answer) and any(
        all(any(_meets(party, wanted) for party in conflict.parties) for wanted in record["parties"])
        for conflict in reply.conflicts
    )


def _meets(party: Party, wanted: Record) -> bool:
    return (
        party.source.article_id == wanted["article_id"]
        and wanted.get("value", party.value) == party.value
        and wanted.get("kind", party.kind) == party.kind
        and wanted.get("words", "").casefold() in party.said.casefold()
    )


def like_cases(programs: Programs) -> Iterator[Row]:
    yield share("like cases", "kept apart", (_is_apart(programs, record) for record in records(*LIKE_CASES)))


def _is_apart(programs: Programs, record: Record) -> bool:
    reply = programs[record["archive"]].reply(record["question"])
    if not is_answered(reply):
        return bool(record["only"])
    events = [s["event"]["name"] if s["event"] else "" for s in _json(reply)["statements"]]
    if record["only"]:
        return all(record["only"] in name for name in events)
    return all(any(part in name for name in events) for part in record["apart"])


def outcomes(programs: Programs) -> Iterator[Row]:
    yield share("outcomes", "stage right", (_stage_is_right(programs, r) for r in records(*OUTCOMES)))


def _stage_is_right(programs: Programs, record: Record) -> bool:
    reply = programs[record["archive"]].reply(record["question"])
    status = _json(reply)["status"]
    if record["stage"] is None or status is None:
        return status is None and record["stage"] is None and not is_answered(reply)
    return (
        record["stage"] in ("*", status["stage"].replace("_", " "))
        and str(status["as_of"] or "").startswith(record["as_of"] or "")
        and (record["case"] or "") in status["event"]["name"]
        and status["verdict_held"] is record["verdict_held"]
    )


def dialogues(programs: Programs) -> Iterator[Row]:
    for part, held in (("worked with", False), ("held", True)):
        turns = [turn for record in records(*DIALOGUES) if record["held"] is held for turn in _turns(record)]
        quoted = (_quotes_the_words(programs["demo"], *turn) for turn in turns)
        yield share(f"dialogues, {part}", "turn answered rightly", quoted)


def _turns(record: Record) -> Iterator[tuple[Record, list[str]]]:
    """Each later turn that names the article which answers it, with what was asked before."""
    asked = [turn["asked"] for turn in record["turns"]]
    for number, turn in enumerate(record["turns"][1:], start=1):
        if "quotes" in turn:
            yield turn, asked[:number]


def _quotes_the_words(program: Program, turn: Record, history: list[str]) -> bool:
    reply = program.reply(turn["asked"], history)
    return any(
        quote.source.article_id == turn["quotes"]["article"] and turn["quotes"]["words"] in quote.text
        for quotes in quotes_by_statement(reply)
        for quote in quotes
    )


def verification(programs: Programs) -> Iterator[Row]:
    """Faithful restatements that pass and altered ones that are caught, in the held quarter of the pairs."""
    from tests.checking.measuring import FAITHFUL, measure, sentences

    tally = measure(sentences("held", most=50))
    for row, whole in tally.all.items():
        measure_name = f"faithful by {row} pass" if row in FAITHFUL else f"altered {row} caught"
        yield Row("verification, held", measure_name, tally.right[row], whole)


def _json(reply: Reply) -> Record:
    return reply_json(reply, id="evaluation", seconds=0)


PROBES: dict[str, Callable[[Programs], Iterator[Row]]] = {
    "known": known_questions,
    "time": questions_of_time,
    "dates": dates,
    "conflicts": conflicts,
    "like-cases": like_cases,
    "outcomes": outcomes,
    "dialogues": dialogues,
    "verification": verification,
}
