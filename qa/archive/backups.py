"""Backups of an archive with its journal, accounts and notices, made while it is served, and restored."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from qa.archive.parts import require_folder, store_of
from qa.settings import Settings
from qa.store.backup import BackupManifest, restore_backup, write_backup
from qa.store.upgrading import bring_up_to_date


def backup(settings: Settings, file: Path) -> BackupManifest:
    """Writes a backup of the archive as it is now. Raises InputError, StoreError."""
    require_folder(settings, instead="back it up by PostgreSQL's own means, such as `pg_dump --format=custom`.")
    bring_up_to_date(settings.home)
    return write_backup(settings.home, file, program=f"archive-qa {version('archive-qa')}", at=datetime.now(UTC))


def restore(settings: Settings, file: Path, *, replace: bool) -> tuple[BackupManifest, list[tuple[str, str]]]:
    """Puts a backup in the archive's folder and builds its index; what the staff wrote since that is lost with it.

    Raises InputError, StoreError.
    """
    require_folder(settings, instead="restore it by PostgreSQL's own means, such as `pg_restore`.")
    manifest, lost = restore_backup(file, settings.home, replace=replace)
    with store_of(settings, writing=True) as store:
        store.finish()
    return manifest, lost
