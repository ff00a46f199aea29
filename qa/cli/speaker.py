"""Who a command is run by, as the record of it says."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from qa.cli.output import plain
from qa.loaders.cleaning import clean_line

By = Annotated[str | None, typer.Option(metavar="NAME", help="Who says so; unset, the user of this machine.")]


def said_by(by: str | None) -> str:
    """The name that was given, or the user of this machine."""
    return clean_line(plain(by)) if by else _user()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without a list of users
        return "unknown"
