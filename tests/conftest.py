"""No test reaches the network; each is of one tier; what is costly to make is made once for all of them."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from qa.encoding.e5 import NAME, packaged_languages
from qa.encoding.query import DualEncoder
from tests.fakes import (
    Recorded,
    encoder_folder,
    packaged,
    packaged_reader,
    question_model,
    span_reader,
    support_model,
)
from tests.recorded import (
    MODELS,
    RecordedEncoder,
    RecordedQuestions,
    RecordedReader,
    RecordedSupport,
    folder_of,
    packed_as,
)
from tests.tiers import beyond_share, tier_of

if TYPE_CHECKING:
    from tests.archives import Archives, Prepared

# How long an example takes says nothing on a machine that does other work beside the tests.
hypothesis.settings.register_profile("shared machine", deadline=None)
hypothesis.settings.load_profile("shared machine")

OF_TESTS = {"QA_WRITE_GOLDEN", "QA_TEST_SHARE", "QA_REQUIRE_BROWSER", "QA_TEST_POSTGRES"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(tier_of(item))
    if left_out := set(beyond_share(items)):
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def pytest_report_header() -> str:
    missing = [model for model in MODELS if not packed_as(folder_of(model)).exists()]
    if missing:
        return f"recordings: none of {', '.join(missing)} by this code; `make recordings` makes them, tests take longer"
    return "recordings: of these models"


def _is_near(family: int, address: Any) -> bool:
    if family == socket.AF_UNIX:
        return True
    host = str(address[0])
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _no_settings() -> Iterator[None]:
    """What whoever runs the tests has set for an archive of their own is not the tests'."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("QA_") and name not in OF_TESTS]:
            patch.delenv(name)
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_niceness() -> Iterator[None]:
    """Commands that are tried in the tests' own process don't slow down those after them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "nice", lambda _: 0, raising=False)
        yield


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
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run have in common."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def postgres_server(shared: Path) -> str:
    """The address of a server of PostgreSQL, one for the whole run."""
    from tests.postgres import server_address

    return server_address(shared)


@pytest.fixture(scope="session")
def _common_database(postgres_server: str) -> Iterator[str]:
    from tests.postgres import new_database

    with new_database(postgres_server) as address:
        yield address


@pytest.fixture
def emptied_database(_common_database: str) -> str:
    """The address of an empty archive in PostgreSQL, whose tables stay for the next test as they were made."""
    from tests.postgres import empty

    empty(_common_database)
    return _common_database


@pytest.fixture
def database(postgres_server: str) -> Iterator[str]:
    """The address of an empty archive in PostgreSQL, which is nobody else's."""
    from tests.postgres import new_database

    with new_database(postgres_server) as address:
        yield address


@pytest.fixture(autouse=True, scope="session")
def _recorded_models() -> None:
    Recorded.reader = RecordedReader(span_reader(), folder_of("reader"))
    Recorded.support = RecordedSupport(support_model(), folder_of("support"))
    Recorded.questions = RecordedQuestions(question_model(), folder_of("questions"))


@pytest.fixture(scope="session")
def encoder() -> RecordedEncoder:
    """The packaged encoder, as it runs by default."""
    return RecordedEncoder(packaged(), folder_of("encoder"))


@pytest.fixture(scope="session")
def exact_encoder() -> RecordedEncoder:
    """The packaged encoder in full precision."""
    exact = DualEncoder(encoder_folder, name=NAME, precision="float32", languages=packaged_languages)
    return RecordedEncoder(exact, folder_of("exact_encoder"))


@pytest.fixture(scope="session")
def archives(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, exact_encoder: RecordedEncoder
) -> Iterator[Archives]:
    """Archives that are ingested once a run."""
    # Imported here: most tests need no archive, and all of it takes seconds to import.
    from tests.archives import prepared_archives

    copies = tmp_path_factory.mktemp("archives")
    with prepared_archives(shared / "archives", copies, exact_encoder, packaged_reader()) as opened:
        yield opened


@pytest.fixture(scope="session")
def demo(archives: Archives) -> Prepared:
    """The demo archive, for reading only."""
    return archives.demo()
