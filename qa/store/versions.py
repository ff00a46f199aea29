"""Earlier texts of articles, as rows of the catalogue and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from qa.errors import Damaged
from qa.models.archive import Article, Status
from qa.models.notices import Version
from qa.store.engine import Connection, ResultRow
from qa.store.queries import HELD_ARTICLE
from qa.store.rows import adapter, moment, verified_article_of

_HELD = f"SELECT {HELD_ARTICLE}, a.stored_at FROM articles a"


def keep_replaced(connection: Connection, article_id: str, *, title: str, body: str, at: str) -> None:
    """Keeps the live text of an article that another is about to replace, where their words differ.

    What is not as it was stored was never its text.
    """
    row = connection.execute(
        f"{_HELD} WHERE a.id = ? AND a.state = 'live' AND (a.title, a.body) <> (?, ?)", (article_id, title, body)
    ).fetchone()
    if row is None:
        return
    try:
        article = verified_article_of(row)
    except Damaged:
        return
    _insert(connection, article, path=row["path"], stored_at=row["stored_at"], at=at)


def keep_older(connection: Connection, article: Article, *, path: str, at: str) -> bool:
    """Keeps a text that came after the one that replaced it; False where it is kept already."""
    known = connection.execute(
        "SELECT 1 FROM versions WHERE article_id = ? AND digest = ?", (article.article_id, article.digest)
    ).fetchone()
    if known is None:
        _insert(connection, article, path=path, stored_at=at, at=at)
    return known is None


def numbered(rows: Sequence[ResultRow]) -> list[Version]:
    """The versions of one article, numbered from 1: by the moments that the source gives, else as stored.

    `rows` are those whose checksums fit.
    """
    versions = sorted((_version(row, 0) for row in rows), key=lambda version: (_moment(version), version.replaced_at))
    return [replace(version, number=number) for number, version in enumerate(versions, start=1)]


def _moment(version: Version) -> datetime:
    moment = version.article.metadata.revised or version.stored_at or version.replaced_at
    return moment.astimezone(UTC)


def _version(row: ResultRow, number: int) -> Version:
    article = adapter(Article).validate_json(row["record"])
    replaced_at = datetime.fromisoformat(row["replaced_at"])
    return Version(number, article, row["path"], moment(row["stored_at"]), replaced_at)


def _insert(connection: Connection, article: Article, *, path: str, stored_at: str | None, at: str) -> None:
    connection.execute(
        "INSERT INTO versions (article_id, digest, status, record, path, stored_at, replaced_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            article.article_id,
            article.digest,
            Status(article.source.status).value,
            adapter(Article).dump_json(article).decode(),
            path,
            stored_at,
            at,
        ),
    )
