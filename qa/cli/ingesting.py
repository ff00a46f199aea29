"""Commands that fill the archive, keep it in step with its sources, repair it, and take it to another place."""

import logging
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from typer import Argument, Option

from qa.archive.ingesting import (
    SourceList,
    changes,
    forget_erased,
    ingest_paths,
    prepare_questions,
    read_sources,
    salvage,
    sync_sources,
)
from qa.archive.parts import encoder_of, has_journal, journal_of, notices_of, require_folder, store_of
from qa.cli.output import By, Exit, Json, Wait, asks, counter, day, errors, print_report, put
from qa.errors import ArchiveError, InputError, ModelError, StoreBusy, StoreMismatch
from qa.ingestion.ingest import batches, encode_articles, repair_store
from qa.loaders.registry import BY_NAME
from qa.models.archive import moment_text
from qa.models.deliveries import Collision, Delivery, IngestReport, Problem
from qa.protocols import IndexedArticle
from qa.settings import Settings, read_settings
from qa.store.transfer import (
    bring_up_to_date,
    copy_catalogue,
    copy_journal,
    require_same_catalogue,
    restore_backup,
    write_backup,
)

FORMATS = ", ".join(BY_NAME)
PREPARED_EVERY = 3_600  # seconds: a feed brings articles at each poll, and whoever serves the archive keeps up
BackupFile = Annotated[Path, Argument(metavar="FILE", help="The backup, such as archive-2026-12-01.zip.")]
commands = typer.Typer()
_log = logging.getLogger(__name__)


@commands.command()
def ingest(
    paths: list[str] = Argument(..., metavar="PATH…", help="Files, folders or patterns such as 'news/*.txt'."),
    published: date | None = Option(None, parser=day, metavar="DATE", help="Date of articles that name none."),
    outlet: str | None = Option(None, help="Outlet of articles that name none."),
    url: str | None = Option(None, help="Address of articles that name none."),
    language: str | None = Option(None, help="Language of articles that name none, such as es."),
    format: str | None = Option(None, metavar="NAME", help=f"Format of all files; unset, by their content: {FORMATS}."),
    column: list[str] | None = Option(
        None, metavar="KEY=COLUMN", help="Which column of a table holds what, such as title=Titular; repeatable."
    ),
    replace: bool = Option(
        False, "--replace", help="Replace, correct and withdraw articles of the sources in archive.toml too, unasked."
    ),
    workers: int = Option(1, min=1, max=64, help="Processes that encode, each with a model in memory of its own."),
    wait: Wait = False,
    json: Json = False,
) -> None:
    """Add articles: news formats, pages, feeds, crawls, PDF, mail, tables and text, also packed.

    Running it again does only what is new. docs/formats.md lists the formats; each is recognised by its content. At the
    end it tries the questions that the page offers, which takes a minute of the processor at most.
    """
    defaults = {"published": published, "outlet": outlet, "url": url, "language": language}
    if format is not None and format not in BY_NAME:
        raise InputError(f"--format: one of {FORMATS} was expected, found {format!r}.")
    columns = {key.strip(): name.strip() for key, _, name in (pair.partition("=") for pair in column or ())}
    if not all((*columns, *columns.values())):
        wrong = ", ".join(column or ())
        raise InputError(f"--column: KEY=COLUMN was expected, such as title=Titular, found {wrong!r}.")
    with counter() as (bar, progress):

        def confirmed(collision: Collision) -> bool:
            """Asks whether an article of a source is to be changed by hand; nobody there, it is not."""
            if replace or json:
                return replace
            deed = f"Heed the {collision.notice}" if collision.notice else "Replace it"
            bar.stop()
            try:
                return bool(asks(f"{collision.found[0].upper()}{collision.found[1:]}. {deed}?"))
            finally:
                bar.start()

        report = ingest_paths(
            paths,
            settings=read_settings(),
            defaults=defaults,
            progress=progress,
            format=format,
            columns=columns,
            confirm=confirmed,
            workers=workers,
            wait=wait,
        )
    print_report(report, json=json)
    _prepare(read_settings())
    raise typer.Exit(Exit.FAILED if report.failed else Exit.DONE)


def _prepare(settings: Settings) -> None:
    """Prepares the questions that the page offers; where that fails the page does it by itself."""
    with counter("questions tried for the page, a minute of the processor at most") as (_, progress):
        try:
            prepare_questions(settings, progress=progress)
        except StoreBusy:  # whoever writes now prepares them
            return
        except ArchiveError as error:
            errors.print(f"note: the questions that the page offers are not prepared: {error}")


@commands.command()
def sync(
    sources: Path = Option(Path("archive.toml"), "--sources", metavar="FILE", help="The list of sources."),
    prune: bool = Option(False, "--prune", help="Remove articles whose files are gone."),
    watch: bool = Option(False, "--watch", help="Go on, whenever a file changes, until stopped."),
    every: int = Option(300, min=10, metavar="SECONDS", help="With --watch: how often feeds are read."),
    wait: Wait = False,
    json: Json = False,
) -> None:
    """Bring the archive in step with the sources that archive.toml names: what is new, changed or gone.

    What is gone is told, and removed only with --prune. One bad file never stops the rest; `qa failed` lists them.
    """
    listed, settings = read_sources(sources), read_settings()

    def synced(listed: list[SourceList]) -> IngestReport:
        with counter() as (_, progress):
            of_sources, report = sync_sources(listed, settings=settings, prune=prune, progress=progress, wait=wait)
        for source in () if json else of_sources:
            gone = f", {len(source.gone):,} gone" if source.gone else ""
            typer.echo(f"{source.name}: {source.read:,} files read, {source.unchanged:,} as they were{gone}.")
            for article_id in sorted(set(source.missing) - set(report.removed)):
                errors.print(f"gone: {article_id} is in no file any more; --prune removes it")
        print_report(report, json=json, sources=list(map(asdict, of_sources)))
        return report

    report = synced(listed)
    _prepare(settings)
    prepared = time.monotonic()
    if watch:
        for _ in changes(listed, every=every):
            try:
                synced(read_sources(sources))
            except StoreBusy as error:  # what another command writes in is left for the next time
                errors.print(f"later: {error}")
                continue
            if time.monotonic() - prepared >= PREPARED_EVERY:
                _prepare(settings)
                prepared = time.monotonic()
    raise typer.Exit(Exit.FAILED if report.failed else Exit.DONE)


@commands.command()
def failed(
    dismiss: str | None = Option(None, metavar="PATH", help="Take the failures of a file off the list."),
    by: By = "",
    json: Json = False,
) -> None:
    """List what could not be read, until it can be or is dismissed; `qa sync` tries it again."""
    with journal_of(read_settings()) as journal:
        listed = journal.imports.failures()
        if dismiss is not None:
            wanted = [failure for failure, _ in listed if failure.path == dismiss]
            if not wanted:
                raise InputError(f"Nothing is listed for {dismiss}. `qa failed` shows what is.")
            for failure in wanted:
                journal.imports.dismiss(failure.path, failure.line, by=by, at=datetime.now(UTC))
            typer.echo(f"Dismissed {len(wanted)}.")
            return
    lines = [f"{moment_text(at)}  {failure}" for failure, at in listed]
    lines.append(f"{len(listed):,} could not be read." if listed else "Everything could be read.")
    put([asdict(failure) | {"at": at} for failure, at in listed], lines, json=json)


@commands.command()
def check(
    repair: bool = Option(False, "--repair", help="Put right what can be put right."),
    wait: Wait = False,
    json: Json = False,
) -> None:
    """Check that nothing in the catalogue is damaged, the index lacks nothing of it, and the journal is sound."""
    settings = read_settings()
    with store_of(settings, writing=repair, alone=repair, wait=wait) as store:
        encoder, problems = encoder_of(settings), list[Problem]()
        if repair:
            repair_store(store, encoder)
            forget_erased(settings)
        try:  # no question is answered where another encoder than the one that is set made the vectors
            store.require(encoder.fingerprint)
        except (ModelError, StoreMismatch) as error:
            problems.append(Problem(None, str(error)))
        problems += store.check()
        if has_journal(settings):
            with notices_of(settings) as book, journal_of(settings) as journal:
                problems += journal.problems(erased=book.erased())
    advice = "Run `qa check --repair` to put right what can be."
    if repair:
        advice = "This can't be put right by itself: do what each line says, or restore a backup."
    values = {"ok": not problems, "problems": list(map(asdict, problems))}
    texts = [f"{problem.article_id or 'archive'}: {problem.what}" for problem in problems]
    put(values, [advice if problems else "The archive is sound."], json=json, problems=texts, label="problem")


@commands.command()
def reencode(wait: Wait = False) -> None:
    """Encode every article again, after QA_ENCODER was changed or a new version asks for it.

    A page that is served goes on with the former encoder until all are encoded; then it has to be started again.
    """
    with counter() as (_, progress):
        settings = read_settings()
        encoder = encoder_of(settings)
        with store_of(settings, writing=True, alone=True, wait=wait) as store:
            for damaged in store.damaged():
                store.set_aside(damaged.number)
                _log.error("%s is damaged and was set aside. `qa list --damaged` has it.", damaged.path)
            sources = store.sources()

            def encoded() -> Iterator[list[IndexedArticle]]:
                for part in batches(sources, 256):
                    deliveries = (Delivery(store.original(source.article_id), path) for source, path in part)
                    yield encode_articles(deliveries, encoder)
                    progress(len(part))

            store.reencode(encoder.fingerprint, encoded())
            store.finish(replaced=True)
    typer.echo(f"Encoded {len(sources):,} articles.")
    errors.print("note: a page that is being served answers again once it is started anew, with the same QA_ENCODER.")


@commands.command()
def backup(file: BackupFile, json: Json = False) -> None:
    """Write a backup of articles, notices, journal and accounts to one new file, while the archive is in use.

    The file is there once it is whole and was compared. Keep it where the archive's disk can't take it along.
    """
    begun, settings = time.perf_counter(), read_settings()
    require_folder(settings, instead="back it up by PostgreSQL's own means, such as `pg_dump --format=custom`.")
    bring_up_to_date(settings.home)
    program = f"archive-qa {version('archive-qa')}"
    manifest = write_backup(settings.home, file, program=program, at=datetime.now(UTC))
    size, seconds = file.stat().st_size, time.perf_counter() - begun
    values = {"file": str(file), "articles": manifest.articles, "bytes": size, "seconds": round(seconds, 2)}
    put(values, [f"{manifest.articles:,} articles in {file}: {size / 1e6:,.1f} MB in {seconds:.1f} s."], json=json)


@commands.command("restore-backup")
def restore(
    file: BackupFile,
    replace: bool = Option(False, "--replace", help="Put it in the place of the archive that is there."),
    json: Json = False,
) -> None:
    """Put a backup in the archive's folder, once it is unpacked and sound; nobody may have the archive open."""
    settings = read_settings()
    require_folder(settings, instead="restore it by PostgreSQL's own means, such as `pg_restore`.")
    manifest, lost = restore_backup(file, settings.home, replace=replace)
    with store_of(settings, writing=True) as store:
        store.finish()  # which builds the index
    notices = [{"id": article_id, "kind": kind} for article_id, kind in lost]
    values = {"home": str(settings.home), "articles": manifest.articles, "made_at": manifest.made_at, "lost": notices}
    for article_id, kind in () if json else lost:
        errors.print(f"lost: {kind} of {article_id}, written since the backup: write it again")
    line = f"{manifest.articles:,} articles, as they were at {manifest.made_at}, are in {settings.home}."
    put(values, [line], json=json)


@commands.command("salvage")
def salvage_archive(
    folder: Path = Argument(..., metavar="FOLDER", help="A new folder; QA_HOME is left as it is."), json: Json = False
) -> None:
    """Take what is readable of a damaged archive into a new one."""
    with counter() as (_, progress):
        report = salvage(read_settings(), folder, progress=progress)
    lost = [f"{name}: ingest {path or 'its file'} again" for name, path in report.lost]
    if report.notices_lost:
        lost.append(
            f"{report.notices_lost} notices of the staff. What was withdrawn or withheld by them is shown again: "
            "look at `qa audit` before you serve the archive."
        )
    if not report.complete:
        lost.append("what was on pages that can't be read; nobody knows how many articles")
    if not report.journal:
        lost.append("the journal is damaged and didn't come over: restore it from a backup")
    lines = (
        f"{report.articles} articles came over into {folder}, {report.again} of them from their files or earlier "
        f"texts; {len(report.lost)} that are known of did not.",
        "Set QA_HOME to that folder, run `qa check`, and ingest what is lacking.",
    )
    values = {**asdict(report), "lost": [{"id": name, "path": path} for name, path in report.lost]}
    put(values, lines, json=json, problems=lost, label="lost")


@commands.command()
def migrate(
    to: str = Option(..., "--to", metavar="PLACE", help="postgresql://… of an empty database, or a new folder."),
    json: Json = False,
) -> None:
    """Copy the archive with journal and accounts from its folder into PostgreSQL, or back, and compare all digests.

    Stop whoever serves or fills it first: what is written meanwhile may not come over. The former one stays.
    """
    settings, folder = read_settings(), Path(to)
    if to.startswith(("postgresql://", "postgres://")):
        place: dict[str, object] = {"database": SecretStr(to)}
    elif "://" in to or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise InputError(
            "The address of a database (postgresql://…) or a new folder was expected as --to, found something else."
        )
    else:
        place = {"database": None, "home": folder}
    into = settings.model_copy(update={"database_read": None, **place})
    with (
        store_of(settings, writing=True, alone=True) as source,
        store_of(into, writing=True, making=True, alone=True) as store,
    ):
        if store.sources() or store.rows("SELECT 1 FROM articles LIMIT 1"):
            raise InputError("There is an archive in that place already. Name an empty one.")
        if has_journal(settings):
            with journal_of(settings) as journal, journal_of(into) as copied:
                if copied.records.count() or copied.audit.count():
                    raise InputError("There is a journal in that place already. Name an empty one.")
                copy_journal(journal.database, copied.database)
        copy_catalogue(source, store)
        store.finish()
        count = require_same_catalogue(source, store)
    lines = (
        f"{count:,} articles came over, and are the same by their digests.",
        "Set QA_DATABASE to that address, or unset it and set QA_HOME to that folder, then run `qa check`.",
    )
    put({"articles": count}, lines, json=json)
