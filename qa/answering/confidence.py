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
from qa.text.language import primary


@dataclass(frozen=True, slots=True)
class Confidence:
    """The weights of the logistic curve.

    margin    the reader's margin over no answer
    passage   the cosine of question and passage
    sentence  the cosine of question and sentence: how much nearer it is than its passage tells most
    crossed   1 where the passage is in another language than the question, whose cosines are lower
    """

    margin: float
    passage: float
    sentence: float
    crossed: float
    bias: float

    def of(self, hit: SentenceHit, *, language: str) -> float:
        """The probability, 0 to 1, that a sentence answers a question in that language."""
        passage = hit.cosine if hit.found.cosine is None else hit.found.cosine
        crossed = primary(hit.source.language) != language
        logit = self.margin * hit.margin + self.passage * passage + self.sentence * hit.cosine + self.crossed * crossed
        return 1 / (1 + math.exp(-max(-LIMIT, min(LIMIT, logit + self.bias))))

    def candidates(self, hits: Iterable[SentenceHit], *, language: str) -> list[Candidate]:
        """The sentences as candidates, the likeliest answer first."""
        weighed = [Candidate(hit, self.of(hit, language=language), hit.answer) for hit in hits]
        return sorted(weighed, key=lambda item: (-item.support, item.source.article_id, item.span))


LIMIT = 60.0

PACKAGED = Confidence(margin=0.35, passage=-29.5, sentence=46.9, crossed=0.38, bias=-14.2)
"""For the packaged encoder and reader. Of 590 sentences ranked first this tells right from wrong with an area under the
curve of .96 (English), .90 (Spanish over English), .66 (news in free wording); the margin alone with .96, .87, .64."""

ANY_ENCODER = Confidence(margin=0.3, passage=0.0, sentence=0.0, crossed=0.0, bias=-0.3)
"""For other encoders, whose cosines are of other scales, and other readers."""

ANSWERS = 0.35
"""Probability from which a question is answered. Of 100 questions of xquad 12% are refused wrongly with it, and 88%
rightly once their paragraph is taken away; of 70 on news in free wording 35% and 62%, and 9% are answered wrongly."""

FURTHER = 0.2
"""Probability from which a further sentence stands beside the first."""

COMES_CLOSE = 0.05
"""Probability from which a sentence is shown beside a refusal, for readers to judge."""
