"""What comes in: articles as they were read, and how a run over files ended."""

from __future__ import annotations

from dataclasses import dataclass

from qa.domain.archive import Article


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be read; `line` counts from 1, None where the whole file is meant."""

    path: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """An article as read, with where it stood and what was noticed about it.

    `id_is_derived` says that the file named no id and one was made from its name.
    """

    article: Article
    path: str
    line: int | None = None
    id_is_derived: bool = False
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """How a run over files ended: counts of articles, failures and notices, seconds taken."""

    added: int
    updated: int
    unchanged: int
    failed: tuple[Failure, ...]
    passages: int
    seconds: float
    notices: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a check of the shelf found wrong."""

    article_id: str | None
    what: str
