"""Commands that take the archive to another place: backups, salvage, and PostgreSQL."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from qa.archive.transfer import backup, migrate, restore, salvage
from qa.cli.output import Json, counter, errors, put, put_checked
from qa.settings import read_settings

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, such as archive-2026-12-01.zip.")]

commands = typer.Typer()


@commands.command("backup")
def write_backup(file: BackupFile, json: Json = False) -> None:
    """Write a backup of articles, notices, journal and accounts to one new file, while the archive is in use.

    The file is there once it is whole and was compared. Keep it where the archive's disk can't take it along.
    """
    begun = time.perf_counter()
    manifest = backup(read_settings(), file)
    size, seconds = file.stat().st_size, time.perf_counter() - begun
    values = {"file": str(file), "articles": manifest.articles, "bytes": size, "seconds": round(seconds, 2)}
    put(values, [f"{manifest.articles:,} articles in {file}: {size / 1e6:,.1f} MB in {seconds:.1f} s."], json=json)


@commands.command("restore-backup")
def restore_backup(
    file: BackupFile,
    replace: bool = typer.Option(False, "--replace", help="Put it in the place of the archive that is there."),
    json: Json = False,
) -> None:
    """Put a backup in the archive's folder, once it is unpacked and sound; nobody may have the archive open."""
    settings = read_settings()
    manifest, lost = restore(settings, file, replace=replace)
    notices = [{"id": article_id, "kind": kind} for article_id, kind in lost]
    values = {"home": str(settings.home), "articles": manifest.articles, "made_at": manifest.made_at, "lost": notices}
    for article_id, kind in () if json else lost:
        errors.print(f"lost: {kind} of {article_id}, written since the backup: write it again")
    put(
        values,
        [f"{manifest.articles:,} articles, as they were at {manifest.made_at}, are in {settings.home}."],
        json=json,
    )


@commands.command("salvage")
def salvage_archive(
    folder: Path = typer.Argument(..., metavar="FOLDER", help="A new folder; QA_HOME is left as it is."),
    json: Json = False,
) -> None:
    """Take what is readable of a damaged archive into a new one."""
    with counter("articles") as (_, progress):
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
    put_checked(values, lines, lost, json=json, label="lost")


@commands.command("migrate")
def migrate_archive(
    to: str = typer.Option(..., "--to", metavar="PLACE", help="postgresql://… of an empty database, or a new folder."),
    json: Json = False,
) -> None:
    """Copy the archive with journal and accounts from its folder into PostgreSQL, or back, and compare all digests.

    Stop whoever serves or fills it first: what is written meanwhile may not come over. The former one stays.
    """
    count = migrate(read_settings(), to)
    lines = (
        f"{count:,} articles came over, and are the same by their digests.",
        "Set QA_DATABASE to that address, or unset it and set QA_HOME to that folder, then run `qa check`.",
    )
    put({"articles": count}, lines, json=json)
