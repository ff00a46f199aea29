"""Rows of the catalogue: columns, words as they are looked up, which readers may see, and the values they hold."""

import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any, TypeVar

import numpy as np
from pydantic import TypeAdapter

from qa.errors import Damaged
from qa.models.archive import Article, Correction, Metadata, Passage, Source, Span, Status, Withdrawal, time_text
from qa.models.dates import Dates
from qa.models.deliveries import Notice, Version
from qa.protocols import IndexedArticle, Vectors
from qa.store.books import intact
from qa.store.engine import Lexicon, ResultRow
from qa.text.language import primary
from qa.text.terms import stem, without_accents

Value = TypeVar("Value")

adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
"""Reads and writes values of a type as JSON; made once for each."""

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)  # what records, dates or words raise that are none

VERSION = "(SELECT count(*) + 1 FROM versions v WHERE v.article_id = a.id) AS version"
QUOTE_LIMIT = (
    "CASE WHEN json_valid(a.metadata) THEN json_extract(a.metadata, '$.rights.quote_limit') END AS quote_limit"
)
SOURCE_COLUMNS = "id, title, outlet, url, published, language, kind, status, summarises, corrections"
OWN_COLUMNS = "event_date, derived_from, note, extra, body, embargo, withdrawn, metadata"
ARTICLE_COLUMNS = f"{SOURCE_COLUMNS}, {OWN_COLUMNS}, digest, path, original, source"

READABLE = (
    "a.state = 'live' AND a.damaged IS NULL AND a.id NOT IN (SELECT article_id FROM hidden)"
    # The same of the article's own row: the index that `hidden` looks in may be damaged.
    " AND NOT (a.status NOT IN ('live', 'corrected') AND (a.status <> 'embargoed' OR a.embargo > utc_now())"
    " AND NOT EXISTS"
    " (SELECT 1 FROM orders o WHERE o.article_id = a.id AND (o.status <> 'live' OR o.digest = a.digest)))"
)
"""What readers may see, of articles named `a`; part of every query that finds, lists or counts for them."""

IN_ARTICLES = "passages p JOIN articles a ON a.number = p.article"
READABLE_NUMBERS = f"SELECT p.number FROM {IN_ARTICLES} WHERE {READABLE}"
HIDDEN_NUMBERS = f"SELECT p.number FROM {IN_ARTICLES} WHERE a.id IN (SELECT article_id FROM hidden)"

ITEM = "the item "  # before the id or the path of what says so, where no person does

STANDING_CORRECTION = (
    "m.kind = 'correction' AND m.text <> '' AND m.until IS NULL"
    # What an article said that readers may not see now isn't said by its notice, either.
    f" AND NOT EXISTS (SELECT 1 FROM hidden p WHERE m.who = '{ITEM}' || p.article_id)"
    " AND NOT EXISTS (SELECT 1 FROM notices e"
    " WHERE e.article_id = m.article_id AND e.kind = 'correction' AND e.until IS NOT NULL"
    " AND e.text = m.text AND e.number > m.number)"
)
"""A notice `m` that corrects an article, and that no later one with the same words has ended."""
# Of the staff, in the order they were made; the first condition spares nearly all articles the second query.
_STAFF_CORRECTIONS = (
    "CASE WHEN a.id IN (SELECT article_id FROM notices) THEN"
    " (SELECT json_group_array(json_array(CAST(n.text AS TEXT), coalesce(CAST(n.day AS TEXT), ''),"
    f" coalesce((SELECT p.id FROM articles p WHERE p.id = substr(n.who, {len(ITEM) + 1}) AND n.who = '{ITEM}' || p.id"
    " AND p.state = 'live'), ''))) FROM"
    f" (SELECT * FROM notices m WHERE m.article_id = a.id AND {STANDING_CORRECTION} ORDER BY m.number) n)"
    " END"
)
HELD_SOURCE = f"a.{SOURCE_COLUMNS.replace(', ', ', a.')}, NULL AS staff_corrections, {VERSION}, {QUOTE_LIMIT}"
SEEN_SOURCE = HELD_SOURCE.replace("a.status", "'live' AS status").replace("NULL AS", f"{_STAFF_CORRECTIONS} AS")
"""A source as it stands now, for articles that are `READABLE`."""
STAFF_SOURCE = SEEN_SOURCE.replace("'live' AS", "coalesce(h.status, 'live') AS")
"""A source as it stands now, whatever its status, where `hidden h` is joined to the articles."""

STORED = f"a.number, a.digest, a.path, a.status AS stored_status, {OWN_COLUMNS}"
"""What it takes beside the source, as it stands now, to tell whether an article is as it was stored."""
OF_NOBODY = f"article_id NOT IN (SELECT article_id FROM noted) AND NOT {intact('notices')}"
"""Of a notice that is damaged in the id of its article."""
UNNOTICED_IDS = (
    "SELECT article_id FROM noted WHERE article_id NOT IN (SELECT article_id FROM notices)"
    f" OR EXISTS (SELECT 1 FROM notices WHERE {OF_NOBODY})"
)
"""Articles of which a notice was kept that is there no more, or that may be the one of a notice of nobody."""
MISNOTICED_IDS = f"SELECT article_id FROM notices WHERE NOT {intact('notices')} UNION {UNNOTICED_IDS}"
SEEN_ARTICLE = (
    f"{SEEN_SOURCE}, {STORED}, (a.id IN ({UNNOTICED_IDS}) OR EXISTS"
    f" (SELECT 1 FROM notices m WHERE m.article_id = a.id AND NOT {intact('notices', 'm')})) AS misnoticed"
)
STAFF_ARTICLE = f"{STAFF_SOURCE}, {STORED}"
HELD_ARTICLE = f"{HELD_SOURCE}, {STORED}, 0 AS misnoticed"
PASSAGE = f'p.number, p.article, p.start, p."end", p.sentences, {intact("passages", "p")} AS intact'

_log = logging.getLogger(__name__)


def folded(text: str) -> str:
    """Text without case and accents; the catalogue's connections know it as a function of SQL."""
    return text.lower() if text.isascii() else without_accents(text.casefold())


def stemmed(text: str, language: str) -> str:
    """The words of a text without the endings of its language; the catalogue's connections know it as well."""
    return " ".join(stem(word, primary(language)) for word in re.findall(r"\w+", text))


def within(between: Dates, lexicon: Lexicon) -> tuple[str, list[object]]:
    """A condition on publication date, outlet, language and words, and its values."""
    wanted = {
        " AND a.published >= ?": iso(between.first),
        " AND a.published <= ?": iso(between.last),
        # The stroke keeps the end of one name from making a word with the start of the next.
        " AND instr(folded(a.outlet || ' | ' || coalesce(a.summarises, '')), ?) > 0": folded(between.outlet),
        " AND instr(lower(a.language) || '-', ?) = 1": between.language and f"{between.language.lower()}-",
    }
    conditions = "".join(condition for condition, value in wanted.items() if value)
    values: list[object] = list(filter(None, wanted.values()))
    for having, phrases in (("IN", between.phrases), ("NOT IN", between.excluded)):
        conditions += f" AND a.number {having} {lexicon.with_phrase}" * len(phrases)
        values += [lexicon.phrase(phrase) for phrase in phrases]
    return conditions, values


def article_values(item: IndexedArticle) -> tuple[object, ...]:
    """Values in the order of ARTICLE_COLUMNS."""
    article, json_text = item.article, partial(json.dumps, ensure_ascii=False)
    source, withdrawal, metadata = article.source, article.withdrawal, article.metadata
    return (
        source.article_id, source.title, source.outlet, source.url, iso(source.published),
        source.language, source.kind, source.status.value, source.summarises,
        json_text([{"text": correction.text, "date": iso(correction.day)} for correction in source.corrections]),
        article.event_date, article.derived_from, article.note, json_text(dict(article.extra)), article.body,
        iso(article.embargo),
        json_text({"reason": withdrawal.reason, "date": iso(withdrawal.day)}) if withdrawal else None,
        adapter(Metadata).dump_json(metadata, exclude_defaults=True).decode() if metadata != Metadata() else None,
        article.digest, item.path, json.dumps(asdict(item.original)) if item.original else None, item.source,
    )  # fmt: skip


def source_of(row: ResultRow | Mapping[str, Any]) -> Source:
    """From a row with SOURCE_COLUMNS: corrections of the file come first, then those of the staff."""
    corrections = (
        *(Correction(record["text"], day(record["date"])) for record in json.loads(row["corrections"])),
        *(Correction(text, day(on), at) for text, on, at in json.loads(row["staff_corrections"] or "[]")),
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
        metadata=adapter(Metadata).validate_json(row["metadata"]) if row["metadata"] else Metadata(),
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
    text = article.body[row["start"] : row["end"]]
    return Passage(article.source, row["start"], row["end"], text, spans_of(row["sentences"]))


def spans_of(record: str) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in json.loads(record))


def sentences_record(passage: Passage) -> str:
    return json.dumps([[span.start, span.end] for span in passage.sentences])


def json_of(value: Any, *, exclude: set[str] | None = None) -> str:
    """A value of a dataclass as JSON, without the fields to `exclude`."""
    return adapter(type(value)).dump_json(value, exclude=exclude).decode()


def value_of(kind: type[Value], row: ResultRow, **others: Any) -> Value:
    """What a row tells whose columns have the names of the fields; columns of other names are left out."""
    value: Value = adapter(kind).validate_python({name: row[name] for name in row.keys()} | others)  # noqa: SIM118
    return value


def notice_of(row: ResultRow) -> Notice:
    return value_of(Notice, row, by=row["who"])


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
    scaled = vectors / np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-12)
    return bytes(np.rint(scaled * 127).astype(np.int8).tobytes())


def sentence_vectors_of(blob: bytes | None, count: int) -> Vectors:
    """Unit vectors, (count, dimension); (0, 0) where there are none."""
    if not blob:
        return np.zeros((0, 0), np.float32)
    vectors = np.frombuffer(blob, dtype=np.int8).reshape(count, -1).astype(np.float32)
    scaled: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return scaled


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def iso(time: date | datetime | None) -> str | None:
    return time_text(time) if time else None


def numbered(rows: Sequence[ResultRow]) -> list[Version]:
    """The versions of one article, numbered from 1: by the moments that the source gives, else as stored."""
    articles = [adapter(Article).validate_json(row["record"]) for row in rows]
    versions = [value_of(Version, row, number=0, article=article) for row, article in zip(rows, articles, strict=True)]
    versions.sort(key=_moments_of)
    return [replace(version, number=number) for number, version in enumerate(versions, start=1)]


def _moments_of(version: Version) -> tuple[datetime, datetime]:
    moment = version.article.metadata.revised or version.stored_at or version.replaced_at
    return moment.astimezone(UTC), version.replaced_at
