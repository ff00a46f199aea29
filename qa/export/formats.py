"""The formats of exported articles, and how each is written: as a stream, a file, a folder or a ZIP file."""

import csv
import io
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qa.errors import InputError
from qa.export.articles import FACTS_FIELD, KEYS, Facts, carried, file_stem, linked_article, ninjs_item, nitf, own_item
from qa.models.archive import Article

Stream = Callable[[Iterable[Article]], Iterator[str]]
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same articles make the same ZIP file
_NOT_PLAIN = re.compile(r"[\[{]|true|.*[,;]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """`stream` writes many articles one after the other, `whole` as one value; `document` makes a file of each."""

    stream: Stream | None = None
    whole: Stream | None = None
    document: Callable[[Article], str] | None = None


def export_format(name: str, *, staff: bool) -> ExportFormat:
    """The format of that name; notes to editors have a column of a table where the staff ask. Raises KeyError."""
    return {
        "jsonl": ExportFormat(partial(lines, own_item)),
        "csv": ExportFormat(partial(csv_table, staff=staff)),
        "ninjs": ExportFormat(partial(lines, ninjs_item), partial(array, ninjs_item)),
        "nitf": ExportFormat(document=nitf),
        "json-ld": ExportFormat(partial(lines, linked_article), partial(array, linked_article)),
    }[name]


def lines(record_of: Callable[[Article], Facts], articles: Iterable[Article]) -> Iterator[str]:
    """JSON objects one a line."""
    return (json.dumps(record_of(article), ensure_ascii=False) + "\n" for article in articles)


def array(record_of: Callable[[Article], Facts], articles: Iterable[Article]) -> Iterator[str]:
    """One array of JSON objects."""
    before = "[\n"
    for article in articles:
        yield before + json.dumps(record_of(article), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def csv_table(articles: Iterable[Article], *, staff: bool = False) -> Iterator[str]:
    """The file in rows, the names of the columns first; notes to editors have one where the staff ask for it."""
    names = (*(key for key in KEYS if staff or key != "editor_note"), FACTS_FIELD)
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(names)
    for article in articles:
        yield file.getvalue()
        file.seek(0)
        file.truncate()
        values = carried(article)
        values[FACTS_FIELD] = values.pop("extra", None)
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


def require_place(format: ExportFormat, out: Path | None) -> None:
    """Raises InputError where articles of that format can't be written there."""
    if format.document and out is None:
        raise InputError("--out: a folder or a .zip file was expected: each article is a file of its own. Name one.")
    if format.document is None and out is not None and out.is_dir():
        raise InputError(f"--out: a file was expected, found the folder {out}. Name a file.")


def write(articles: Iterable[Article], format: ExportFormat, out: Path) -> None:
    """Writes them there as UTF-8, whole or not at all. Raises InputError where the place can't be written to."""
    ending, document = out.suffix.lower(), format.document
    if document and ending != ".zip" and out.is_dir() and any(out.iterdir()):
        raise InputError(f"--out: a new or an empty folder was expected, found {out} with files in it. Name another.")
    files = ((file_stem(article.article_id), document(article)) for article in articles) if document else ()
    # A name in the same folder; what was written there gets the right name in the end, or goes.
    beside = out.with_name(f".{out.name[:200]}.{os.getpid()}.part")
    try:
        if document and ending == ".zip":
            with zipfile.ZipFile(beside, "x") as archive:
                for name, text in files:
                    entry = zipfile.ZipInfo(f"{name}.nitf.xml", _ZIP_TIME)
                    archive.writestr(entry, text.encode("utf-8", "replace"), zipfile.ZIP_DEFLATED)
        elif document:
            beside.mkdir()
            for name, text in files:
                (beside / f"{name}.nitf.xml").write_bytes(text.encode("utf-8", "replace"))
        else:
            stream = (format.whole if ending not in (".jsonl", ".ndjson") else None) or format.stream
            assert stream is not None
            with beside.open("xb") as file:
                for text in stream(articles):
                    file.write(text.encode("utf-8", "replace"))
                file.flush()
                os.fsync(file.fileno())
        os.replace(beside, out)
    except OSError as error:
        raise InputError(f"--out: {out} can't be written: {error.strerror or error}. Name another place.") from error
    finally:
        if beside.is_dir():
            shutil.rmtree(beside, ignore_errors=True)
        else:
            beside.unlink(missing_ok=True)
