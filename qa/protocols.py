"""The protocols of the parts: what each promises to the layers above it."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from qa.models.annotations import Annotations, NamedEvent
from qa.models.archive import BY_HAND, Article, Coverage, ListedArticle, Metadata, Original, Passage, Span
from qa.models.dates import ALWAYS, Dates
from qa.models.replies import Hit, Question, Reply

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """A few neighbouring sentences that are read together, `sentences` being spans of `text`; `heading` is context."""

    heading: str
    text: str
    sentences: tuple[Span, ...]

    @classmethod
    def of(cls, passage: Passage, numbers: range) -> Self:
        """The sentences of a passage with these numbers."""
        sentences = passage.sentences[numbers.start : numbers.stop]
        start = sentences[0].start
        text = passage.slice(Span(start, sentences[-1].end))
        return cls(passage.heading, text, tuple(span.shifted(-start) for span in sentences))


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """Unit vectors of a passage, (dimension,), and of its sentences, (sentences, dimension)."""

    passage: Vectors
    sentences: Vectors


class Encoder(Protocol):
    """Turns text into unit vectors of one fixed space."""

    @property
    def fingerprint(self) -> str: ...  # name, dimension and weights digest: equal ones mean comparable vectors
    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...  # of each text, special tokens left out
    def encode(self, texts: Sequence[str]) -> Vectors: ...  # of passages or other stretches, (len(texts), dimension)
    def encode_question(self, text: str) -> Vectors: ...  # by which its topic is told, (dimension,)
    def encode_for_answer(self, text: str) -> Vectors: ...  # by which what may answer is told, (dimension,)

    def encode_passages(self, passages: Sequence[Window]) -> list[PassageVectors]:
        """Vectors of passages with their headings, and of the sentences of each, read within the passage."""


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """What a reader makes of one sentence: the likeliest span of `text` that answers, None where it read nothing."""

    margin: float  # logarithm of the odds of that span against no answer in the window
    span: Span | None
    lead: float = math.inf  # that against the likeliest other words of the sentence


class Reader(Protocol):
    """Reads passages for a question: where the answer stands, or that it doesn't."""

    @property
    def fingerprint(self) -> str: ...  # name and digest of the weights

    def read(self, question: str, windows: Sequence[Window]) -> list[tuple[SentenceReading, ...]]:
        """A reading of every sentence of each window, in the order given."""


@dataclass(frozen=True, slots=True)
class SupportReading:
    """How likely evidence bears a claim out, leaves it open, or says otherwise: three probabilities that sum to 1."""

    supported: float
    undecided: float
    contradicted: float


class SupportModel(Protocol):
    """Reads what evidence says to a claim, in each window by itself, in the order given."""

    def weigh(self, claim: str, windows: Sequence[Window]) -> list[SupportReading]: ...


class QuestionReading(NamedTuple):
    """The probability of each class of a question, those of one kind sum to 1; and where it stands without asides."""

    likely: Mapping[str, float]
    asked: Span


class OutletReading(NamedTuple):
    """Of an outlet's name in a question the log odds that its own reports are wanted, and what of them."""

    wanted: float
    told: float  # what they tell of a matter, no one fact
    of_all: float  # whatever they tell


class QuestionModel(Protocol):
    """Tells what is wanted of a question, and which of its words ask: qa/encoding/intents.py."""

    def read(self, question: str) -> QuestionReading: ...
    def read_outlet(self, question: str, name: Span) -> OutletReading | None: ...  # None beyond what is read of it


class ChatModel(Protocol):
    """A language model that writes. Its text is hostile until it was checked."""

    @property
    def name(self) -> str: ...  # provider and model, as staff know them

    def stream(self, *, system: str, user: str) -> Iterator[str]:
        """The reply in pieces, as they come; bounded in length and time. Raises ChatError, also midway."""


class Retriever(Protocol):
    """Finds passages: at most `limit` hits, best first. Every way of searching has this shape, so that they nest."""

    def find(self, question: Question, *, limit: int) -> list[Hit]: ...


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """An article read, cut and encoded: one item of `vectors` for each passage; `source` delivered it."""

    article: Article
    passages: tuple[Passage, ...]
    vectors: tuple[PassageVectors, ...]
    path: str
    annotations: Annotations
    original: Original | None = None
    source: str = BY_HAND


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store tells of an article. One that is damaged has an empty `digest`: nothing equals it."""

    digest: str
    path: str
    metadata: Metadata = field(default_factory=Metadata)
    kind: str = "article"
    withdrawn: bool = False  # by its file
    corrections: frozenset[str] = frozenset()  # of its file


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the archive as it is mostly `written`, and how often it stands there in any spelling of case."""

    written: str
    count: int
    is_name: bool = False  # it has a capital wherever it stands, and not only where sentences begin


class ArticleReader(Protocol):
    """Articles that readers may see, with what was read out of them."""

    def article(self, article_id: str) -> Article:
        """Raises NotFound, and of an article that was taken back Withdrawn."""

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        """What is stored with these articles, of whatever version; only of those that readers may see."""


class DocumentStore(ArticleReader, Protocol):
    """The stored archive as answering sees it. Only what readers may see is ever found."""

    def coverage(self) -> Coverage: ...
    def listed(self, between: Dates = ALWAYS) -> list[ListedArticle]: ...  # by id; none of the bodies is read
    def event_dates(self, article_ids: Iterable[str]) -> dict[str, str]: ...  # as files have them, where one is named
    def named_events(self) -> Mapping[str, tuple[NamedEvent, ...]]: ...  # by article, each event once
    def idf(self, term: str) -> float: ...  # over the passages, 0 or more, as BM25 has it

    def near(self, vector: Vectors, *, limit: int, between: Dates = ALWAYS) -> list[Hit]:
        """Passages by cosine with a unit vector of (dimension,), -1 to 1."""

    def matching(self, terms: Sequence[str], *, limit: int, between: Dates = ALWAYS, language: str = "en") -> list[Hit]:
        """Passages in which any of the terms stands, in any form that the language gives them, by BM25, above 0."""

    def sentence_vectors(self, passages: Sequence[Passage]) -> list[Vectors]:
        """Unit vectors of each passage's sentences, (sentences, dimension); (0, 0) of one that is held no longer."""

    def vocabulary(self) -> Mapping[str, Term]:
        """Every word of letters that readers may see, by its folded form; made anew some time after a change."""


class Overrides(Protocol):
    """What the staff have decided about questions. A question here stands alone, held to the reader's own dates."""

    def settled(self, question: Question) -> Reply | None:
        """What the staff approved, wrote or want withheld; None where the archive is to be asked. Raises StoreError."""

    def rejected(self, question: Question) -> frozenset[tuple[str, str]]:
        """Ids of articles, and words of theirs, that are not to be quoted in answer. Raises StoreError."""


@dataclass(frozen=True, slots=True)
class DamagedArticle:
    """An article that is not as it was stored, as far as it can be read."""

    number: int  # of its row
    digest: str  # of the text that was stored
    path: str  # where it was read from
    article: Article | None = None  # None where it can't be read
    earlier: tuple[Article, ...] = ()  # texts that it had before
