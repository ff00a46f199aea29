"""The lexical indexes in SQLite: FTS5, one of all passages and one of those that are not in English."""

import logging
from collections.abc import Iterator, Sequence

from qa.errors import StoreDamaged
from qa.models.dates import Dates
from qa.store.engine import Connection, Engine, ResultRow
from qa.store.queries import HIDDEN_NUMBERS, READABLE_NUMBERS, within
from qa.text.language import DEFAULT, primary

INDEXES = ("lexicon", "stemmed")

_log = logging.getLogger(__name__)


class FtsLexicon:
    """A `Lexicon`. One that is damaged finds nothing: vectors still do."""

    with_phrase = "(SELECT article FROM passages WHERE number IN (SELECT rowid FROM lexicon WHERE lexicon MATCH ?))"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._logged = False

    def phrase(self, words: str) -> str:
        return _match([words])

    def enter(self, connection: Connection, articles: Sequence[ResultRow]) -> None:
        for article in articles:
            sql = 'SELECT number, start, "end" FROM passages WHERE article = ?'
            spans = connection.execute(sql, (article["number"],)).fetchall()
            texts = [(span["number"], article["title"], article["body"][span["start"] : span["end"]]) for span in spans]
            connection.executemany("INSERT INTO lexicon (rowid, title, text) VALUES (?, ?, ?)", texts)
            if primary(article["language"]) != DEFAULT:
                connection.executemany(
                    "INSERT INTO stemmed (rowid, title, text) VALUES (?1, stemmed(?2, ?4), stemmed(?3, ?4))",
                    [(*text, article["language"]) for text in texts],
                )

    def leave(self, connection: Connection, article: int) -> None:
        for index in INDEXES:
            passages = "SELECT number FROM passages WHERE article = ?"
            connection.execute(f"DELETE FROM {index} WHERE rowid IN ({passages})", (article,))

    def bm25(self, terms: Sequence[str], *, limit: int, between: Dates, index: str) -> list[tuple[int, float]]:
        condition, values = within(between, self)
        # Few are hidden, so leaving them out is quicker than looking for all others.
        chosen = f"NOT IN ({HIDDEN_NUMBERS})" if between.open else f"IN ({READABLE_NUMBERS} {condition})"
        # The plus keeps SQLite from asking the lexicon once for each number: 1.5 s instead of 8 ms for 6,000 passages.
        matching = f"{index} MATCH ? AND +rowid {chosen} ORDER BY rank LIMIT ?"
        sql = f"SELECT rowid AS number, -rank AS score FROM {index} WHERE {matching}"
        return [(row["number"], row["score"]) for row in self._rows(sql, (_match(terms), *values, limit))]

    def frequency(self, term: str) -> int:
        sql = f"SELECT count(*) AS n FROM lexicon WHERE lexicon MATCH ? AND rowid NOT IN ({HIDDEN_NUMBERS})"
        rows = self._rows(sql, (_match([term]),))
        return int(rows[0]["n"]) if rows else 0

    def texts(self) -> Iterator[str]:
        at, some = -1, f"rowid > ? AND rowid NOT IN ({HIDDEN_NUMBERS}) ORDER BY rowid LIMIT 1000"
        while rows := self._rows(f"SELECT rowid AS number, title, text FROM lexicon WHERE {some}", (at,)):
            yield from (f"{row['title']} {row['text']}" for row in rows)
            at = rows[-1]["number"]

    def differs(self, article: ResultRow, passages: Sequence[ResultRow]) -> bool:
        title, body = article["title"], article["body"]
        texts = {row["number"]: (title, body[row["start"] : row["end"]]) for row in passages}
        words = "SELECT rowid AS number, title, text FROM lexicon WHERE rowid IN (…)"
        try:
            return texts != {row[0]: (row[1], row[2]) for row in self._engine.rows_of(words, list(texts))}
        except StoreDamaged:  # the check of the file tells of it
            return False

    def left_over(self) -> int:
        sql = "SELECT count(*) AS n FROM lexicon WHERE rowid NOT IN (SELECT number FROM passages)"
        return int(self._engine.rows(sql)[0]["n"])

    def clear(self, connection: Connection) -> None:
        connection.execute("REINDEX")
        definitions = connection.execute(f"SELECT name, sql FROM sqlite_master WHERE name IN {INDEXES!r}").fetchall()
        for name, sql in definitions:
            connection.execute(f"DROP TABLE {name}")
            connection.execute(sql)

    def optimize(self) -> None:
        """Leaves no word of what was taken out in the indexes."""
        for index in INDEXES:
            self._engine.rows(f"INSERT INTO {index} ({index}) VALUES ('optimize')")

    def _rows(self, sql: str, values: Sequence[object]) -> list[ResultRow]:
        try:
            return self._engine.rows(sql, values)
        except StoreDamaged as error:
            if not self._logged:
                self._logged = True
                _log.error("Words can't be looked up: %s", error)
            return []


def _match(terms: Sequence[str]) -> str:
    """A query for any of the terms; quoted, so that none is read as an operator."""
    return " OR ".join('"' + term.replace('"', "") + '"' for term in terms)
