"""The formats of exported articles, and how each is written: as a stream, a file, a folder or a ZIP file."""

import csv
import io
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qa.errors import InputError
from qa.export.facts import FACTS_FIELD, KEYS, NO_HEADLINE, extra_of, facts_of
from qa.export.json_ld import json_ld
from qa.export.ninjs import ninjs
from qa.export.nitf import nitf_documents
from qa.models.archive import Article

JsonText = Callable[[Article], str]  # one article as a JSON object without a line break in it

Stream = Callable[[Iterable[Article]], Iterator[str]]
Documents = Callable[[Iterable[Article]], Iterator[tuple[str, str]]]

JSON_LINES = (".jsonl", ".ndjson")

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same articles make the same ZIP file

FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_NOT_PLAIN = re.compile(r"[\[{]|true|.*[,;]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """`stream` writes many articles one after the other, `whole` as one value; `documents` one file for each."""

    stream: Stream | None = None
    whole: Stream | None = None
    documents: Documents | None = None


def export_format(name: str, *, staff: bool) -> ExportFormat:
    """The format of that name; notes to editors have a column of a table where the staff ask. Raises KeyError."""
    return {
        "jsonl": ExportFormat(partial(lines, line_of)),
        "csv": ExportFormat(partial(csv_table, staff=staff)),
        "ninjs": ExportFormat(partial(lines, ninjs), partial(array, ninjs)),
        "nitf": ExportFormat(documents=nitf_documents),
        "json-ld": ExportFormat(partial(lines, json_ld), partial(array, json_ld)),
    }[name]


def line_of(article: Article) -> str:
    """An article in the archive's own JSON Lines, to be read back as the same."""
    record = {**facts_of(article), **extra_of(article), **facts_of(article)}
    if not article.body and article.source.title == NO_HEADLINE:
        record |= {"title": "", "text": ""}
    return json.dumps(record, ensure_ascii=False)


def lines(text: JsonText, articles: Iterable[Article]) -> Iterator[str]:
    """JSON objects one a line."""
    return (text(article) + "\n" for article in articles)


def array(text: JsonText, articles: Iterable[Article]) -> Iterator[str]:
    """One array of JSON objects."""
    before = "[\n"
    for article in articles:
        yield before + text(article)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def require_place(format: ExportFormat, out: Path | None) -> None:
    """Raises InputError where articles of that format can't be written there."""
    if format.documents and out is None:
        raise InputError("--out: a folder or a .zip file was expected: each article is a file of its own. Name one.")
    if format.documents is None and out is not None and out.is_dir():
        raise InputError(f"--out: a file was expected, found the folder {out}. Name a file.")


def write(articles: Iterable[Article], format: ExportFormat, out: Path) -> None:
    """Writes them there as UTF-8, whole or not at all. Raises InputError where the place can't be written to."""
    packed = out.suffix.lower() == ".zip"
    if format.documents and not packed and out.is_dir() and any(out.iterdir()):
        raise InputError(f"--out: a new or an empty folder was expected, found {out} with files in it. Name another.")
    with _replacing(out) as beside:
        if format.documents and packed:
            with zipfile.ZipFile(beside, "x") as archive:
                for name, text in format.documents(articles):
                    entry = zipfile.ZipInfo(name, _ZIP_TIME)
                    archive.writestr(entry, text.encode("utf-8", "replace"), zipfile.ZIP_DEFLATED)
        elif format.documents:
            beside.mkdir()
            for name, text in format.documents(articles):
                (beside / name).write_bytes(text.encode("utf-8", "replace"))
        else:
            stream = (format.whole if out.suffix.lower() not in JSON_LINES else None) or format.stream
            assert stream is not None
            with beside.open("xb") as file:
                for text in stream(articles):
                    file.write(text.encode("utf-8", "replace"))
                file.flush()
                os.fsync(file.fileno())


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
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


def columns(*, staff: bool) -> tuple[str, ...]:
    """Names of the columns; notes to editors have one where the staff ask for it."""
    return (*(key for key in KEYS if staff or key != "editor_note"), FACTS_FIELD)


def csv_table(articles: Iterable[Article], *, staff: bool = False) -> Iterator[str]:
    """The file in rows, each with the line break behind it, the names of the columns first."""
    names, file = columns(staff=staff), io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(names)
    for article in articles:
        yield file.getvalue()
        file.seek(0)
        file.truncate()
        values = {**facts_of(article), FACTS_FIELD: extra_of(article) or None}
        writer.writerow([_cell(values.get(name)) for name in names])
    yield file.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    # Words that can be parted from those beside them, and from JSON.
    if isinstance(value, list) and all(isinstance(word, str) and not _NOT_PLAIN.match(word) for word in value):
        value = "; ".join(value)
    text = str(value) if isinstance(value, str | int) and value is not True else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(FORMULA) else text
