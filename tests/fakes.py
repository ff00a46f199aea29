"""Stand-ins that keep the promises of the ports, in memory and without a model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path

import numpy as np
from langchain_core.runnables import Runnable

from qa.answering.analysis import QueryRewriter, QueryRewriting, QuestionAnalysis
from qa.answering.composing import ReplyComposition
from qa.answering.evidence import EvidenceRetrieval, RankSentences
from qa.answering.policy import Policy, packaged_policy
from qa.archive.parts import encoder_of, questions_of, reader_of, support_of
from qa.encoding.e5 import packaged_encoder
from qa.encoding.intents import IntentClassifier, QuestionClassifier
from qa.encoding.reader import SpanReader, SupportClassifier
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.errors import NotFound, StoreError
from qa.generation.translator import Translator
from qa.generation.writer import Writer
from qa.ingestion.ingest import encode_articles
from qa.models.annotations import Annotations
from qa.models.archive import Article, Source, Span, Status
from qa.models.deliveries import Delivery
from qa.models.replies import Leaning, Reply
from qa.pipeline import Pipeline, PipelineInput
from qa.protocols import (
    DocumentStore,
    Encoder,
    IndexedArticle,
    Overrides,
    PassageVectors,
    QuestionModel,
    Reader,
    Retriever,
    SentenceReading,
    SupportModel,
    SupportReading,
    Vectors,
    Window,
)
from qa.retrieval.ranking import PassageReader, reranked
from qa.settings import Settings
from qa.store.vectors import EmbeddedChroma
from qa.text.terms import content_words, stem, stems

DIMENSION = 64
_TOKEN = re.compile(r"\w+|[^\w\s]")


@cache
def word_vector(word: str) -> Vectors:
    """A unit vector that only that word has, in whatever case."""
    seed = int.from_bytes(hashlib.blake2b(word.lower().encode(), digest_size=8).digest())
    drawn = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    scaled: Vectors = drawn / np.linalg.norm(drawn)
    return scaled


class FakeEncoder:
    """An `Encoder`: a text's vector is the sum of its words'. `calls` counts the texts encoded."""

    dimension = DIMENSION

    def __init__(self, *, name: str = "fake", max_tokens: int = 256) -> None:
        self.fingerprint = f"{name}:{DIMENSION}:0"
        self.max_tokens = max_tokens
        self.calls = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_TOKEN.findall(text)) for text in texts]

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.calls += len(texts)
        return np.array([self._whole(text) for text in texts], dtype=np.float32).reshape(len(texts), DIMENSION)

    def encode_passages(self, passages: Sequence[Window]) -> list[PassageVectors]:
        vectors = self.encode([passage.heading + passage.text for passage in passages])
        return [
            PassageVectors(vector, self._sentences(passage)) for vector, passage in zip(vectors, passages, strict=True)
        ]

    def _sentences(self, passage: Window) -> Vectors:
        sentences = [self._whole(passage.text[span.start : span.end]) for span in passage.sentences]
        return np.array(sentences, dtype=np.float32).reshape(len(sentences), DIMENSION)

    def encode_question(self, text: str) -> Vectors:
        vector: Vectors = self.encode([text])[0]
        return vector

    def encode_for_answer(self, text: str) -> Vectors:
        return self.encode_question(text)

    def _whole(self, text: str) -> Vectors:
        total = np.sum([word_vector("")] + [word_vector(word) for word in re.findall(r"\w+", text)], axis=0)
        whole: Vectors = total / np.linalg.norm(total)
        return whole


class FakeReader:
    """A `Reader` by words: a sentence answers the surer, the more of the question's words it and its heading have."""

    fingerprint = "fake reader"

    def read(self, question: str, windows: Sequence[Window]) -> list[tuple[SentenceReading, ...]]:
        return [tuple(self._reading(question, window, span) for span in window.sentences) for window in windows]

    def _reading(self, question: str, window: Window, span: Span) -> SentenceReading:
        wanted = {stem(word) for word in content_words(question)}
        present = stems(window.heading + window.text[span.start : span.end])
        share = len(wanted & present) / max(1, len(wanted))
        return SentenceReading(12 * share - 6, span)


class FakeSupport:
    """A `SupportModel` by words: evidence bears out a claim all of whose words stand in it or in its heading."""

    fingerprint = "fake support"

    def weigh(self, claim: str, windows: Sequence[Window]) -> list[SupportReading]:
        wanted = {stem(word) for word in content_words(claim)}
        borne_out = [wanted <= stems(window.heading + window.text) for window in windows]
        return [SupportReading(0.9, 0.1, 0.0) if whole else SupportReading(0.1, 0.9, 0.0) for whole in borne_out]


class FakeLibrary:
    """An `ArticleReader` of articles that nobody has annotated."""

    def __init__(self, *articles: Article) -> None:
        self._articles = {article.article_id: article for article in articles}

    def article(self, article_id: str) -> Article:
        if article_id not in self._articles:
            raise NotFound(article_id)
        return self._articles[article_id]

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        return {}


def encoder_folder() -> Path:
    """The packaged encoder, unpacked where it is by default."""
    return packaged_encoder(Settings().models)


@cache
def packaged() -> SentenceEncoder:
    """The packaged encoder, loaded once for all tests: reader and support model lie upon it."""
    return encoder_of(Settings(encoder="packaged"))


@cache
def span_reader() -> SpanReader:
    """The packaged reader, loaded once for all tests."""
    return reader_of(Settings(encoder="packaged", reader="packaged"), packaged())


@cache
def support_model() -> SupportClassifier:
    """The packaged support model, loaded once for all tests."""
    return support_of(Settings(encoder="packaged", support="packaged"), packaged())


@cache
def question_model() -> QuestionClassifier:
    """The packaged model of questions, loaded once for all tests."""
    return questions_of(Settings(encoder="packaged"), packaged())


class Recorded:
    """Where the session keeps its recorded models; without them, every window is read anew."""

    reader: Reader | None = None
    support: SupportModel | None = None
    questions: QuestionModel | None = None


def packaged_reader() -> Reader:
    """The packaged reader, which reads no window twice for a question."""
    return Recorded.reader or span_reader()


def packaged_support() -> SupportModel:
    """The packaged support model, which weighs no claim twice by a window."""
    return Recorded.support or support_model()


def packaged_rank(store: DocumentStore, encoder: Encoder) -> RankSentences:
    return PassageReader(packaged_reader(), encoder, store.sentence_vectors).rank


def packaged_questions() -> QuestionModel:
    """The packaged model of questions, which weighs none twice."""
    return Recorded.questions or question_model()


def packaged_intents() -> IntentClassifier:
    """What tells intents, outcomes and leaning by it."""
    return IntentClassifier(packaged_questions())


def pipeline_of(
    *,
    retriever: Retriever,
    rank: RankSentences,
    store: DocumentStore,
    today: Callable[[], date] = date.today,
    rewrite: QueryRewriter | None = None,
    correct: Callable[[str], str] = lambda question: question,
    writer: Writer | None = None,
    translator: Translator | None = None,
    help_text: str = "",
    policy: Policy | None = None,
    overrides: Overrides | None = None,
    leaning: Callable[[str], Leaning] | None = None,
    at_once: int = 2,
) -> Runnable[PipelineInput, Reply]:
    """The pipeline over a store, its steps made of these parts."""
    rules, intents = packaged_policy() if policy is None else policy, packaged_intents()
    return Pipeline(
        analyze=QuestionAnalysis(
            coverage=store.coverage,
            policy=rules,
            rewriting=QueryRewriting(leaning or intents.leaning),
            rewrite_by_model=rewrite,
            correct=correct,
            overrides=overrides,
            outcome=intents.outcome,
            asked=intents.asked,
            today=today,
        ),
        retrieve=EvidenceRetrieval(
            retriever=retriever,
            rank=rank,
            rerank=partial(reranked, packaged_reader()),
            store=store,
        ),
        compose=ReplyComposition(retriever=retriever, store=store, policy=rules, help_text=help_text, today=today),
        article=store.article,
        generate=writer,
        translate=translator,
        at_once=at_once,
    )


class FakeIndex:
    """`ChromaVectors` that compares with everything it holds."""

    def __init__(self, held: dict[int, Vectors]) -> None:
        self._held = held

    def nearest(self, vector: Vectors, *, limit: int) -> list[tuple[int, float]]:
        cosines = [(number, float(own @ vector)) for number, own in self._held.items()]
        return sorted(cosines, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def numbers(self) -> set[int]:
        return set(self._held)


class FakeGenerations:
    """Generations of a `FakeIndex`, kept for as long as the object lives."""

    def __init__(self) -> None:
        self.held: dict[int, FakeIndex] = {}

    def open(self, generation: int) -> FakeIndex:
        if generation not in self.held:
            raise StoreError("it is missing")
        return self.held[generation]

    def build(self, generation: int, vectors: Iterable[tuple[list[int], Vectors]], *, size: int) -> None:
        pairs = (pair for numbers, part in vectors for pair in zip(numbers, part, strict=True))
        self.held[generation] = FakeIndex(dict(pairs))

    def damage(self, generation: int) -> list[str]:
        return []

    def drop_all_but(self, generation: int) -> str:
        self.held = {number: index for number, index in self.held.items() if number == generation}
        return ""


Generations = EmbeddedChroma | FakeGenerations


def article(
    article_id: str,
    body: str,
    *,
    title: str | None = None,
    published: date | None = None,
    status: Status = Status.LIVE,
    outlet: str = "Post",
) -> Article:
    source = Source(
        article_id, title or f"Title of {article_id}", outlet, published=published, status=status, url="http://a.org/x"
    )
    return Article(source, body, extra={"desk": ["city", 1.5, None]})


def delivered(one: Article, *, path: str = "a.txt", id_is_derived: bool = False) -> Delivery:
    return Delivery(one, path, id_is_derived=id_is_derived)


def indexed(
    articles: Iterable[Article], encoder: FakeEncoder | None = None, *, path: str = "a.txt"
) -> list[IndexedArticle]:
    return encode_articles([delivered(one, path=path) for one in articles], encoder or FakeEncoder())


class FakeChat:
    """A `ChatModel` that writes what a script makes of rules and material, some characters at a time.

    `asked` keeps what it was given; an exception in the script is raised where it stands.
    """

    name = "fake:scripted"

    def __init__(self, script: Callable[[str, str], Iterable[str]] | str, *, size: int = 9) -> None:
        self._script = script
        self._size = size
        self.asked: list[tuple[str, str]] = []

    def stream(self, *, system: str, user: str) -> Iterator[str]:
        self.asked.append((system, user))
        pieces = [self._script] if isinstance(self._script, str) else self._script(system, user)
        for text in pieces:
            for start in range(0, len(text), self._size):
                yield text[start : start + self._size]
