"""The catalogue: the one truth about what the archive holds, as it is read and searched."""

import json
import logging
import math
import re
import threading
import time
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from qa.errors import Damaged, StoreDamaged, StoreMismatch, Withdrawn
from qa.models.annotations import Annotations, NamedEvent
from qa.models.archive import Article, Coverage, ListedArticle, Original, Origins, Passage, Source, Span
from qa.models.dates import ALWAYS, Dates
from qa.models.deliveries import Standing, Version
from qa.models.replies import Hit
from qa.protocols import Stored, Term, Vectors
from qa.store import entries
from qa.store.books import intact
from qa.store.engine import Connection, Engine, ResultRow
from qa.store.entries import IN_ARTICLES, READABLE, passage_of, readable_of, source_of, stemmed, within
from qa.store.notices import not_held
from qa.store.sqlite_file import Database
from qa.text.language import DEFAULT, primary
from qa.text.terms import fold

_DATED = "CASE WHEN date(a.published) = a.published THEN a.published END"  # a damaged one that is none doesn't count
# Where no sentence begins.
_CAPITAL_INSIDE = re.compile(r"(?:(?<=[a-zß-öø-ÿ] )|(?<=[a-zß-öø-ÿ], ))[A-ZÀ-ÖØ-Þ][^\W\d_]+")
COUNTING_REST = 50  # times as long as counting words took they are not counted again: 2% of a process's time goes there

_WITH_STANDING = "articles a LEFT JOIN hidden h ON h.article_id = a.id"

_BY_AN_ITEM = f"kind = 'correction' AND text <> '' AND who LIKE '{entries.ITEM}%'"
PRINTERS = f"SELECT DISTINCT substr(who, {len(entries.ITEM) + 1}) AS id FROM notices WHERE {_BY_AN_ITEM}"
QUESTIONS = "questions"  # the key in `meta` of those that the page offers
AT_ONCE = 500  # texts of articles in memory
MAY_HAVE_ENDED = 600  # seconds after which some embargo may have, that nobody wrote of
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PublishedIndex:
    """The generation of the vector index in use: `size` passages with numbers up to `covers`; none where that is 0."""

    generation: int
    covers: int
    size: int


class Vocabulary:
    """The words of an archive; while it is written they are counted anew now and then, by one question for all."""

    def __init__(self, texts: Callable[[], Iterable[str]]) -> None:
        self._texts, self._counting = texts, threading.Lock()
        self._terms: Mapping[str, Term] = {}
        self._version, self._rest_until = 0, 0.0  # none were counted yet

    def terms(self, version: int) -> Mapping[str, Term]:
        """The words as they stand, or stood a while ago, in the archive that is at that version."""
        begun, counted = time.monotonic(), self._version > 0
        stale = version != self._version and begun >= self._rest_until
        if stale and self._counting.acquire(blocking=not counted):
            try:
                if version != self._version:  # else another question has counted them meanwhile
                    self._terms, self._version = self._counted(), version
                    self._rest_until = time.monotonic() + (time.monotonic() - begun) * COUNTING_REST
            finally:
                self._counting.release()
        return self._terms

    def _counted(self) -> dict[str, Term]:
        """The words of letters alone, by their folded form."""
        written, inside = Counter[str](), set[str]()
        for text in self._texts():
            written.update(re.findall(r"[^\W\d_]+", text))
            inside.update(_CAPITAL_INSIDE.findall(text))
        forms, counts, small = dict[str, str](), Counter[str](), set[str]()
        for form, count in written.most_common():
            word = fold(form)
            forms.setdefault(word, form)
            counts[word] += count
            if form[0].islower():
                small.add(word)
        names = set(map(fold, inside)) - small
        return {word: Term(forms[word], count, word in names) for word, count in counts.items() if word.isalpha()}


class Catalogue(Database):
    """Articles, passages, their vectors and words; what is damaged is left out of what is found, and logged once."""

    def __init__(self, place: Path | Engine) -> None:
        super().__init__(place)
        self._questions_by: str | None = None
        self._logged: set[int] = set()
        self._vocabulary = Vocabulary(self.lexicon.texts)
        self._passage_count_at = lru_cache(maxsize=1)(self._passage_count)
        self._origins_at = lru_cache(maxsize=1)(self._origins)
        self._named_events_at = lru_cache(maxsize=1)(self._named_events)
        self._idf_at = lru_cache(maxsize=50_000)(self._computed_idf)

    def readable_rows_of(self, sql: str, members: Sequence[Any], *, first: Sequence[Any] = ()) -> Iterator[ResultRow]:
        """Rows without the members that can't be read, because the part of the file that they are in is damaged."""
        try:
            yield from list(self.rows_of(sql, members, first=first))
        except StoreDamaged as error:
            if len(members) == 1:
                _log.error("a row was left out: %s", error)
                return
            half = len(members) // 2
            for part in (members[:half], members[half:]):
                yield from self.readable_rows_of(sql, part, first=first)

    def set_meta(self, **values: str) -> None:
        """Notes values by their keys, in one step."""
        with self.transaction() as connection:
            note_meta(connection, values)

    def published(self) -> PublishedIndex:
        """The state of the vector index at one moment."""
        meta = {row["key"]: row["value"] for row in self.rows("SELECT key, value FROM meta")}
        texts = (meta.get(key, "") for key in ("generation", "generation_covers", "generation_size"))
        generation, covers, size = (int(text) if text.isdecimal() else 0 for text in texts)  # damaged, it is not used
        return PublishedIndex(generation, covers, size)

    def claim(self, fingerprint: str) -> None:
        """Makes the vectors that encoder's, if they are nobody's yet. Raises StoreMismatch."""
        if self.meta("encoder") is None:
            self.set_meta(encoder=fingerprint)
        self.require(fingerprint)

    def require(self, fingerprint: str) -> None:
        """Raises StoreMismatch where another encoder made the vectors, now or whenever some are read from now on."""
        self._questions_by = fingerprint
        self.require_same()

    def require_same(self) -> None:
        """Raises StoreMismatch where another encoder's vectors have taken the place of those that questions go by."""
        if self._questions_by is None or (encoder := self.meta("encoder")) in (None, self._questions_by):
            return
        if self.passages_alone():
            raise StoreMismatch(
                "This archive was encoded by an earlier version of archive-qa. Encode everything again with "
                "`qa reencode`; nothing else of it changes."
            )
        raise StoreMismatch(
            f"This archive was encoded by {encoder}, the encoder now set is {self._questions_by}. Set QA_ENCODER back "
            "and start again, or encode everything again with `qa reencode`."
        )

    def passages_alone(self) -> bool:
        """Whether an earlier version encoded passages without their sentences; a migration has put that there."""
        return (self.meta("encoder") or "").endswith(", passages alone")

    def coverage(self) -> Coverage:
        counted = f"count(*) AS articles, min({_DATED}) AS first, max({_DATED}) AS last"
        return entries.value_of(Coverage, self.rows(f"SELECT {counted} FROM articles a WHERE {READABLE}")[0])

    def state(self) -> str:
        """Equal as long as the articles that readers may see, and what was said of them, are the same."""
        coverage, said = self.coverage(), self.number("SELECT coalesce(max(number), 0) AS n FROM notices")
        return f"{coverage.articles} {coverage.first} {coverage.last}, {self.newest_number()} {said}"

    def kept_questions(self) -> str | None:
        """The record of the questions that the page offers; it goes when an article is taken out or replaced."""
        return self.meta(QUESTIONS)

    def sources(self, between: Dates = ALWAYS) -> list[tuple[Source, str]]:
        """Every sound article, readable or not, as it stands now, and the path it was read from; by id."""
        condition, values = within(between, self.lexicon)
        sound = f"{_WITH_STANDING} WHERE a.state = 'live' AND a.damaged IS NULL {condition}"
        rows = self.rows(f"SELECT {entries.STAFF_SOURCE}, a.path FROM {sound} ORDER BY a.id", values)
        return readable_of(lambda row: (source_of(row), row["path"]), rows)

    def newest_titles(self, limit: int) -> list[str]:
        """Headlines of the newest readable articles that are dated, newest first."""
        dated = f"a.published IS NOT NULL AND {READABLE} ORDER BY a.published DESC, a.title DESC LIMIT ?"
        rows = self.rows(f"SELECT {entries.SEEN_ARTICLE} FROM articles a WHERE {dated}", (2 * limit,))
        return [article.source.title for article in self.verified_articles(rows).values()][:limit]

    def listed(self, between: Dates = ALWAYS) -> list[ListedArticle]:
        condition, values = within(between, self.lexicon)
        sql = f"SELECT {entries.SEEN_SOURCE}, a.event_date FROM articles a WHERE {READABLE} {condition} ORDER BY a.id"
        misnoticed = {row["article_id"] for row in self.rows(entries.MISNOTICED_IDS)}
        rows = [row for row in self.rows(sql, values) if row["id"] not in misnoticed]
        return readable_of(lambda row: ListedArticle(source_of(row), row["event_date"]), rows)

    def origins(self) -> Origins:
        """Where the articles that readers may see come from; kept until somebody writes, or an embargo may end."""
        return self._origins_at(self.engine.version(), int(time.time() / MAY_HAVE_ENDED))

    def _origins(self, version: int, since: int) -> Origins:
        columns = ("outlet", "language", "summarises")
        rows = self.rows(f"SELECT DISTINCT {', '.join(f'a.{c}' for c in columns)} FROM articles a WHERE {READABLE}")
        outlets, languages, summarised = ({row[column] for row in rows} - {"", None} for column in columns)
        return Origins(tuple(sorted(outlets, key=str.casefold)), tuple(sorted(languages)), tuple(sorted(summarised)))

    def named_events(self) -> Mapping[str, tuple[NamedEvent, ...]]:
        """The events that each article names that readers may see, by its id; kept until somebody writes, as above."""
        return self._named_events_at(self.engine.version(), int(time.time() / MAY_HAVE_ENDED))

    def _named_events(self, version: int, since: int) -> dict[str, tuple[NamedEvent, ...]]:
        found = "CASE WHEN json_valid(n.record) THEN json_extract(n.record, '$.events') END"
        articles = f"annotations n JOIN articles a ON a.number = n.article WHERE {READABLE}"
        sql = f"SELECT a.id, {found} AS events FROM {articles} AND {intact('annotations', 'n')}"
        named = (row for row in self.rows(sql) if row["events"] not in (None, "[]"))
        read = entries.adapter(tuple[NamedEvent, ...]).validate_json
        return dict(readable_of(lambda row: (row["id"], read(row["events"])), named))

    def event_dates(self, article_ids: Iterable[str]) -> dict[str, str]:
        sql = f"SELECT a.id, a.event_date FROM articles a WHERE {READABLE} AND a.event_date > '' AND a.id IN (…)"
        return {row["id"]: row["event_date"] for row in self.rows_of(sql, list(article_ids))}

    def article(self, article_id: str) -> Article:
        """One that readers may see, as it stands now. Raises NotFound, Withdrawn, Damaged."""
        rows = self.rows(f"SELECT {entries.SEEN_ARTICLE} FROM articles a WHERE a.id = ? AND {READABLE}", (article_id,))
        for article in self.verified_articles(rows).values():
            return article
        if rows:
            raise Damaged(article_id)
        hidden = self.rows("SELECT status, reason, day FROM hidden WHERE article_id = ?", (article_id,))
        for row in hidden:
            if row["status"] == "withdrawn":
                raise Withdrawn(article_id, reason=row["reason"], day=entries.day(row["day"]))
        if not hidden and self.rows("SELECT 1 FROM articles WHERE id = ? AND damaged IS NOT NULL", (article_id,)):
            raise Damaged(article_id)
        raise not_held(article_id)

    def versions(self, article_id: str) -> list[Version]:
        """Earlier texts of an article, the oldest first; those that are damaged are left out."""
        sql = f"SELECT * FROM versions WHERE article_id = ? AND {intact('versions')}"
        return entries.numbered(self.rows(sql, (article_id,)))

    def read_from(self, article_id: str) -> tuple[str, Original | None]:
        """The path that an article was read from, and what of it; None where that was not noted. Raises NotFound."""
        row = self._held(article_id, "path, original")
        return row["path"], Original(**json.loads(row["original"])) if row["original"] else None

    def existing_id(self, article_id: str) -> str:
        """The id of an article that is held, damaged or not. Raises NotFound."""
        return str(self._held(article_id, "id")["id"])

    def original(self, article_id: str) -> Article:
        """An article as its file has it, without what the staff said since. Raises NotFound, Damaged."""
        return entries.verified_article_of(self._held(article_id, entries.HELD_ARTICLE))

    def with_standing(self, article_id: str) -> tuple[Article, Standing]:
        """For the staff: an article as it stands now, readable or not. Raises NotFound, Damaged."""
        row = self._held(article_id, f"{entries.STAFF_ARTICLE}, h.reason, h.day, h.until", _WITH_STANDING)
        try:
            article = entries.verified_article_of(row)
            return article, entries.value_of(Standing, row, status=article.source.status, reason=row["reason"] or "")
        except entries.UNREADABLE:
            raise Damaged(article_id) from None

    def _held(self, article_id: str, columns: str, of: str = "articles a") -> ResultRow:
        """Columns of an article that is held. Raises NotFound."""
        rows = self.rows(f"SELECT {columns} FROM {of} WHERE a.id = ? AND a.state = 'live'", (article_id,))
        if not rows:
            raise not_held(article_id)
        return rows[0]

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        """What is stored with these articles; only of those that readers may see."""
        readable = f"{READABLE} AND {intact('annotations', 'n')} AND a.id IN (…)"
        sql = f"SELECT a.id, n.record FROM annotations n JOIN articles a ON a.number = n.article WHERE {readable}"
        read, rows = entries.adapter(Annotations).validate_json, self.rows_of(sql, list(article_ids))
        return dict(readable_of(lambda row: (row["id"], read(row["record"])), rows))

    def stored(self, article_ids: Iterable[str]) -> dict[str, Stored]:
        """What is known of each of these articles that is live; what is damaged is to be stored again."""
        known = f"SELECT {entries.HELD_ARTICLE}, a.damaged FROM articles a WHERE a.state = 'live' AND a.id IN (…)"
        stored = {}
        for row in self.rows_of(known, list(article_ids)):
            stored[row["id"]] = Stored("", row["path"])
            with suppress(Damaged):
                article = entries.verified_article_of(row)
                digest = row["digest"] if row["damaged"] is None else ""
                corrections = frozenset(correction.text for correction in article.source.corrections)
                standing = (article.withdrawal is not None, corrections)
                stored[row["id"]] = Stored(digest, row["path"], article.metadata, article.source.kind, *standing)
        return stored

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
        """Those that are as they were stored, and what the staff said of them too, by their numbers."""
        articles = {}
        for row in rows:
            try:
                if row["misnoticed"]:
                    raise Damaged(row["id"])
                articles[row["number"]] = entries.verified_article_of(row)
            except Damaged as error:
                if row["number"] not in self._logged:
                    self._logged.add(row["number"])
                    _log.error("%s", error)
        return articles

    def vectors(self, numbers: Sequence[int], *, between: Dates | None = None) -> tuple[list[int], Vectors]:
        """Stored vectors by number, only of readable articles `between` dates, else pending ones too; damaged not."""
        of, values = "passages p WHERE TRUE", list[object]()
        if between is not None:
            condition, values = within(between, self.lexicon)
            of = f"{IN_ARTICLES} WHERE {READABLE} {condition}"
        sql = f"SELECT p.number, p.vector FROM {of} AND p.number IN (…) AND {intact('passages', 'p')}"
        rows = list(self.readable_rows_of(sql, numbers, first=values))
        return [row["number"] for row in rows], entries.vectors_of([row["vector"] for row in rows])

    def sentence_vectors(self, passages: Sequence[Passage]) -> list[Vectors]:
        """Of each passage's sentences, (sentences, dimension); (0, 0) where they are gone or damaged."""
        sql = (
            f'SELECT a.id, p.start, p."end", p.sentences, v.vectors FROM {IN_ARTICLES}'
            " JOIN sentence_vectors v ON v.passage = p.number"
            f" WHERE {READABLE} AND {intact('sentence_vectors', 'v')} AND a.id IN (…)"
        )
        rows = self.readable_rows_of(sql, sorted({passage.source.article_id for passage in passages}))
        # Another version of the article may have come in between: its sentences are others.
        blobs = {(row["id"], row["start"], row["end"], row["sentences"]): row["vectors"] for row in rows}
        self.require_same()
        keys = [(p.source.article_id, p.start, p.end, entries.sentences_record(p)) for p in passages]
        counts = [len(passage.sentences) for passage in passages]
        return [entries.sentence_vectors_of(blobs.get(key), n) for key, n in zip(keys, counts, strict=True)]

    def passages(self, numbers: Sequence[int], *, between: Dates) -> dict[int, Passage]:
        """Passages by number, those of readable articles within the dates, cut from bodies that are as stored."""
        condition, values = within(between, self.lexicon)
        sql = f"SELECT {entries.PASSAGE} FROM {IN_ARTICLES} WHERE {READABLE} {condition} AND p.number IN (…)"
        rows = [row for row in self.readable_rows_of(sql, numbers, first=values) if row["intact"]]
        seen = f"SELECT {entries.SEEN_ARTICLE} FROM articles a WHERE a.number IN (…)"
        articles = self.verified_articles(self.readable_rows_of(seen, list({row["article"] for row in rows})))
        return {row["number"]: passage_of(row, articles[row["article"]]) for row in rows if row["article"] in articles}

    def sentences_of(self, article_id: str) -> dict[Span, Vectors]:
        """The sentences of an article, whoever may see it, each with its vector; none where those are damaged."""
        of_article = f"WHERE {intact('sentence_vectors', 'v')} AND {intact('passages', 'p')} AND a.state = 'live'"
        joined = f"{IN_ARTICLES} JOIN sentence_vectors v ON v.passage = p.number"
        read = dict[Span, Vectors]()
        sql = f"SELECT p.sentences, v.vectors FROM {joined} {of_article} AND a.id IN (…)"
        for row in self.readable_rows_of(sql, [article_id]):
            spans = entries.spans_of(row["sentences"])
            read |= zip(spans, entries.sentence_vectors_of(row["vectors"], len(spans)), strict=False)
        return read

    def texts(self, *, after: int) -> Iterator[ResultRow]:
        """`number`, `id`, `title` and `body` of the articles beyond a number, whoever may see them, in order."""
        live = "SELECT number FROM articles WHERE state = 'live' AND kind <> 'summary' AND number > ? ORDER BY number"
        numbers = [row["number"] for row in self.rows(live, (after,))]
        some = "SELECT number, id, title, body FROM articles WHERE number IN (…) ORDER BY number"
        for start in range(0, len(numbers), AT_ONCE):
            yield from self.readable_rows_of(some, numbers[start : start + AT_ONCE])

    def printers(self) -> set[str]:
        """Ids of the articles that said something of others in a notice."""
        return {row["id"] for row in self.rows(PRINTERS)}

    def numbers(self, *, state: str = "live", after: int = 0) -> list[int]:
        """Numbers of passages held, in order: an article that readers may not see today they may see tomorrow."""
        sql = f"SELECT p.number FROM {IN_ARTICLES} WHERE a.state = ? AND p.number > ? ORDER BY p.number"
        return [row["number"] for row in self.rows(sql, (state, after))]

    def newest_number(self) -> int:
        """The highest number of any passage."""
        return self.number("SELECT coalesce(max(number), 0) AS n FROM passages")

    def newest_article(self) -> int:
        """The highest number of any article."""
        return self.number("SELECT coalesce(max(number), 0) AS n FROM articles")

    def count_held(self, *, until: int) -> int:
        """How many passages are held with numbers up to that one."""
        # The plus keeps SQLite from reading the passages themselves: their articles' index has all numbers.
        sql = f"SELECT count(*) AS n FROM {IN_ARTICLES} WHERE a.state = 'live' AND +p.number <= ?"
        return self.number(sql, (until,))

    def readable_numbers(self, *, between: Dates) -> list[int]:
        """Numbers of the passages of readable articles within the dates, in order."""
        condition, values = within(between, self.lexicon)
        return [row["number"] for row in self.rows(f"{entries.READABLE_NUMBERS} {condition} ORDER BY p.number", values)]

    def has_pending(self) -> bool:
        return bool(self.rows("SELECT 1 FROM articles WHERE state = 'pending' LIMIT 1"))

    @abstractmethod
    def follow(self) -> object: ...  # brings what is searched in step with the catalogue, as every search does
    @abstractmethod
    def near(self, vector: Vectors, *, limit: int, between: Dates = ALWAYS) -> list[Hit]: ...

    def matching(self, terms: Sequence[str], *, limit: int, between: Dates = ALWAYS, language: str = "en") -> list[Hit]:
        """Readable passages by BM25: words that aren't English by their own stems too, and the better score counts."""
        # On xquad the right paragraph is first for 93.2% of the Spanish questions, by English endings for 91.8%.
        best = dict(self.lexicon.bm25(terms, limit=limit, between=between, index="lexicon")) if terms else {}
        stems = [stem for term in terms if (stem := stemmed(term, language))] if primary(language) != DEFAULT else ()
        if stems:
            for number, score in self.lexicon.bm25(stems, limit=limit, between=between, index="stemmed"):
                best[number] = max(score, best.get(number, score))
        return self.hits(best.items(), limit=limit, between=between)

    def by_cosine(
        self, numbers: Sequence[int], vectors: Vectors, vector: Vectors, *, limit: int, between: Dates
    ) -> list[Hit]:
        """Passages of which those are the vectors, by their cosine with another one."""
        cosines = (vectors @ vector).tolist() if numbers else []
        return self.hits(zip(numbers, cosines, strict=True), limit=limit, between=between)

    def hits(self, scored: Iterable[tuple[int, float]], *, limit: int, between: Dates) -> list[Hit]:
        """The best of numbered passages, of those that readers may see."""
        best = sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:limit]
        passages = self.passages([number for number, _ in best], between=between)
        return [Hit(passages[number], score) for number, score in best if number in passages]

    def idf(self, term: str) -> float:
        """The inverse document frequency of BM25; what was counted is kept until somebody writes."""
        return self._idf_at(term, self.engine.version())

    def _computed_idf(self, term: str, version: int) -> float:
        total, with_term = self._passage_count_at(version), self.lexicon.frequency(term)
        return math.log(1 + max(0.0, total - with_term + 0.5) / (with_term + 0.5))

    def _passage_count(self, version: int) -> int:
        return self.number(f"SELECT count(*) AS n FROM passages WHERE number NOT IN ({entries.HIDDEN_NUMBERS})")

    def vocabulary(self) -> Mapping[str, Term]:
        return self._vocabulary.terms(self.engine.version())


def note_meta(connection: Connection, values: Mapping[str, str]) -> None:
    sql = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    connection.executemany(sql, list(values.items()))
