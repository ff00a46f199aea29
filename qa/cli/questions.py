"""Commands that ask and search."""

from __future__ import annotations

import json as jsonlib
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from qa.answering.json_values import reply_json
from qa.answering.rendering import reply_text
from qa.archive.archive import Archive, archive_of
from qa.cli.output import Exit, errors, hit_json, plain, plain_errors, put_json
from qa.errors import InputError, QuestionError
from qa.models.journal import Channel
from qa.models.replies import Question
from qa.settings import read_settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
File = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help='Ask many: JSON Lines with "id" and "question"; one JSON line each, in order.'),
]
From = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], metavar="DATE", help="Only articles published on or after this day."),
]
Until = Annotated[
    datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], metavar="DATE", help="Only articles published on or before it."),
]

EXPECTED = 'an object such as {"id": "1", "question": "When did it begin?"} was expected'


def register(app: typer.Typer) -> None:
    app.command("ask")(ask)
    app.command("search")(search)


def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    file: File = None,
    published_from: From = None,
    published_until: Until = None,
    json: Json = False,
) -> None:
    """Ask a question; the answer is made of verbatim, numbered quotes."""
    with plain_errors():
        wanted = list(_questions(question, file, published_from, published_until))
        with archive_of(read_settings()) as archive:
            if file is not None:
                failed = [ask_id for ask_id, one in wanted if not _put_reply(archive, ask_id, one)]
                raise typer.Exit(Exit.FAILED if failed else Exit.DONE)
            started = time.perf_counter()
            reply = archive.reply(wanted[0][1])
            seconds = time.perf_counter() - started
            kept = archive.keep(reply, channel=Channel.COMMAND, seconds=seconds)
            if json:
                put_json(reply_json(reply, id=None, seconds=seconds, answer_id=kept))
            else:
                typer.echo(reply_text(reply))


def search(
    query: Annotated[str | None, typer.Argument(help="Words to look for.")] = None,
    file: File = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Passages at most.")] = 10,
    published_from: From = None,
    published_until: Until = None,
    json: Json = False,
) -> None:
    """List the passages that come closest, best first."""
    with plain_errors():
        wanted = list(_questions(query, file, published_from, published_until))
        with archive_of(read_settings()) as archive:
            if file is not None:
                failed = [ask_id for ask_id, one in wanted if not _put_results(archive, ask_id, one, limit=limit)]
                raise typer.Exit(Exit.FAILED if failed else Exit.DONE)
            hits = [hit_json(hit) for hit in archive.search(wanted[0][1], limit=limit)]
            put_json(hits) if json else _print_hits(hits)


def _put_reply(archive: Archive, ask_id: str | None, question: Question) -> bool:
    """One line of JSON; a question that can't be asked gets a line that says why."""
    started = time.perf_counter()
    try:
        reply = archive.reply(question)
    except QuestionError as error:
        put_json({"id": ask_id, "question": question.text[:200], "error": str(error)})
        errors.print(f"{ask_id}: {error}", markup=False)
        return False
    seconds = time.perf_counter() - started
    kept = archive.keep(reply, channel=Channel.COMMAND, seconds=seconds)
    put_json(reply_json(reply, id=ask_id, seconds=seconds, answer_id=kept))
    return True


def _put_results(archive: Archive, ask_id: str | None, question: Question, *, limit: int) -> bool:
    """One line of JSON; a query that can't be asked finds nothing and says why."""
    try:
        put_json({"id": ask_id, "results": [hit_json(hit) for hit in archive.search(question, limit=limit)]})
    except QuestionError as error:
        put_json({"id": ask_id, "results": [], "error": str(error)})
        errors.print(f"{ask_id}: {error}", markup=False)
        return False
    return True


def _print_hits(hits: list[dict[str, object]]) -> None:
    for hit in hits:
        typer.echo(f"{hit['article_id']}:{hit['start']}-{hit['end']}  {hit['score']}\n  {hit['text']}\n")
    if not hits:
        typer.echo("Nothing found.")


def _questions(
    text: str | None, file: Path | None, first: datetime | None, last: datetime | None
) -> Iterator[tuple[str | None, Question]]:
    dates = (first.date() if first else None, last.date() if last else None)
    if (text is None) == (file is None):
        raise InputError("Give either a question or --file FILE.")
    if file is None:
        yield None, Question(plain(text or ""), *dates)
        return
    try:
        # Not splitlines: a string in JSON may hold other characters that it takes for the end of a line.
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} can't be read as UTF-8 text: {error}.") from error
    if not any(line.strip() for line in lines):
        raise InputError(f"{file} holds no questions: {EXPECTED}, one a line.")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            ask_id, asked = _record(line, f"{file}, line {number}")
            yield ask_id, Question(asked, *dates)


def _record(line: str, place: str) -> tuple[str, str]:
    """Id and question of one line."""
    try:
        record = jsonlib.loads(line)
    except (ValueError, RecursionError):
        record = None
    ask_id, asked = (record.get("id"), record.get("question")) if isinstance(record, dict) else (None, None)
    if not isinstance(ask_id, str | int) or not isinstance(asked, str):
        raise InputError(f"{place}: {EXPECTED}; found {line[:80]!r}.")
    return plain(str(ask_id)), plain(asked)
