"""Backups: all that is truth of an archive in one file, and back; the vector index is made anew of the catalogue."""

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from qa.errors import InputError, StoreBusy, StoreDamaged, StoreMismatch
from qa.models.archive import moment_text
from qa.store.journal.opening import JOURNAL, JOURNAL_FILE
from qa.store.locking import folder_lock, present
from qa.store.opening import CATALOGUE, VECTORS, require_archive, usable
from qa.store.schema import MIGRATIONS, version_of
from qa.store.sqlite_file import SqliteFile, integrity_problems, writable
from qa.store.vectors import digest_of, flush

FORMAT = "archive-qa backup 1"
MANIFEST = "manifest.json"
PARTIAL = ".partial"
RESTORING = "restoring"
RESTORED = "restored"
"""The folder in an archive's that holds a whole, sound backup which is to take its place."""

_FILES = {CATALOGUE: {"migrations": MIGRATIONS}, JOURNAL: JOURNAL_FILE}
_VERSIONS = {name: len(options["migrations"]) for name, options in _FILES.items()}
_ALONE = "A backup takes the place of an archive that nobody has open: stop whoever serves it, then run this again."
_UPGRADED_ALONE = (
    "It has to be brought up to date for this version of archive-qa, and whoever has it open would go on with tables "
    "that have changed: stop them, then run this again."
)
_WAIT = 5.0
"""Seconds for another process to be done that was started at the same moment."""


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
            manifest = _copied(home, work, program=program, at=at)
            packed = work / target.name
            _pack(packed, work, manifest)
            unpack(packed, work / RESTORING)
            packed.replace(target)
            flush(target.parent)
        shutil.rmtree(work)
    return manifest


def _copied(home: Path, work: Path, *, program: str, at: datetime) -> BackupManifest:
    # The journal first: what is erased between the two is erased by the catalogue's word, wherever it stands.
    names = [name for name in (JOURNAL, CATALOGUE) if (home / name).is_file()]
    for name in names:
        with present(home), closing(SqliteFile(home / name, **_FILES[name])) as file:
            file.copy(work / name)
        _settle(work / name)
    with closing(sqlite3.connect(work / CATALOGUE)) as catalogue:
        (articles,) = catalogue.execute("SELECT count(*) FROM articles WHERE state = 'live'").fetchone()
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
        if copy.name == CATALOGUE:
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
            manifest = _manifest_of(archive.read(MANIFEST), packed)
            for name, (size, digest) in manifest.files.items():
                if archive.getinfo(name).file_size != size:
                    raise ValueError(f"{name} has another size than was noted")
                with archive.open(name) as source, (folder / name).open("xb") as copy:
                    shutil.copyfileobj(source, copy)
                flush(folder / name)
                if digest_of(folder / name) != digest:
                    raise ValueError(f"{name} is not as it was written")
            (folder / MANIFEST).write_bytes(archive.read(MANIFEST))
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise InputError(f"{packed} is no backup of an archive, or not a whole one: {error}.") from error
    for name in manifest.files:
        if _version(folder / name) > _VERSIONS[name]:
            raise StoreMismatch(f"{packed} was made by a newer version of archive-qa. Upgrade archive-qa.")
    flush(folder / MANIFEST)
    flush(folder)
    return manifest


def _manifest_of(text: bytes, packed: Path) -> BackupManifest:
    """Raises ValueError, KeyError, StoreMismatch."""
    record = json.loads(text)
    files = {str(name): (int(size), str(digest)) for name, (size, digest) in record["files"].items()}
    if record["format"] != FORMAT or not {CATALOGUE} <= files.keys() <= _VERSIONS.keys():
        raise StoreMismatch(f"{packed} is a backup of another kind than this version of archive-qa knows.")
    return BackupManifest(str(record["made_at"]), str(record["program"]), int(record["articles"]), files)


def restore_backup(packed: Path, home: Path, *, replace: bool) -> tuple[BackupManifest, list[tuple[str, str]]]:
    """Puts a backup in a folder, in the place of the archive there with `replace`. Raises InputError, StoreError.

    Also the article and kind of each notice that was written since in the archive that goes. Until the backup is found
    sound nothing is changed; from then on the next opening finishes it, should this process die.
    """
    if not packed.is_file():
        raise InputError(f"There is no file {packed}.")
    with usable(home):
        home.mkdir(parents=True, exist_ok=True)
        with folder_lock(home, alone=True, advice=_ALONE):
            finish_restore(home)
            if not replace and any((home / name).exists() for name in _VERSIONS):
                raise InputError(
                    f"There is an archive in {home} already. Set QA_HOME to another folder, or put the backup in its "
                    "place with --replace."
                )
            manifest = unpack(packed, home / RESTORING)
            lost = _lost_notices(home / CATALOGUE, home / RESTORING / CATALOGUE)
            (home / RESTORING).rename(home / RESTORED)
            flush(home)
            finish_restore(home)
    return manifest, lost


def _lost_notices(former: Path, restored: Path) -> list[tuple[str, str]]:
    """Notices of a catalogue that the one in its place hasn't; none where it can't be read."""
    sql = "SELECT article_id, kind, number, at FROM notices ORDER BY number"
    if former.is_file():
        with (
            suppress(sqlite3.Error, UnicodeDecodeError),
            closing(sqlite3.connect(former)) as before,
            closing(sqlite3.connect(restored)) as after,
        ):
            restored_notices = set(after.execute(sql))
            return [notice[:2] for notice in before.execute(sql) if notice not in restored_notices]
    return []


def _version(path: Path) -> int:
    """The version of a file's tables; 0 where there is none, or it can't be read, which whoever opens it will see."""
    if path.is_file():
        with suppress(sqlite3.Error, UnicodeDecodeError), closing(sqlite3.connect(path)) as connection:
            return version_of(connection)
    return 0


def bring_up_to_date(home: Path) -> None:
    """Does what can't be done while others have the archive open, where there is such. Raises StoreError, StoreBusy."""

    def outdated() -> list[str]:
        return [name for name, version in _VERSIONS.items() if 0 < _version(home / name) < version]

    left = [name for name in (RESTORED, RESTORING) if (home / name).is_dir()]
    if not writable(home / CATALOGUE) or not (left or outdated()):
        return
    with usable(home), folder_lock(home, alone=True, wait=_WAIT, advice=_UPGRADED_ALONE):
        finish_restore(home)
        for name in outdated():
            SqliteFile(home / name, **_FILES[name]).close()


def finish_restore(home: Path) -> None:
    """Puts what was unpacked, and found sound, in its place; whoever calls this has the folder alone."""
    shutil.rmtree(home / RESTORING, ignore_errors=True)  # it was cut off before
    folder = home / RESTORED
    if not folder.is_dir():
        return
    if (folder / MANIFEST).is_file():
        files = json.loads((folder / MANIFEST).read_bytes())["files"]
        for name in _VERSIONS:
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
