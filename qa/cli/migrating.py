"""The command that moves an archive into PostgreSQL, or back into a folder."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.archive.migrating import migrate
from qa.cli.output import Json, put_json
from qa.settings import read_settings


def register(app: typer.Typer) -> None:
    app.command("migrate")(migrate_archive)


def migrate_archive(
    to: Annotated[
        str, typer.Option("--to", metavar="PLACE", help="postgresql://… of an empty database, or a new folder.")
    ],
    json: Json = False,
) -> None:
    """Copy the archive with journal and accounts from its folder into PostgreSQL, or back, and compare all digests.

    Stop whoever serves or fills it first: what is written meanwhile may not come over. The former one stays.
    """
    count = migrate(read_settings(), to)
    if json:
        put_json({"articles": count})
        return
    typer.echo(f"{count:,} articles came over, and are the same by their digests.")
    typer.echo("Set QA_DATABASE to that address, or unset it and set QA_HOME to that folder, then run `qa check`.")
