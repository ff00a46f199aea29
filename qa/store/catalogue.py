"""The catalogue: the one truth about what the archive holds."""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import numpy as np

from qa.errors import Damaged, Withdrawn
from qa.models.annotations import Annotations
from qa.models.archive import Article, Coverage, ListedArticle, Original, Origins, Passage, Source
from qa.models.dates import ALWAYS, Dates
from qa.models.deliveries import Standing, Version
from qa.protocols import Stored, Vectors
from qa.store.checksums import intact
from qa.store.database import not_held
from qa.store.engine import Engine, ResultRow
from qa.store.rows import (
    HELD_ARTICLE,
    HIDDEN_NUMBERS,
    IN_ARTICLES,
    MISNOTICED_IDS,
    PASSAGE,
    READABLE,
    READABLE_NUMBERS,
    SEEN_ARTICLE,
    SEEN_SOURCE,
    STAFF_ARTICLE,
    STAFF_SOURCE,
    UNREADABLE,
    adapter,
    day,
    moment,
    numbered,
    passage_of,
    readable_of,
    sentence_vectors_of,
    sentences_record,
    source_of,
    vectors_of,
    verified_article_of,
    within,
)
from qa.store.writer import CatalogueWriter

_DATED = "CASE WHEN date(a.published) = a.published THEN a.published END"
"""The date of publication; a damaged one that is none doesn't count."""

_WITH_STANDING = "articles a LEFT JOIN hidden h ON h.article_id = a.id"

_log = logging.getLogger(__name__)


class Catalogue(CatalogueWriter):
    """Articles, passages, their vectors and words; what is damaged is left out of what is found, and logged once."""

    def __init__(self, place: Path | Engine) -> None:
        super().__init__(place)
        self._logged: set[int] = set()

    # — what is known of the archive as a whole —

    def coverage(self) -> Coverage:
        (row,) = self.rows(f"SELECT count(*), min({_DATED}), max({_DATED}) FROM articles a WHERE {READABLE}")
        return Coverage(row[0], day(row[1]), day(row[2]))

    def sources(self, between: Dates = ALWAYS) -> list[tuple[Source, str]]:
        """Every sound article, readable or not, as it stands now, and the path it was read from; by id."""
        condition, values = within(between, self.lexicon)
        sound = f"{_WITH_STANDING} WHERE a.state = 'live' AND a.damaged IS NULL {condition}"
        rows = self.rows(f"SELECT {STAFF_SOURCE}, a.path FROM {sound} ORDER BY a.id", values)
        return readable_of(lambda row: (source_of(row), row["path"]), rows)

    def newest_titles(self, limit: int) -> list[str]:
        """Headlines of the newest readable articles that are dated, newest first."""
        dated = f"a.published IS NOT NULL AND {READABLE} ORDER BY a.published DESC, a.title DESC LIMIT ?"
        rows = self.rows(f"SELECT {SEEN_ARTICLE} FROM articles a WHERE {dated}", (2 * limit,))
        return [article.source.title for article in self.verified_articles(rows).values()][:limit]

    def listed(self, between: Dates = ALWAYS) -> list[ListedArticle]:
        condition, values = within(between, self.lexicon)
        sql = f"SELECT {SEEN_SOURCE}, a.event_date FROM articles a WHERE {READABLE} {condition} ORDER BY a.id"
        listed = readable_of(lambda row: ListedArticle(source_of(row), row["event_date"]), self.rows(sql, values))
        misnoticed = {row["article_id"] for row in self.rows(MISNOTICED_IDS)}
        return [article for article in listed if article.source.article_id not in misnoticed]

    def origins(self) -> Origins:
        rows = self.rows(f"SELECT DISTINCT a.outlet, a.language FROM articles a WHERE {READABLE}")
        outlets, languages = ({row[column] for row in rows} - {""} for column in ("outlet", "language"))
        return Origins(tuple(sorted(outlets, key=str.casefold)), tuple(sorted(languages)))

    def event_dates(self, article_ids: Iterable[str]) -> dict[str, str]:
        sql = f"SELECT a.id, a.event_date FROM articles a WHERE {READABLE} AND a.event_date > '' AND a.id IN (…)"
        return {row["id"]: row["event_date"] for row in self.rows_of(sql, list(article_ids))}

    # — one article —

    def article(self, article_id: str) -> Article:
        """One that readers may see, as it was stored. Raises NotFound, Withdrawn, Damaged."""
        rows = self.rows(f"SELECT {SEEN_ARTICLE} FROM articles a WHERE a.id = ? AND {READABLE}", (article_id,))
        if rows:
            return self._verified(rows[0])
        hidden = self.rows("SELECT status, reason, day FROM hidden WHERE article_id = ?", (article_id,))
        for row in hidden:
            if row["status"] == "withdrawn":
                raise Withdrawn(article_id, reason=row["reason"], day=day(row["day"]))
        if not hidden and self.rows("SELECT 1 FROM articles WHERE id = ? AND damaged IS NOT NULL", (article_id,)):
            raise Damaged(article_id)
        raise not_held(article_id)

    def versions(self, article_id: str) -> list[Version]:
        """Earlier texts of an article, the oldest first; those that are damaged are left out."""
        sql = f"SELECT * FROM versions WHERE article_id = ? AND {intact('versions')}"
        return numbered(self.rows(sql, (article_id,)))

    def read_from(self, article_id: str) -> Original | None:
        """What an article was read from; None where that was not noted. Raises NotFound."""
        record = self._held(article_id, "original")["original"]
        return Original(**json.loads(record)) if record else None

    def path(self, article_id: str) -> str:
        """Raises NotFound."""
        return str(self._held(article_id, "path")["path"])

    def existing_id(self, article_id: str) -> str:
        """The id of an article that is held, damaged or not. Raises NotFound."""
        return str(self._held(article_id, "id")["id"])

    def original(self, article_id: str) -> Article:
        """An article as its file has it, without what the staff said since. Raises NotFound, Damaged."""
        return verified_article_of(self._held(article_id, HELD_ARTICLE))

    def with_standing(self, article_id: str) -> tuple[Article, Standing]:
        """For the staff: an article as it stands now, readable or not. Raises NotFound, Damaged."""
        row = self._held(article_id, f"{STAFF_ARTICLE}, h.reason, h.day, h.until", _WITH_STANDING)
        try:
            article = verified_article_of(row)
            standing = (article.source.status, row["reason"] or "", day(row["day"]), moment(row["until"]))
        except UNREADABLE:
            raise Damaged(article_id) from None
        return article, Standing(*standing)

    def _held(self, article_id: str, columns: str, of: str = "articles a") -> ResultRow:
        """Columns of an article that is held. Raises NotFound."""
        rows = self.rows(f"SELECT {columns} FROM {of} WHERE a.id = ? AND a.state = 'live'", (article_id,))
        if not rows:
            raise not_held(article_id)
        return rows[0]

    # — many articles —

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        """What is stored with these articles; only of those that readers may see."""
        readable = f"{READABLE} AND {intact('annotations', 'n')} AND a.id IN (…)"
        sql = f"SELECT a.id, n.record FROM annotations n JOIN articles a ON a.number = n.article WHERE {readable}"
        rows = self.rows_of(sql, list(article_ids))
        return dict(readable_of(lambda row: (row["id"], adapter(Annotations).validate_json(row["record"])), rows))

    def stored(self, article_ids: Iterable[str]) -> dict[str, Stored]:
        """What is known of each of these articles that is live."""
        known = f"SELECT {HELD_ARTICLE}, a.damaged FROM articles a WHERE a.state = 'live' AND a.id IN (…)"
        return {row["id"]: _stored(row) for row in self.rows_of(known, list(article_ids))}

    def owners(self, article_ids: Iterable[str]) -> dict[str, str]:
        """The source of each of these ids that is held, or of which a notice is kept."""
        ids = list(article_ids)
        noted = self.rows_of("SELECT article_id AS id, source FROM noted WHERE article_id IN (…)", ids)
        live = self.rows_of("SELECT id, source FROM articles WHERE state = 'live' AND id IN (…)", ids)
        return {row["id"]: row["source"] for row in (*noted, *live)}

    def erased(self, article_ids: Iterable[str]) -> set[str]:
        """Those of the ids whose text the staff had taken off the disk, and not let in again since."""
        sql = "SELECT article_id FROM orders WHERE kind = 'erasure' AND article_id IN (…)"
        return {row["article_id"] for row in self.rows_of(sql, list(article_ids))}

    def damaged_articles(self) -> list[tuple[str, str, datetime]]:
        """Articles that were set aside since they are damaged: id, path and since when, by id."""
        rows = self.rows("SELECT id, path, damaged FROM articles WHERE damaged IS NOT NULL ORDER BY id")
        return [(row["id"], row["path"], datetime.fromisoformat(row["damaged"])) for row in rows]

    def verified_articles(self, rows: Iterable[ResultRow]) -> dict[int, Article]:
        """Articles by their numbers, those left out that are damaged."""
        articles = {}
        for row in rows:
            with suppress(Damaged):
                articles[row["number"]] = self._verified(row)
        return articles

    def _verified(self, row: ResultRow) -> Article:
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

    # — passages —

    def vectors(self, numbers: Sequence[int]) -> tuple[list[int], Vectors]:
        """Stored vectors by number, pending ones too; those that are gone or damaged are left out."""
        sql = f"SELECT number, vector FROM passages WHERE number IN (…) AND {intact('passages')}"
        return _numbered_vectors(self.readable_rows_of(sql, numbers))

    def readable_vectors(self, numbers: Sequence[int], *, between: Dates) -> tuple[list[int], Vectors]:
        """Those of the vectors that belong to readable articles within the dates."""
        condition, values = within(between, self.lexicon)
        readable = f"{READABLE} {condition} AND p.number IN (…) AND {intact('passages', 'p')}"
        sql = f"SELECT p.number, p.vector FROM {IN_ARTICLES} WHERE {readable}"
        numbered_vectors = _numbered_vectors(self.readable_rows_of(sql, numbers, first=values))
        self.require_same()
        return numbered_vectors

    def sentence_vectors(self, passages: Sequence[Passage]) -> list[Vectors]:
        """Of each passage's sentences, (sentences, dimension); (0, 0) where they are gone or damaged."""
        rows = self.readable_rows_of(
            f'SELECT a.id, p.start, p."end", p.sentences, v.vectors FROM {IN_ARTICLES}'
            " JOIN sentence_vectors v ON v.passage = p.number"
            f" WHERE {READABLE} AND {intact('sentence_vectors', 'v')} AND a.id IN (…)",
            sorted({passage.source.article_id for passage in passages}),
        )
        # Another version of the article may have come in between: its sentences are others.
        blobs = {(row["id"], row["start"], row["end"], row["sentences"]): row["vectors"] for row in rows}
        self.require_same()
        vectors = []
        for passage in passages:
            blob = blobs.get((passage.source.article_id, passage.start, passage.end, sentences_record(passage)))
            vectors.append(sentence_vectors_of(blob, len(passage.sentences)) if blob else np.zeros((0, 0), np.float32))
        return vectors

    def passages(self, numbers: Sequence[int], *, between: Dates) -> dict[int, Passage]:
        """Passages by number, those of readable articles within the dates, cut from bodies that are as stored."""
        condition, values = within(between, self.lexicon)
        sql = f"SELECT {PASSAGE} FROM {IN_ARTICLES} WHERE {READABLE} {condition} AND p.number IN (…)"
        rows = [row for row in self.readable_rows_of(sql, numbers, first=values) if row["intact"]]
        seen = f"SELECT {SEEN_ARTICLE} FROM articles a WHERE a.number IN (…)"
        articles = self.verified_articles(self.readable_rows_of(seen, list({row["article"] for row in rows})))
        return {row["number"]: passage_of(row, articles[row["article"]]) for row in rows if row["article"] in articles}

    def numbers(self, *, state: str = "live", after: int = 0) -> list[int]:
        """Numbers of passages held, in order: an article that readers may not see today they may see tomorrow."""
        sql = f"SELECT p.number FROM {IN_ARTICLES} WHERE a.state = ? AND p.number > ? ORDER BY p.number"
        return [row["number"] for row in self.rows(sql, (state, after))]

    def newest_number(self) -> int:
        """The highest number of any passage."""
        return int(self.rows("SELECT coalesce(max(number), 0) FROM passages")[0][0])

    def count_held(self, *, until: int) -> int:
        """How many passages are held with numbers up to that one."""
        # The plus keeps SQLite from reading the passages themselves: their articles' index has all numbers.
        sql = f"SELECT count(*) FROM {IN_ARTICLES} WHERE a.state = 'live' AND +p.number <= ?"
        return int(self.rows(sql, (until,))[0][0])

    def readable_numbers(self, *, between: Dates) -> list[int]:
        """Numbers of the passages of readable articles within the dates, in order."""
        condition, values = within(between, self.lexicon)
        rows = self.rows(f"{READABLE_NUMBERS} {condition} ORDER BY p.number", values)
        return [row["number"] for row in rows]

    def passage_count(self) -> int:
        sql = f"SELECT count(*) FROM passages WHERE number NOT IN ({HIDDEN_NUMBERS})"
        return int(self.rows(sql)[0][0])

    def has_pending(self) -> bool:
        return bool(self.rows("SELECT 1 FROM articles WHERE state = 'pending' LIMIT 1"))


def _numbered_vectors(rows: Iterator[ResultRow]) -> tuple[list[int], Vectors]:
    read = list(rows)
    return [row["number"] for row in read], vectors_of([row["vector"] for row in read])


def _stored(row: ResultRow) -> Stored:
    """What is known of an article; one that is damaged has no digest, so that it is stored again."""
    try:
        article = verified_article_of(row)
    except Damaged:
        return Stored("", row["path"])
    digest = row["digest"] if row["damaged"] is None else ""
    return Stored(digest, row["path"], article.metadata, article.source.kind)
