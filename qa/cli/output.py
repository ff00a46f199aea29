"""What all commands share: their options, and how results, failures and progress are shown."""

import getpass
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict
from datetime import date
from enum import IntEnum
from json import dumps
from typing import Annotated

import typer
from rich import progress
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text
from typer import Argument, Option

from qa.answering.rendering import values_of
from qa.errors import InputError
from qa.models.archive import time_text
from qa.models.dates import Dates, day_of
from qa.models.deliveries import IngestReport
from qa.models.replies import Answer, Reply
from qa.text.cleaning import clean_line


def plain(text: str) -> str:
    """Text from the command line or a file without halves of characters, which nothing can store or print."""
    return text.encode("utf-8", "replace").decode("utf-8")


def day(text: str, *, end: bool = False) -> date:
    """A day, or the first day of a month or a year that an option names, or with `end` its last."""
    try:
        return day_of(text, end=end)
    except ValueError:
        raise typer.BadParameter(
            f"a year, a month or a day was expected (2005, 2005-03 or 2005-03-17), found {plain(text)[:60]!r}."
        ) from None


def author(by: str) -> str:
    """The name that was given, or the user of this machine."""
    if by:
        return clean_line(plain(by))
    with suppress(OSError, KeyError, ImportError):  # a container without a list of users
        return getpass.getuser()
    return "unknown"


Json = Annotated[bool, Option("--json", help="Print JSON for machines.")]
ArticleId = Annotated[str, Argument(parser=plain, metavar="ID", help="The article's id, as `qa list` shows it.")]
Wait = Annotated[bool, Option("--wait", help="Wait until another command that writes has finished.")]
By = Annotated[str, Option(metavar="NAME", callback=author, help="Who says so; unset, the user of this machine.")]
From = Annotated[
    date | None,
    Option(
        "--from",
        parser=day,
        metavar="DATE",
        help="What was published, happened or was asked on this day or later; 2005-03 and 2005 will do.",
    ),
]
Until = Annotated[
    date | None,
    Option("--until", parser=lambda text: day(text, end=True), metavar="DATE", help="The same on this day or before."),
]


def dates_of(first: date | None, last: date | None, outlet: str = "", language: str = "") -> Dates:
    """What options hold a command to. Raises InputError where the first day is after the last."""
    if first and last and first > last:
        raise InputError(f"--from ({first}) is after --until ({last}). Swap them.")
    return Dates(first, last, plain(outlet).strip(), plain(language).strip())


MOST_EQUAL = 10  # equal notices that are printed one by one
BEHIND = 10  # the niceness of long work: who reads meanwhile gets nine tenths of what both want of a processor
errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)


class Exit(IntEnum):
    """What the exit status of every command means."""

    DONE = 0
    FAILED = 1  # something of the work failed: an article, a check, the gate
    USAGE = 2  # what was given can't be used: a question, an id, an option, a setting
    UNAVAILABLE = 3  # the archive can't be opened: missing, busy, made by another encoder
    PENDING = 4  # done, but for an erasure that has to wait until the archive is free


def asks(question: str) -> bool | None:
    """The answer of whoever sits at the terminal; None where nobody does."""
    return typer.confirm(question, err=True) if sys.stdin.isatty() and errors.is_terminal else None


def put(
    value: object, lines: Iterable[str] = (), *, json: bool = True, problems: Sequence[str] = (), label: str = "failed"
) -> None:
    """A value for machines as JSON on one line, or else lines to read; before them problems, for which it all fails."""
    for problem in () if json else problems:
        errors.print(f"{label}: {problem}")
    for line in [dumps(value, ensure_ascii=False, default=time_text)] if json else lines:
        typer.echo(line)
    if problems:
        raise typer.Exit(Exit.FAILED)


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _bar() -> progress.Progress:
    """A progress bar on a terminal, nothing where the output goes elsewhere."""
    counted = (progress.SpinnerColumn(), progress.MofNCompleteColumn(), progress.BarColumn())
    columns = (*counted, progress.TextColumn("{task.description}"), progress.TimeElapsedColumn())
    return progress.Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)


@contextmanager
def counter(of: str = "articles") -> Iterator[tuple[progress.Progress, Callable[[int], None]]]:
    """A progress bar for long work on so many, with what moves it on."""
    if hasattr(os, "nice"):  # what takes so long leaves the processor to others, above all to a page that is served
        os.nice(max(0, BEHIND - os.nice(0)))
    with _bar() as bar:
        task = bar.add_task(of, total=None)
        yield bar, lambda count: bar.advance(task, count)


@contextmanager
def writing_bar(*, words: bool = False) -> Iterator[Callable[[Reply], None]]:
    """A progress bar for an answer that takes a language model several texts; each reply moves it on.

    With `words` what can be read already stands above it, until the whole is printed.
    """
    bar, so_far = _bar(), Text(overflow="fold", no_wrap=False)
    task = bar.add_task("", visible=False)
    shown = Live(Group(so_far, bar), console=errors, transient=True)

    def show(reply: Reply) -> None:
        if not isinstance(reply, Answer):
            return
        if writing := reply.progress:
            written = reply.usage.tokens_written if reply.usage else 0
            tokens = f"{written:,} of {writing.most_tokens:,} tokens"
            told = f"{tokens}, {writing.seconds:.0f} of {writing.most_seconds:.0f} s"
            bar.update(task, visible=True, description=told, completed=writing.texts, total=writing.most_texts)
        if words and reply.unfinished:
            told_yet = (f"“{item.text}”" if item.verbatim else item.text for item in reply.statements)
            so_far.plain = "\n".join(told_yet)

    with shown if errors.is_terminal else nullcontext():
        yield show


def print_report(report: IngestReport, *, json: bool, **more: object) -> None:
    """Counts, and a line for each failure, order and notice; for machines all of it, and what `more` there is."""
    if json:
        orders = [values_of(order, "article_id", "kind", "text", "path", "line") for order in report.orders]
        put(asdict(report) | {"orders": orders, "seconds": round(report.seconds, 3)} | more)
        return
    counts = Counter(notice.reason for notice in report.notices)
    for notice in report.notices:
        if counts[notice.reason] <= MOST_EQUAL:
            errors.print(f"note: {notice}")
    for reason, count in counts.items():
        if count > MOST_EQUAL:
            errors.print(f"note: {count:,} articles: {reason} (--json lists them)")
    for failure in report.failed:
        errors.print(Text("failed:", "bold"), str(failure))
    for order in report.orders:
        errors.print(f"{order.kind.value}: {order.article_id}: {order.text} ({order.path})")
    older = f"{report.older} kept as an older version, " if report.older else ""
    removed = f"{len(report.removed)} removed, " if report.removed else ""
    typer.echo(
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, {older}{removed}"
        f"{len(report.failed)} failed; {report.passages} passages in {report.seconds:.1f} s."
    )
