"""An archive taken elsewhere: backups and back, what is readable of a damaged one, and copies in another engine."""

import json
import shutil
import sqlite3
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qa.errors import Damaged, InputError, StoreBusy, StoreDamaged, StoreMismatch
from qa.models.archive import Article, moment_text
from qa.models.deliveries import Notice
from qa.protocols import DamagedArticle
from qa.store import entries
from qa.store.archive_store import ArchiveStore, pages_of
from qa.store.books import CATALOGUE, COLUMNS, JOURNAL, intact
from qa.store.document_store import VECTORS, require_archive
from qa.store.engine import Connection, Engine, ResultRow, inserting
from qa.store.entries import HELD_ARTICLE, UNREADABLE, VERSION, readable_of, verified_article_of
from qa.store.locking import folder_lock, present, usable
from qa.store.sqlite_file import SqliteFile, connected, integrity_problems, writable
from qa.store.vectors import digest_of, flush

FORMAT = "archive-qa backup 1"
MANIFEST = "manifest.json"
PARTIAL = ".partial"
RESTORING = "restoring"
RESTORED = "restored"  # the folder in an archive's that holds a whole, sound backup which is to take its place

# The journal first: what is erased between the two is erased by the catalogue's word, wherever it stands.
_BOOKS = {book.file: book for book in (JOURNAL, CATALOGUE)}
_ALONE = "A backup takes the place of an archive that nobody has open: stop whoever serves it, then run this again."
_UPGRADED_ALONE = (
    "It has to be brought up to date for this version of archive-qa, and whoever has it open would go on with tables "
    "that have changed: stop them, then run this again."
)
_WAIT = 5.0  # seconds for another process to be done that was started at the same moment

_CATALOGUE_TABLES = {
    "articles": "number", "passages": "number", "sentence_vectors": "passage", "annotations": "article",
    "notices": "number", "versions": "number", "noted": "article_id", "heard": "article_id", "awaiting": "article_id",
    "files": "path",
}  # fmt: skip
_JOURNAL_TABLES = {
    "meta": "key", "reviews": "number", "replies": "digest", "records": "number", "cited": "record",
    "judgements": "number", "rejected": "number", "reports": "number", "audit": "number", "accounts": "name",
    "sessions": "digest", "tokens": "digest", "imports": "number", "failures": "path", "repeating": "article_id",
}  # fmt: skip
"""The tables of each book by what their rows are read in the order of; a table stands behind those that it names."""


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup holds: of each file its bytes and its SHA-256."""

    made_at: str
    program: str
    articles: int
    files: Mapping[str, tuple[int, str]]


def write_backup(home: Path, target: Path, *, program: str, at: datetime) -> BackupManifest:
    """Writes a backup of an archive in use, under its name once it is whole. Raises InputError, StoreError."""
    require_archive(home)
    if target.exists():
        raise InputError(f"{target} is there already. Name another file, such as one with today's date.")
    work = target.with_name(f"{target.name}{PARTIAL}")
    with usable(target.parent, way_on="Name a file in another folder."):
        for left in target.parent.glob(f"*{PARTIAL}"):  # of processes that died: whole texts are in it
            if (left / "lock").is_file():
                with suppress(StoreBusy), folder_lock(left, alone=True):
                    shutil.rmtree(left)
        work.mkdir(mode=0o700, exist_ok=True)
        with folder_lock(work, alone=True, advice="It is another backup to the same file."):
            try:
                manifest = _copied(home, work, program=program, at=at)
                packed = work / target.name
                _pack(packed, work, manifest)
                unpack(packed, work / RESTORING)
                packed.replace(target)
                flush(target.parent)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    return manifest


def _copied(home: Path, work: Path, *, program: str, at: datetime) -> BackupManifest:
    names = [name for name in _BOOKS if (home / name).is_file()]
    for name in names:
        with present(home), closing(SqliteFile(home / name, _BOOKS[name])) as file:
            file.copy(work / name)
        _settle(work / name)
    ((articles,),) = _read(work / CATALOGUE.file, "SELECT count(*) FROM articles WHERE state = 'live'")
    files = {name: ((work / name).stat().st_size, digest_of(work / name)) for name in names}
    return BackupManifest(moment_text(at), program, articles, files)


def _settle(copy: Path) -> None:
    """Makes a copy one file, without a generation of the index, which isn't copied. Raises StoreDamaged."""
    if integrity_problems(copy):
        raise StoreDamaged(
            f"No backup was written: {copy.name} is damaged. Run `qa check`, which says what can be done, and keep "
            "the backups of before."
        )
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        if copy.name == CATALOGUE.file:
            with connection:
                connection.execute("UPDATE meta SET value = '0' WHERE key IN ('generation_covers', 'generation_size')")


def _pack(packed: Path, folder: Path, manifest: BackupManifest) -> None:
    packed.touch(mode=0o600)  # accounts are in it
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in manifest.files:
            archive.write(folder / name, name)
        archive.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, indent=2))
    flush(packed)


def unpack(packed: Path, folder: Path) -> BackupManifest:
    """Unpacks a backup into a new folder. Raises InputError where it is not whole, StoreMismatch where it is newer."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        with zipfile.ZipFile(packed) as archive:
            record = json.loads(archive.read(MANIFEST))
            files = {str(name): (int(size), str(digest)) for name, (size, digest) in record["files"].items()}
            if record["format"] != FORMAT or not {CATALOGUE.file} <= files.keys() <= _BOOKS.keys():
                raise StoreMismatch(f"{packed} is a backup of another kind than this version of archive-qa knows.")
            manifest = BackupManifest(str(record["made_at"]), str(record["program"]), int(record["articles"]), files)
            for name, (size, digest) in manifest.files.items():
                if archive.getinfo(name).file_size != size:
                    raise ValueError(f"{name} has another size than was noted")
                with archive.open(name) as source, (folder / name).open("xb") as copy:
                    shutil.copyfileobj(source, copy)
                flush(folder / name)
                if digest_of(folder / name) != digest:
                    raise ValueError(f"{name} is not as it was written")
            (folder / MANIFEST).write_bytes(archive.read(MANIFEST))
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, EOFError) as error:
        raise InputError(f"{packed} is no backup of an archive, or not a whole one: {error}.") from error
    for name in manifest.files:
        if _version(folder / name) > _BOOKS[name].version:
            raise StoreMismatch(f"{packed} was made by a newer version of archive-qa. Upgrade archive-qa.")
    flush(folder / MANIFEST)
    flush(folder)
    return manifest


def restore_backup(packed: Path, home: Path, *, replace: bool) -> tuple[BackupManifest, list[tuple[str, str]]]:
    """Puts a backup in a folder; also article and kind of each notice that is lost. Raises InputError, StoreError."""
    if not packed.is_file():
        raise InputError(f"There is no file {packed}.")
    with usable(home):
        home.mkdir(parents=True, exist_ok=True)
        with folder_lock(home, alone=True, advice=_ALONE):
            finish_restore(home)
            if not replace and any((home / name).exists() for name in _BOOKS):
                raise InputError(
                    f"There is an archive in {home} already. Set QA_HOME to another folder, or put the backup in its "
                    "place with --replace."
                )
            manifest = unpack(packed, home / RESTORING)  # until it is found sound nothing is changed
            lost = _lost_notices(home / CATALOGUE.file, home / RESTORING / CATALOGUE.file)
            (home / RESTORING).rename(home / RESTORED)  # from now on the next opening finishes it, should this one die
            flush(home)
            finish_restore(home)
    return manifest, lost


def _lost_notices(former: Path, restored: Path) -> list[tuple[str, str]]:
    """Notices of a catalogue that the one in its place hasn't; none where it can't be read."""
    kind = "CASE WHEN kind = 'correction' AND until IS NOT NULL THEN 'correction taken back' ELSE kind END"
    sql = f"SELECT article_id, {kind}, number, at FROM notices ORDER BY number"
    after = set(_read(restored, sql))
    return [notice[:2] for notice in _read(former, sql) if notice not in after]


def _version(path: Path) -> int:
    """The version of a file's tables; 0 where there are none."""
    return int(next((version for (version,) in _read(path, "PRAGMA user_version")), 0))


def _read(path: Path, sql: str) -> list[Any]:
    """Rows of a file; none where there is no such file, or it can't be read, which whoever opens it will see."""
    if path.is_file():
        with suppress(sqlite3.Error, UnicodeDecodeError), closing(sqlite3.connect(path)) as connection:
            return connection.execute(sql).fetchall()
    return []


def bring_up_to_date(home: Path) -> None:
    """Does what can't be done while others have the archive open, where there is such. Raises StoreError, StoreBusy."""

    def outdated() -> list[str]:
        return [name for name, book in _BOOKS.items() if 0 < _version(home / name) < book.version]

    left = [name for name in (RESTORED, RESTORING) if (home / name).is_dir()]
    if not writable(home / CATALOGUE.file) or not (left or outdated()):
        return
    with usable(home), folder_lock(home, alone=True, wait=_WAIT, advice=_UPGRADED_ALONE):
        finish_restore(home)
        for name in outdated():
            SqliteFile(home / name, _BOOKS[name]).close()


def finish_restore(home: Path) -> None:
    """Puts what was unpacked, and found sound, in its place; whoever calls this has the folder alone."""
    shutil.rmtree(home / RESTORING, ignore_errors=True)  # it was cut off before
    folder = home / RESTORED
    if not folder.is_dir():
        return
    if (folder / MANIFEST).is_file():
        files = json.loads((folder / MANIFEST).read_bytes())["files"]
        for name in _BOOKS:
            if name not in files or (folder / name).is_file():  # else it was placed before the process died
                _place(folder / name, home / name)
        shutil.rmtree(home / VECTORS, ignore_errors=True)
        flush(home)
        (folder / MANIFEST).unlink()
    shutil.rmtree(folder)


def _place(new: Path, former: Path) -> None:
    """Puts a file in the place of the former one, and takes that away where there is no new one."""
    for suffix in ("-wal", "-shm", ""):  # a log of the former file would be taken for the new one's
        former.with_name(f"{former.name}{suffix}").unlink(missing_ok=True)
    if new.is_file():
        new.replace(former)


class DamagedCatalogue:
    """A catalogue that is damaged; only what is as it was stored is taken from it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.damaged: list[tuple[str, DamagedArticle]] = []  # by their ids, once `articles` was read to its end
        self.complete = True  # False where rows can't be read at all: nobody knows how many they are

    def articles(self) -> Iterator[tuple[Article, str]]:
        """Sound articles, and the paths that they were read from."""
        sound, unsound = set[int](), dict[int, Article | None]()
        columns = HELD_ARTICLE.replace(VERSION, "1 AS version")
        for row in self._rows("articles", f"SELECT {columns} FROM articles a WHERE a.number"):
            try:
                article = verified_article_of(row)
            except Damaged:
                unsound[row["number"]] = next(iter(readable_of(entries.article_of, [row])), None)
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
                (version,) = entries.numbered([row])
                if version.digest == row["digest"]:
                    yield version.article, row["path"]

    def notices(self) -> tuple[list[tuple[Notice, str]], int]:
        """The notices that are as they were written, with the article's digest then, and how many are not."""
        columns = [row["name"] for row in self._connection.execute("PRAGMA table_info(notices)")]
        whole = intact("notices") if "checksum" in columns else "1"
        rows = self._rows("notices", f"SELECT *, article_id AS id, {whole} AS intact FROM notices WHERE number")
        sound = (row for row in rows if row["intact"])
        notices = readable_of(lambda row: (entries.notice_of(row), row["digest"]), sound)
        return notices, self._last("notices", default=len(rows)) - len(notices)

    def _rows(self, table: str, sql: str) -> list[sqlite3.Row]:
        return self._between(sql, 1, self._last(table, default=2**24))  # where nobody knows how many it had

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
        for name in (CATALOGUE.file, f"{CATALOGUE.file}-wal"):
            if (home / name).is_file():
                shutil.copyfile(home / name, Path(folder) / name)
        with closing(connected(Path(folder) / CATALOGUE.file)) as connection:
            try:
                connection.execute("PRAGMA writable_schema = ON")  # else SQLite reads no file that was cut
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                connection.execute("SELECT number, metadata FROM articles LIMIT 0")
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                raise StoreDamaged(
                    f"Nothing of {home / CATALOGUE.file} can be read: its first page is damaged. Restore a backup, or "
                    "ingest the original files into a new archive."
                ) from error
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


def copy_catalogue(source: ArchiveStore, target: ArchiveStore) -> None:
    """Copies articles, vectors and notices, in one step, and enters the words. Raises StoreError."""
    with source.engine.snapshot(), target.transaction() as connection:
        _copy(source.engine, target.engine, connection, _CATALOGUE_TABLES)
        for key in ("encoder", "reading"):  # what holds in another engine too
            if (value := source.meta(key)) is not None:
                connection.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO NOTHING", (key, value))
        for articles in pages_of(connection, "state = 'live' AND damaged IS NULL"):
            target.lexicon.enter(connection, articles)


def copy_journal(source: Engine, target: Engine) -> None:
    """Copies questions, decisions, accounts and the audit log, in one step, and compares them. Raises StoreError."""
    with source.snapshot(), target.transaction() as connection:
        _copy(source, target, connection, _JOURNAL_TABLES)
    _require_same(source, target, {table: key for table, key in _JOURNAL_TABLES.items() if table != "meta"})


def require_same_catalogue(source: ArchiveStore, target: ArchiveStore) -> int:
    """Compares every row; how many sound articles there are. Raises StoreDamaged."""
    _require_same(source.engine, target.engine, _CATALOGUE_TABLES)
    return target.number("SELECT count(*) AS n FROM articles WHERE state = 'live' AND damaged IS NULL")


def _copy(source: Engine, target: Engine, connection: Connection, tables: Mapping[str, str]) -> None:
    for table, key in tables.items():
        # A copy has checksums of its own, by which what is damaged would count as sound.
        sound = f"{intact(table)} {'OR damaged IS NOT NULL' * (table == 'articles')}" if table in COLUMNS else "TRUE"
        if source.rows(f"SELECT 1 FROM {table} WHERE NOT ({sound}) LIMIT 1"):
            raise StoreDamaged(
                f"Rows of {table} are not as they were written: `qa check` says which, and what can be done. Put them "
                "right, or migrate a backup from before."
            )
        for rows in _pages(source, table, key):
            columns = ", ".join(f'"{name}"' for name in rows[0])
            connection.executemany(inserting(table, columns), [list(row.values()) for row in rows])
        if key == "number" and table != "audit":
            target.renumber(connection, table)


def _pages(source: Engine, table: str, key: str) -> Iterator[list[dict[str, Any]]]:
    """All rows of a table, those with the same key together."""
    more, values = "", list[object]()
    while keys := source.rows(f'SELECT DISTINCT "{key}" AS k FROM {table} {more} ORDER BY k LIMIT 500', values):
        sql = f'SELECT * FROM {table} WHERE "{key}" BETWEEN ? AND ? ORDER BY "{key}"'
        yield [_plain(row) for row in source.rows(sql, (keys[0]["k"], keys[-1]["k"]))]
        more, values = f'WHERE "{key}" > ?', [keys[-1]["k"]]


def _plain(row: ResultRow) -> dict[str, Any]:
    """What a row says in every engine: some numbers of SQLite are none in PostgreSQL."""
    values = {name: row[name] for name in row.keys() if name not in ("checksum", "rowid")}  # noqa: SIM118
    kinds = {"answered": bool, "active": bool, "vector": entries.HalfVector}
    return values | {name: kind(values[name]) for name, kind in kinds.items() if name in values}


def _require_same(source: Engine, target: Engine, tables: Mapping[str, str]) -> None:
    for table, key in tables.items():
        for pages in zip_longest(*(_pages(engine, table, key) for engine in (source, target)), fillvalue=[]):
            first, second = (sorted(repr(sorted(row.items())) for row in page) for page in pages)
            if first != second:
                raise StoreDamaged(
                    f"The rows of {table} are not the same in both archives: others write, or the first is damaged. "
                    "Run `qa check` on it."
                )
