"""Who works at the desk, what each may do, and the record of what was done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from qa.models.archive import moment_text


class Role(StrEnum):
    """What a user of the desk may do; each may do what those before it may."""

    READER = "reader"  # sees the queue
    CHECKER = "checker"  # judges and approves
    EDITOR = "editor"  # edits, withholds, and works on articles
    ADMIN = "admin"  # sees the audit log

    def covers(self, other: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the desk. `active` is false once it was shut; its name stays with what it did.

    `identity` is who the provider of OpenID Connect says it is; one that has none signs in by a password.
    """

    name: str
    role: Role
    active: bool
    made_at: datetime
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in, until a moment. `form_key` proves that a form came from a page of this session."""

    account: Account
    form_key: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A program's way in, with the role that its account has; the token itself is shown once and not kept."""

    name: str
    label: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a member of the staff did: `subject` is what it was done to, before and after it."""

    by: str
    what: str
    subject: str
    at: datetime
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An act in the audit log. `chained` is the digest of the entry and of all before it."""

    number: int
    act: Act
    chained: str

    def follows(self, previous: str) -> bool:
        """Whether it is as it was written, right after the entry of that digest."""
        return self.chained == chain(previous, self.number, self.act)


BEGINNING = "0" * 64
"""The digest before the first entry."""


def chain(previous: str, number: int, act: Act) -> str:
    """SHA-256 over the digest of the entry before and everything in this one."""
    told = [number, act.by, act.what, act.subject, moment_text(act.at), dict(act.before), dict(act.after)]
    text = json.dumps([previous, told], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
