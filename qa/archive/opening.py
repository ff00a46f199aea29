"""The archive as the settings name it: open for questions, and for its staff."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qa.archive.parts import (
    chat_model_of,
    encoder_of,
    journal_if_any,
    notices_of,
    prices_of,
    reader_of,
    store_of,
    support_of,
)
from qa.errors import SettingsError, StoreError
from qa.review.accounts import Accounts
from qa.review.drafts import Curator
from qa.review.notices import ArticleActions
from qa.review.service import ReviewService, StaffContext, stale_since
from qa.settings import Settings, read_settings
from qa.store.journal.opening import Journal
from qa.text.annotating import annotate

if TYPE_CHECKING:
    from qa.archive.archive import Archive
    from qa.review.openid import Provider


@contextmanager
def open_archive(home: Path | str = "data", **settings: object) -> Iterator[Archive]:
    """The archive in a folder, open for questions; `settings` go before the environment's, by their names.

    Raises StoreError, ModelError, SettingsError.
    """
    with archive_of(read_settings(home=Path(home), **settings)) as archive:
        yield archive


@contextmanager
def archive_of(settings: Settings) -> Iterator[Archive]:
    """The archive, open for reading. Raises StoreError, ModelError, SettingsError."""
    from qa.archive.archive import Archive  # langchain takes half a second, and adding articles doesn't need it

    model = chat_model_of(settings)
    encoder = encoder_of(settings)
    with store_of(settings) as store, journal_if_any(settings) as journal:
        reader, support = reader_of(settings, encoder), support_of(settings, encoder)
        yield Archive(store, encoder, reader, support=support, model=model, journal=journal, settings=settings)


def accounts_of(settings: Settings, journal: Journal) -> Accounts:
    """The accounts of the staff."""
    return Accounts(journal.database, hours=settings.session_hours)


def provider_of(settings: Settings) -> Provider | None:
    """The provider of OpenID Connect that the settings name, not asked yet; None without. Raises SettingsError."""
    issuer, client, secret = settings.oidc_issuer, settings.oidc_client, settings.oidc_secret
    if issuer is None and client is None and secret is None:
        return None
    if not issuer or not client or secret is None or not secret.get_secret_value():
        raise SettingsError(
            "QA_OIDC_ISSUER, QA_OIDC_CLIENT and QA_OIDC_SECRET go together, and one of them isn't set. "
            "Set all three, or none to sign in by passwords alone."
        )
    try:
        from qa.review.openid import Provider
    except ImportError as error:
        raise SettingsError(
            "QA_OIDC_ISSUER is set, and what speaks OpenID Connect isn't installed: pip install 'archive-qa[oidc]'"
        ) from error
    return Provider(issuer, client=client, secret=secret.get_secret_value())


def stale_day(journal: Journal, settings: Settings) -> date | None:
    """The day on which the archive was last filled, where that is too long ago; None too where nobody can tell."""
    try:
        ended = journal.imports.last_ended()
    except StoreError:
        return None
    return stale_since(ended, days=settings.stale_days, now=datetime.now(UTC))


@contextmanager
def staff_context(settings: Settings, archive: Archive) -> Iterator[StaffContext]:
    """What the staff pages of an archive with a journal work with. Raises StoreError, SettingsError."""
    provider, prices = provider_of(settings), prices_of(settings)
    journal, recorder, overrides = archive.journal, archive.recorder, archive.overrides
    if journal is None or recorder is None or overrides is None:
        raise StoreError("The staff area needs a journal, and this archive keeps none.")
    curator = Curator(
        article=archive.article,
        annotations=lambda name: archive.annotations([name]).get(name) or annotate(archive.article(name)),
        judge=archive.judge,
    )
    service = ReviewService(
        journal, article=archive.article, coverage=archive.coverage, recorder=recorder, curator=curator
    )
    with notices_of(settings) as book:
        actions, accounts = ArticleActions(book, journal), accounts_of(settings, journal)
        yield StaffContext(
            journal, accounts, service, overrides, actions, book.history, provider, archive.sources, prices
        )
