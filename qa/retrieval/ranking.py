"""Finds passages by meaning and by words, and ranks the sentences of the first ones by how surely each answers."""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, pairwise, starmap
from statistics import fmean, pstdev

import numpy as np

from qa.models.archive import Passage, Span
from qa.models.dates import Dates
from qa.models.replies import Hit, Question, SentenceHit
from qa.protocols import DocumentStore, Encoder, Reader, Retriever, Vectors, Window
from qa.text.language import language_asked, primary
from qa.text.terms import content_words, stem, stems

POOL = 50  # hits asked of each part. A smaller pool makes the standardisation unsteady, a larger one costs time only
MOST_TERMS = 24  # distinct words of a question that are looked up, rarest first: a longer one has said what it is about
# How many passages' sentences are compared, and which are read: docs/decisions/0026-what-is-read.md
SEARCHED = 24
FEWEST_READ, MOST_READ = 6, 24  # those nearest to the question, with their neighbours
FEWEST_READ_FOR_ALL, READ_OF_EACH = 16, 2
"""Sentences that are read where all members of a set are asked for, in all and of each passage: one that counts them up
is farther."""
AS_NEAR = 0.04  # how much farther from the question than the nearest, in cosine, one may be that is read
OVERLAP = 0.04  # what a sentence with all of the question's words has before one with none, in cosine
MOST_SENTENCES = 5  # sentences read together; the reader was trained on one to five
LONGEST_LABEL = 12  # words up to which a line that ends without a full stop is a heading, a dateline or a caption
_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*\s*$")


@dataclass(frozen=True, slots=True)
class HybridRetriever:
    """A `Retriever` that fuses what dense and lexical search find."""

    dense: Retriever
    lexical: Retriever

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        pool = max(limit, POOL)
        dense, lexical = (part.find(question, limit=pool) for part in (self.dense, self.lexical))
        return fused(dense, lexical, language=language_asked(question.text))[:limit]


def fused(dense: Sequence[Hit], lexical: Sequence[Hit], *, language: str) -> list[Hit]:
    """The sum of standardised scores, best first; twice the dense one for a passage in another language than asked."""
    lexical = [hit for hit in lexical if primary(hit.source.language) == language]
    passages = {hit.passage.passage_id: hit.passage for hit in (*dense, *lexical)}
    spoken = [name for name, passage in passages.items() if primary(passage.source.language) == language]
    by_meaning, by_words = standardised(dense, passages), standardised(lexical, spoken)
    totals = {name: score + by_words.get(name, score) for name, score in by_meaning.items()}
    ordered = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    cosines = {hit.passage.passage_id: hit.score for hit in dense}
    return [Hit(passages[name], total, cosines.get(name)) for name, total in ordered]


def standardised(hits: Sequence[Hit], names: Iterable[str]) -> Mapping[str, float]:
    """Scores by passage, with mean 0 and deviation 1; a passage without a hit has the lowest score."""
    scores = {hit.passage.passage_id: hit.score for hit in hits}
    floor = min(scores.values(), default=0.0)
    filled = {name: scores.get(name, floor) for name in names}
    if not filled:
        return {}
    mean, deviation = fmean(filled.values()), pstdev(filled.values())
    return {name: (score - mean) / deviation if deviation else 0.0 for name, score in filled.items()}


@dataclass(frozen=True, slots=True)
class DenseRetriever:
    """A `Retriever` over the vector index by the mean of a question's vectors, topic and answer; scores are cosines."""

    store: DocumentStore
    encoder: Encoder

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        vector = self.encoder.encode_question(question.text) + self.encoder.encode_for_answer(question.text)
        vector /= np.linalg.norm(vector)
        return self.store.near(vector, limit=limit, between=Dates.of(question))


@dataclass(frozen=True, slots=True)
class LexicalRetriever:
    """A `Retriever` over the lexical index; scores are BM25."""

    store: DocumentStore

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        terms = sorted(content_words(question.text), key=self.store.idf, reverse=True)[:MOST_TERMS]
        language = language_asked(question.text)
        return self.store.matching(terms, limit=limit, between=Dates.of(question), language=language)


@dataclass(frozen=True, slots=True)
class PassageReader:
    """Ranks the sentences of passages: a vector says which are worth reading, a `Reader` which of them answers."""

    reader: Reader
    encoder: Encoder
    sentence_vectors: Callable[[Sequence[Passage]], list[Vectors]]  # as those of a `DocumentStore`

    def rank(
        self,
        question: Question,
        hits: Sequence[Hit],
        *,
        for_all: bool = False,
        asked: Sequence[str] = (),
        margin_of: Callable[[Sequence[float]], float] = min,
    ) -> list[SentenceHit]:
        """The sentences of the first passages that are worth reading, without labels, likeliest answer first.

        More of them `for_all` members of a set.
        They are read for the question, or for each of the `asked`, with one margin of all and the answer to the last.
        """
        hits = hits[:SEARCHED]
        vector = self.encoder.encode_for_answer(question.text)
        vectors = self.sentence_vectors([hit.passage for hit in hits])
        known = [(near @ vector).tolist() if len(near) else [] for near in vectors]
        # Where those vectors are damaged, as near as others are; where all are, as the passage by its own.
        usual = fmean(chain.from_iterable(known)) if any(known) else None
        cosines = [
            near or [(hit.cosine or 0.0) if usual is None else usual] * len(hit.passage.sentences)
            for hit, near in zip(hits, known, strict=True)
        ]
        worth_reading = [
            (hits[place], cosines[place], run)
            for place, numbers in _nearest(question, hits, cosines, for_all=for_all).items()
            for run in runs(numbers, len(hits[place].passage.sentences))
        ]
        windows = [Window.of(hit.passage, run) for hit, _, run in worth_reading]
        readings = zip(*(self.reader.read(text, windows) for text in asked or [question.text]), strict=True)
        ranked = []
        for (hit, near, run), answers in zip(worth_reading, readings, strict=True):
            spans = hit.passage.sentences
            for number, *each in zip(run, *answers, strict=True):
                if not is_label(hit.passage, number):
                    margin, last = margin_of([reading.margin for reading in each]), each[-1]
                    answer = last.span.shifted(spans[run.start].start) if last.span else None
                    ranked.append(SentenceHit(hit, spans[number], margin, near[number], answer, last.lead))
        return sorted(ranked, key=lambda hit: (-hit.margin, hit.source.article_id, hit.span))


def _nearest(
    question: Question, hits: Sequence[Hit], cosines: Sequence[Sequence[float]], *, for_all: bool
) -> dict[int, list[int]]:
    """The numbers of the sentences nearest to the question, by the place of their passage among the hits."""
    terms = frozenset(stem(word) for word in content_words(question.text))
    distances = []
    for place, hit in enumerate(hits):
        for number, span in enumerate(hit.passage.sentences):
            if not is_label(hit.passage, number):
                share = len(terms & stems(hit.passage.slice(span))) / len(terms) if terms else 0.0
                distances.append((-cosines[place][number] - OVERLAP * share, place, number))
    distances.sort()
    nearest = defaultdict[int, list[int]](list)
    fewest, of_each = (FEWEST_READ_FOR_ALL, READ_OF_EACH) if for_all else (FEWEST_READ, 0)
    for rank, (distance, place, number) in enumerate(distances):
        is_near = rank < MOST_READ and (rank < fewest or distance <= distances[0][0] + AS_NEAR)
        if is_near or len(nearest.get(place, ())) < of_each:
            nearest[place].append(number)
    return nearest


def reranked(reader: Reader, question: Question, hits: Sequence[SentenceHit]) -> list[SentenceHit]:
    """The sentences, each with its margin when they are read beside one another, those of the first's article first."""
    articles = list(dict.fromkeys(hit.source.article_id for hit in hits))
    order = sorted(hits, key=lambda hit: (articles.index(hit.source.article_id), hit.span))
    window = beside_one_another((hit.source.article_id, hit.passage.heading, hit.text) for hit in order)
    (readings,) = reader.read(question.text, [window])
    margins = {
        (hit.source.article_id, hit.span): reading.margin
        for hit, reading in zip(order, readings, strict=True)
        if math.isfinite(reading.margin)
    }
    return [replace(hit, beside=margins.get((hit.source.article_id, hit.span))) for hit in hits]


def beside_one_another(sentences: Iterable[tuple[str, str, str]]) -> Window:
    """Sentences, each with its article and the heading of that, as one window; each heading stands there once."""
    text, spans, before = "", list[Span](), None
    for article_id, heading, words in sentences:
        text += " " if article_id == before else ("\n" if text else "") + heading
        spans.append(Span(len(text), len(text) + len(words)))
        text, before = text + words, article_id
    return Window("", text, tuple(spans))


def runs(numbers: Iterable[int], length: int) -> Iterator[range]:
    """Each number with its neighbours, 0 to `length` - 1; what touches is one run, of few sentences at most."""
    wanted = sorted({near for number in numbers for near in range(number - 1, number + 2) if 0 <= near < length})
    for _, touching in groupby(enumerate(wanted), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in touching]
        parts = -(-len(run) // MOST_SENTENCES)
        # Of like length: a last one of a single sentence would be read without what is around it.
        edges = [run[0] + len(run) * part // parts for part in range(parts + 1)]
        yield from starmap(range, pairwise(edges))


def is_label(passage: Passage, number: int) -> bool:
    """A heading, dateline or caption, which states nothing; where an article is no more than that, it is its words."""
    sentence = passage.slice(passage.sentences[number])
    return not _ENDS.search(sentence) and len(sentence.split()) <= LONGEST_LABEL and sentence != passage.text
