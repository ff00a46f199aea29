"""What every document store does, in whatever engine its catalogue is: change, check, repair."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from qa.errors import Damaged, StoreDamaged
from qa.models.annotations import Annotations
from qa.models.archive import Article, moment_text
from qa.models.deliveries import Problem, WireNotice
from qa.protocols import DamagedArticle, IndexedArticle
from qa.store import entries
from qa.store.books import intact
from qa.store.catalogue import PRINTERS, QUESTIONS, Catalogue, note_meta
from qa.store.engine import Connection, ResultRow, inserting
from qa.store.entries import HELD_ARTICLE, json_of, readable_of, verified_article_of
from qa.store.notices import unsay, write_awaited
from qa.store.sqlite_file import WAY_ON

_FORGETTING = (
    "DELETE FROM versions WHERE article_id = ?",
    "DELETE FROM articles WHERE id = ?",
    "DELETE FROM awaiting WHERE article_id = ?",
    # A correction may repeat the words that it corrects.
    "UPDATE notices SET text = '', checksum = NULL WHERE article_id = ? AND kind = 'correction'",
)
_RECORDED_ANEW = "ON CONFLICT (article) DO UPDATE SET record = excluded.record, checksum = NULL"
_REPLACED = (
    "SELECT former.id FROM articles former JOIN articles fresh ON fresh.id = former.id"
    " WHERE former.state = 'live' AND fresh.state = 'pending'"
)
_AWAITED = "SELECT a.id FROM articles a JOIN awaiting w ON w.article_id = a.id WHERE a.state = 'pending'"
_HEARD_TOO = "heard h WHERE h.article_id = heard.article_id AND h.kind = heard.kind AND h.digest = heard.digest"
_OF_ANOTHER_SOURCE = (
    "UPDATE articles SET source = ?1 WHERE id = ?2 AND state = 'live'",
    "UPDATE noted SET source = ?1 WHERE article_id = ?2",
    # What was heard of an article twice, from two sources, is of the new one once.
    "UPDATE heard SET source = ?1 WHERE article_id = ?2"
    f" AND coalesce(source, '') = (SELECT min(coalesce(h.source, '')) FROM {_HEARD_TOO})"
    f" AND NOT EXISTS (SELECT 1 FROM {_HEARD_TOO} AND h.source = ?1)",
)
_HELD = f"SELECT {HELD_ARTICLE}, a.damaged, {intact('articles', 'a')} AS intact FROM articles a"
_SENTENCES = f"SELECT 1 FROM sentence_vectors v WHERE v.passage = p.number AND {intact('sentence_vectors', 'v')}"
_CHECKED = f"{entries.PASSAGE}, EXISTS ({_SENTENCES}) AS sentences_intact"
_PASSAGES = f"SELECT {_CHECKED} FROM passages p WHERE p.article = ? ORDER BY p.start"
_ANNOTATIONS = f"SELECT 1 FROM annotations WHERE NOT {intact('annotations')} AND article = ?"
_NOTICES = f"SELECT *, {entries.OF_NOBODY} AS of_nobody FROM notices WHERE NOT {intact('notices')}"
_UNNOTICED = (
    "SELECT article_id FROM noted WHERE article_id NOT IN (SELECT article_id FROM notices)"
    " AND article_id IN (SELECT id FROM articles WHERE state = 'live')"
)
_VERSIONS = f"SELECT article_id, count(*) AS n FROM versions WHERE NOT {intact('versions')} GROUP BY article_id"

# What of an article is damaged: its text, what was made of that, or its entries in the lexical index alone.
Harm = Literal["text", "made of it", "lexical"]


class ArchiveStore(Catalogue):
    """A `DocumentStore`: the catalogue with its indexes. Each change is one transaction; no repair changes a digest."""

    @abstractmethod
    def rebuild(self) -> None: ...  # makes the index of vectors anew from the catalogue's
    @abstractmethod
    def unscrubbed_since(self) -> str: ...  # why a word of what was taken out may be left in a file; empty: none is

    @abstractmethod
    def reencode(self, fingerprint: str, batches: Iterable[Sequence[IndexedArticle]]) -> None:
        """Replaces all articles' vectors by another encoder's in one step; a crash before it leaves the old ones."""

    @abstractmethod
    def finish(self, *, replaced: bool = False) -> None:
        """Leaves no word and no vector of what was removed, or texts that were `replaced`, in files, or marks it."""

    def put(self, batch: Sequence[IndexedArticle]) -> None:
        """Stores articles in place of those that they replace, in one step."""
        with self.transaction() as connection:
            self._insert_pending(connection, batch)
            self._publish_pending(connection)

    def put_pending(self, batch: Sequence[IndexedArticle]) -> None:
        """Stores articles that nobody sees yet."""
        with self.transaction() as connection:
            self._insert_pending(connection, batch)

    def publish_pending(self, meta: Mapping[str, str]) -> None:
        """Makes every pending article live, in place of the one it replaces, and notes `meta`, in one step."""
        with self.transaction() as connection:
            note_meta(connection, meta)
            self._publish_pending(connection)

    def _insert_pending(self, connection: Connection, batch: Sequence[IndexedArticle]) -> None:
        batch = list({item.article.article_id: item for item in batch}.values())  # of two of one id the later counts
        former = "DELETE FROM articles WHERE id = ? AND state = 'pending'"
        connection.executemany(former, [(item.article.article_id,) for item in batch])
        at, columns = now(), f"{entries.ARTICLE_COLUMNS}, state, stored_at"
        articles = [(*entries.article_values(item), "pending", at) for item in batch]
        numbers = self.engine.insert(connection, inserting("articles", columns), articles)
        # A row that a flipped bit has parted from its article, or its passage, may have the number already.
        records = [json_of(item.annotations) for item in batch]
        sql = f"{inserting('annotations', 'article, record')} {_RECORDED_ANEW}"
        connection.executemany(sql, zip(numbers, records, strict=True))
        rows, sentences = [], []
        for number, item in zip(numbers, batch, strict=True):
            for passage, vectors in zip(item.passages, item.vectors, strict=True):
                spans, vector = entries.sentences_record(passage), entries.vector_bytes(vectors.passage)
                rows.append((number, passage.start, passage.end, spans, vector))
                sentences.append(entries.sentence_bytes(vectors.sentences))
        columns = 'article, start, "end", sentences, vector'
        passages = self.engine.insert(connection, inserting("passages", columns), rows)
        anew = "ON CONFLICT (passage) DO UPDATE SET vectors = excluded.vectors, checksum = NULL"
        sql = f"{inserting('sentence_vectors', 'passage, vectors')} {anew}"
        connection.executemany(sql, zip(passages, sentences, strict=True))

    def _publish_pending(self, connection: Connection) -> None:
        at = now()
        # An article only encoded anew keeps when it was stored and what it was read from; a new text its source.
        connection.execute(
            "UPDATE articles AS fresh SET original = coalesce(fresh.original, former.original), source = former.source,"
            " stored_at = CASE WHEN fresh.digest = former.digest THEN former.stored_at ELSE fresh.stored_at END"
            " FROM articles AS former WHERE fresh.state = 'pending' AND former.state = 'live'"
            f" AND former.id = fresh.id AND {intact('articles', 'former')}"
        )
        replaced, awaited = ({row["id"] for row in connection.execute(sql).fetchall()} for sql in (_REPLACED, _AWAITED))
        printers = {row["id"] for row in connection.execute(PRINTERS).fetchall()}
        for articles in pages_of(connection, "state = 'pending'"):
            for article in articles:
                if article["id"] in replaced:
                    if article["id"] in printers:
                        unsay(connection, article["id"], partial(_still_has, article["body"]))
                    _keep_replaced(connection, article, at=at)
                    self._delete(connection, article["id"])
            newly_live = "UPDATE articles SET state = 'live' WHERE state = 'pending' AND number <= ?"
            connection.execute(newly_live, (articles[-1]["number"],))
            for article_id in awaited & {article["id"] for article in articles}:
                write_awaited(connection, article_id)
            self.lexicon.enter(connection, articles)

    def unsay_all_but(self, article_id: str, orders: Iterable[WireNotice]) -> None:
        """Takes out of the notices what an article said of others and says no more."""
        said = {(order.article_id, order.text, entries.iso(order.day)) for order in orders}
        with self.transaction() as connection:
            unsay(connection, article_id, lambda row: (row["article_id"], row["text"], row["day"]) in said)

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
                unsay(connection, article_id)
                for sql in forgetting:
                    connection.execute(sql, (article_id,))
            note_meta(connection, {"unscrubbed": "1"})

    def keep_questions(self, record: str, *, state: str) -> None:
        """Keeps the questions that the page offers; not where articles came or went since they were made."""
        with self.transaction() as connection:
            if self.state() == state:
                note_meta(connection, {QUESTIONS: record})

    def _delete(self, connection: Connection, article_id: str) -> None:
        """Deletes an article with its passages and their index entries, if it is there, and words made of it."""
        connection.execute("DELETE FROM meta WHERE key = ?", (QUESTIONS,))
        live = "SELECT number FROM articles WHERE id = ? AND state = 'live'"
        if (row := connection.execute(live, (article_id,)).fetchone()) is not None:
            self.lexicon.leave(connection, row["number"])
            connection.execute("DELETE FROM articles WHERE number = ?", (row["number"],))

    def forget_versions(self, article_id: str) -> int:
        """Takes the earlier texts of an article off the disk for good; how many there were. Raises NotFound."""
        article_id = self.existing_id(article_id)
        with self.transaction() as connection:
            note_meta(connection, {"unscrubbed": "1"})
            count: int = connection.execute("DELETE FROM versions WHERE article_id = ?", (article_id,)).rowcount
        self.scrub()
        return count

    def unscrubbed(self) -> bool:
        """Whether words of an article that was removed may still be in a file."""
        return self.meta("unscrubbed") is not None

    def scrub(self, *, complete: bool = True) -> None:
        """Leaves nothing of what was deleted in the files; not `complete` where something is left elsewhere."""
        removed = self.unscrubbed()  # it stays so where a reader keeps the log in use: who writes next tries again
        if self.engine.scrub(removed=removed) and removed and complete:
            self.write("DELETE FROM meta WHERE key = 'unscrubbed'")

    def recover(self) -> None:
        """Takes away what a process that died has left, and does what waits to be done."""
        if self.has_pending():
            self.write("DELETE FROM articles WHERE state = 'pending'")
        if self.awaiting_erasure() or self.unscrubbed():
            self.finish()

    def relocate(self, paths: Mapping[str, str]) -> None:
        """Notes where articles are found now, by their ids."""
        found = [(path, article_id) for article_id, path in paths.items()]
        self.write("UPDATE articles SET path = ? WHERE id = ? AND state = 'live'", found)

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
        others = f"a.state = 'live' AND a.damaged IS NULL AND coalesce({read_by}, 0) <> ? ORDER BY a.id"
        sql = f"SELECT a.id FROM articles a LEFT JOIN annotations n ON n.article = a.number WHERE {others}"
        return [row["id"] for row in self.rows(sql, (version,))]

    def all_read_by(self, version: int) -> None:
        """Notes that no article is `outdated`."""
        if self.meta("reading") != str(version):
            self.set_meta(reading=str(version))

    def annotate(self, annotated: Mapping[str, Annotations]) -> None:
        """Stores annotations, by the article's id, in place of those that are there."""
        live = f"SELECT number, ? FROM articles WHERE id = ? AND state = 'live' {_RECORDED_ANEW}"
        records = [(json_of(annotations), article_id) for article_id, annotations in annotated.items()]
        self.write(f"INSERT INTO annotations (article, record) {live}", records)

    def check(self) -> list[Problem]:
        """What is wrong with the store at this moment, whoever writes meanwhile."""
        with self.engine.snapshot():
            index = [*_safely(self._index_problems())]  # first, before its generation may go
            articles = (problem for _, problem, _ in self._findings())
            parts = (self._file_problems(), articles, self._notice_problems(), index, self._unfinished())
            return [problem for part in parts for problem in _safely(part)]

    def _file_problems(self) -> Iterator[Problem]:
        """What is wrong with the file and with what the lexical index has beside the passages."""
        yield from (Problem(None, f"the catalogue's file: {what}") for what in self.engine.damage())
        self.coverage()  # SQLite's own check passes over an index without entries that can't be read
        if count := self.lexicon.left_over():
            yield Problem(None, f"{count} entries of the lexical index belong to no passage")

    def _findings(self) -> Iterator[tuple[int, Problem, Harm]]:
        """What is not as it was stored of articles, by the numbers of their rows."""
        for live in self.rows("SELECT number FROM articles WHERE state = 'live' ORDER BY number"):
            number = live["number"]
            row = next(self.readable_rows_of(f"{_HELD} WHERE a.number IN (…)", [number]), None)
            if row is None:
                yield number, Problem(None, f"article number {number} can't be read. {WAY_ON}"), "text"
                continue
            for what, harm in self._wrong(row):
                yield number, Problem(row["id"], what), harm

    def _wrong(self, row: ResultRow) -> Iterator[tuple[str, Harm]]:
        path = row["path"] or "its file"
        if row["damaged"] is not None:
            yield f"it is damaged and was set aside: ingest {path} again, or take it out by `qa remove`", "text"
            return
        try:
            article = verified_article_of(row)
        except Damaged:
            way = f"takes it again from {path}, if that still has the same text, or sets it aside"
            yield f"the article is not as it was stored; `qa check --repair` {way}", "text"
            return
        if not row["intact"]:
            yield "it isn't sure any more where it was read from, and when", "made of it"
        passages = self.rows(_PASSAGES, (row["number"],))
        starts, ends = ([passage[place] for passage in passages] for place in ("start", "end"))
        between = zip([0, *ends], [*starts, len(article.body)], strict=True)
        if any(article.body[end:start].strip() for end, start in between):
            yield "it has words that are in no passage of it", "made of it"
        passages_alone = self.passages_alone()  # said once, as the encoder is another one
        for passage in passages:
            if what := _wrong_with(passage, article, passages_alone=passages_alone):
                yield f"passage {passage['start']}-{passage['end']} {what}", "made of it"
        if self.lexicon.differs(row, passages):
            yield "it is not looked up by its own words", "lexical"
        if self.rows(_ANNOTATIONS, (row["number"],)):
            yield "what was read out of it is not as it was stored", "made of it"

    def _notice_problems(self) -> Iterator[Problem]:
        """Notices of the staff and earlier texts that are not as they were written."""
        again = "write the notice again"
        for row in self.rows(_NOTICES):
            left_out = "every article with notices, of which it may be one," if row["of_nobody"] else "the article"
            what = (
                f"notice {row['number']} ({row['kind']}) is not as it was written, and {left_out} is left out: {again} "
                "(`qa audit` and `qa notices` tell of it), which takes the place of the damaged one"
            )
            yield Problem(row["article_id"], what)
        lost = f"a notice of it is lost, and the article is left out: {again} (`qa audit` tells of it)"
        yield from (Problem(row["article_id"], lost) for row in self.rows(_UNNOTICED))
        for row in self.rows(_VERSIONS):
            what = f"{row['n']} of its earlier texts are not as they were stored, and are not shown"
            yield Problem(row["article_id"], f"{what}; `qa forget` takes its earlier texts out")

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
        numbers = [number for number, _, harm in self._findings() if harm == "text"]
        held = f"SELECT {HELD_ARTICLE} FROM articles a WHERE a.number IN (…)"
        named = "SELECT number, id, digest, path FROM articles WHERE number IN (…)"
        articles = []
        for row in self.readable_rows_of(named, numbers):
            article = next(iter(readable_of(entries.article_of, self.readable_rows_of(held, [row["number"]]))), None)
            earlier = tuple(version.article for version in self.versions(row["id"]))
            articles.append(DamagedArticle(row["number"], row["digest"], row["path"], article, earlier))
        return articles

    def broken(self) -> list[str]:
        """Ids of articles that are as they were stored, but not their passages."""
        return sorted({str(problem.article_id) for _, problem, harm in self._findings() if harm == "made of it"})

    def repair_indexes(self) -> None:
        """Makes the indexes anew, the lexical ones, from the bodies, only where they are damaged."""
        if any(_safely(self._file_problems())) or any(harm == "lexical" for *_, harm in self._findings()):
            with self.transaction() as connection:
                self.lexicon.clear(connection)
                # Rows that a flipped bit has parted from what they belong to, which is encoded or read anew.
                owners = {"passages": "article", "sentence_vectors": "passage", "annotations": "article"}
                for table, owner in owners.items():
                    connection.execute(f"DELETE FROM {table} WHERE {owner} NOT IN (SELECT number FROM {owner}s)")
                for articles in pages_of(connection, "state = 'live' AND damaged IS NULL"):
                    self.lexicon.enter(connection, articles)
        unsure = f"state = 'live' AND damaged IS NULL AND NOT {intact('articles')}"
        nothing = "path = '', original = NULL, stored_at = NULL, checksum = NULL"
        self.write(f"UPDATE articles SET {nothing} WHERE {unsure}")  # of where it came from nothing is said then
        self.rebuild()

    def set_aside(self, number: int) -> None:
        """Notes that an article is damaged: nobody is shown it, and its file is opened at the next synchronising."""
        with self.transaction() as connection:
            article_id = connection.execute("SELECT id FROM articles WHERE number = ?", (number,)).fetchone()["id"]
            self.lexicon.leave(connection, number)
            for table in ("passages", "annotations"):
                connection.execute(f"DELETE FROM {table} WHERE article = ?", (number,))
            connection.execute("UPDATE articles SET damaged = ? WHERE number = ? AND damaged IS NULL", (now(), number))
            within = "json_valid(articles) AND EXISTS (SELECT 1 FROM json_each(articles) WHERE value = ?)"
            connection.execute(f"UPDATE files SET changed_ns = 0 WHERE {within}", (article_id,))

    def discard(self, number: int) -> None:
        """Deletes the row of a damaged article, of which the text that was stored is held again."""
        if self.rows("SELECT 1 FROM articles WHERE number = ?", (number,)):
            self.set_aside(number)
            self.write("DELETE FROM articles WHERE number = ?", [(number,)])


def _safely(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems as far as the catalogue's file lets them be looked for."""
    try:
        yield from problems
    except StoreDamaged as error:
        yield Problem(None, str(error))


def _wrong_with(row: ResultRow, article: Article, *, passages_alone: bool) -> str:
    """What is wrong with a passage, empty where nothing is."""
    try:
        passage = entries.passage_of(row, article)
        outside = [span for span in passage.sentences if not span.within(passage.span)]
        if not passage.text or passage.end > len(article.body) or outside:
            return "is not a slice of its article"
    except entries.UNREADABLE:
        return "can't be read"
    sound = row["intact"] and (row["sentences_intact"] or passages_alone)
    return "" if sound else "or its vectors are not as they were stored"


def now() -> str:
    return moment_text(datetime.now(UTC))


def _keep_replaced(connection: Connection, fresh: ResultRow, *, at: str) -> None:
    """Keeps the live text of an article that another is about to replace, where their words differ."""
    replaced = "a.id = ? AND a.state = 'live' AND (a.title, a.body) <> (?, ?)"
    sql = f"SELECT {HELD_ARTICLE}, a.stored_at FROM articles a WHERE {replaced}"
    row = connection.execute(sql, (fresh["id"], fresh["title"], fresh["body"])).fetchone()
    with suppress(Damaged):  # what is not as it was stored was never its text
        if row:
            _keep_version(connection, verified_article_of(row), path=row["path"], stored_at=row["stored_at"], at=at)


def _still_has(body: str, notice: ResultRow) -> bool:
    return notice["text"] in body


def _keep_version(connection: Connection, article: Article, *, path: str, stored_at: str | None, at: str) -> None:
    record, status = json_of(article), article.source.status.value
    sql = inserting("versions", "article_id, digest, status, record, path, stored_at, replaced_at")
    connection.execute(sql, (article.article_id, article.digest, status, record, path, stored_at, at))


def pages_of(connection: Connection, condition: str) -> Iterator[list[ResultRow]]:
    """Articles with what the lexical index needs of them, by number, some at once."""
    after, some = 0, f"{condition} AND number > ? ORDER BY number LIMIT 500"
    sql = f"SELECT number, id, title, body, language FROM articles WHERE {some}"
    while rows := connection.execute(sql, (after,)).fetchall():
        yield rows
        after = rows[-1]["number"]
