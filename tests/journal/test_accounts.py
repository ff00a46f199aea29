"""The book of accounts: every change is in the audit log, and what ends ends at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from qa.errors import InputError, NotFound
from qa.models.journal import Account, Role, Session
from qa.store.journal.accounts import MOST_SESSIONS, MOST_TOKENS, AccountStore
from qa.store.journal.opening import Journal

from .conftest import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def book(journal: Journal) -> AccountStore:
    return AccountStore(journal.database, now=lambda: NOW)


def added(book: AccountStore, name: str = "ada", *, role: Role = Role.CHECKER, identity: str | None = None) -> Account:
    account = Account(name, role, True, NOW, identity)
    book.add_account(account, hashed="" if identity else f"hash of {name}", by="root")
    return account


def begun(book: AccountStore, account: Account, secret: str = "s", *, proof: str | None = None) -> bool:
    return book.begin_session(secret, Session(account, "key", LATER), proof=proof or f"hash of {account.name}")


def last(journal: Journal) -> tuple[str, str, str]:
    (entry,) = journal.audit.newest(limit=1)
    return entry.act.by, entry.act.what, entry.act.subject


def test_an_account_is_kept_and_its_name_never_given_again(journal: Journal, book: AccountStore) -> None:
    assert not book.open()
    ada = added(book)
    assert book.listed() == [ada]
    assert last(journal) == ("root", "add user", "ada")
    book.shut("ada", by="root")
    assert last(journal) == ("root", "remove user", "ada")
    assert not book.open()
    assert [one.active for one in book.listed()] == [False]
    with pytest.raises(InputError, match="there was one"):
        added(book)


def test_an_identity_belongs_to_one_account_until_that_is_shut(book: AccountStore) -> None:
    ada = added(book, identity="ada@example.org")
    assert book.identified("ada@example.org") == ada
    assert book.hash_of("ada") is None
    with pytest.raises(InputError, match="'ada'"):
        added(book, "eve", identity="ada@example.org")
    with pytest.raises(InputError, match="has no password here"):
        book.set_hash("ada", "hash", by="root")
    book.shut("ada", by="root")
    assert book.identified("ada@example.org") is None
    added(book, "eve", identity="ada@example.org")


ENDINGS: dict[str, Callable[[AccountStore], None]] = {
    "role": lambda book: book.set_role("ada", Role.READER, by="root"),
    "password": lambda book: book.set_hash("ada", "another", by="root"),
    "remove user": lambda book: book.shut("ada", by="root"),
    "sign out": lambda book: book.sign_out("s"),
}


def test_what_ends_a_session(journal: Journal, book: AccountStore) -> None:
    added(book)
    for what in ("role", "password", "sign out", "remove user"):
        account, proof = book.active("ada"), book.hash_of("ada")
        assert account is not None
        assert begun(book, account, proof=proof)
        assert book.session("s") == Session(account, "key", LATER)
        ENDINGS[what](book)
        assert last(journal)[1] == what
        assert book.session("s") is None


def test_a_session_ends_at_its_time(journal: Journal, book: AccountStore) -> None:
    begun(book, added(book))
    assert AccountStore(journal.database, now=lambda: LATER - timedelta(seconds=1)).session("s") is not None
    assert AccountStore(journal.database, now=lambda: LATER).session("s") is None


def test_no_session_begins_on_what_changed_meanwhile(book: AccountStore) -> None:
    account = added(book)
    assert not begun(book, account, proof="an older hash")
    assert not begun(book, Account("ada", Role.ADMIN, True, NOW))
    book.shut("ada", by="root")
    assert not begun(book, account)
    assert not book.begin_session("s", Session(account, "key", LATER), proof="")


def test_sessions_and_tokens_are_bounded(book: AccountStore) -> None:
    account = added(book)
    for number in range(MOST_SESSIONS + 5):
        begun(book, account, str(number))
    held = [book.session(str(number)) is not None for number in range(MOST_SESSIONS + 5)]
    assert held == [False] * 5 + [True] * MOST_SESSIONS
    for number in range(MOST_TOKENS):
        book.add_token("ada", str(number), by="root")
    with pytest.raises(InputError, match="revoke one"):
        book.add_token("ada", "more", by="root")


def test_a_token_carries_the_role_that_its_account_has_now(journal: Journal, book: AccountStore) -> None:
    added(book)
    token = book.add_token("ada", "bot", by="root")
    assert last(journal) == ("root", "add token", "ada")
    book.set_role("ada", Role.EDITOR, by="root")
    held = book.of_token(token)
    assert held is not None
    assert held.role is Role.EDITOR
    with pytest.raises(InputError, match="already"):
        book.add_token("ada", "bot", by="root")


def test_a_token_ends_when_it_is_revoked_or_its_account_shut(journal: Journal, book: AccountStore) -> None:
    added(book)
    one, two = (book.add_token("ada", label, by="root") for label in ("one", "two"))
    book.revoke_token("ada", "one", by="root")
    assert last(journal) == ("root", "revoke token", "ada")
    assert book.of_token(one) is None
    book.shut("ada", by="root")
    assert book.of_token(two) is None
    assert book.tokens() == []
    with pytest.raises(NotFound):
        book.revoke_token("ada", "two", by="root")


def test_nothing_is_logged_of_what_did_not_happen(journal: Journal, book: AccountStore) -> None:
    for act in (ENDINGS["role"], ENDINGS["password"], ENDINGS["remove user"]):
        with pytest.raises(NotFound, match="no user 'ada'"):
            act(book)
    book.sign_out("none")
    assert journal.audit.count() == 0


def test_no_hash_of_a_password_stands_in_the_log(journal: Journal, book: AccountStore) -> None:
    added(book)
    book.set_hash("ada", "another hash", by="ada")
    assert book.hash_of("ada") == "another hash"
    assert "hash" not in "".join(f"{one.act.before}{one.act.after}" for one in journal.audit.entries())


def test_the_key_is_made_once(journal: Journal, book: AccountStore) -> None:
    assert book.signing_key() == AccountStore(journal.database).signing_key()
