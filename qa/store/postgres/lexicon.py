"""The lexical index in PostgreSQL: words as FTS5 makes them, weighed by BM25 as FTS5 does, found by GIN."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

import snowballstemmer

from qa.models.dates import Dates
from qa.store.engine import Connection, Engine, ResultRow
from qa.store.entries import IN_ARTICLES, READABLE, folded, stemmed, within
from qa.text.language import DEFAULT, primary

K1, B = 1.2, 0.75  # what BM25 is with in FTS5
# GIN finds, and can't stop early: so many passages are admitted by the rarest words of a question, if those have as
# many, and only then weighed by all.
ADMITTED = 2_500
MOST_ADMITTED = 20_000  # of a word that stands everywhere no more are looked at
# The words of the newest of them are known to the correction of slips: all would have to be read for it.
VOCABULARY_PASSAGES = 100_000
SPARE = 4  # so many times as many are weighed to the end as are asked for: some may turn out not to be readable

_ONCE = 0.1 / 1.64493406685  # what `ts_rank` gives a word that stands once; the n-th time adds a n²-th of it
# Between which sums of that how often lies.
_TIMES = [0.5, *(sum(1 / n**2 for n in range(1, times)) + 0.5 / times**2 for times in range(2, 65))]
_HIDDEN = "SELECT a.number FROM articles a WHERE a.id IN (SELECT article_id FROM hidden)"
# Few, as a rule: to ask this of the best alone, whether they are readable, spares a look at every article.
_UNSEEN = (
    f"{_HIDDEN} UNION ALL SELECT number FROM articles WHERE state = 'pending' UNION ALL"
    " SELECT number FROM articles WHERE damaged IS NOT NULL"
)
_TOKEN = re.compile(r"[^\W_]+")
_LAST = 16_383  # PostgreSQL's highest place of a word in a text
Phrase = tuple[str, ...]  # terms that follow each other
_COLUMNS = {"lexicon": ("words", "length"), "stemmed": ("stems", "stems_length")}


@lru_cache(maxsize=100_000)
def _porter(token: str) -> str:
    """A word without its English ending, as SQLite's tokenizer leaves it."""
    if len(token) < 3 or len(token) > 64:
        return token
    stem = str(snowballstemmer.stemmer("porter").stemWord(token))  # one keeps its word in itself: no thread shares it
    return stem[:-1] if stem.endswith(("logi", "bli")) else stem


def _terms(text: str, index: str, *, language: str | None = None) -> list[str]:
    """The terms of a query, or with its `language` of a text that is indexed."""
    if index == "stemmed" and language is not None:
        text = stemmed(text, language)
    words: list[str] = _TOKEN.findall(folded(text))
    return [_porter(word) for word in words] if index == "lexicon" else words


def _vector(title: list[str], body: list[str]) -> str:
    """A tsvector in its own words; no phrase stands half in the title and half in the body."""
    places: dict[str, list[int]] = {}
    for place, term in enumerate([*title, "", *body], start=1):
        if term:
            places.setdefault(term, []).append(min(place, _LAST))
    return " ".join(f"'{term}':{','.join(map(str, at))}" for term, at in places.items())


def _query(terms: Sequence[str]) -> str:
    """A tsquery for terms that follow each other."""
    return " <-> ".join(f"'{term}'" for term in terms)


class TsvectorLexicon:
    """A `Lexicon`."""

    with_phrase = "(SELECT m.article FROM lexicon m WHERE m.words @@ CAST(? AS tsquery))"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def phrase(self, words: str) -> str:
        return _query(_terms(words, "lexicon"))

    def enter(self, connection: Connection, articles: Sequence[ResultRow]) -> None:
        by_number = {article["number"]: article for article in articles}
        sql = 'SELECT article, number, start, "end" FROM passages WHERE article IN (…) ORDER BY number'
        spans = connection.execute(sql, (list(by_number),)).fetchall()
        rows, counted = [], {index: Counter[str]() for index in _COLUMNS}
        lengths = Counter[str]()
        for span in spans:
            article = by_number[span["article"]]
            language, texts = article["language"], (article["title"], article["body"][span["start"] : span["end"]])
            values: list[object] = [span["number"], span["article"]]
            for index in _COLUMNS:
                if index == "stemmed" and primary(language) == DEFAULT:
                    values += (None, None)
                    continue
                title, body = (_terms(text, index, language=language) for text in texts)
                values += (_vector(title, body), len(title) + len(body))
                counted[index].update({"", *title, *body})
                lengths[index] += len(title) + len(body)
            rows.append(values)
        connection.executemany("INSERT INTO lexicon VALUES (?, ?, ?, ?, ?, ?)", rows)
        for index, counts in counted.items():
            _count(connection, index, counts, lengths[index])

    def leave(self, connection: Connection, article: int) -> None:
        for index, (column, length) in _COLUMNS.items():
            entries = f"FROM lexicon WHERE {column} IS NOT NULL AND article = ?"
            lexemes = f"(SELECT {column} {entries}) AS gone, unnest(gone.{column}) GROUP BY lexeme"
            counts = connection.execute(f"SELECT lexeme, count(*) AS n FROM {lexemes}", (article,)).fetchall()
            whole = f"SELECT count(*) AS n, coalesce(sum({length}), 0) AS length {entries}"
            row = connection.execute(whole, (article,)).fetchone()
            gone = {"": -row["n"]} | {term["lexeme"]: -term["n"] for term in counts}
            _count(connection, index, gone, -int(row["length"]))
        connection.execute("DELETE FROM lexicon WHERE article = ?", (article,))

    def clear(self, connection: Connection) -> None:
        connection.execute("TRUNCATE lexicon, frequencies")

    def bm25(self, terms: Sequence[str], *, limit: int, between: Dates, index: str) -> list[tuple[int, float]]:
        phrases = list(dict.fromkeys(filter(None, (tuple(_terms(term, index)) for term in terms))))
        weighed, average = self._weighed(phrases, index)
        if not weighed:
            return []
        column, length = _COLUMNS[index]
        condition, values = within(between, self)
        dated = f"AND l.article IN (SELECT a.number FROM articles a WHERE true {condition})" if condition else ""
        admitting, admitted = [], 0
        for phrase, found, _ in sorted(weighed, key=lambda term: term[1]):
            if admitted < ADMITTED:
                admitting.append(_query(phrase))
                admitted += found
        # Of a term that stands x times x / (x + k), written so that x stands in it once.
        times = f"width_bucket(ts_rank(b.words, CAST(? AS tsquery)) / {_ONCE!r}, CAST(? AS float8[]))"
        parts, shares = list[str](), list[object]()
        for phrase, _, weight in weighed:
            single = len(phrase) == 1
            count = times if single else "CAST(b.words @@ CAST(? AS tsquery) AS integer)"
            parts.append(f"? * (1 - b.k / (b.k + {count}))")
            shares += (weight * (K1 + 1), _query(phrase), *((_TIMES,) if single else ()))
        rows = self._engine.rows(
            f"WITH admitted AS (SELECT l.passage, l.article, l.{column} AS words, l.{length} AS length FROM lexicon l"
            f" WHERE l.{column} @@ CAST(? AS tsquery) AND l.article NOT IN ({_UNSEEN}) {dated} LIMIT {MOST_ADMITTED}),"
            f" bounded AS (SELECT *, {K1} * ({1 - B} + {B} * length / CAST(? AS float8)) AS k FROM admitted),"
            f" weighed AS MATERIALIZED (SELECT b.passage, b.article, {' + '.join(parts)} AS score FROM bounded b"
            f" ORDER BY score DESC, b.passage LIMIT ?)"
            " SELECT w.passage AS number, w.score FROM weighed w JOIN articles a ON a.number = w.article"
            f" WHERE {READABLE} ORDER BY w.score DESC, w.passage LIMIT ?",
            (" | ".join(f"({query})" for query in admitting), *values, average, *shares, SPARE * limit, limit),
        )
        return [(row["number"], float(row["score"])) for row in rows]

    def _weighed(self, phrases: Sequence[Phrase], index: str) -> tuple[list[tuple[Phrase, int, float]], float]:
        """Phrases that stand somewhere, in how many passages, and weights as in FTS5; a passage's mean length."""
        singles = [phrase[0] for phrase in phrases if len(phrase) == 1]
        sql = "SELECT term, passages, length FROM frequencies WHERE kind = ? AND term = ANY (CAST(? AS text[]))"
        rows = self._engine.rows(sql, (index, [*singles, ""]))
        known = {row["term"]: row["passages"] for row in rows}
        total, length = known.get("", 0), sum(row["length"] for row in rows)
        weighed = []
        some = f"SELECT 1 FROM lexicon WHERE {_COLUMNS[index][0]} @@ CAST(? AS tsquery) LIMIT {MOST_ADMITTED}"
        for phrase in phrases:
            if len(phrase) == 1:
                count = known.get(phrase[0], 0)
            else:
                (row,) = self._engine.rows(f"SELECT count(*) AS n FROM ({some}) AS counted", (_query(phrase),))
                count = int(row["n"])
            if count > 0:
                weight = max(math.log((total - count + 0.5) / (count + 0.5)) if total > count else 0.0, 1e-6)
                weighed.append((phrase, count, weight))
        return weighed, max(1.0, length / max(1, total))

    def frequency(self, term: str) -> int:
        phrase = tuple(_terms(term, "lexicon"))
        weighed, _ = self._weighed([phrase] if phrase else [], "lexicon")
        if not weighed:
            return 0
        sql = f"SELECT count(*) AS n FROM lexicon WHERE article IN ({_HIDDEN}) AND words @@ CAST(? AS tsquery)"
        return max(0, weighed[0][1] - int(self._engine.rows(sql, (_query(phrase),))[0]["n"]))

    def texts(self) -> Iterator[str]:
        sql = (
            'SELECT p.number, a.title, substr(a.body, p.start + 1, p."end" - p.start) AS text'
            f" FROM {IN_ARTICLES} WHERE {READABLE} AND p.number < ? ORDER BY p.number DESC LIMIT 1000"
        )
        before, left = 2**62, VOCABULARY_PASSAGES
        while left > 0 and (rows := self._engine.rows(sql, (before,))):
            yield from (f"{row['title']}\n{row['text']}" for row in rows)
            before, left = rows[-1]["number"], left - len(rows)

    def differs(self, article: ResultRow, passages: Sequence[ResultRow]) -> bool:
        title, body = _terms(article["title"], "lexicon"), article["body"]
        same = "SELECT 1 FROM lexicon WHERE passage = ? AND words = CAST(? AS tsvector)"
        texts = ((row["number"], _terms(body[row["start"] : row["end"]], "lexicon")) for row in passages)
        return not all(self._engine.rows(same, (number, _vector(title, text))) for number, text in texts)

    def left_over(self) -> int:
        return 0  # an entry goes with its passage


def _count(connection: Connection, index: str, counts: dict[str, int], length: int) -> None:
    """Adds to the numbers of passages in which terms stand, and to those of all passages (term '') and words."""
    if not counts.get(""):
        return
    terms = sorted(counts)
    connection.execute(
        "INSERT INTO frequencies (kind, term, passages, length) SELECT ?, u.term, u.passages, u.length FROM"
        " unnest(CAST(? AS text[]), CAST(? AS bigint[]), CAST(? AS bigint[])) AS u (term, passages, length)"
        " ON CONFLICT (kind, term) DO UPDATE SET passages = frequencies.passages + excluded.passages,"
        " length = frequencies.length + excluded.length",
        (index, terms, [counts[term] for term in terms], [0 if term else length for term in terms]),
    )
    if counts[""] < 0:  # a word that stands nowhere any more may be one of an article that was erased
        gone = "DELETE FROM frequencies WHERE kind = ? AND term = ANY (CAST(? AS text[])) AND passages <= 0"
        connection.execute(gone, (index, terms[1:]))
