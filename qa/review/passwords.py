"""Passwords: which may be chosen, how they are kept, and a check that costs the same for whom nobody knows."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qa.errors import InputError, Refused
from qa.i18n.locale import N_
from qa.i18n.messages import Message

SHORTEST = 12
LONGEST = 200

# RFC 9106, section 4, the second choice, for machines where 2 GiB a hash is too much: argon2id with 3 passes over
# 64 MiB in 4 lanes. It takes 0.2 s on two slow cores.
PASSES = 3
MEMORY_KIB = 65_536
LANES = 4

# Two at a time bound the memory to 128 MiB, whoever knocks, and one more is kept for devices that are known: strangers
# can't take its place. A few wait, and go away when they wait too long; each of them holds a thread of the server.
AT_ONCE = 2
KNOWN_AT_ONCE = 1
WAITING = 8
PATIENCE = 5.0

BUSY = Message("Too many people are signing in just now. Try again in a minute.")


class Passwords:
    """Makes and checks the hashes of passwords."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._nobody: str | None = None
        self._strangers = HashingSlots(AT_ONCE)
        self._known = HashingSlots(KNOWN_AT_ONCE)

    def hashed(self, password: str, *, name: str) -> str:
        """The hash of a new password. Raises InputError where it may not be chosen."""
        checked(password, name=name)
        return self._hasher.hash(_bytes(password))

    def right(self, hashed: str | None, password: str, *, known: bool = False) -> bool:
        """Whether a password is the one of a hash; as much work where there is none. Raises Refused when too busy.

        `known` takes the place that is kept for devices which signed in before.
        """
        with (self._known if known else self._strangers).one():
            if self._nobody is None:  # made by whoever comes first, known or not
                self._nobody = self._hasher.hash(secrets.token_bytes(32))
            try:
                return self._hasher.verify(hashed or self._nobody, _bytes(password)) and hashed is not None
            except (VerificationError, InvalidHashError):
                return False


class HashingSlots:
    """Room for so many at once, and for a few who wait for it. Safe between threads."""

    def __init__(self, at_once: int) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._inside = threading.BoundedSemaphore(at_once + WAITING)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Raises Refused where too many wait already, or the wait is too long."""
        if not self._inside.acquire(blocking=False):
            raise Refused(BUSY)
        try:
            if not self._free.acquire(timeout=PATIENCE):
                raise Refused(BUSY)
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._inside.release()


def checked(password: str, *, name: str) -> None:
    """Raises InputError where a password may not be chosen."""
    length = len(unicodedata.normalize("NFKC", password))
    if not SHORTEST <= length <= LONGEST:
        expected = N_(
            "A password of {shortest} to {longest} characters was expected, found {number}. Four words that don't "
            "belong together make a good one."
        )
        raise InputError(Message(expected, shortest=SHORTEST, longest=LONGEST, number=length))
    if not password.casefold().replace(name.casefold(), "").strip():
        raise InputError(Message("The password is the user's own name. Choose one that nobody guesses."))
    if len(set(password)) < 4:
        raise InputError(Message("The password repeats the same few characters. Choose one that nobody guesses."))


def _bytes(password: str) -> bytes:
    """The same however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
