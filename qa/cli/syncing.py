"""Commands that keep the archive in step with its sources."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from qa.archive.parts import journal_of
from qa.archive.sources import SourceList, read_sources
from qa.archive.syncing import SourceReport, SyncReport
from qa.archive.syncing import sync as synced
from qa.archive.watching import changes
from qa.cli.archive import Json
from qa.cli.output import Exit, errors, place, plain_errors, print_report, progress_bar, put_json, report_json
from qa.errors import InputError, StoreBusy
from qa.models.archive import moment_text
from qa.models.deliveries import Failure
from qa.settings import read_settings

BY_HAND = "cli"
Sources = Annotated[Path, typer.Option("--sources", metavar="FILE", help="The list of sources.")]


def register(app: typer.Typer) -> None:
    app.command("sync")(sync)
    app.command("failed")(failed)


def sync(
    sources: Sources = Path("archive.toml"),
    prune: Annotated[bool, typer.Option("--prune", help="Remove articles whose files are gone.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, whenever a file changes, until stopped.")] = False,
    every: Annotated[
        int, typer.Option(min=10, metavar="SECONDS", help="With --watch: how often feeds are read.")
    ] = 300,
    json: Json = False,
) -> None:
    """Bring the archive in step with the sources that archive.toml names: what is new, changed or gone.

    What is gone is told, and removed only with --prune. One bad file never stops the rest; `qa failed` lists them.
    """
    with plain_errors():
        listed = read_sources(sources)
        report = _once(listed, prune=prune)
        _say(report, json=json)
        if watch:
            for _ in changes(listed, every=every):
                _again(sources, prune=prune, json=json)
    raise typer.Exit(Exit.FAILED if report.ingested.failed else Exit.DONE)


def failed(
    dismiss: Annotated[
        str | None, typer.Option("--dismiss", metavar="PATH", help="Take the failures of a file off the list.")
    ] = None,
    json: Json = False,
) -> None:
    """List what could not be read, until it can be or is dismissed; `qa sync` tries it again."""
    with plain_errors(), journal_of(read_settings()) as journal:
        listed = journal.imports.failures()
        if dismiss is not None:
            wanted = [one for one, _ in listed if one.path == dismiss]
            if not wanted:
                raise InputError(f"Nothing is listed for {dismiss}. `qa failed` shows what is.")
            for one in wanted:
                journal.imports.dismiss(one.path, one.line, by=BY_HAND, at=datetime.now(UTC))
            typer.echo(f"Dismissed {len(wanted)}.")
            return
    if json:
        put_json([_failure_json(one, at) for one, at in listed])
        return
    for one, at in listed:
        typer.echo(f"{moment_text(at)}  {place(one)}: {one.reason}")
    typer.echo(f"{len(listed):,} could not be read." if listed else "Everything could be read.")


def _once(sources: list[SourceList], *, prune: bool) -> SyncReport:
    with progress_bar("articles") as bar:
        task = bar.add_task("articles", total=None)
        return synced(sources, settings=read_settings(), prune=prune, progress=lambda count: bar.advance(task, count))


def _again(sources: Path, *, prune: bool, json: bool) -> None:
    """One more run; an archive that is in use is left for the next one."""
    try:
        _say(_once(read_sources(sources), prune=prune), json=json)
    except StoreBusy as error:
        errors.print(f"later: {escape(str(error))}")


def _say(report: SyncReport, *, json: bool) -> None:
    if json:
        put_json(report_json(report.ingested) | {"sources": [_source_json(one) for one in report.sources]})
        return
    for one in report.sources:
        gone = f", {len(one.gone):,} gone" if one.gone else ""
        typer.echo(f"{one.name}: {one.read:,} files read, {one.unchanged:,} as they were{gone}.")
        kept = set(one.missing) - set(report.ingested.removed)
        for article_id in sorted(kept):
            errors.print(f"gone: {escape(article_id)} is in no file any more; --prune removes it")
    print_report(report.ingested)


def _source_json(report: SourceReport) -> dict[str, object]:
    return {
        "name": report.name,
        "read": report.read,
        "unchanged": report.unchanged,
        "unreachable": report.unreachable,
        "gone": report.gone,
        "missing": report.missing,
    }


def _failure_json(failure: Failure, at: datetime) -> dict[str, object]:
    return {"path": failure.path, "line": failure.line, "reason": failure.reason, "at": moment_text(at)}
