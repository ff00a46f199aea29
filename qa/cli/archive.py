"""Commands that fill, list, check and change the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from qa.archive.filling import complete_vectors, forget_erased, ingest_paths, journal_check, reencode
from qa.archive.parts import encoder_of, journal_of, multilingual_of, store_of
from qa.archive.salvaging import Salvaged, salvage
from qa.cli.output import (
    Exit,
    asks,
    at_terminal,
    errors,
    plain,
    plain_errors,
    print_report,
    progress_bar,
    put_json,
    report_json,
)
from qa.cli.shown import article_json, article_text, read_from_json, version_json, versions_text
from qa.errors import InputError
from qa.ingestion.mending import mend
from qa.loaders.formats import BY_NAME
from qa.loaders.metadata import Defaults
from qa.models.archive import Source, Status, moment_text
from qa.models.deliveries import Collision, Problem
from qa.settings import read_settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="YYYY-MM-DD")]
ArticleId = Annotated[str, typer.Argument(metavar="ID", help="The article's id, as `qa list` shows it.")]


_FORMATS = ", ".join(BY_NAME)


def register(app: typer.Typer) -> None:
    app.command("ingest")(ingest)
    app.command("list")(list_articles)
    app.command("show")(show)
    app.command("remove")(remove)
    app.command("forget")(forget)
    app.command("check")(check)
    app.command("salvage")(salvage_archive)
    app.command("reencode")(reencode_all)


def ingest(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH…", help="Files, folders or patterns such as 'news/*.txt'.")
    ],
    published: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Date of articles that name none.")
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Outlet of articles that name none.")] = None,
    url: Annotated[str | None, typer.Option(help="Address of articles that name none.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of articles that name none, such as es.")] = None,
    format: Annotated[
        str | None, typer.Option(metavar="NAME", help=f"Format of all files, where it isn't to be told: {_FORMATS}.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=COLUMN", help="Which column of a table holds what, such as title=Titular; repeatable."
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Replace, correct and withdraw articles of the sources in archive.toml too, unasked."
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Add articles: news formats, pages, feeds, crawls, PDF, mail, tables and text, also packed.

    Running it again does only what is new. The README lists the formats; each is recognised by its content.
    """
    defaults = Defaults(published=published.date() if published else None, outlet=outlet, url=url, language=language)
    with plain_errors():
        if format is not None and format not in BY_NAME:
            raise InputError(f"--format: one of {_FORMATS} was expected, found {format!r}.")
        columns = _columns(column or [])
        settings = read_settings()
        with progress_bar("articles") as bar:
            task = bar.add_task("articles", total=None)
            report = ingest_paths(
                paths,
                settings=settings,
                defaults=defaults,
                progress=lambda count: bar.advance(task, count),
                format=format,
                columns=columns,
                confirm=lambda collision: replace or (not json and _confirmed(collision, bar)),
            )
    put_json(report_json(report)) if json else print_report(report)
    raise typer.Exit(Exit.FAILED if report.failed else Exit.DONE)


def _confirmed(collision: Collision, bar: Progress) -> bool:
    """Asks whether an article of a source is to be changed by hand; nobody there, it is not."""
    if not at_terminal():
        return False
    bar.stop()
    try:
        deed = f"Heed the {collision.notice}" if collision.notice else "Replace it"
        return asks(f"{collision.found[0].upper()}{collision.found[1:]}. {deed}?")
    finally:
        bar.start()


def _columns(pairs: Sequence[str]) -> dict[str, str]:
    """Raises InputError."""
    split = [pair.partition("=") for pair in pairs]
    if wrong := next((pair for pair, (key, sign, name) in zip(pairs, split, strict=True) if not (key and name)), None):
        raise InputError(f"--column: KEY=COLUMN was expected, such as title=Titular, found {wrong!r}.")
    return {key.strip(): name.strip() for key, _, name in split}


def list_articles(
    damaged: Annotated[
        bool, typer.Option("--damaged", help="List articles that were set aside since they are damaged.")
    ] = False,
    json: Json = False,
) -> None:
    """List what the archive holds."""
    with plain_errors(), store_of(read_settings()) as store:
        if damaged:
            _list_damaged(store.damaged_articles(), json=json)
            return
        sources = store.sources()
        coverage = store.coverage()
    if json:
        put_json([_source_json(source, path) for source, path in sources])
        return
    for source, _ in sources:
        mark = "" if source.status is Status.LIVE else f"  [{source.status}]"
        typer.echo(f"{source.published or 'undated'!s:<10}  {source.article_id}  {source.title}{mark}")
    typer.echo(f"{coverage.text}.")


def _list_damaged(articles: Sequence[tuple[str, str, datetime]], *, json: bool) -> None:
    if json:
        put_json([{"id": name, "path": path, "since": moment_text(since)} for name, path, since in articles])
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
    with plain_errors(), store_of(read_settings()) as store:
        article, standing = store.with_standing(plain(article_id))
        earlier = store.versions(article.article_id)
        read_from = read_from_json(path=store.path(article.article_id), original=store.read_from(article.article_id))
    if versions:
        put_json([version_json(one) for one in earlier]) if json else typer.echo(versions_text(article, earlier))
    elif json:
        put_json(article_json(article, standing) | read_from)
    else:
        typer.echo(article_text(article, standing))


def forget(article_id: ArticleId) -> None:
    """Take the earlier texts of an article off the disk for good; the one that stands stays."""
    with plain_errors(), store_of(read_settings(), writing=True) as store:
        count = store.forget_versions(plain(article_id))
    typer.echo(f"Forgot {count} earlier {'text' if count == 1 else 'texts'} of {plain(article_id)}.")


def remove(article_id: ArticleId) -> None:
    """Take an article out of the archive for good; nothing of it stays findable or stored."""
    with plain_errors():
        settings = read_settings()
        with store_of(settings, writing=True) as store, journal_of(settings) as journal:
            known = store.existing_id(plain(article_id))
            journal.records.forget_article(known)  # kept replies have its words too
            store.remove(known)
    typer.echo(f"Removed {plain(article_id)}.")


def check(
    repair: Annotated[bool, typer.Option("--repair", help="Put right what can be put right.")] = False,
    json: Json = False,
) -> None:
    """Check that catalogue and vectors agree, every passage is a slice of its article, and the journal is sound."""
    with plain_errors():
        settings = read_settings()
        with store_of(settings, writing=repair) as store:
            if repair:
                mend(store, encoder_of(settings))
                complete_vectors(store, settings)
                forget_erased(settings)
            used = multilingual_of(settings) is not None
            problems = [*store.check(multilingual=used), *journal_check(settings)]
    if json:
        put_json({"ok": not problems, "problems": [{"article_id": p.article_id, "what": p.what} for p in problems]})
    else:
        for problem in problems:
            errors.print(f"problem: {problem.article_id or 'archive'}: {problem.what}", markup=False)
        typer.echo(_verdict(problems, repaired=repair))
    raise typer.Exit(Exit.FAILED if problems else Exit.DONE)


def _verdict(problems: Sequence[Problem], *, repaired: bool) -> str:
    if not problems:
        return "The archive is sound."
    if not repaired:
        return "Run `qa check --repair` to put right what can be."
    return "This can't be put right by itself: do what each line says, or restore a backup."


def salvage_archive(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder; QA_HOME is left as it is.")],
    json: Json = False,
) -> None:
    """Take what is readable of a damaged archive into a new one."""
    with plain_errors(), progress_bar("articles") as bar:
        task = bar.add_task("articles", total=None)
        report = salvage(read_settings(), folder, progress=lambda count: bar.advance(task, count))
    if json:
        put_json({**asdict(report), "lost": [{"id": name, "path": path} for name, path in report.lost]})
    else:
        _print_salvaged(report, folder)
    whole = report.complete and report.journal and not (report.lost or report.notices_lost)
    raise typer.Exit(Exit.DONE if whole else Exit.FAILED)


def _print_salvaged(report: Salvaged, folder: Path) -> None:
    for name, path in report.lost:
        errors.print(f"lost: {name}: ingest {path or 'its file'} again", markup=False)
    if report.notices_lost:
        errors.print(
            f"lost: {report.notices_lost} notices of the staff. What was withdrawn or withheld by them is shown again: "
            "look at `qa audit` before you serve the archive.",
            markup=False,
        )
    if not report.complete:
        errors.print("lost: what was on pages that can't be read; nobody knows how many articles", markup=False)
    if not report.journal:
        errors.print("lost: the journal is damaged and didn't come over: restore it from a backup", markup=False)
    typer.echo(
        f"{report.articles} articles came over into {folder}, {report.again} of them from their files or "
        f"earlier texts; {len(report.lost)} that are known of did not."
    )
    typer.echo("Set QA_HOME to that folder, run `qa check`, and ingest what is lacking.")


def reencode_all() -> None:
    """Encode every article again, after another encoder was set by QA_ENCODER."""
    with plain_errors(), progress_bar("articles") as bar:
        task = bar.add_task("articles", total=None)
        count = reencode(read_settings(), progress=lambda done: bar.advance(task, done))
    typer.echo(f"Encoded {count:,} articles.")


def _source_json(source: Source, path: str) -> dict[str, object]:
    return {
        "id": source.article_id,
        "title": source.title,
        "outlet": source.outlet,
        "published": source.published.isoformat() if source.published else None,
        "language": source.language,
        "kind": source.kind,
        "status": source.status.value,
        "path": path,
    }
