"""Accounts of the staff: signing in and out, sessions, and tokens for programs."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from qa.errors import InputError, Refused
from qa.i18n.messages import Message
from qa.models.journal import Account, ApiToken, Role, Session
from qa.review.passwords import LONGEST, Passwords, checked
from qa.store.journal.accounts import AccountStore

# A password of 12 characters that is no word of any list has more than 2**40 values: 40 tries an hour are nothing, and
# neither are the ten a second that argon2 leaves to all addresses together.
TRIES_PER_NAME = 10
"""At one name from one client, or from one device that signed in by that name before."""
# Several people may sit behind one address of a newsroom, or behind a proxy that doesn't pass on theirs.
TRIES_PER_CLIENT = 100
WINDOW = 15 * 60.0
"""Seconds for which a try counts."""

REMEMBERED = 10_000
"""Names and clients that are counted; those longest without a try are forgotten first. Below 10 MB."""

WRONG = Message(
    "The name or password is wrong, or there were too many attempts. Wait a quarter of an hour after ten of them."
)
"""The same, whatever it was: nobody learns which names there are."""

TOKEN_MARK = "qa_"
"""Begins every token, so that a leak of one is found by those who search for such."""

LONGEST_TOKEN = 100
LONGEST_NAME = 64
LONGEST_LABEL = 100


class SignInThrottle:
    """Counts tries in a sliding window. Safe between threads."""

    def __init__(self, most: int, *, window: float = WINDOW, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._window = window
        self._clock = clock
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: str) -> bool:
        """Counts a try before it is made, so that many at once are no more; False where there were too many."""
        now = self._clock()
        with self._lock:
            tries = self._tries.pop(who, deque())
            while tries and tries[0] <= now - self._window:
                tries.popleft()
            allowed = len(tries) < self._most
            if allowed:
                tries.append(now)
            self._tries[who] = tries
            while len(self._tries) > REMEMBERED:
                self._tries.popitem(last=False)
        return allowed

    def give_back(self, who: str) -> None:
        """Takes the last try off again: it was none, or it was right."""
        with self._lock:
            if tries := self._tries.get(who):
                tries.pop()

    def __len__(self) -> int:
        return len(self._tries)


Try = tuple[SignInThrottle, str]
"""Where a try was counted, and by what."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._@+-]{0,62}[a-z0-9])?")
_SECRET_BYTES = 32

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StartedSession:
    """A session that began, and the secret that names it: only its holder has it, and only its digest is kept."""

    secret: str
    session: Session


class Accounts:
    """The accounts of the staff and their sessions. `hours` is how long a session lasts.

    Failed tries are counted by the name together with the client: nobody can lock another's name. A `device` that
    signed in by that name before is counted apart from its address, which others may have used up.
    """

    def __init__(
        self,
        book: AccountStore,
        *,
        hours: float = 8,
        passwords: Passwords | None = None,
        by_pair: SignInThrottle | None = None,
        by_client: SignInThrottle | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._book = book
        self._lasts = timedelta(hours=hours)
        self._passwords = passwords or Passwords()
        self._by_pair = SignInThrottle(TRIES_PER_NAME) if by_pair is None else by_pair  # an empty one is false
        self._by_device = SignInThrottle(TRIES_PER_NAME)
        self._by_client = SignInThrottle(TRIES_PER_CLIENT) if by_client is None else by_client
        self._now = now

    def open(self) -> bool:
        """Whether there is anybody who may enter. Raises StoreError."""
        return self._book.any()

    def sign_in(self, name: str, password: str, *, client: str, device: str | None = None) -> StartedSession:
        """Begins a session. Raises Refused, in the same words whatever was wrong; StoreError."""
        name = folded_name(name)
        return self._begin(name, proof=self._proof(name, password, client=client, device=device))

    def sign_in_identified(self, *identities: str) -> StartedSession:
        """Begins a session for somebody whom the provider of OpenID Connect vouched for. Raises Refused."""
        for identity in identities:
            if account := self._book.identified(identity):
                return self._begin(account.name, proof=identity)
        raise Refused(
            Message("Your account is good, but it isn't one of this staff area. Ask whoever looks after it to add you.")
        )

    def session(self, secret: str) -> Session | None:
        """The session that a secret names, while it lasts. Raises StoreError."""
        return self._book.session(digest(secret), at=self._now())

    def sign_out(self, secret: str) -> None:
        self._book.end_session(digest(secret), at=self._now())

    def change_password(
        self, name: str, *, old: str, new: str, client: str, device: str | None = None
    ) -> StartedSession:
        """A user's own change: ends every session and begins one. Raises Refused, InputError, NotFound."""
        checked(new, name=name)
        self._proof(name, old, client=client, device=device)
        return self._begin(name, proof=self.set_password(name, new, by=name))

    def add(self, name: str, role: Role, *, password: str | None, identity: str | None, by: str) -> Account:
        """An account with a password or, without one, with an identity at the provider. Raises InputError."""
        name = folded_name(name)
        if not _NAME.fullmatch(name):
            raise InputError(
                f"A name of 1 to {LONGEST_NAME} letters a to z, digits and . _ @ + - was expected, found {name[:80]!r}."
            )
        if identity is not None and "@" in identity:
            identity = identity.lower()  # as an e-mail address is compared
        account = Account(name, role, True, self._now(), identity)
        hashed = self._passwords.hashed(password, name=name) if password is not None else ""
        self._book.add(account, password=hashed, by=by)
        return account

    def set_password(self, name: str, password: str, *, by: str) -> str:
        """Ends the user's sessions; the hash. Raises NotFound, InputError."""
        hashed = self._passwords.hashed(password, name=name)
        self._book.set_password(name, hashed, by=by, at=self._now())
        return hashed

    def set_role(self, name: str, role: Role, *, by: str) -> None:
        """Raises NotFound."""
        self._book.set_role(name, role, by=by, at=self._now())

    def unlock(self, name: str, *, by: str) -> None:
        """Forgets the failed tries at a name, here and in the process that serves the page. Raises NotFound."""
        self._book.unlock(name, by=by, at=self._now())

    def shut(self, name: str, *, by: str) -> None:
        """Raises NotFound."""
        self._book.shut(name, by=by, at=self._now())

    def add_token(self, name: str, label: str, *, by: str) -> str:
        """A new token, which nobody can see again. Raises NotFound, InputError."""
        if not 1 <= len(label) <= LONGEST_LABEL:
            raise InputError(f"A label of 1 to {LONGEST_LABEL} characters was expected, found {len(label)}.")
        secret = TOKEN_MARK + secrets.token_urlsafe(_SECRET_BYTES)
        self._book.add_token(digest(secret), ApiToken(name, label, self._now()), by=by)
        return secret

    def revoke_token(self, name: str, label: str, *, by: str) -> None:
        """Raises NotFound."""
        self._book.revoke_token(name, label, by=by, at=self._now())

    def of_token(self, secret: str) -> Account | None:
        """The account whose token it is, as long as neither is shut. Raises StoreError."""
        known = secret.startswith(TOKEN_MARK) and len(secret) <= LONGEST_TOKEN
        return self._book.of_token(digest(secret)) if known else None

    def signing_key(self) -> str:
        """The secret that the cookies of this journal are signed with, made at first and kept with it."""
        return self._book.key("cookies", made=secrets.token_hex(_SECRET_BYTES))

    def _proof(self, name: str, password: str, *, client: str, device: str | None) -> str:
        """The hash that a password was found to fit, at the same cost whether the name is known. Raises Refused."""
        if len(password) > LONGEST:
            raise Refused(WRONG)
        tries, hashed = self._counted(name, client, device), self._book.password(name)
        try:
            right = self._passwords.right(hashed, password, known=tries[0][0] is self._by_device)
        except Refused:  # too busy to look: that was no try
            _give_back(tries)
            raise
        if not right or hashed is None:
            _log.warning("a sign-in failed")
            raise Refused(WRONG)
        _give_back(tries)
        if renewed := self._passwords.renewed(hashed, password):
            self._book.hash_anew(name, hashed, renewed, at=self._now())
        return renewed or hashed

    def _counted(self, name: str, client: str, device: str | None) -> list[Try]:
        """What a try was counted by, before it is made. Raises Refused where there were too many."""
        count = self._book.unlocks(name)
        if device is not None and self._by_device.take(key := f"{name} {device} {count}"):
            return [(self._by_device, key)]
        by_client, by_pair = (self._by_client, client), (self._by_pair, f"{name} {client} {count}")
        if not self._by_client.take(client):
            raise Refused(WRONG)
        if not self._by_pair.take(by_pair[1]):
            _give_back([by_client])
            raise Refused(WRONG)
        return [by_client, by_pair]

    def _begin(self, name: str, *, proof: str) -> StartedSession:
        account, now = self._book.active(name), self._now()
        if account is not None:
            secret = secrets.token_urlsafe(_SECRET_BYTES)
            session = Session(account, secrets.token_urlsafe(_SECRET_BYTES), now + self._lasts)
            if self._book.begin_session(digest(secret), session, proof=proof, at=now):
                return StartedSession(secret, session)
        raise Refused(WRONG)


def _give_back(tries: Iterable[Try]) -> None:
    for attempts, key in tries:
        attempts.give_back(key)


def folded_name(name: str) -> str:
    """The one form of a name, however it was typed."""
    return name.strip().lower()[: LONGEST_NAME + 1]


def digest(secret: str) -> str:
    """SHA-256 is enough for what has 256 bits of chance in it: nobody can try them all."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
