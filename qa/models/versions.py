"""Texts that an article had before: what was changed stays to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qa.models.archive import Article


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier text of an article, with all that its file said then; `path` is where it was read from.

    `stored_at` and `replaced_at`, in UTC, are when the archive took it in, None where that is not known, and when
    another took its place.
    """

    number: int
    article: Article
    path: str
    stored_at: datetime | None
    replaced_at: datetime

    @property
    def digest(self) -> str:
        return self.article.digest
