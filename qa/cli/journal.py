"""Commands for the journal, what was asked and answered, and for the audit log of the staff."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Literal

import typer

from qa.answering.rendering import reply_text
from qa.archive.parts import journal_of, prices_of, store_of
from qa.cli.output import Exit, From, Json, Until, counted, errors, plain, put, put_checked, put_json, require_order
from qa.errors import InputError, NotFound
from qa.i18n.staff import cost_words, stopped_words, usage_words
from qa.models.archive import moment_text
from qa.models.journal import AuditEntry
from qa.models.support import Prices
from qa.review.exporting import FORMATS, answer_json, making_json
from qa.review.gate import judged_questions, known_json
from qa.review.permanent import PermanentAnswer, PermanentAnswers
from qa.settings import Settings, read_settings
from qa.store.journal.audit import changes, entry_json
from qa.store.journal.opening import Journal

ARTICLES_HELD = 1_000

Address = Annotated[
    str | None, typer.Option(metavar="URL", help="Address of the page; unset, the one that `qa serve` binds to.")
]

commands = typer.Typer()
journal_commands = typer.Typer(
    name="journal", help="What was asked and answered: look at it, take it along, delete it.", no_args_is_help=True
)
audit_commands = typer.Typer(
    name="audit",
    help="The audit log: everything that the staff did, chained so that a change shows.",
    no_args_is_help=True,
)
commands.add_typer(journal_commands)
commands.add_typer(audit_commands)


@journal_commands.command(context_settings={"ignore_unknown_options": True})  # an id may begin with a dash
def show(
    answer_id: str = typer.Argument(..., metavar="ID", help="The answer's id: the end of its address."),
    json: Json = False,
) -> None:
    """Show an answer as it was given, what became of its sources, and how it was made; a withheld one too."""
    settings = read_settings()
    prices = prices_of(settings)
    with _answers(settings) as (answers, _):
        answer = answers.get(answer_id)
        if answer is None:
            raise NotFound(f"The journal holds no answer {answer_id[:60]!r}. Its time may be over: QA_JOURNAL_DAYS.")
    put(_record_json(answer, prices), _lines(answer, prices), json=json)


@journal_commands.command()
def export(
    first: From = None,
    last: Until = None,
    kind: Literal["jsonl", "csv", "md", "bib", "ris"] = typer.Option("jsonl", "--format", help="What is written."),
    address: Address = None,
) -> None:
    """Write the answers of some days, in UTC, to standard output, as readers see them today; withheld ones are left
    out."""
    require_order(first, last)
    settings = read_settings()
    base = base_address(settings, address)
    # The calendar ends a day after the last day that has a next one.
    end = min(last or date.max, date.max - timedelta(days=1)) + timedelta(days=1)
    days = (datetime.combine(day, time(), UTC) for day in (first or date.min, end))
    public, withheld = list[PermanentAnswer](), 0
    with _answers(settings) as (answers, journal):
        for answer in map(answers.show, journal.records.between(*days)):
            if answer.withheld:
                withheld += 1
            elif kind == "jsonl":
                put_json(answer_json(answer, base))
            else:
                public.append(answer)
        if kind != "jsonl":
            sys.stdout.buffer.write(FORMATS[kind].write(public, base).encode("utf-8", "replace"))
    if withheld:
        errors.print(f"note: withheld answers that are left out: {withheld:,}")


@journal_commands.command()
def purge(
    days: int | None = typer.Option(
        None, min=0, help="Days that are kept, 0 keeps everything; unset, QA_JOURNAL_DAYS."
    ),
) -> None:
    """Delete what was asked longer ago than the days that are kept; what the staff decided on or readers reported
    stays."""
    settings = read_settings()
    retention = settings.journal_days if days is None else days
    if not retention:
        typer.echo("Nothing was deleted: 0 days means that everything is kept.")
        return
    with journal_of(settings) as journal:
        try:
            before = datetime.now(UTC) - timedelta(days=retention)
        except OverflowError:
            raise InputError(f"--days: {retention:,} days are longer than the calendar. Give fewer.") from None
        gone = journal.records.purge(before)
        left = journal.records.count()
    typer.echo(f"Deleted {counted(gone, 'answer')} from before {moment_text(before)}; {left:,} kept.")


@journal_commands.command()
def rejected() -> None:
    """Write down what the staff rejected, as JSON Lines: put beside the articles of a gate, it must not come back."""
    with journal_of(read_settings()) as journal:
        for case in journal.reviews.rejected():
            put_json(asdict(case))


@journal_commands.command()
def known() -> None:
    """Write the staff's verdicts as questions whose answers are known: put beside the articles of a gate as
    questions.jsonl, they are asked again."""
    settings = read_settings()
    with store_of(settings) as store, journal_of(settings) as journal:
        for question in judged_questions(journal, lru_cache(ARTICLES_HELD)(store.article)):
            put_json(known_json(question))


@contextmanager
def _answers(settings: Settings) -> Iterator[tuple[PermanentAnswers, Journal]]:
    """The answers beside today's archive. Raises StoreError."""
    with store_of(settings) as store, journal_of(settings) as journal:
        # Many answers rest on the same articles.
        article = lru_cache(ARTICLES_HELD)(store.article)
        yield PermanentAnswers(journal.records, journal.reviews, article), journal


def base_address(settings: Settings, address: str | None) -> str:
    """The address of the page, without a slash at its end. Raises InputError."""
    base = (address or f"http://{settings.host}:{settings.port}").rstrip("/")
    if not base.startswith(("https://", "http://")) or any(ch.isspace() or ch in "<>" for ch in base):
        raise InputError(f"--address: an address such as https://archive.example was expected, found {base[:60]!r}.")
    return base


def _record_json(answer: PermanentAnswer, prices: Prices | None) -> dict[str, object]:
    record, making = answer.record, answer.record.making
    return {
        **answer_json(answer, ""),
        "channel": record.channel.value,
        "seconds": round(record.seconds, 4),
        "making": asdict(making),
        **making_json(record, prices),
    }


def _lines(answer: PermanentAnswer, prices: Prices | None) -> Iterator[str]:
    record, making = answer.record, answer.record.making
    yield record.question
    yield ""
    yield reply_text(answer.reply) if answer.reply else answer.missing
    yield from answer.notices
    yield ""
    yield f"{answer.composed} {answer.software} {answer.checked.words}"
    yield f"Asked at {moment_text(record.at)} by way of: {record.channel}; took {record.seconds:.2f} s."
    model = f", language model {making.model}" if making.model else ""
    yield f"Made by version {making.program}, encoder {making.encoder}{model}."
    if used := record.usage:
        yield f"Used: {usage_words(used)}." + (f" Cost: {cost_words(prices.cost(used))}." if prices else "")
    for sentence in record.reply.stopped if record.reply else ():
        yield f"Not shown: “{sentence.text}” {stopped_words(sentence.support)}"
    yield from (f"  {source.article_id}: {source.words}" for source in answer.sources)


@audit_commands.command("verify")
def verify_audit(
    head: str | None = typer.Option(
        None,
        metavar="DIGEST",
        help="The digest of the last entry, as it was noted elsewhere: only by it entries show that were cut "
        "off at the end.",
    ),
    json: Json = False,
) -> None:
    """Recompute the chain of the audit log; names the first entry that was changed or is missing, exit status 1."""
    with journal_of(read_settings()) as journal:
        check = journal.audit.verified(head=plain(head).strip().lower() if head is not None else None)
    stand = "entry stands" if check.entries == 1 else "entries stand"
    lines = [f"{check.entries:,} {stand} as written. Digest of the last of them: {check.head}"]
    if not check.wrong:
        lines.append("Note the digest elsewhere: by `--head` it shows entries that were cut off at the end.")
    problems = [check.wrong] if check.wrong else []
    put_checked(asdict(check) | {"wrong": check.wrong or None}, lines, problems, json=json)


@audit_commands.command("export")
def export_audit(json: bool = typer.Option(False, "--json", help="JSON Lines with all that is kept.")) -> None:
    """Write the audit log to standard output, oldest first."""
    try:
        with journal_of(read_settings()) as journal:
            for entry in journal.audit.entries():
                put(entry_json(entry), [_audit_line(entry)], json=json)
    except ValueError as error:
        errors.print(f"failed: {error}. `qa audit verify` says more.")
        raise typer.Exit(Exit.FAILED) from None


def _audit_line(entry: AuditEntry) -> str:
    changed = ", ".join(f"{name}: {before!r} → {after!r}" for name, before, after in changes(entry))
    act = entry.act
    detail = f" ({changed})" if changed else ""
    return f"{entry.number}  {moment_text(act.at)}  {act.by}: {act.what}, {act.subject}{detail}"
