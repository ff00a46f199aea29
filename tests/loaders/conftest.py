"""Files in a folder of their own, read as the command line reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.loaders.reading import read
from qa.models.deliveries import Delivery, Failure

Put = Callable[..., Path]
ReadAll = Callable[..., list[Delivery | Failure]]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes a file of that name and content, text as UTF-8; folders are made."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def read_all() -> ReadAll:
    def outcomes(path: Path, **defaults: object) -> list[Delivery | Failure]:
        return list(read(path, defaults=defaults))

    return outcomes


@pytest.fixture
def read_one(put: Put, read_all: ReadAll) -> Callable[..., Delivery]:
    """The one article of a file with that content."""

    def delivery(name: str, content: str | bytes, **defaults: object) -> Delivery:
        (outcome,) = read_all(put(name, content), **defaults)
        assert isinstance(outcome, Delivery), outcome
        return outcome

    return delivery


@pytest.fixture
def fail_one(put: Put, read_all: ReadAll) -> Callable[..., Failure]:
    """The one failure of a file with that content."""

    def failure(name: str, content: str | bytes, **defaults: object) -> Failure:
        (outcome,) = read_all(put(name, content), **defaults)
        assert isinstance(outcome, Failure), outcome
        return outcome

    return failure
