"""Finding across languages: passages by the encoder of several languages, and the words of sentences by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.models.archive import Passage
from qa.models.dates import Dates
from qa.models.replies import Hit, Question, SentenceHit
from qa.protocols import Encoder, Retriever, Space, Vectors
from qa.retrieval.late_interaction import RERANKED, Idf, SentenceRanker
from qa.retrieval.remembering import Remembered
from qa.text.language import DEFAULT, language_asked, primary
from qa.text.renderings import meanings
from qa.text.terms import STOP_WORDS, fold, word_matches, words

CACHED_WORDS = 20_000
"""Words whose vectors are kept in memory, 2 kB each: those of all articles that are asked about on one day."""

CACHED_SENTENCES = 4_000

NEAR = 0.65
"""Cosine from which a word counts as one that stands for another: detenidos and arrested have .7, chance pairs .3."""

KNOWN = 0.9
"""What counts as the cosine of words that are known to mean the same: that of país and country, Londres and London."""


class MultilingualRetriever:
    """A `Retriever` over the vectors of the encoder of several languages; scores are cosines."""

    def __init__(self, space: Space, encoder: Encoder) -> None:
        self._space = space
        self._encoder = encoder

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        """Nothing in an archive that needs no such encoder."""
        if self._space.fingerprint is None:
            return []
        return self._space.near(self._encoder.encode_question(question.text), limit=limit, between=Dates.of(question))


class ForEnglish:
    """A `Retriever` whose encoder knows English only: where there is another, it isn't asked in other languages.

    On xquad the right paragraph is first for 92.9% of the Spanish questions without it, for 91.2% with it.
    """

    def __init__(self, inner: Retriever, space: Space) -> None:
        self._inner = inner
        self._space = space

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        if self._space.fingerprint is not None and language_asked(question.text) != DEFAULT:
            return []
        return self._inner.find(question, limit=limit)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, taken apart once: its vector, and vector, weight and known meanings of each word with a topic."""

    language: str
    whole: Vectors
    vectors: Vectors
    weights: Vectors
    meant: list[frozenset[int]]


class AlignedRanker:
    """Ranks sentences by how near their words come to the question's, whatever language either is in.

    Each word of the question looks for its nearest word in the sentence or the headline; their cosines are weighted by
    the idf of the question's words. What names and words of the trade are called in the other language is known: one
    word, ombudsman, goes for those of Defensor del Pueblo. The words are encoded alone, so that one vector serves all
    places where a word stands. On xquad the right sentence of five paragraphs comes first for 73% of the questions in
    the other language, by the cosines of whole sentences for 55%, by both for 74%.
    """

    def __init__(self, encoder: Encoder, idf: Idf) -> None:
        self._words = Remembered(encoder.encode, size=CACHED_WORDS)
        self._sentences = Remembered(encoder.encode, size=CACHED_SENTENCES)
        self._encoder = encoder
        self._rarity = idf

    def rank(self, question: Question, hits: Sequence[Hit]) -> list[SentenceHit]:
        """The sentences of all the passages, in no order."""
        told = [word for word in words(question.text) if fold(word) not in STOP_WORDS] or words(question.text)
        if not told or not hits:
            return []
        language = language_asked(question.text)
        asked = _Asked(
            language,
            self._encoder.encode_question(question.text),
            np.stack(self._words.of(told)),
            word_weights([fold(word) for word in told], self._rarity),
            meanings([fold(word) for word in told], language),
        )
        return [sentence for hit in hits for sentence in self._of_passage(hit, asked)]

    def _of_passage(self, hit: Hit, asked: _Asked) -> list[SentenceHit]:
        passage, weights = hit.passage, asked.weights
        placed = _placed_words(passage)
        language = primary(passage.source.language)
        meant = meanings([fold(word) for word, _ in placed], language)
        similarity = asked.vectors @ np.stack(self._words.of([word for word, _ in placed])).T if placed else np.empty(0)
        starts = np.array([start for _, start in placed], dtype=np.int64)
        cosines = np.stack(self._sentences.of([passage.slice(span) for span in passage.sentences])) @ asked.whole
        pair = f"{asked.language}-{language}"
        ranked = []
        for span, cosine in zip(passage.sentences, cosines.tolist(), strict=True):
            inside = (starts < passage.start) | ((starts >= span.start) & (starts < span.end))
            best = similarity[:, inside].max(axis=1) if inside.any() else np.zeros(len(weights), dtype=np.float32)
            there = frozenset[int]().union(*(meant[at] for at in np.flatnonzero(inside)))
            known = np.array([not there.isdisjoint(one) for one in asked.meant])
            best = np.where(known, np.maximum(best, np.float32(KNOWN)), best)
            late, met = (float(weights @ shares / weights.sum()) for shares in (best, best >= NEAR))
            ranked.append(SentenceHit(hit, span, late, cosine, pair, met))
        return ranked


def word_weights(asked: Sequence[str], idf: Idf) -> Vectors:
    """Weight of each word of a question: its idf; that of one that never stands in the archive tells nothing."""
    never = idf("\u2205")
    known = [idf(word) for word in asked]
    told = [weight for weight in known if weight < never]
    mean = sum(told) / len(told) if told else 1.0
    return np.array([weight if weight < never else mean for weight in known], dtype=np.float32) + np.float32(1e-3)


def _placed_words(passage: Passage) -> list[tuple[str, int]]:
    """Words that carry meaning, and where they stand in the body; those of the headline stand before the passage."""
    title = [(word, passage.start - 1) for word in words(passage.source.title)]
    said = [(match.group(), passage.start + match.start()) for match in word_matches(passage.text)]
    return [(word, start) for word, start in title + said if fold(word) not in STOP_WORDS]


class TonguesRanker:
    """Ranks the sentences of found passages: by token vectors where question and passage are English, else aligned."""

    def __init__(self, english: SentenceRanker, aligned: AlignedRanker, space: Space, *, depth: int = RERANKED) -> None:
        self._english = english
        self._aligned = aligned
        self._space = space
        self._depth = depth

    def rank(self, question: Question, hits: Sequence[Hit]) -> list[SentenceHit]:
        """The sentences of the first passages, best match first."""
        considered = hits[: self._depth]
        in_english = language_asked(question.text) == DEFAULT or self._space.fingerprint is None
        by_tokens = [hit for hit in considered if in_english and self._is_plain(hit)]
        others = [hit for hit in considered if not (in_english and self._is_plain(hit))]
        scored = [*self._english.rank(question, by_tokens), *self._aligned.rank(question, others)]
        return sorted(scored, key=lambda hit: (-hit.late, hit.source.article_id, hit.span))

    def _is_plain(self, hit: Hit) -> bool:
        return self._space.fingerprint is None or primary(hit.passage.source.language) == DEFAULT
