"""Commands that fill, list, check and change the archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from qa.answering.json_values import claim_json, mention_json, stage_json
from qa.cli.output import Exit, errors, plain, plain_errors, print_report, progress_bar, put_json, report_json
from qa.domain.archive import Article, Source, Status, long_date, moment_text
from qa.domain.notices import Standing
from qa.indexing.mending import mend
from qa.language.annotating import annotate
from qa.reading.metadata import Defaults
from qa.settings import read_settings
from qa.wiring.filling import forget_erased, ingest_paths, journal_check, reencode
from qa.wiring.parts import encoder_of, shelf_of

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="YYYY-MM-DD")]
ArticleId = Annotated[str, typer.Argument(metavar="ID", help="The article's id, as `qa list` shows it.")]


def register(app: typer.Typer) -> None:
    app.command("ingest")(ingest)
    app.command("list")(list_articles)
    app.command("show")(show)
    app.command("remove")(remove)
    app.command("check")(check)
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
    json: Json = False,
) -> None:
    """Add articles: plain text, Markdown with front matter, JSON Lines. Running it again does only what is new."""
    defaults = Defaults(published=published.date() if published else None, outlet=outlet, url=url, language=language)
    with plain_errors():
        settings = read_settings()
        with progress_bar("articles") as bar:
            task = bar.add_task("articles", total=None)
            report = ingest_paths(
                paths, settings=settings, defaults=defaults, progress=lambda count: bar.advance(task, count)
            )
    put_json(report_json(report)) if json else print_report(report)
    raise typer.Exit(Exit.FAILED if report.failed else Exit.DONE)


def list_articles(json: Json = False) -> None:
    """List what the archive holds."""
    with plain_errors(), shelf_of(read_settings()) as shelf:
        sources = shelf.sources()
        coverage = shelf.coverage()
    if json:
        put_json([_source_json(source, path) for source, path in sources])
        return
    for source, _ in sources:
        mark = "" if source.status is Status.LIVE else f"  [{source.status}]"
        typer.echo(f"{source.published or 'undated'!s:<10}  {source.article_id}  {source.title}{mark}")
    typer.echo(f"{coverage.text}.")


def show(article_id: ArticleId, json: Json = False) -> None:
    """Show one article."""
    with plain_errors(), shelf_of(read_settings()) as shelf:
        article, standing = shelf.held(plain(article_id))
    put_json(_article_json(article, standing)) if json else typer.echo(_article_text(article, standing))


def remove(article_id: ArticleId) -> None:
    """Take an article out of the archive for good; nothing of it stays findable or stored."""
    with plain_errors(), shelf_of(read_settings(), writing=True) as shelf:
        shelf.remove(plain(article_id))
    typer.echo(f"Removed {plain(article_id)}.")


def check(
    repair: Annotated[bool, typer.Option("--repair", help="Put right what can be put right.")] = False,
    json: Json = False,
) -> None:
    """Check that catalogue and vectors agree, every passage is a slice of its article, and the journal is sound."""
    with plain_errors():
        settings = read_settings()
        with shelf_of(settings, writing=repair) as shelf:
            if repair:
                mend(shelf, encoder_of(settings))
                forget_erased(settings)
            problems = [*shelf.check(), *journal_check(settings)]
    if json:
        put_json({"ok": not problems, "problems": [{"article_id": p.article_id, "what": p.what} for p in problems]})
    else:
        for problem in problems:
            errors.print(f"problem: {problem.article_id or 'archive'}: {problem.what}", markup=False)
        typer.echo("The archive is sound." if not problems else "Run `qa check --repair` to put this right.")
    raise typer.Exit(Exit.FAILED if problems else Exit.DONE)


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


def _article_json(article: Article, standing: Standing) -> dict[str, object]:
    source, read = article.source, annotate(article)
    return {
        "id": source.article_id,
        "title": source.title,
        "outlet": source.outlet,
        "url": source.url,
        "published": source.published.isoformat() if source.published else None,
        "language": source.language,
        "kind": source.kind,
        **_standing_json(source, standing),
        "summarises": source.summarises,
        "event_date": article.event_date,
        "derived_from": article.derived_from,
        "note": article.note,
        "headline_only": article.headline_only,
        "extra": dict(article.extra),
        "dates": [mention_json(one) for one in read.dates],
        "claims": [claim_json(one) for one in read.claims],
        "stages": [stage_json(one) for one in read.stages],
        "body": article.body,
    }


def _standing_json(source: Source, standing: Standing) -> dict[str, object]:
    withdrawn = standing.status is Status.WITHDRAWN
    return {
        "status": standing.status.value,
        "corrections": [{"text": one.text, "date": one.day and one.day.isoformat()} for one in source.corrections],
        "embargo": moment_text(standing.until) if standing.until else None,
        "withdrawn": {"reason": standing.reason, "date": standing.day and standing.day.isoformat()}
        if withdrawn
        else None,
    }


def _standing_lines(source: Source, standing: Standing) -> Iterator[str]:
    """What readers may see and are told of an article; nothing of one that is simply live."""
    yield from (f"{one.lead}: {one.text}" for one in source.corrections)
    until = f" until {moment_text(standing.until)}" if standing.status is Status.EMBARGOED and standing.until else ""
    reason = f": {standing.reason}" if standing.reason else ""
    if not standing.status.readable:
        yield f"Not shown to readers: {standing.status}{until}{reason}"


def _article_text(article: Article, standing: Standing) -> str:
    source = article.source
    head = [source.title, f"{source.credit}. Published: {long_date(source.published)}. Language: {source.language}."]
    if source.url:
        head.append(source.url)
    if article.note:
        head.append(f"Note: {article.note}")
    head += _standing_lines(source, standing)
    return "\n".join(head) + "\n\n" + article.body
