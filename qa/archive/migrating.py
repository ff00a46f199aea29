"""Moving an archive: from a folder into PostgreSQL, or back, with all that is in it."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from qa.archive.parts import has_journal, journal_of, store_of
from qa.errors import InputError
from qa.settings import Settings
from qa.store.copying import copy_catalogue, copy_journal, require_same_catalogue, require_same_journal

POSTGRES = ("postgresql://", "postgres://")


def migrate(settings: Settings, target: str) -> int:
    """Copies the archive into an empty place, and compares every digest; how many articles it has.

    The archive that is left is as it was. Raises InputError, StoreError, SettingsError.
    """
    into = _settings_of(settings, target)
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
                require_same_journal(journal.database, copied.database)
        copy_catalogue(source, store)
        store.finish()
        return require_same_catalogue(source, store)


def _settings_of(settings: Settings, target: str) -> Settings:
    if target.startswith(POSTGRES):
        return settings.model_copy(update={"database": SecretStr(target), "database_read": None})
    folder = Path(target)
    if "://" in target or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise InputError(
            "The address of a database (postgresql://…) or a new folder was expected as --to, found something else."
        )
    return settings.model_copy(update={"database": None, "database_read": None, "home": folder})
