"""Commands for the journal: what was asked and answered."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

import typer

from qa.answering.rendering import reply_text
from qa.archive.parts import journal_of, store_of
from qa.cli.output import errors, plain_errors, put_json
from qa.errors import InputError, NotFound
from qa.models.archive import moment_text
from qa.review.exporting import FORMATS, answer_json
from qa.review.permanent import ANSWER_ID, PermanentAnswers
from qa.review.rejections import rejected_json
from qa.review.shown import Shown
from qa.settings import Settings, read_settings
from qa.store.journal.opening import Journal

LAST = datetime(9999, 12, 30)
"""The calendar of datetime ends a day later."""

ARTICLES_HELD = 1_000

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


class Kind(StrEnum):
    """What `qa journal export` writes."""

    JSONL = "jsonl"
    CSV = "csv"
    MD = "md"
    BIB = "bib"
    RIS = "ris"


def register(app: typer.Typer) -> None:
    commands = typer.Typer(help="What was asked and answered: look at it, take it along, delete it.")
    # An id may begin with a dash.
    commands.command("show", context_settings={"ignore_unknown_options": True})(show)
    commands.command("export")(export)
    commands.command("purge")(purge)
    commands.command("rejected")(rejected)
    app.add_typer(commands, name="journal", no_args_is_help=True)


def show(
    answer_id: Annotated[str, typer.Argument(metavar="ID", help="The answer's id: the end of its address.")],
    json: Json = False,
) -> None:
    """Show an answer as it was given, what became of its sources, and how it was made; a withheld one too."""
    with plain_errors(), _answers(read_settings()) as (answers, _):
        shown = answers.get(answer_id) if ANSWER_ID.fullmatch(answer_id) else None
        if shown is None:
            raise NotFound(f"The journal holds no answer {answer_id[:60]!r}. Its time may be over: QA_JOURNAL_DAYS.")
    put_json(_record_json(shown)) if json else typer.echo("\n".join(_lines(shown)))


def export(
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DATE", help="First day, in UTC.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], metavar="DATE", help="Last day, in UTC.")
    ] = None,
    kind: Annotated[Kind, typer.Option("--format", help="What is written.")] = Kind.JSONL,
    address: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of the page; unset, the one that `qa serve` binds to.")
    ] = None,
) -> None:
    """Write the answers of some days to standard output, as readers see them today; withheld ones are left out."""
    with plain_errors():
        settings = read_settings()
        base = _base(settings, address)
        begin, end = _between(first, last)
        with _answers(settings) as (answers, journal):
            told = (answers.show(one) for one in journal.records.between(begin, end))
            withheld = _put(told, kind, base)
    if withheld:
        errors.print(f"note: withheld answers that are left out: {withheld:,}", markup=False)


def purge(
    days: Annotated[
        int | None, typer.Option(min=0, help="Days that are kept; unset, QA_JOURNAL_DAYS. 0 keeps everything.")
    ] = None,
) -> None:
    """Delete what was asked longer ago than the days that are kept; what the staff decided on or readers reported
    stays."""
    with plain_errors():
        settings = read_settings()
        kept = settings.journal_days if days is None else days
        if not kept:
            typer.echo("Nothing was deleted: 0 days means that everything is kept.")
            return
        with journal_of(settings) as journal:
            try:
                before = datetime.now(UTC) - timedelta(days=kept)
            except OverflowError:
                raise InputError(f"--days: {kept:,} days are longer than the calendar. Give fewer.") from None
            gone = journal.records.purge(before)
            left = journal.records.count()
    noun = "answer" if gone == 1 else "answers"
    typer.echo(f"Deleted {gone:,} {noun} from before {moment_text(before)}; {left:,} kept.")


def rejected() -> None:
    """Write down what the staff rejected, as JSON Lines: put beside the articles of a gate, it must not come back."""
    with plain_errors(), journal_of(read_settings()) as journal:
        for one in journal.reviews.rejected():
            put_json(rejected_json(one))


def _put(told: Iterable[Shown], kind: Kind, base: str) -> int:
    """Writes what may be shown to standard output; how many are withheld."""
    public, withheld = list[Shown](), 0
    for one in told:
        if one.withheld:
            withheld += 1
        elif kind is Kind.JSONL:
            put_json(answer_json(one, base))
        else:
            public.append(one)
    if kind is not Kind.JSONL:
        sys.stdout.buffer.write(FORMATS[kind].write(public, base).encode("utf-8", "replace"))
    return withheld


@contextmanager
def _answers(settings: Settings) -> Iterator[tuple[PermanentAnswers, Journal]]:
    """The answers beside today's archive. Raises StoreError."""
    with store_of(settings) as store, journal_of(settings) as journal:
        # Many answers rest on the same articles.
        article = lru_cache(ARTICLES_HELD)(store.article)
        yield PermanentAnswers(journal.records, journal.reviews, article), journal


def _between(first: datetime | None, last: datetime | None) -> tuple[datetime, datetime]:
    """From the first moment to before the last, in UTC. Raises InputError."""
    begin = first or datetime(1, 1, 1)
    end = min(last or LAST, LAST) + timedelta(days=1)
    if begin >= end:
        raise InputError("--from is after --until. Swap them.")
    return begin.replace(tzinfo=UTC), end.replace(tzinfo=UTC)


def _base(settings: Settings, address: str | None) -> str:
    base = (address or f"http://{settings.host}:{settings.port}").rstrip("/")
    if not base.startswith(("https://", "http://")) or any(ch.isspace() or ch in "<>" for ch in base):
        raise InputError(f"--address: an address such as https://archive.example was expected, found {base[:60]!r}.")
    return base


def _record_json(shown: Shown) -> dict[str, object]:
    record = shown.record
    making = record.making
    told = answer_json(shown, "")
    return told | {
        "channel": record.channel.value,
        "seconds": round(record.seconds, 4),
        "making": {
            "program": making.program,
            "encoder": making.encoder,
            "model": making.model,
            "settings": dict(making.settings),
        },
    }


def _lines(shown: Shown) -> Iterator[str]:
    record, making = shown.record, shown.record.making
    yield record.question
    yield ""
    yield reply_text(shown.reply) if shown.reply else shown.missing
    yield from shown.notices
    yield ""
    yield f"{shown.software} {shown.composed} {shown.checked.words}"
    yield f"Asked at {moment_text(record.at)} by way of: {record.channel}; took {record.seconds:.2f} s."
    model = f", language model {making.model}" if making.model else ""
    yield f"Made by version {making.program}, encoder {making.encoder}{model}."
    yield from (f"  {one.article_id}: {one.words}" for one in shown.sources)
