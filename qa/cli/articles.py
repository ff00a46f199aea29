"""Commands that list, show, take out and export articles."""

import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import islice, pairwise
from pathlib import Path
from typing import Literal

import typer

from qa.answering.rendering import figure_json, mention_json, stage_json, values_of
from qa.archive.parts import archive_of, journal_of, store_of
from qa.cli.output import ArticleId, From, Json, Until, Wait, counted, errors, plain, put, put_json, require_order
from qa.errors import NotFound
from qa.export.facts import permitted
from qa.export.formats import export_format, require_place, write
from qa.i18n.forms import coverage_text
from qa.models.archive import Article, Source, Status, Withdrawal, long_date, moment_text
from qa.models.dates import Dates
from qa.models.deliveries import Standing, Version
from qa.models.replies import Question
from qa.settings import Settings, read_settings
from qa.store.archive_store import ArchiveStore
from qa.store.rows import folded
from qa.text.annotating import annotate
from qa.text.differences import Change, differing_paragraphs

_MARKS = {Change.KEPT: ("", ""), Change.REMOVED: ("[-", "-]"), Change.ADDED: ("{+", "+}")}


FOUND = 20  # articles that a search gives where nobody says how many
PASSAGES_EACH = 5  # passages that are looked for to have one article more: the best often come from the same

commands = typer.Typer()


@commands.command("list")
def list_articles(
    damaged: bool = typer.Option(False, "--damaged", help="List articles that were set aside since they are damaged."),
    json: Json = False,
) -> None:
    """List what the archive holds, by date of publication; the undated last."""
    with store_of(read_settings()) as store:
        sources = sorted(store.sources(), key=lambda entry: (entry[0].published or date.max, entry[0].article_id))
        set_aside, coverage = store.damaged_articles(), store.coverage()
    lines = []
    if damaged:
        last = "Ingest their files again, or take them out by `qa remove`." if set_aside else "None is set aside."
        lines = [f"{since:%Y-%m-%d}  {name}  {path}" for name, path, since in set_aside]
        values = [{"id": name, "path": path, "since": since} for name, path, since in set_aside]
    else:
        last = f"{coverage_text(coverage)}."
        values = [_source_json(source) | {"path": path} for source, path in sources]
        for source, _ in sources:
            mark = "" if source.status is Status.LIVE else f"  [{source.status}]"
            lines.append(f"{source.published or 'undated'!s:<10}  {source.article_id}  {source.title}{mark}")
    put(values, [*lines, last], json=json)


@commands.command()
def show(
    article_id: ArticleId,
    versions: bool = typer.Option(False, "--versions", help="Show its earlier texts, with what was changed."),
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


@commands.command()
def forget(article_id: ArticleId, wait: Wait = False) -> None:
    """Take the earlier texts of an article off the disk for good; the one that stands stays."""
    with store_of(read_settings(wait=wait or None), writing=True) as store:
        count = store.forget_versions(article_id)
    typer.echo(f"Forgot {count} earlier {'text' if count == 1 else 'texts'} of {article_id}.")


@commands.command()
def remove(article_id: ArticleId, wait: Wait = False) -> None:
    """Take an article out of the archive for good; nothing of it stays findable or stored."""
    settings = read_settings(wait=wait or None)
    with store_of(settings, writing=True) as store, journal_of(settings) as journal:
        existing = store.existing_id(article_id)
        journal.records.forget_article(existing)  # kept replies have its words too
        store.remove(existing)
    typer.echo(f"Removed {article_id}.")


@commands.command()
def export(
    kind: Literal["jsonl", "csv", "ninjs", "nitf", "json-ld"] = typer.Option(
        "jsonl", "--format", help="jsonl holds everything; ninjs, nitf and json-ld are the field's standards."
    ),
    out: Path | None = typer.Option(
        None,
        metavar="PATH",
        help="File to write; unset, standard output. For nitf a .zip file or a new folder. "
        "ninjs and json-ld write one list, or one item a line where its name ends with .jsonl.",
    ),
    query: str = typer.Option("", metavar="TEXT", help="Only what a search finds, best first."),
    first: From = None,
    last: Until = None,
    outlet: str = typer.Option("", metavar="TEXT", help="A part of the outlet's name."),
    language: str = typer.Option("", metavar="TAG", help="Such as es; es holds es-mx too."),
    status: list[Status] | None = typer.Option(None, help="Only these; may be given more than once."),
    staff: bool = typer.Option(
        False, "--staff", help="Include what is withheld, withdrawn or embargoed, whole texts, and notes to editors."
    ),
    limit: int | None = typer.Option(None, min=1, help="At most so many; a search gives 20 unless told."),
) -> None:
    """Give articles back as they stand now. What may not be shown or quoted stays here unless the staff ask for it."""
    require_order(first, last)
    format, settings, counts = export_format(kind, staff=staff), read_settings(), Counter[str]()
    require_place(format, out)
    between, words = Dates(first, last, plain(outlet).strip(), plain(language).strip()), plain(query).strip()
    ids = _found_ids(words, between, settings, limit=limit or FOUND) if words else None

    def leaving() -> Iterator[Article]:
        for article in _articles_of(store, between, status or (), ids=ids):
            leaves = permitted(article, staff=staff)
            counts["exported" if leaves else "withheld"] += 1
            if leaves:
                yield leaves

    with store_of(settings) as store:
        articles = islice(leaving(), limit)
        if out:
            write(articles, format, out)
        elif format.stream:
            for piece in format.stream(articles):
                sys.stdout.buffer.write(piece.encode("utf-8", "replace"))
            sys.stdout.buffer.flush()
    withheld = f"; {counts['withheld']:,} withheld or embargoed (--staff)" if counts["withheld"] else ""
    errors.print(f"{counted(counts['exported'], 'article')}{withheld}.")


def _found_ids(query: str, between: Dates, settings: Settings, *, limit: int) -> list[str]:
    """Ids of the articles that a search finds, best first: of those that readers may see. Raises QuestionError."""
    question = Question(query, between.first, between.last, between.outlet, between.language)
    with archive_of(settings) as archive:
        hits = archive.search(question, limit=limit * PASSAGES_EACH)
    return list(dict.fromkeys(hit.source.article_id for hit in hits))


def _articles_of(
    store: ArchiveStore, between: Dates, statuses: Collection[Status], *, ids: Sequence[str] | None = None
) -> Iterator[Article]:
    """The articles as they stand, those of `ids` in their order or else all by id; no `statuses` are all of them."""
    if ids is None:
        ids = [source.article_id for source, _ in store.sources() if _lies_within(source, between)]
    for article_id in ids:
        try:
            article = _as_it_stands(*store.with_standing(article_id))
        except NotFound:  # it was taken out meanwhile
            continue
        if (not statuses or article.source.status in statuses) and _lies_within(article.source, between):
            yield article


def _as_it_stands(article: Article, standing: Standing) -> Article:
    """The article with the standing that file and staff give it together; an embargo that is over is no more."""
    source = replace(article.source, status=standing.status)
    if standing.status is Status.WITHDRAWN:
        by_file = article.withdrawal or Withdrawal()
        withdrawal = Withdrawal(standing.reason or by_file.reason, standing.day or by_file.day)
        return replace(article, source=source, withdrawal=withdrawal)
    if standing.status.readable:
        return replace(article, source=source, embargo=None, withdrawal=None)
    return replace(article, source=source, embargo=standing.until or article.embargo, withdrawal=None)


def _lies_within(source: Source, between: Dates) -> bool:
    first, last, day = between.first, between.last, source.published
    if (first or last) and (day is None or (first and day < first) or (last and day > last)):
        return False
    if between.language and not f"{source.language.lower()}-".startswith(f"{between.language.lower()}-"):
        return False
    return folded(between.outlet) in folded(f"{source.outlet} | {source.summarises or ''}")


def _source_json(source: Source) -> dict[str, object]:
    return {
        "id": source.article_id,
        **values_of(source, "title", "outlet", "published", "language", "kind", "status"),
    }


def article_json(article: Article, standing: Standing) -> dict[str, object]:
    source, read = article.source, annotate(article)
    withdrawn = standing.status is Status.WITHDRAWN
    return {
        **_source_json(source),
        "url": source.url,
        "status": standing.status,
        "corrections": [{"text": correction.text, "date": correction.day} for correction in source.corrections],
        "embargo": standing.until,
        "withdrawn": {"reason": standing.reason, "date": standing.day} if withdrawn else None,
        "summarises": source.summarises,
        **values_of(article, "event_date", "derived_from", "note", "headline_only"),
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
        embargoed = standing.status is Status.EMBARGOED
        until = f" until {moment_text(standing.until)}" if embargoed and standing.until else ""
        reason = f": {standing.reason}" if standing.reason else ""
        head.append(f"Not shown to readers: {standing.status}{until}{reason}")
    return "\n".join(head) + "\n\n" + article.body


def version_json(version: Version) -> dict[str, object]:
    article = version.article
    return {
        "version": version.number,
        **values_of(version, "digest", "stored_at", "replaced_at", "path"),
        **values_of(article.source, "title", "published", "status"),
        "source_version": article.metadata.version,
        "body": article.body,
    }


def versions_text(article: Article, versions: Sequence[Version]) -> str:
    """Each change, the oldest first: [-what was taken out-], {+what was put in+}."""
    lines = list[str]()
    texts = pairwise([*(version.article for version in versions), article])
    for version, (before, after) in zip(versions, texts, strict=True):
        lines.append(
            f"Version {version.number} became version {version.number + 1} on {moment_text(version.replaced_at)} "
            f"(digest of the text before: {version.digest[:12]}, read from {version.path})"
        )
        for old, new in ((before.source.title, after.source.title), (before.body, after.body)):
            for paragraph in differing_paragraphs(old, new):
                marked = (_MARKS[piece.change] for piece in paragraph)
                lines.append("".join(f"{a}{piece.text}{b}" for piece, (a, b) in zip(paragraph, marked, strict=True)))
    return "\n\n".join(lines) or "The archive holds one text of this article."
