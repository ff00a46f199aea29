"""The real parts, each as the settings name it, and the archive that they make: for questions, and for its staff."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.encoding.e5 import NAME, packaged_encoder, packaged_languages
from qa.encoding.intents import QuestionClassifier
from qa.encoding.query import DualEncoder
from qa.encoding.reader import SpanReader, SupportClassifier
from qa.encoding.sentence_encoder import Precision, SentenceEncoder
from qa.errors import InputError, SettingsError, StoreError
from qa.models.annotations import Annotations
from qa.models.support import Prices
from qa.protocols import ChatModel
from qa.review.accounts import Accounts
from qa.review.decisions import ArticleActions
from qa.review.service import ReviewService, StaffContext
from qa.settings import PACKAGED, Settings, read_settings
from qa.store.archive_store import ArchiveStore
from qa.store.books import JOURNAL
from qa.store.document_store import opened, opened_for_notices
from qa.store.journal.opening import Journal, opened_journal
from qa.store.notices import NoticeStore
from qa.store.sqlite_file import writable
from qa.store.transfer import bring_up_to_date
from qa.text.annotating import annotate

if TYPE_CHECKING:
    from qa.archive.archive import Archive
    from qa.review.openid import Provider

_log = logging.getLogger(__name__)


def encoder_of(settings: Settings) -> SentenceEncoder:
    """The encoder that the settings name; it is loaded on first use."""
    if settings.encoder == PACKAGED:
        return _packaged(settings.models, settings.precision, settings.device)
    return SentenceEncoder(
        settings.encoder,
        name=Path(settings.encoder).name,
        question_prefix=settings.question_prefix,
        passage_prefix=settings.passage_prefix,
        precision=settings.precision,
        device=settings.device,
    )


def _packaged(models: Path, precision: Precision, device: str) -> SentenceEncoder:
    weights = partial(packaged_encoder, models)
    return DualEncoder(weights, name=NAME, precision=precision, device=device, languages=packaged_languages)


_packaged_beside = lru_cache(maxsize=1)(_packaged)  # what the trained models lie upon beside another encoder


def reader_of(settings: Settings, encoder: SentenceEncoder) -> SpanReader:
    """The reader that the settings name; it is loaded on first use."""
    return SpanReader(**_trained(settings, encoder, settings.reader))


def support_of(settings: Settings, encoder: SentenceEncoder) -> SupportClassifier:
    """The support model that the settings name; it is loaded on first use."""
    return SupportClassifier(**_trained(settings, encoder, settings.support))


def questions_of(settings: Settings, encoder: SentenceEncoder) -> QuestionClassifier:
    """What tells the wishes of questions; it is loaded on first use."""
    return QuestionClassifier(**_trained(settings, encoder, PACKAGED))


def _trained(settings: Settings, encoder: SentenceEncoder, name: str) -> dict[str, Any]:
    """How a trained model is opened; a packaged one shares the packaged encoder's tokenizer and layers."""
    if settings.encoder != PACKAGED:
        encoder = _packaged_beside(settings.models, settings.precision, settings.device)
    model = None if name == PACKAGED else name
    return {"encoder": encoder, "model": model}


def chat_model_of(settings: Settings) -> ChatModel | None:
    """The language model that the settings name, not asked yet; None where they name none. Raises SettingsError."""
    if settings.llm is None and settings.llm_url is None:
        return None
    from qa.llm.chat import open_chat_model
    from qa.llm.usage import Bounds, DailyBudget

    return open_chat_model(
        settings.llm,
        url=settings.llm_url,
        key=settings.llm_key.get_secret_value() if settings.llm_key else None,
        bounds=Bounds(settings.llm_seconds, settings.llm_tokens, settings.llm_retries, settings.llm_concurrency),
        budget=DailyBudget(settings.llm_tokens_per_day),
    )


def prices_of(settings: Settings) -> Prices | None:
    """What the language model's tokens cost; None where no prices are set. Raises SettingsError."""
    read, written, cached = settings.llm_price_read, settings.llm_price_written, settings.llm_price_cached
    if read is None and written is None and cached is None:
        return None
    if read is None or written is None:
        raise SettingsError(
            "QA_LLM_PRICE_READ and QA_LLM_PRICE_WRITTEN go together, and one of them isn't set. Set both, or none: "
            "QA_LLM_PRICE_CACHED alone is no price of an answer."
        )
    return Prices(read, written, cached)


def store_of(
    settings: Settings, *, writing: bool = False, making: bool = False, alone: bool = False, wait: bool = False
) -> AbstractContextManager[ArchiveStore]:
    """The store; in PostgreSQL any number write at a time, but for one who needs it `alone`. Raises StoreError.

    Who is to `wait` does so until another who writes has finished.
    """
    if address := _database(settings):
        from qa.store.postgres.store import opened_store

        replica = settings.database_read if not writing else None
        address = replica.get_secret_value() if replica else address
        options = {"writing": writing, "making": making, "alone": alone, "wait": wait}
        return opened_store(address, **options, reading=replica is not None)
    bring_up_to_date(settings.home)
    return opened(settings.home, writing=writing, making=making, wait=wait)


def notices_of(settings: Settings) -> AbstractContextManager[NoticeStore]:
    """The book of notices; it opens beside a page that is being served. Raises StoreError."""
    if address := _database(settings):
        from qa.store.postgres.store import PostgresBook

        return closing(NoticeStore(PostgresBook(address, making=False)))
    bring_up_to_date(settings.home)
    return opened_for_notices(settings.home)


def journal_of(settings: Settings) -> AbstractContextManager[Journal]:
    """The journal of the archive; it opens beside whoever reads or writes there. Raises StoreError."""
    if address := _database(settings):
        from qa.store.postgres.store import opened_records

        return opened_records(address)
    bring_up_to_date(settings.home)
    return opened_journal(settings.home)


def journal_if_any(settings: Settings) -> AbstractContextManager[Journal | None]:
    """The same; None where there is none and none can be made, on read-only media. Raises StoreError."""
    file = settings.home / JOURNAL.file
    if not settings.database and not writable(file):
        _log.warning("%s can't be written: the journal is off, and nothing that is asked is kept.", settings.home)
        if not file.exists():
            return nullcontext()
    return journal_of(settings)


def has_journal(settings: Settings) -> bool:
    """Whether one is kept yet."""
    return settings.database is not None or (settings.home / JOURNAL.file).is_file()


def require_folder(settings: Settings, *, instead: str) -> None:
    """Raises InputError where the archive is in PostgreSQL, for what is done with its folder; `instead` says how."""
    if settings.database is not None:
        raise InputError(f"The archive is in PostgreSQL (QA_DATABASE), and not in a folder: {instead}")


def _database(settings: Settings) -> str | None:
    """The address of the archive's database, if it is in one. Raises SettingsError where nothing speaks with that."""
    if settings.database is None:
        return None
    try:
        import qa.store.postgres.store  # noqa: F401 — loaded only where it is used
    except ImportError as error:
        raise SettingsError(
            "QA_DATABASE is set, and what speaks with PostgreSQL isn't installed: pip install 'archive-qa[postgres]'"
        ) from error
    return settings.database.get_secret_value()


@contextmanager
def open_archive(home: Path | str = "data", **settings: object) -> Iterator["Archive"]:
    """The archive in a folder, open for questions; `settings` go before the environment's. Raises ArchiveError."""
    with archive_of(read_settings(home=Path(home), **settings)) as archive:
        yield archive


@contextmanager
def archive_of(settings: Settings) -> Iterator["Archive"]:
    """The archive, open for reading. Raises StoreError, ModelError, SettingsError."""
    from qa.archive.archive import Archive  # langchain takes half a second, and adding articles doesn't need it

    model = chat_model_of(settings)
    encoder = encoder_of(settings)
    with store_of(settings) as store, journal_if_any(settings) as journal:
        yield Archive(
            store,
            encoder,
            reader_of(settings, encoder),
            questions=questions_of(settings, encoder),
            support=support_of(settings, encoder),
            model=model,
            journal=journal,
            settings=settings,
        )


def provider_of(settings: Settings) -> "Provider | None":
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
    days = settings.stale_days
    return ended.date() if days and ended and datetime.now(UTC) - ended > timedelta(days=days) else None


@contextmanager
def staff_context(settings: Settings, archive: "Archive") -> Iterator[StaffContext]:
    """What the staff pages of an archive with a journal work with. Raises StoreError, SettingsError."""
    provider, prices = provider_of(settings), prices_of(settings)
    journal, recorder, overrides = archive.journal, archive.recorder, archive.overrides
    if journal is None or recorder is None or overrides is None:
        raise StoreError("The staff area needs a journal, and this archive keeps none.")

    def annotations(article_id: str) -> Annotations:
        return archive.annotations([article_id]).get(article_id) or annotate(archive.article(article_id))

    article, coverage, judge = archive.article, archive.coverage, archive.judge
    service = ReviewService(
        journal, article=article, coverage=coverage, annotations=annotations, judge=judge, recorder=recorder
    )
    accounts = Accounts(journal.database, hours=settings.session_hours)
    with notices_of(settings) as book:
        actions, sources = ArticleActions(book, journal), archive.sources
        yield StaffContext(journal, accounts, service, overrides, actions, book.history, provider, sources, prices)
