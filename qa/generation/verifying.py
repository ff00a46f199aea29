"""Sentences that somebody wrote, each with what the archive says to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.generation.grounds import ground_of
from qa.generation.verification import Checker
from qa.i18n.locale import N_
from qa.models.annotations import Annotations
from qa.models.archive import Article, Span
from qa.models.replies import SentenceHit
from qa.models.support import Ground, Support, Verdict
from qa.text.sentences import sentence_spans
from qa.text.terms import content_words, stem, stems

CONSIDERED = 8
"""Sentences of the archive that a written one is held against, the closest."""
_MARKS = re.compile(r"\s*\[\d{1,3}\](?=\s|[.,;:!?\])]|\[|$)")
_ORDER = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED)
NOTHING = N_("The archive has nothing that comes close.")


@dataclass(frozen=True, slots=True)
class Verified:
    """A sentence, its verdict, and the sentences of the archive that support it best; none where nothing came close."""

    sentence: str
    support: Support
    grounds: tuple[Ground, ...] = ()


def sentences_of(text: str) -> Iterator[str]:
    """The sentences of a text, without the marks of an answer's sources."""
    for span in sentence_spans(text):
        sentence = _MARKS.sub("", text[span.start : span.end]).strip()
        if sentence:
            yield " ".join(sentence.split())


def verify(sentence: str, grounds: Sequence[Ground]) -> Verified:
    """The sentence held against the closest grounds, one by one, and the one that supports it best."""
    sentence = _MARKS.sub("", sentence).strip()
    checker = Checker(grounds)
    ranked = checker.ranked(sentence)
    if not ranked:
        return Verified(sentence, checker.check(sentence, [1]) if grounds else Support(Verdict.UNSUPPORTED, (NOTHING,)))
    supports = {number: checker.check(sentence, [number]) for number in ranked[:CONSIDERED]}
    best = min(supports, key=lambda number: _ORDER.index(supports[number].verdict))
    return Verified(sentence, supports[best], (grounds[best - 1],))


def grounds_found(hits: Sequence[SentenceHit], annotations: Mapping[str, Annotations]) -> list[Ground]:
    """The sentences that a search found, the best, each with its dates."""
    grounds = []
    for hit in hits[:CONSIDERED]:
        span = hit.span
        dates = annotations[hit.source.article_id].dates if hit.source.article_id in annotations else ()
        inside = tuple(mention for mention in dates if Span(mention.start, mention.end).within(span))
        grounds.append(Ground(hit.source, span.start, hit.text, inside))
    return grounds


def grounds_within(article: Article, annotations: Annotations, sentence: str) -> list[Ground]:
    """The sentences of an article that share most words with a written one."""
    terms = {stem(word) for word in content_words(sentence)}
    body = article.body
    spans = sorted(sentence_spans(body), key=lambda span: -len(terms & stems(body[span.start : span.end])))
    return [ground_of(article, annotations, span) for span in spans[:CONSIDERED]]
