"""The users of the staff area, who of them is signed in, and their tokens for programs."""

from __future__ import annotations

from datetime import datetime

from qa.errors import InputError, NotFound
from qa.models.archive import moment_text
from qa.models.journal import Account, ApiToken, AuditedAct, Role, Session
from qa.store.checksums import intact
from qa.store.database import Database
from qa.store.engine import Connection, ResultRow
from qa.store.journal.audit import note

MOST_SESSIONS = 20
"""Sessions of one user at a time: browsers that were never signed out. The one that ends first is forgotten."""

MOST_TOKENS = 50
"""Tokens of one user."""

_ACCOUNT = "a.name, a.role, a.active, a.made_at, a.identity"
_ACTIVE = f"a.active AND {intact('accounts', 'a')}"
"""Whom a damaged account would let in, and as what, isn't sure: nobody."""


class AccountStore:
    """The accounts of one journal. Of passwords, sessions and tokens only digests pass through here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def any(self) -> bool:
        """Whether somebody may enter."""
        return bool(self._database.rows("SELECT 1 FROM accounts WHERE active LIMIT 1"))

    def listed(self) -> list[Account]:
        """Every account, by name, those that were shut too."""
        return [_account(row) for row in self._database.rows(f"SELECT {_ACCOUNT} FROM accounts a ORDER BY a.name")]

    def password(self, name: str) -> str | None:
        """The hash of an active user's password; None where there is no such user or no password."""
        rows = self._database.rows(f"SELECT password FROM accounts a WHERE a.name = ? AND {_ACTIVE}", (name,))
        return rows[0]["password"] or None if rows else None

    def active(self, name: str) -> Account | None:
        rows = self._database.rows(f"SELECT {_ACCOUNT} FROM accounts a WHERE a.name = ? AND {_ACTIVE}", (name,))
        return _account(rows[0]) if rows else None

    def identified(self, identity: str) -> Account | None:
        """The active account of somebody whom the provider of OpenID Connect knows by that name."""
        rows = self._database.rows(f"SELECT {_ACCOUNT} FROM accounts a WHERE a.identity = ? AND {_ACTIVE}", (identity,))
        return _account(rows[0]) if rows else None

    def add(self, account: Account, *, password: str, by: str) -> None:
        """`password` is a hash, empty for one with an identity. Raises InputError where the name was taken before."""
        with self._database.transaction() as connection:
            existing = connection.execute(
                "SELECT name FROM accounts WHERE name = ?1 OR identity = ?2", (account.name, account.identity)
            ).fetchone()
            if existing:
                raise InputError(
                    f"There is an account {existing['name']!r} of that name or identity, or there was one: its name "
                    "stays with what it did. Choose another; `qa user list` shows them."
                )
            made_at = moment_text(account.made_at)
            connection.execute(
                "INSERT INTO accounts (name, role, password, identity, made_at) VALUES (?, ?, ?, ?, ?)",
                (account.name, account.role.value, password, account.identity, made_at),
            )
            after = {"role": account.role.value, "identity": account.identity}
            note(connection, AuditedAct(by, "add user", account.name, account.made_at, {}, after))

    def set_role(self, name: str, role: Role, *, by: str, at: datetime) -> None:
        """Gives an active user another role and ends the sessions. Raises NotFound."""
        with self._database.transaction() as connection:
            before = _held(connection, name)
            connection.execute("UPDATE accounts SET role = ?, checksum = NULL WHERE name = ?", (role.value, name))
            _end_all(connection, name)
            note(connection, AuditedAct(by, "role", name, at, {"role": before["role"]}, {"role": role.value}))

    def set_password(self, name: str, password: str, *, by: str, at: datetime) -> None:
        """Changes the hash of an active user's password and ends the sessions. Raises NotFound, InputError."""
        with self._database.transaction() as connection:
            if _held(connection, name)["identity"] is not None:
                raise InputError(f"{name} signs in by OpenID Connect and has no password here.")
            connection.execute("UPDATE accounts SET password = ?, checksum = NULL WHERE name = ?", (password, name))
            _end_all(connection, name)
            note(connection, AuditedAct(by, "password", name, at))

    def hash_anew(self, name: str, old: str, new: str, *, at: datetime) -> None:
        """Puts a hash with today's parameters in place of an older one of the same password."""
        with self._database.transaction() as connection:
            changed = connection.execute(
                "UPDATE accounts SET password = ?3 WHERE name = ?1 AND password = ?2", (name, old, new)
            ).rowcount
            if changed:
                note(connection, AuditedAct(name, "hash password anew", name, at))

    def unlock(self, name: str, *, by: str, at: datetime) -> None:
        """Begins a new count of an active user's failed tries, in every process. Raises NotFound."""
        with self._database.transaction() as connection:
            _held(connection, name)
            connection.execute(
                "INSERT INTO meta VALUES (?, '1') ON CONFLICT (key) DO UPDATE"
                " SET value = CAST(CAST(meta.value AS INTEGER) + 1 AS TEXT)",
                (_unlocks(name),),
            )
            note(connection, AuditedAct(by, "unlock", name, at))

    def unlocks(self, name: str) -> str:
        """Which count of failed tries a name is at; empty before the first `unlock`."""
        rows = self._database.rows("SELECT value FROM meta WHERE key = ?", (_unlocks(name),))
        return str(rows[0]["value"]) if rows else ""

    def shut(self, name: str, *, by: str, at: datetime) -> None:
        """Shuts an account for good, with its sessions and tokens; its name stays. Raises NotFound."""
        with self._database.transaction() as connection:
            before = _held(connection, name)
            connection.execute(
                "UPDATE accounts SET active = FALSE, password = '', identity = NULL, checksum = NULL WHERE name = ?",
                (name,),
            )
            _end_all(connection, name)
            connection.execute("DELETE FROM tokens WHERE name = ?", (name,))
            values = {"role": before["role"], "identity": before["identity"]}
            note(connection, AuditedAct(by, "remove user", name, at, values))

    def begin_session(self, digest: str, session: Session, *, proof: str, at: datetime) -> bool:
        """Notes that somebody signed in; False where the account was shut or changed meanwhile.

        `proof` is what they were let in by: the hash of their password, or their identity.
        """
        name, role = session.account.name, session.account.role.value
        with self._database.transaction() as connection:
            account = connection.execute("SELECT * FROM accounts WHERE name = ? AND active", (name,)).fetchone()
            if account is None or account["role"] != role or proof not in (account["password"], account["identity"]):
                return False
            connection.execute("DELETE FROM sessions WHERE until <= ?", (moment_text(at),))
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?)", (digest, name, session.form_key, moment_text(session.until))
            )
            connection.execute(
                "DELETE FROM sessions WHERE name = ?1 AND digest NOT IN (SELECT digest FROM sessions WHERE name = ?1"
                " ORDER BY until DESC, rowid DESC LIMIT ?2)",
                (name, MOST_SESSIONS),
            )
            note(connection, AuditedAct(name, "sign in", name, at))
        return True

    def session(self, digest: str, *, at: datetime) -> Session | None:
        """The session of a digest, while it lasts."""
        rows = self._database.rows(
            f"SELECT {_ACCOUNT}, s.form_key, s.until FROM sessions s JOIN accounts a USING (name)"
            f" WHERE s.digest = ? AND s.until > ? AND {_ACTIVE}",
            (digest, moment_text(at)),
        )
        return (
            Session(_account(rows[0]), rows[0]["form_key"], datetime.fromisoformat(rows[0]["until"])) if rows else None
        )

    def end_session(self, digest: str, *, at: datetime) -> None:
        with self._database.transaction() as connection:
            row = connection.execute("DELETE FROM sessions WHERE digest = ? RETURNING name", (digest,)).fetchone()
            if row:
                note(connection, AuditedAct(row["name"], "sign out", row["name"], at))

    def add_token(self, digest: str, token: ApiToken, *, by: str) -> None:
        """Raises NotFound, and InputError where the user has one of that label, or too many."""
        with self._database.transaction() as connection:
            _held(connection, token.name)
            labels = [
                row["label"]
                for row in connection.execute("SELECT label FROM tokens WHERE name = ?", (token.name,)).fetchall()
            ]
            if token.label in labels or len(labels) >= MOST_TOKENS:
                raise InputError(
                    f"{token.name} has a token {token.label!r} already, or {MOST_TOKENS} of them. "
                    "Choose another label, or revoke one by `qa token revoke`."
                )
            connection.execute(
                "INSERT INTO tokens VALUES (?, ?, ?, ?)", (digest, token.name, token.label, moment_text(token.made_at))
            )
            note(connection, AuditedAct(by, "add token", token.name, token.made_at, {}, {"label": token.label}))

    def tokens(self) -> list[ApiToken]:
        """Every token that lets a program in, by user and label."""
        rows = self._database.rows("SELECT name, label, made_at FROM tokens ORDER BY name, label")
        return [ApiToken(row["name"], row["label"], datetime.fromisoformat(row["made_at"])) for row in rows]

    def revoke_token(self, name: str, label: str, *, by: str, at: datetime) -> None:
        """Raises NotFound."""
        with self._database.transaction() as connection:
            gone = connection.execute("DELETE FROM tokens WHERE name = ? AND label = ?", (name, label)).rowcount
            if not gone:
                raise NotFound(f"{name!r} has no token {label!r}. `qa token list` shows them.")
            note(connection, AuditedAct(by, "revoke token", name, at, {"label": label}))

    def of_token(self, digest: str) -> Account | None:
        """The active account that a token belongs to."""
        rows = self._database.rows(
            f"SELECT {_ACCOUNT} FROM tokens t JOIN accounts a USING (name) WHERE t.digest = ? AND {_ACTIVE}", (digest,)
        )
        return _account(rows[0]) if rows else None

    def key(self, purpose: str, *, made: str) -> str:
        """The secret that signs for a purpose: what was `made` when it was first asked for."""
        with self._database.transaction() as connection:
            connection.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING", (f"key {purpose}", made))
            (value,) = connection.execute("SELECT value FROM meta WHERE key = ?", (f"key {purpose}",)).fetchone()
        return str(value)


def _held(connection: Connection, name: str) -> ResultRow:
    row: ResultRow | None = connection.execute("SELECT * FROM accounts WHERE name = ? AND active", (name,)).fetchone()
    if row is None:
        raise NotFound(f"There is no user {name!r} of the staff area. `qa user list` shows them.")
    return row


def _unlocks(name: str) -> str:
    return f"unlocks {name}"


def _end_all(connection: Connection, name: str) -> None:
    connection.execute("DELETE FROM sessions WHERE name = ?", (name,))


def _account(row: ResultRow) -> Account:
    return Account(
        row["name"], Role(row["role"]), bool(row["active"]), datetime.fromisoformat(row["made_at"]), row["identity"]
    )
