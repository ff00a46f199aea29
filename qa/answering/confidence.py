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

    margin   the reader's margin over no answer
    cosine   that of question and passage
    crossed  1 where the passage is in another language than the question, whose cosines are lower
    """

    margin: float
    cosine: float
    crossed: float
    bias: float

    def of(self, hit: SentenceHit, *, language: str) -> float:
        """The probability, 0 to 1, that a sentence answers a question in that language."""
        cosine = FAR if hit.found.cosine is None else hit.found.cosine
        crossed = primary(hit.source.language) != language
        logit = self.margin * hit.margin + self.cosine * cosine + self.crossed * crossed
        return 1 / (1 + math.exp(-max(-LIMIT, min(LIMIT, logit + self.bias))))

    def candidates(self, hits: Iterable[SentenceHit], *, language: str) -> list[Candidate]:
        """The sentences as candidates, the likeliest answer first."""
        weighed = [Candidate(hit, self.of(hit, language=language), hit.answer) for hit in hits]
        return sorted(weighed, key=lambda item: (-item.support, item.source.article_id, item.span))


LIMIT = 60.0
FAR = 0.75
"""Cosine of a passage that was found by its words alone: less than that of any found by meaning."""

PACKAGED = Confidence(margin=0.25, cosine=16.9, crossed=0.32, bias=-14.1)
"""For the packaged encoder and reader. Of 470 sentences ranked first this tells right from wrong with an area under the
curve of .93 (English), .86 (Spanish over English), .64 (news in free wording); the margin alone with .93, .84, .62."""

ANY_ENCODER = Confidence(margin=0.3, cosine=0.0, crossed=0.0, bias=0.1)
"""For other encoders, whose cosines are of other scales, and other readers."""

ANSWERS = 0.45
"""Probability from which a question is answered. Of 100 questions of xquad 16% are refused wrongly with it, and 86%
rightly once their paragraph is taken away; of 70 on news in free wording 30% and 58%, and 9% are answered wrongly."""

FURTHER = 0.25
"""Probability from which a further sentence stands beside the first."""

COMES_CLOSE = 0.05
"""Probability from which a sentence is shown beside a refusal, for readers to judge."""
