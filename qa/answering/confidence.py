"""How probable it is that a sentence answers, and from where it is shown as one.

A logistic curve over what the reader and the encoder say of a sentence; none of it changes when an article is added.
Its weights were fitted, and the thresholds chosen, on sources that neither training nor the demo archive has;
docs/evaluation/reader.md has the curve.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from qa.models.replies import Candidate, SentenceHit


@dataclass(frozen=True, slots=True)
class Confidence:
    """The weights of the logistic curve.

    margin    the reader's margin over no answer
    passage   the cosine of question and passage
    sentence  the cosine of question and sentence: how much nearer it is than its passage tells most
    """

    margin: float
    passage: float
    sentence: float
    bias: float

    def of(self, hit: SentenceHit) -> float:
        """The probability, 0 to 1, that a sentence answers the question that it was read for."""
        passage = hit.cosine if hit.found.cosine is None else hit.found.cosine
        logit = self.margin * hit.margin + self.passage * passage + self.sentence * hit.cosine + self.bias
        return 1 / (1 + math.exp(-max(-LIMIT, min(LIMIT, logit))))

    def candidates(self, hits: Iterable[SentenceHit]) -> list[Candidate]:
        """The sentences as candidates, the likeliest answer first."""
        weighed = [Candidate(hit, self.of(hit), hit.answer) for hit in hits]
        return sorted(weighed, key=lambda item: (-item.support, item.source.article_id, item.span))


LIMIT = 60.0

PACKAGED = Confidence(margin=0.25, passage=-45.1, sentence=59.2, bias=-12.0)
"""For the packaged encoder and reader, the same for all languages. It tells answerable from unanswerable with an area
under the curve of .97 (xquad, English), .90 (Spanish over English), .97 (Spanish), .72 (news in free wording)."""

ANY_ENCODER = Confidence(margin=0.3, passage=0.0, sentence=0.0, bias=-0.1)
"""For other encoders, whose cosines are of other scales, and other readers."""

ANSWERS = 0.3
"""Probability from which a question is answered. Of 100 questions of xquad 10% are refused wrongly with it, and 92%
rightly once their paragraph is taken away; of 139 on news in free wording 41% and 68%, and 10% are answered wrongly."""

FURTHER = 0.2
"""Probability from which a further sentence stands beside the first."""

EXACT = 4.0
"""Lead of a span from which its words stand by themselves as the answer: of 241 sentences that surely answer questions
on news its words were right in 75% above it, in 56% below."""

COMES_CLOSE = 0.05
"""Probability from which a sentence is shown beside a refusal, for readers to judge."""
