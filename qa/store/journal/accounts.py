"""The users of the staff area, who of them is signed in, and their tokens for programs."""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from qa.errors import InputError, NotFound
from qa.models.archive import moment_text
from qa.models.journal import Account, ApiToken, AuditedAct, Role, Session
from qa.store.books import intact
from qa.store.engine import Connection, Engine, ResultRow, inserting
from qa.store.entries import value_of
from qa.store.journal.audit import note
from qa.store.sqlite_file import Database

MOST_SESSIONS = 20  # of one user at a time: browsers that were never signed out; the one that ends first is forgotten
MOST_TOKENS = 50  # of one user
LONGEST_LABEL = 100
TOKEN_MARK = "qa_"  # begins every token, so that a leak of one is found by those who search for such

_ACCOUNT = "a.name, a.role, a.active, a.made_at, a.identity"
_SELECTED = f"SELECT {_ACCOUNT} FROM accounts a"
# Whom a damaged account would let in, and as what, isn't sure: nobody.
_ACTIVE = f"a.active AND {intact('accounts', 'a')}"


def digest(secret: str) -> str:
    """SHA-256 is enough for what has 256 bits of chance in it: nobody can try them all."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class AccountStore(Database):
    """The accounts of one journal. Of passwords, sessions and tokens only digests are kept."""

    def __init__(self, database: Engine, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(database)
        self._now = now

    def open(self) -> bool:
        """Whether there is anybody who may enter. Raises StoreError."""
        return bool(self.rows("SELECT 1 FROM accounts WHERE active LIMIT 1"))

    def listed(self) -> list[Account]:
        """Every account, by name, those that were shut too."""
        return [value_of(Account, row) for row in self.rows(f"{_SELECTED} ORDER BY a.name")]

    def active(self, name: str) -> Account | None:
        return self._account("a.name = ?", name)

    def identified(self, identity: str) -> Account | None:
        """The active account of somebody whom the provider of OpenID Connect knows by that name."""
        return self._account("a.identity = ?", identity)

    def of_token(self, secret: str) -> Account | None:
        """The account whose token it is, as long as neither is shut. Raises StoreError."""
        return self._account("a.name = (SELECT name FROM tokens WHERE digest = ?)", digest(secret))

    def hash_of(self, name: str) -> str | None:
        """The hash of an active user's password; None where there is no such user or no password."""
        rows = self.rows(f"SELECT password FROM accounts a WHERE a.name = ? AND {_ACTIVE}", (name,))
        return rows[0]["password"] or None if rows else None

    def add_account(self, account: Account, *, hashed: str, by: str) -> None:
        """`hashed` is empty for one with an identity. Raises InputError where the name was taken before."""
        with self.transaction() as connection:
            same = "SELECT name FROM accounts WHERE name = ? OR identity = ?"
            if existing := connection.execute(same, (account.name, account.identity)).fetchone():
                raise InputError(
                    f"There is an account {existing['name']!r} of that name or identity, or there was one: its name "
                    "stays with what it did. Choose another; `qa user list` shows them."
                )
            values = (account.name, account.role.value, hashed, account.identity, moment_text(account.made_at))
            connection.execute(inserting("accounts", "name, role, password, identity, made_at"), values)
            after = {"role": account.role.value, "identity": account.identity}
            note(connection, AuditedAct(by, "add user", account.name, account.made_at, {}, after))

    def set_role(self, name: str, role: Role, *, by: str) -> None:
        """Gives an active user another role and ends the sessions. Raises NotFound."""
        with self._changed("role", name, by=by, before=["role"], role=role.value) as (connection, _):
            _change(connection, name, "role = ?", role.value)

    def set_hash(self, name: str, hashed: str, *, by: str) -> None:
        """Changes the hash of an active user's password and ends the sessions. Raises NotFound, InputError."""
        with self._changed("password", name, by=by) as (connection, account):
            if account["identity"] is not None:
                raise InputError(f"{name} signs in by OpenID Connect and has no password here.")
            _change(connection, name, "password = ?", hashed)

    def shut(self, name: str, *, by: str) -> None:
        """Shuts an account for good, with its sessions and tokens; its name stays. Raises NotFound."""
        with self._changed("remove user", name, by=by, before=["role", "identity"]) as (connection, _):
            _change(connection, name, "active = FALSE, password = '', identity = NULL")
            connection.execute("DELETE FROM tokens WHERE name = ?", (name,))

    def unlock(self, name: str, *, by: str) -> None:
        """Begins a new count of an active user's failed tries, in every process. Raises NotFound."""
        with self._changed("unlock", name, by=by) as (connection, _):
            counted = "ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(meta.value AS INTEGER) + 1 AS TEXT)"
            connection.execute(f"INSERT INTO meta VALUES (?, '1') {counted}", (f"unlocks {name}",))

    def unlocks(self, name: str) -> str:
        """Which count of failed tries a name is at; empty before the first `unlock`."""
        return self.meta(f"unlocks {name}") or ""

    def begin_session(self, secret: str, session: Session, *, proof: str) -> bool:
        """False where the account was shut or changed since it was let in by `proof`, its hash or identity."""
        name, role, now = session.account.name, session.account.role.value, self._now()
        with self.transaction() as connection:
            account = connection.execute("SELECT * FROM accounts WHERE name = ? AND active", (name,)).fetchone()
            if account is None or account["role"] != role or proof not in (account["password"], account["identity"]):
                return False
            connection.execute("DELETE FROM sessions WHERE until <= ?", (moment_text(now),))
            values = (digest(secret), name, session.form_key, moment_text(session.until))
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", values)
            last = "SELECT digest FROM sessions WHERE name = ?1 ORDER BY until DESC, rowid DESC LIMIT ?2"
            connection.execute(
                f"DELETE FROM sessions WHERE name = ?1 AND digest NOT IN ({last})", (name, MOST_SESSIONS)
            )
            note(connection, AuditedAct(name, "sign in", name, now))
        return True

    def session(self, secret: str) -> Session | None:
        """The session that a secret names, while it lasts. Raises StoreError."""
        joined = f"SELECT {_ACCOUNT}, s.form_key, s.until FROM sessions s JOIN accounts a USING (name)"
        lasting = f"{joined} WHERE s.digest = ? AND s.until > ? AND {_ACTIVE}"
        rows = self.rows(lasting, (digest(secret), moment_text(self._now())))
        return value_of(Session, rows[0], account=value_of(Account, rows[0])) if rows else None

    def sign_out(self, secret: str) -> None:
        with self.transaction() as connection:
            gone = "DELETE FROM sessions WHERE digest = ? RETURNING name"
            if row := connection.execute(gone, (digest(secret),)).fetchone():
                note(connection, AuditedAct(row["name"], "sign out", row["name"], self._now()))

    def add_token(self, name: str, label: str, *, by: str) -> str:
        """A new token, which nobody can see again. Raises NotFound, and InputError where the user has too many."""
        if not 1 <= len(label) <= LONGEST_LABEL:
            raise InputError(f"A label of 1 to {LONGEST_LABEL} characters was expected, found {len(label)}.")
        secret = TOKEN_MARK + secrets.token_urlsafe(32)
        values = (digest(secret), name, label, moment_text(self._now()))
        with self._changed("add token", name, by=by, label=label) as (connection, _):
            rows = connection.execute("SELECT label FROM tokens WHERE name = ?", (name,)).fetchall()
            if label in [row["label"] for row in rows] or len(rows) >= MOST_TOKENS:
                raise InputError(
                    f"{name} has a token {label!r} already, or {MOST_TOKENS} of them. "
                    "Choose another label, or revoke one by `qa token revoke`."
                )
            connection.execute("INSERT INTO tokens VALUES (?, ?, ?, ?)", values)
        return secret

    def tokens(self) -> list[ApiToken]:
        """Every token that lets a program in, by user and label."""
        return [value_of(ApiToken, row) for row in self.rows("SELECT * FROM tokens ORDER BY name, label")]

    def revoke_token(self, name: str, label: str, *, by: str) -> None:
        """Raises NotFound."""
        with self.transaction() as connection:
            if not connection.execute("DELETE FROM tokens WHERE name = ? AND label = ?", (name, label)).rowcount:
                raise NotFound(f"{name!r} has no token {label!r}. `qa token list` shows them.")
            note(connection, AuditedAct(by, "revoke token", name, self._now(), {"label": label}))

    def signing_key(self) -> str:
        """The secret that the cookies of this journal are signed with, made at first and kept with it."""
        self.write("INSERT INTO meta VALUES ('key cookies', ?) ON CONFLICT DO NOTHING", [(secrets.token_hex(32),)])
        return str(self.meta("key cookies"))

    def _account(self, condition: str, value: str) -> Account | None:
        rows = self.rows(f"{_SELECTED} WHERE {condition} AND {_ACTIVE}", (value,))
        return value_of(Account, rows[0]) if rows else None

    @contextmanager
    def _changed(
        self, what: str, name: str, *, by: str, before: Sequence[str] = (), **after: object
    ) -> Iterator[tuple[Connection, ResultRow]]:
        """The transaction and the row of an active user; the log tells of both sides. Raises NotFound."""
        with self.transaction() as connection:
            row = connection.execute("SELECT * FROM accounts WHERE name = ? AND active", (name,)).fetchone()
            if row is None:
                raise NotFound(f"There is no user {name!r} of the staff area. `qa user list` shows them.")
            yield connection, row
            was = {column: row[column] for column in before}
            note(connection, AuditedAct(by, what, name, self._now(), was, after))


def _change(connection: Connection, name: str, values: str, *bound: str) -> None:
    """Changes an account, which is good from then on, and ends its sessions."""
    connection.execute(f"UPDATE accounts SET {values}, checksum = NULL WHERE name = ?", (*bound, name))
    connection.execute("DELETE FROM sessions WHERE name = ?", (name,))
