"""The formats of exported articles, and how each is written: as a stream, a file, a folder or a ZIP file."""

import csv
import io
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from qa.errors import InputError
from qa.export.articles import FACTS_FIELD, KEYS, Facts, carried, file_stem, linked_article, ninjs_item, nitf, own_item
from qa.models.archive import Article

FORMULA = (*"=+-@\t\r\n＝＋－＠", "'")  # in full width too
NITF = "nitf"  # the format in which each article is a file of its own
RECORDS = {"jsonl": own_item, "ninjs": ninjs_item, "json-ld": linked_article}  # the formats of JSON, one a line
LISTS = ("ninjs", "json-ld")  # those of them that a file holds as one list, too
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same articles make the same ZIP file
_LINES = (".jsonl", ".ndjson")  # endings of files that hold one value a line
_NOT_PLAIN = re.compile(r"[\[{]|true|.*[,;]", re.DOTALL)


def written(articles: Iterable[Article], kind: str, *, staff: bool, listed: bool = False) -> Iterator[str]:
    """The pieces of articles one after the other, or `listed` as one value; for the staff notes to editors too."""
    if kind == "csv":
        return csv_table(articles, staff=staff)
    if listed and kind in LISTS:
        return array(RECORDS[kind], articles)
    return lines(RECORDS[kind], articles)


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


def require_place(kind: str, out: Path | None) -> None:
    """Raises InputError where articles of that format can't be written there."""
    if kind == NITF and out is None:
        raise InputError("--out: a folder or a .zip file was expected: each article is a file of its own. Name one.")
    if kind != NITF and out is not None and out.is_dir():
        raise InputError(f"--out: a file was expected, found the folder {out}. Name a file.")


def write(articles: Iterable[Article], kind: str, out: Path, *, staff: bool = False) -> None:
    """Writes them there as UTF-8, whole or not at all. Raises InputError where the place can't be written to."""
    ending = out.suffix.lower()
    if kind == NITF and ending != ".zip" and out.is_dir() and any(out.iterdir()):
        raise InputError(f"--out: a new or an empty folder was expected, found {out} with files in it. Name another.")
    files = ((f"{file_stem(article.article_id)}.nitf.xml", _encoded(nitf(article))) for article in articles)
    # A name in the same folder; what was written there gets the right name in the end, or goes.
    beside = out.with_name(f".{out.name[:200]}.{os.getpid()}.part")
    try:
        if kind != NITF:
            with beside.open("xb") as file:
                file.writelines(map(_encoded, written(articles, kind, staff=staff, listed=ending not in _LINES)))
                file.flush()
                os.fsync(file.fileno())
        elif ending == ".zip":
            with zipfile.ZipFile(beside, "x") as archive:
                for name, content in files:
                    archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content, zipfile.ZIP_DEFLATED)
        else:
            beside.mkdir()
            for name, content in files:
                (beside / name).write_bytes(content)
        os.replace(beside, out)
    except OSError as error:
        raise InputError(f"--out: {out} can't be written: {error.strerror or error}. Name another place.") from error
    finally:
        if beside.is_dir():
            shutil.rmtree(beside, ignore_errors=True)
        else:
            beside.unlink(missing_ok=True)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
