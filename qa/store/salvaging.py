"""What can still be read of a catalogue whose file is damaged: row by row, around the pages that are not readable."""

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from qa.errors import Damaged, StoreDamaged
from qa.models.archive import Article
from qa.models.deliveries import Notice
from qa.protocols import DamagedArticle
from qa.store.checksums import intact
from qa.store.notices import notice_of
from qa.store.opening import CATALOGUE
from qa.store.rows import HELD_ARTICLE, UNREADABLE, VERSION, article_of, numbered, readable_of, verified_article_of
from qa.store.sqlite_file import connected, integrity_problems

MOST = 2**24
"""Rows looked for in a table of which nobody knows how many it had."""

_ARTICLE = HELD_ARTICLE.replace(VERSION, "1 AS version")
_NO_CATALOGUE = (
    "Nothing of {path} can be read: its first page is damaged. Restore a backup, or ingest the original files into a "
    "new archive."
)


class DamagedCatalogue:
    """A catalogue that is damaged; only what is as it was stored is taken from it.

    After `articles` was read to its end, `damaged` are those that aren't as they were stored, by their ids; `complete`
    is False where rows can't be read at all: nobody knows how many they are.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.damaged: list[tuple[str, DamagedArticle]] = []
        self.complete = True

    def articles(self) -> Iterator[tuple[Article, str]]:
        """Sound articles, and the paths that they were read from."""
        sound, unsound = set[int](), dict[int, Article | None]()
        for row in self._rows("articles", f"SELECT {_ARTICLE} FROM articles a WHERE a.number"):
            try:
                article = verified_article_of(row)
            except Damaged:
                unsound[row["number"]] = next(iter(readable_of(article_of, [row])), None)
                continue
            sound.add(row["number"])
            yield article, row["path"]
        earlier = defaultdict[str, list[Article]](list)
        for version, _ in self.versions():
            earlier[version.article_id].append(version)
        for row in self._rows("articles", "SELECT number, id, digest, path FROM articles a WHERE a.number"):
            if (number := row["number"]) not in sound:
                earlier_texts = tuple(earlier[row["id"]])
                damaged = DamagedArticle(number, row["digest"], row["path"], unsound.get(number), earlier_texts)
                self.damaged.append((row["id"], damaged))

    def versions(self) -> Iterator[tuple[Article, str]]:
        """Earlier texts that are as they were stored, and the paths that they were read from."""
        for row in self._rows("versions", "SELECT * FROM versions WHERE number"):
            with suppress(*UNREADABLE):
                (version,) = numbered([row])
                if version.digest == row["digest"]:
                    yield version.article, row["path"]

    def notices(self) -> tuple[list[tuple[Notice, str]], int]:
        """The notices that are as they were written, with the article's digest then, and how many are not."""
        columns = [row["name"] for row in self._connection.execute("PRAGMA table_info(notices)")]
        whole = intact("notices") if "checksum" in columns else "1"
        rows = self._rows("notices", f"SELECT *, article_id AS id, {whole} AS intact FROM notices WHERE number")
        notices = readable_of(lambda row: (notice_of(row), row["digest"]), [row for row in rows if row["intact"]])
        return notices, self._last("notices", default=len(rows)) - len(notices)

    def _rows(self, table: str, sql: str) -> list[sqlite3.Row]:
        return self._between(sql, 1, self._last(table, default=MOST))

    def _between(self, sql: str, low: int, high: int) -> list[sqlite3.Row]:
        """Rows by their numbers, `low` and `high` included; where a page can't be read, those on both sides of it."""
        if low > high:
            return []
        try:
            return self._connection.execute(f"{sql} BETWEEN ? AND ?", (low, high)).fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            self.complete = False
            if low == high:
                return []
            middle = (low + high) // 2
            return self._between(sql, low, middle) + self._between(sql, middle + 1, high)

    def _last(self, table: str, *, default: int) -> int:
        """The highest number that a table ever gave; SQLite keeps it apart from the table."""
        try:
            row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return default
        return int(row["seq"]) if row else 0


@contextmanager
def damaged_catalogue(home: Path) -> Iterator[DamagedCatalogue]:
    """The catalogue of the archive in a folder, of which a copy is read. Raises StoreDamaged, OSError."""
    with TemporaryDirectory() as folder:
        for name in (CATALOGUE, f"{CATALOGUE}-wal"):
            if (home / name).is_file():
                shutil.copyfile(home / name, Path(folder) / name)
        with closing(connected(Path(folder) / CATALOGUE)) as connection:
            try:
                connection.execute("PRAGMA writable_schema = ON")  # else SQLite reads no file that was cut
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                connection.execute("SELECT number, metadata FROM articles LIMIT 0")
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                raise StoreDamaged(_NO_CATALOGUE.format(path=home / CATALOGUE)) from error
            yield DamagedCatalogue(connection)


def copy_sound(source: Path, target: Path) -> bool:
    """Copies another file of SQLite, if it is sound; False where it isn't."""
    if integrity_problems(source):
        return False
    try:
        with closing(sqlite3.connect(source)) as database, closing(sqlite3.connect(target)) as copy:
            database.backup(copy)
    except sqlite3.DatabaseError:
        target.unlink(missing_ok=True)
        return False
    return True
