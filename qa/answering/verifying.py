"""Sentences that somebody wrote, each with what the archive says to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from qa.answering.checking.check import Checker
from qa.answering.grounds import ground_of
from qa.domain.annotations import Annotations
from qa.domain.archive import Article, Span
from qa.domain.replies import SentenceHit
from qa.domain.support import Ground, Support, Verdict
from qa.language.sentences import sentence_spans
from qa.language.terms import content_words, stem, stems

CONSIDERED = 8
"""Sentences of the archive that a written one is held against, the closest."""
TOGETHER = 3
"""Sentences of the archive that one written sentence may rest on together."""
_MARKS = re.compile(r"\s*\[\d{1,3}\](?=\s|[.,;:!?\])]|\[|$)")
_ORDER = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED)
NOTHING = "The archive has nothing that comes close."


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


def verify(sentence: str, grounds: Sequence[Ground], checker: Checker) -> Verified:
    """The sentence held against the closest grounds, one of them or a few together, whichever support it best."""
    sentence = _MARKS.sub("", sentence).strip()
    grounded = checker.against(grounds)
    ranked = grounded.ranked(sentence)
    if not ranked:
        return Verified(
            sentence, grounded.check(sentence, [1]) if grounds else Support(Verdict.UNSUPPORTED, (NOTHING,))
        )
    best = (grounded.check(sentence, ranked[:1]), tuple(ranked[:1]))
    for cited in _choices(ranked):
        if best[0].full:
            break
        support = grounded.check(sentence, cited)
        # What contradicts the closest isn't mended by one that has little to say to it.
        better = ranked[0] in cited and _ORDER.index(support.verdict) < _ORDER.index(best[0].verdict)
        if support.full or better:
            best = (support, cited)
    return Verified(sentence, best[0], tuple(grounds[number - 1] for number in best[1]))


def _choices(ranked: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """One ground alone, the closest first, then two together, then three."""
    for count in range(1, TOGETHER + 1):
        yield from combinations(ranked[: CONSIDERED if count == 1 else TOGETHER + 1], count)


def grounds_found(hits: Sequence[SentenceHit], annotations: Mapping[str, Annotations]) -> list[Ground]:
    """The sentences that a search found, the best, each with its dates and the words of its passage before it."""
    found = []
    for hit in hits[:CONSIDERED]:
        passage, span = hit.passage, hit.span
        dates = annotations[hit.source.article_id].dates if hit.source.article_id in annotations else ()
        inside = tuple(one for one in dates if Span(one.start, one.end).within(span))
        before = passage.text[: span.start - passage.start].strip()
        found.append(Ground(hit.source, span.start, hit.text, inside, before))
    return found


def grounds_within(article: Article, annotations: Annotations, sentence: str) -> list[Ground]:
    """The sentences of an article that share most words with a written one."""
    asked = {stem(word) for word in content_words(sentence)}
    body = article.body
    spans = sorted(sentence_spans(body), key=lambda span: -len(asked & stems(body[span.start : span.end])))
    return [ground_of(article, annotations, span) for span in spans[:CONSIDERED]]
