"""Articles and passages that are as they were stored: what is damaged is left out, and the log names it."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from qa.errors import Damaged, StoreDamaged
from qa.models.archive import Article, Passage
from qa.store import queries
from qa.store.checksums import intact
from qa.store.database import Database
from qa.store.rows import passage_of, verified_article_of

_MISNOTICED = f"SELECT DISTINCT article_id FROM notices WHERE NOT {intact('notices')}"

_log = logging.getLogger(__name__)


class SoundArticles(Database):
    """The catalogue as far as its checksums fit."""

    def __init__(self, path: Path, **more: Any) -> None:
        super().__init__(path, **more)
        self._told: set[int | str] = set()

    def sound(self, row: sqlite3.Row) -> Article:
        """The article of a row, if it is as it was stored, and what the staff said of it too. Raises Damaged."""
        try:
            article = verified_article_of(row)
            if row["misnoticed"]:
                raise Damaged(article.article_id)
        except Damaged as error:
            if row["number"] not in self._told:
                self._told.add(row["number"])
                _log.error("%s", error)
            raise
        return article

    def sound_of(self, rows: Iterable[sqlite3.Row]) -> Iterator[tuple[int, Article]]:
        """Articles by their numbers, those left out that are damaged."""
        for row in rows:
            try:
                yield row["number"], self.sound(row)
            except Damaged:
                continue

    def misnoticed(self) -> set[str]:
        """Ids of articles of which a notice is not as it was written: it isn't sure what the staff said of them."""
        return {row["article_id"] for row in self.rows(_MISNOTICED)}

    def sound_passages(
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
        articles = dict(self.sound_of(bodies))
        return {
            row["number"]: passage_of(row, articles[row["article"]])
            for row in rows
            if row["intact"] and row["article"] in articles
        }

    def each_article(self) -> Iterator[tuple[Article, str, list[Passage]]]:
        """Every sound article, its stored digest, and its passages."""
        for row in self.rows("SELECT number, digest FROM articles WHERE state = 'live' ORDER BY id"):
            held = self.rows(f"SELECT {queries.HELD_ARTICLE} FROM articles a WHERE a.number = ?", (row["number"],))
            for number, article in self.sound_of(held):
                passages = self.rows(
                    f"SELECT {queries.PASSAGE} FROM passages p WHERE p.article = ? ORDER BY p.start", (number,)
                )
                yield article, row["digest"], [passage_of(passage, article) for passage in passages]

    def looked_up(self, sql: str, values: Sequence[object]) -> list[sqlite3.Row]:
        """Rows of a lexical index; none where it is damaged: vectors still find."""
        try:
            return self.rows(sql, values)
        except StoreDamaged as error:
            if "lexicon" not in self._told:
                self._told.add("lexicon")
                _log.error("Words can't be looked up: %s", error)
            return []

    def damaged_articles(self) -> list[tuple[str, str, datetime]]:
        """Articles that were set aside since they are damaged: id, path and since when, by id."""
        rows = self.rows("SELECT id, path, damaged FROM articles WHERE damaged IS NOT NULL ORDER BY id")
        return [(row["id"], row["path"], datetime.fromisoformat(row["damaged"])) for row in rows]
