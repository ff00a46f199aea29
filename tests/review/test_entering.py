"""Passwords, tries and tokens, apart from any page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher, extract_parameters

from qa.errors import InputError, Refused
from qa.models.journal import Role
from qa.review.accounts import (
    LANES,
    MEMORY_KIB,
    PASSES,
    REMEMBERED,
    WINDOW,
    WRONG,
    Accounts,
    Passwords,
    SignInThrottle,
    check_password,
)
from qa.store.journal.opening import Journal, opened_journal

PASSWORD = "correct horse battery"


def cheap() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with opened_journal(tmp_path) as opened:
        yield opened


@pytest.fixture
def accounts(journal: Journal) -> Accounts:
    made = Accounts(journal.database, passwords=cheap())
    made.add("ada", Role.EDITOR, password=PASSWORD, identity=None, by="test")
    return made


@pytest.mark.parametrize("password", ["eleven char", "x" * 201, "abababababab", "  Ada-Ada-Ada@X.org"])
def test_a_password_that_is_easily_guessed_may_not_be_chosen(password: str) -> None:
    with pytest.raises(InputError):
        check_password(password, name="ada-ada-ada@x.org")


@pytest.mark.parametrize("password", ["twelve chars", "x1y2z3" * 33, "пароль из слов", "🐴🔋📎🪜" * 3])
def test_any_other_may(password: str) -> None:
    passwords = cheap()
    kept = passwords.hashed(password, name="ada")
    assert password not in kept
    assert passwords.right(kept, password)
    assert not passwords.right(kept, password + "x")
    assert passwords.hashed(password, name="ada") != kept


def test_a_letter_is_the_same_however_it_is_composed() -> None:
    passwords = cheap()
    assert passwords.right(passwords.hashed("contraseña larga", name="ada"), "contrasen\u0303a larga")


def test_the_parameters_are_those_of_the_standard() -> None:
    kept = Passwords().hashed(PASSWORD, name="x")
    found = extract_parameters(kept)
    assert kept.startswith("$argon2id$")
    assert (found.time_cost, found.memory_cost, found.parallelism) == (PASSES, MEMORY_KIB, LANES) == (3, 65_536, 4)


def test_a_damaged_hash_lets_nobody_in(accounts: Accounts) -> None:
    accounts.set_hash("ada", "$argon2id$nonsense", by="test")
    with pytest.raises(Refused, match="wrong"):
        accounts.sign_in("ada", PASSWORD, client="c")


def test_too_many_at_once_wait_and_go_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.review.accounts.PATIENCE", 0.05)
    begun, release = threading.Barrier(3), threading.Event()

    class Slow(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            begun.wait(10)
            return release.wait(10)

    passwords = Passwords(Slow(time_cost=1, memory_cost=8, parallelism=1))
    threads = [threading.Thread(target=passwords.right, args=("hash", "password")) for _ in range(2)]
    for thread in threads:
        thread.start()
    begun.wait(10)
    with pytest.raises(Refused, match="Try again in a minute"):
        passwords.right("hash", "password")
    release.set()
    for thread in threads:
        thread.join(10)


@pytest.mark.parametrize("name", ["", "a b", "-a", "a-", "é", "a" * 65, "<b>"])
def test_a_name_is_plain(accounts: Accounts, name: str) -> None:
    with pytest.raises(InputError, match="A name of 1 to 64"):
        accounts.add(name, Role.READER, password=PASSWORD, identity=None, by="test")


def test_a_session_is_256_bits_of_chance(accounts: Accounts) -> None:
    secrets = {accounts.sign_in("ada", PASSWORD, client="c")[0] for _ in range(5)}
    assert len(secrets) == 5
    assert {len(one) for one in secrets} == {43}


def test_an_identity_that_nobody_added_is_refused(accounts: Accounts) -> None:
    accounts.add("bob", Role.READER, password=None, identity="Bob@Example.org", by="test")
    assert accounts.sign_in_identified("sub-1", "bob@example.org")[1].account.name == "bob"
    with pytest.raises(Refused, match="isn't one of this staff area"):
        accounts.sign_in_identified("sub-2", "eve@example.org", "")
    with pytest.raises(Refused, match=r"wrong"):
        accounts.sign_in("bob", "", client="c")


def test_a_token_is_known_by_all_of_it(accounts: Accounts) -> None:
    secret = accounts.add_token("ada", "bot", by="test")
    assert secret.startswith("qa_")
    held = accounts.of_token(secret)
    assert held is not None
    assert (held.name, held.role) == ("ada", Role.EDITOR)
    for other in ("", "qa_", secret[:-1], secret + "x", secret.upper(), "qa_" + "x" * 10_000):
        assert accounts.of_token(other) is None


def test_tries_count_in_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("qa.review.accounts.time", SimpleNamespace(monotonic=lambda: now[0]))
    attempts = SignInThrottle()
    twice = {("a",): 2}
    assert [attempts.take(twice) for _ in range(3)] == [True, True, False]
    assert attempts.take({("b",): 2})
    now[0] = WINDOW - 0.1
    assert not attempts.take(twice)
    now[0] = WINDOW
    assert attempts.take(twice)
    attempts.give_back(twice)
    assert attempts.take(twice)


def test_a_try_counts_by_all_that_it_is_counted_by_or_by_none() -> None:
    attempts = SignInThrottle()
    assert attempts.take({("a",): 1})
    assert not attempts.take({("b",): 1, ("a",): 1})
    assert attempts.take({("b",): 1})


def test_what_is_remembered_of_tries_is_bounded() -> None:
    attempts = SignInThrottle()
    for number in range(REMEMBERED + 1):
        attempts.take({(str(number),): 1})
    assert [attempts.take({(who,): 1}) for who in ("0", "2")] == [True, False], (
        "the one longest without a try is forgotten"
    )


def test_what_is_no_try_pushes_none_out() -> None:
    attempts, mine, theirs = SignInThrottle(), {("mine",): 1}, {("theirs",): 1}
    assert attempts.take(mine)
    assert attempts.take(theirs)
    for number in range(REMEMBERED):
        assert not attempts.take({**theirs, (str(number),): 1})  # refused
        busy = {(f"busy {number}",): 1}
        assert attempts.take(busy)
        attempts.give_back(busy)
    assert not attempts.take(mine)


def test_many_tries_at_the_same_time_are_no_more(accounts: Accounts) -> None:
    told: list[str] = []

    def guess() -> None:
        try:
            accounts.sign_in("ada", "a wrong password", client="c")
        except Refused as error:
            told.append(str(error))

    threads = [threading.Thread(target=guess) for _ in range(25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert told == [WRONG] * 25
    with pytest.raises(Refused):
        accounts.sign_in("ada", PASSWORD, client="c")


def test_a_user_changes_the_own_password_with_the_old_one(accounts: Accounts) -> None:
    before, _ = accounts.sign_in("ada", PASSWORD, client="c")
    with pytest.raises(Refused):
        accounts.change_password("ada", old="wrong", new="a new and longer one", client="c", device=None)
    assert accounts.session(before) is not None
    after, session = accounts.change_password("ada", old=PASSWORD, new="a new and longer one", client="c", device=None)
    assert accounts.session(before) is None
    assert accounts.session(after) is not None
    assert session.until - datetime.now(UTC) <= timedelta(hours=8)
