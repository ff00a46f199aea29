"""News stories asked about in readers' own words, a third of the questions without an answer.

`questions.*.jsonl` holds character offsets alone: the stories are other people's and stay outside of the project. The
held and the described questions are of the same hands as those that the reader was trained on, on other stories; two in
five are Spanish. Described: the story's words are avoided, and what has a name is told by what it is. `reports.jsonl`
are such questions on invented reports, half of them Spanish, `dossiers.jsonl` by two writers on twenty invented
archives, each of one matter and matters like it. The asked and the fresh ones are by writers who saw the stories alone,
a third Spanish; weights of the confidence were chosen on the asked ones. The fresh ones were seen when its bias was
moved by .1; those of the wires are by two more writers, on a hundred stories of Reuters. The curve of the confidence of
now was fitted on the dossiers, open, held, wires, asked and fresh ones, each left out in turn, the shut ones aside. The
follow-ups are by a third writer, on ten of the invented archives, each asked behind another. The typed ones are 280 of
the fresh ones, of the wires and of the dossiers, put by yet another writer as people type them into a box: behind a
preface, in two or three sentences, in roundabout words, as keywords, in haste. The packaged reader's share of its last
trainings, and the bias of now, were chosen on these 280, typed and put plainly; so the whole of the fresh, the wires
and the dossiers is no longer blind to that.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.program import holding, quotes_by_statement
from evaluation.table import Row, share
from qa.text.sentences import sentence_spans

SETS = Path(__file__).parent / "sets" / "wording"
INVENTED = ("reports", "dossiers", "followups", "typed dossiers")
"""The parts whose stories are invented, and stand with their questions."""
_KEYS = {"followups": "followups", "typed dossiers": "typed"}  # what a dossier has besides its `questions`


@dataclass(frozen=True, slots=True)
class NewsQuestion:
    """A question with the sentences that answer it, as character offsets in one story; none: unanswerable."""

    text: str
    article_id: str
    sentences: tuple[tuple[int, int], ...]
    earlier: tuple[str, ...] = ()  # what was asked before

    def is_answered_by(self, article_id: str, start: int, end: int) -> bool:
        """A quote is right where it covers half of an answering sentence, or lies within one."""
        return article_id == self.article_id and any(
            min(end, last) - max(start, first) > 0.5 * min(end - start, last - first) for first, last in self.sentences
        )


def evaluate(data: Path, *, parts: tuple[str, ...]) -> Iterator[Row]:
    """The measures over each part; the shut and the fresh one are for totals alone."""
    for part in parts:
        outcomes = [outcome for stories in archives(data, part) for outcome in _outcomes(stories, part)]
        yield from outcome_rows(f"free wording, {part} part", outcomes)


def _outcomes(stories: list[dict[str, Any]], part: str) -> list[tuple[bool, list[bool]]]:
    """Of each question on an archive of these stories whether it has an answer, and which statements are right."""
    bodies = {str(story["id"]): str(story["text"]) for story in stories}
    outcomes = []
    with holding(stories) as program:
        for question in questions(part):
            if question.article_id not in bodies:
                continue
            quotes = quotes_by_statement(program.reply(question.text, question.earlier))
            right = [any(_is_right(question, q.source.article_id, q.text, bodies) for q in some) for some in quotes]
            outcomes.append((bool(question.sentences), right))
    return outcomes


def outcome_rows(dataset: str, outcomes: list[tuple[bool, list[bool]]]) -> Iterator[Row]:
    """The measures over questions: of each whether it has an answer, and which statements of the reply are right."""
    answerable = [right for possible, right in outcomes if possible]
    yield share(dataset, "first statement right", (right[:1] == [True] for right in answerable))
    yield share(dataset, "any statement right", (any(right) for right in answerable))
    yield share(dataset, "wrong answers", (bool(right) and not any(right) for right in answerable))
    yield share(dataset, "wrong refusals", (not right for right in answerable))
    yield share(dataset, "refused rightly", (not right for possible, right in outcomes if not possible))


def _is_right(question: NewsQuestion, article_id: str, quote: str, bodies: dict[str, str]) -> bool:
    """The quote is looked up in the story as it was delivered: cleaning may have moved its offsets."""
    if article_id != question.article_id:
        return False
    story = bodies[article_id]
    flat, positions = _flattened(story)
    start = flat.find(" ".join(quote.split()))
    if start < 0:
        return False
    end = start + len(" ".join(quote.split()))
    return question.is_answered_by(article_id, positions[start], positions[end - 1] + 1)


def _flattened(text: str) -> tuple[str, list[int]]:
    """The text with each run of white space as one space, and where each character stood."""
    characters: list[str] = []
    positions: list[int] = []
    for position, character in enumerate(text):
        blank = character.isspace()
        if blank and characters and characters[-1] == " ":
            continue
        characters.append(" " if blank else character)
        positions.append(position)
    return "".join(characters), positions


def questions(part: str) -> Iterator[NewsQuestion]:
    if part in INVENTED:
        yield from _on_reports(part)
        return
    for line in (SETS / f"questions.{part}.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        sentences = tuple((start, end) for start, end in record["sentences"])
        yield NewsQuestion(record["question"], record["article_id"], sentences if record["answerable"] else ())


def _reports(part: str) -> Iterator[dict[str, Any]]:
    """The reports with their questions: language, words that answer, the question and any asked before."""
    name, key = ("dossiers", _KEYS[part]) if part in _KEYS else (part, "questions")
    for report in map(json.loads, (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()):
        if key in report:
            yield report | {"questions": report[key]}


def _on_reports(part: str) -> Iterator[NewsQuestion]:
    for report in _reports(part):
        for _, answer, question, *earlier in report["questions"]:
            start = report["text"].index(answer) if answer != "-" else -1
            spans = sentence_spans(report["text"]) if start >= 0 else ()
            sentences = tuple(
                (span.start, span.end) for span in spans if span.start < start + len(answer) and span.end > start
            )
            yield NewsQuestion(question, report["id"], sentences, tuple(earlier))


def archives(data: Path, part: str) -> list[list[dict[str, Any]]]:
    """The stories of a part, archive by archive: one for all, but one for each dossier."""
    if part not in INVENTED:
        return [list(_stories(data, part))]
    archives: dict[str, list[dict[str, Any]]] = {}
    for report in _reports(part):
        story = {name: report[name] for name in ("id", "title", "date", "text")}
        archives.setdefault(report.get("dossier", ""), []).append(story)
    return list(archives.values())


def _stories(data: Path, part: str) -> Iterator[dict[str, Any]]:
    """The stories of a part and of the set, out of the public collections that hold them."""
    wanted = {*json.loads((SETS / "articles.json").read_text(encoding="utf-8"))}
    wanted |= {question.article_id for question in questions(part)}
    with (data / "qamr" / "articles.jsonl").open(encoding="utf-8") as wikinews:
        yield from (story for story in map(json.loads, wikinews) if story["id"] in wanted)
    with gzip.open(data / "reuters" / "articles.jsonl.gz", "rt", encoding="utf-8") as reuters:
        yield from (story for story in map(json.loads, reuters) if story["id"] in wanted)
