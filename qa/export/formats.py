"""The formats that articles are given back in, and how each is written where it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qa.errors import InputError
from qa.export.csv_table import csv_table
from qa.export.json_ld import json_ld
from qa.export.json_lines import line_of
from qa.export.json_texts import Text, array, lines
from qa.export.ninjs import ninjs
from qa.export.nitf import nitf_documents
from qa.export.whole_files import write_file, write_folder, write_zip
from qa.models.archive import Article

Written = Callable[[Iterable[Article]], Iterator[str]]
Documents = Callable[[Iterable[Article]], Iterator[tuple[str, str]]]

ONE_A_LINE = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Format:
    """`stream` writes many articles one after the other, `whole` as one value; `documents` one file for each."""

    stream: Written | None = None
    whole: Written | None = None
    documents: Documents | None = None


def _json(text: Text) -> Format:
    return Format(partial(lines, text), partial(array, text))


def format_called(name: str, *, staff: bool) -> Format:
    """The format of that name; notes to editors have a column of a table where the staff ask. Raises KeyError."""
    table = partial(csv_table, staff=staff)
    return {
        "jsonl": Format(partial(lines, line_of)),
        "csv": Format(table),
        "ninjs": _json(ninjs),
        "nitf": Format(documents=nitf_documents),
        "json-ld": _json(json_ld),
    }[name]


def require_place(format: Format, out: Path | None) -> None:
    """Raises InputError where articles of that format can't be written there."""
    if format.documents and out is None:
        raise InputError("--out: a folder or a .zip file was expected: each article is a file of its own. Name one.")
    if format.documents is None and out is not None and out.is_dir():
        raise InputError(f"--out: a file was expected, found the folder {out}. Name a file.")


def write(articles: Iterable[Article], format: Format, out: Path) -> None:
    """Writes them there, whole or not at all. Raises InputError."""
    require_place(format, out)
    if format.documents:
        packed = out.suffix.lower() == ".zip"
        (write_zip if packed else write_folder)(out, format.documents(articles))
        return
    written = format.stream if out.suffix.lower() in ONE_A_LINE else format.whole or format.stream
    assert written is not None
    write_file(out, written(articles))
