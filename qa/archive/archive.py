"""An archive open for questions: the pipeline with its real parts."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from importlib.metadata import version

from langchain_core.runnables import Runnable

from qa.answering.analysis import LONGEST, ConversationTurn, QueryRewriting, QuestionAnalysis, usable
from qa.answering.composing import ReplyComposition
from qa.answering.evidence import EvidenceRetrieval
from qa.answering.policy import policy_of
from qa.answering.quoting import annotations_of, hits_within_rights
from qa.answering.rendering import reply_json
from qa.answering.selecting import ANY_ENCODER, PACKAGED
from qa.answering.wide import WideRetrieval
from qa.archive.suggestions import MOST_EXAMPLES, MOST_SUGGESTED, Suggestions, examples_of
from qa.encoding.intents import IntentClassifier
from qa.errors import QuestionError, StoreError
from qa.generation.rewriting import rewriting_with
from qa.generation.translator import Translator
from qa.generation.verification import Judge, Verification, Verifier, ground_of, passages_found, verify
from qa.generation.writer import Writer
from qa.i18n.forms import Message
from qa.llm.usage import Bounds
from qa.models.annotations import Annotations
from qa.models.archive import Article, Coverage, ListedArticle, Origins, Source, Span
from qa.models.dates import ALWAYS, Dates, SearchQuery
from qa.models.deliveries import Version
from qa.models.journal import Channel, Making
from qa.models.replies import Citation, Hit, Question, Reply
from qa.models.support import Support
from qa.pipeline import Pipeline, PipelineInput
from qa.protocols import ChatModel, Encoder, Reader, SupportModel, Window
from qa.retrieval.langchain_retriever import ArchiveRetriever
from qa.retrieval.ranking import SEARCHED, DenseRetriever, HybridRetriever, LexicalRetriever, PassageReader, reranked
from qa.retrieval.spelling import SpellingCorrector, known_to
from qa.retrieval.timeline import TimedRetriever
from qa.review.overrides import StaffOverrides
from qa.review.permanent import Recorder
from qa.settings import PACKAGED as PACKAGED_NAME
from qa.settings import Settings, read_settings
from qa.store.archive_store import ArchiveStore
from qa.store.journal.opening import Journal

MADE_WITH = ("precision", "device", "llm_tokens", "llm_seconds", "llm_judge", "policy")
"""Settings that may change what is answered; kept with each reply."""

_log = logging.getLogger(__name__)


class Archive:
    """An archive open for questions: what the page and the command line ask.

    `support` says what sources say to a sentence; without it code alone compares. Raises StoreMismatch, SettingsError.
    """

    def __init__(
        self,
        store: ArchiveStore,
        encoder: Encoder,
        reader: Reader,
        *,
        support: SupportModel | None = None,
        model: ChatModel | None = None,
        journal: Journal | None = None,
        settings: Settings | None = None,
    ) -> None:
        settings = settings or read_settings()
        store.require(encoder.fingerprint)
        self._store, self._encoder, self._reader, self._support = store, encoder, reader, support
        self._examples, policy = examples_of(settings), policy_of(settings.policy)
        self._hybrid = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
        self._passages = PassageReader(reader, encoder, store.sentence_vectors)
        self._retriever = TimedRetriever(self._hybrid, store.event_dates)
        self.writes = model.name if model else None
        self.journal, self.recorder = journal, self._recorder(journal, settings)
        overrides = partial(StaffOverrides, article=store.article, coverage=store.coverage)
        self.overrides = overrides(journal.reviews, journal.records) if journal else None
        intents = IntentClassifier(encoder)
        rewriting = QueryRewriting(intents.leaning)
        analysis = QuestionAnalysis(
            coverage=store.coverage,
            policy=policy,
            rewriting=rewriting,
            rewrite_by_model=rewriting_with(model, otherwise=rewriting.rewrite) if model else None,
            correct=SpellingCorrector(store, is_word=known_to(encoder)).correct,
            overrides=self.overrides,
            classify=intents.classify,
        )
        retrieval = partial(
            EvidenceRetrieval,
            retriever=self._retriever,
            rank=self._passages.rank,
            rerank=partial(reranked, reader),
            store=store,
            wide=WideRetrieval(self._retriever, encoder, store),
            confidence=PACKAGED if settings.encoder == settings.reader == PACKAGED_NAME else ANY_ENCODER,
        )
        compose = ReplyComposition(retriever=self._retriever, store=store, policy=policy, help_text=settings.help_text)
        pipeline = partial(Pipeline, analyze=analysis, compose=compose, article=store.article)
        self.pipeline = quoting = pipeline(retrieve=retrieval())
        self.suggested = Suggestions(store, encoder, ask=quoting.invoke, overrides=self.overrides)
        if model:
            verifier = partial(Verifier, support=support, judge=Judge(model) if settings.llm_judge else None)
            bounds = Bounds(settings.llm_seconds, settings.llm_tokens)
            self.pipeline = pipeline(
                retrieve=retrieval(for_writing=True),
                generate=Writer(model, library=store, verifier=verifier, bounds=bounds),
                translate=Translator(model, seconds=settings.llm_seconds) if settings.translate else None,
            )

    def _recorder(self, journal: Journal | None, settings: Settings) -> Recorder | None:
        """Keeps what is answered; None where no journal is kept, or it can't be written."""
        if journal is None or journal.read_only:
            return None
        made_with = {name: str(getattr(settings, name)) for name in MADE_WITH}
        models = f"{self._encoder.fingerprint} + {self._reader.fingerprint}"
        making = Making(version("archive-qa"), models, self.writes, made_with)
        return Recorder(journal.records, self._store.article, making)

    def ask(self, question: str | Question, *, history: Sequence[str] = ()) -> Reply:
        """The answer, or the refusal that says why there is none. Raises QuestionError, StoreError."""
        return self.reply(Question(question) if isinstance(question, str) else question, history=history)

    def as_retriever(self, *, limit: int = 10, between: Dates = ALWAYS) -> ArchiveRetriever:
        """The archive's search as a LangChain retriever of documents."""
        return ArchiveRetriever(retriever=self._retriever, limit=limit, between=between)

    def as_chain(self) -> Runnable[PipelineInput, Reply]:
        """The whole pipeline as a LangChain runnable: a question, as a string or with dates, to a reply."""
        return self.pipeline

    def reply(self, question: Question, *, history: Sequence[str] = ()) -> Reply:
        """Raises QuestionError, StoreError."""
        return self.pipeline.invoke(ConversationTurn(question, tuple(history)))

    def replies(self, question: Question, *, history: Sequence[str] = ()) -> Iterator[Reply]:
        """The reply as it grows, at last the whole. Raises QuestionError, StoreError."""
        return self.pipeline.stream(ConversationTurn(question, tuple(history)))

    def keep(self, reply: Reply, *, channel: Channel, seconds: float) -> str | None:
        """Keeps a whole reply as it will be shown; its id, None where no journal is kept or it can't be written."""
        if self.recorder is None:
            return None
        try:
            return self.recorder.keep(reply, channel=channel, seconds=seconds)
        except StoreError:  # a reader gets the answer all the same
            _log.exception("a reply could not be kept in the journal")
            return None

    def close_to(self, question: str) -> list[tuple[str, str]]:
        """Questions close to this one that the staff stand behind an answer to, and its id. Raises StoreError."""
        return self.overrides.close_to(question) if self.overrides else []

    def search(self, question: Question, *, limit: int) -> list[Hit]:
        """Passages, best first, of what somebody types into a search box. Raises QuestionError, StoreError."""
        query = SearchQuery.of(usable(question))
        if not query.text:
            raise QuestionError(Message("Only what must not occur is named. Add a word to look for."))
        return hits_within_rights(self._hybrid.find(query, limit=limit))

    def verify(self, sentence: str, *, article_id: str | None = None) -> Verification:
        """What the archive, or one article of it, says to a sentence. Raises NotFound, StoreError."""
        wanted = Question(" ".join(sentence.split())[:LONGEST])
        if article_id is not None:
            article = self._store.article(article_id)
            passages = [ground_of(article, annotations_of([article_id], self._store)[article_id])]
        else:
            hits = self._passages.rank(wanted, self._hybrid.find(wanted, limit=SEARCHED))
            passages = passages_found(hits, annotations_of({hit.source.article_id for hit in hits}, self._store))
        return verify(sentence, passages, support=self._support)

    def judge(self, sentence: str, quotes: Sequence[Citation]) -> Support:
        """What software finds of a sentence that rests on these quotes. Raises NotFound, StoreError."""
        annotated = annotations_of([quote.source.article_id for quote in quotes], self._store)
        grounds = []
        for quote in quotes:
            name = quote.source.article_id
            grounds.append(ground_of(self._store.article(name), annotated[name], Span(quote.start, quote.end)))
        return Verifier(grounds, support=self._support).check(sentence, range(1, len(grounds) + 1)).support

    def article(self, article_id: str) -> Article:
        """Raises NotFound, Withdrawn."""
        return self._store.article(article_id)

    def versions(self, article_id: str) -> list[Version]:
        """Its earlier texts that readers may see; none where its owner limits what is shown. Raises NotFound."""
        if self._store.article(article_id).source.quote_limit is not None:
            return []
        return [version for version in self._store.versions(article_id) if version.article.source.status.readable]

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        """What was read out of these articles; only of those that readers may see."""
        return self._store.annotations(article_ids)

    def coverage(self) -> Coverage:
        """Raises StoreMismatch where it was encoded anew since it was opened."""
        self._store.require_same()
        return self._store.coverage()

    def listed(self, between: Dates = ALWAYS) -> list[ListedArticle]:
        """Every article that readers may see, by id."""
        return self._store.listed(between)

    def sources(self) -> list[Source]:
        """For the staff: every sound article as it stands now, whether readers may see it or not, by id."""
        return [source for source, _ in self._store.sources()]

    def origins(self) -> Origins:
        return self._store.origins()

    def examples(self, locale: str) -> tuple[str, ...]:
        """Questions worth trying: those that are set, then prepared ones; until there are any, the newest headlines."""
        examples = self._examples or {}
        chosen = tuple(examples.get(locale) or examples.get("", ()))
        if len(chosen) < MOST_EXAMPLES:
            prepared = self.suggested.first(locale, limit=MOST_EXAMPLES)
            chosen = tuple(dict.fromkeys([*chosen, *prepared]))[:MOST_EXAMPLES]
        return chosen or (tuple(self._store.newest_titles(MOST_EXAMPLES)) if self._examples is None else ())

    def suggestions(self, reply: Reply, *, asked: Sequence[str] = ()) -> tuple[str, ...]:
        """Questions to ask after a reply, none of those `asked` before it. Raises StoreError."""
        return tuple(self.suggested.after(reply, asked=asked, limit=MOST_SUGGESTED))

    def reply_json(self, reply: Reply, *, id: str, seconds: float, answer_id: str | None = None) -> dict[str, object]:
        suggestions = self.suggestions(reply)
        return reply_json(reply, id=id, seconds=seconds, answer_id=answer_id, suggestions=suggestions)

    def follow(self) -> None:
        """Brings what is searched in step with the archive, as every search does: nothing of before is kept open."""
        self._store.follow()

    def warm_up(self) -> None:
        """Loads what the first question would wait for."""
        self._store.near(self._encoder.encode_question("warm up"), limit=1)
        self._reader.read("warm up", [Window("", "warm up", (Span(0, 7),))])
