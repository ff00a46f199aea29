"""Accounts of the staff: passwords, how they are kept and checked, and how often somebody may try to sign in."""

import logging
import re
import secrets
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from threading import BoundedSemaphore, Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qa.errors import InputError, Refused
from qa.i18n.forms import Message
from qa.i18n.locale import N_
from qa.models.journal import Account, Role, Session
from qa.store.engine import Engine
from qa.store.journal.accounts import AccountStore

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
# RFC 9106, section 4, the second choice, for machines where 2 GiB a hash is too much: argon2id with 3 passes over
# 64 MiB in 4 lanes. It takes 0.2 s on two slow cores.
PASSES, MEMORY_KIB, LANES = 3, 65_536, 4
# Two at a time bound the memory to 128 MiB, whoever knocks, and one more is kept for devices that are known: strangers
# can't take its place. A few wait, and go away when they wait too long; each of them holds a thread of the server.
AT_ONCE, KNOWN_AT_ONCE, WAITING, PATIENCE = 2, 1, 8, 5.0
BUSY = Message("Too many people are signing in just now. Try again in a minute.")

# A password of 12 characters that is no word of any list has more than 2**40 values: 40 tries an hour are nothing, and
# neither are the ten a second that argon2 leaves to all addresses together.
TRIES_PER_NAME = 10  # at one name from one client, or from one device that signed in by that name before
# Several people may sit behind one address of a newsroom, or behind a proxy that doesn't pass on theirs.
TRIES_PER_CLIENT = 100
WINDOW = 15 * 60.0  # seconds for which a try counts
REMEMBERED = 30_000  # names and clients that are counted; those longest without a try are forgotten first. Below 30 MB
# The same, whatever it was: nobody learns which names there are.
WRONG = Message(
    "The name or password is wrong, or there were too many attempts. Wait a quarter of an hour after ten of them."
)
LONGEST_NAME = 64
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._@+-]{0,62}[a-z0-9])?")

Who = tuple[str, ...]  # what a try is counted by
Started = tuple[str, Session]  # a session that began, behind the secret that names it: only its holder has that

_log = logging.getLogger(__name__)


class Passwords:
    """Makes and checks the hashes of passwords."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._nobody: str | None = None
        # Of devices that are not known, and of those that are: who may go on, and who may wait for it too.
        bounds = (AT_ONCE, KNOWN_AT_ONCE)
        self._slots = [(BoundedSemaphore(most), BoundedSemaphore(most + WAITING)) for most in bounds]

    def hashed(self, password: str, *, name: str) -> str:
        """The hash of a new password. Raises InputError where it may not be chosen."""
        check_password(password, name=name)
        return self._hasher.hash(_bytes(password))

    def right(self, hashed: str | None, password: str, *, known: bool = False) -> bool:
        """Whether a password is the one of a hash; as much work where there is none. Raises Refused when too busy."""
        free, inside = self._slots[known]
        with ExitStack() as stack:
            for semaphore, patience in ((inside, 0.0), (free, PATIENCE)):
                if not semaphore.acquire(timeout=patience):
                    raise Refused(BUSY)
                stack.callback(semaphore.release)
            if self._nobody is None:  # made by whoever comes first, known or not
                self._nobody = self._hasher.hash(secrets.token_bytes(32))
            try:
                return self._hasher.verify(hashed or self._nobody, _bytes(password)) and hashed is not None
            except (VerificationError, InvalidHashError):
                return False


def check_password(password: str, *, name: str) -> None:
    """Raises InputError where a password may not be chosen."""
    length = len(unicodedata.normalize("NFKC", password))
    if not SHORTEST_PASSWORD <= length <= LONGEST_PASSWORD:
        expected = N_(
            "A password of {shortest} to {longest} characters was expected, found {number}. Four words that don't "
            "belong together make a good one."
        )
        raise InputError(Message(expected, shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD, number=length))
    if not password.casefold().replace(name.casefold(), "").strip():
        raise InputError(Message("The password is the user's own name. Choose one that nobody guesses."))
    if len(set(password)) < 4:
        raise InputError(Message("The password repeats the same few characters. Choose one that nobody guesses."))


def _bytes(password: str) -> bytes:
    """The same however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


class SignInThrottle:
    """Counts tries in a sliding window. Safe between threads."""

    def __init__(self) -> None:
        self._tries: OrderedDict[Who, list[float]] = OrderedDict()
        self._lock = Lock()

    def take(self, most: Mapping[Who, int]) -> bool:
        """Counts a try before it is made, so that many at once are no more; False, and none, where any had too many."""
        now = time.monotonic()
        with self._lock:
            tries = {who: [at for at in self._tries.pop(who, ()) if at > now - WINDOW] for who in most}
            allowed = all(len(tries[who]) < most[who] for who in most)
            for who, times in tries.items():
                if allowed or times:  # who was refused takes no place of what counts
                    self._tries[who] = [*times, now] if allowed else times
            while len(self._tries) > REMEMBERED:
                self._tries.popitem(last=False)
        return allowed

    def give_back(self, taken: Iterable[Who]) -> None:
        """Takes the last try off again: it was none, or it was right."""
        with self._lock:
            for who in taken:
                if rest := self._tries.pop(who, [])[:-1]:
                    self._tries[who] = rest


class Accounts(AccountStore):
    """The accounts of the staff, and how they sign in. `hours` is how long a session lasts."""

    def __init__(
        self,
        database: Engine,
        *,
        hours: float = 8,
        passwords: Passwords | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(database, now=now)
        self._lasts = timedelta(hours=hours)
        self._passwords = passwords or Passwords()
        self._throttle = SignInThrottle()

    def sign_in(self, name: str, password: str, *, client: str, device: str | None = None) -> Started:
        """Begins a session. Raises Refused, in the same words whatever was wrong; StoreError."""
        name = folded_name(name)
        return self._begin(name, proof=self._proof(name, password, client=client, device=device))

    def sign_in_identified(self, *identities: str) -> Started:
        """Begins a session for somebody whom the provider of OpenID Connect vouched for. Raises Refused."""
        for identity in identities:
            if account := self.identified(identity):
                return self._begin(account.name, proof=identity)
        raise Refused(
            Message("Your account is good, but it isn't one of this staff area. Ask whoever looks after it to add you.")
        )

    def change_password(self, name: str, *, old: str, new: str, client: str, device: str | None) -> Started:
        """A user's own change: ends every session and begins one. Raises Refused, InputError, NotFound."""
        check_password(new, name=name)
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
        self.add_account(account, hashed=hashed, by=by)
        return account

    def set_password(self, name: str, password: str, *, by: str) -> str:
        """Ends the user's sessions; the hash. Raises NotFound, InputError."""
        hashed = self._passwords.hashed(password, name=name)
        self.set_hash(name, hashed, by=by)
        return hashed

    def _proof(self, name: str, password: str, *, client: str, device: str | None) -> str:
        """The hash that a password was found to fit, at the same cost whether the name is known. Raises Refused."""
        if len(password) > LONGEST_PASSWORD:
            raise Refused(WRONG)
        # By the name together with the client: nobody can lock another's name. A device that signed in by that name
        # before is counted apart from its address, which others may have used up.
        count = self.unlocks(name)
        tries: dict[Who, int] = {("device", name, device or "", count): TRIES_PER_NAME}
        known = device is not None and self._throttle.take(tries)
        if not known:
            tries = {("client", client): TRIES_PER_CLIENT, ("pair", name, client, count): TRIES_PER_NAME}
            if not self._throttle.take(tries):
                raise Refused(WRONG)
        hashed = self.hash_of(name)
        try:
            right = self._passwords.right(hashed, password, known=known)
        except Refused:  # too busy to look: that was no try
            self._throttle.give_back(tries)
            raise
        if not right or hashed is None:
            _log.warning("a sign-in failed")
            raise Refused(WRONG)
        self._throttle.give_back(tries)
        return hashed

    def _begin(self, name: str, *, proof: str) -> Started:
        if account := self.active(name):
            secret, form_key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
            session = Session(account, form_key, self._now() + self._lasts)
            if self.begin_session(secret, session, proof=proof):
                return secret, session
        raise Refused(WRONG)


def folded_name(name: str) -> str:
    """The one form of a name, however it was typed."""
    return name.strip().lower()[: LONGEST_NAME + 1]
