"""The bytes of a feed, from the address that the archive's own configuration names.

What answers there may be hostile: nothing inside the house is asked on its word, and it takes neither more time nor
more room than is allowed. No proxy of the environment is used, for it would connect to wherever it is sent.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from qa.archive.sources import SourceList
from qa.errors import StoreError
from qa.loaders.encoding import MAX_FILE_BYTES

if TYPE_CHECKING:
    import httpx

SECONDS = 30
"""For one step: to connect, or to wait for the next bytes."""
TOTAL_SECONDS = 120
"""For a feed in all, its redirects included: a byte now and then is no feed, and others wait for their turn."""
MOST_REDIRECTS = 5
AGENT = "archive-qa (news archive)"
_PACKINGS = ("", "identity", "gzip", "deflate")
"""Once, and of these: a packing in a packing, or a newer one, makes of a few bytes more than the memory holds."""


class NotFetched(Exception):
    """The feed did not come; says why."""


@dataclass(frozen=True)
class Fetched:
    """What came from an address, in a file of `size` bytes; `problem` says why nothing did."""

    address: str
    size: int = 0
    digest: int = 0
    file: IO[bytes] | None = None
    problem: str = ""

    def read(self) -> bytes:
        if self.file is None:
            return b""
        self.file.seek(0)
        return self.file.read()


@contextmanager
def fetched_feeds(sources: Sequence[SourceList], folder: Path) -> Iterator[dict[str, list[Fetched]]]:
    """What the feeds of each source, by its name, have just now; kept in files of the folder while this is open.

    Raises StoreError where the folder can't be used.
    """
    with ExitStack() as stack:
        if any(source.feeds for source in sources):
            _make(folder)
        yield {
            source.name: [
                _kept(address, folder, stack, intranet_hosts=source.intranet_hosts) for address in source.feeds
            ]
            for source in sources
        }


def _kept(address: str, folder: Path, stack: ExitStack, *, intranet_hosts: Collection[str]) -> Fetched:
    try:
        data = fetched(address, intranet_hosts=intranet_hosts)
        file = stack.enter_context(tempfile.TemporaryFile(dir=folder))  # noqa: SIM115 — the stack closes it
        file.write(data)
    except NotFetched as error:
        return Fetched(address, problem=str(error))
    except OSError as error:
        return Fetched(address, problem=f"room for the feed was expected in {folder}, found: {error.strerror or error}")
    return Fetched(address, len(data), int.from_bytes(hashlib.sha256(data).digest()[:6], "big"), file)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"{folder} can't be used: {error.strerror or error}. Choose another folder by QA_HOME."
        raise StoreError(reason) from error


def fetched(address: str, *, intranet_hosts: Collection[str] = ()) -> bytes:
    """The body of the answer. Raises NotFetched."""
    import httpcore  # these take a tenth of a second, and only who has feeds needs them
    import httpx

    from qa.archive.public_network import ConnectionRefused, transport_of

    try:
        with (
            transport_of(intranet_hosts=intranet_hosts, seconds=TOTAL_SECONDS) as transport,
            httpx.Client(
                transport=transport,
                trust_env=False,
                timeout=SECONDS,
                follow_redirects=True,
                max_redirects=MOST_REDIRECTS,
                headers={"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate"},
            ) as client,
            client.stream("GET", address) as answer,
        ):
            answer.raise_for_status()
            return _body(answer)
    except ConnectionRefused as error:
        raise NotFetched(str(error)) from None
    except httpx.HTTPStatusError as error:
        raise NotFetched(f"the feed was expected, found the answer {error.response.status_code}") from None
    except httpx.TooManyRedirects:
        raise NotFetched(f"at most {MOST_REDIRECTS} redirects were expected, found more") from None
    except httpx.UnsupportedProtocol:
        raise NotFetched("an address that begins with http:// or https:// was expected, found another one") from None
    except (
        *(httpx.HTTPError, httpx.InvalidURL),
        *(httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, httpcore.UnsupportedProtocol),
    ) as error:
        raise NotFetched(f"the feed was expected, found: {error or type(error).__name__}") from None


def _body(answer: httpx.Response) -> bytes:
    """Raises NotFetched where it is larger than a feed, or packed as none is."""
    packing = answer.headers.get("content-encoding", "").strip().lower()
    if packing not in _PACKINGS:
        raise NotFetched(f"a feed packed by gzip or not at all was expected, found {packing[:60]!r}")
    data = bytearray()
    for piece in answer.iter_bytes():
        data += piece
        if len(data) > MAX_FILE_BYTES:
            raise NotFetched(f"a feed of at most {MAX_FILE_BYTES // 1_000_000} MB was expected, found more")
    return bytes(data)
