"""The command that gives articles back."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from qa.archive.exporting import Tally, Wanted, chosen, found
from qa.archive.parts import store_of
from qa.cli.output import errors, plain, plain_errors
from qa.errors import InputError
from qa.export.formats import ExportFormat, export_format, require_place, write
from qa.models.archive import Article, Status
from qa.models.dates import Dates
from qa.settings import Settings, read_settings


class Kind(StrEnum):
    """What `qa export` writes."""

    JSONL = "jsonl"
    CSV = "csv"
    NINJS = "ninjs"
    NITF = "nitf"
    JSON_LD = "json-ld"


def register(app: typer.Typer) -> None:
    app.command("export")(export)


def export(
    kind: Annotated[
        Kind,
        typer.Option("--format", help="jsonl holds everything; ninjs, nitf and json-ld are the field's standards."),
    ] = Kind.JSONL,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="File to write; unset, standard output. For nitf a .zip file or a new folder. "
            "ninjs and json-ld write one list, or one item a line where its name ends with .jsonl.",
        ),
    ] = None,
    query: Annotated[str, typer.Option(metavar="TEXT", help="Only what a search finds, best first.")] = "",
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="DATE", help="First day of publication."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], metavar="DATE", help="Last day of publication."),
    ] = None,
    outlet: Annotated[str, typer.Option(metavar="TEXT", help="A part of the outlet's name.")] = "",
    language: Annotated[str, typer.Option(metavar="TAG", help="Such as es; es holds es-mx too.")] = "",
    status: Annotated[list[Status] | None, typer.Option(help="Only these; may be given more than once.")] = None,
    staff: Annotated[
        bool,
        typer.Option(
            "--staff", help="Include what is withheld, withdrawn or embargoed, whole texts, and notes to editors."
        ),
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many; a search gives 20 unless told.")] = None,
) -> None:
    """Give articles back as they stand now. What may not be shown or quoted stays here unless the staff ask for it."""
    with plain_errors():
        between = Dates(first and first.date(), last and last.date(), plain(outlet).strip(), plain(language).strip())
        if between.first and between.last and between.first > between.last:
            raise InputError("--from is after --until. Swap them.")
        format = export_format(kind.value, staff=staff)
        require_place(format, out)
        wanted = Wanted(plain(query).strip(), between, tuple(status or ()), staff, limit)
        tally = _put(wanted, format, out, read_settings())
    noun = "article" if tally.given == 1 else "articles"
    kept = f"; {tally.kept_back:,} withheld or embargoed (--staff)" if tally.kept_back else ""
    errors.print(f"{tally.given:,} {noun}{kept}.", markup=False)


def _put(wanted: Wanted, format: ExportFormat, out: Path | None, settings: Settings) -> Tally:
    tally = Tally()
    ids = found(wanted, settings) if wanted.query else None
    with store_of(settings) as store:
        articles = chosen(store, wanted, tally, ids=ids)
        if out is None:
            _print(articles, format)
        else:
            write(articles, format, out)
    return tally


def _print(articles: Iterable[Article], format: ExportFormat) -> None:
    assert format.stream is not None
    for piece in format.stream(articles):
        sys.stdout.buffer.write(piece.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
