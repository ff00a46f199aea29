"""Where the archive's articles come from, as `archive.toml` says."""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from qa.errors import SettingsError
from qa.ingestion.reconcile import Authority
from qa.loaders.metadata import Defaults
from qa.loaders.registry import BY_NAME
from qa.models.deliveries import Delivery, Record, WireNotice

READING = 1
"""Raised when readers come to read files otherwise: every file is then read again."""

_EXAMPLE = 'such as:\n[[source]]\nname = "wire"\npaths = ["wire/"]'


class SourceList(BaseModel):
    """One source of articles: files, folders and patterns, feeds, or both.

    `outlet` is that of all its articles, whatever they say; `default_outlet` of those that name none. The ids of its
    articles begin with `id_prefix`. Its notices act on articles of the sources `notices_for` too. Its feeds may be at
    addresses that are not public where their host is one of `intranet_hosts`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    paths: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    intranet_hosts: tuple[str, ...] = ()
    id_prefix: Annotated[str, Field(max_length=100)] = ""
    notices_for: tuple[str, ...] = ()
    format: str | None = None
    columns: dict[str, str] = {}
    outlet: str | None = None
    default_outlet: str | None = None
    language: str | None = None
    kind: str | None = None
    published: date | None = None
    copyright_holder: str | None = None
    copyright_notice: str | None = None
    usage_terms: str | None = None
    quote_limit: Annotated[int, Field(ge=0)] | None = None
    redistribution: bool | None = None

    @field_validator("format")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        if name is not None and name not in BY_NAME:
            raise ValueError(f"a format was expected, one of: {', '.join(BY_NAME)}")
        return name

    @field_validator("feeds")
    @classmethod
    def _addresses(cls, feeds: tuple[str, ...]) -> tuple[str, ...]:
        for feed in feeds:
            if not feed.startswith(("http://", "https://")):
                raise ValueError(f"an address that begins with http:// or https:// was expected, found {feed!r}")
        return feeds

    @property
    def defaults(self) -> Defaults:
        names = Defaults.__dataclass_fields__
        known = {name: value for name, value in self.model_dump().items() if name in names}
        return Defaults(**{**known, "outlet": self.outlet or self.default_outlet})

    def delivered(self, record: Record) -> Record:
        """A record as this source's own: under its name, its ids and its outlet."""
        if isinstance(record, WireNotice):
            return replace(record, source=self.name)
        if not isinstance(record, Delivery):
            return record
        source = record.article.source
        renamed = replace(source, article_id=self.id_prefix + source.article_id, outlet=self.outlet or source.outlet)
        if self.outlet and self.kind != "summary":
            renamed = replace(renamed, summarises=None)  # a summary is credited to what it says it summarises
        orders = tuple(replace(order, source=self.name) for order in record.orders)
        return replace(record, article=replace(record.article, source=renamed), orders=orders, source=self.name)

    @property
    def reading(self) -> str:
        """Equal for equal ways of reading: files that were read in another way are read again."""
        options = self.model_dump_json(exclude={"name", "paths", "feeds", "intranet_hosts"})
        return f"{READING}:{hashlib.sha256(options.encode()).hexdigest()[:16]}"


def read_sources(path: Path) -> list[SourceList]:
    """The sources that a file names; their paths are beside it. Raises SettingsError, which names file and key."""
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        reason = f"There is no {path}. Write one that names the sources of the archive, {_EXAMPLE}"
        raise SettingsError(reason) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} can't be read as TOML: {error}. Correct it there.") from None
    if listed.keys() != {"source"} or not isinstance(listed["source"], list) or not listed["source"]:
        raise SettingsError(f"{path}: tables named [[source]] were expected, and nothing else, {_EXAMPLE}")
    sources = [_source(table, number, path) for number, table in enumerate(listed["source"], start=1)]
    names = Counter(source.name for source in sources)
    if twice := next((name for name, count in names.items() if count > 1), None):
        raise SettingsError(f"{path}: two sources are named {twice!r}. Give one of them another name.")
    if unknown := sorted({name for source in sources for name in source.notices_for} - names.keys()):
        raise SettingsError(f"{path}, notices_for: names of sources were expected, found {unknown[0]!r}.")
    return sources


def authority_of(sources: Sequence[SourceList]) -> Authority:
    """What the list of sources lets each of them do to articles of the others."""
    return Authority(
        listed=frozenset(source.name for source in sources),
        prefixes={source.name: source.id_prefix for source in sources},
        notices_for={source.name: source.notices_for for source in sources},
    )


def _source(table: dict[str, Any], number: int, path: Path) -> SourceList:
    try:
        source = SourceList.model_validate(table)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, flaw['loc'])) or 'source'}: {flaw['msg']}" for flaw in error.errors())
        raise SettingsError(f"{path}, source {number}: {wrong}. docs/formats.md lists what a source can say.") from None
    if not source.paths and not source.feeds:
        raise SettingsError(f"{path}, source {number} ({source.name}): paths or feeds were expected, found neither.")
    beside = tuple(str(path.parent / pattern) for pattern in source.paths)
    return source.model_copy(update={"paths": beside})
