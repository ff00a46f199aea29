"""What every document store does, in whatever engine its catalogue is: change, check, repair, search by words."""

import math
import re
import threading
import time
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from qa.errors import Damaged
from qa.models.annotations import Annotations
from qa.models.archive import Article, moment_text
from qa.models.dates import ALWAYS, Dates
from qa.models.deliveries import Problem
from qa.models.replies import Hit
from qa.protocols import DamagedArticle, IndexedArticle, Term, Vectors
from qa.store.catalogue import Catalogue, note_meta
from qa.store.check import file_problems, findings, notice_problems, safely
from qa.store.checksums import intact
from qa.store.engine import Connection, Engine, ResultRow
from qa.store.notices import write_awaited
from qa.store.rows import (
    ARTICLE_COLUMNS,
    HELD_ARTICLE,
    adapter,
    article_of,
    article_values,
    readable_of,
    sentence_bytes,
    sentences_record,
    stemmed,
    vector_bytes,
    verified_article_of,
)
from qa.text.language import DEFAULT, primary
from qa.text.terms import fold

COUNTING_REST = 50  # times as long as counting words took they are not counted again: 2% of a process's time goes there

_KEEPING_WHAT_IS_KNOWN = f"""
    UPDATE articles AS fresh SET
        original = coalesce(fresh.original, former.original),
        source = former.source,
        stored_at = CASE WHEN fresh.digest = former.digest THEN former.stored_at ELSE fresh.stored_at END
    FROM articles AS former
    WHERE fresh.state = 'pending' AND former.state = 'live' AND former.id = fresh.id
        AND {intact("articles", "former")}
"""
"""An article that is only encoded anew keeps when it was stored and what it was read from; a new text its source."""

_FORGETTING = (
    "DELETE FROM versions WHERE article_id = ?",
    "DELETE FROM articles WHERE id = ?",
    "DELETE FROM awaiting WHERE article_id = ?",
    # A correction may repeat the words that it corrects; who said it, and when, stays.
    "UPDATE notices SET text = '', checksum = NULL WHERE article_id = ? AND kind = 'correction'",
)
_RECORDED_ANEW = "ON CONFLICT (article) DO UPDATE SET record = excluded.record, checksum = NULL"
_REPLACED = (
    "SELECT former.id FROM articles former JOIN articles fresh ON fresh.id = former.id"
    " WHERE former.state = 'live' AND fresh.state = 'pending'"
)
_AWAITED = "SELECT a.id FROM articles a JOIN awaiting w ON w.article_id = a.id WHERE a.state = 'pending'"
_OF_ANOTHER_SOURCE = (
    "UPDATE articles SET source = ?1 WHERE id = ?2 AND state = 'live'",
    "UPDATE noted SET source = ?1 WHERE article_id = ?2",
    # What was heard of an article twice, from two sources, is of the new one once.
    """
    UPDATE heard SET source = ?1
    WHERE article_id = ?2 AND coalesce(source, '') = (
        SELECT min(coalesce(h.source, '')) FROM heard h
        WHERE h.article_id = heard.article_id AND h.kind = heard.kind AND h.digest = heard.digest
    ) AND NOT EXISTS (
        SELECT 1 FROM heard h
        WHERE h.article_id = heard.article_id AND h.kind = heard.kind AND h.digest = heard.digest AND h.source = ?1
    )
    """,
)
_OF_NOTHING = (
    "DELETE FROM passages WHERE article NOT IN (SELECT number FROM articles)",
    "DELETE FROM sentence_vectors WHERE passage NOT IN (SELECT number FROM passages)",
    "DELETE FROM annotations WHERE article NOT IN (SELECT number FROM articles)",
)
"""Rows that a flipped bit has parted from what they belong to, which is encoded or read anew."""


class Vocabulary:
    """The words of an archive; while it is written they are counted anew now and then, by one question for all."""

    def __init__(self, texts: Callable[[], Iterable[str]]) -> None:
        self._texts = texts
        self._counting = threading.Lock()
        self._terms: Mapping[str, Term] | None = None
        self._version = 0
        self._rest_until = 0.0

    def terms(self, version: int) -> Mapping[str, Term]:
        """The words as they stand, or stood a while ago, in the archive that is at that version."""
        terms = self._terms
        if terms is not None and (version == self._version or time.monotonic() < self._rest_until):
            return terms
        if self._counting.acquire(blocking=terms is None):
            try:
                if self._terms is None or self._version != version:
                    begun = time.monotonic()
                    self._terms, self._version = self._counted(), version
                    self._rest_until = time.monotonic() + (time.monotonic() - begun) * COUNTING_REST
                terms = self._terms
            finally:
                self._counting.release()
        return terms or {}

    def _counted(self) -> dict[str, Term]:
        """The words of letters alone, by their folded form."""
        written = Counter[str]()
        for text in self._texts():
            written.update(re.findall(r"[^\W\d_]+", text))
        forms, counts = dict[str, str](), Counter[str]()
        for form, count in written.most_common():
            word = fold(form)
            forms.setdefault(word, form)
            counts[word] += count
        return {word: Term(forms[word], count) for word, count in counts.items() if word.isalpha()}

    def forget(self) -> None:
        self._terms = None


class ArchiveStore(Catalogue):
    """A `DocumentStore`: the catalogue with its indexes. Each change is one transaction; no repair changes a digest."""

    def __init__(self, place: Path | Engine) -> None:
        super().__init__(place)
        self._vocabulary = Vocabulary(self.lexicon.texts)
        self._passage_count_at = lru_cache(maxsize=1)(lambda version: self.passage_count())
        self._idf_at = lru_cache(maxsize=50_000)(self._computed_idf)

    # — putting articles —

    def put(self, batch: Sequence[IndexedArticle]) -> None:
        """Stores articles in place of those that they replace, in one step."""
        with self.transaction() as connection:
            self._insert_pending(connection, batch)
            self._publish_pending(connection)
        self._vocabulary.forget()

    def put_pending(self, batch: Sequence[IndexedArticle]) -> None:
        """Stores articles that nobody sees yet."""
        with self.transaction() as connection:
            self._insert_pending(connection, batch)

    def publish_pending(self, meta: Mapping[str, str]) -> None:
        """Makes every pending article live, in place of the one it replaces, and notes `meta`, in one step."""
        with self.transaction() as connection:
            note_meta(connection, meta)
            self._publish_pending(connection)
        self._vocabulary.forget()

    @abstractmethod
    def reencode(self, fingerprint: str, batches: Iterable[Sequence[IndexedArticle]]) -> None:
        """Replaces all articles' vectors by another encoder's in one step; a crash before it leaves the old ones."""

    @abstractmethod
    def rebuild(self) -> None:
        """Makes the index of vectors anew from the catalogue's."""

    def _insert_pending(self, connection: Connection, batch: Sequence[IndexedArticle]) -> None:
        batch = list({item.article.article_id: item for item in batch}.values())  # of two of one id the later counts
        former = "DELETE FROM articles WHERE id = ? AND state = 'pending'"
        connection.executemany(former, [(item.article.article_id,) for item in batch])
        at, signs = now(), ", ".join("?" * len(ARTICLE_COLUMNS.split(",")))
        columns = f"({ARTICLE_COLUMNS}, state, stored_at) VALUES ({signs}, 'pending', ?)"
        sql = f"INSERT INTO articles {columns} RETURNING number"
        numbers = self.insert(connection, sql, [(*article_values(item), at) for item in batch])
        # A row that a flipped bit has parted from its article, or its passage, may have the number already.
        records = [adapter(Annotations).dump_json(item.annotations).decode() for item in batch]
        sql = f"INSERT INTO annotations (article, record) VALUES (?, ?) {_RECORDED_ANEW}"
        connection.executemany(sql, list(zip(numbers, records, strict=True)))
        rows, sentences = [], []
        for number, item in zip(numbers, batch, strict=True):
            for passage, vectors in zip(item.passages, item.vectors, strict=True):
                spans, vector = sentences_record(passage), vector_bytes(vectors.passage)
                rows.append((number, passage.start, passage.end, spans, vector))
                sentences.append(sentence_bytes(vectors.sentences))
        sql = 'INSERT INTO passages (article, start, "end", sentences, vector) VALUES (?, ?, ?, ?, ?) RETURNING number'
        passages = self.insert(connection, sql, rows)
        connection.executemany(
            "INSERT INTO sentence_vectors (passage, vectors) VALUES (?, ?)"
            " ON CONFLICT (passage) DO UPDATE SET vectors = excluded.vectors, checksum = NULL",
            list(zip(passages, sentences, strict=True)),
        )

    def _publish_pending(self, connection: Connection) -> None:
        at = now()
        connection.execute(_KEEPING_WHAT_IS_KNOWN)
        replaced, awaited = ({row["id"] for row in connection.execute(sql).fetchall()} for sql in (_REPLACED, _AWAITED))
        for articles in pages_of(connection, "state = 'pending'"):
            for article in articles:
                if article["id"] in replaced:
                    _keep_replaced(connection, article, at=at)
                    self._delete(connection, article["id"])
            newly_live = "UPDATE articles SET state = 'live' WHERE state = 'pending' AND number <= ?"
            connection.execute(newly_live, (articles[-1]["number"],))
            for article_id in awaited & {article["id"] for article in articles}:
                write_awaited(connection, article_id)
            self.lexicon.enter(connection, articles)

    # — taking articles out, and finishing —

    def remove(self, article_id: str) -> None:
        """Takes an article off the store for good. Raises NotFound."""
        self.remove_all([self.existing_id(article_id)])

    def remove_all(self, article_ids: Iterable[str]) -> None:
        """Takes articles off the store for good, in one step; those that are not held are passed over."""
        self._delete_all(article_ids)
        self.finish()

    def awaiting_erasure(self) -> list[str]:
        """Articles that are still held although the staff ordered their text off the disk."""
        rows = self.rows("SELECT DISTINCT id FROM articles a JOIN orders o ON article_id = id WHERE o.kind = 'erasure'")
        return [row["id"] for row in rows]

    def erase_ordered(self) -> None:
        """Erases what was ordered to be, with what was said in notices of it."""
        if ordered := self.awaiting_erasure():
            self._delete_all(ordered, forgetting=_FORGETTING)

    def _delete_all(self, article_ids: Iterable[str], *, forgetting: Sequence[str] = _FORGETTING[:1]) -> None:
        with self.transaction() as connection:
            for article_id in article_ids:
                self._delete(connection, article_id)
                for sql in forgetting:
                    connection.execute(sql, (article_id,))
            note_meta(connection, {"unscrubbed": "1"})
        self._vocabulary.forget()

    def _delete(self, connection: Connection, article_id: str) -> None:
        """Deletes an article with its passages and their index entries, if it is there."""
        live = "SELECT number FROM articles WHERE id = ? AND state = 'live'"
        if (row := connection.execute(live, (article_id,)).fetchone()) is not None:
            self.lexicon.leave(connection, row["number"])
            connection.execute("DELETE FROM articles WHERE number = ?", (row["number"],))

    def forget_versions(self, article_id: str) -> int:
        """Takes the earlier texts of an article off the disk for good; how many there were. Raises NotFound."""
        article_id = self.existing_id(article_id)
        with self.transaction() as connection:
            note_meta(connection, {"unscrubbed": "1"})
            count = connection.execute("DELETE FROM versions WHERE article_id = ?", (article_id,)).rowcount
        self.scrub()
        return count

    def unscrubbed(self) -> bool:
        """Whether words of an article that was removed may still be in a file."""
        return self.meta("unscrubbed") is not None

    @abstractmethod
    def unscrubbed_since(self) -> str:
        """Why a word of what was taken out may be left in a file; empty where none is."""

    def scrub(self, *, complete: bool = True) -> None:
        """Leaves nothing of what was deleted in the files; not `complete` where something is left elsewhere."""
        removed = self.unscrubbed()  # it stays so where a reader keeps the log in use: who writes next tries again
        if self.empty_log(removed=removed) and removed and complete:
            with self.transaction() as connection:
                connection.execute("DELETE FROM meta WHERE key = 'unscrubbed'")

    @abstractmethod
    def finish(self, *, replaced: bool = False) -> None:
        """What a command that writes does at its end: no word and no vector of what was removed is in any file then.

        Or it stays marked for whoever writes next. Texts were `replaced`: nothing is to be left of those either.
        """

    def recover(self) -> None:
        """Takes away what a process that died has left, and does what waits to be done."""
        if self.has_pending():
            with self.transaction() as connection:
                connection.execute("DELETE FROM articles WHERE state = 'pending'")
        if self.awaiting_erasure() or self.unscrubbed():
            self.finish()

    # — what else is known of articles —

    def relocate(self, paths: Mapping[str, str]) -> None:
        """Notes where articles are found now, by their ids."""
        with self.transaction() as connection:
            sql = "UPDATE articles SET path = ? WHERE id = ? AND state = 'live'"
            connection.executemany(sql, [(path, article_id) for article_id, path in paths.items()])

    def reassign(self, sources: Mapping[str, str]) -> None:
        """Makes live articles, and what was said about them, those of other sources, by their ids."""
        with self.transaction() as connection:
            for article_id, source in sources.items():
                for sql in _OF_ANOTHER_SOURCE:
                    connection.execute(sql, (source, article_id))
                write_awaited(connection, article_id)

    def keep_older(self, article: Article, *, path: str) -> bool:
        """Keeps a text that came after the one that replaced it; False where it is kept already."""
        with self.transaction() as connection:
            known = "SELECT 1 FROM versions WHERE article_id = ? AND digest = ?"
            if connection.execute(known, (article.article_id, article.digest)).fetchone():
                return False
            _keep_version(connection, article, path=path, stored_at=now(), at=now())
        return True

    def outdated(self, version: int) -> list[str]:
        """Articles whose annotations were made by another version, or never."""
        if self.meta("reading") == str(version):
            return []
        read_by = "CAST(CASE WHEN json_valid(n.record) THEN json_extract(n.record, '$.version') END AS INTEGER)"
        sql = (
            "SELECT a.id FROM articles a LEFT JOIN annotations n ON n.article = a.number"
            f" WHERE a.state = 'live' AND a.damaged IS NULL AND coalesce({read_by}, 0) <> ? ORDER BY a.id"
        )
        return [row["id"] for row in self.rows(sql, (version,))]

    def all_read_by(self, version: int) -> None:
        """Notes that no article is `outdated`."""
        if self.meta("reading") != str(version):
            self.set_meta(reading=str(version))

    def annotate(self, annotated: Mapping[str, Annotations]) -> None:
        """Stores annotations, by the article's id, in place of those that are there."""
        live = f"SELECT number, ? FROM articles WHERE id = ? AND state = 'live' {_RECORDED_ANEW}"
        records = [
            (adapter(Annotations).dump_json(read).decode(), article_id) for article_id, read in annotated.items()
        ]
        with self.transaction() as connection:
            connection.executemany(f"INSERT INTO annotations (article, record) {live}", records)

    # — checking and repairing —

    def check(self) -> list[Problem]:
        """What is wrong with the store at this moment, whoever writes meanwhile."""
        with self.snapshot():
            of_the_index = [*safely(self._index_problems())]  # first, before its generation may go
            of_articles = (problem for _, problem, _ in findings(self))
            parts = (file_problems(self), of_articles, notice_problems(self), iter(of_the_index), self._unfinished())
            return [problem for part in parts for problem in safely(part)]

    def _unfinished(self) -> Iterator[Problem]:
        if self.has_pending():
            yield Problem(None, "articles are being encoded anew, or that was cut off: then `qa reencode` begins again")
        for waiting in self.awaiting_erasure():
            yield Problem(waiting, "its erasure waits to be done")
        if self.unscrubbed():
            yield Problem(None, "words of an article that was taken out may still be in the files")

    def _index_problems(self) -> Iterator[Problem]:
        """What is wrong with an index of vectors that is kept beside the catalogue."""
        yield from ()

    def damaged(self) -> list[DamagedArticle]:
        """Articles that are not as they were stored; those that were set aside too."""
        numbers = [number for number, _, harm in findings(self) if harm == "text"]
        held = f"SELECT {HELD_ARTICLE} FROM articles a WHERE a.number IN (…)"
        named = "SELECT number, id, digest, path FROM articles WHERE number IN (…)"
        articles = []
        for row in self.readable_rows_of(named, numbers):
            article = next(iter(readable_of(article_of, self.readable_rows_of(held, [row["number"]]))), None)
            earlier = tuple(version.article for version in self.versions(row["id"]))
            articles.append(DamagedArticle(row["number"], row["digest"], row["path"], article, earlier))
        return articles

    def broken(self) -> list[str]:
        """Ids of articles that are as they were stored, but not their passages."""
        return sorted({str(problem.article_id) for _, problem, harm in findings(self) if harm == "made of it"})

    def repair_indexes(self) -> None:
        """Makes the indexes anew, the lexical ones, from the bodies, only where they are damaged."""
        if any(safely(file_problems(self))) or any(harm == "lexical" for *_, harm in findings(self)):
            with self.transaction() as connection:
                self.lexicon.clear(connection)
                for sql in _OF_NOTHING:
                    connection.execute(sql)
                for articles in pages_of(connection, "state = 'live' AND damaged IS NULL"):
                    self.lexicon.enter(connection, articles)
        unsure = f"state = 'live' AND damaged IS NULL AND NOT {intact('articles')}"
        with self.transaction() as connection:  # where it isn't sure where an article came from, nothing is said of it
            nothing = "path = '', original = NULL, stored_at = NULL, checksum = NULL"
            connection.execute(f"UPDATE articles SET {nothing} WHERE {unsure}")
        self.rebuild()

    def set_aside(self, number: int) -> None:
        """Notes that an article is damaged: nobody is shown it, and its file is opened at the next synchronising."""
        with self.transaction() as connection:
            (article_id,) = connection.execute("SELECT id FROM articles WHERE number = ?", (number,)).fetchone()
            self.lexicon.leave(connection, number)
            for table in ("passages", "annotations"):
                connection.execute(f"DELETE FROM {table} WHERE article = ?", (number,))
            connection.execute("UPDATE articles SET damaged = ? WHERE number = ? AND damaged IS NULL", (now(), number))
            connection.execute(
                "UPDATE files SET changed_ns = 0"
                " WHERE json_valid(articles) AND EXISTS (SELECT 1 FROM json_each(articles) WHERE value = ?)",
                (article_id,),
            )
        self._vocabulary.forget()

    def discard(self, number: int) -> None:
        """Deletes the row of a damaged article, of which the text that was stored is held again."""
        if self.rows("SELECT 1 FROM articles WHERE number = ?", (number,)):
            self.set_aside(number)
            with self.transaction() as connection:
                connection.execute("DELETE FROM articles WHERE number = ?", (number,))

    # — searching —

    @abstractmethod
    def follow(self) -> object:
        """Brings what is searched in step with the catalogue, as every search does. Raises StoreError."""

    @abstractmethod
    def near(self, vector: Vectors, *, limit: int, between: Dates = ALWAYS) -> list[Hit]: ...

    def matching(self, terms: Sequence[str], *, limit: int, between: Dates = ALWAYS, language: str = "en") -> list[Hit]:
        """Readable passages by BM25.

        Other words than English ones are looked up by their stems too, and the better score counts: on xquad the right
        paragraph is first for 93.2% of the Spanish questions, by English endings for 91.8%.
        """
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
        return self._idf_at(term, self.version())

    def _computed_idf(self, term: str, version: int) -> float:
        total, with_term = self._passage_count_at(version), self.lexicon.frequency(term)
        return math.log(1 + max(0.0, total - with_term + 0.5) / (with_term + 0.5))

    def vocabulary(self) -> Mapping[str, Term]:
        return self._vocabulary.terms(self.version())


def now() -> str:
    return moment_text(datetime.now(UTC))


def _keep_replaced(connection: Connection, fresh: ResultRow, *, at: str) -> None:
    """Keeps the live text of an article that another is about to replace, where their words differ."""
    row = connection.execute(
        f"SELECT {HELD_ARTICLE}, a.stored_at FROM articles a"
        " WHERE a.id = ? AND a.state = 'live' AND (a.title, a.body) <> (?, ?)",
        (fresh["id"], fresh["title"], fresh["body"]),
    ).fetchone()
    with suppress(Damaged):  # what is not as it was stored was never its text
        if row:
            _keep_version(connection, verified_article_of(row), path=row["path"], stored_at=row["stored_at"], at=at)


def _keep_version(connection: Connection, article: Article, *, path: str, stored_at: str | None, at: str) -> None:
    record = adapter(Article).dump_json(article).decode()
    connection.execute(
        "INSERT INTO versions (article_id, digest, status, record, path, stored_at, replaced_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (article.article_id, article.digest, article.source.status.value, record, path, stored_at, at),
    )


def pages_of(connection: Connection, condition: str) -> Iterator[list[ResultRow]]:
    """Articles with what the lexical index needs of them, by number, some at once."""
    after, some = 0, f"{condition} AND number > ? ORDER BY number LIMIT 500"
    sql = f"SELECT number, id, title, body, language FROM articles WHERE {some}"
    while rows := connection.execute(sql, (after,)).fetchall():
        yield rows
        after = rows[-1]["number"]
