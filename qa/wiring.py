"""Which real parts are used: the one file that knows them all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answering.annotated import annotations_of
from qa.answering.asking import LONGEST, usable
from qa.answering.grounds import ground_of
from qa.answering.json_values import reply_json
from qa.domain.annotations import Annotations
from qa.domain.archive import Article, Coverage, Span
from qa.domain.deliveries import Delivery, Failure, IngestReport
from qa.domain.journal import Channel, Making
from qa.domain.listing import Listed, Origins
from qa.domain.replies import Hit, Question, Quote, Reply
from qa.domain.support import Support
from qa.embedding.packaged import packaged_model
from qa.embedding.sentence_encoder import SentenceEncoder
from qa.errors import SettingsError, ShelfError
from qa.indexing.ingesting import Progress, ingest, shelve
from qa.language.annotating import annotate
from qa.language.sentences import sentence_spans
from qa.ports import ALWAYS, ChatModel, Dates, Shelved
from qa.reading.chooser import find_files, read
from qa.reading.encoding import path_text
from qa.reading.metadata import Defaults
from qa.retrieval.dense import DenseRetriever
from qa.retrieval.fusion import FusedRetriever
from qa.retrieval.late_interaction import RERANKED, RerankedRetriever, SentenceRanker
from qa.retrieval.lexical import LexicalRetriever
from qa.retrieval.timed import TimedRetriever
from qa.review.accounts import Accounts
from qa.review.archive_work import ArchiveWork
from qa.review.curating import Curator
from qa.review.desk import CheckDesk
from qa.review.freshness import stale_since
from qa.review.office import Office
from qa.review.recording import Recorder
from qa.review.rulings import StaffRulings
from qa.settings import Settings
from qa.storage.journal.opening import Journal, opened_journal
from qa.storage.notices import NoticeBook
from qa.storage.opening import opened, opened_for_notices
from qa.storage.shelf import StoredShelf

if TYPE_CHECKING:
    from qa.answering.verifying import Verified
    from qa.review.openid import Provider

_log = logging.getLogger(__name__)

MOST_EXAMPLES = 4
REENCODED_AT_ONCE = 256
MOST_IMPORTS = 20
"""Imports that are looked through for one that ended."""


def encoder_of(settings: Settings) -> SentenceEncoder:
    """The encoder that the settings name; it is loaded on first use."""
    if settings.encoder == "packaged":
        return SentenceEncoder(
            packaged_model, name="all-MiniLM-L6-v2", precision=settings.precision, device=settings.device
        )
    return SentenceEncoder(
        settings.encoder,
        name=Path(settings.encoder).name,
        precision=settings.precision,
        device=settings.device,
    )


def chat_model_of(settings: Settings) -> ChatModel | None:
    """The language model that the settings name, not asked yet; None where they name none. Raises SettingsError."""
    if settings.llm is None and settings.llm_url is None:
        return None
    from qa.llm.budget import DailyBudget
    from qa.llm.chat import Bounds
    from qa.llm.opening import open_chat_model

    return open_chat_model(
        settings.llm,
        url=settings.llm_url,
        key=settings.llm_key.get_secret_value() if settings.llm_key else None,
        bounds=Bounds(settings.llm_seconds, settings.llm_tokens, settings.llm_retries, settings.llm_concurrency),
        budget=DailyBudget(settings.llm_tokens_per_day),
    )


@contextmanager
def shelf_of(settings: Settings, *, writing: bool = False, making: bool = False) -> Iterator[StoredShelf]:
    with opened(settings.home, writing=writing, making=making, chroma_url=settings.chroma_url) as shelf:
        yield shelf


@contextmanager
def notices_of(settings: Settings) -> Iterator[NoticeBook]:
    """The book of notices; it opens beside a page that is being served. Raises ShelfError."""
    with opened_for_notices(settings.home) as book:
        yield book


@contextmanager
def journal_of(settings: Settings) -> Iterator[Journal]:
    """The journal of the archive; it opens beside whoever reads or writes there. Raises ShelfError."""
    with opened_journal(settings.home) as journal:
        yield journal


def stale_day(journal: Journal, settings: Settings) -> date | None:
    """The day on which the archive was last filled, where that is too long ago; None too where nobody can tell."""
    try:
        imports = journal.imports.newest(limit=MOST_IMPORTS)
    except ShelfError:
        return None
    return stale_since(imports, days=settings.stale_days, now=datetime.now(UTC))


def accounts_of(settings: Settings, journal: Journal) -> Accounts:
    """Who may enter the desk."""
    return Accounts(journal.accounts, hours=settings.session_hours)


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


def erase_ordered(settings: Settings) -> str:
    """Takes off the disk what was ordered to be erased; why that has to wait, empty where it is done."""
    forget_erased(settings)
    try:
        with shelf_of(settings, writing=True) as shelf:  # opened for writing, it finishes what waits
            return "" if shelf.scrubbed else "A reader keeps SQLite's log in use."
    except ShelfError as error:
        return str(error)


def forget_erased(settings: Settings) -> None:
    """Takes the words of every article that is to be erased out of the replies kept. Raises ShelfError."""
    with notices_of(settings) as book, journal_of(settings) as journal:
        for article_id in book.erased():
            journal.records.forget_article(article_id)


def records(
    paths: Sequence[str], defaults: Defaults, *, read_from: Callable[[str], None] = lambda path: None
) -> Iterator[Delivery | Failure]:
    """Everything that the paths lead to, read one at a time; `read_from` is told of each file."""
    for found in find_files(paths):
        read_from(found.path if isinstance(found, Failure) else path_text(found))
        if isinstance(found, Failure):
            yield found
        else:
            yield from read(found, defaults=defaults)


def ingest_paths(paths: Sequence[str], *, settings: Settings, defaults: Defaults, progress: Progress) -> IngestReport:
    """The night road over files and folders; the journal is told when, and how it ended. Raises ShelfError."""
    encoder = encoder_of(settings)
    with shelf_of(settings, writing=True, making=True) as shelf, journal_of(settings) as journal:
        number = journal.imports.begin(datetime.now(UTC))
        files = list[str]()
        report = ingest(
            records(paths, defaults, read_from=files.append),
            shelf=shelf,
            encoder=encoder,
            claim=lambda: shelf.claim(encoder.fingerprint),
            progress=progress,
        )
        if report.updated:
            shelf.tidy()
        journal.imports.end(number, report, paths=files, at=datetime.now(UTC))
        return report


def reencode(settings: Settings, *, progress: Progress) -> int:
    """Encodes every article again with the encoder now set; the number of articles."""
    encoder = encoder_of(settings)
    with shelf_of(settings, writing=True) as shelf:
        sources = shelf.sources()

        def batches() -> Iterator[list[Shelved]]:
            for start in range(0, len(sources), REENCODED_AT_ONCE):
                part = sources[start : start + REENCODED_AT_ONCE]
                yield shelve([Delivery(shelf.original(source.article_id), path) for source, path in part], encoder)
                progress(len(part))

        shelf.reencode(encoder.fingerprint, batches())
        return len(sources)


class Archive:
    """An archive open for questions: the reading room of the page and the command line."""

    def __init__(
        self,
        shelf: StoredShelf,
        encoder: SentenceEncoder,
        *,
        examples: Sequence[str] | None = None,
        help_text: str = "",
        model: ChatModel | None = None,
        journal: Journal | None = None,
    ) -> None:
        # Imported here: langchain takes half a second, and listing or adding articles doesn't need it.
        from qa.answering.chain import day_road
        from qa.answering.checking.check import Checker
        from qa.answering.following.standing_alone import stand_alone
        from qa.answering.writing.rewriting import rewriting_with
        from qa.answering.writing.writer import Writer

        shelf.require(encoder.fingerprint)
        self._shelf = shelf
        self._examples = examples
        self._encoder = encoder
        self.writes = model.name if model else None
        self._fused = FusedRetriever([DenseRetriever(shelf, encoder), LexicalRetriever(shelf)])
        self._ranker = SentenceRanker(shelf, encoder)
        timed = TimedRetriever(self._fused, shelf.event_dates)
        self._checker = Checker(encoder, shelf.rarity)
        self.journal = journal
        self.recorder = Recorder(journal.records, shelf.article, self._making()) if journal else None
        self.rulings = (
            StaffRulings(journal.reviews, journal.records, article=shelf.article, coverage=shelf.coverage)
            if journal
            else None
        )
        self.chain = day_road(
            retriever=timed,
            rank=self._ranker.rank,
            shelf=shelf,
            alone=rewriting_with(model) if model else stand_alone,
            writer=Writer(model, checker=self._checker, library=shelf) if model else None,
            help_text=help_text,
            rulings=self.rulings,
        )

    def _making(self) -> Making:
        return Making(version("archive-qa"), self._encoder.fingerprint, self.writes)

    def reply(self, question: Question, *, history: Sequence[str] = ()) -> Reply:
        """Raises QuestionError, ShelfError."""
        from qa.answering.chain import Turn

        return self.chain.invoke(Turn(question, tuple(history)))

    def replies(self, question: Question, *, history: Sequence[str] = ()) -> Iterator[Reply]:
        """The reply as it grows, at last the whole. Raises QuestionError, ShelfError."""
        from qa.answering.chain import Turn

        return self.chain.stream(Turn(question, tuple(history)))

    def keep(self, reply: Reply, *, channel: Channel, seconds: float) -> str | None:
        """Keeps a whole reply as it will be shown; its id, None where no journal is kept or it can't be written."""
        if self.recorder is None:
            return None
        try:
            return self.recorder.keep(reply, channel=channel, seconds=seconds)
        except ShelfError:  # a reader gets the answer all the same
            _log.exception("a reply could not be kept in the journal")
            return None

    def close_to(self, question: str) -> list[tuple[str, str]]:
        """Questions close to this one that the staff stand behind an answer to, and its id. Raises ShelfError."""
        return self.rulings.close_to(question) if self.rulings else []

    def search(self, question: Question, *, limit: int) -> list[Hit]:
        """Passages, best first. Raises QuestionError, ShelfError."""
        return RerankedRetriever(self._fused, self._ranker).find(usable(question), limit=limit)

    def verify(self, sentence: str, *, article_id: str | None = None) -> Verified:
        """What the archive, or one article of it, says to a sentence. Raises NotFound, ShelfError."""
        from qa.answering.verifying import grounds_found, grounds_within, verify

        wanted = Question(" ".join(sentence.split())[:LONGEST])
        if article_id is not None:
            article = self._shelf.article(article_id)
            grounds = grounds_within(article, annotations_of([article_id], self._shelf)[article_id], sentence)
        else:
            hits = self._ranker.rank(wanted, self._fused.find(wanted, limit=RERANKED))
            near = annotations_of({hit.source.article_id for hit in hits}, self._shelf)
            grounds = grounds_found(hits, near)
        return verify(sentence, grounds, self._checker)

    def judge(self, sentence: str, quotes: Sequence[Quote]) -> Support:
        """What software finds of a sentence that rests on these quotes. Raises NotFound, ShelfError."""
        annotated = annotations_of([quote.source.article_id for quote in quotes], self._shelf)
        grounds = [
            ground_of(
                self._shelf.article(quote.source.article_id),
                annotated[quote.source.article_id],
                Span(quote.start, quote.end),
            )
            for quote in quotes
        ]
        return self._checker.against(grounds).check(sentence, range(1, len(grounds) + 1))

    def article(self, article_id: str) -> Article:
        """Raises NotFound, Withdrawn."""
        return self._shelf.article(article_id)

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        """What was read out of these articles; only of those that readers may see."""
        return self._shelf.annotations(article_ids)

    def coverage(self) -> Coverage:
        return self._shelf.coverage()

    def listed(self, between: Dates = ALWAYS) -> list[Listed]:
        """Every article that readers may see, by id."""
        return self._shelf.listed(between)

    def origins(self) -> Origins:
        return self._shelf.origins()

    def examples(self) -> tuple[str, ...]:
        """Questions worth trying: those that are set, or the newest headlines that readers may see just now."""
        return tuple(self._shelf.newest_titles(MOST_EXAMPLES) if self._examples is None else self._examples)

    def reply_json(self, reply: Reply, *, id: str, seconds: float, answer_id: str | None = None) -> dict[str, object]:
        return reply_json(reply, id=id, seconds=seconds, answer_id=answer_id)

    def warm_up(self) -> None:
        """Loads what the first question would wait for."""
        self._encoder.encode_tokens(["warm up"])
        self._shelf.near(self._encoder.encode(["warm up"])[0], limit=1)


@contextmanager
def archive_of(settings: Settings) -> Iterator[Archive]:
    """The archive, open for reading. Raises ShelfError, ModelError, SettingsError."""
    model = chat_model_of(settings)
    with shelf_of(settings) as shelf, journal_of(settings) as journal:
        yield Archive(
            shelf,
            encoder_of(settings),
            examples=examples_of(settings),
            model=model,
            help_text=settings.help_text,
            journal=journal,
        )


@contextmanager
def office_of(settings: Settings, archive: Archive) -> Iterator[Office]:
    """The rooms behind the page of an archive that keeps a journal. Raises ShelfError, SettingsError."""
    provider = provider_of(settings)
    journal, recorder, rulings = archive.journal, archive.recorder, archive.rulings
    if journal is None or recorder is None or rulings is None:
        raise ShelfError("The staff's desk needs a journal, and this archive keeps none.")
    curator = Curator(
        article=archive.article,
        annotations=lambda name: archive.annotations([name]).get(name) or annotate(archive.article(name)),
        sentence_spans=sentence_spans,
        judge=archive.judge,
    )
    desk = CheckDesk(
        journal,
        article=archive.article,
        coverage=archive.coverage,
        sentence_spans=sentence_spans,
        recorder=recorder,
        curator=curator,
    )
    with notices_of(settings) as book:
        work, accounts = ArchiveWork(book, journal), accounts_of(settings, journal)
        yield Office(journal, accounts, desk, rulings, work, book.history, provider)


def examples_of(settings: Settings) -> tuple[str, ...] | None:
    """The questions of the file that is set, None where none is. Raises SettingsError."""
    if settings.examples is None:
        return None
    try:
        lines = settings.examples.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"QA_EXAMPLES: {settings.examples} can't be read: {error}.") from error
    return tuple(line.strip() for line in lines if line.strip())[:MOST_EXAMPLES]
