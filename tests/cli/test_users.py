"""Users and tokens of the staff area, and the audit log, from the command line."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from typer.testing import CliRunner

from qa.cli.main import app
from tests.cli.conftest import Qa, run

PASSWORD = "correct horse battery"
Put = Callable[[str, str | bytes], Path]


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("qa.review.accounts.PasswordHasher", lambda **costs: cheap)


@pytest.fixture
def file(put: Put) -> Path:
    return put("password", f"{PASSWORD}\nsecond line\n")


@pytest.fixture
def qa(file: Path) -> Qa:
    assert run("user", "add", "ada", "--role", "admin", "--password-file", file, "--by", "root").code == 0
    return run


def typed(*arguments: str, input: str) -> tuple[int, str]:
    """A command that is answered at its prompts; exit status and all that it printed."""
    result = CliRunner().invoke(app, arguments, input=input)
    return result.exit_code, result.output


def test_nobody_is_there_at_first() -> None:
    assert "nobody can enter the staff area" in run("user", "list").out
    assert run("user", "list", "--json").json == []


def test_a_password_is_asked_for_twice_and_not_shown() -> None:
    code, said = typed("user", "add", "ada", "--role", "admin", input=f"{PASSWORD}\n{PASSWORD}\n")
    assert (code, PASSWORD in said) == (0, False)
    code, said = typed("user", "add", "bob", "--role", "admin", input=f"{PASSWORD}\nanother one here\n")
    assert code == 2
    assert "--password-file" in said
    assert [one["name"] for one in run("user", "list", "--json").json] == ["ada"]


def test_a_password_is_read_from_standard_input() -> None:
    code, _ = typed("user", "add", "ada", "--role", "reader", "--password-file", "-", input=f"{PASSWORD}\n")
    assert code == 0


def test_a_password_is_no_argument() -> None:
    assert run("user", "add", "ada", PASSWORD, "--role", "admin").code == 2
    assert run("user", "add", "ada", "--role", "admin", "--password", PASSWORD).code == 2


@pytest.mark.parametrize("content", ["", "short\n", "x" * 300, b"\xff\xfe\xff", "ada\n"])
def test_a_bad_password_file_adds_nobody(put: Put, content: str | bytes) -> None:
    told = run("user", "add", "ada", "--role", "admin", "--password-file", put("bad", content))
    assert told.code == 2
    assert run("user", "list", "--json").json == []


def test_a_user_without_password_here(qa: Qa, file: Path) -> None:
    assert qa("user", "add", "bob", "--role", "checker", "--oidc", "Bob@Example.org").code == 0
    assert "OpenID Connect: bob@example.org" in qa("user", "list").out
    assert qa("user", "password", "bob", "--password-file", file).code == 2
    assert qa("user", "add", "eve", "--role", "checker", "--oidc", "bob@example.org").code == 2
    assert qa("user", "add", "eve", "--role", "checker", "--oidc", " ").code == 2
    assert qa("user", "add", "eve", "--role", "checker", "--oidc", "x", "--password-file", file).code == 2


def test_a_role_is_one_that_there_is(qa: Qa) -> None:
    assert qa("user", "role", "ada", "emperor").code == 2
    assert qa("user", "role", "nobody", "reader").code == 2
    assert qa("user", "role", "ADA", "reader").code == 0
    assert qa("user", "list", "--json").json[0]["role"] == "reader"


def test_a_removed_user_stays_on_the_list(qa: Qa, file: Path) -> None:
    assert qa("user", "remove", "ada").code == 0
    assert "(removed)" in qa("user", "list").out
    assert qa("user", "remove", "ada").code == 2
    again = qa("user", "add", "ada", "--role", "reader", "--password-file", file)
    assert again.code == 2
    assert "its name stays" in again.err


def test_a_token_is_shown_once(qa: Qa, home: Path) -> None:
    told = qa("token", "add", "ada", "the bot")
    token = told.out.strip()
    assert token.startswith("qa_")
    assert token not in qa("token", "list").out
    assert token.encode() not in b"".join(path.read_bytes() for path in home.iterdir() if path.is_file())
    assert qa("token", "list", "--json").json[0]["label"] == "the bot"
    assert qa("token", "add", "ada", "the bot").code == 2
    assert qa("token", "add", "ada", "").code == 2
    assert qa("token", "add", "nobody", "x").code == 2
    assert qa("token", "revoke", "ada", "the bot").code == 0
    assert qa("token", "revoke", "ada", "the bot").code == 2
    assert qa("token", "list").out == "No tokens.\n"
    assert qa("token", "add", "ada", "b", "--json").json["token"].startswith("qa_")


def test_every_command_is_in_the_audit_log(qa: Qa, file: Path) -> None:
    qa("user", "role", "ada", "editor", "--by", "eve")
    qa("user", "password", "ada", "--password-file", file)
    qa("token", "add", "ada", "bot")
    qa("token", "revoke", "ada", "bot")
    qa("user", "remove", "ada")
    entries = qa("audit", "export", "--json").lines
    assert [one["what"] for one in entries] == [
        "add user", "role", "password", "add token", "revoke token", "remove user",
    ]  # fmt: skip
    assert [one["by"] for one in entries[:2]] == ["root", "eve"]
    assert "role: 'admin' → 'editor'" in qa("audit", "export").out
    found = qa("audit", "verify", "--json").json
    assert found == {"entries": 6, "head": entries[-1]["chained"], "wrong": None}
    assert found["head"] in qa("audit", "verify").out
    assert qa("audit", "verify", "--head", entries[2]["chained"].upper()).code == 0


def test_a_log_that_was_changed_fails(qa: Qa, home: Path) -> None:
    with closing(sqlite3.connect(home / "journal.sqlite3", isolation_level=None)) as opened:
        opened.executescript("DROP TRIGGER audit_stays; UPDATE audit SET who = 'eve', after = '[';")
    told = qa("audit", "verify")
    assert told.code == 1
    assert "Entry 1 was changed" in told.err
    assert qa("audit", "verify", "--json").json["wrong"].startswith("Entry 1")
    assert qa("audit", "export").code == 1
    assert qa("audit", "verify", "--head", "00").code == 1


def test_settings_of_a_provider_go_together(qa: Qa, monkeypatch: pytest.MonkeyPatch) -> None:
    from qa.archive.parts import provider_of
    from qa.errors import SettingsError
    from qa.settings import read_settings

    assert provider_of(read_settings()) is None
    monkeypatch.setenv("QA_OIDC_ISSUER", "https://login.example")
    with pytest.raises(SettingsError, match="go together"):
        provider_of(read_settings())
    monkeypatch.setenv("QA_OIDC_CLIENT", "archive")
    monkeypatch.setenv("QA_OIDC_SECRET", "a-secret")
    assert provider_of(read_settings()) is not None
    monkeypatch.setenv("QA_OIDC_ISSUER", "http://login.example")
    with pytest.raises(SettingsError, match="https") as told:
        provider_of(read_settings())
    assert "a-secret" not in str(told.value)
