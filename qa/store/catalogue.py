"""The catalogue: the one truth about what the archive holds."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import Damaged, Withdrawn
from qa.models.annotations import Annotations
from qa.models.archive import Article, Coverage, ListedArticle, Origins, Passage, Source
from qa.models.dates import ALWAYS, Dates
from qa.models.deliveries import Original
from qa.models.notices import Standing, Version
from qa.protocols import Stored, Vectors
from qa.store import queries
from qa.store.checksums import intact
from qa.store.database import not_held
from qa.store.engine import Engine, ResultRow
from qa.store.queries import READABLE, within
from qa.store.rows import (
    UNREADABLE,
    annotations_of,
    day,
    listed_of,
    moment,
    original_of,
    origins_of,
    passage_of,
    readable_of,
    sentence_vectors_of,
    sentences_record,
    source_of,
    standing_of,
    vectors_of,
    verified_article_of,
)
from qa.store.versions import numbered
from qa.store.writer import CatalogueWriter

_DATED = "CASE WHEN date(a.published) = a.published THEN a.published END"
"""The date of publication; a damaged one that is none doesn't count."""


_SET_ASIDE = "SELECT 1 FROM articles WHERE id = ? AND damaged IS NOT NULL AND id NOT IN (SELECT article_id FROM hidden)"


_log = logging.getLogger(__name__)


class Catalogue(CatalogueWriter):
    """Articles, passages, their vectors and the lexical index.

    What is damaged is left out of what is found and shown; the log names it, once.
    """

    def __init__(self, place: Path | Engine, **more: Any) -> None:
        super().__init__(place, **more)
        self._logged: set[int] = set()

    # — what is known of the archive as a whole —

    def coverage(self) -> Coverage:
        (row,) = self.rows(
            f"SELECT count(*) AS articles, min({_DATED}) AS first, max({_DATED}) AS last FROM articles a"
            f" WHERE {READABLE}"
        )
        return Coverage(row["articles"], day(row["first"]), day(row["last"]))

    def sources(self) -> list[tuple[Source, str]]:
        """Every sound article, readable or not, as it stands now, and the path it was read from; by id."""
        rows = self.rows(
            f"SELECT {queries.STAFF_SOURCE}, a.path FROM articles a LEFT JOIN hidden h ON h.article_id = a.id"
            " WHERE a.state = 'live' AND a.damaged IS NULL ORDER BY a.id"
        )
        return readable_of(lambda row: (source_of(row), row["path"]), rows)

    def newest_titles(self, limit: int) -> list[str]:
        """Headlines of the newest readable articles that are dated, newest first."""
        rows = self.rows(
            f"SELECT {queries.SEEN_ARTICLE} FROM articles a WHERE a.published IS NOT NULL AND {READABLE}"
            " ORDER BY a.published DESC, a.title DESC LIMIT ?",
            (2 * limit,),
        )
        return [article.source.title for _, article in self.verified_articles(rows)][:limit]

    def listed(self, between: Dates = ALWAYS) -> list[ListedArticle]:
        condition, values = within(between, self.lexicon)
        rows = self.rows(f"{queries.LISTED} {condition} ORDER BY a.id", values)
        misnoticed = self.misnoticed()
        return [article for article in readable_of(listed_of, rows) if article.source.article_id not in misnoticed]

    def origins(self) -> Origins:
        return origins_of(self.rows(queries.ORIGINS))

    def event_dates(self, article_ids: Iterable[str]) -> dict[str, str]:
        rows = self.rows_of(f"{queries.EVENT_DATES} AND a.id IN (…)", list(article_ids))
        return {row["id"]: row["event_date"] for row in rows}

    def article(self, article_id: str) -> Article:
        """One that readers may see, as it was stored. Raises NotFound, Withdrawn, Damaged."""
        rows = self.rows(f"SELECT {queries.SEEN_ARTICLE} FROM articles a WHERE a.id = ? AND {READABLE}", (article_id,))
        if rows:
            return self.verified(rows[0])
        withdrawn = self.rows("SELECT * FROM hidden WHERE article_id = ? AND status = 'withdrawn'", (article_id,))
        if withdrawn:
            raise Withdrawn(article_id, reason=withdrawn[0]["reason"], day=day(withdrawn[0]["day"]))
        if self.rows(_SET_ASIDE, (article_id,)):
            raise Damaged(article_id)
        raise not_held(article_id)

    def versions(self, article_id: str) -> list[Version]:
        """Earlier texts of an article, the oldest first; those that are damaged are left out."""
        return numbered(
            self.rows(f"SELECT * FROM versions WHERE article_id = ? AND {intact('versions')}", (article_id,))
        )

    def read_from(self, article_id: str) -> Original | None:
        """What an article was read from; None where that was not noted. Raises NotFound."""
        return original_of(self._row(article_id, "SELECT a.original FROM articles a")["original"])

    def stored_at(self, article_id: str) -> datetime | None:
        """When its text was stored; None where that was not noted. Raises NotFound."""
        return moment(self._row(article_id, "SELECT a.stored_at FROM articles a")["stored_at"])

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        """What is stored with these articles; only of those that readers may see."""
        rows = self.rows_of(f"{queries.ANNOTATED} AND a.id IN (…)", list(article_ids))
        return dict(readable_of(lambda row: (row["id"], annotations_of(row["record"])), rows))

    def with_standing(self, article_id: str) -> tuple[Article, Standing]:
        """For the staff: an article as it stands now, readable or not. Raises NotFound, Damaged."""
        columns = f"{queries.STAFF_ARTICLE}, h.reason, h.day, h.until"
        row = self._row(article_id, f"SELECT {columns} FROM articles a LEFT JOIN hidden h ON h.article_id = a.id")
        try:
            return verified_article_of(row), standing_of(row)
        except UNREADABLE:
            raise Damaged(article_id) from None

    def original(self, article_id: str) -> Article:
        """An article as its file has it, without what the staff said since. Raises NotFound, Damaged."""
        return verified_article_of(self._row(article_id, f"SELECT {queries.HELD_ARTICLE} FROM articles a"))

    def existing_id(self, article_id: str) -> str:
        """The id of an article that is held, damaged or not. Raises NotFound."""
        return str(self._row(article_id, "SELECT a.id FROM articles a")["id"])

    def _row(self, article_id: str, sql: str) -> ResultRow:
        """The row of an article that is held, of a query that needs but the condition. Raises NotFound."""
        rows = self.rows(f"{sql} WHERE a.id = ? AND a.state = 'live'", (article_id,))
        if not rows:
            raise not_held(article_id)
        return rows[0]

    def stored(self, article_ids: Iterable[str]) -> dict[str, Stored]:
        """What is known of each of these articles that is live."""
        known = f"SELECT {queries.HELD_ARTICLE}, a.damaged FROM articles a WHERE a.state = 'live' AND a.id IN (…)"
        return {row["id"]: _stored(row) for row in self.rows_of(known, list(article_ids))}

    def owners(self, article_ids: Iterable[str]) -> dict[str, str]:
        """The source of each of these ids that is held, or of which a notice is kept."""
        ids = list(article_ids)
        noted = self.rows_of("SELECT article_id AS id, source FROM noted WHERE article_id IN (…)", ids)
        sources = {row["id"]: row["source"] for row in noted}
        live = self.rows_of("SELECT id, source FROM articles WHERE state = 'live' AND id IN (…)", ids)
        return sources | {row["id"]: row["source"] for row in live}

    def erased(self, article_ids: Iterable[str]) -> set[str]:
        """Those of the ids whose text the staff had taken off the disk, and not let in again since."""
        rows = self.rows_of(
            "SELECT article_id FROM orders WHERE kind = 'erasure' AND article_id IN (…)", list(article_ids)
        )
        return {row["article_id"] for row in rows}

    # — finding —

    def vectors(self, numbers: Sequence[int]) -> tuple[list[int], Vectors]:
        """Stored vectors by number, pending ones too; those that are gone or damaged are left out."""
        sql = f"SELECT number, vector FROM passages WHERE number IN (…) AND {intact('passages')}"
        rows = list(self.readable_rows_of(sql, numbers))
        return [row["number"] for row in rows], vectors_of([row["vector"] for row in rows])

    def readable_vectors(self, numbers: Sequence[int], *, between: Dates) -> tuple[list[int], Vectors]:
        """Those of the vectors that belong to readable articles within the dates."""
        condition, values = within(between, self.lexicon)
        sql = (
            "SELECT p.number, p.vector FROM passages p JOIN articles a ON a.number = p.article"
            f" WHERE {READABLE} {condition} AND p.number IN (…) AND {intact('passages', 'p')}"
        )
        rows = list(self.readable_rows_of(sql, numbers, first=values))
        self.require_same()
        return [row["number"] for row in rows], vectors_of([row["vector"] for row in rows])

    def sentence_vectors(self, passages: Sequence[Passage]) -> list[Vectors]:
        """Of each passage's sentences, (sentences, dimension); (0, 0) where they are gone or damaged."""
        rows = self.readable_rows_of(
            'SELECT a.id, p.start, p."end", p.sentences, v.vectors FROM sentence_vectors v'
            " JOIN passages p ON p.number = v.passage JOIN articles a ON a.number = p.article"
            f" WHERE {READABLE} AND {intact('sentence_vectors', 'v')} AND a.id IN (…)",
            sorted({passage.source.article_id for passage in passages}),
        )
        # Another version of the article may have come in between: its sentences are others.
        blobs = {(row["id"], row["start"], row["end"], row["sentences"]): row["vectors"] for row in rows}
        self.require_same()
        stored = [
            blobs.get((passage.source.article_id, passage.start, passage.end, sentences_record(passage)))
            for passage in passages
        ]
        return [
            sentence_vectors_of(blob, len(passage.sentences)) if blob else np.zeros((0, 0), dtype=np.float32)
            for passage, blob in zip(passages, stored, strict=True)
        ]

    def passages(self, numbers: Sequence[int], *, between: Dates) -> dict[int, Passage]:
        """Passages by number, those of readable articles within the dates, cut from bodies that are as stored."""
        condition, values = within(between, self.lexicon)
        return self.verified_passages(numbers, f"{READABLE} {condition}", values, queries.SEEN_ARTICLE)

    def numbers(self, *, after: int = 0) -> list[int]:
        """Numbers of passages held, in order: an article that readers may not see today they may see tomorrow."""
        sql = f"{queries.HELD_NUMBERS} AND p.number > ? ORDER BY p.number"
        return [row["number"] for row in self.rows(sql, (after,))]

    def newest_number(self) -> int:
        """The highest number of any passage."""
        (row,) = self.rows("SELECT coalesce(max(number), 0) AS number FROM passages")
        return int(row["number"])

    def count_held(self, *, until: int) -> int:
        """How many passages are held with numbers up to that one."""
        # The plus keeps SQLite from reading the passages themselves: their articles' index has all numbers.
        (row,) = self.rows(f"SELECT count(*) AS n FROM ({queries.HELD_NUMBERS} AND +p.number <= ?)", (until,))
        return int(row["n"])

    def readable_numbers(self, *, between: Dates = ALWAYS) -> list[int]:
        """Numbers of the passages of readable articles within the dates, in order."""
        condition, values = within(between, self.lexicon)
        rows = self.rows(f"{queries.READABLE_NUMBERS} {condition} ORDER BY p.number", values)
        return [row["number"] for row in rows]

    def path(self, article_id: str) -> str:
        """Where an article was read from. Raises NotFound."""
        stored = self.stored([article_id])
        return stored[article_id].path if stored else self.original(article_id).article_id

    def passage_ids(self, article_id: str) -> list[str]:
        """Ids of an article's passages, in order. Raises NotFound."""
        rows = self.rows(
            'SELECT p.start, p."end" FROM passages p JOIN articles a ON a.number = p.article'
            " WHERE a.id = ? AND a.state = 'live' ORDER BY p.start",
            (self.existing_id(article_id),),
        )
        return [f"{article_id}:{row['start']}-{row['end']}" for row in rows]

    def has_pending(self) -> bool:
        return bool(self.rows("SELECT 1 FROM articles WHERE state = 'pending' LIMIT 1"))

    def passage_count(self) -> int:
        (row,) = self.rows(f"SELECT count(*) AS n FROM passages WHERE number NOT IN ({queries.HIDDEN_NUMBERS})")
        return int(row["n"])

    # — only what is as it was stored —

    def verified(self, row: ResultRow) -> Article:
        """The article of a row, if it is as it was stored, and what the staff said of it too. Raises Damaged."""
        try:
            article = verified_article_of(row)
            if row["misnoticed"]:
                raise Damaged(article.article_id)
        except Damaged as error:
            if row["number"] not in self._logged:
                self._logged.add(row["number"])
                _log.error("%s", error)
            raise
        return article

    def verified_articles(self, rows: Iterable[ResultRow]) -> Iterator[tuple[int, Article]]:
        """Articles by their numbers, those left out that are damaged."""
        for row in rows:
            try:
                yield row["number"], self.verified(row)
            except Damaged:
                continue

    def misnoticed(self) -> set[str]:
        """Ids of articles of which a notice is not as it was written: it isn't sure what the staff said of them."""
        return {row["article_id"] for row in self.rows(queries.MISNOTICED_IDS)}

    def verified_passages(
        self, numbers: Sequence[int], condition: str, values: Sequence[object], columns: str
    ) -> dict[int, Passage]:
        rows = list(
            self.readable_rows_of(
                f"SELECT {queries.PASSAGE} FROM passages p JOIN articles a ON a.number = p.article"
                f" WHERE {condition} AND p.number IN (…)",
                numbers,
                first=values,
            )
        )
        wanted = list({row["article"] for row in rows})
        bodies = self.readable_rows_of(f"SELECT {columns} FROM articles a WHERE a.number IN (…)", wanted)
        articles = dict(self.verified_articles(bodies))
        return {
            row["number"]: passage_of(row, articles[row["article"]])
            for row in rows
            if row["intact"] and row["article"] in articles
        }

    def each_article(self) -> Iterator[tuple[Article, str, list[Passage]]]:
        """Every sound article, its stored digest, and its passages."""
        for row in self.rows("SELECT number, digest FROM articles WHERE state = 'live' ORDER BY id"):
            articles = self.rows(f"SELECT {queries.HELD_ARTICLE} FROM articles a WHERE a.number = ?", (row["number"],))
            for number, article in self.verified_articles(articles):
                passages = self.rows(
                    f"SELECT {queries.PASSAGE} FROM passages p WHERE p.article = ? ORDER BY p.start", (number,)
                )
                yield article, row["digest"], [passage_of(row, article) for row in passages if row["intact"]]

    def damaged_articles(self) -> list[tuple[str, str, datetime]]:
        """Articles that were set aside since they are damaged: id, path and since when, by id."""
        rows = self.rows("SELECT id, path, damaged FROM articles WHERE damaged IS NOT NULL ORDER BY id")
        return [(row["id"], row["path"], datetime.fromisoformat(row["damaged"])) for row in rows]


def _stored(row: ResultRow) -> Stored:
    """What is known of an article; one that is damaged has no digest, so that it is stored again."""
    try:
        article = verified_article_of(row)
    except Damaged:
        return Stored("", row["path"])
    digest = row["digest"] if row["damaged"] is None else ""
    return Stored(digest, row["path"], article.metadata, article.source.kind)
