"""The command that prints the archive's events in their order."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from qa.cli.output import plain, plain_errors, put_json
from qa.domain.archive import long_date
from qa.domain.listing import Listed
from qa.errors import InputError
from qa.ports import Dates
from qa.retrieval.timeline import Event, timeline
from qa.settings import read_settings
from qa.wiring import shelf_of

From = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], metavar="DATE", help="Only events on or after this day."),
]
Until = Annotated[
    datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], metavar="DATE", help="Only events on or before it."),
]


def register(app: typer.Typer) -> None:
    app.command("timeline")(print_timeline)


def print_timeline(
    first: From = None,
    last: Until = None,
    outlet: Annotated[
        str, typer.Option(help="Only articles of this outlet, or summaries of its reports; a part of the name will do.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """List events in order, by the date that an article gives for them, else by its publication; the undated last."""
    begin, end = first.date() if first else None, last.date() if last else None
    with plain_errors():
        if begin and end and begin > end:
            raise InputError(
                f"The dates exclude each other: from {long_date(begin)} until {long_date(end)}. Swap them."
            )
        with shelf_of(read_settings()) as shelf:
            listed = shelf.listed(Dates(outlet=" ".join(plain(outlet).split())))
        events = timeline(listed, first=begin, last=end)
        put_json([event_json(event) for event in events]) if json else _print(events)


def event_json(event: Event) -> dict[str, object]:
    """`event_date` is None where the articles name none: they stand by their own dates, or are undated."""
    when = event.when
    return {
        "event_date": when.value,
        "precision": when.precision.value if when.precision else None,
        "articles": [_article_json(listed) for listed in event.articles],
    }


def _article_json(listed: Listed) -> dict[str, object]:
    source = listed.source
    return {
        "article_id": source.article_id,
        "title": source.title,
        "outlet": source.outlet,
        "published": source.published.isoformat() if source.published else None,
        "credit": source.credit,
    }


def _print(events: list[Event]) -> None:
    for event in events:
        undated = "Undated: " if event.when.undated and event.when.value else ""
        typer.echo(f"{undated}{event.when.heading}")
        for listed in event.articles:
            typer.echo(f"  {listed.source.article_id}  {listed.source.title}\n    {listed.source.credit}")
    if not events:
        typer.echo("Nothing found.")
