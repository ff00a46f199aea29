"""Which column of a table holds what: its header, the delimiter, and the names that columns go by."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.errors import ReadError
from qa.loaders.fields import shown, shown_key
from qa.loaders.metadata import KNOWN

DELIMITERS = (",", ";", "\t", "|")
MAX_COLUMNS = 1_000
MAX_HEADER_LINES = 20  # a name of a column may have line breaks; more of them is no header

# What columns are called, beside the archive's own keys; in lower case, without accents, words joined.
NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("headline", "titulo", "titular", "heading", "head", "encabezado"),
    "text": (
        *("body", "content", "contents", "fulltext", "articletext", "articlebody", "bodytext", "maintext", "story"),
        *("cuerpo", "texto", "textocompleto", "contenido", "cuerpodelanoticia"),
    ),
    "published": (
        *("date", "pubdate", "publishedat", "publicationdate", "datepublished", "publisheddate", "publishdate"),
        *("publicationtime", "datetime", "fecha", "fechadepublicacion", "fechapublicacion", "publicado"),
    ),
    "outlet": (
        *("source", "sourcename", "publication", "publisher", "newspaper", "medium", "sitename"),
        *("medio", "fuente", "periodico", "diario", "publicacion", "cabecera"),
    ),
    "byline": ("author", "authors", "by", "writer", "reporter", "autor", "autora", "autores", "autoria", "firma"),
    "url": ("link", "address", "uri", "permalink", "weburl", "articleurl", "enlace", "direccion", "direccionweb"),
    "id": ("identifier", "articleid", "docid", "documentid", "guid", "identificador", "idarticulo"),
    "language": ("lang", "languagecode", "idioma", "lengua"),
    "section": ("category", "desk", "seccion", "categoria", "rubrica"),
    "keywords": ("tags", "keyword", "etiquetas", "palabrasclave", "descriptores"),
    "event_date": ("dateofevent", "fechadelhecho", "fechadelsuceso"),
    "copyright_notice": ("copyright", "rights", "derechos"),
    "embargo": ("embargoeduntil", "embargountil", "embargohasta"),
    "revised": ("updated", "updatedat", "modified", "lastmodified", "datemodified", "actualizado", "modificado"),
    "note": ("publicnote",),
}
_TELLING = ("title", "text")


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", "".join(char for char in decomposed if not unicodedata.combining(char)))


_KEYS = {_plain(name): key for key, names in NAMES.items() for name in names} | {
    _plain(key): key for key in sorted(KNOWN)
}


@dataclass(frozen=True, slots=True)
class Header:
    """The columns' names, the sign between cells, and the last line that it takes."""

    names: list[str]
    delimiter: str
    line: int


def is_table(start: str, name: str) -> bool:
    """Whether a text that starts so is a table of articles: by its name, or by columns that tell it."""
    if name.endswith((".csv", ".tsv")):
        return True
    first = start.partition("\n")[0].rstrip("\r")
    if not any(sign in first for sign in DELIMITERS) or len(first) > 10_000:
        return False
    names = _cells(first, _delimiter(first))
    known = {key for one in names if (key := _KEYS.get(_plain(one)))}
    # Every cell as short as a name: "Date, source and title of the text are missing." is a sentence.
    return len(known) >= 2 and bool(known & set(_TELLING)) and all(len(one) <= 40 for one in names)


def header_of(lines: Iterator[str], *, path: str) -> Header:
    """Takes the header off the lines. Raises ReadError where there is none."""
    text, number = "", 0
    for number, line in enumerate(lines, start=1):
        text += line.lstrip("\ufeff") if number == 1 else line
        if text.strip() and text.count('"') % 2 == 0:
            break
        if number > MAX_HEADER_LINES or len(text) > 1_000_000:
            break
    text = text.strip("\r\n ").lstrip("\n\r")
    if not text:
        raise ReadError("a header with the columns' names was expected, found an empty file", path=path)
    delimiter = _delimiter(text)
    names = _cells(text, delimiter)
    if len(names) > MAX_COLUMNS:
        found = f"found {len(names):,}; name its columns in the first line"
        raise ReadError(f"at most {MAX_COLUMNS:,} columns were expected, {found}", path=path, line=1)
    return Header(names, delimiter, number)


def keys_of(names: Sequence[str], columns: Mapping[str, str] | None, *, path: str, line: int) -> list[str]:
    """The key of each column; its own name where none is known, so that it is kept in `extra`.

    Raises ReadError where no column holds a title or a text, or a named one is not there.
    """
    keys = [""] * len(names)
    for key, name in (columns or {}).items():
        place = next((n for n, one in enumerate(names) if _plain(one) == _plain(name) or one == name), None)
        if place is None:
            listed = ", ".join(shown_key(one) for one in names[:20])
            raise ReadError(f"a column {shown(name)} for {key} was expected, found {listed}", path=path, line=line)
        keys[place] = key
    for place, key in _told(names, taken=set(keys)):
        keys[place] = keys[place] or key
    _name_the_others(keys, names)
    if not {*keys} & set(_TELLING):
        listed = ", ".join(shown_key(one) for one in names[:20])
        advice = "name a column title and one text, or say which they are"
        raise ReadError(f"a column for the title or the text was expected, found {listed}; {advice}", path=path, line=1)
    return keys


def _told(names: Sequence[str], *, taken: set[str]) -> Iterator[tuple[int, str]]:
    """Places of columns and the keys that their names tell: the archive's own names first, then the others."""
    own = [(place, name) for place, name in enumerate(names) if _plain(name) in {_plain(key) for key in KNOWN}]
    for place, name in (*own, *enumerate(names)):
        key = _KEYS.get(_plain(name))
        if key and key not in taken:
            taken.add(key)
            yield place, key


def _name_the_others(keys: list[str], names: Sequence[str]) -> None:
    """A column that is nothing known keeps its name, and a name that stands twice gets a number."""
    for place, name in enumerate(names):
        if keys[place] or not name.strip():
            continue
        plain = " ".join(name.split())[:100]
        own = plain if plain not in KNOWN and _KEYS.get(plain) is None else f"{plain} (column)"
        numbered = (f"{own} ({number})" for number in range(2, len(names) + 2))
        keys[place] = own if own not in keys else next(one for one in numbered if one not in keys)


def _delimiter(header: str) -> str:
    """The sign outside quotes that parts most names; known ones count first."""
    bare = re.sub(r'"[^"]*"', "", header)

    def rank(sign: str) -> tuple[int, int]:
        known = sum(_plain(one) in _KEYS for one in _cells(header, sign))
        return known if bare.count(sign) else 0, bare.count(sign)

    return max(DELIMITERS, key=rank)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader(line.splitlines(keepends=True), delimiter=delimiter), [])]
    except csv.Error:
        return []
