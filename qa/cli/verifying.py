"""The command that holds a text against the archive."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from qa.answering.verifying import Verified, sentences_of
from qa.archive.archive import Archive, archive_of
from qa.cli.output import Exit, errors, plain, plain_errors, put_json
from qa.errors import InputError, NotFound
from qa.models.support import Ground
from qa.settings import read_settings

EXPECTED = 'an object such as {"id": "1", "sentence": "It began in 2005.", "article_id": "a"} was expected'


def register(app: typer.Typer) -> None:
    app.command("verify")(verify)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence to be held against the archive, or against one article of it."""

    id: str
    sentence: str
    article_id: str | None = None


def verify(
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help='Text, or JSON Lines with "id", "sentence" and, if one article is meant, "article_id"; '
            "without it standard input is read.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines, one line for each sentence.")] = False,
) -> None:
    """Hold a text against the archive, sentence by sentence.

    Exit status 1 says that some sentence isn't supported.
    """
    with plain_errors():
        written = list(_written(*_read(file)))
        with archive_of(read_settings()) as archive:
            supported = [_verified(archive, one, json=json) for one in written]
        raise typer.Exit(Exit.DONE if all(supported) else Exit.FAILED)


def _verified(archive: Archive, one: Written, *, json: bool) -> bool:
    """Prints what is found of one sentence; whether it is supported."""
    try:
        found = archive.verify(one.sentence, article_id=one.article_id)
    except NotFound as error:
        if json:
            put_json({"id": one.id, "sentence": one.sentence, "error": str(error)})
        errors.print(f"{one.id}: {error}", markup=False)
        return False
    put_json(_json(one.id, found)) if json else typer.echo(_text(found))
    return found.support.full


def _json(id: str, found: Verified) -> dict[str, object]:
    return {
        "id": id,
        "sentence": found.sentence,
        "verdict": found.support.verdict.value,
        "reasons": list(found.support.reasons),
        "quotes": [_quote_json(ground) for ground in found.grounds],
    }


def _quote_json(ground: Ground) -> dict[str, object]:
    source = ground.source
    return {
        "article_id": source.article_id,
        "title": source.title,
        "credit": source.credit,
        "published": source.published.isoformat() if source.published else None,
        "quote": ground.text,
        "start": ground.start,
        "end": ground.end,
    }


def _text(found: Verified) -> str:
    lines = [f"{found.support.verdict.value}: {found.sentence}"]
    lines += [f"  {reason}" for reason in found.support.reasons]
    lines += [f"  {ground.source.credit}: “{ground.text}”" for ground in found.grounds]
    return "\n".join([*lines, ""])


def _read(file: Path | None) -> tuple[str, str]:
    """The text to be verified, and where it is from."""
    place = "standard input" if file is None else str(file)
    try:
        raw = sys.stdin.buffer.read() if file is None else file.read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{place} can't be read as UTF-8 text: {error}.") from error
    if not text.strip():
        raise InputError(f"{place} holds no text: sentences, or JSON Lines, were expected.")
    return plain(text), place


def _written(text: str, place: str) -> Iterator[Written]:
    """The sentences of a text, or those of its lines where they are JSON."""
    if not text.lstrip().startswith("{"):
        yield from (Written(str(number), one) for number, one in enumerate(sentences_of(text), start=1))
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _record(line, f"{place}, line {number}")


def _record(line: str, place: str) -> Written:
    try:
        record = jsonlib.loads(line)
    except (ValueError, RecursionError):
        record = None
    fields = record if isinstance(record, dict) else {}
    id, sentence, article_id = fields.get("id"), fields.get("sentence"), fields.get("article_id")
    if not (isinstance(id, str | int) and isinstance(sentence, str) and isinstance(article_id, str | None)):
        raise InputError(f"{place}: {EXPECTED}; found {line[:80]!r}.")
    return Written(plain(str(id)), plain(sentence), article_id)
