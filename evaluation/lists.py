"""Questions that several reports of a dossier may answer, each written by somebody who saw these reports alone.

`sets/wording/lists.jsonl` has two for each dossier, of which each report answers a part; `spoken.jsonl` eight, in few
words ("What did police find?") or as people speak, a quarter of them without an answer. For each report that answers
they hold the words that do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evaluation.program import Program, holding, overlap, quotes_by_statement
from evaluation.table import Row, share
from evaluation.wording import SETS, archives, outcome_rows

Told = list[str | None]
"""Of each statement the report that it answers for; None where it has none of the words that answer."""


def evaluate() -> Iterator[Row]:
    """How many of the reports that answer a list are told of, and how many statements are of such; spoken questions."""
    lists = list(_asked("lists"))
    told = (name in of_reports for question, of_reports in lists for name, _ in question["answers"])
    yield share("lists", "answered", (bool(of_reports) for _, of_reports in lists))
    yield share("lists", "reports told of, of those that answer", told)
    yield share("lists", "statements right", (name is not None for _, of_reports in lists for name in of_reports))
    spoken = list(_asked("spoken"))
    for kind in dict.fromkeys(question["kind"] for question, _ in spoken):
        of_kind = [(question, names) for question, names in spoken if question["kind"] == kind]
        outcomes = [(bool(question["answers"]), [name is not None for name in names]) for question, names in of_kind]
        yield from outcome_rows(f"dossiers, {kind}", outcomes)


def _asked(name: str) -> Iterator[tuple[dict[str, Any], Told]]:
    """Each question of a file with what the program told of it in the archive of its dossier."""
    questions = [json.loads(line) for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    for stories in archives(Path(), "dossiers"):
        texts = {story["id"]: story["text"] for story in stories}
        with holding(stories) as program:
            for question in questions:
                if (question["answers"][0][0] if question["answers"] else question["near"]) in texts:
                    yield question, _told(program, question, texts)


def _told(program: Program, question: dict[str, Any], texts: dict[str, str]) -> Told:
    names = Told()
    for quotes in quotes_by_statement(program.reply(question["question"])):
        quoted = [(quote.source.article_id, texts[quote.source.article_id].find(quote.text), quote) for quote in quotes]
        names.append(
            next(
                (
                    name
                    for name, answer in question["answers"]
                    for article_id, start, quote in quoted
                    if article_id == name and overlap(texts[name].index(answer), answer, start, quote.text)
                ),
                None,
            )
        )
    return names
