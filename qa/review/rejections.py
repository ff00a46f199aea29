"""Statements that the staff rejected, as cases that must not come back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from qa.errors import InputError
from qa.models.journal import Rejected, quotes_of
from qa.models.replies import Answer, Question, Reply

_EXPECTED = (
    'an object such as {"question": "When?", "article_id": "a", "start": 0, "end": 10, "sentence": "On Monday."} '
    "was expected"
)


def rejected_json(one: Rejected) -> dict[str, object]:
    return {
        "question": one.question,
        "article_id": one.article_id,
        "start": one.start,
        "end": one.end,
        "sentence": one.sentence,
    }


def read_rejected(path: Path) -> list[Rejected]:
    """The cases of a JSON Lines file, none where there is no file. Raises InputError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} can't be read: {error}. Export it anew with `qa journal rejected`.") from None
    return [_case(line, f"{path}, line {number}") for number, line in enumerate(lines, start=1) if line.strip()]


def _case(line: str, place: str) -> Rejected:
    try:
        told = json.loads(line)
        return Rejected(
            str(told["question"]), str(told["article_id"]), int(told["start"]), int(told["end"]), str(told["sentence"])
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{place}: {_EXPECTED}; found {line[:80]!r}.") from error


def held(cases: Iterable[Rejected], body: Callable[[str], str | None]) -> list[Rejected]:
    """The cases, each once, whose sentence stands in an article that is held; `body` is None where it isn't."""
    return [one for one in dict.fromkeys(cases) if one.sentence and one.sentence in (body(one.article_id) or "")]


def relapses(cases: Iterable[Rejected], ask: Callable[[Question], Reply]) -> Iterator[str]:
    """What is quoted again in answer to its question although the staff rejected it, in words."""
    for one in cases:
        reply = ask(Question(one.question))
        if isinstance(reply, Answer) and any(
            _is(quote.source.article_id, quote.text, one) for quote in quotes_of(reply)
        ):
            yield f"“{one.question}” is answered again with what the staff rejected: {one.article_id}: {one.sentence}"


def _is(article_id: str, text: str, case: Rejected) -> bool:
    return article_id == case.article_id and (case.sentence in text or text in case.sentence)
