"""Questions that several reports of an archive answer, each with a part of what is asked.

`sets/wording/lists.jsonl` has two for each of the invented dossiers, by a writer who saw the reports alone: for each
report that answers the words that do.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evaluation.program import Program, opened, quotes_by_statement
from evaluation.table import Row, share
from evaluation.wording import SETS, archives


def evaluate() -> Iterator[Row]:
    """How many of the reports that answer are told of by the words that do, and how many statements are of such."""
    questions = [json.loads(line) for line in (SETS / "lists.jsonl").read_text(encoding="utf-8").splitlines()]
    told, right, answered = list[bool](), list[bool](), list[bool]()
    for stories in archives(Path(), "dossiers"):
        texts = {story["id"]: story["text"] for story in stories}
        with tempfile.TemporaryDirectory(prefix="qa-evaluation-") as scratch:
            lines = Path(scratch) / "stories.jsonl"
            lines.write_text("".join(json.dumps(story) + "\n" for story in stories), encoding="utf-8")
            with opened([str(lines)], home=Path(scratch) / "home") as program:
                for question in questions:
                    if question["answers"][0][0] in texts:
                        of_reports = _told(program, question, texts)
                        told += [name in of_reports for name, _ in question["answers"]]
                        right += [name is not None for name in of_reports]
                        answered.append(bool(of_reports))
    yield share("lists", "answered", answered)
    yield share("lists", "reports told of, of those that answer", told)
    yield share("lists", "statements right", right)


def _told(program: Program, question: dict[str, Any], texts: dict[str, str]) -> list[str | None]:
    """Of each statement the report that it answers for; None where it has none of the words that answer."""
    names = list[str | None]()
    for quotes in quotes_by_statement(program.reply(question["question"])):
        quoted = [(quote.source.article_id, texts[quote.source.article_id].find(quote.text), quote) for quote in quotes]
        names.append(
            next(
                (
                    name
                    for name, answer in question["answers"]
                    for article_id, start, quote in quoted
                    if article_id == name and _overlap(texts[name].index(answer), answer, start, quote.text)
                ),
                None,
            )
        )
    return names


def _overlap(start: int, words: str, other_start: int, other: str) -> bool:
    return other_start >= 0 and start < other_start + len(other) and other_start < start + len(words)
