"""The book of accounts: every change is in the audit log, and what ends ends at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from qa.errors import InputError, NotFound
from qa.models.journal import Account, ApiToken, Role, Session
from qa.store.journal.accounts import MOST_SESSIONS, MOST_TOKENS, AccountStore
from qa.store.journal.opening import Journal

from .conftest import NOW

LATER = NOW + timedelta(hours=1)


def added(journal: Journal, name: str = "ada", *, role: Role = Role.CHECKER, identity: str | None = None) -> Account:
    account = Account(name, role, True, NOW, identity)
    journal.accounts.add(account, password="" if identity else f"hash of {name}", by="root")
    return account


def begun(journal: Journal, account: Account, digest: str = "d", *, proof: str | None = None) -> bool:
    session = Session(account, "key", LATER)
    return journal.accounts.begin_session(digest, session, proof=proof or f"hash of {account.name}", at=NOW)


def last(journal: Journal) -> tuple[str, str, str]:
    (entry,) = journal.audit.newest(limit=1)
    return entry.act.by, entry.act.what, entry.act.subject


def test_an_account_is_kept_and_its_name_never_given_again(journal: Journal) -> None:
    assert not journal.accounts.any()
    ada = added(journal)
    assert journal.accounts.listed() == [ada]
    assert last(journal) == ("root", "add user", "ada")
    journal.accounts.shut("ada", by="root", at=NOW)
    assert last(journal) == ("root", "remove user", "ada")
    assert not journal.accounts.any()
    assert [one.active for one in journal.accounts.listed()] == [False]
    with pytest.raises(InputError, match="there was one"):
        added(journal)


def test_an_identity_belongs_to_one_account_until_that_is_shut(journal: Journal) -> None:
    ada = added(journal, identity="ada@example.org")
    assert journal.accounts.identified("ada@example.org") == ada
    assert journal.accounts.password("ada") is None
    with pytest.raises(InputError, match="'ada'"):
        added(journal, "eve", identity="ada@example.org")
    with pytest.raises(InputError, match="has no password here"):
        journal.accounts.set_password("ada", "hash", by="root", at=NOW)
    journal.accounts.shut("ada", by="root", at=NOW)
    assert journal.accounts.identified("ada@example.org") is None
    added(journal, "eve", identity="ada@example.org")


ENDINGS: dict[str, Callable[[AccountStore], None]] = {
    "role": lambda book: book.set_role("ada", Role.READER, by="root", at=NOW),
    "password": lambda book: book.set_password("ada", "another", by="root", at=NOW),
    "remove user": lambda book: book.shut("ada", by="root", at=NOW),
    "sign out": lambda book: book.end_session("d", at=NOW),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_what_ends_a_session(journal: Journal, what: str) -> None:
    account = added(journal)
    assert begun(journal, account)
    assert journal.accounts.session("d", at=NOW) == Session(account, "key", LATER)
    ENDINGS[what](journal.accounts)
    assert last(journal)[1] == what
    assert journal.accounts.session("d", at=NOW) is None


def test_a_session_ends_at_its_time(journal: Journal) -> None:
    begun(journal, added(journal))
    assert journal.accounts.session("d", at=LATER - timedelta(seconds=1)) is not None
    assert journal.accounts.session("d", at=LATER) is None


def test_no_session_begins_on_what_changed_meanwhile(journal: Journal) -> None:
    account = added(journal)
    assert not begun(journal, account, proof="an older hash")
    assert not begun(journal, Account("ada", Role.ADMIN, True, NOW))
    journal.accounts.shut("ada", by="root", at=NOW)
    assert not begun(journal, account)
    assert not journal.accounts.begin_session("d", Session(account, "key", LATER), proof="", at=NOW)


def test_sessions_and_tokens_are_bounded(journal: Journal) -> None:
    account = added(journal)
    for number in range(MOST_SESSIONS + 5):
        begun(journal, account, str(number))
    held = [journal.accounts.session(str(number), at=NOW) is not None for number in range(MOST_SESSIONS + 5)]
    assert held == [False] * 5 + [True] * MOST_SESSIONS
    for number in range(MOST_TOKENS):
        journal.accounts.add_token(str(number), ApiToken("ada", str(number), NOW), by="root")
    with pytest.raises(InputError, match="revoke one"):
        journal.accounts.add_token("more", ApiToken("ada", "more", NOW), by="root")


def test_a_token_carries_the_role_that_its_account_has_now(journal: Journal) -> None:
    added(journal)
    journal.accounts.add_token("d", ApiToken("ada", "bot", NOW), by="root")
    assert last(journal) == ("root", "add token", "ada")
    journal.accounts.set_role("ada", Role.EDITOR, by="root", at=NOW)
    held = journal.accounts.of_token("d")
    assert held is not None
    assert held.role is Role.EDITOR
    with pytest.raises(InputError, match="already"):
        journal.accounts.add_token("e", ApiToken("ada", "bot", NOW), by="root")


def test_a_token_ends_when_it_is_revoked_or_its_account_shut(journal: Journal) -> None:
    added(journal)
    for label in ("one", "two"):
        journal.accounts.add_token(label, ApiToken("ada", label, NOW), by="root")
    journal.accounts.revoke_token("ada", "one", by="root", at=NOW)
    assert last(journal) == ("root", "revoke token", "ada")
    assert journal.accounts.of_token("one") is None
    journal.accounts.shut("ada", by="root", at=NOW)
    assert journal.accounts.of_token("two") is None
    assert journal.accounts.tokens() == []
    with pytest.raises(NotFound):
        journal.accounts.revoke_token("ada", "two", by="root", at=NOW)


def test_nothing_is_logged_of_what_did_not_happen(journal: Journal) -> None:
    for act in (ENDINGS["role"], ENDINGS["password"], ENDINGS["remove user"]):
        with pytest.raises(NotFound, match="no user 'ada'"):
            act(journal.accounts)
    journal.accounts.end_session("none", at=NOW)
    journal.accounts.hash_anew("ada", "old", "new", at=NOW)
    assert journal.audit.count() == 0


def test_no_hash_of_a_password_stands_in_the_log(journal: Journal) -> None:
    added(journal)
    journal.accounts.set_password("ada", "another hash", by="ada", at=NOW)
    journal.accounts.hash_anew("ada", "another hash", "third hash", at=NOW)
    assert journal.accounts.password("ada") == "third hash"
    assert "hash" not in "".join(f"{one.act.before}{one.act.after}" for one in journal.audit.entries())


def test_the_key_is_made_once(journal: Journal) -> None:
    assert journal.accounts.key("cookies", made="first") == "first"
    assert journal.accounts.key("cookies", made="second") == "first"
    assert journal.accounts.key("else", made="second") == "second"
