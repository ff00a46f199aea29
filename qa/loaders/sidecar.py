"""Metadata beside a file: `NAME.meta.yaml` or `NAME.txt.meta.yaml` next to `NAME.txt`."""

from __future__ import annotations

from pathlib import Path

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.encoding import path_text
from qa.loaders.metadata import Facts, facts
from qa.loaders.yaml_mapping import read_mapping

SUFFIX = ".meta.yaml"
PER_ARTICLE = ("id", "title", "text")  # what a sidecar of many articles cannot state


def is_sidecar(name: str) -> bool:
    return name.lower().endswith(SUFFIX)


def read_sidecars(path: Path, *, stem: str, many: bool) -> Facts:
    """What the sidecars of a file state; the one with the file's whole name counts first.

    `stem` is the file's name without what says its format; `many`: it holds more than one article.
    Raises ReadError that names the sidecar and its line, and OSError.
    """
    stated: Facts = {}
    for name in dict.fromkeys((stem, path.name)):
        sidecar = path.with_name(name + SUFFIX)
        if sidecar.is_file():
            stated = {**stated, **_read(sidecar, many=many)}
    return stated


def partner_exists(sidecar: Path) -> bool:
    """Whether a file stands beside it that it describes."""
    name = sidecar.name[: -len(SUFFIX)]
    siblings = (path.name for path in sidecar.parent.iterdir() if path != sidecar)
    return any(sibling == name or sibling.startswith(f"{name}.") for sibling in siblings)


def _read(sidecar: Path, *, many: bool) -> Facts:
    place = path_text(sidecar)
    mapping = read_mapping(Document.of_file(sidecar).text().text, path=place)
    stated = facts(mapping.values, lines=mapping.lines, path=place)
    for key in PER_ARTICLE if many else ():
        if key in stated:
            reason = f"metadata that fit many articles were expected, found {key}; put it into each"
            raise ReadError(reason, path=place, line=stated[key].line)
    return stated
