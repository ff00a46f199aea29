"""Articles and passages as rows of the catalogue, and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date

import numpy as np

from qa.domain.archive import Article, Passage, Source, Span, Status
from qa.domain.listing import Listed, Origins
from qa.ports import Vectors

SOURCE_COLUMNS = "id, title, outlet, url, published, language, kind, status, summarises"
ARTICLE_COLUMNS = f"{SOURCE_COLUMNS}, event_date, derived_from, note, extra, body"


def article_values(article: Article) -> tuple[object, ...]:
    """Values in the order of ARTICLE_COLUMNS."""
    source = article.source
    return (
        source.article_id, source.title, source.outlet, source.url,
        source.published.isoformat() if source.published else None,
        source.language, source.kind, source.status.value, source.summarises,
        article.event_date, article.derived_from, article.note,
        json.dumps(dict(article.extra), ensure_ascii=False), article.body,
    )  # fmt: skip


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def source_of(row: sqlite3.Row) -> Source:
    return Source(
        article_id=row["id"],
        title=row["title"],
        outlet=row["outlet"],
        url=row["url"],
        published=day(row["published"]),
        language=row["language"],
        kind=row["kind"],
        status=Status(row["status"]),
        summarises=row["summarises"],
    )


def listed_of(row: sqlite3.Row) -> Listed:
    return Listed(source_of(row), row["event_date"])


def origins_of(rows: Sequence[sqlite3.Row]) -> Origins:
    """From rows with `outlet` and `language`."""
    outlets, languages = {row["outlet"] for row in rows}, {row["language"] for row in rows}
    return Origins(tuple(sorted(outlets - {""}, key=str.casefold)), tuple(sorted(languages - {""})))


def article_of(row: sqlite3.Row) -> Article:
    return Article(
        source=source_of(row),
        body=row["body"],
        event_date=row["event_date"],
        derived_from=row["derived_from"],
        note=row["note"],
        extra=json.loads(row["extra"]),
    )


def passage_of(row: sqlite3.Row) -> Passage:
    """From a row with the source's columns, `start`, `end`, `sentences` and `text`."""
    spans = tuple(Span(start, end) for start, end in json.loads(row["sentences"]))
    return Passage(source_of(row), row["start"], row["end"], row["text"], spans)


def sentences_text(passage: Passage) -> str:
    return json.dumps([[span.start, span.end] for span in passage.sentences])


def vector_bytes(vector: Vectors) -> bytes:
    """Half precision: a quarter of a thousandth of a cosine, half the room."""
    return vector.astype("<f2").tobytes()


def vectors_of(blobs: list[bytes]) -> Vectors:
    """(len(blobs), dimension), as float32; (0, 0) where there are none."""
    if not blobs:
        return np.zeros((0, 0), dtype=np.float32)
    return np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(blobs), -1).astype(np.float32)
