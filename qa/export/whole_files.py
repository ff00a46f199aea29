"""Files that are there whole or not at all: written under another name beside, then renamed."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import InputError

_MADE = (1980, 1, 1, 0, 0, 0)  # the same articles make the same ZIP file


def write_file(path: Path, pieces: Iterable[str]) -> None:
    """Writes text as UTF-8. Raises InputError where the place can't be written to."""
    with _taking_its_place(path) as beside, beside.open("xb") as stream:
        for piece in pieces:
            stream.write(piece.encode("utf-8", "replace"))
        stream.flush()
        os.fsync(stream.fileno())


def write_zip(path: Path, documents: Iterable[tuple[str, str]]) -> None:
    """Writes each document, by its name, into a ZIP file. Raises InputError as above."""
    with _taking_its_place(path) as beside, zipfile.ZipFile(beside, "x", zipfile.ZIP_DEFLATED) as packed:
        for name, text in documents:
            entry = zipfile.ZipInfo(name, _MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, text.encode("utf-8", "replace"))


def write_folder(path: Path, documents: Iterable[tuple[str, str]]) -> None:
    """Writes each document, by its name, into a folder that is new or empty. Raises InputError as above."""
    if path.is_dir() and any(path.iterdir()):
        raise InputError(f"--out: a new or an empty folder was expected, found {path} with files in it. Name another.")
    with _taking_its_place(path) as beside:
        beside.mkdir()
        for name, text in documents:
            (beside / name).write_bytes(text.encode("utf-8", "replace"))


@contextmanager
def _taking_its_place(path: Path) -> Iterator[Path]:
    """A name in the same folder; what was written there gets the right name in the end, or goes."""
    beside = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        yield beside
        os.replace(beside, path)
    except OSError as error:
        raise InputError(f"--out: {path} can't be written: {error.strerror or error}. Name another place.") from error
    finally:
        if beside.is_dir():
            shutil.rmtree(beside, ignore_errors=True)
        else:
            beside.unlink(missing_ok=True)
