"""The command that prints the archive's events in their order."""

from collections.abc import Iterator

import typer

from qa.answering.entries import CountRow, Strand, TimelineEntry, entries
from qa.answering.rendering import case_json, figure_json, values_of
from qa.answering.stage_words import REPORTED, stage_line
from qa.answering.view import EventHeading
from qa.archive.parts import store_of
from qa.cli.output import From, Json, Until, plain, put, require_order
from qa.models.dates import Dates
from qa.retrieval.timeline import timeline
from qa.settings import read_settings

commands = typer.Typer()


@commands.command("timeline")
def print_timeline(
    first: From = None,
    last: Until = None,
    outlet: str = typer.Option("", help="A part of the name of the outlet, or of that which is summarised."),
    json: Json = False,
) -> None:
    """List events in order, by the date that an article gives for them, else by its publication; the undated last.

    With each stand its articles, their main figures and the stage of the case that they report.
    """
    require_order(first, last)
    with store_of(read_settings()) as store:
        listed = store.listed(Dates(outlet=" ".join(plain(outlet).split())))
        timeline_entries = entries(timeline(listed, first=first, last=last), store)
    lines = (line for entry in timeline_entries for line in _lines(entry))
    put(list(map(entry_json, timeline_entries)), lines if timeline_entries else ["Nothing found."], json=json)


def entry_json(entry: TimelineEntry) -> dict[str, object]:
    """`status` is how far the case has got by these articles, `other_cases` the same of further events of that date."""
    when = entry.event.when
    cases = [
        {**case_json(status), "date": status.as_of, "text": stage_line(status, lead=REPORTED)}
        for strand in entry.strands
        if (status := strand.status)
    ]
    rows = [row for strand in entry.strands for count in strand.counts for row in count.rows]
    sources = [listed.source for listed in entry.event.articles]
    return {
        "event_date": when.value,
        "precision": when.precision.value if when.precision else None,
        "articles": [values_of(source, "article_id", "title", "outlet", "published", "credit") for source in sources],
        # As `qa show --json` has them, with the article and the articles that are copies in saying so.
        "figures": [
            {
                "article_id": row.party.source.article_id,
                "copies": [source.article_id for source in row.party.copies],
                **figure_json(row.figure),
                "quote": row.party.quote.text,
            }
            for row in rows
        ],
        "status": cases[0] if cases else None,
        "other_cases": cases[1:],
    }


def _lines(entry: TimelineEntry) -> Iterator[str]:
    when = entry.event.when
    yield f"{'Undated: ' if when.undated and when.value else ''}{when.heading}"
    for listed in entry.event.articles:
        yield f"  {listed.source.article_id}  {listed.source.title}\n    {listed.source.credit}"
    yield from (f"  {line}" for strand in entry.strands for line in _strand_lines(strand))


def _strand_lines(strand: Strand) -> Iterator[str]:
    """What is told of one event: corrections first, each figure with who says so."""
    yield f"– {EventHeading(strand.reported.event).text}"
    parties = [row.party for count in strand.counts for row in count.rows]
    quotes = [party.quote for party in parties] + ([strand.status.quote] if strand.status else [])
    for source in dict.fromkeys(quote.source for quote in quotes):
        if source.correction:
            yield f"  {source.correction.lead} ({source.credit}): {source.correction.text}"
    if strand.status:
        yield f"  {stage_line(strand.status, lead=REPORTED)} ({strand.status.quote.credit})"
    for count in strand.counts:
        sayings = (f"{words} ({'; '.join(map(_voice, rows))})" for words, rows in count.sayings.items())
        yield f"  {count.caption}: {'; '.join(sayings)}"


def _voice(row: CountRow) -> str:
    party = row.party
    return f"{party.speaker}, in: {party.quote.credit}" if party.speaker else party.quote.credit
