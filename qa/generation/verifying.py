"""Sentences that somebody wrote, each with what the archive says to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.generation.grounds import ground_of
from qa.generation.verification import Verification, Verifier
from qa.i18n.locale import N_
from qa.models.annotations import Annotations, dates_within
from qa.models.archive import Article, Span
from qa.models.replies import SentenceHit
from qa.models.support import Ground, Support, Verdict
from qa.protocols import SupportModel
from qa.text.sentences import sentence_spans

CONSIDERED = 8
"""Passages of the archive that a written sentence is held against, the closest."""
_MARKS = re.compile(r"\s*\[\d{1,3}\](?=\s|[.,;:!?\])]|\[|$)")
NOTHING = N_("The archive has nothing that comes close.")


@dataclass(frozen=True, slots=True)
class Verified:
    """A sentence, its verdict, and the words of the archive that decide it; none where nothing came close."""

    sentence: str
    support: Support
    grounds: tuple[Ground, ...] = ()


def sentences_of(text: str) -> Iterator[str]:
    """The sentences of a text, without the marks of an answer's sources."""
    for span in sentence_spans(text):
        sentence = _MARKS.sub("", text[span.start : span.end]).strip()
        if sentence:
            yield " ".join(sentence.split())


def verify(sentence: str, passages: Sequence[Ground], *, support: SupportModel | None) -> Verified:
    """The sentence held against one passage after the other, until one bears it out."""
    sentence = _MARKS.sub("", sentence).strip()
    if not passages:
        return Verified(sentence, Support(Verdict.UNSUPPORTED, (NOTHING,)))
    verifier = Verifier(passages, support=support)
    tries: list[Verification] = []
    for number in range(1, len(passages) + 1):
        tries.append(verifier.check(sentence, [number]))
        if tries[-1].support.full:
            break
    best = min(tries, key=Verification.order)
    return Verified(sentence, best.support, best.rests_on)


def passages_found(hits: Sequence[SentenceHit], annotations: Mapping[str, Annotations]) -> list[Ground]:
    """The passages that hold the sentences that a search found, the best first, each with its dates."""
    passages = list(dict.fromkeys(hit.passage for hit in hits))[:CONSIDERED]
    return [
        Ground(
            passage.source, passage.start, passage.text,
            tuple(dates_within(annotations[passage.source.article_id].dates, passage.span)),
        )
        for passage in passages
    ]  # fmt: skip


def whole(article: Article, annotations: Annotations) -> Ground:
    """An article as one passage."""
    return ground_of(article, annotations, Span(0, len(article.body)))
