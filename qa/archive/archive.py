"""An archive open for questions: the pipeline with its real parts; and the questions that it offers."""

import logging
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.metadata import version
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable
from pydantic import Field

from qa.answering.analysis import LONGEST_QUESTION, ConversationTurn, QueryRewriting, QuestionAnalysis, usable
from qa.answering.composing import ReplyComposition
from qa.answering.evidence import EvidenceRetrieval
from qa.answering.policy import policy_of
from qa.answering.quoting import RightsRetriever, annotations_of, hits_within_rights
from qa.answering.rendering import reply_json
from qa.answering.selecting import ANY_ENCODER, PACKAGED
from qa.answering.wide import WideRetrieval
from qa.archive.suggestions import Suggestions, made_by
from qa.encoding.intents import IntentClassifier
from qa.errors import QuestionError, SettingsError, StoreError
from qa.generation.rewriting import rewriting_with
from qa.generation.translator import Translator
from qa.generation.verification import Verification, Verifier, ground_of, passages_found, verify
from qa.generation.writer import Writer
from qa.i18n.forms import Message
from qa.i18n.locale import locales
from qa.llm.usage import Bounds
from qa.models.archive import Coverage, Source, Span
from qa.models.dates import SearchQuery
from qa.models.deliveries import Version
from qa.models.journal import Channel, Making
from qa.models.replies import Citation, Hit, Question, Reply
from qa.models.support import Ground, Support
from qa.pipeline import Pipeline, PipelineInput
from qa.protocols import ChatModel, Encoder, QuestionModel, Reader, SupportModel, Window
from qa.retrieval.named_events import EventNames
from qa.retrieval.outlets import OutletNames
from qa.retrieval.ranking import SEARCHED, DenseRetriever, HybridRetriever, LexicalRetriever, PassageReader, reranked
from qa.retrieval.spelling import SpellingCorrector, known_to
from qa.retrieval.timeline import TimedRetriever
from qa.retrieval.topics import TopicScores
from qa.review.decisions import StaffOverrides
from qa.review.permanent import Recorder
from qa.settings import PACKAGED as PACKAGED_NAME
from qa.settings import Settings, read_settings
from qa.store.archive_store import ArchiveStore
from qa.store.journal.opening import Journal

MADE_WITH = ("precision", "device", "llm_tokens", "llm_seconds", "llm_judge", "policy")
"""Settings that may change what is answered; kept with each reply."""
MOST_EXAMPLES = 4  # questions on the first page
MOST_SUGGESTED = 3  # questions after an answer
_log = logging.getLogger(__name__)


class Archive:
    """An archive open for questions: what the page and the command line ask.

    `questions` tells what is wanted; without it every question asks for one fact and stands alone. `support` says what
    sources say to a sentence; without it code alone compares. Raises StoreMismatch, SettingsError.
    """

    def __init__(
        self,
        store: ArchiveStore,
        encoder: Encoder,
        reader: Reader,
        *,
        questions: QuestionModel | None = None,
        support: SupportModel | None = None,
        model: ChatModel | None = None,
        journal: Journal | None = None,
        settings: Settings | None = None,
    ) -> None:
        settings = settings or read_settings()
        store.require(encoder.fingerprint)
        self._store, self._encoder, self._reader, self._support = store, encoder, reader, support
        self._judge, self.writes = model if settings.llm_judge else None, model.name if model else None
        # The store's own, for whoever asks the archive.
        self.article, self.annotations, self.listed = store.article, store.annotations, store.listed
        self.origins, self.named_events, self.follow = store.origins, store.named_events, store.follow
        self._examples, policy = examples_of(settings), policy_of(settings.policy)
        self._hybrid = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
        self._passages = PassageReader(reader, encoder, store.sentence_vectors)
        self._retriever = TimedRetriever(self._hybrid, store.event_dates)
        self.journal, self.recorder = journal, self._recorder(journal, settings)
        self.overrides = StaffOverrides(journal, article=store.article, coverage=store.coverage) if journal else None
        self._intents = intents = IntentClassifier(questions)
        rewriting = QueryRewriting(intents.leaning, EventNames(store).whole)
        spelling = SpellingCorrector(store, is_word=known_to(encoder))
        analyze = partial(QuestionAnalysis, classify=intents.classify, outcome=intents.outcome, asked=intents.asked)
        analyze = partial(analyze, outlet=OutletNames(store.origins, intents.read_outlet).wanted)
        analysis = analyze(
            coverage=store.coverage,
            policy=policy,
            overrides=self.overrides,
            rewriting=rewriting,
            rewrite_by_model=rewriting_with(model, otherwise=rewriting.rewrite) if model else None,
            correct=spelling.correct,
            correct_words=partial(spelling.correct, names=False),
            names_alone=spelling.names_alone,
        )
        retrieval = partial(
            EvidenceRetrieval,
            retriever=self._retriever,
            rank=self._passages.rank,
            rerank=partial(reranked, reader),
            store=store,
            wide=WideRetrieval(self._retriever, encoder, store, TopicScores(encoder)),
            confidence=PACKAGED if settings.encoder == settings.reader == PACKAGED_NAME else ANY_ENCODER,
        )
        compose = ReplyComposition(retriever=self._retriever, store=store, policy=policy, help_text=settings.help_text)
        pipeline = partial(Pipeline, analyze=analysis, compose=compose, article=store.article)
        self.pipeline = quoting = pipeline(retrieve=retrieval())
        suggestions, by = partial(Suggestions, store, encoder), made_by(settings, encoder=encoder.fingerprint)
        self.suggested = suggestions(ask=quoting.invoke, made_by=by, intents=intents, overrides=self.overrides)
        if model:
            verifier = partial(Verifier, support=support, judge=self._judge)
            bounds = Bounds(settings.llm_seconds, settings.llm_tokens)
            writer = Writer(model, library=store, verifier=verifier, bounds=bounds)
            translator = Translator(model, seconds=settings.llm_seconds) if settings.translate else None
            self.pipeline = pipeline(retrieve=retrieval(for_writing=True), generate=writer, translate=translator)

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

    def as_retriever(self, *, limit: int = 10) -> "ArchiveRetriever":
        """The archive's search as a LangChain retriever of documents."""
        return ArchiveRetriever(retriever=RightsRetriever(self._retriever), limit=limit)

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
        wanted = Question(" ".join(sentence.split())[:LONGEST_QUESTION])
        if article_id is not None:
            passages = [self._ground(article_id)]
        else:
            hits = self._passages.rank(wanted, self._hybrid.find(wanted, limit=SEARCHED))
            passages = passages_found(hits, annotations_of({hit.source.article_id for hit in hits}, self._store))
        return verify(sentence, passages, support=self._support, judge=self._judge)

    def judge(self, sentence: str, quotes: Sequence[Citation]) -> Support:
        """What software finds of a sentence that rests on these quotes. Raises NotFound, StoreError."""
        grounds = [self._ground(quote.source.article_id, Span(quote.start, quote.end)) for quote in quotes]
        return Verifier(grounds, support=self._support).check(sentence, range(1, len(grounds) + 1)).support

    def _ground(self, article_id: str, span: Span | None = None) -> Ground:
        annotations = annotations_of([article_id], self._store)[article_id]
        return ground_of(self._store.article(article_id), annotations, span)

    def versions(self, article_id: str) -> list[Version]:
        """Its earlier texts that readers may see; none where its owner limits what is shown. Raises NotFound."""
        if self._store.article(article_id).source.quote_limit is not None:
            return []
        return [version for version in self._store.versions(article_id) if version.article.source.status.readable]

    def coverage(self) -> Coverage:
        """Raises StoreMismatch where it was encoded anew since it was opened."""
        self._store.require_same()
        return self._store.coverage()

    def sources(self) -> list[Source]:
        """For the staff: every sound article as it stands now, whether readers may see it or not, by id."""
        return [source for source, _ in self._store.sources()]

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

    def warm_up(self) -> None:
        """Loads what the first question would wait for."""
        self._store.near(self._encoder.encode_question("warm up"), limit=1)
        self._encoder.encode_for_answer("warm up")
        self._intents.classify("warm up")
        self._reader.read("warm up", [Window("", "warm up", (Span(0, 7),))])


class ArchiveRetriever(BaseRetriever):
    """Finds passages as documents, best first, each verbatim: `article.body[start:end]` by its metadata."""

    retriever: Any = Field(description="A `qa.protocols.Retriever`.", exclude=True, repr=False)
    limit: int = Field(10, ge=1, description="Documents at most.")

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return list(map(_document, self.retriever.find(Question(query), limit=self.limit)))


def _document(hit: Hit) -> Document:
    passage, source = hit.passage, hit.passage.source
    return Document(
        id=passage.passage_id,
        page_content=passage.text,
        metadata={
            "article_id": source.article_id,
            "start": passage.start,
            "end": passage.end,
            "title": source.title,
            "outlet": source.outlet,
            "published": source.published.isoformat() if source.published else None,
            "score": hit.score,
        },
    )


def examples_of(settings: Settings) -> dict[str, tuple[str, ...]] | None:
    """The example questions by the page's language, "" for any, None where no file is set. Raises SettingsError."""
    if settings.examples is None:
        return None
    path, examples = settings.examples, {}
    for locale in ("", *locales()):
        file = path.with_suffix(f".{locale}{path.suffix}") if locale else path
        if locale and not file.exists():
            continue
        try:
            lines = file.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"QA_EXAMPLES: {file} can't be read: {error}.") from error
        examples[locale] = tuple(line.strip() for line in lines if line.strip())[:MOST_EXAMPLES]
    return examples
