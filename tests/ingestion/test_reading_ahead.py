"""Slow files are read in other processes, in the order given, and here where those end."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from qa.archive.ingesting import FEW, LARGEST, read_ahead, records
from qa.loaders.metadata import Defaults
from qa.loaders.reading import read
from qa.models.deliveries import Delivery, Record

PAGE = (
    "<html><head><title>Title {0}</title></head><body><article><h1>Title {0}</h1>"
    "<p>The port authority opened the {0}th quay on Monday, and the ships of the line will use it from the summer.</p>"
    "<p>Its cost was three million, the authority said at the opening.</p></article></body></html>"
)
READ = partial(read, defaults=Defaults())


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    made = []
    for number in range(FEW + 6):
        path = tmp_path / f"{number:02}.html"
        path.write_text(PAGE.format(number), encoding="utf-8")
        made.append(path)
        if number % 5 == 0:
            beside = tmp_path / f"{number:02}.txt"
            beside.write_text(f"Notice {number}\n\nThe library is open.", encoding="utf-8")
            made.append(beside)
    return made


def titles(files: list[Path], read: object, *, workers: int) -> list[tuple[str, str]]:
    found = []
    for path, read_there in read_ahead(files, read, workers=workers):  # type: ignore[arg-type]
        for record in read_there:
            assert isinstance(record, Delivery), record
            found.append((path.name, record.article.source.title))
    return found


def here_and_elsewhere(path: Path) -> Iterator[Record]:
    """Reads where it is called, and leaves word of the process."""
    (path.parent / f"{path.name}.by-{os.getpid()}").touch()
    return READ(path)


def ends_elsewhere(main: int, path: Path) -> Iterator[Record]:
    """Ends every process but the one named."""
    if os.getpid() != main:
        os.kill(os.getpid(), signal.SIGKILL)
    return READ(path)


def test_the_order_is_kept_and_others_take_part(pages: list[Path], tmp_path: Path) -> None:
    alone = titles(pages, READ, workers=1)
    assert [name for name, _ in alone] == [path.name for path in pages]
    assert titles(pages, here_and_elsewhere, workers=2) == alone
    readers = {path.name.rpartition("-")[2] for path in tmp_path.glob("*.by-*")}
    assert len(readers - {str(os.getpid())}) >= 1
    assert all((tmp_path / f"{path.name}.by-{os.getpid()}").exists() for path in pages if path.suffix == ".txt")


def test_what_a_process_that_ended_had_to_read_is_read_here(pages: list[Path]) -> None:
    assert titles(pages, partial(ends_elsewhere, os.getpid()), workers=2) == titles(pages, READ, workers=1)


def test_large_files_are_not_held(tmp_path: Path, pages: list[Path]) -> None:
    large = tmp_path / "large.html"
    large.write_text(PAGE.format(99) + "<!--" + " " * LARGEST + "-->", encoding="utf-8")
    titles([*pages, large], here_and_elsewhere, workers=2)
    assert (tmp_path / f"large.html.by-{os.getpid()}").exists()


def test_everything_that_ingesting_sends_along_can_be_sent(pages: list[Path], tmp_path: Path) -> None:
    found = [one for one in records([str(tmp_path)], Defaults(outlet="Post")) if isinstance(one, Delivery)]
    assert [Path(one.path).name for one in found] == sorted(path.name for path in pages)
    assert {one.article.source.outlet for one in found} == {"Post"}
