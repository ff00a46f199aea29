"""Articles, their earlier texts and passages as rows of the catalogue, and back."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from qa.errors import Damaged
from qa.models.archive import (
    NO_METADATA,
    Article,
    Correction,
    Metadata,
    Passage,
    Source,
    Span,
    Status,
    Withdrawal,
    moment_text,
)
from qa.models.notices import Version
from qa.protocols import Vectors
from qa.store.engine import Connection, ResultRow

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Value = TypeVar("Value")

SMALLEST = 1e-12

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
"""What damaged records are read with: JSON that is none, dates that are none, words that are none of the known."""

VERSION = "(SELECT count(*) + 1 FROM versions v WHERE v.article_id = a.id) AS version"
QUOTE_LIMIT = (
    "CASE WHEN json_valid(a.metadata) THEN json_extract(a.metadata, '$.rights.quote_limit') END AS quote_limit"
)
SOURCE_COLUMNS = "id, title, outlet, url, published, language, kind, status, summarises, corrections"
OWN_COLUMNS = "event_date, derived_from, note, extra, body, embargo, withdrawn, metadata"
ARTICLE_COLUMNS = f"{SOURCE_COLUMNS}, {OWN_COLUMNS}"

_log = logging.getLogger(__name__)


def article_values(article: Article) -> tuple[object, ...]:
    """Values in the order of ARTICLE_COLUMNS."""
    source, withdrawal = article.source, article.withdrawal
    return (
        source.article_id, source.title, source.outlet, source.url, iso(source.published),
        source.language, source.kind, source.status.value, source.summarises,
        _json([{"text": correction.text, "date": iso(correction.day)} for correction in source.corrections]),
        article.event_date, article.derived_from, article.note, _json(dict(article.extra)), article.body,
        iso_moment(article.embargo),
        _json({"reason": withdrawal.reason, "date": iso(withdrawal.day)}) if withdrawal else None,
        adapter(Metadata).dump_json(article.metadata, exclude_defaults=True).decode() if article.metadata != NO_METADATA
        else None,
    )  # fmt: skip


def source_of(row: ResultRow | Mapping[str, Any]) -> Source:
    """From a row with SOURCE_COLUMNS: corrections of the file come first, then those of the staff."""
    corrections = (
        *(Correction(record["text"], day(record["date"])) for record in json.loads(row["corrections"])),
        *(Correction(text, day(on)) for text, on in json.loads(row["staff_corrections"] or "[]")),
    )
    status = Status(row["status"])
    return Source(
        article_id=row["id"],
        **{name: row[name] for name in ("title", "outlet", "url", "language", "kind", "summarises", "version")},
        published=day(row["published"]),
        status=Status.CORRECTED if status is Status.LIVE and corrections else status,
        corrections=corrections,
        quote_limit=None if row["quote_limit"] is None else int(row["quote_limit"]),
    )


def article_of(row: ResultRow) -> Article:
    withdrawn = json.loads(row["withdrawn"] or "null")
    return Article(
        source=source_of(row),
        **{name: row[name] for name in ("body", "event_date", "derived_from", "note")},
        extra=json.loads(row["extra"]),
        embargo=moment(row["embargo"]),
        withdrawal=Withdrawal(withdrawn["reason"], day(withdrawn["date"])) if withdrawn else None,
        metadata=adapter(Metadata).validate_json(row["metadata"]) if row["metadata"] else NO_METADATA,
    )


def verified_article_of(row: ResultRow) -> Article:
    """From a row with the columns `STORED` too. Raises Damaged where it is not as it was stored."""
    try:
        article = article_of(row)
        stored = source_of(dict(row) | {"status": row["stored_status"], "staff_corrections": None})
        if replace(article, source=stored).digest == row["digest"]:
            return article
    except UNREADABLE:
        pass
    raise Damaged(row["id"])


def readable_of(make: Callable[[ResultRow], Value], rows: Iterable[ResultRow]) -> list[Value]:
    """What can be made of rows; those that are too damaged to be read are left out."""
    values = []
    for row in rows:
        try:
            values.append(make(row))
        except UNREADABLE:
            _log.error("%s is damaged and was left out. Run `qa check`.", row["id"])
    return values


def passage_of(row: ResultRow, article: Article) -> Passage:
    """From a row with `start`, `end` and `sentences`: a passage is cut from the body, and has no text of its own."""
    spans = tuple(Span(start, end) for start, end in json.loads(row["sentences"]))
    return Passage(article.source, row["start"], row["end"], article.body[row["start"] : row["end"]], spans)


def sentences_record(passage: Passage) -> str:
    return json.dumps([[span.start, span.end] for span in passage.sentences])


def adapter(kind: type[Value]) -> TypeAdapter[Value]:
    """Reads and writes values of a type as JSON; made once for each."""
    return _adapter(kind)  # type: ignore[arg-type]  # a type is hashable


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # it takes a tenth of a second, and most commands don't need it

    return TypeAdapter(kind)


class HalfVector(bytes):
    """A vector in half precision, two bytes a dimension, the lower one first: PostgreSQL has a type for such."""


def vector_bytes(vector: Vectors) -> HalfVector:
    """Half precision: a quarter of a thousandth of a cosine, half the room."""
    return HalfVector(vector.astype("<f2").tobytes())


def vectors_of(blobs: list[bytes]) -> Vectors:
    """(len(blobs), dimension), as float32; (0, 0) where there are none."""
    return np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(blobs), -1 if blobs else 0).astype(np.float32)


def sentence_bytes(vectors: Vectors) -> bytes:
    """One signed byte a dimension: a tenth of a thousandth of a cosine, a quarter of the room of half precision."""
    scaled = vectors / np.maximum(np.abs(vectors).max(axis=1, keepdims=True), SMALLEST)
    return bytes(np.rint(scaled * 127).astype(np.int8).tobytes())


def sentence_vectors_of(blob: bytes, count: int) -> Vectors:
    """Unit vectors, (count, dimension)."""
    vectors = np.frombuffer(blob, dtype=np.int8).reshape(count, -1).astype(np.float32)
    scaled: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), SMALLEST)
    return scaled


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def iso_moment(moment: datetime | None) -> str | None:
    return moment_text(moment) if moment else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def keep_version(connection: Connection, article: Article, *, path: str, stored_at: str | None, at: str) -> None:
    record = adapter(Article).dump_json(article).decode()
    connection.execute(
        "INSERT INTO versions (article_id, digest, status, record, path, stored_at, replaced_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (article.article_id, article.digest, article.source.status.value, record, path, stored_at, at),
    )


def numbered(rows: Sequence[ResultRow]) -> list[Version]:
    """The versions of one article, numbered from 1: by the moments that the source gives, else as stored."""
    versions = [
        Version(
            *(0, adapter(Article).validate_json(row["record"]), row["path"]),
            *(moment(row["stored_at"]), datetime.fromisoformat(row["replaced_at"])),
        )
        for row in rows
    ]
    versions.sort(key=lambda version: (_moment_of(version), version.replaced_at))
    return [replace(version, number=number) for number, version in enumerate(versions, start=1)]


def _moment_of(version: Version) -> datetime:
    return (version.article.metadata.revised or version.stored_at or version.replaced_at).astimezone(UTC)
