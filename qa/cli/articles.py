"""Commands that list, show, take out, export and back up articles."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from qa.answering.json_values import figure_json, mention_json, stage_json
from qa.archive.backups import backup
from qa.archive.backups import restore as restore_backup
from qa.archive.exporting import ExportCounts, ExportFilter, articles_of, found_ids
from qa.archive.parts import journal_of, store_of
from qa.cli.output import ArticleId, Json, Wait, day_option, errors, plain, put, put_json, require_order
from qa.export.formats import export_format, require_place, write
from qa.i18n.sources import coverage_text
from qa.models.archive import Article, Source, Status, long_date, moment_text
from qa.models.dates import Dates
from qa.models.notices import Standing, Version
from qa.settings import read_settings
from qa.text.annotating import annotate
from qa.text.differences import Change, differing_paragraphs

_MARKS = {Change.KEPT: ("", ""), Change.REMOVED: ("[-", "-]"), Change.ADDED: ("{+", "+}")}


def register(app: typer.Typer) -> None:
    app.command("list")(list_articles)
    app.command("show")(show)
    app.command("remove")(remove)
    app.command("forget")(forget)
    app.command("export")(export)
    app.command("backup")(write_backup)
    app.command("restore-backup")(put_back)


def list_articles(
    damaged: Annotated[
        bool, typer.Option("--damaged", help="List articles that were set aside since they are damaged.")
    ] = False,
    json: Json = False,
) -> None:
    """List what the archive holds, by date of publication; the undated last."""
    with store_of(read_settings()) as store:
        sources = sorted(store.sources(), key=lambda entry: (entry[0].published or date.max, entry[0].article_id))
        set_aside, coverage = store.damaged_articles(), store.coverage()
    if damaged:
        advice = "Ingest their files again, or take them out by `qa remove`." if set_aside else "None is set aside."
        lines = [f"{since:%Y-%m-%d}  {name}  {path}" for name, path, since in set_aside]
        values = [{"id": name, "path": path, "since": since} for name, path, since in set_aside]
        put(values, [*lines, advice], json=json)
        return
    lines = []
    for source, _ in sources:
        mark = "" if source.status is Status.LIVE else f"  [{source.status}]"
        lines.append(f"{source.published or 'undated'!s:<10}  {source.article_id}  {source.title}{mark}")
    lines.append(f"{coverage_text(coverage)}.")
    put([_source_json(source) | {"path": path} for source, path in sources], lines, json=json)


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
        put(list(map(version_json, earlier)), [versions_text(article, earlier)], json=json)
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
        Literal["jsonl", "csv", "ninjs", "nitf", "json-ld"],
        typer.Option("--format", help="jsonl holds everything; ninjs, nitf and json-ld are the field's standards."),
    ] = "jsonl",
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
    format, settings, counts = export_format(kind, staff=staff), read_settings(), ExportCounts()
    require_place(format, out)
    between = Dates(first, last, plain(outlet).strip(), plain(language).strip())
    chosen = ExportFilter(plain(query).strip(), between, tuple(status or ()), staff, limit)
    ids = found_ids(chosen, settings) if chosen.query else None
    with store_of(settings) as store:
        articles = articles_of(store, chosen, counts, ids=ids)
        if out:
            write(articles, format, out)
        elif format.stream:
            for piece in format.stream(articles):
                sys.stdout.buffer.write(piece.encode("utf-8", "replace"))
            sys.stdout.buffer.flush()
    noun = "article" if counts.exported == 1 else "articles"
    withheld = f"; {counts.withheld:,} withheld or embargoed (--staff)" if counts.withheld else ""
    errors.print(f"{counts.exported:,} {noun}{withheld}.", markup=False)


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
        "metadata": {key: item for key, item in asdict(article.metadata).items() if item not in (None, "", (), [])},
        "version": source.version,
        "extra": dict(article.extra),
        "dates": [mention_json(mention) for mention in read.dates],
        "claims": [figure_json(figure) for figure in read.figures],
        "stages": [stage_json(mention) for mention in read.stages],
        "body": article.body,
    }


def article_text(article: Article, standing: Standing) -> str:
    """The article with what readers are told of it, and why they don't see it where they don't."""
    source = article.source
    head = [source.title, f"{source.credit}. Published: {long_date(source.published)}. Language: {source.language}."]
    head += [source.url] if source.url else []
    head += [f"Note: {article.note}"] if article.note else []
    head += [f"{correction.lead}: {correction.text}" for correction in source.corrections]
    if not standing.status.readable:
        embargoed = standing.status is Status.EMBARGOED and standing.until
        until = f" until {moment_text(standing.until)}" if embargoed and standing.until else ""
        reason = f": {standing.reason}" if standing.reason else ""
        head.append(f"Not shown to readers: {standing.status}{until}{reason}")
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
    followed, lines = [*(version.article for version in versions[1:]), article], list[str]()
    for version, after in zip(versions, followed if versions else (), strict=True):
        before = version.article
        lines.append(
            f"Version {version.number} became version {version.number + 1} on {moment_text(version.replaced_at)} "
            f"(digest of the text before: {version.digest[:12]}, read from {version.path})"
        )
        for old, new in ((before.source.title, after.source.title), (before.body, after.body)):
            for paragraph in differing_paragraphs(old, new):
                marked = (_MARKS[piece.change] for piece in paragraph)
                lines.append("".join(f"{a}{piece.text}{b}" for piece, (a, b) in zip(paragraph, marked, strict=True)))
    return "\n\n".join(lines) or "The archive holds one text of this article."


BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, such as archive-2026-12-01.zip.")]


def write_backup(file: BackupFile, json: Json = False) -> None:
    """Write a backup of articles, notices, journal and accounts to one new file, while the archive is in use.

    The file is there once it is whole and was compared. Keep it where the archive's disk can't take it along.
    """
    begun = time.perf_counter()
    manifest = backup(read_settings(), file)
    size, seconds = file.stat().st_size, time.perf_counter() - begun
    values = {"file": str(file), "articles": manifest.articles, "bytes": size, "seconds": round(seconds, 2)}
    put(values, [f"{manifest.articles:,} articles in {file}: {size / 1e6:,.1f} MB in {seconds:.1f} s."], json=json)


def put_back(
    file: BackupFile,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the archive that is there.")
    ] = False,
    json: Json = False,
) -> None:
    """Put a backup in the archive's folder, once it is unpacked and sound; nobody may have the archive open."""
    settings = read_settings()
    manifest, lost = restore_backup(settings, file, replace=replace)
    notices = [{"id": article_id, "kind": kind} for article_id, kind in lost]
    values = {"home": str(settings.home), "articles": manifest.articles, "made_at": manifest.made_at, "lost": notices}
    for article_id, kind in () if json else lost:
        errors.print(f"lost: {kind} of {article_id}, written since the backup: write it again", markup=False)
    line = f"{manifest.articles:,} articles, as they were at {manifest.made_at}, are in {settings.home}."
    put(values, [line], json=json)
