"""The glossary as it is written down: YAML files beside this one, read once and checked.

An entry has its `term`; `forms`, patterns of the words by which it is found, of which a group, if any, is the word
itself; `except`, patterns of other uses of the same words; its `meaning` in one neutral sentence of each language;
`corresponds`, the nearest term of the other language, and `not_equal`, one that it is mistaken for. `confused` marks
terms that are mistaken so often that every reader is told. A `name` is written with its capitals, and kept in texts of
other languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from qa.models.annotations import LegalTerm

FILES = {
    "spanish_people.yaml": "es",
    "spanish_proceedings.yaml": "es",
    "spanish_institutions.yaml": "es",
    "english.yaml": "en",
}
"""The files, and the language of the terms in each."""


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term and the patterns that find it; `others` find uses of its words that mean something else."""

    term: LegalTerm
    forms: tuple[re.Pattern[str], ...]
    others: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=1)
def glossary() -> tuple[GlossaryEntry, ...]:
    """Every entry, in the order of the files. Raises ValueError where one lacks something."""
    return tuple(entry for name, language in FILES.items() for entry in _entries(name, language))


def _entries(name: str, language: str) -> Iterator[GlossaryEntry]:
    for record in yaml.safe_load(files("qa.text.glossary").joinpath(name).read_text(encoding="utf-8")):
        try:
            yield _entry(record, language)
        except (KeyError, TypeError, re.error) as error:
            raise ValueError(f"{name}: the entry {record!r} can't be used: {error}") from error


def _entry(record: dict[str, object], language: str) -> GlossaryEntry:
    meaning, forms, exceptions = record["meaning"], record["forms"], record.get("except", [])
    if not isinstance(meaning, dict) or not isinstance(forms, list) or not isinstance(exceptions, list) or not forms:
        raise TypeError("meaning has en and es, forms and except are lists")
    is_name = bool(record.get("name", False))
    term = LegalTerm(
        term=str(record["term"]),
        language=language,
        meaning_en=str(meaning["en"]),
        meaning_es=str(meaning["es"]),
        corresponds=str(record["corresponds"]),
        not_equal=str(record["not_equal"]),
        confused=bool(record.get("confused", False)),
        is_name=is_name,
    )
    flags = 0 if is_name else re.IGNORECASE
    return GlossaryEntry(
        term, tuple(_whole(form, flags) for form in forms), tuple(_whole(form, flags) for form in exceptions)
    )


def _whole(form: str, flags: int) -> re.Pattern[str]:
    """A pattern of whole words; any white space, a line break too, stands where it has a space."""
    return re.compile(rf"(?<![\w-])(?:{form})(?!\w)".replace(" ", r"\s+"), flags)
