"""Commands for the users of the staff area and for the tokens of programs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer

from qa.archive.parts import journal_of
from qa.cli.output import By, Json, errors, plain, put
from qa.errors import InputError
from qa.models.archive import moment_text
from qa.models.journal import Role
from qa.review.accounts import LONGEST_PASSWORD, Accounts, check_password, folded_name
from qa.settings import read_settings
from qa.text.cleaning import clean_line

Name = Annotated[
    str, typer.Argument(parser=lambda text: folded_name(plain(text)), metavar="NAME", help="The user's name.")
]
Label = Annotated[
    str, typer.Argument(parser=lambda text: clean_line(plain(text)), metavar="LABEL", help="What the token is for.")
]
PasswordFile = Annotated[
    typer.FileText | None,
    typer.Option(
        metavar="FILE",
        encoding="utf-8",
        help="Read the password from the file's first line, `-` for standard input; unset, it is asked for twice.",
    ),
]

commands = typer.Typer()
users = typer.Typer(
    name="user",
    help="Users of the staff area. The first one is made here; no password comes with the program.",
    no_args_is_help=True,
)
tokens = typer.Typer(
    name="token",
    help="Tokens by which programs use the archive in a user's name, with that user's role.",
    no_args_is_help=True,
)
commands.add_typer(users)
commands.add_typer(tokens)


@users.command()
def add(
    name: str = typer.Argument(..., metavar="NAME", help="The name to sign in with; it stays in the audit log."),
    role: Role = typer.Option(..., help="What the user may do; each role may do what those before it may."),
    password_file: PasswordFile = None,
    oidc: str | None = typer.Option(
        None,
        metavar="WHO",
        help="Signs in by OpenID Connect, without a password here: the provider's `sub` for the user, or an e-mail "
        "address that it has verified.",
    ),
    by: By = "",
) -> None:
    """Add a user of the staff area."""
    with _accounts() as accounts:
        if oidc is not None and password_file is not None:
            raise InputError("--oidc and --password-file: who signs in by OpenID Connect has no password here.")
        identity = clean_line(plain(oidc)) if oidc is not None else None
        if identity == "":
            raise InputError("--oidc: the provider's `sub` or an e-mail address was expected, found nothing.")
        chosen = None if identity is not None else _password(password_file, name=plain(name))
        account = accounts.add(plain(name), role, password=chosen, identity=identity, by=by)
    typer.echo(f"Added {account.name}, {account.role.value}.")


@users.command("list")
def listed(json: Json = False) -> None:
    """List the users of the staff area, those that were removed too."""
    with _accounts() as opened:
        accounts = opened.listed()
    lines = []
    for account in accounts:
        removed = "" if account.active else "  (removed)"
        by = f"  (OpenID Connect: {account.identity})" if account.identity else ""
        lines.append(f"{account.name}  {account.role.value}  since {moment_text(account.made_at)}{by}{removed}")
    none = "No users: nobody can enter the staff area. `qa user add NAME --role admin` makes the first."
    put(list(map(asdict, accounts)), lines or [none], json=json)


@users.command()
def role(name: Name, role: Role = typer.Argument(..., help="The new role."), by: By = "") -> None:
    """Give a user another role; whoever is signed in by that name has to sign in again."""
    with _accounts() as accounts:
        accounts.set_role(name, role, by=by)
    typer.echo(f"{name} is {role.value} now.")


@users.command()
def password(name: Name, password_file: PasswordFile = None, by: By = "") -> None:
    """Give a user another password; whoever is signed in by that name has to sign in again."""
    with _accounts() as accounts:
        accounts.set_password(name, _password(password_file, name=name), by=by)
    typer.echo(f"The password of {name} is changed.")


@users.command()
def unlock(name: Name, by: By = "") -> None:
    """Forget the failed tries to sign in by a name, at once and from wherever they came; the password stays."""
    with _accounts() as accounts:
        accounts.unlock(name, by=by)
    typer.echo(f"The failed tries at {name} are forgotten.")


@users.command()
def remove(name: Name, by: By = "") -> None:
    """Shut a user's account with its sessions and tokens; the name stays in the audit log and isn't given again."""
    with _accounts() as accounts:
        accounts.shut(name, by=by)
    typer.echo(f"Removed {name}.")


@tokens.command("add")
def add_token(name: Name, label: Label, by: By = "", json: Json = False) -> None:
    """Make a token for a program; it is printed once and kept nowhere."""
    with _accounts() as accounts:
        secret = accounts.add_token(name, label, by=by)
    if not json:
        errors.print("Keep this token; it can't be shown again:")
    put({"name": name, "label": label, "token": secret}, [secret], json=json)


@tokens.command("list")
def list_tokens(json: Json = False) -> None:
    """List the tokens that let programs in, not the secrets themselves."""
    with _accounts() as accounts:
        listed = accounts.tokens()
    lines = [f"{token.name}  {token.label}  since {moment_text(token.made_at)}" for token in listed]
    put(list(map(asdict, listed)), lines or ["No tokens."], json=json)


@tokens.command("revoke")
def revoke_token(name: Name, label: Label, by: By = "") -> None:
    """Take a token back: the program that has it is let in no more."""
    with _accounts() as accounts:
        accounts.revoke_token(name, label, by=by)
    typer.echo(f"Revoked {label!r} of {name}.")


@contextmanager
def _accounts() -> Iterator[Accounts]:
    with journal_of(read_settings()) as journal:
        yield Accounts(journal.database)


def _password(file: typer.FileText | None, *, name: str) -> str:
    """A password that may be chosen. Raises InputError."""
    try:
        if file:
            chosen = plain(file.readline(LONGEST_PASSWORD + 2).rstrip("\r\n"))
        else:
            chosen = plain(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    except typer.Abort:
        raise InputError("No password was given. Without a terminal, give it by --password-file.") from None
    except UnicodeDecodeError as error:
        raise InputError(f"--password-file: {file and file.name} can't be read: {error}.") from error
    check_password(chosen, name=name)
    return chosen
