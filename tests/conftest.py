"""No test reaches the network; the real encoder is loaded once for all of them."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from qa.encoding.e5 import NAME
from qa.encoding.sentence_encoder import SentenceEncoder
from tests.fakes import encoder_folder


def _is_near(family: int, address: Any) -> bool:
    if family == socket.AF_UNIX:
        return True
    host = str(address[0])
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _closed_network() -> Iterator[None]:
    """A connection to anywhere but this machine fails, and says which test tried."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            real = getattr(socket.socket, name)

            def guarded(self: socket.socket, address: Any, real: Any = real) -> Any:
                if not _is_near(self.family, address):
                    raise AssertionError(f"a test tried to reach {address!r}: the network is closed in tests")
                return real(self, address)

            patch.setattr(socket.socket, name, guarded)
        yield


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The packaged encoder, as it runs by default."""
    return SentenceEncoder(encoder_folder, name=NAME)


@pytest.fixture(scope="session")
def exact_encoder() -> SentenceEncoder:
    """The packaged encoder in full precision."""
    return SentenceEncoder(encoder_folder, name=NAME, precision="float32")
