"""Finds for a wide question the sentences that tell most of a matter: few of an article, none that repeats another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.models.archive import Article, Passage
from qa.models.replies import Hit, Question, SentenceHit
from qa.protocols import DocumentStore, Encoder, Retriever, Vectors
from qa.retrieval.reading import cosines_of, is_label
from qa.text.sentences import sentence_spans
from qa.text.terms import alike, stems

FOUND = 50
"""Passages that are looked through."""

NEAR = 0.03
"""How much farther from the question than the nearest passage, in cosine, one may be that still is of the matter."""

OPENING = 0.02
"""What the first sentence of a report, which tells most, has before the others, in cosine."""

SAME_MEANING = 0.97
"""Cosine from which two sentences say the same."""

SAME_WORDS = 0.5
"""Share of two sentences' words, all told, from which they say the same."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A sentence with what it is chosen by: `score`, the higher the better, and its vector."""

    hit: SentenceHit
    score: float
    vector: Vectors


class Survey:
    """Looks through what is found for a topic; nothing is read, so that it takes no longer than finding."""

    def __init__(self, retriever: Retriever, encoder: Encoder, store: DocumentStore) -> None:
        self._retriever = retriever
        self._encoder = encoder
        self._store = store

    def of_topic(
        self, question: Question, *, limit: int, each: int = 1, only: Callable[[str], bool] | None = None
    ) -> list[SentenceHit]:
        """The sentences nearest to a question, of each article `each`; `only` says of a sentence whether it will do."""
        near = self.passages(question, only=only)
        surveyed = [item for item in self._surveyed(question, near) if only is None or only(item.hit.text)]
        return varied(sorted(surveyed, key=lambda item: -item.score), limit=limit, each=each)

    def passages(self, question: Question, *, only: Callable[[str], bool] | None = None) -> list[Hit]:
        """Passages of a topic, best first: those that are near to it, or in which `only` some words will do."""
        hits = self._retriever.find(question, limit=FOUND)
        nearest = max((hit.cosine for hit in hits if hit.cosine is not None), default=0.0)
        if only:
            return [hit for hit in hits if only(hit.passage.text)]
        return [hit for hit in hits if hit.cosine is None or hit.cosine >= nearest - NEAR]

    def _surveyed(self, question: Question, hits: Sequence[Hit]) -> Iterator[Surveyed]:
        vector = self._encoder.encode_question(question.text)
        vectors = self._store.sentence_vectors([hit.passage for hit in hits])
        for hit, sentences in zip(hits, vectors, strict=True):
            if not len(sentences):
                continue
            for number, cosine in enumerate(cosines_of(hit, sentences, vector)):
                span = hit.passage.sentences[number]
                if not is_label(hit.passage, number):
                    opening = OPENING if span.start == 0 else 0.0
                    yield Surveyed(SentenceHit(hit, span, 0.0, cosine), cosine + opening, sentences[number])


def varied(surveyed: Iterable[Surveyed], *, limit: int, each: int) -> list[SentenceHit]:
    """The first sentences of which none says what one before it says, at most `each` of an article."""
    chosen: list[Surveyed] = []
    for item in surveyed:
        if len(chosen) == limit:
            break
        of_article = sum(item.hit.source.article_id == earlier.hit.source.article_id for earlier in chosen)
        if of_article < each and not any(_repeats(item, earlier) for earlier in chosen):
            chosen.append(item)
    return [item.hit for item in chosen]


def opening_sentence(article: Article) -> SentenceHit | None:
    """The first sentence of a report, which says most of it in fewest words; None where it has none."""
    body = article.body
    for span in sentence_spans(body):
        passage = Passage(article.source, span.start, span.end, body[span.start : span.end], (span,))
        if not is_label(Passage(article.source, 0, len(body), body, (span,)), 0):
            return SentenceHit(Hit(passage, 0.0), span, 0.0)
    return None


def same_words(first: str, second: str) -> bool:
    return alike(stems(first), stems(second)) >= SAME_WORDS


def _repeats(first: Surveyed, second: Surveyed) -> bool:
    return float(first.vector @ second.vector) >= SAME_MEANING or same_words(first.hit.text, second.hit.text)
