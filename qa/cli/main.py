"""The command `qa`."""

from __future__ import annotations

import typer

from qa.cli import (
    archive,
    audit,
    exporting,
    gate,
    journal,
    mcp,
    models,
    notices,
    questions,
    serving,
    syncing,
    timeline,
    users,
    verifying,
)
from qa.cli.output import Exit

app = typer.Typer(
    name="qa",
    help="Ask a news archive. Answers are verbatim quotes with their sources, or an honest no.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    epilog="Exit status: "
    + ", ".join(f"{int(code)} {code.name.lower()}" for code in Exit)
    + ". Settings are environment variables that begin with QA_; docs/settings.md lists them.",
)
for commands in (
    archive,
    exporting,
    syncing,
    notices,
    questions,
    timeline,
    verifying,
    serving,
    journal,
    users,
    audit,
    mcp,
    models,
    gate,
):
    commands.register(app)


if __name__ == "__main__":
    app()
