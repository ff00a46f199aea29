"""Commands that write a backup of the archive, and put one back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from qa.archive.backups import backup, restore
from qa.cli.output import Json, errors, put_json
from qa.settings import read_settings

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, such as archive-2026-12-01.zip.")]


def register(app: typer.Typer) -> None:
    app.command("backup")(write)
    app.command("restore-backup")(put_back)


def write(file: BackupFile, json: Json = False) -> None:
    """Write a backup of articles, notices, journal and accounts to one new file, while the archive is in use.

    The file is there once it is whole and was compared. Keep it where the archive's disk can't take it along.
    """
    begun = time.perf_counter()
    manifest = backup(read_settings(), file)
    size, seconds = file.stat().st_size, time.perf_counter() - begun
    if json:
        put_json({"file": str(file), "articles": manifest.articles, "bytes": size, "seconds": round(seconds, 2)})
        return
    typer.echo(f"{manifest.articles:,} articles in {file}: {size / 1e6:,.1f} MB in {seconds:.1f} s.")


def put_back(
    file: BackupFile,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the archive that is there.")
    ] = False,
    json: Json = False,
) -> None:
    """Put a backup in the archive's folder, once it is unpacked and sound; nobody may have the archive open."""
    settings = read_settings()
    manifest, lost = restore(settings, file, replace=replace)
    if json:
        notices = [{"id": article_id, "kind": kind} for article_id, kind in lost]
        put_json(
            {"home": str(settings.home), "articles": manifest.articles, "made_at": manifest.made_at, "lost": notices}
        )
        return
    for article_id, kind in lost:
        errors.print(f"lost: {kind} of {article_id}, written since the backup: write it again", markup=False)
    typer.echo(f"{manifest.articles:,} articles, as they were at {manifest.made_at}, are in {settings.home}.")
