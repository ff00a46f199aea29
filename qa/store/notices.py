"""What is noted beside the articles, without a lock on the archive: notices of the staff, and files that were read."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import replace
from datetime import date, datetime, timedelta

from qa.errors import InputError, NotFound
from qa.models.archive import Status, moment_text
from qa.models.deliveries import FileRead, Notice, NoticeKind, WireNotice
from qa.store.books import intact
from qa.store.engine import Connection, ResultRow, inserting
from qa.store.entries import ITEM, OF_NOBODY, STANDING_CORRECTION, day, iso, notice_of, readable_of
from qa.store.sqlite_file import Database

Stamp = tuple[int, int, str]  # a file's size, the moment of its last change in nanoseconds, and how it was read

_NOTED = (
    "INSERT INTO noted SELECT id, source FROM articles WHERE id = ? AND state = 'live'"
    " ON CONFLICT (article_id) DO UPDATE SET source = excluded.source"
)
LOOKED_THROUGH = "looked_through"  # the key in `meta` of the highest number of an article that was, for corrections
_SAID = "SELECT 1 FROM notices WHERE article_id = ? AND text = ? AND kind = 'correction'"
_TAKEN_BACK = (NoticeKind.WITHDRAWAL, NoticeKind.ERASURE)


class NoticeStore(Database):
    """The book of notices: what the staff say of articles, who and when."""

    def add(self, notice: Notice) -> Notice:
        """Writes a notice, which counts everywhere from then on; as it was written. Raises NotFound, InputError."""
        article_id = notice.article_id
        live = "SELECT digest FROM articles WHERE id = ? AND state = 'live'"
        standing = ("SELECT * FROM orders WHERE article_id = ?", "SELECT status FROM hidden WHERE article_id = ?")
        with self.transaction() as connection:
            article, order, hidden = (connection.execute(sql, (article_id,)).fetchone() for sql in (live, *standing))
            if not article and (order is None or notice.kind in (NoticeKind.CORRECTION, NoticeKind.EMBARGO)):
                raise not_held(article_id)
            notice = _fitting(notice, order, Status(hidden["status"]) if hidden else Status.LIVE)
            # Notices that are not as they were written, of which this one takes the place.
            connection.execute(
                f"DELETE FROM notices WHERE (kind = 'correction') = ? AND (article_id = ? OR {OF_NOBODY})"
                f" AND (kind <> 'correction' OR text = ? OR (? AND until IS NULL)) AND NOT {intact('notices')}",
                (notice.kind is NoticeKind.CORRECTION, article_id, notice.text, notice.until is None),
            )
            if notice.kind is NoticeKind.CORRECTION:
                standing_now = f"SELECT m.text FROM notices m WHERE m.article_id = ? AND {STANDING_CORRECTION}"
                _check_correction(notice, {row["text"] for row in connection.execute(standing_now, (article_id,))})
            _write(connection, notice, article["digest"] if article else "")
            if notice.kind is NoticeKind.RESTORATION:  # what was printed of it meanwhile is looked for once more
                connection.execute("DELETE FROM meta WHERE key = ?", (LOOKED_THROUGH,))
        return notice

    def hear(self, order: WireNotice, *, at: datetime) -> bool:
        """Writes what an item of the wire says of another one of its source; False where it was heard before."""
        key = (order.article_id, order.kind.value, _digest(order.text), order.source)
        read = (order.path, moment_text(at))
        heard = "article_id = ? AND kind = ? AND digest = ? AND (source IS NULL OR source = ?)"
        erased = "SELECT 1 FROM orders WHERE article_id = ? AND kind = 'erasure'"
        awaiting = (order.article_id, order.source, order.kind.value, order.text, iso(order.day), *read)
        with self.transaction() as connection:
            if connection.execute(f"SELECT 1 FROM heard WHERE {heard}", key).fetchone():
                return False  # it stays as it is, whatever the staff have decided since
            connection.execute("INSERT INTO heard VALUES (?, ?, ?, ?, ?, ?)", (*key, *read))
            if connection.execute(erased, (order.article_id,)).fetchone():
                return False  # what is off the disk stays so, and no words of it come back
            corrects = order.kind is NoticeKind.CORRECTION
            if corrects and connection.execute(_SAID, (order.article_id, order.text)).fetchone():
                return False  # it came over from another archive, and the staff may have taken it back there
            connection.execute("INSERT INTO awaiting VALUES (?, ?, ?, ?, ?, ?, ?)", awaiting)
            write_awaited(connection, order.article_id)
        return True

    def take_over(self, notices: Iterable[tuple[Notice, str]]) -> None:
        """Writes notices as another archive had them, each with the digest that its article had then."""
        with self.transaction() as connection:
            for notice, digest in notices:
                _write(connection, notice, digest)

    def erased(self) -> list[str]:
        """Ids of the articles whose text the staff ordered off the disk, and didn't let in again."""
        return [row["article_id"] for row in self.rows("SELECT article_id FROM orders WHERE kind = 'erasure'")]

    def texts(self, article_id: str) -> list[str]:
        """All that is held of an article's words, for the staff: its titles and bodies, and those of its versions."""
        rows = self.rows(
            "SELECT title, body FROM articles WHERE id = ?1 UNION ALL"
            " SELECT json_extract(record, '$.source.title'), json_extract(record, '$.body')"
            " FROM versions WHERE article_id = ?1 AND json_valid(record)",
            (article_id,),
        )
        return [text for row in rows for text in (row["title"], row["body"]) if text]

    def copies(self, article_id: str) -> list[str]:
        """Ids of the others that readers see with the text of this one: no notice on this one reaches them."""
        same = "FROM articles a JOIN articles c ON c.body = a.body AND c.id <> a.id"
        live = "a.state = 'live' AND c.state = 'live' AND c.id NOT IN (SELECT article_id FROM hidden)"
        sql = f"SELECT c.id AS id {same} WHERE a.id = ? AND a.body <> '' AND {live} ORDER BY c.id"
        return [row["id"] for row in self.rows(sql, (article_id,))]

    def due(self, today: date) -> list[Notice]:
        """Orders still in force that the staff meant to look at again by today, the longest overdue first."""
        sql = "SELECT *, article_id AS id FROM orders WHERE review_on <= ? ORDER BY review_on, number"
        return readable_of(notice_of, self.rows(sql, (today.isoformat(),)))

    def history(self, article_id: str | None = None) -> list[Notice]:
        """All notices, or those of one article, in the order they were written."""
        rows = self.rows(
            "SELECT *, article_id AS id, number IN (SELECT number FROM orders WHERE kind = 'erasure')"
            " AND (article_id IN (SELECT id FROM articles) OR EXISTS (SELECT 1 FROM meta WHERE key = 'unscrubbed'))"
            " AS pending FROM notices WHERE CAST(?1 AS TEXT) IS NULL OR article_id = ?1 ORDER BY number",
            (article_id,),
        )
        return readable_of(notice_of, rows)


class FileStates(Database):
    """Files that were read to their end, by the source that names them: what is as it was need not be opened again."""

    def known(self, source: str) -> dict[str, Stamp]:
        """What was noted of each file of a source."""
        rows = self.rows("SELECT path, size, changed_ns, reading FROM files WHERE source = ?", (source,))
        return {row["path"]: (row["size"], row["changed_ns"], row["reading"]) for row in rows}

    def note(self, files: Iterable[FileRead], *, reading: str, at: datetime) -> None:
        """Notes that files were read; `reading` tells one way of reading them from another."""
        with self.transaction() as connection:
            for file in files:
                known = "SELECT articles, absent FROM files WHERE source = ? AND path = ?"
                row = connection.execute(known, (file.source, file.path)).fetchone()
                before, absent = (set(json.loads(row[ids])) if row else set() for ids in ("articles", "absent"))
                if file.failed or file.scrolls:
                    articles = before | file.articles
                else:  # all of it was read: what is no longer in it is kept in mind as absent
                    articles, absent = set(file.articles), before | absent
                listed = (json.dumps(sorted(ids)) for ids in (articles, absent - file.articles))
                connection.execute(
                    "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, path) DO UPDATE SET"
                    " size = excluded.size, changed_ns = excluded.changed_ns, reading = excluded.reading,"
                    " articles = excluded.articles, absent = excluded.absent, at = excluded.at",
                    (file.source, file.path, file.size, file.changed_ns, reading, *listed, moment_text(at)),
                )

    def missing(self, gone: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
        """By source, ids that none of its files names now, maybe of others; `gone` are paths that are not there."""
        lost = {(source, path) for source, paths in gone.items() for path in paths}
        absent, present = ({source: set[str]() for source in gone} for _ in range(2))
        for row in self.rows("SELECT source, path, articles, absent FROM files"):
            if (source := row["source"]) in gone:
                absent[source].update(json.loads(row["absent"]))
                (absent if (source, row["path"]) in lost else present)[source].update(json.loads(row["articles"]))
        return {source: absent[source] - present[source] for source in gone}

    def forget(self, gone: Mapping[str, Iterable[str]]) -> None:
        """Forgets files that are not there, and what was absent in others of their sources."""
        with self.transaction() as connection:
            for source, paths in gone.items():
                connection.execute("UPDATE files SET absent = '[]' WHERE source = ?", (source,))
                absent = [(source, path) for path in paths]
                connection.executemany("DELETE FROM files WHERE source = ? AND path = ?", absent)


def write_awaited(connection: Connection, article_id: str) -> None:
    """Makes what was said of an article before it came a notice, if it is held and of the source meant."""
    live = "FROM articles a WHERE a.id = ?1 AND a.state = 'live'"
    matching = f"FROM awaiting AS w WHERE w.article_id = ?1 AND w.source = (SELECT a.source {live})"
    written = connection.execute(
        "INSERT INTO notices (article_id, kind, text, day, who, at, digest) SELECT w.article_id, w.kind, w.text, w.day,"
        f" '{ITEM}' || w.path, w.at, (SELECT a.digest {live}) {matching} ORDER BY w.rowid",
        (article_id,),
    ).rowcount
    if written:
        connection.execute(f"DELETE {matching}", (article_id,))
        connection.execute(_NOTED, (article_id,))


def unsay(connection: Connection, article_id: str, stays: Callable[[ResultRow], bool] = lambda row: False) -> None:
    """Takes out of the notices what an article said of others, but for rows that stay, unless another article says it.

    Who said it, and when, stays; and what the staff took back is not heard again.
    """
    said = "SELECT number, article_id, text, day FROM notices WHERE kind = 'correction' AND who = ? AND text <> ''"
    elsewhere = (
        "SELECT id FROM articles WHERE state = 'live' AND id NOT IN (?, ?) AND instr(body, ?) > 0 ORDER BY number"
    )
    for row in connection.execute(said, (f"{ITEM}{article_id}",)).fetchall():
        if stays(row):
            continue
        if other := connection.execute(elsewhere, (article_id, row["article_id"], row["text"])).fetchone():
            moved = "UPDATE notices SET who = ?, checksum = NULL WHERE number = ?"
            connection.execute(moved, (f"{ITEM}{other['id']}", row["number"]))
            continue
        corrected, words = row["article_id"], row["text"]
        if not connection.execute(f"{_SAID} AND until IS NOT NULL", (corrected, words)).fetchone():
            heard = "DELETE FROM heard WHERE article_id = ? AND digest = ? AND kind = 'correction'"
            connection.execute(heard, (corrected, _digest(words)))
        of_words = "WHERE article_id = ? AND text = ? AND kind = 'correction' AND (number = ? OR until IS NOT NULL)"
        emptied = f"UPDATE notices SET text = '', checksum = NULL {of_words}"
        connection.execute(emptied, (corrected, words, row["number"]))


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def _write(connection: Connection, notice: Notice, digest: str) -> None:
    words = (notice.article_id, notice.kind.value, notice.text, notice.by, digest)
    moments = (iso(notice.at), iso(notice.day), iso(notice.until), iso(notice.review_on))
    columns = "article_id, kind, text, who, digest, at, day, until, review_on"
    connection.execute(inserting("notices", columns), (*words, *moments))
    connection.execute(_NOTED, (notice.article_id,))


def _fitting(notice: Notice, order: ResultRow | None, status: Status) -> Notice:
    """The notice as it fits what stands: what was erased stays so, a reason that isn't given too. Raises InputError."""
    if notice.kind is NoticeKind.RESTORATION and status.readable:
        raise InputError("There is nothing to restore: readers see it already.")
    if notice.kind is NoticeKind.EMBARGO:
        if status in (Status.WITHDRAWN, Status.WITHHELD):
            raise InputError(
                "It is withdrawn or withheld. Restore it first, or leave it: an embargo would end by itself."
            )
        if notice.until is None or notice.until <= notice.at:
            raise InputError("The embargo would be over already. Give a moment that is still to come.")
    if notice.kind not in _TAKEN_BACK:
        return notice
    before = order if order and order["kind"] in _TAKEN_BACK else None
    if not notice.text:
        if not before:
            raise InputError("A withdrawal needs a reason, which readers are shown: give it with --reason.")
        notice = replace(notice, text=before["text"], day=day(before["day"]))
    erased = before and before["kind"] == NoticeKind.ERASURE
    return replace(notice, kind=NoticeKind.ERASURE) if erased else notice


def _check_correction(notice: Notice, standing: Set[str]) -> None:
    """Raises InputError for one that is made already, that is of a day to come, or that ends none of the staff's."""
    if notice.until and notice.text not in standing:
        raise InputError("The staff made no such correction. Give the words of one, as `qa notices` has them.")
    if not notice.until and notice.text in standing:
        raise InputError("It has this correction already.")
    if notice.day and notice.day > notice.at.date() + timedelta(days=1):  # somewhere it is tomorrow
        raise InputError("A correction can't be of a day that is still to come.")


def not_held(article_id: str) -> NotFound:
    return NotFound(f"The archive holds no article {article_id!r}. `qa list` shows what it holds.")
