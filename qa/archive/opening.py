"""The archive as the settings name it: open for questions, and for its staff."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answering.policy import policy_of
from qa.archive.parts import (
    PACKAGED,
    chat_model_of,
    encoder_of,
    journal_if_any,
    notices_of,
    prices_of,
    reader_of,
    store_of,
    support_of,
)
from qa.archive.suggestions import MOST_EXAMPLES
from qa.errors import SettingsError, StoreError
from qa.generation.judge import Judge
from qa.i18n.catalogues import locales
from qa.llm.bounds import Bounds
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

MADE_WITH = ("precision", "device", "llm_tokens", "llm_seconds", "llm_judge", "policy")
"""Settings that may change what is answered; kept with each reply."""


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
        yield Archive(
            store,
            encoder,
            reader_of(settings, encoder),
            support=support_of(settings, encoder),
            packaged=settings.encoder == settings.reader == PACKAGED,
            examples=examples_of(settings),
            model=model,
            translated_within=settings.llm_seconds if settings.translate else None,
            judge=Judge(model) if model and settings.llm_judge else None,
            bounds=Bounds(settings.llm_seconds, settings.llm_tokens),
            help_text=settings.help_text,
            policy=policy_of(settings.policy),
            journal=journal,
            made_with={name: str(getattr(settings, name)) for name in MADE_WITH},
        )


def examples_of(settings: Settings) -> dict[str, tuple[str, ...]] | None:
    """The example questions by the page's language, None where no file is set. Raises SettingsError.

    Those of the file itself are for every language (key ""); `NAME.es.list` beside `NAME.list` holds those for Spanish.
    """
    if settings.examples is None:
        return None
    path, examples = settings.examples, {}
    files = {"": path} | {locale: path.with_suffix(f".{locale}{path.suffix}") for locale in locales()}
    for locale, file in files.items():
        if not locale or file.exists():
            try:
                lines = file.read_text(encoding="utf-8").split("\n")
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"QA_EXAMPLES: {file} can't be read: {error}.") from error
            examples[locale] = tuple(line.strip() for line in lines if line.strip())[:MOST_EXAMPLES]
    return examples


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
