"""How probable it is that a sentence answers, and from where it is shown as one.

A logistic curve over two signals: the reader's margin, and the cosine of question and passage. Its weights were fitted,
and the thresholds chosen, on sources that neither training nor the demo archive has; docs/evaluation/reader.md has the
curve.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from qa.models.replies import Candidate, SentenceHit


@dataclass(frozen=True, slots=True)
class Confidence:
    """The weights of margin and cosine, and the bias."""

    margin: float
    cosine: float
    bias: float

    def of(self, hit: SentenceHit) -> float:
        """The probability, 0 to 1, that a sentence answers."""
        cosine = FAR if hit.found.cosine is None else hit.found.cosine
        logit = self.margin * hit.margin + self.cosine * cosine + self.bias
        return 1 / (1 + math.exp(-max(-LIMIT, min(LIMIT, logit))))

    def candidates(self, hits: Iterable[SentenceHit]) -> list[Candidate]:
        """The sentences as candidates, the likeliest answer first."""
        weighed = [Candidate(hit, self.of(hit), hit.answer) for hit in hits]
        return sorted(weighed, key=lambda item: (-item.support, item.source.article_id, item.span))


LIMIT = 60.0
FAR = 0.75
"""Cosine of a passage that was found by its words alone: less than that of any found by meaning."""

PACKAGED = Confidence(margin=0.255, cosine=17.4, bias=-14.18)
"""For the packaged encoder and reader. Of 550 sentences ranked first this tells right from wrong with an area under the
curve of .96 (English) and .90 (Spanish over English), the margin alone with .93 and .85."""

ANY_ENCODER = Confidence(margin=0.295, cosine=0.0, bias=0.33)
"""For other encoders, whose cosines are of other scales."""

ANSWERS = 0.3
"""Probability from which a sentence is shown as an answer."""

COMES_CLOSE = 0.05
"""Probability from which a sentence is shown beside a refusal, for readers to judge."""
