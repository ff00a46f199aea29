"""Options and arguments that several commands have."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from qa.cli.output import plain
from qa.errors import InputError
from qa.loaders.cleaning import clean_line
from qa.models.dates import day_of

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
ArticleId = Annotated[str, typer.Argument(metavar="ID", help="The article's id, as `qa list` shows it.")]
By = Annotated[str | None, typer.Option(metavar="NAME", help="Who says so; unset, the user of this machine.")]


def _day(text: str, *, end: bool = False) -> date:
    try:
        return day_of(text, end=end)
    except ValueError:
        raise typer.BadParameter(
            f"a year, a month or a day was expected (2005, 2005-03 or 2005-03-17), found {plain(text)[:60]!r}."
        ) from None


def day_option(name: str, help: str, *, end: bool = False) -> Any:
    """An option for a date: a day, or the first day of a month or a year, or with `end` its last."""
    return typer.Option(name, parser=partial(_day, end=end), metavar="DATE", help=help)


def require_order(first: date | None, last: date | None) -> None:
    """Raises InputError where the first day is after the last."""
    if first and last and first > last:
        raise InputError(f"--from ({first}) is after --until ({last}). Swap them.")


def author(by: str | None) -> str:
    """The name that was given, or the user of this machine."""
    if by:
        return clean_line(plain(by))
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without a list of users
        return "unknown"


def json_lines(text: str, place: str, expected: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The objects of JSON Lines, each with the id that it has to have and its place. Raises InputError.

    Lines end at a newline alone: a string in JSON may hold other characters that `splitlines` takes for an end.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = None
            if not isinstance(record, dict) or not isinstance(record.get("id"), str | int):
                raise line_error(line, f"{place}, line {number}", expected)
            yield plain(str(record["id"])), record, f"{place}, line {number}"


def line_error(line: str | dict[str, Any], place: str, expected: str) -> InputError:
    """What is wrong with a line that is not as it was expected."""
    text = line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)
    return InputError(f"{place}: {expected}; found {text[:80]!r}.")


def utf8_text(file: Path | None) -> str:
    """The text of a file, or of standard input. Raises InputError."""
    try:
        content = sys.stdin.buffer.read() if file is None else file.read_bytes()
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file or 'standard input'} can't be read as UTF-8 text: {error}.") from error
