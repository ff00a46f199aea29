"""Commands that list, show, take out and export articles, and that write notices of them, which act at once."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer import Argument, Option

from qa.answering.rendering import figure_json, mention_json, stage_json, values_of
from qa.archive.ingesting import forget_erased
from qa.archive.parts import archive_of, journal_of, notices_of, store_of
from qa.cli.output import ArticleId, By, Exit, From, Json, Until, Wait, asks, counted, dates_of, day, errors, plain, put
from qa.errors import InputError, NotFound, StoreError
from qa.export.articles import permitted
from qa.export.formats import require_place, write, written
from qa.i18n.forms import coverage_text, lead
from qa.loaders.fields import MAX_NOTICE, parse_moment
from qa.models.archive import Article, Source, Status, Withdrawal, long_date, moment_text
from qa.models.deliveries import Notice, NoticeKind, Standing, Version
from qa.models.replies import Question
from qa.review.decisions import ArticleActions
from qa.settings import read_settings
from qa.store.archive_store import ArchiveStore
from qa.text.annotating import annotate
from qa.text.cleaning import clean_line
from qa.text.differences import differing_paragraphs
from qa.text.repetition import Repetition

FOUND = 20  # articles that a search gives where nobody says how many
PASSAGES_EACH = 5  # passages that are looked for to have one article more: the best often come from the same
_MARKED = {"kept": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
Why = Annotated[str | None, Option(metavar="TEXT", help="Why; kept in the history, shown to no reader.")]
On = Annotated[date | None, Option("--date", parser=day, metavar="DATE", help="The date it bears; unset, today.")]
Review = Annotated[
    date | None,
    Option("--review-on", parser=day, metavar="DATE", help="When to look at it again; the staff area tells."),
]

commands = typer.Typer()


@commands.command("list")
def list_articles(
    damaged: bool = Option(False, "--damaged", help="List articles that were set aside since they are damaged."),
    json: Json = False,
) -> None:
    """List what the archive holds, by date of publication; the undated last."""
    with store_of(read_settings()) as store:
        sources = sorted(store.sources(), key=lambda entry: (entry[0].published or date.max, entry[0].article_id))
        set_aside, last = store.damaged_articles(), f"{coverage_text(store.coverage())}."
    values = [_source_json(source) | {"path": path} for source, path in sources]
    lines = []
    for source, _ in sources:
        mark = "" if source.status is Status.LIVE else f"  [{source.status}]"
        lines.append(f"{source.published or 'undated'!s:<10}  {source.article_id}  {source.title}{mark}")
    if damaged:
        last = "Ingest their files again, or take them out by `qa remove`." if set_aside else "None is set aside."
        values = [{"id": name, "path": path, "since": since} for name, path, since in set_aside]
        lines = [f"{since:%Y-%m-%d}  {name}  {path}" for name, path, since in set_aside]
    put(values, [*lines, last], json=json)


@commands.command()
def show(
    article_id: ArticleId,
    versions: bool = Option(False, "--versions", help="Show its earlier texts, with what was changed."),
    json: Json = False,
) -> None:
    """Show one article."""
    with store_of(read_settings()) as store:
        article, standing = store.with_standing(article_id)
        earlier = store.versions(article.article_id)
        path, original = store.read_from(article.article_id)
    if versions:
        put(list(map(_version_json, earlier)), [_versions_text(article, earlier)], json=json)
        return
    read_from = {"path": path, "original": asdict(original) if original else None}
    values = _article_json(article, standing) | read_from if json else None
    put(values, [_article_text(article, standing)], json=json)


@commands.command()
def forget(article_id: ArticleId, wait: Wait = False) -> None:
    """Take the earlier texts of an article off the disk for good; the one that stands stays."""
    with store_of(read_settings(), writing=True, wait=wait) as store:
        count = store.forget_versions(article_id)
    typer.echo(f"Forgot {count} earlier {'text' if count == 1 else 'texts'} of {article_id}.")


@commands.command()
def remove(article_id: ArticleId, wait: Wait = False) -> None:
    """Take an article out of the archive for good, with its words in kept answers. Kept questions that repeat it stay:
    `qa withdraw --erase` tells of those."""
    settings = read_settings()
    with store_of(settings, writing=True, wait=wait) as store, journal_of(settings) as journal:
        existing = store.existing_id(article_id)
        journal.records.forget_articles([existing])  # kept replies have its words too
        store.remove(existing)
    typer.echo(f"Removed {article_id}.")
    errors.print("note: while its file is there, ingesting that again brings it back; `qa withdraw` keeps it out.")


@commands.command()
def export(
    kind: Literal["jsonl", "csv", "ninjs", "nitf", "json-ld"] = Option(
        "jsonl", "--format", help="jsonl holds everything; ninjs, nitf and json-ld are the field's standards."
    ),
    out: Path | None = Option(
        None,
        metavar="PATH",
        help="File to write; unset, standard output. For nitf a .zip file or a new folder. "
        "ninjs and json-ld write one list, or one item a line where its name ends with .jsonl.",
    ),
    query: str = Option("", metavar="TEXT", help="Only what a search finds, best first."),
    first: From = None,
    last: Until = None,
    outlet: str = Option("", metavar="TEXT", help="A part of the outlet's name."),
    language: str = Option("", metavar="TAG", help="Such as es; es holds es-mx too."),
    status: list[Status] | None = Option(None, help="Only these; may be given more than once."),
    staff: bool = Option(
        False,
        "--staff",
        help="Include what is withheld or embargoed, the whole of what is withdrawn or may be quoted in part alone, "
        "and notes to editors.",
    ),
    limit: int | None = Option(None, min=1, help="At most so many; a search gives 20 unless told."),
) -> None:
    """Give articles back as they stand now. What may not be shown or quoted stays here unless the staff ask for it."""
    between, words = dates_of(first, last, outlet, language), plain(query).strip()
    settings, counts = read_settings(), Counter[str]()
    require_place(kind, out)
    article_ids = dict[str, None]()
    if words:
        question = Question(words, first, last, between.outlet, between.language)
        with archive_of(settings) as archive:
            hits = archive.search(question, limit=(limit or FOUND) * PASSAGES_EACH)
        article_ids = dict.fromkeys(hit.source.article_id for hit in hits)

    def leaving() -> Iterator[Article]:
        chosen = article_ids if words else [source.article_id for source, _ in store.sources(between)]
        for article in _as_they_stand(store, chosen):
            if status and article.source.status not in status:
                continue
            leaves = permitted(article, staff=staff)
            counts["exported" if leaves else "withheld"] += 1
            if leaves:
                yield leaves

    with store_of(settings) as store:
        articles = islice(leaving(), limit or (FOUND if words else None))
        if out:
            write(articles, kind, out, staff=staff)
        else:
            for piece in written(articles, kind, staff=staff):
                sys.stdout.buffer.write(piece.encode("utf-8", "replace"))
            sys.stdout.buffer.flush()
    withheld = f"; {counts['withheld']:,} withheld or embargoed (--staff)" if counts["withheld"] else ""
    errors.print(f"{counted(counts['exported'], 'article')}{withheld}.")


def _as_they_stand(store: ArchiveStore, article_ids: Iterable[str]) -> Iterator[Article]:
    """Articles with the standing that file and staff give them together; an embargo that is over is no more."""
    for article_id in article_ids:
        try:
            article, standing = store.with_standing(article_id)
        except NotFound:  # it was taken out meanwhile
            continue
        withdrawal = embargo = None
        if standing.status is Status.WITHDRAWN:
            by_file, embargo = article.withdrawal or Withdrawal(), article.embargo
            withdrawal = Withdrawal(standing.reason or by_file.reason, standing.day or by_file.day)
        elif not standing.status.readable:
            embargo = standing.until or article.embargo
        yield replace(article, embargo=embargo, withdrawal=withdrawal)


def _source_json(source: Source) -> dict[str, object]:
    return {"id": source.article_id, **values_of(source, "title", "outlet", "published", "language", "kind", "status")}


def _article_json(article: Article, standing: Standing) -> dict[str, object]:
    source, read, withdrawn = article.source, annotate(article), standing.status is Status.WITHDRAWN
    return {
        **_source_json(source),
        "url": source.url,
        "corrections": [
            {"text": correction.text, "date": correction.day, "printed_in": correction.printed_in}
            for correction in source.corrections
        ],
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


def _article_text(article: Article, standing: Standing) -> str:
    """What readers see, and why they don't where they don't."""
    source = article.source
    head = [source.title, f"{source.credit}. Published: {long_date(source.published)}. Language: {source.language}."]
    head += [source.url] if source.url else []
    head += [f"Note: {article.note}"] if article.note else []
    head += [f"{lead(correction)}: {correction.text}" for correction in source.corrections]
    if not standing.status.readable:
        embargoed = standing.status is Status.EMBARGOED
        until = f" until {moment_text(standing.until)}" if embargoed and standing.until else ""
        reason = f": {standing.reason}" if standing.reason else ""
        head.append(f"Not shown to readers: {standing.status}{until}{reason}")
    return "\n".join(head) + "\n\n" + article.body


def _version_json(version: Version) -> dict[str, object]:
    article = version.article
    return {
        "version": version.number,
        **values_of(version, "digest", "stored_at", "replaced_at", "path"),
        **values_of(article.source, "title", "published", "status"),
        "source_version": article.metadata.version,
        "body": article.body,
    }


def _versions_text(article: Article, versions: Sequence[Version]) -> str:
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
                lines.append("".join(_MARKED[piece.change].format(piece.text) for piece in paragraph))
    return "\n\n".join(lines) or "The archive holds one text of this article."


@commands.command()
def correct(
    article_id: ArticleId,
    text: str = Option(..., metavar="TEXT", help="What readers are told before each quote of the article."),
    on: On = None,
    take_back: bool = Option(False, "--take-back", help="End the correction that has these words: it holds no more."),
    by: By = "",
    json: Json = False,
) -> None:
    """Add a correction to an article, or take one back; it acts at once, also on a page that is being served."""
    if take_back:
        if on:
            raise InputError("--date: a correction is taken back at once; leave the date out.")
        notice = _written(article_id, NoticeKind.CORRECTION, text, by, until=datetime.now(UTC))
        done = f"Took back a correction of {notice.article_id}: readers see it no more."
    else:
        notice = _written(article_id, NoticeKind.CORRECTION, text, by, day=on or date.today())
        done = f"Corrected {notice.article_id}: readers see it before each quote."
    put(_notice_json(notice), [done], json=json)


@commands.command()
def withdraw(
    article_id: ArticleId,
    reason: str | None = Option(None, metavar="TEXT", help="Why, as its readers are told; needed the first time."),
    erase: bool = Option(False, "--erase", help="Also take text, vectors and index entries off the disk for good."),
    blank_questions: bool | None = Option(
        None,
        "--blank-questions/--keep-questions",
        help="With --erase: blank kept questions that repeat its words, or keep them; unset, it is asked.",
    ),
    on: On = None,
    review_on: Review = None,
    by: By = "",
    json: Json = False,
) -> None:
    """Take an article back: at once, also on a page that is being served, it is found and quoted no more."""
    kind = NoticeKind.ERASURE if erase else NoticeKind.WITHDRAWAL
    notice = _written(article_id, kind, reason, by, day=on or date.today(), review_on=review_on)
    values, waits, done = _notice_json(notice), "", ": no answer quotes it and no search finds it."
    if erase:
        values["questions"], waits = _erased(notice, blank_questions, json=json)
        values["pending"] = bool(waits)
        done = f"{done} Its erasure is pending." if waits else " and erased it from the disk."
    put(values, [f"Withdrew {notice.article_id}{done}"], json=json)
    if waits:
        errors.print(
            f"pending: the text is still on the disk. {waits} Then run `qa withdraw {notice.article_id} --erase` or "
            "`qa check --repair`."
        )
        raise typer.Exit(Exit.PENDING)


def _erased(notice: Notice, blank: bool | None, *, json: bool) -> tuple[dict[str, object], str]:
    """Erases an article: what becomes of the questions that repeat it, and why the disk has to wait, if it has to."""
    settings, waits = read_settings(), ""
    with notices_of(settings) as book, journal_of(settings) as journal:
        if texts := book.texts(notice.article_id):
            journal.records.note_repeating(notice.article_id, Repetition(texts))
        questions, answers = journal.records.repeating(notice.article_id)
    forget_erased(settings)
    try:
        with store_of(settings, writing=True) as store:  # opened for writing, it finishes what waits
            waits = store.unscrubbed_since()
    except StoreError as error:
        waits = str(error)
    if questions:
        repeating = "kept question repeats" if questions == 1 else "kept questions repeat"
        count = f"{questions:,} {repeating} words of it ({counted(answers, 'answer')} kept)"
        if blank is None and not json:
            blank = asks(f"{count}. Blank them?")
        if blank is None:
            again = f"qa withdraw {notice.article_id} --erase"
            errors.print(f"note: {count}: `{again} --blank-questions` blanks them, --keep-questions lets them be.")
        else:
            with journal_of(settings) as journal:
                journal.records.settle_repeating(notice.article_id, blank=blank, by=notice.by, at=datetime.now(UTC))
            errors.print(f"note: {count}: {'blanked' if blank else 'kept as they are'}.")
    return {"repeating": questions, "answers": answers, "blanked": bool(questions and blank)}, waits


@commands.command()
def restore(article_id: ArticleId, reason: Why = None, by: By = "", json: Json = False) -> None:
    """Let readers see an article again that was withdrawn, withheld or embargoed; corrections stay."""
    notice = _written(article_id, NoticeKind.RESTORATION, reason, by)
    put(_notice_json(notice), [f"Restored {notice.article_id}. If it was erased, ingest its file again."], json=json)


@commands.command()
def embargo(
    article_id: ArticleId,
    until: str = Option(..., metavar="MOMENT", help="Such as 2026-12-01, in UTC, or 2026-12-01T06:00+01:00."),
    reason: Why = None,
    review_on: Review = None,
    by: By = "",
    json: Json = False,
) -> None:
    """Keep an article from readers until a moment, as if it didn't exist; the embargo ends by itself."""
    try:
        moment = parse_moment(until.strip())
    except ValueError:
        raise InputError(
            "--until: a date such as 2026-12-01 or a time such as 2026-12-01T06:00+01:00 was expected, "
            f"found {plain(until)[:60]!r}."
        ) from None
    notice = _written(article_id, NoticeKind.EMBARGO, reason, by, until=moment, review_on=review_on)
    put(_notice_json(notice), [f"Embargoed {notice.article_id} until {moment_text(moment)}."], json=json)


@commands.command("notices")
def history(
    article_id: str | None = Argument(None, metavar="[ID]", help="Only this article's."), json: Json = False
) -> None:
    """List corrections, withdrawals, embargoes and restorations: who, when and why, oldest first."""
    with notices_of(read_settings()) as book:
        notices = book.history(plain(article_id) if article_id is not None else None)
    lines = []
    for notice in notices:
        ended = "taken back" if notice.kind is NoticeKind.CORRECTION else "until"
        detail = f" {ended} {moment_text(notice.until)}" if notice.until else ""
        detail += f", dated {long_date(notice.day)}" if notice.day else ""
        detail += f", to be reviewed on {long_date(notice.review_on)}" if notice.review_on else ""
        detail += " (pending)" if notice.pending else ""
        text = f": {notice.text}" if notice.text else ""
        lines.append(f"{moment_text(notice.at)}  {notice.article_id}  {notice.kind}{detail}, by {notice.by}{text}")
    put(list(map(_notice_json, notices)), lines or ["No notices."], json=json)


def _written(article_id: str, kind: NoticeKind, text: str | None, by: str, **days: Any) -> Notice:
    """A notice with what was said, as one clean line; nothing where nothing was. Raises InputError."""
    line = clean_line(plain(text or ""))
    if text is not None and not 1 <= len(line) <= MAX_NOTICE:
        option = "--text" if kind is NoticeKind.CORRECTION else "--reason"
        raise InputError(f"{option}: 1 to {MAX_NOTICE:,} characters were expected, found {len(line):,}.")
    notice, settings = Notice(article_id, kind, line, by, datetime.now(UTC), **days), read_settings()
    with notices_of(settings) as book, journal_of(settings) as journal:
        actions = ArticleActions(book, journal)
        written = actions.write(notice)
        if copies := actions.copies(written.article_id):
            errors.print(f"note: this does not reach {', '.join(copies)}, held with the same text.")
        return written


def _notice_json(notice: Notice) -> dict[str, object]:
    values = values_of(notice, "kind", "text", "until", "review_on", "by", "at", "pending")
    return {"id": notice.article_id, "date": notice.day, **values}
