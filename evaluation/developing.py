"""Matters that went on developing: what holds now stands in the newest report that says it, in others what held before.

`sets/developing.jsonl` has a line for each of 22 invented archives of six to eight reports, by two writers who saw
nothing of the program: four of the eight questions ask how a thing stands now or came out in the end, one how it stood
before, two for what never changed, one for what no report says. Ways to put newer reports first were tried on the open
part; nothing was chosen on the held one. Two others asked 16 more of each archive, one of either part, in the loose
words of people in a hurry ("did anyone object?"): kind `loose`, and `loose none` where no report says it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from evaluation.program import holding, overlap, quotes_by_statement
from evaluation.table import Row, share
from evaluation.wording import SETS
from qa.models.replies import Citation

ARCHIVES = SETS.parent / "developing.jsonl"
LATEST, NONE = "latest", "none"


def evaluate() -> Iterator[Row]:
    """By part and kind how often the first statement is right, any is, and the first tells what held before."""
    asked: dict[str, list[tuple[str, list[bool], list[bool]]]] = defaultdict(list)
    for line in ARCHIVES.read_text(encoding="utf-8").splitlines():
        archive = json.loads(line)
        asked[archive["part"]] += _asked(archive["reports"], archive["questions"])
    for part, told in asked.items():
        for kind in dict.fromkeys(kind for kind, *_ in told):
            of_kind = [(right, outdated) for each, right, outdated in told if each == kind]
            name = f"developing matters, {part} part, {kind}"
            if not kind.endswith(NONE):
                yield share(name, "first statement right", (right[:1] == [True] for right, _ in of_kind))
                yield share(name, "any statement right", (any(right) for right, _ in of_kind))
            if kind == LATEST:
                yield share(name, "first statement outdated", (outdated[:1] == [True] for _, outdated in of_kind))
            yield share(name, "refused", (not right for right, _ in of_kind))


def _asked(
    reports: list[dict[str, Any]], questions: list[dict[str, Any]]
) -> Iterator[tuple[str, list[bool], list[bool]]]:
    """Of each question its kind, and which statements of the reply are right, and which outdated."""
    bodies = {report["id"]: report["body"] for report in reports}
    with holding(reports) as program:
        for question in questions:
            statements = quotes_by_statement(program.reply(question["question"]))
            right = [_tells(quotes, question["answers"], bodies) for quotes in statements]
            of_before = [_tells(quotes, question["outdated"], bodies) for quotes in statements]
            outdated = [before and not now for before, now in zip(of_before, right, strict=True)]
            yield question["kind"], right, outdated


def _tells(quotes: list[Citation], sentences: list[tuple[str, str]], bodies: dict[str, str]) -> bool:
    """Whether any quote shares words with one of the sentences, each with the id of its report."""
    return any(
        quote.source.article_id == name
        and overlap(bodies[name].find(quote.text), quote.text, bodies[name].index(sentence), sentence)
        for quote in quotes
        for name, sentence in sentences
    )
