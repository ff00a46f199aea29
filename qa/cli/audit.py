"""Commands that check the audit log of the staff and take it along."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.archive.parts import journal_of
from qa.cli.output import Exit, errors, plain, plain_errors, put_json
from qa.models.archive import moment_text
from qa.models.journal import AuditEntry
from qa.review.auditing import Verified, changes, entry_json, verified
from qa.settings import read_settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def register(app: typer.Typer) -> None:
    commands = typer.Typer(help="The audit log: everything that the staff did, chained so that a change shows.")
    commands.command("verify")(verify)
    commands.command("export")(export)
    app.add_typer(commands, name="audit", no_args_is_help=True)


def verify(
    head: Annotated[
        str | None,
        typer.Option(
            metavar="DIGEST",
            help="The digest of the last entry, as it was noted elsewhere: only by it entries show that were cut "
            "off at the end.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Recompute the chain of the audit log; names the first entry that was changed or is missing, exit status 1."""
    with plain_errors(), journal_of(read_settings()) as journal:
        found = verified(journal.audit, head=plain(head).strip().lower() if head is not None else None)
    put_json(_verified_json(found)) if json else _put(found)
    if found.wrong:
        raise typer.Exit(Exit.FAILED)


def export(json: Annotated[bool, typer.Option("--json", help="JSON Lines with all that is kept.")] = False) -> None:
    """Write the audit log to standard output, oldest first."""
    try:
        with plain_errors(), journal_of(read_settings()) as journal:
            for entry in journal.audit.entries():
                put_json(entry_json(entry)) if json else typer.echo(_line(entry))
    except ValueError as error:
        errors.print(f"failed: {error}. `qa audit verify` says more.", markup=False)
        raise typer.Exit(Exit.FAILED) from None


def _put(found: Verified) -> None:
    if found.wrong:
        errors.print(f"failed: {found.wrong}", markup=False)
    stand = "entry stands" if found.entries == 1 else "entries stand"
    typer.echo(f"{found.entries:,} {stand} as written. Digest of the last of them: {found.head}")
    if not found.wrong:
        typer.echo("Note the digest elsewhere: by `--head` it shows entries that were cut off at the end.")


def _verified_json(found: Verified) -> dict[str, object]:
    return {"entries": found.entries, "head": found.head, "wrong": found.wrong or None}


def _line(entry: AuditEntry) -> str:
    told = ", ".join(f"{name}: {before!r} → {after!r}" for name, before, after in changes(entry))
    act = entry.act
    detail = f" ({told})" if told else ""
    return f"{entry.number}  {moment_text(act.at)}  {act.by}: {act.what}, {act.subject}{detail}"
