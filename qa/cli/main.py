"""The command `qa`."""

from importlib import metadata
from typing import Any

import typer
from rich.text import Text
from typer import Option
from typer.core import TyperGroup

from qa.cli import articles, ingesting, questions, serving, staff
from qa.cli.output import Exit, errors
from qa.errors import ArchiveError, InputError, NotFound, SettingsError


class Commands(TyperGroup):
    """The commands; their failures that are no bugs become one sentence and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ArchiveError as error:
            errors.print(Text("error:", "bold"), str(error))
            unusable = isinstance(error, InputError | NotFound | SettingsError)
            raise typer.Exit(Exit.USAGE if unusable else Exit.UNAVAILABLE) from None
        except KeyboardInterrupt:
            errors.print("Stopped. What was reported as done is stored.")
            raise typer.Exit(130) from None


app = typer.Typer(
    name="qa",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit status: "
    + ", ".join(f"{int(code)} {code.name.lower()}" for code in Exit)
    + ". Settings are environment variables that begin with QA_; docs/settings.md lists them.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"archive-qa {metadata.version('archive-qa')}")
        raise typer.Exit(Exit.DONE)


@app.callback()
def qa(
    version: bool = Option(False, "--version", callback=_print_version, is_eager=True, help="Print name and version."),
) -> None:
    """Ask a news archive. Answers are verbatim quotes with their sources, or an honest no."""


for module in (ingesting, articles, questions, serving, staff):
    app.add_typer(module.commands)


if __name__ == "__main__":
    app()
