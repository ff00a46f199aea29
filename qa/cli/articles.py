"""Commands that list, show, take out and export articles."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from qa.answering.json_values import figure_json, mention_json, stage_json
from qa.archive.exporting import ExportCounts, ExportFilter, articles_of, found_ids
from qa.archive.parts import journal_of, store_of
from qa.cli.output import ArticleId, Json, Wait, day_option, errors, plain, put_json, require_order
from qa.export.formats import ExportFormat, export_format, require_place, write
from qa.models.archive import Article, Metadata, Source, Status, long_date, moment_text
from qa.models.dates import Dates
from qa.models.notices import Standing, Version
from qa.settings import Settings, read_settings
from qa.text.annotating import annotate
from qa.text.differences import Change, differing_paragraphs

_MARKS = {Change.KEPT: ("", ""), Change.REMOVED: ("[-", "-]"), Change.ADDED: ("{+", "+}")}


class ExportChoice(StrEnum):
    """What `qa export` writes."""

    JSONL = "jsonl"
    CSV = "csv"
    NINJS = "ninjs"
    NITF = "nitf"
    JSON_LD = "json-ld"


def register(app: typer.Typer) -> None:
    app.command("list")(list_articles)
    app.command("show")(show)
    app.command("remove")(remove)
    app.command("forget")(forget)
    app.command("export")(export)


def list_articles(
    damaged: Annotated[
        bool, typer.Option("--damaged", help="List articles that were set aside since they are damaged.")
    ] = False,
    json: Json = False,
) -> None:
    """List what the archive holds, by date of publication; the undated last."""
    with store_of(read_settings()) as store:
        if damaged:
            _list_damaged(store.damaged_articles(), json=json)
            return
        sources = sorted(store.sources(), key=lambda entry: (entry[0].published or date.max, entry[0].article_id))
        coverage = store.coverage()
    if json:
        put_json([_source_json(source) | {"path": path} for source, path in sources])
        return
    for source, _ in sources:
        mark = "" if source.status is Status.LIVE else f"  [{source.status}]"
        typer.echo(f"{source.published or 'undated'!s:<10}  {source.article_id}  {source.title}{mark}")
    typer.echo(f"{coverage.text}.")


def _list_damaged(articles: Sequence[tuple[str, str, datetime]], *, json: bool) -> None:
    if json:
        put_json([{"id": name, "path": path, "since": since} for name, path, since in articles])
        return
    for name, path, since in articles:
        typer.echo(f"{since:%Y-%m-%d}  {name}  {path}")
    typer.echo("Ingest their files again, or take them out by `qa remove`." if articles else "None is set aside.")


def show(
    article_id: ArticleId,
    versions: Annotated[
        bool, typer.Option("--versions", help="Show its earlier texts, with what was changed.")
    ] = False,
    json: Json = False,
) -> None:
    """Show one article."""
    with store_of(read_settings()) as store:
        article, standing = store.with_standing(article_id)
        earlier = store.versions(article.article_id)
        path, original = store.path(article.article_id), store.read_from(article.article_id)
    if versions:
        put_json([version_json(version) for version in earlier]) if json else typer.echo(
            versions_text(article, earlier)
        )
    elif json:
        put_json(article_json(article, standing) | {"path": path, "original": asdict(original) if original else None})
    else:
        typer.echo(article_text(article, standing))


def forget(article_id: ArticleId, wait: Wait = False) -> None:
    """Take the earlier texts of an article off the disk for good; the one that stands stays."""
    with store_of(read_settings(wait=wait or None), writing=True) as store:
        count = store.forget_versions(article_id)
    typer.echo(f"Forgot {count} earlier {'text' if count == 1 else 'texts'} of {article_id}.")


def remove(article_id: ArticleId, wait: Wait = False) -> None:
    """Take an article out of the archive for good; nothing of it stays findable or stored."""
    settings = read_settings(wait=wait or None)
    with store_of(settings, writing=True) as store, journal_of(settings) as journal:
        existing = store.existing_id(article_id)
        journal.records.forget_article(existing)  # kept replies have its words too
        store.remove(existing)
    typer.echo(f"Removed {article_id}.")


def export(
    kind: Annotated[
        ExportChoice,
        typer.Option("--format", help="jsonl holds everything; ninjs, nitf and json-ld are the field's standards."),
    ] = ExportChoice.JSONL,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="File to write; unset, standard output. For nitf a .zip file or a new folder. "
            "ninjs and json-ld write one list, or one item a line where its name ends with .jsonl.",
        ),
    ] = None,
    query: Annotated[str, typer.Option(metavar="TEXT", help="Only what a search finds, best first.")] = "",
    first: Annotated[date | None, day_option("--from", "First day of publication.")] = None,
    last: Annotated[date | None, day_option("--until", "Last day of publication.", end=True)] = None,
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
    require_order(first, last)
    between = Dates(first, last, plain(outlet).strip(), plain(language).strip())
    format = export_format(kind.value, staff=staff)
    require_place(format, out)
    chosen = ExportFilter(plain(query).strip(), between, tuple(status or ()), staff, limit)
    counts = _write(chosen, format, out, read_settings())
    noun = "article" if counts.exported == 1 else "articles"
    withheld = f"; {counts.withheld:,} withheld or embargoed (--staff)" if counts.withheld else ""
    errors.print(f"{counts.exported:,} {noun}{withheld}.", markup=False)


def _write(chosen: ExportFilter, format: ExportFormat, out: Path | None, settings: Settings) -> ExportCounts:
    counts = ExportCounts()
    ids = found_ids(chosen, settings) if chosen.query else None
    with store_of(settings) as store:
        articles = articles_of(store, chosen, counts, ids=ids)
        if out is None:
            _print(articles, format)
        else:
            write(articles, format, out)
    return counts


def _print(articles: Iterable[Article], format: ExportFormat) -> None:
    assert format.stream is not None
    for piece in format.stream(articles):
        sys.stdout.buffer.write(piece.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _source_json(source: Source) -> dict[str, object]:
    names = ("title", "outlet", "published", "language", "kind", "status")
    return {"id": source.article_id, **{name: getattr(source, name) for name in names}}


def article_json(article: Article, standing: Standing) -> dict[str, object]:
    source, read = article.source, annotate(article)
    withdrawn = standing.status is Status.WITHDRAWN
    names = ("event_date", "derived_from", "note", "headline_only")
    return {
        **_source_json(source),
        "url": source.url,
        "status": standing.status,
        "corrections": [{"text": correction.text, "date": correction.day} for correction in source.corrections],
        "embargo": standing.until,
        "withdrawn": {"reason": standing.reason, "date": standing.day} if withdrawn else None,
        "summarises": source.summarises,
        **{name: getattr(article, name) for name in names},
        "metadata": _metadata_json(article.metadata),
        "version": source.version,
        "extra": dict(article.extra),
        "dates": [mention_json(mention) for mention in read.dates],
        "claims": [figure_json(figure) for figure in read.figures],
        "stages": [stage_json(mention) for mention in read.stages],
        "body": article.body,
    }


def _standing_lines(source: Source, standing: Standing) -> Iterator[str]:
    """What readers may see and are told of an article; nothing of one that is simply live."""
    yield from (f"{correction.lead}: {correction.text}" for correction in source.corrections)
    until = f" until {moment_text(standing.until)}" if standing.status is Status.EMBARGOED and standing.until else ""
    reason = f": {standing.reason}" if standing.reason else ""
    if not standing.status.readable:
        yield f"Not shown to readers: {standing.status}{until}{reason}"


def article_text(article: Article, standing: Standing) -> str:
    source = article.source
    head = [source.title, f"{source.credit}. Published: {long_date(source.published)}. Language: {source.language}."]
    if source.url:
        head.append(source.url)
    if article.note:
        head.append(f"Note: {article.note}")
    head += _standing_lines(source, standing)
    return "\n".join(head) + "\n\n" + article.body


def version_json(version: Version) -> dict[str, object]:
    article = version.article
    return {
        "version": version.number,
        "digest": version.digest,
        "title": article.source.title,
        "published": article.source.published,
        "status": article.source.status,
        "source_version": article.metadata.version,
        "stored_at": version.stored_at,
        "replaced_at": version.replaced_at,
        "path": version.path,
        "body": article.body,
    }


def versions_text(article: Article, versions: Sequence[Version]) -> str:
    """Each change, the oldest first: [-what was taken out-], {+what was put in+}."""
    if not versions:
        return "The archive holds one text of this article."
    return "\n\n".join(_changes(article, versions))


def _changes(article: Article, versions: Sequence[Version]) -> Iterator[str]:
    followed = [*(version.article for version in versions[1:]), article]
    for version, after in zip(versions, followed, strict=True):
        before = version.article
        yield (
            f"Version {version.number} became version {version.number + 1} on {moment_text(version.replaced_at)} "
            f"(digest of the text before: {version.digest[:12]}, read from {version.path})"
        )
        for old, new in ((before.source.title, after.source.title), (before.body, after.body)):
            for paragraph in differing_paragraphs(old, new):
                yield "".join(f"{_MARKS[piece.change][0]}{piece.text}{_MARKS[piece.change][1]}" for piece in paragraph)


def _metadata_json(metadata: Metadata) -> dict[str, object]:
    """What the source says beside the words; empty values left out."""
    return {key: value for key, value in asdict(metadata).items() if value not in (None, "", (), [])}
