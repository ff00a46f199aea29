"""The catalogue: the one truth about what the archive holds, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from qa.errors import Damaged, Withdrawn
from qa.models.annotations import Annotations
from qa.models.archive import Article, Coverage, ListedArticle, Origins, Passage, Source
from qa.models.dates import ALWAYS, Dates
from qa.models.notices import Standing
from qa.protocols import Stored, Vectors
from qa.store import queries
from qa.store.checksums import intact
from qa.store.database import not_held
from qa.store.filing import Filing
from qa.store.queries import READABLE, match, within
from qa.store.restoring import Restoring
from qa.store.rows import (
    annotations_of,
    day,
    listed_of,
    origins_of,
    readable_of,
    source_of,
    standing_of,
    vectors_of,
    verified_article_of,
)
from qa.store.sound import SoundArticles

_DATED = "CASE WHEN date(a.published) = a.published THEN a.published END"
"""The date of publication; a damaged one that is none doesn't count."""

_SET_ASIDE = "SELECT 1 FROM articles WHERE id = ? AND damaged IS NOT NULL AND id NOT IN (SELECT article_id FROM hidden)"


class Catalogue(Filing, Restoring, SoundArticles):
    """Articles, passages, their vectors and the lexical index; one process writes them.

    What is damaged is left out of what is found and shown; the log names it, once.
    """

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
        return [article.source.title for _, article in self.sound_of(rows)][:limit]

    def listed(self, between: Dates) -> list[ListedArticle]:
        condition, values = within(between)
        rows = self.rows(f"{queries.LISTED} {condition} ORDER BY a.id", values)
        misnoticed = self.misnoticed()
        return [one for one in readable_of(listed_of, rows) if one.source.article_id not in misnoticed]

    def origins(self) -> Origins:
        return origins_of(self.rows(queries.ORIGINS))

    def event_dates(self, article_ids: Iterable[str]) -> dict[str, str]:
        rows = self.rows_of(f"{queries.EVENT_DATES} AND a.id IN (…)", list(article_ids))
        return {row["id"]: row["event_date"] for row in rows}

    def article(self, article_id: str) -> Article:
        """One that readers may see, as it was stored. Raises NotFound, Withdrawn, Damaged."""
        rows = self.rows(f"SELECT {queries.SEEN_ARTICLE} FROM articles a WHERE a.id = ? AND {READABLE}", (article_id,))
        if rows:
            return self.sound(rows[0])
        told = self.rows("SELECT * FROM hidden WHERE article_id = ? AND status = 'withdrawn'", (article_id,))
        if told:
            raise Withdrawn(article_id, reason=told[0]["reason"], day=day(told[0]["day"]))
        if self.rows(_SET_ASIDE, (article_id,)):
            raise Damaged(article_id)
        raise not_held(article_id)

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        """What is stored with these articles; only of those that readers may see."""
        rows = self.rows_of(f"{queries.ANNOTATED} AND a.id IN (…)", list(article_ids))
        return dict(readable_of(lambda row: (row["id"], annotations_of(row["record"])), rows))

    def held(self, article_id: str) -> tuple[Article, Standing]:
        """For the staff: an article as it stands now, readable or not. Raises NotFound, Damaged."""
        columns = f"{queries.STAFF_ARTICLE}, h.reason, h.day, h.until"
        row = self.one(article_id, f"SELECT {columns} FROM articles a LEFT JOIN hidden h ON h.article_id = a.id")
        return verified_article_of(row), standing_of(row)

    def original(self, article_id: str) -> Article:
        """An article as its file has it, without what the staff said since. Raises NotFound, Damaged."""
        return verified_article_of(self.one(article_id, f"SELECT {queries.HELD_ARTICLE} FROM articles a"))

    def known(self, article_id: str) -> str:
        """The id of an article that is held, damaged or not. Raises NotFound."""
        return str(self.one(article_id, "SELECT a.id FROM articles a")["id"])

    def one(self, article_id: str, sql: str) -> sqlite3.Row:
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
        kept = {row["id"]: row["source"] for row in noted}
        live = self.rows_of("SELECT id, source FROM articles WHERE state = 'live' AND id IN (…)", ids)
        return kept | {row["id"]: row["source"] for row in live}

    def erased(self, article_ids: Iterable[str]) -> set[str]:
        """Those of the ids whose text the staff had taken off the disk, and not let in again since."""
        rows = self.rows_of(
            "SELECT article_id FROM orders WHERE kind = 'erasure' AND article_id IN (…)", list(article_ids)
        )
        return {row["article_id"] for row in rows}

    # — finding —

    def vectors(self, numbers: Sequence[int], *, table: str = queries.FIRST) -> tuple[list[int], Vectors]:
        """Stored vectors by number, pending ones too; those that are gone or damaged are left out."""
        number = queries.NUMBER[table]
        sql = f"SELECT {number} AS number, vector FROM {table} WHERE {number} IN (…) AND {intact(table)}"
        rows = list(self.rows_of(sql, numbers))
        return [row["number"] for row in rows], vectors_of([row["vector"] for row in rows])

    def readable_vectors(
        self, numbers: Sequence[int], *, between: Dates, table: str = queries.FIRST
    ) -> tuple[list[int], Vectors]:
        """Those of the vectors that belong to readable articles within the dates."""
        condition, values = within(between)
        sql = (
            "SELECT p.number, v.vector FROM passages p JOIN articles a ON a.number = p.article"
            f" JOIN {table} v ON v.{queries.NUMBER[table]} = p.number"
            f" WHERE {READABLE} {condition} AND p.number IN (…) AND {intact(table, 'v')}"
        )
        rows = list(self.readable_rows_of(sql, numbers, first=values))
        return [row["number"] for row in rows], vectors_of([row["vector"] for row in rows])

    def passages(self, numbers: Sequence[int], *, between: Dates) -> dict[int, Passage]:
        """Passages by number, those of readable articles within the dates, cut from bodies that are as stored."""
        condition, values = within(between)
        return self.sound_passages(numbers, f"{READABLE} {condition}", values, queries.SEEN_ARTICLE)

    def numbers(self) -> list[int]:
        """Numbers of all passages held, in order: an article that readers may not see today they may see tomorrow."""
        return [row["number"] for row in self.rows(f"{queries.HELD_NUMBERS} ORDER BY p.number")]

    def readable_numbers(self, *, between: Dates = ALWAYS) -> list[int]:
        """Numbers of the passages of readable articles within the dates, in order."""
        condition, values = within(between)
        rows = self.rows(f"{queries.READABLE_NUMBERS} {condition} ORDER BY p.number", values)
        return [row["number"] for row in rows]

    def matching(
        self, terms: Sequence[str], *, limit: int, between: Dates, index: str = "lexicon"
    ) -> list[tuple[int, float]]:
        """Numbers of readable passages with any of the terms and their BM25, higher is better, best first.

        The index `stemmed` holds passages that are not in English; its terms are stems.
        """
        condition, values = within(between)
        # Few are hidden, so leaving them out is quicker than looking for all others.
        chosen = (
            f"NOT IN ({queries.HIDDEN_NUMBERS})" if between.open else f"IN ({queries.READABLE_NUMBERS} {condition})"
        )
        # The plus keeps SQLite from asking the lexicon once for each number: 1.5 s instead of 8 ms for 6,000 passages.
        rows = self.looked_up(
            f"SELECT rowid AS number, -rank AS score FROM {index}"
            f" WHERE {index} MATCH ? AND +rowid {chosen} ORDER BY rank LIMIT ?",
            (match(terms), *values, limit),
        )
        return [(row["number"], row["score"]) for row in rows]

    def frequency(self, term: str) -> int:
        """In how many passages a term stands, of those that readers may see."""
        rows = self.looked_up(
            f"SELECT count(*) AS n FROM lexicon WHERE lexicon MATCH ? AND rowid NOT IN ({queries.HIDDEN_NUMBERS})",
            (match([term]),),
        )
        return int(rows[0]["n"]) if rows else 0

    def passage_ids(self, article_id: str) -> list[str]:
        rows = self.rows(
            'SELECT p.start, p."end" FROM passages p JOIN articles a ON a.number = p.article'
            " WHERE a.id = ? AND a.state = 'live' ORDER BY p.start",
            (article_id,),
        )
        return [f"{article_id}:{row['start']}-{row['end']}" for row in rows]

    def lacking(self, *, limit: int) -> list[int]:
        """Numbers of passages without a vector of the encoder of several languages, in order."""
        return [row["number"] for row in self.rows(f"{queries.LACKING} ORDER BY p.number LIMIT ?", (limit,))]

    def lacking_count(self) -> int:
        (row,) = self.rows(f"SELECT count(*) AS n FROM ({queries.LACKING})")
        return int(row["n"])

    def multilingual_numbers(self) -> list[int]:
        """Numbers of the passages that have such a vector, in order."""
        return [row["passage"] for row in self.rows("SELECT passage FROM multilingual ORDER BY passage")]

    def speaks(self, *, other_than: str) -> bool:
        """Whether an article is held in another language than that one."""
        sql = "SELECT 1 FROM articles WHERE state = 'live' AND language <> ? AND language NOT LIKE ? LIMIT 1"
        return bool(self.rows(sql, (other_than, f"{other_than}-%")))

    def held_texts(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """Passages by number, readable or not."""
        return self.sound_passages(numbers, "1", (), queries.HELD_ARTICLE)

    def has_pending(self) -> bool:
        return bool(self.rows("SELECT 1 FROM articles WHERE state = 'pending' LIMIT 1"))

    def passage_count(self) -> int:
        (row,) = self.rows(f"SELECT count(*) AS n FROM passages WHERE number NOT IN ({queries.HIDDEN_NUMBERS})")
        return int(row["n"])

    def changed(self) -> bool:
        """Whether another process has written since this was last asked on this thread."""
        (row,) = self.rows("PRAGMA data_version")
        before: int | None = getattr(self._local, "data_version", None)
        self._local.data_version = row[0]
        return before is not None and before != row[0]


def _stored(row: sqlite3.Row) -> Stored:
    """What is known of an article; one that is damaged has no digest, so that it is stored again."""
    try:
        article = verified_article_of(row)
    except Damaged:
        return Stored("", row["path"])
    digest = row["digest"] if row["damaged"] is None else ""
    return Stored(digest, row["path"], article.metadata, article.source.kind)
