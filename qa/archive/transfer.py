"""An archive taken to another place: backups and their return, what is readable of a damaged one, and PostgreSQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import SecretStr

from qa.archive.parts import encoder_of, has_journal, journal_of, require_folder, store_of
from qa.errors import InputError
from qa.ingestion.ingest import BATCH, Progress, batches, encode_articles, restored
from qa.models.deliveries import Delivery
from qa.settings import Settings
from qa.store.document_store import opened, opened_for_notices
from qa.store.journal.opening import JOURNAL
from qa.store.locking import folder_lock
from qa.store.transfer import (
    BackupManifest,
    bring_up_to_date,
    copy_catalogue,
    copy_journal,
    copy_sound,
    damaged_catalogue,
    require_same_catalogue,
    restore_backup,
    write_backup,
)

POSTGRES = ("postgresql://", "postgres://")

_ALONE = "Its files are copied byte by byte, and nobody may write in them meanwhile: stop whoever has it open."


def backup(settings: Settings, file: Path) -> BackupManifest:
    """Writes a backup of the archive as it is now, while it is served. Raises InputError, StoreError."""
    require_folder(settings, instead="back it up by PostgreSQL's own means, such as `pg_dump --format=custom`.")
    bring_up_to_date(settings.home)
    return write_backup(settings.home, file, program=f"archive-qa {version('archive-qa')}", at=datetime.now(UTC))


def restore(settings: Settings, file: Path, *, replace: bool) -> tuple[BackupManifest, list[tuple[str, str]]]:
    """Puts a backup in the archive's folder and builds its index; with it the notices written since, which are lost."""
    require_folder(settings, instead="restore it by PostgreSQL's own means, such as `pg_restore`.")
    manifest, lost = restore_backup(file, settings.home, replace=replace)
    with store_of(settings, writing=True) as store:
        store.finish()
    return manifest, lost


@dataclass(frozen=True, slots=True)
class SalvageReport:
    """What came over into a new archive: how many articles, how many of them again from their files, and what didn't.

    `lost` are ids and paths of articles, `notices_lost` counts notices of the staff; `journal` says whether it came,
    `complete` that there is nothing else that can't be read.
    """

    articles: int
    again: int
    lost: tuple[tuple[str, str], ...]
    notices_lost: int
    journal: bool
    complete: bool


def salvage(settings: Settings, target: Path, *, progress: Progress = lambda count: None) -> SalvageReport:
    """Takes over every article whose digest fits. Raises InputError, StoreError."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"A new or an empty folder was expected, and {target} is none. Name another one.")
    require_folder(settings, instead="restore a backup of the database.")
    encoder = encoder_of(settings)
    with folder_lock(settings.home, alone=True, advice=_ALONE), damaged_catalogue(settings.home) as source:
        with opened(target, writing=True, making=True) as store:

            def put(deliveries: Iterable[Delivery]) -> int:
                count = 0
                for batch in batches(deliveries, BATCH):
                    store.put(encode_articles(batch, encoder))
                    count += len(batch)
                    progress(len(batch))
                return count

            store.claim(encoder.fingerprint)
            count = put(Delivery(article, path) for article, path in source.articles())
            deliveries = [(name, damaged.path, restored(damaged)) for name, damaged in source.damaged]
            again = put(delivery for *_, delivery in deliveries if delivery)
            for article, path in source.versions():
                store.keep_older(article, path=path)
            store.finish()
        lost = tuple((name, path) for name, path, delivery in deliveries if not delivery)
        notices, notices_lost = source.notices()
        with opened_for_notices(target) as book:
            book.take_over(notices)
        journal = settings.home / JOURNAL
        came = not journal.exists() or copy_sound(journal, target / JOURNAL)
    return SalvageReport(count + again, again, lost, notices_lost, came, source.complete)


def migrate(settings: Settings, target: str) -> int:
    """Copies the archive into an empty place, and compares every digest; how many articles it has.

    The archive that is left is as it was. Raises InputError, StoreError, SettingsError.
    """
    folder = Path(target)
    if target.startswith(POSTGRES):
        place: dict[str, object] = {"database": SecretStr(target)}
    elif "://" in target or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise InputError(
            "The address of a database (postgresql://…) or a new folder was expected as --to, found something else."
        )
    else:
        place = {"database": None, "home": folder}
    into = settings.model_copy(update={"database_read": None, **place})
    with (
        store_of(settings, writing=True, alone=True) as source,
        store_of(into, writing=True, making=True, alone=True) as store,
    ):
        if store.sources() or store.rows("SELECT 1 FROM articles LIMIT 1"):
            raise InputError("There is an archive in that place already. Name an empty one.")
        if has_journal(settings):
            with journal_of(settings) as journal, journal_of(into) as copied:
                if copied.records.count() or copied.audit.count():
                    raise InputError("There is a journal in that place already. Name an empty one.")
                copy_journal(journal.database, copied.database)
        copy_catalogue(source, store)
        store.finish()
        return require_same_catalogue(source, store)
