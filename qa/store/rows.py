"""Articles and passages as rows of the catalogue, and back."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from qa.errors import Damaged
from qa.models.annotations import Annotations
from qa.models.archive import (
    NO_METADATA,
    Article,
    Correction,
    ListedArticle,
    Metadata,
    Origins,
    Passage,
    Source,
    Span,
    Status,
    Withdrawal,
    moment_text,
)
from qa.models.deliveries import Original
from qa.models.notices import Standing
from qa.protocols import PassageVectors, Vectors
from qa.store.engine import ResultRow

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Value = TypeVar("Value")

SMALLEST = 1e-12

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
"""What damaged records are read with: JSON that is none, dates that are none, words that are none of the known."""

_log = logging.getLogger(__name__)

VERSION = "(SELECT count(*) + 1 FROM versions v WHERE v.article_id = a.id) AS version"
QUOTE_LIMIT = (
    "CASE WHEN json_valid(a.metadata) THEN json_extract(a.metadata, '$.rights.quote_limit') END AS quote_limit"
)
SOURCE_COLUMNS = "id, title, outlet, url, published, language, kind, status, summarises, corrections"
OWN_COLUMNS = "event_date, derived_from, note, extra, body, embargo, withdrawn, metadata"
ARTICLE_COLUMNS = f"{SOURCE_COLUMNS}, {OWN_COLUMNS}"
STORED_PASSAGE = 'start, "end", sentences, vector'


def article_values(article: Article) -> tuple[object, ...]:
    """Values in the order of ARTICLE_COLUMNS."""
    source, withdrawal = article.source, article.withdrawal
    return (
        source.article_id, source.title, source.outlet, source.url, _iso(source.published),
        source.language, source.kind, source.status.value, source.summarises,
        _json([{"text": correction.text, "date": _iso(correction.day)} for correction in source.corrections]),
        article.event_date, article.derived_from, article.note, _json(dict(article.extra)), article.body,
        moment_text(article.embargo) if article.embargo else None,
        _json({"reason": withdrawal.reason, "date": _iso(withdrawal.day)}) if withdrawal else None,
        adapter(Metadata).dump_json(article.metadata, exclude_defaults=True).decode() if article.metadata != NO_METADATA
        else None,
    )  # fmt: skip


def original_record(original: Original | None) -> str | None:
    return _json({"sha256": original.sha256, "inside": original.inside}) if original else None


def original_of(record: str | None) -> Original | None:
    """What an article was read from; None where it was stored before that was noted."""
    return Original(**json.loads(record)) if record else None


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def source_of(row: ResultRow | Mapping[str, Any]) -> Source:
    """From a row with SOURCE_COLUMNS; one that is live and has corrections is corrected."""
    corrections = _corrections_of(row)
    status = Status(row["status"])
    return Source(
        article_id=row["id"],
        title=row["title"],
        outlet=row["outlet"],
        url=row["url"],
        published=day(row["published"]),
        language=row["language"],
        kind=row["kind"],
        status=Status.CORRECTED if status is Status.LIVE and corrections else status,
        summarises=row["summarises"],
        corrections=corrections,
        version=row["version"],
        quote_limit=None if row["quote_limit"] is None else int(row["quote_limit"]),
    )


def _corrections_of(row: ResultRow | Mapping[str, Any]) -> tuple[Correction, ...]:
    """The file's corrections, then those of the staff in the order they were made."""
    by_file = tuple(Correction(record["text"], day(record["date"])) for record in json.loads(row["corrections"]))
    by_staff = json.loads(row["staff_corrections"] or "[]")
    return by_file + tuple(Correction(text, day(made_on or None)) for text, made_on in by_staff)


def listed_of(row: ResultRow) -> ListedArticle:
    return ListedArticle(source_of(row), row["event_date"])


def origins_of(rows: Sequence[ResultRow]) -> Origins:
    """From rows with `outlet` and `language`."""
    outlets, languages = {row["outlet"] for row in rows}, {row["language"] for row in rows}
    return Origins(tuple(sorted(outlets - {""}, key=str.casefold)), tuple(sorted(languages - {""})))


def article_of(row: ResultRow) -> Article:
    return Article(
        source=source_of(row),
        body=row["body"],
        event_date=row["event_date"],
        derived_from=row["derived_from"],
        note=row["note"],
        extra=json.loads(row["extra"]),
        embargo=moment(row["embargo"]),
        withdrawal=_withdrawal(row["withdrawn"]),
        metadata=metadata_of(row["metadata"]),
    )


def verified_article_of(row: ResultRow) -> Article:
    """From a row with the columns `STORED` too. Raises Damaged where it is not as it was stored."""
    try:
        article = article_of(row)
        stored = replace(article, source=source_of(_as_stored(row)))
        if stored.digest == row["digest"]:
            return article
    except UNREADABLE:
        pass
    raise Damaged(row["id"])


def _as_stored(row: ResultRow) -> dict[str, Any]:
    """The row with the source as the article's file has it, without what the staff said since."""
    values = {name: row[name] for name in row.keys()}  # noqa: SIM118 — a row of SQLite iterates its values
    return values | {"status": row["stored_status"], "staff_corrections": None}


def readable_of(make: Callable[[ResultRow], Value], rows: Iterable[ResultRow]) -> list[Value]:
    """What can be made of rows; those that are too damaged to be read are left out."""
    values = []
    for row in rows:
        try:
            values.append(make(row))
        except UNREADABLE:
            _log.error("%s is damaged and was left out. Run `qa check`.", row["id"])
    return values


def metadata_of(record: str | None) -> Metadata:
    return adapter(Metadata).validate_json(record) if record else NO_METADATA


def standing_of(row: ResultRow) -> Standing:
    """From a row with the source's columns as they stand now, `reason`, `day` and `until`."""
    return Standing(source_of(row).status, row["reason"] or "", day(row["day"]), moment(row["until"]))


def _withdrawal(text: str | None) -> Withdrawal | None:
    record = json.loads(text) if text else None
    return Withdrawal(record["reason"], day(record["date"])) if record else None


def passage_of(row: ResultRow, article: Article) -> Passage:
    """From a row with `start`, `end` and `sentences`: a passage is cut from the body, and has no text of its own."""
    spans = tuple(Span(start, end) for start, end in json.loads(row["sentences"]))
    return Passage(article.source, row["start"], row["end"], article.body[row["start"] : row["end"]], spans)


def passage_values(passage: Passage, vectors: PassageVectors) -> tuple[object, ...]:
    """Values in the order of STORED_PASSAGE."""
    return passage.start, passage.end, sentences_record(passage), vector_bytes(vectors.passage)


def sentences_record(passage: Passage) -> str:
    return json.dumps([[span.start, span.end] for span in passage.sentences])


def annotations_record(annotations: Annotations) -> str:
    return adapter(Annotations).dump_json(annotations).decode()


def annotations_of(record: str) -> Annotations:
    return adapter(Annotations).validate_json(record)


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
    if not blobs:
        return np.zeros((0, 0), dtype=np.float32)
    return np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(blobs), -1).astype(np.float32)


def sentence_bytes(vectors: Vectors) -> bytes:
    """One signed byte a dimension: a tenth of a thousandth of a cosine, a quarter of the room of half precision."""
    scaled = vectors / np.maximum(np.abs(vectors).max(axis=1, keepdims=True), SMALLEST)
    return bytes(np.rint(scaled * 127).astype(np.int8).tobytes())


def sentence_vectors_of(blob: bytes, count: int) -> Vectors:
    """Unit vectors, (count, dimension)."""
    vectors = np.frombuffer(blob, dtype=np.int8).reshape(count, -1).astype(np.float32)
    scaled: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), SMALLEST)
    return scaled


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
